# interface.py - the imports of module `tw`, transcribed from
# docs/DeviceInterface.md.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# As a program, prints a module in text form whose exports call one import each
# (`call.NAME`): interface.py > imports.wat

import itertools


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


def module():
    """Constants as operands: valid numbers of fragments, aligned addresses."""
    imports, functions = [], []
    for name, (parameters, result) in documented().items():
        types = "".join(f" (param {t})" for t in parameters)
        types += f" (result {result})" if result else ""
        imports.append(f'(import "tw" "{name}" (func ${name}{types}))')
        address = name.startswith(("atomic", "copy_async", "matrix", "printf"))
        operands = []
        for i, t in enumerate(parameters):
            small = name.startswith("matrix") and (i == 0 or "mma" in name)
            value = 1 if small or not address else 16 if i == 2 else 2048
            operands.append(f"({t}.const {value})")
        call = f"(call ${name} {' '.join(operands)})"
        functions.append(f'(func (export "call.{name}") '
                         f"{f'(drop {call})' if result else call})")
    return "\n".join(["(module", *imports, "(memory 4)", *functions, ")"])


if __name__ == "__main__":
    print(module())
