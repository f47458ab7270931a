# pack.py - what another machine needs to run bench-host.py, as a folder.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Standard library only.

import os
import shutil
import subprocess
import tempfile

from .process import Failed, call

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
# Of the C library, which the machine has; all others come along.
LEFT_OUT = ("libc.so", "libm.so", "libdl.so", "librt.so", "libpthread.so",
            "ld-linux", "linux-vdso")


def libraries_of(program):
    """Paths of the shared libraries that a program needs beyond glibc."""
    found = []
    for line in call(["ldd", program], 60).splitlines():
        name, _, rest = line.strip().partition(" => ")
        if name.startswith(LEFT_OUT) or not rest:
            continue
        if rest.startswith("not found"):
            raise Failed(f"{program} misses a library: {name}")
        found.append(rest.split(" ")[0])
    return found


def make(options, kernels):
    """Makes the folder that options.pack names, which must not exist."""
    to = os.path.abspath(options.pack)
    if os.path.exists(to):
        raise Failed(f"{to} exists already: remove it, or name another folder")
    for folder in ("bin", "lib", "kernels", "native"):
        os.makedirs(os.path.join(to, folder))
    programs = [(options.twrun, "bin")]
    programs += [(os.path.join(options.native, k), "native") for k in kernels]
    for program, folder in programs:
        target = os.path.join(to, folder, os.path.basename(program))
        call(["strip", "-o", target, program], 60)
        for library in libraries_of(program):
            target = os.path.join(to, "lib", os.path.basename(library))
            shutil.copyfile(os.path.realpath(library), target)
    shutil.copy(os.path.join(options.native, "FLAGS"),
                os.path.join(to, "native"))
    try:
        commit = call(["git", "-C", SCRIPTS, "rev-parse", "HEAD"], 60)
    except Failed:
        commit = "unknown\n"
    with open(os.path.join(to, "native", "COMMIT"), "w") as file:
        file.write(commit)

    # Signed with a key of this folder alone, whose secret half is not kept.
    twreg = os.path.join(options.build, "bin", "twreg")
    with tempfile.TemporaryDirectory() as secret:
        key = os.path.join(secret, "key")
        call([twreg, "keygen", key], 60)
        for kernel in kernels:
            target = os.path.join(to, "kernels", kernel + ".ptxbin")
            shutil.copy(os.path.join(options.kernels, kernel + ".ptxbin"),
                        target)
            call([twreg, "sign", target, "--key", key + ".key"], 60)
        shutil.copy(key + ".pub", os.path.join(to, "kernels", "key.pub"))

    shutil.copy(os.path.join(SCRIPTS, "bench-host.py"),
                os.path.join(to, "run.py"))
    for package in ("hostbench", "kernelcases"):
        shutil.copytree(os.path.join(SCRIPTS, package),
                        os.path.join(to, package),
                        ignore=shutil.ignore_patterns("__pycache__"))
    open(os.path.join(to, "PACKED"), "w").close()
    size = subprocess.run(["du", "-sh", to], text=True, capture_output=True)
    print(f"{to}: {size.stdout.split()[0] if size.stdout else 'made'}")
