# check-includes.py - finds includes against the direction of dependencies.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check-includes.py ROOT. Reads every C++ source under ROOT, and exits
# with 1 and one line per include that a rule below forbids. The rules:
#
#   tools -> Pipelines -> {Conversion, Transforms, Import, Target, Artifact}
#     -> Dialect -> Support        lib uses runtime/Format, never the runtime
#   runtime -> nothing in lib, no LLVM, no MLIR; the same for twrun and twreg

import os
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)

# What files in a folder must not include, by prefix of the included path, and
# why. The first folder that matches a file decides.
COMPILER = ("llvm/", "llvm-c/", "mlir/", "mlir-c/", "lld/", "clang/", "twc/")
LLVM_FREE = "runtime code never includes LLVM, MLIR or the compiler"
UPWARD = "Support and the dialect include no stage built on them"
PIPELINES = "only tools include Pipelines"
STAGES = tuple(
    f"twc/{stage}/"
    for stage in ("Conversion", "Transforms", "Import", "Target", "Artifact")
)
RULES = [
    ("runtime/Format/", COMPILER + ("twrun/", "Registry/"), LLVM_FREE),
    ("runtime/Registry/", COMPILER + ("twrun/",), LLVM_FREE),
    ("runtime/", COMPILER, LLVM_FREE),
    ("tools/twrun/", COMPILER, LLVM_FREE),
    ("tools/twreg/", COMPILER, LLVM_FREE),
    ("tools/twrun-wast/", COMPILER, LLVM_FREE),
    ("unittests/Format/", COMPILER, LLVM_FREE),
    ("unittests/Registry/", COMPILER, LLVM_FREE),
    ("unittests/Runtime/", COMPILER, LLVM_FREE),
    ("*/Support/", STAGES + ("twc/Dialect/", "twc/Pipelines/", "mlir/"), UPWARD),
    ("*/Dialect/", STAGES + ("twc/Pipelines/",), UPWARD),
    (
        "*/Conversion/",
        ("twc/Target/", "twc/Pipelines/"),
        "Conversion and Target do not include each other; " + PIPELINES,
    ),
    (
        "*/Target/",
        ("twc/Conversion/", "twc/Pipelines/"),
        "Conversion and Target do not include each other; " + PIPELINES,
    ),
    ("*/Import/", ("twc/Pipelines/",), PIPELINES),
    ("*/Transforms/", ("twc/Pipelines/",), PIPELINES),
    ("*/Artifact/", ("twc/Pipelines/",), PIPELINES),
]
# Holds for all of lib/ and include/twc/, beside the rules above.
LIBRARY = ("tools/", "twrun/")
LIBRARY_WHY = "lib includes neither tools nor the runtime, but runtime/Format"


def folder_matches(folder, path):
    if folder.startswith("*/"):
        inner = folder[2:]
        return path.startswith(("lib/" + inner, "include/twc/" + inner))
    return path.startswith(folder)


def forbidden(path, included):
    """The reason why `path` must not include `included`, or None."""
    if path.startswith(("lib/", "include/twc/")) and included.startswith(LIBRARY):
        return LIBRARY_WHY
    for folder, prefixes, why in RULES:
        if folder_matches(folder, path):
            return why if included.startswith(prefixes) else None
    return None


def resolve(root, path, included):
    """Turns an include by relative path into the form that rules speak of."""
    beside = os.path.normpath(os.path.join(os.path.dirname(path), included))
    if not os.path.exists(os.path.join(root, beside)):
        return included
    for start in ("include/", "runtime/include/", "runtime/"):
        if beside.startswith(start):
            return beside[len(start) :]
    # A private header of another folder of lib counts as that folder's.
    return "twc/" + beside[len("lib/") :] if beside.startswith("lib/") else beside


def sources(root):
    for top in ("include", "lib", "runtime", "tools", "unittests"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if name.endswith((".h", ".cpp", ".c", ".inc")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def main():
    root = sys.argv[1]
    count = failures = 0
    for path in sorted(sources(root)):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            text = file.read()
        for match in INCLUDE.finditer(text):
            count += 1
            included = resolve(root, path, match.group(1))
            why = forbidden(path, included)
            if why:
                line = text.count("\n", 0, match.start(1)) + 1
                print(f"{path}:{line}: includes {included}: {why}")
                failures += 1
    print(f"{count} includes read, {failures} forbidden")
    # A tree without includes is a wrong ROOT, not a clean one.
    return 1 if failures or not count else 0


sys.exit(main())
