# check-sdk.py - compares the SDKs' declarations with the device interface.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check-sdk.py SOURCE-TREE CLANG. The tables below are those of
# docs/DeviceInterface.md; each name in its tables has to be here, as far as it is
# written out. tw.h must declare every import with this type, and no other; tw.rs
# and tw.ts must agree in what they declare.

import itertools
import os
import re
import subprocess
import sys

tree, clang = sys.argv[1:]
failures = []


def expect(condition, message):
    if not condition:
        failures.append(message)


def documented():
    """Name: (parameters, result), in Wasm's types."""
    table = {}

    def add(names, parameters, result=""):
        for name in names.split():
            table[name] = (tuple(parameters.split()), result)

    for what in ("thread_id", "block_id", "block_dim", "grid_dim"):
        add(" ".join(f"{what}_{axis}" for axis in "xyz"), "", "i32")
    add("global_id", "", "i64")
    add("lane_id warp_id warp_size", "", "i32")
    add("barrier fence_block fence_device fence_system", "")
    add("barrier_count barrier_and barrier_or", "i32", "i32")
    add("warp_sync", "i32")
    add("vote_all vote_any vote_ballot", "i32 i32", "i32")
    add("match_any_i32 match_all_i32", "i32 i32", "i32")
    add("match_any_i64 match_all_i64", "i32 i64", "i32")
    for t in ("i32", "i64", "f32", "f64"):
        for kind in ("idx", "up", "down", "xor"):
            add(f"shuffle_{kind}_{t}", f"i32 {t} i32 i32", t)
        operations = ("add min_s min_u max_s max_u and or xor" if t[0] == "i"
                      else "add min max").split()
        for op in operations:
            add(f"warp_reduce_{op}_{t}", f"i32 {t}", t)
            add(f"block_reduce_{op}_{t}", t, t)
        scopes = ("block", "device", "system")
        for order, scope in itertools.product(
                ("relaxed", "acquire", "release", "acq_rel", "seq_cst"), scopes):
            for op in [*operations, "xchg"]:
                add(f"atomic_{op}_{t}_{order}_{scope}", f"i32 {t}", t)
            add(f"atomic_cmpxchg_{t}_{order}_{scope}", f"i32 {t} {t}", t)
        for scope in scopes:
            for order in ("relaxed", "acquire", "seq_cst"):
                add(f"atomic_load_{t}_{order}_{scope}", "i32", t)
            for order in ("relaxed", "release", "seq_cst"):
                add(f"atomic_store_{t}_{order}_{scope}", f"i32 {t}")
    add("shared", "i32", "i32")
    add("shared_base shared_size", "", "i32")
    for t in ("f32", "f64"):
        add(f"fma_{t}", f"{t} {t} {t}", t)
        add(f"rsqrt_{t}", t, t)
    add("fast_rcp_f32 fast_sqrt_f32 fast_rsqrt_f32 fast_sin_f32 fast_cos_f32 "
        "fast_exp2_f32 fast_log2_f32 fast_tanh_f32", "f32", "f32")
    add("fast_div_f32", "f32 f32", "f32")
    add("copy_async_4 copy_async_8 copy_async_16", "i32 i32")
    add("copy_async_commit", "")
    add("copy_async_wait", "i32")
    add("matrix_fill_f32", "i32 f32")
    for layout in ("row", "col"):
        for which, element in itertools.product("ab", ("f16", "bf16", "tf32")):
            add(f"matrix_load_{which}_{element}_{layout}", "i32 i32 i32")
        add(f"matrix_load_f32_{layout} matrix_store_f32_{layout}", "i32 i32 i32")
    add("matrix_mma_f16 matrix_mma_bf16 matrix_mma_tf32", "i32 i32 i32 i32")
    add("printf", "i32 i32", "i32")
    add("abort", "i32")
    add("clock timer", "", "i64")
    return table


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
    pattern = (r'import_module\("tw"\),\s+import_name\(((?:\s*"\w*")+\s*)\)[^;]*?\)\)\)?'
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
