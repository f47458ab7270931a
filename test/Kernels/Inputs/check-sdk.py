# check-sdk.py - compares the SDKs' declarations with the device interface.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check-sdk.py SOURCE-TREE CLANG. Each name in the tables of
# docs/DeviceInterface.md has to be in interface.py, as far as it is written out.
# tw.h must declare every import with this type, and no other; tw.rs
# and tw.ts must agree in what they declare.

import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from interface import documented

tree, clang = sys.argv[1:]
failures = []


def expect(condition, message):
    if not condition:
        failures.append(message)


def wasm_type(text, names):
    text = re.sub(r"\bconst\b", "", text).strip()
    if "*" in text:
        return "i32"
    return names[text.split()[0]]


C_TYPES = {"uint32_t": "i32", "int32_t": "i32", "uint64_t": "i64",
           "int64_t": "i64", "float": "f32", "double": "f64", "void": ""}
OTHERS = {"u32": "i32", "i32": "i32", "u64": "i64", "i64": "i64", "f32": "f32",
          "f64": "f64", "usize": "i32", "void": "", "...": "i32", "": ""}


def in_c():
    """(import, parameters, result) of tw.h's declarations."""
    text = subprocess.run(
        [clang, f"--config={tree}/kernels/tw.cfg", "-E", "-P", "-x", "c", "-"],
        input='#include "tw.h"\n', check=True, capture_output=True, text=True
    ).stdout
    pattern = (r'import_module\("tw"\),\s+'
               r'import_name\(((?:\s*"\w*")+\s*)\)[^;]*?\)\)\)?'
               r"\s*([\w\s]+?[\s*]+)(tw_\w+)\(([^)]*)\);")
    for strings, result, _, parameters in re.findall(pattern, text):
        name = "".join(re.findall(r'"(\w*)"', strings))
        types = [("i32" if p.strip() == "..." else wasm_type(p, C_TYPES))
                 for p in parameters.split(",")]
        yield name, tuple(t for t in types if t), wasm_type(result, C_TYPES)
    expect(text.count("import_name(") == len(re.findall(pattern, text)),
           "tw.h: a declaration was not understood")


def in_other(path, pattern):
    with open(os.path.join(tree, path), encoding="utf-8") as file:
        for name, parameters, result in re.findall(pattern, file.read()):
            parts = [p for p in parameters.split(",") if p.strip()]
            types = [wasm_type(p.split(":")[-1], OTHERS) for p in parts]
            yield name, tuple(types), wasm_type(result.strip() or "void", OTHERS)


table = documented()
with open(os.path.join(tree, "docs/DeviceInterface.md"), encoding="utf-8") as file:
    for row in re.findall(r"^\| (`.*?) \|", file.read(), re.M):
        names = re.findall(r"`(\w+)`", row)
        for name in names:
            whole = names[0].rsplit("_", 1)[0] + name if name[0] == "_" else name
            # Placeholders, of families that the tables above spell out.
            spelled = re.sub(r"_(OP|T|E|L)(?=_|$)", "", whole)
            expect(whole in table or (spelled != whole and any(
                known.startswith(spelled) for known in table)) or
                whole.split("_")[0] in ("add", "min", "xor", "and", "or", "max",
                                        "xchg", "cmpxchg", "load", "store"),
                   f"DeviceInterface.md has {whole}, the test has not")

declared = {}
for name, *types in in_c():
    expect(tuple(types) == table.get(name),
           f"tw.h: {name} is {types}, documented as {table.get(name)}")
    declared[name] = types
for name in sorted(set(table) - set(declared)):
    expect(False, f"tw.h lacks {name}")
for path, pattern in (
        ("kernels/rust/tw.rs",
         r"pub fn (\w+)\(\s*([^)]*?),?\s*\)(?: -> ([^;{]+))?;"),
        ("kernels/assemblyscript/tw.ts",
         r'@external\("tw", "(\w+)"\) export declare function \w+\(([^)]*)\): (\w+);')):
    count = 0
    for name, *types in in_other(path, pattern):
        count += 1
        expect(tuple(types) == table.get(name),
               f"{path}: {name} is {types}, documented as {table.get(name)}")
    expect(count > 200, f"{path}: only {count} declarations found")

print("\n".join(failures[:40]) or f"{len(declared)} imports are declared")
sys.exit(1 if failures else 0)
