# rangenest.py - nests of loops, ways out of them, and conditional accesses.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The outer loop may run though the inner one does not; a triangle's largest
# index is that of its last row; a loop that leaves early, or whose access is
# under a condition, must not trap for what it would have touched.

from ranges import (LAST, Case, counted, element, ends, function, group, load,
                    one_page, op, set_, store, traps)

M = 0xffffffff


def beyond(addresses, size=4):
    return any((a & M) + size > LAST for a in addresses)


def nests():
    """Rectangles with a pitch, and triangles, of two and three loops."""
    text = function("matrix", "p rows cols pitch", "i j", counted(
        "i", "rows", counted("j", "cols", store(op(
            "add", element("p", "j"), op("mul", "i", "pitch")), op(
                "add", "i", "j")))))
    text += function("turned", "p rows cols pitch", "i j", counted(
        "i", "cols", counted("j", "rows", store(op(
            "add", element("p", "i"), op("mul", "j", "pitch")), "j"))))
    text += function("lower", "p n", "i j", counted("i", "n", counted(
        "j", "i", store(element("p", op("add", op("mul", "i", 10), "j")), "j"))))
    text += function("upper", "p n", "i j", counted("i", "n", counted(
        "j", "n", store(element("p", op("add", "i", "j")), "i"), start="i")))
    text += function("cube", "p n m l", "i j k s", counted("i", "n", counted(
        "j", "m", counted("k", "l", set_("s", op("add", "s", load(op(
            "add", "p", op("add", op("mul", "i", 100), op(
                "add", element("k", "j", 4), "k"))))))))) + "(local.get $s)",
                     "i32")
    # Stores of both loops, and between them.
    text += function("rows", "p q n m", "i j", counted("i", "n", (
        store(element("p", "i"), 1) + counted("j", "m", store(
            op("add", "q", op("shl", op("add", op("mul", "i", 8), "j"), 1)), 2,
            "i32.store16")) + store(element("p", "i"), 3, offset=64))))
    cases = []
    for rows in (0, 1, 3, 6):
        for cols in (0, 1, 5):
            for pitch in (20, 0, 64, -24, 0x7fffffff):
                top = LAST - ((rows - 1) * pitch & M if pitch in (20, 64) and rows
                              else 0) - 4 * cols
                for p in sorted({256, top & M, top + 1 & M, LAST + 4}):
                    bad = beyond(p + 4 * j + i * pitch for i in range(rows)
                                 for j in range(cols))
                    for name in ("matrix", "turned"):
                        cases.append(Case(name, (p, rows, cols, pitch), bad))
    # Huge counts of one loop, with and without rounds of the other.
    cases += [ends("matrix", LAST, 3000, 0, 64), traps("matrix", LAST, 1, 1, 0),
              ends("matrix", LAST, 0, M, 64), traps("matrix", 0, 1, M, 64),
              traps("matrix", 0, M, 1, 64), traps("turned", 0, M, M, 4),
              ends("turned", LAST - 40, 10, 1, 4),
              traps("turned", LAST - 39, 10, 1, 4)]
    for n in (0, 1, 2, 5, 9):
        for p in (0, LAST - 40 * n, LAST - 44 * n, LAST - 44 * n + 8 + 40,
                  LAST - 44 * n + 45, LAST - 8 * n, LAST - 8 * n + 4,
                  LAST - 8 * n + 5, LAST):
            cases.append(Case("lower", (p & M, n), beyond(
                p + 4 * (10 * i + j) for i in range(n) for j in range(i))))
            cases.append(Case("upper", (p & M, n), beyond(
                p + 4 * (i + j) for i in range(n) for j in range(i, n))))
    for n, m, l in ((0, 3, 3), (3, 0, 3), (3, 3, 0), (2, 3, 4), (1, 1, 1)):
        span = 100 * (n - 1) + 16 * (m - 1) + 2 * (l - 1)
        for p in (0, LAST - span - 4, LAST - span - 3, LAST, -1):
            cases.append(Case("cube", (p & M, n, m, l), beyond(
                p + 100 * i + 16 * j + 2 * k for i in range(n)
                for j in range(m) for k in range(l))))
    for n, m in ((0, 9), (1, 0), (5, 8), (5, 9)):
        for p, q in ((0, 1024), (LAST - 84, 1024), (LAST - 83, 1024), (0, LAST),
                     (0, LAST - 80), (0, LAST - 81), (0, LAST - 79),
                     (LAST - 64, LAST - 16), (0, 0xfffffff0)):
            bad = beyond((p + 4 * i + 64 for i in range(n))) or beyond(
                (q + 16 * i + 2 * j for i in range(n) for j in range(m)), 2)
            cases.append(Case("rows", (p, q, n, m), bad))
    return group("nests", one_page(text), cases)


def exits():
    """Searches, copies of strings, limits that are met before memory's end."""
    found = op("eq", load(op("add", "p", "i"), "i32.load8_u"), "x")
    text = function("find", "p n x", "i", (
        "(block $found " + counted("i", "n", f"(br_if $found {found})") +
        " (return (i32.const -1))) (local.get $i)"), "i32")
    text += function("string", "d s", "c", (
        f"(loop $again {set_('c', load('s', 'i32.load8_u'))}"
        f" {store('d', 'c', 'i32.store8')} {set_('d', op('add', 'd', 1))}"
        f" {set_('s', op('add', 's', 1))} (br_if $again (local.get $c)))"))
    text += function("stop", "p n k", "i", counted("i", "n", (
        f"(br_if $done_i {op('eq', 'i', 'k')})" + store(element("p", "i"), "i"))))
    text += function("leave", "p n k", "i j", counted("i", "n", (
        counted("j", "n", (f"(br_if $done_i {op('eq', op('add', 'i', 'j'), 'k')})"
                           + store(element("p", op("add", "i", "j")), "j"))))))
    text += function("ret", "p n k", "i", counted("i", "n", (
        store(element("p", "i"), 6) +
        f"(if {op('ge_u', 'i', 'k')} (then (return (local.get $i))))"))
        + "(i32.const -7)", "i32")
    text += function("two_ways", "p n k", "i", (
        f"(loop $again (block $odd (br_if $odd {op('and', 'i', 1)})"
        f" {store(element('p', 'i'), 1)}) {set_('i', op('add', 'i', 1))}"
        f" (br_if $again {op('lt_u', 'i', 'n')})"
        f" (br_if $again {op('lt_u', 'i', 'k')}))"))
    cases = []
    for p, at in ((600, None), (LAST - 20, None), (LAST - 21, LAST - 1)):
        for n in (0, 19, 20, 21, M):
            # Memory's end is a pattern; its last byte is met in round 21.
            pattern = [(89 * i + 41) & 255 for i in range(512)]
            wanted = pattern[511] if at else 256
            bad = n > LAST - p and at is None and p > 600 or n == M and not at
            cases.append(Case("find", (p, n, wanted), bad))
    zero = next(i for i in range(512) if (89 * i + 41) & 255 == 0)
    for d, s in ((1024, 0), (1024, zero), (LAST - zero - 1, 0),
                 (LAST - zero, 0), (1024, LAST - 512), (0, LAST - 512 + zero),
                 (1024, LAST), (LAST, 1024), (1024, 0xfffffffb)):
        length = zero + 1 if s in (0, LAST - 512) else 1
        cases.append(Case("string", (d, s), s > LAST - 1 or d + length > LAST))
    for p in (0, LAST - 40, LAST - 39, LAST):
        for n in (0, 9, 10, 11, 0x40000000, M):
            for k in (0, 9, 10, 11):
                steps = min(n, k)
                bad = steps > 0 and p + 4 * steps > LAST
                cases.append(Case("stop", (p, n, k), bad))
                if n < 99:
                    seen, done = [], False
                    for i in range(n):
                        for j in range(n):
                            done = done or i + j == k
                            seen += [] if done else [p + 4 * (i + j)]
                    cases.append(Case("leave", (p, n, k), beyond(seen)))
                steps = min(n, k + 1)
                cases.append(Case("ret", (p, n, k),
                                  steps > 0 and p + 4 * steps > LAST))
                steps = max(n, k, 1)
                bad = beyond(p + 4 * i for i in range(0, min(steps, 99), 2))
                cases.append(Case("two_ways", (p, n, k), bad or steps > 99))
    return group("exits", one_page(text), cases)


def conditional():
    """Accesses of some rounds only: every other, the last, all but the first,
    those that a value in memory chooses; both arms, and an arm with a loop."""
    text, cases = "", []
    tests = {"even": (op("eqz", op("and", "i", 1)), lambda i, n: not i & 1),
             "last": (op("eq", "i", op("sub", "n", 1)), lambda i, n: i == n - 1),
             "later": (op("gt_u", "i", 0), lambda i, n: i > 0),
             "never": (op("gt_u", "i", "n"), lambda i, n: False),
             "low": (op("lt_u", "i", 5), lambda i, n: i < 5),
             "byte": (op("and", load("i", "i32.load8_u"), 4),
                      lambda i, n: (89 * i + 41) & 4)}
    for name, (test, chosen) in tests.items():
        text += function(name, "p n", "i", counted("i", "n", (
            f"(if {test} (then {store(element('p', 'i'), 'i')}))")))
        text += function("else_" + name, "p q n", "i", counted("i", "n", (
            f"(if {test} (then {store(element('p', 'i'), 'i')}) (else"
            f" {store(element('q', 'i'), 'n')}))")))
        for n in (0, 1, 2, 5, 6, 9, 10):
            for p in (512, LAST - 36, LAST - 32, LAST - 20, LAST - 3, LAST, -4):
                taken = [i for i in range(n) if chosen(i, n)]
                other = [i for i in range(n) if not chosen(i, n)]
                bad = beyond(p + 4 * i for i in taken)
                cases.append(Case(name, (p, n), bad))
                cases.append(Case("else_" + name, (p, 1024, n), bad))
                cases.append(Case("else_" + name, (1024, p, n),
                                  beyond(p + 4 * i for i in other)))
    text += function("guarded", "p n m", "i j", counted("i", "n", (
        f"(if {op('and', 'i', 2)} (then " + counted(
            "j", "m", store(element("p", op("add", "i", "j")), "j")) + "))")))
    # A select instead of a branch, and an index that the program clamps.
    text += function("clamped", "p n m", "i", counted("i", "n", store(element(
        "p", f"(select {op('add', 'i', 0)} {op('sub', 'm', 1)} "
        f"{op('lt_u', 'i', 'm')})"), "i")))
    text += function("masked", "p n m", "i", counted("i", "n", store(op(
        "add", "p", op("and", op("shl", "i", 2), "m")), "i")))
    for p in (0, LAST - 40, LAST - 39, LAST - 16, LAST):
        for n, m in ((0, 9), (2, 9), (3, 0), (3, 8), (4, 8), (9, 3), (100, 4)):
            cases.append(Case("guarded", (p, n, m), beyond(
                p + 4 * (i + j) for i in range(n) if i & 2 for j in range(m))))
            cases.append(Case("clamped", (p, n, m or 1), beyond(
                p + 4 * min(i, (m or 1) - 1) for i in range(n))))
            cases.append(Case("masked", (p, n, 4 * m), beyond(
                p + (4 * i & 4 * m) for i in range(n))))
    return group("conditional", one_page(text), cases)


def nested():
    return [nests(), exits(), conditional()]
