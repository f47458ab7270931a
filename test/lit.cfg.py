# lit.cfg.py - the lit suite: which files are tests, and what they may ask for.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Tests call the project's tools and LLVM's (FileCheck, not, split-file ...) by
# name: the build's bin directory comes first on PATH. lit.site.cfg.py, made by
# CMake, sets the paths used here.

import os
import shutil
import subprocess
import tempfile

import lit.formats

config.name = "TensorWasm"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".wat", ".test", ".c", ".ll"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.build_test_dir

config.environment["PATH"] = os.pathsep.join(
    [config.build_bin_dir, config.llvm_tools_dir, os.environ.get("PATH", "")]
)
# Signed artifacts carry this time, so that tests see the same bytes each run.
config.environment["SOURCE_DATE_EPOCH"] = "0"
# Logs and marks of the machine are not the tests' to write; policies have a
# --state of their own.
config.environment["XDG_STATE_HOME"] = os.path.join(config.build_test_dir, "state")

config.substitutions += [
    ("%python", config.python),
    ("%src", config.source_dir),
    ("%bin", config.build_bin_dir),
    ("%build", os.path.dirname(config.build_bin_dir)),
    # LLVM's opt with the project's passes
    ("%opt", f"opt -load-pass-plugin={config.passes_plugin}"),
    # Before a command: a driver of our own in place of NVIDIA's.
    (
        "%with-fake-cuda",
        f"env LD_LIBRARY_PATH={os.path.join(os.path.dirname(config.build_bin_dir), 'fakes')}",
    ),
    # The guest kernels of the build: %kernels/saxpy.wasm, .ptxbin
    ("%kernels", config.kernels_dir),
    # The compiler of guests, without options.
    ("%guest-clang", config.guest_cc),
    # Compiles a guest: %guest-cc %s -o %t.wasm
    (
        "%guest-cc",
        f"{config.guest_cc} --config={config.source_dir}/kernels/tw.cfg -Wall -Werror",
    ),
]


def succeeds(*command):
    """Whether a command can be run and exits with 0."""
    try:
        result = subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def output_of(*command):
    """What a command prints, or nothing if it fails."""
    try:
        result = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""


# REQUIRES: compiler - twc and twc-opt are part of this build. Directories that
# are about nothing else are left out whole.
if config.build_compiler:
    config.available_features.add("compiler")
else:
    config.excludes += ["Artifact", "Conversion", "Demo", "Dialect", "GPU"]
    config.excludes += ["Import", "Pipelines", "Spec", "Target", "Toolchains"]
    config.excludes += ["Transforms", "twreplay"]
    config.excludes += ["twc", "twc-opt"]

# REQUIRES: ptxas - NVIDIA's assembler, on PATH or where its installer puts it.
cuda_bin = "/usr/local/cuda/bin"
ptxas = shutil.which("ptxas") or shutil.which("ptxas", path=cuda_bin)
if ptxas:
    config.available_features.add("ptxas")
    config.environment["PATH"] += os.pathsep + os.path.dirname(ptxas)

# REQUIRES: wat2wasm - WABT's assembler, on PATH.
if shutil.which("wat2wasm"):
    config.available_features.add("wat2wasm")

# REQUIRES: node - Node.js, on PATH, for V8.
if shutil.which("node"):
    config.available_features.add("node")

# REQUIRES: openmp - a clang that links programs with OpenMP. TWC_OMP_DIR names
# the library's folder if clang does not look there (bench-host.py --omp).
omp_dir = os.environ.get("TWC_OMP_DIR")
with tempfile.TemporaryDirectory() as folder:
    probe = os.path.join(folder, "probe.c")
    with open(probe, "w") as file:
        file.write(
            "int main(void) {\n"
            "#pragma omp parallel for schedule(runtime)\n"
            "  for (int i = 0; i < 2; ++i) ;\n"
            "}\n"
        )
    link = ["-L" + omp_dir] if omp_dir else []
    output = os.path.join(folder, "probe")
    if succeeds(config.guest_cc, "-fopenmp", probe, "-o", output, *link):
        config.available_features.add("openmp")
        options = f"--clang {config.guest_cc}"
        if omp_dir:
            options += f" --omp {omp_dir}"
        config.substitutions.append(("%omp", options))

# REQUIRES: skopeo, docker-registry - what carries artifacts between machines.
# REQUIRES: zstd - the program, to take an artifact apart.
# REQUIRES: dpkg - a Debian system, whose packages are asked for.
if shutil.which("dpkg-query"):
    config.available_features.add("dpkg")
for tool in ("skopeo", "docker-registry", "zstd"):
    if shutil.which(tool):
        config.available_features.add(tool)

# REQUIRES: openssl - 3.0 or newer, whose pkeyutl signs with Ed25519.
if output_of("openssl", "version").startswith("OpenSSL 3"):
    config.available_features.add("openssl")

# REQUIRES: nvidia-gpu - the machine has one, by the driver's own word and not
# by ours: a twrun that fails to see it must fail its tests.
if succeeds("nvidia-smi", "-L"):
    config.available_features.add("nvidia-gpu")

# REQUIRES: rust - a rustc that has the wasm32 target, as %rustc. Debian's may lie
# behind others on PATH.
for rustc in (shutil.which("rustc"), "/usr/bin/rustc"):
    if rustc and os.path.isdir(
        output_of(rustc, "--print=target-libdir", "--target=wasm32-unknown-unknown")
    ):
        config.available_features.add("rust")
        config.substitutions.append(("%rustc", rustc))
        break

# REQUIRES: assemblyscript - Node and the compiler, as %asc; where
# `ninja check-toolchains` installs it, or a global installation.
asc = os.path.join(
    os.path.dirname(config.build_bin_dir),
    "toolchains/npm/node_modules/assemblyscript/bin/asc.js",
)
asc = asc if os.path.exists(asc) else shutil.which("asc")
if asc and shutil.which("node"):
    config.available_features.add("assemblyscript")
    config.substitutions.append(("%asc", "node " + asc))
