# orders.py - litmus tests of every order and scope that promises something.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Pairs of threads meet in each round, without waiting long, and then use the
# round's own places. Message passing: one writes data and then a flag, by what
# releases; who sees the flag, by what acquires, sees the data. Store buffering:
# each writes one place and reads the other, both seq_cst; not both read 0.
# A pair of scope `block` is in one block, in two warps; others in two blocks.

import os
import struct

from guest import Group

SCOPES = ("block", "device", "system")
PAIRS, ROUNDS, BLOCK = 1024, 16, 64
OUTCOMES = {"mp": "saw the flag and not the data", "sb": "both read 0"}

STORE = ("atomic_store_i32_{o}_{s}", "({a} {v})", False)
XCHG = ("atomic_xchg_i32_{o}_{s}", "({a} {v})", True)
MAX = ("atomic_max_u_i32_{o}_{s}", "({a} {v})", True)
SWAP = ("atomic_cmpxchg_i32_{o}_{s}", "({a} (i32.const 0) {v})", True)
LOAD = ("atomic_load_i32_{o}_{s}", "({a})", True)
ADD = ("atomic_add_i32_{o}_{s}", "({a} (i32.const 0))", True)
OR = ("atomic_or_i32_{o}_{s}", "({a} (i32.const 0))", True)
COMPARE = ("atomic_cmpxchg_i32_{o}_{s}", "({a} (i32.const 0) (i32.const 0))", True)


def access(kind, order, scope, address, value="(i32.const 1)"):
    """(import's name, code)."""
    name = kind[0].format(o=order, s=scope)
    rest = kind[1].format(a=address, v=value)[1:-1]
    return name, f"(call ${name} {rest})"


def tests(scope):
    """(kind, name, writer's code, reader's or both sides' code, imports)."""
    x, y = "(local.get $x)", "(local.get $y)"
    found = []

    def passing(write, write_order, read, read_order):
        first, writes = access(write, write_order, scope, y)
        second, reads = access(read, read_order, scope, y)
        if write[2]:
            writes = f"(drop {writes})"
        writes = f"(i32.store {x} (i32.const 1)) {writes} (i32.const 0)"
        reads = (f"(if (result i32) (i32.eq {reads} (i32.const 1)) "
                 f"(then (select (i32.const 1) (i32.const 2) "
                 f"(i32.load {x}))) (else (i32.const 0)))")
        found.append(("mp", f"{first}, {second}", writes, reads, {first, second}))

    def buffering(write, read):
        first, writes = access(write, "seq_cst", scope, x)
        second, reads = access(read, "seq_cst", scope, y)
        if write[2]:
            writes = f"(drop {writes})"
        mine = f"{writes} {reads}"
        swap = {"$x": "$y", "$y": "$x"}
        other = " ".join(swap.get(part.rstrip(")"), part.rstrip(")")) +
                         ")" * (len(part) - len(part.rstrip(")")))
                         for part in mine.split(" "))
        found.append(("sb", f"{first}, {second}", mine, other, {first, second}))

    for kind in (STORE, XCHG, MAX, SWAP):
        for order in ("release", "seq_cst") + (
                () if kind is STORE else ("acq_rel",)):
            passing(kind, order, LOAD, "acquire")
    for kind in (LOAD, ADD, OR, COMPARE):
        for order in ("acquire", "seq_cst") + (
                () if kind is LOAD else ("acq_rel",)):
            passing(STORE, "release", kind, order)
    for write in (STORE, XCHG, SWAP):
        for read in (LOAD, ADD, COMPARE):
            buffering(write, read)
    # Fences order relaxed accesses.
    fence = f"fence_{scope}"
    store, stores = access(STORE, "relaxed", scope, y)
    load, loads = access(LOAD, "relaxed", scope, y)
    found.append((
        "mp", fence,
        f"(i32.store {x} (i32.const 1)) (call ${fence}) {stores} (i32.const 0)",
        f"(if (result i32) (i32.eq {loads} (i32.const 1)) (then (call ${fence}) "
        f"(select (i32.const 1) (i32.const 2) (i32.load {x}))) "
        f"(else (i32.const 0)))", {store, load, fence}))
    _, stores_x = access(STORE, "relaxed", scope, x)
    _, loads_x = access(LOAD, "relaxed", scope, x)
    found.append(("sb", fence, f"{stores_x} (call ${fence}) {loads}",
                  f"{stores} (call ${fence}) {loads_x}", {store, load, fence}))
    return found


def declare(name):
    if name.startswith("fence"):
        kind = ""
    else:
        count = {"atomic_load": 1, "atomic_cmpx": 3}.get(name[:11], 2)
        kind = "(param" + " i32" * count + ")"
        if not name.startswith("atomic_store"):
            kind += " (result i32)"
    return f'  (import "tw" "{name}" (func ${name} {kind}))\n'


def source(scope):
    cases = tests(scope)
    text = "".join(declare(n) for n in sorted(set().union(*(c[4] for c in cases))))
    text += """\
  (memory (export "memory") 1)
  (func $rendezvous (param $p i32) (local $tries i32)
    (drop (i32.atomic.rmw.add (local.get $p) (i32.const 1)))
    (loop $wait
      (if (i32.ge_u (i32.atomic.load (local.get $p)) (i32.const 2))
        (then (return)))
      (br_if $wait (i32.lt_u
        (local.tee $tries (i32.add (local.get $tries) (i32.const 1)))
        (i32.const 256)))))
"""
    for k, (_, _, writer, reader, _) in enumerate(cases):
        text += (f"  (func $test{k} (param $side i32) (param $x i32) (param $y i32) "
                 f"(result i32)\n    (if (result i32) (local.get $side)\n"
                 f"      (then {reader})\n      (else {writer})))\n")
    if scope == "block":  # lanes of two warps
        side = "(i32.shr_u (call $thread_id_x) (i32.const 5))"
        pair = ("(i32.add (i32.and (call $thread_id_x) (i32.const 31)) "
                "(i32.shl (call $block_id_x) (i32.const 5)))")
    else:
        side = "(i32.and (call $block_id_x) (i32.const 1))"
        pair = ("(i32.add (call $thread_id_x) (i32.mul (i32.shr_u "
                "(call $block_id_x) (i32.const 1)) (call $block_dim_x)))")
    labels = " ".join(f"$v{k}" for k in range(len(cases)))
    text += f"""\
  (func (export "run") (param $x i32) (param $y i32) (param $meet i32)
    (param $seen i32) (param $rounds i32)
    (local $side i32) (local $pair i32) (local $test i32) (local $round i32)
    (local $at i32) (local $px i32) (local $py i32) (local $r i32)
    (local.set $side {side})
    (local.set $pair {pair})
    (loop $tests
      (local.set $round (i32.const 0))
      (loop $next
        (local.set $at (i32.shl (i32.add (local.get $pair) (i32.mul
          (i32.const {PAIRS}) (i32.add (local.get $round) (i32.mul
            (local.get $rounds) (local.get $test))))) (i32.const 2)))
        (local.set $px (i32.add (local.get $x) (local.get $at)))
        (local.set $py (i32.add (local.get $y) (local.get $at)))
        (call $rendezvous (i32.add (local.get $meet) (local.get $at)))
        (block $done
"""
    text += "".join(f"(block $v{k} " for k in reversed(range(len(cases))))
    text += f"\n          (br_table {labels} $done (local.get $test))\n"
    for k in range(len(cases)):
        text += (f"        ) (local.set $r (call $test{k} (local.get $side) "
                 f"(local.get $px) (local.get $py))) (br $done)\n")
    return text + f"""\
        )
        (i32.store (i32.add (local.get $seen) (i32.add (i32.shl (local.get $at)
          (i32.const 1)) (i32.shl (local.get $side) (i32.const 2))))
          (local.get $r))
        (br_if $next (i32.lt_u
          (local.tee $round (i32.add (local.get $round) (i32.const 1)))
          (local.get $rounds))))
      (br_if $tests (i32.lt_u
        (local.tee $test (i32.add (local.get $test) (i32.const 1)))
        (i32.const {len(cases)})))))
"""


def check(scope):
    def run(runner):
        cases = tests(scope)
        count = len(cases) * ROUNDS * PAIRS
        path = runner.path("seen")
        if os.path.exists(path):
            os.remove(path)  # a file of an earlier run proves nothing
        code, _, error = runner.twrun(
            ["launch", "run", "--grid", str(2 * PAIRS // BLOCK), "--block",
             str(BLOCK), "--", f"@zeros:u32:{count}", f"@zeros:u32:{count}",
             f"@zeros:u32:{count}", f"@zeros:u32:{2 * count}={path}",
             str(ROUNDS)], verify=False)
        if code != 0:
            return [f"{scope}: exit code {code}, expected 0: {error}"]
        with open(path, "rb") as file:
            seen = struct.unpack(f"<{2 * count}I", file.read())
        each, problems, passed = 2 * ROUNDS * PAIRS, [], 0
        for k, (kind, name, *_) in enumerate(cases):
            pairs = list(zip(seen[each * k:each * k + each:2],
                             seen[each * k + 1:each * k + each:2]))
            bad = sum(b == 2 if kind == "mp" else (a, b) == (0, 0)
                      for a, b in pairs)
            if bad:
                problems.append(f"{name}: in {bad} rounds, {OUTCOMES[kind]}")
            if any(a > 1 or b > 2 for a, b in pairs):
                problems.append(f"{name}: read what nobody wrote")
            passed += any(b == 1 for _, b in pairs)
        if not passed:  # nothing was ever seen: then nothing was tested
            problems.append(f"{scope}: no round saw what the other wrote")
        return problems
    return run


def groups():
    return [Group(f"orders_{scope}", source=source(scope), checks=[check(scope)])
            for scope in SCOPES]
