# shared.py - shared memory of blocks: its edges, bulk operations, whole blocks.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# References are computed here from docs/DeviceInterface.md: in a grid the
# addresses [BASE, BASE + SIZE) are the block's, an access of which one part is
# there and another is not traps.

import os
import struct

from control import expect_lane_trap
from guest import Group

BASE, SIZE = 1024, 64
OUT_OF_BOUNDS = "out of bounds memory access"
M32, M64 = (1 << 32) - 1, (1 << 64) - 1

IMPORTS = """\
  (import "tw" "shared" (func $shared (param i32) (result i32)))
  (import "tw" "shared_size" (func $shared_size (result i32)))
  (import "tw" "barrier" (func $barrier))
"""

# Instruction -> (bytes, what makes an i64 of the result {c}).
LOADS = {
    "i32.load": (4, "(i64.extend_i32_u {c})"),
    "i32.load8_s": (1, "(i64.extend_i32_u {c})"),
    "i32.load16_u": (2, "(i64.extend_i32_u {c})"),
    "i64.load": (8, "{c}"),
    "i64.load32_u": (4, "{c}"),
    "f32.load": (4, "(i64.extend_i32_u (i32.reinterpret_f32 {c}))"),
    "f64.load": (8, "(i64.reinterpret_f64 {c})"),
    "v128.load": (16, "(call $fold {c})"),
    "v128.load8x8_u": (8, "(call $fold {c})"),
    "v128.load32_splat": (4, "(call $fold {c})"),
}
STORES = {
    "i32.store8": (1, "(i32.const 0xa5)"),
    "i32.store16": (2, "(i32.const 0xa5a5)"),
    "i32.store": (4, "(i32.const 0xa5a5a5a5)"),
    "i64.store": (8, "(i64.const 0xa5a5a5a5a5a5a5a5)"),
    "f32.store": (4, "(f32.reinterpret_i32 (i32.const 0xa5a5a5a5))"),
    "v128.store": (16, "(i8x16.splat (i32.const 0xa5))"),
}
OFFSETS = (0, 5, BASE, 2000, 0xffffffff)


def pattern(i):
    return (37 * i + 11) & 255


def variants():
    """(name, offset, whether the address is made from tw.shared's)."""
    return [(name, offset, known) for name in (*LOADS, *STORES)
            for offset in OFFSETS for known in (False, True)]


def addresses(offset):
    """Indices around each edge and somewhere else, for an offset."""
    ends = [*range(BASE - 17, BASE + 18), *range(BASE + SIZE - 17, BASE + SIZE + 18),
            BASE + SIZE // 2 + 3]
    near = [e - offset for e in ends if e >= offset]
    return near + [0, 3, 512, 4096, 0x7fffffff, 0xffffffff]


def bytes_of(name):
    return (LOADS.get(name) or STORES[name])[0]


def edges_source():
    text = IMPORTS + """\
  (memory (export "memory") 1)
  (func $fold (param v128) (result i64)
    (i64.xor (i64x2.extract_lane 0 (local.get 0))
      (i64.mul (i64.const 3) (i64x2.extract_lane 1 (local.get 0)))))
  (func $fill (local $i i32)
    (loop $next
      (i32.store8 (i32.add (call $shared (i32.const 60)) (local.get $i))
        (i32.add (i32.mul (local.get $i) (i32.const 37)) (i32.const 11)))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1)))
        (i32.const 64)))))
  (func $hash (result i64) (local $i i32) (local $h i64)
    (loop $next
      (local.set $h (i64.add (i64.mul (local.get $h) (i64.const 31))
        (i64.load8_u (i32.add (i32.const 1024) (local.get $i)))))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1)))
        (call $shared_size))))
    (local.get $h))
  ;; One thread to a block: index has pairs (variant, address).
  (func (export "lanes") (param $index i32) (param $n i32) (param $out i32)
    (local $a i32) (local $k i32) (local $r i64)
    (if (i32.ge_u (call $block_id_x) (local.get $n)) (then (return)))
    (local.set $index (i32.add (local.get $index)
      (i32.shl (call $block_id_x) (i32.const 3))))
    (local.set $out (i32.add (local.get $out)
      (i32.shl (call $block_id_x) (i32.const 4))))
    (local.set $k (i32.load (local.get $index)))
    (local.set $a (i32.load offset=4 (local.get $index)))
    (call $fill)
    (i64.store (local.get $out) (i64.const 0x1111))
    (block $done
"""
    all_variants = variants()
    text += "".join(f"(block $v{k} " for k in reversed(range(len(all_variants))))
    labels = " ".join(f"$v{k}" for k in range(len(all_variants)))
    text += f"\n    (br_table {labels} $done (local.get $k))\n"
    for name, offset, known in all_variants:
        address = "(local.get $a)"
        if known:
            address = (f"(i32.add (call $shared (i32.const 1)) "
                       f"(i32.sub (local.get $a) (i32.const {BASE})))")
        if name in LOADS:
            load = f"({name} offset={offset} {address})"
            code = f"(local.set $r {LOADS[name][1].format(c=load)})"
        else:
            code = f"({name} offset={offset} {address} {STORES[name][1]})"
        text += f"    ) {code} (br $done)\n"
    return text + """\
    )
    (i64.store (local.get $out) (local.get $r))
    (i64.store offset=8 (local.get $out) (call $hash)))
"""


def is_inside(address, size):
    return BASE <= address and address + size <= BASE + SIZE


def is_good(address, size, end):
    if is_inside(address, size):
        return True
    apart = address + size <= BASE or address >= BASE + SIZE
    return apart and address + size <= end


def loaded(name, address):
    """What a load of the window gives, as the kernel stores it."""
    size, _ = LOADS[name]
    data = bytes(pattern(i) for i in range(SIZE))
    data = data[address - BASE:address - BASE + size]
    if name == "i32.load8_s":
        return (data[0] - (data[0] >> 7 << 8)) & M32
    if name == "v128.load8x8_u":
        data = b"".join(bytes((b, 0)) for b in data)
    if name == "v128.load32_splat":
        data *= 4
    if len(data) == 16:
        low, high = struct.unpack("<QQ", data)
        return low ^ (3 * high & M64)
    return int.from_bytes(data, "little")


def window_hash(name, address):
    data = [pattern(i) for i in range(SIZE)]
    if name in STORES:
        for i in range(STORES[name][0]):
            if BASE <= address + i < BASE + SIZE:
                data[address + i - BASE] = 0xa5
    h = 0
    for byte in data:
        h = (31 * h + byte) & M64
    return h


def run_edges(runner):
    # Loads apart from stores: outside of the window all blocks share memory.
    problems = []
    for names in (LOADS, STORES):
        cases = [(k, index & M32)
                 for k, (name, offset, _) in enumerate(variants())
                 if name in names for index in addresses(offset)]
        for only_good in (True, False):
            problems += launch_edges(runner, cases, only_good)
    return problems


def launch_edges(runner, cases, only_good):
    def result(k, index):
        name, offset, _ = variants()[k]
        return name, index + offset, bytes_of(name)

    path, out = runner.path("index"), runner.path("out")
    used = [c for c in cases if not only_good or
            is_good(*result(*c)[1:], 1 << 16)]
    with open(path, "wb") as file:
        file.write(b"".join(struct.pack("<II", *c) for c in used))
    if os.path.exists(out):
        os.remove(out)  # a file of an earlier run proves nothing
    used_bytes = -(-8 * len(used) // 256) * 256 + 16 * len(used)
    end = 65536 * (1 + -(-used_bytes // 65536))
    code, report, error = runner.twrun(
        ["launch", "lanes", "--grid", str(len(used)), "--block", "1", "--",
         "@" + path, str(len(used)), f"@zeros:u64:{2 * len(used)}={out}"])
    if not only_good:
        messages = {i: OUT_OF_BOUNDS for i, c in enumerate(used)
                    if not is_good(*result(*c)[1:], end)}
        assert len(messages) not in (0, len(used))
        return expect_lane_trap(runner, "lanes", code, report, error, messages)
    if code != 0:
        return [f"lanes: exit code {code}, expected 0: {error}"]
    problems = []
    if not report["verification"]["agrees"]:
        problems.append("lanes: the interpreter disagrees")
    with open(out, "rb") as file:
        found = list(struct.iter_unpack("<QQ", file.read()))
    for case, (value, hashed) in zip(used, found):
        name, address, size = result(*case)
        want = 0
        if name in LOADS and is_inside(address, size):
            want = loaded(name, address)
        if value != want or hashed != window_hash(name, address):
            problems.append(
                f"{variants()[case[0]]} at {case[1]}: {value:#x} and "
                f"{hashed:#x}, expected {want:#x} and "
                f"{window_hash(name, address):#x}")
    return problems


# (operation, destination, source or value, bytes); OWN + x is byte x of the
# lane's own place in linear memory.
OWN = 0x40000000
BULK = [
    ("fill", BASE, 0x5a, SIZE), ("fill", BASE + 3, 0x77, 11),
    ("fill", BASE, 1, SIZE + 1), ("fill", BASE - 1, 1, 2), ("fill", BASE - 1, 0, 1),
    ("fill", BASE + SIZE - 1, 1, 2), ("fill", BASE + SIZE, 1, 0),
    ("fill", BASE, 1, 0), ("fill", 0, 1, 0), ("fill", BASE - 4, 1, SIZE + 8),
    ("fill", BASE, 1, M32), ("fill", OWN + 5, 0x33, 20),
    ("copy", BASE + 8, BASE, 40), ("copy", BASE, BASE + 9, 40),
    ("copy", BASE, 16, SIZE), ("copy", OWN, BASE, SIZE),
    ("copy", OWN + 3, BASE + 1, 33), ("copy", BASE + 1, OWN, 40),
    ("copy", BASE, BASE + 1, SIZE), ("copy", BASE + 1, BASE, SIZE),
    ("copy", OWN, BASE + 60, 5), ("copy", BASE + 60, OWN, 5),
    ("copy", OWN, BASE - 2, 3), ("copy", OWN, BASE - 2, 2),
    ("copy", BASE, 0, 0), ("copy", BASE - 1, OWN, 1 + SIZE),
    ("init", BASE, 0, 32), ("init", BASE + 40, 5, 24), ("init", BASE + 41, 5, 24),
    ("init", BASE - 1, 0, 4), ("init", BASE, 1, 32), ("init", OWN, 3, 9),
]


def bulk_source():
    return IMPORTS + """\
  (memory (export "memory") 1)
  (data $bytes "abcdefghijklmnopqrstuvwxyz012345")
  (func $place (param $own i32) (param $x i32) (result i32)
    (if (result i32) (i32.eq (i32.and (local.get $x) (i32.const 0xff000000))
        (i32.const 0x40000000))
      (then (i32.add (local.get $own)
        (i32.and (local.get $x) (i32.const 0xffffff))))
      (else (local.get $x))))
  (func (export "bulk") (param $cases i32) (param $n i32) (param $out i32)
    (local $i i32) (local $own i32) (local $op i32)
    (if (i32.ge_u (call $block_id_x) (local.get $n)) (then (return)))
    (local.set $cases (i32.add (local.get $cases)
      (i32.shl (call $block_id_x) (i32.const 4))))
    (local.set $own (i32.add (local.get $out)
      (i32.mul (call $block_id_x) (i32.const 256))))
    (loop $next
      (i32.store8 (i32.add (call $shared (i32.const 64)) (local.get $i))
        (i32.add (i32.mul (local.get $i) (i32.const 37)) (i32.const 11)))
      (i32.store8 (i32.add (local.get $own) (local.get $i))
        (i32.xor (local.get $i) (i32.const 0xc0)))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1)))
        (i32.const 64))))
    (local.set $op (i32.load (local.get $cases)))
    (if (i32.eq (local.get $op) (i32.const 0))
      (then (memory.fill
        (call $place (local.get $own) (i32.load offset=4 (local.get $cases)))
        (i32.load offset=8 (local.get $cases))
        (i32.load offset=12 (local.get $cases)))))
    (if (i32.eq (local.get $op) (i32.const 1))
      (then (memory.copy
        (call $place (local.get $own) (i32.load offset=4 (local.get $cases)))
        (call $place (local.get $own) (i32.load offset=8 (local.get $cases)))
        (i32.load offset=12 (local.get $cases)))))
    (if (i32.eq (local.get $op) (i32.const 2))
      (then (memory.init $bytes
        (call $place (local.get $own) (i32.load offset=4 (local.get $cases)))
        (i32.load offset=8 (local.get $cases))
        (i32.load offset=12 (local.get $cases)))))
    (local.set $i (i32.const 0))
    (loop $next
      (i32.store8 offset=64 (i32.add (local.get $own) (local.get $i))
        (i32.load8_u (i32.add (call $shared (i32.const 64)) (local.get $i))))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1)))
        (i32.const 64))))
    (i32.store8 offset=128 (local.get $own) (i32.const 1)))
"""


INIT = b"abcdefghijklmnopqrstuvwxyz012345"


def bulk_result(case):
    """The 256 bytes of the lane's own place, or None if the case traps."""
    op, dst, src, count = case
    window = bytearray(pattern(i) for i in range(SIZE))
    own = bytearray(i ^ 0xc0 for i in range(64)) + bytearray(192)

    def locate(at):
        if at & 0xff000000 == OWN:
            return own, at & 0xffffff
        if BASE <= at < BASE + SIZE:
            return window, at - BASE
        return None, at

    def is_whole(at):
        place, at = locate(at)
        if count == 0 or place is own:
            return True
        if place is window:
            return at + count <= SIZE
        return at + count <= BASE
    if op == "fill":
        data = bytes([src & 255]) * (count if count < 4096 else 0)
    elif op == "init":
        if src + count > len(INIT):
            return None
        data = INIT[src:src + count]
    else:
        if not is_whole(src):
            return None
        place, at = locate(src)
        data = bytes(count) if place is None else bytes(place[at:at + count])
    if not is_whole(dst):
        return None
    place, at = locate(dst)
    if count and place is not None:
        place[at:at + count] = data
    own[64:128] = window
    own[128] = 1
    return bytes(own)


def run_bulk(runner):
    good = [c for c in BULK if bulk_result(c) is not None]
    problems = []
    for cases in (good, BULK):
        path, out = runner.path("cases"), runner.path("out")
        if os.path.exists(out):
            os.remove(out)
        with open(path, "wb") as file:
            for op, *rest in cases:
                file.write(struct.pack(
                    "<IIII", ("fill", "copy", "init").index(op), *rest))
        code, report, error = runner.twrun(
            ["launch", "bulk", "--grid", str(len(cases)), "--block", "1", "--",
             "@" + path, str(len(cases)), f"@zeros:u8:{256 * len(cases)}={out}"])
        if cases is BULK:
            messages = {i: OUT_OF_BOUNDS for i, c in enumerate(cases)
                        if bulk_result(c) is None}
            problems += expect_lane_trap(runner, "bulk", code, report, error,
                                         messages)
            continue
        if code != 0 or not report["verification"]["agrees"]:
            return [f"bulk: exit code {code}, expected 0: {error}"]
        with open(out, "rb") as file:
            for case in cases:
                if file.read(256) != bulk_result(case):
                    problems.append(f"bulk {case}: other bytes than expected")
    return problems


def groups():
    return [Group("shared_edges", source=edges_source(), checks=[run_edges]),
            Group("shared_bulk", source=bulk_source(), checks=[run_bulk])]
