# atomics.py - the atomics of module tw: values, and counters.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Every operation, type, order and scope of docs/DeviceInterface.md, on linear
# memory, on shared memory whose address is known to be one, and where it is
# not; and additions of many threads, of which none is lost.

import os
import struct

from control import expect_lane_trap
from guest import Group, Task
from numeric import FORMAT

ORDERS = ("relaxed", "acquire", "release", "acq_rel", "seq_cst")
LOAD_ORDERS = ("relaxed", "acquire", "seq_cst")
STORE_ORDERS = ("relaxed", "release", "seq_cst")
SCOPES = ("block", "device", "system")
# Of which each operation has at least two: enough where only the address
# differs.
SOME = (("relaxed", "block"), ("acq_rel", "system"), ("seq_cst", "device"))
INTEGER = ("add", "min_s", "min_u", "max_s", "max_u", "and", "or", "xor", "xchg")
FLOAT = ("add", "min", "max", "xchg")

OPERANDS = {
    "i32": [0, 1, 7, 0x7fffffff, 0x80000000, 0xffffffff, 0x12345678],
    "i64": [0, 1, 0x7fffffffffffffff, 1 << 63, (1 << 64) - 1,
            0x123456789abcdef0, 0xffffffff],
    "f32": [0, 0x80000000, 0x3f800000, 0xbfc00000, 0x7f800000, 0xff800000,
            0x40490fdb, 0x7fc00000, 0x7fa00001, 0xffc12345],
    "f64": [0, 1 << 63, 0x3ff0000000000000, 0xbff8000000000000,
            0x7ff0000000000000, 0xfff0000000000000, 0x400921fb54442d18,
            0x7ff8000000000000, 0x7ff4000000000001, 0xfff8123456789abc],
}


def signed(t, v):
    bits = int(t[1:])
    return v - (v >> (bits - 1) << bits)


def changed(op, t, old, v):
    """What an operation leaves, as Wasm's operator of that name computes it."""
    mask = (1 << int(t[1:])) - 1
    if op == "xchg":
        return v
    if t[0] == "f":
        f = FORMAT[t]
        if f.is_nan(old) or f.is_nan(v):
            return f.nan
        value = [struct.unpack("<" + "fd"[t == "f64"], struct.pack(
            "<" + "IQ"[t == "f64"], b))[0] for b in (old, v)]
        if op == "add":
            a, b = value
            if a != a or b != b or (abs(a) == abs(b) == float("inf") and a != b):
                return f.nan
            total = a + b  # exact enough for the operands above, then rounded
            return struct.unpack("<" + "IQ"[t == "f64"], struct.pack(
                "<" + "fd"[t == "f64"], total))[0]
        if value[0] == value[1]:  # zeros of either sign
            return old | v if op == "min" else old & v
        first = (value[0] < value[1]) == (op == "min")
        return old if first else v
    return {"add": lambda: (old + v) & mask, "and": lambda: old & v,
            "or": lambda: old | v, "xor": lambda: old ^ v,
            "min_u": lambda: min(old, v), "max_u": lambda: max(old, v),
            "min_s": lambda: min(old, v, key=lambda x: signed(t, x)),
            "max_s": lambda: max(old, v, key=lambda x: signed(t, x))}[op]()


def integer(t):
    return "i" + t[1:]


def bits(t, code):
    """`code`, of type t, as an integer."""
    return code if t[0] == "i" else f"({integer(t)}.reinterpret_{t} {code})"


def number(t, code):
    return code if t[0] == "i" else f"({t}.reinterpret_{integer(t)} {code})"


def operations(t):
    """(name, parameters behind the address, orders)."""
    for op in INTEGER if t[0] == "i" else FLOAT:
        yield op, 1, ORDERS
    yield "cmpxchg", 2, ORDERS
    yield "load", 0, LOAD_ORDERS
    yield "store", 1, STORE_ORDERS


def mix(t, old, new):
    """One number of what an operation gave and what it left."""
    mask = (1 << int(t[1:])) - 1
    return (old + (new * 0x9e3779b1 & mask)) & mask


def apply(op, t, x, y):
    """x is in memory, y the operand; compared is with x itself where y is odd,
    and y is what is written."""
    if op == "load":
        return mix(t, x, x)
    if op == "store":
        return mix(t, 0, y)
    if op == "cmpxchg":
        expected = x if y & 1 else x ^ 1
        return mix(t, x, y if expected == x else x)
    return mix(t, x, changed(op, t, x, y))


def is_exact(op, t, x, y):
    """Not on a GPU's float addition: NaNs, and results that are not normal."""
    if op != "add" or t[0] != "f":
        return True
    f = FORMAT[t]
    return not any(f.is_nan(v) for v in (x, y, changed(op, t, x, y)))


def values(t, where):
    """Operations on cells of each thread's own: in linear memory, or in
    shared memory, whose address is given as what it is or hidden."""
    i, size = integer(t), int(t[1:]) // 8
    imports, functions, tasks = "", "", []
    if where != "linear":
        imports += ('  (import "tw" "shared" (func $shared (param i32) '
                    '(result i32)))\n')
    cell = f"(i32.mul (call $thread_id_x) (i32.const {size}))"
    base = {"linear": "(i32.const 4096)", "shared": "(call $shared (i32.const 1024))",
            "hidden": "(i32.load (i32.const 0))"}[where]
    functions += (f"  (func $cell (result i32) (i32.add {base} {cell}))\n")
    pairs = [(x, y) for x in OPERANDS[t] for y in OPERANDS[t]]
    for op, count, orders in operations(t):
        good = [p for p in pairs if is_exact(op, t, *p)]
        for order in orders:
            for scope in SCOPES:
                if where != "linear" and (order, scope) not in SOME:
                    continue
                name = f"atomic_{op}_{t}_{order}_{scope}"
                params = " ".join(["i32"] + [t] * count)
                result = "" if op == "store" else f"(result {t})"
                imports += (f'  (import "tw" "{name}" (func ${name} '
                            f'(param {params}) {result}))\n')
                call = f"(call ${name} (call $cell)"
                y = number(t, "(local.get 1)")
                if op == "cmpxchg":
                    expected = (f"({i}.xor (local.get 0) ({i}.and ({i}.xor "
                                f"(local.get 1) ({i}.const 1)) ({i}.const 1)))")
                    call += f" {number(t, expected)} {y})"
                elif count:
                    call += f" {y})"
                else:
                    call += ")"
                old = f"(local.set 2 {bits(t, call)})"
                if op == "store":
                    old = call
                functions += (
                    f"  (func $t_{name} (param {i} {i}) (result {i}) (local {i})\n"
                    f"    ({i}.store (call $cell) (local.get 0))\n    {old}\n"
                    f"    ({i}.add (local.get 2) ({i}.mul ({i}.load (call $cell)) "
                    f"({i}.const 0x9e3779b1))))\n")
                tasks.append(Task(name, f"(call $t_{name} {{x}} {{y}})", (i, i), i,
                                  lambda x, y, op=op: apply(op, t, x, y), good))
    source = imports + '  (memory (export "memory") 1)\n'
    if where == "hidden":
        source += '  (data (i32.const 0) "\\00\\04")\n'
        # Something has to ask for the window.
        source += "  (func (export \"asks\") (drop (call $shared (i32.const 1024))))\n"
        functions = functions.replace(
            "(func $cell (result i32)",
            "(func $cell (result i32) (drop (call $shared (i32.const 1024)))")
    return Group(f"atomics_{t}_{where}", tasks, source=source + functions, block=128)


def counters():
    """Additions of all threads to one place, in each order and scope that all
    of them share, and of a block's to one in its shared memory."""
    imports = ('  (import "tw" "shared" (func $shared (param i32) (result i32)))\n'
               '  (import "tw" "barrier" (func $barrier))\n')
    body = ""
    for t in ("i32", "i64", "f32", "f64"):
        for order in ORDERS:
            for scope in SCOPES:
                name = f"atomic_add_{t}_{order}_{scope}"
                imports += (f'  (import "tw" "{name}" (func ${name} '
                            f'(param i32 {t}) (result {t})))\n')
    at = 0
    for t in ("i32", "i64", "f32", "f64"):
        for order in ORDERS:
            for scope in ("device", "system"):
                body += (f"    (drop (call $atomic_add_{t}_{order}_{scope} (i32.add "
                         f"(local.get $sum) (i32.const {8 * at})) ({t}.const 3)))\n")
                at += 1
    shared, total = "", 0
    for t in ("i32", "i64", "f32", "f64"):
        for order in ORDERS:
            for scope in SCOPES:
                shared += (f"    (drop (call $atomic_add_{t}_{order}_{scope} (i32.add "
                           f"(call $shared (i32.const 512)) (i32.const {8 * total})) "
                           f"({t}.const 5)))\n")
                total += 1
    source = imports + f"""\
  (memory (export "memory") 1)
  (func (export "count") (param $sum i32)
{body}  )
  (func (export "blocks") (param $out i32)
{shared}    (call $barrier)
    (if (i32.eqz (call $thread_id_x)) (then
      (memory.copy (i32.add (local.get $out) (i32.mul (call $block_id_x)
        (i32.const {8 * total}))) (call $shared (i32.const 512))
        (i32.const {8 * total})))))
"""

    def pack(t, value):
        return struct.pack("<" + {"i32": "I", "i64": "Q", "f32": "f",
                                  "f64": "d"}[t], value).ljust(8, b"\0")

    def check(kernel, want, count, grid, block):
        def run(runner):
            path = runner.path(kernel)
            if os.path.exists(path):
                os.remove(path)
            code, report, error = runner.twrun(
                ["launch", kernel, "--grid", str(grid), "--block", str(block), "--",
                 f"@zeros:u64:{count}={path}"])
            if code != 0 or not report["verification"]["agrees"]:
                return [f"{kernel}: exit code {code}, expected 0: {error}"]
            with open(path, "rb") as file:
                found = file.read()
            return [] if found == want else [f"{kernel}: an addition was lost"]
        return run

    types = ("i32", "i64", "f32", "f64")
    all_sums = b"".join(pack(t, 3 * 16 * 96) * 10 for t in types)
    block_sums = b"".join(pack(t, 5 * 96) * 15 for t in types) * 9
    return Group("atomic_counters", source=source, checks=[
        check("count", all_sums, at, 16, 96),
        check("blocks", block_sums, 9 * total, 9, 96)])


WINDOW = 64
# Where the second of three additions goes, from the window's start: there, in
# linear memory around it, and what traps.
PLACES = [0, 4, 60, 64, 200, -4, -1024]
TRAPS = {2: "unaligned atomic", -2: "unaligned atomic", 63: "unaligned atomic",
         1 << 30: "out of bounds memory access",
         (1 << 31) + 2: "unaligned atomic"}


def edges():
    """Additions to shared memory that follow one another, of which one may be
    elsewhere, or trap between the others."""
    source = """\
  (import "tw" "shared" (func $shared (param i32) (result i32)))
  (import "tw" "atomic_add_i32_relaxed_device"
    (func $add (param i32 i32) (result i32)))
  (import "tw" "atomic_max_u_i32_acq_rel_system"
    (func $max (param i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "edges") (param $cases i32) (param $out i32) (local $c i32)
    (local.set $out (i32.add (local.get $out)
      (i32.shl (call $block_id_x) (i32.const 6))))
    (local.set $c (i32.load (i32.add (local.get $cases)
      (i32.shl (call $block_id_x) (i32.const 2)))))
    (drop (call $add (i32.add (call $shared (i32.const 64)) (i32.const 8))
      (i32.const 1)))
    (drop (call $add (i32.add (call $shared (i32.const 64)) (local.get $c))
      (i32.const 2)))
    (drop (call $max (i32.add (call $shared (i32.const 64)) (i32.const 4))
      (i32.const 16)))
    (drop (call $add (i32.add (call $shared (i32.const 64)) (i32.const 60))
      (i32.const 4)))
    (memory.copy (local.get $out) (call $shared (i32.const 64)) (i32.const 64)))
"""

    def launch(runner, cases):
        path, out = runner.path("places"), runner.path("windows")
        with open(path, "wb") as file:
            file.write(struct.pack(f"<{len(cases)}I",
                                   *(c & 0xffffffff for c in cases)))
        if os.path.exists(out):
            os.remove(out)
        return out, *runner.twrun(
            ["launch", "edges", "--grid", str(len(cases)), "--block", "1", "--",
             "@" + path, f"@zeros:u32:{16 * len(cases)}={out}"])

    def run(runner):
        out, code, report, error = launch(runner, PLACES)
        if code != 0 or not report["verification"]["agrees"]:
            return [f"edges: exit code {code}, expected 0: {error}"]
        with open(out, "rb") as file:
            found = list(struct.iter_unpack("<16I", file.read()))
        problems = []
        for place, words in zip(PLACES, found):
            want = [0] * 16
            want[2] = 1
            if 0 <= place < WINDOW:
                want[place // 4] += 2
            want[1] = max(want[1], 16)
            want[15] += 4
            if list(words) != want:
                problems.append(f"edges at {place}: {words}, expected {want}")
        return problems

    def trap(runner):
        cases = PLACES + list(TRAPS) * 3
        _, code, report, error = launch(runner, cases)
        return expect_lane_trap(runner, "edges", code, report, error,
                                {i: TRAPS[c] for i, c in enumerate(cases)
                                 if c in TRAPS})
    return Group("atomic_edges", source=source, checks=[run, trap])


def groups():
    return [values(t, where) for where in ("linear", "shared", "hidden")
            for t in OPERANDS] + [counters(), edges()]
