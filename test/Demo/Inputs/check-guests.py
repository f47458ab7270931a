# check-guests.py - checks compiled kernels: FOLDER COUNT SIMD-KERNEL...
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import glob
import os
import re
import subprocess
import sys

folder, count, vectors = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
files = sorted(glob.glob(folder + "/*.wasm"))
failures = 0


def expect(condition, path, message):
    global failures
    if not condition:
        print(f"{path}: {message}")
        failures += 1


def objdump(*arguments):
    return subprocess.run(
        ["wasm-objdump", *arguments], check=True, capture_output=True, text=True
    ).stdout


expect(len(files) == count, folder, f"{len(files)} modules, expected {count}")
for path in files:
    name = os.path.basename(path).removesuffix(".wasm")
    details = objdump("-x", path)
    imports = re.findall(r" <- ([^.\s]+)\.", details)
    expect(imports and set(imports) == {"tw"}, path, f"imports from {imports}")
    exports = re.findall(r'^ - (\w+)\[\d+\].* -> "(.*)"$', details, re.M)
    expected = [("memory", "memory"), ("func", name)]
    expect(exports == expected, path, f"exports {exports}, expected {expected}")
    code = objdump("-d", path)
    expect(" local.get " in code, path, "no code disassembled")
    for bad in (r"global\.set", r"memory\.\w+", r"call_indirect"):
        found = re.search(bad, code)
        expect(not found, path, f"contains {found and found.group()}")
    found = re.search(r"v128\.\w+", code)
    expect(bool(found) == (name in vectors), path, "SIMD, or none, unexpectedly")
sys.exit(1 if failures else 0)
