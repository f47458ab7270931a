# simdmemory.py - executed tests of vector loads and stores.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Every one at each of 32 offsets, with either alignment hint and part of the
# address in the immediate; and the last address that is inside memory, and the
# first that is not.

from guest import Call, Group
from memory import OUT_OF_BOUNDS, PATTERN
from simd import BITS, HALF, join, signed, split

# What load*_lane replaces and store*_lane stores: bytes that differ.
VECTOR = 0x0f1e2d3c4b5a69788796a5b4c3d2e1f0
SHAPE = {8: "i8x16", 16: "i16x8", 32: "i32x4", 64: "i64x2"}


def at(d, size):
    return int.from_bytes(PATTERN[d:d + size], "little")


def loads():
    """(instruction, bytes, operand behind the index, result at offset d)"""
    table = [("v128.load", 16, "", lambda d: at(d, 16))]
    for wide, narrow in HALF.items():
        n, m = BITS[wide], BITS[narrow]
        for s in "su":
            table.append((
                f"v128.load{m}x{64 // m}_{s}", 8, "",
                lambda d, n=n, m=m, s=s: join(
                    [signed(a, m) if s == "s" else a
                     for a in split(at(d, 8), m)[:64 // m]], n)))
    for n in SHAPE:
        table.append((f"v128.load{n}_splat", n // 8, "",
                      lambda d, n=n: join([at(d, n // 8)] * (128 // n), n)))
        if n >= 32:
            table.append((f"v128.load{n}_zero", n // 8, "",
                          lambda d, n=n: at(d, n // 8)))
        for lane in sorted({0, 128 // n // 2, 128 // n - 1}):
            table.append((
                f"v128.load{n}_lane", n // 8, lane,
                lambda d, n=n, lane=lane: join(
                    [at(d, n // 8) if i == lane else a
                     for i, a in enumerate(split(VECTOR, n))], n)))
    return table


def stores():
    """(instruction, bytes, lane, what is stored)"""
    table = [("v128.store", 16, "", VECTOR)]
    for n in SHAPE:
        for lane in (0, 128 // n - 1):
            table.append((f"v128.store{n}_lane", n // 8, lane,
                          split(VECTOR, n)[lane]))
    return table


CONSTANT = f"(v128.const i64x2 {VECTOR & (1 << 64) - 1:#x} {VECTOR >> 64:#x})"


def call(name, immediate, lane, index):
    """`index` is an expression; a lane comes behind the memarg."""
    operand = f" {CONSTANT}" if lane != "" or "store" in name else ""
    return f"({name}{immediate} {lane} {index}{operand})"


def check(runner, loaded, stored, threads):
    """K: thread d loads from byte d and stores, all into its own places."""
    paths = runner.path("loaded"), runner.path("stored")
    sizes = 16 * threads * len(loaded), 64 * threads * len(stored)
    code, report, error = runner.twrun(
        ["launch", "M", "--grid", "1", "--block", str(threads), "--"] +
        [f"@zeros:u8:{size}={path}" for size, path in zip(sizes, paths)])
    if code != 0:
        return [f"M: exit code {code}, expected 0: {error}"]
    problems = []
    with open(paths[0], "rb") as file:
        data = file.read()
    for k, (name, immediate, lane, apply) in enumerate(loaded):
        for d in range(threads):
            i = 16 * (k * threads + d)
            got = int.from_bytes(data[i:i + 16], "little")
            shift = 3 if "offset" in immediate else 0
            if got != apply(d + shift):
                problems.append(f"{name}{immediate} {lane} at {d}: {got:#x}, "
                                f"expected {apply(d + shift):#x}")
    with open(paths[1], "rb") as file:
        data = file.read()
    for k, (name, immediate, lane, size, value) in enumerate(stored):
        for d in range(threads):
            i = 64 * (k * threads + d)
            want = bytearray(64)
            want[d:d + size] = value.to_bytes(size, "little")
            if data[i:i + 64] != want:
                problems.append(f"{name}{immediate} {lane} at {d}: "
                                f"{data[i:i + 64].hex()}")
    return problems


def memory_group():
    threads = 32
    data = "".join(f"\\{byte:02x}" for byte in PATTERN)
    text = f'  (memory (export "memory") 1)\n  (data (i32.const 0) "{data}")\n'
    loaded, stored, calls = [], [], []
    for name, size, lane, apply in loads():
        for immediate in (f" align={size}", " align=1", " offset=3"):
            loaded.append((name, immediate, lane, apply))
        export = f"{name} {lane}"
        code = call(name, "", lane, "(local.get 0)")
        text += (f'  (func (export "{export}") (param i32) (result i32)\n'
                 f"    (v128.any_true {code}))\n")
        # All of memory's end is zero; only a lane's other bytes are not.
        rest = VECTOR if lane != "" else 0
        calls += [Call(export, [("i32", 65536 - size)], [int(rest != 0)]),
                  Call(export, [("i32", 65537 - size)], OUT_OF_BOUNDS),
                  Call(export, [("i32", 0xffffffff)], OUT_OF_BOUNDS)]
    for name, size, lane, value in stores():
        for immediate in (f" align={size}", " align=1"):
            stored.append((name, immediate, lane, size, value))
        export = f"{name} {lane}"
        code = call(name, "", lane, "(local.get 0)")
        text += f'  (func (export "{export}") (param i32)\n    {code})\n'
        calls += [Call(export, [("i32", 65536 - size)], []),
                  Call(export, [("i32", 65537 - size)], OUT_OF_BOUNDS)]
    text += ('  (func (export "M") (param $L i32) (param $S i32) (local $d i32)\n'
             "    (local.set $d (call $thread_id_x))\n")
    for k, (name, immediate, lane, _) in enumerate(loaded):
        place = (f"(i32.add (local.get $L) (i32.shl (i32.add (local.get $d) "
                 f"(i32.const {k * threads})) (i32.const 4)))")
        code = call(name, immediate, lane, "(local.get $d)")
        text += f"    (v128.store {place} {code})\n"
    for k, (name, immediate, lane, _, _) in enumerate(stored):
        place = (f"(i32.add (local.get $d) (i32.add (local.get $S) (i32.shl "
                 f"(i32.add (local.get $d) (i32.const {k * threads})) "
                 "(i32.const 6))))")
        text += f"    {call(name, immediate, lane, place)}\n"
    text += "  )\n"
    return Group("v_memory", source=text, calls=calls,
                 checks=[lambda r: check(r, loaded, stored, threads)])
