# rangefield.py - accesses of one base: records, mixed widths, vectors.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Where one test serves a run of accesses, the first that is out of bounds still
# is the trap, and what was stored before it stays: also where the largest offset
# comes first, where a division or a call stands between, and where a load that
# would trap later is dropped.

from ranges import (LAST, Case, counted, element, function, group, load,
                    one_page, op, set_, store, traps)

M = 0xffffffff
NEAR = tuple(LAST - d for d in range(0, 70)) + (0, 1, M, M - 3, M - 40, 1 << 31)


def beyond(p, accesses):
    return any((p & M) + offset + size > LAST for offset, size in accesses)


def records():
    """Straight code: each order of offsets and widths, at each distance from
    the end of memory."""
    text, cases = "", []
    shapes = {
        "up": [("i32.store", o, 4) for o in (0, 4, 8, 12)],
        "down": [("i32.store", o, 4) for o in (12, 8, 4, 0)],
        "mixed": [("i32.store8", 3, 1), ("i64.store", 8, 8), ("i32.store16", 1, 2),
                  ("f32.store", 20, 4), ("i32.store", 0, 4)],
        "wide": [("v128.store", 0, 16), ("i32.store8", 16, 1),
                 ("v128.store", 5, 16)],
        "holes": [("i32.store", 0, 4), ("i32.store", 60, 4), ("i32.store", 30, 4)],
        "far": [("i32.store8", 0, 1), ("i32.store8", 0x7fffffff, 1),
                ("i32.store8", 1, 1)],
        "last": [("i32.store8", 0, 1), ("i32.store8", M, 1)],
    }
    for name, accesses in shapes.items():
        body = "".join(store("p", {
            "i64.store": "(i64.const 0x8877665544332211)",
            "f32.store": "(f32.const 1.5)", "v128.store":
            f"(v128.const i32x4 {k + 1} 2 3 4)"}.get(kind, 100 + k), kind, offset)
            for k, (kind, offset, _) in enumerate(accesses))
        text += function(name, "p", "", body)
        text += function("loads_" + name, "p", "s", "".join(
            set_("s", op("xor", "s", load("p", kind, offset))) for kind, offset in
            (({1: "i32.load8_u", 2: "i32.load16_u"}.get(size, "i32.load"), offset)
             for _, offset, size in accesses)) + "(local.get $s)", "i32")
        loaded = [(offset, min(size, 4)) for _, offset, size in accesses]
        for p in NEAR:
            cases.append(Case(name, (p,), beyond(p, [a[1:] for a in accesses])))
            if p % 4 < 2:
                cases.append(Case("loads_" + name, (p,), beyond(p, loaded)))
    return group("records", one_page(text), cases)


def between():
    """Something between the accesses: it must see those before, and happen
    before those behind."""
    text = ("  (global $seen (mut i32) (i32.const 0))\n"
            "  (func $see (param $p i32)"
            " (global.set $seen (i32.add (i32.load (local.get $p))"
            " (global.get $seen))))\n")
    first, second = store("p", 7), store("p", 8, offset=16)
    text += function("division", "p d", "s", first + set_(
        "s", op("div_u", 1, "d")) + second)
    text += function("called", "p d", "", first + "(call $see (local.get $d))"
                     + second)
    text += function("counted", "p d", "", first + "(global.set $seen (i32.add "
                     "(global.get $seen) (local.get $d)))" + second)
    text += function("filled", "p d", "", first + "(memory.fill (local.get $d) "
                     "(i32.const 9) (i32.const 8))" + second)
    text += function("dropped", "p d", "", first + f"(drop {load('d')})" + second
                     + f"(drop {load('p', offset=32)})")
    text += function("branch", "p d", "", first + f"(if {op('and', 'd', 1)} (then "
                     + store("p", 1, offset=8) + "(return)))" + second)
    text += function("arms", "p d", "", (
        f"(if {op('and', 'd', 1)} (then {store('p', 1, offset=4)}"
        f"{store('p', 2, offset=8)}) (else {store('p', 3, offset=12)}))") + second)
    # A base that changes between, and one that a load of the record gives.
    text += function("chase", "p d", "q", (
        first + set_("q", load("p", offset=4)) + store("q", "d", offset=4) +
        store("q", "d") + second))
    text += function("moved", "p d", "", first + set_("p", op("add", "p", "d")) +
                     second + store("p", 1, offset=4))
    cases = []
    for p in (0, LAST - 36, LAST - 35, LAST - 20, LAST - 19, LAST - 16, LAST - 12,
              LAST - 11, LAST - 4, LAST - 3, LAST, M, M - 15):
        stops = (p & M) + 20 > LAST
        for d in (0, 1, 512, 1025, LAST - 8, LAST - 4, LAST - 3, LAST):
            cases.append(Case("division", (p, d), stops or d == 0))
            cases.append(Case("called", (p, d), stops or d + 4 > LAST))
            cases.append(Case("counted", (p, d), stops))
            cases.append(Case("filled", (p, d), stops or d + 8 > LAST))
            cases.append(Case("dropped", (p, d), p + 36 > LAST or d + 4 > LAST))
            cases.append(Case("branch", (p, d), p + 12 > LAST if d & 1 else stops))
            cases.append(Case("arms", (p, d), stops))
            moved = p + d & M
            cases.append(Case("moved", (p, d), p + 4 > LAST or
                              moved + 20 > LAST))
        cases += [traps("chase", p, 5)]
    for p in (256, 1024, LAST - 1024, LAST - 600):
        # The word at p + 4: 0 between the patterns.
        cases.append(Case("chase", (p, 5), 256 <= p < 512))
    return group("between", one_page(text), cases)


def widths():
    """Loops whose accesses have several widths, alignments and steps."""
    text = function("soup", "p n", "i", counted("i", "n", (
        store(op("add", "p", op("mul", "i", 11)), "i", "i32.store8") +
        store(op("add", "p", op("mul", "i", 11)), "(i64.const 0x0102030405060708)",
              "i64.store", 1) +
        store(op("add", "p", op("mul", "i", 11)), "i", "i32.store16", 9))))
    text += function("hinted", "p n", "i", counted("i", "n", (
        "(i64.store align=8 (i32.add (local.get $p) (i32.shl (local.get $i) "
        "(i32.const 3))) (i64.load align=8 (i32.add (local.get $p) (i32.shl "
        "(local.get $i) (i32.const 3)))))" +
        store(element("p", "i", 3), "i", "i32.store", 4))))
    text += function("vectors", "d s n", "i", counted("i", "n", store(
        element("d", "i", 4), "(i32x4.add (v128.load (i32.add (local.get $s) "
        "(i32.shl (local.get $i) (i32.const 4)))) (i32x4.splat (local.get $i)))",
        "v128.store")))
    text += function("lanes", "d s n", "i v:v128", counted("i", "n", (
        "(local.set $v (v128.load32_splat (i32.add (local.get $s) (i32.shl "
        "(local.get $i) (i32.const 2)))))"
        "(local.set $v (v128.load32_lane offset=4 1 (i32.add (local.get $s) "
        "(i32.shl (local.get $i) (i32.const 2))) (local.get $v)))"
        "(v128.store32_lane offset=8 1 (i32.add (local.get $d) (i32.shl "
        "(local.get $i) (i32.const 2))) (local.get $v))"
        "(v128.store (local.get $d) (local.get $v))")))
    text += function("pairs", "p n", "i", counted("i", "n", (
        store(element("p", "i", 3), "i") + store(element("p", "i", 3), "n",
                                                 offset=4)), step=1))
    text += function("unrolled", "p n", "i", counted("i", "n", "".join(
        store(element("p", "i"), k, offset=4 * k) for k in range(4)), step=4))
    cases = []
    for n in (0, 1, 2, 6):
        for d in range(-3, 14):
            for name, step, first, last in (
                    ("soup", 11, 0, 11), ("hinted", 8, 0, 8),
                    ("pairs", 8, 0, 8)):
                p = LAST - d - (step * (n - 1) + last if n else 0)
                cases.append(Case(name, (p, n), n > 0 and d < 0))
            p = LAST - d - 4 * (-(-n // 4) * 4)
            cases.append(Case("unrolled", (p, n), n > 0 and d < 0))
            for name, reach in (("vectors", 16 * n), ("lanes", max(16, 4 * n + 8))):
                p = LAST - d - reach
                cases.append(Case(name, (p, 1024, n), n > 0 and d < 0))
                # The last load of a lane: at 4 (n - 1) + 4.
                reach = 4 * n + 4 if name == "lanes" else reach
                cases.append(Case(name, (1024, LAST - d - reach, n),
                                  n > 0 and d < 0))
    cases += [traps(name, 3, M) for name in ("soup", "hinted", "pairs", "unrolled")]
    return group("widths", one_page(text), cases)


def fields():
    return [records(), between(), widths()]
