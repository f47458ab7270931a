# windowpaths.py - accesses of grids under conditions.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A condition that does not hold keeps an access from being made, and a fault from
# coming; one that holds does neither. Stencils whose borders are at an end of a
# place, arms of branches, many branches in a row, conditions that cannot be
# computed earlier.

from ranges import element, get, load, op, set_, store
from windowgrid import END, SHARED, TOP, Launch, group
from windowplaces import LOW, add, read, write
from windows import BASE

MEMORY = TOP + 64


def when(condition, then, other=""):
    other = f" (else {other})" if other else ""
    return f"(if {get(condition)} (then {then}){other})"


def borders():
    """A square of 4 × 4 numbers, a thread each: the neighbours that there are
    (n = 0), or some that there are not (n says which condition is wrong)."""
    def square(size):
        side = 4
        here = set_("w", op("add", "p", op("mul", "x", size))) + set_(
            "k", op("and", "x", 3)) + set_("j", op("shr_u", "x", 2))
        parts = [(op("ge_s", "k", op("sub", 1, op("and", "n", 1))), -size),
                 (op("ge_s", "j", op("sub", 1, op("and", op("shr_u", "n", 1), 1))),
                  -side * size),
                 (op("lt_s", "k", op("add", 3, op("and", op("shr_u", "n", 2), 1))),
                  size),
                 (op("lt_s", "j", op("add", 3, op("and", op("shr_u", "n", 3), 1))),
                  side * size)]
        return here + read(size, "w") + "".join(
            when(c, read(size, op("add", "w", d))) for c, d in parts)
    bodies = {f"square{size}": square(size) for size in (1, 2, 4)}
    # The centre comes too late to keep the rest together, or not at all.
    bodies["edges"] = set_("w", op("add", "p", op("shl", "x", 2))) + when(
        op("gt_u", "x", 0), read(4, op("sub", "w", 4))) + when(
            op("lt_u", "x", "n"), read(4, op("add", "w", 4)) + when(
                op("lt_u", "x", "m"), read(4, op("add", "w", 8))))
    cases = []
    for size in (1, 2, 4):
        name, whole = f"square{size}", 16 * size
        cases += [Launch(name, 16, (p, 0, 0, 0), 0) for p in (
            0, BASE, BASE + SHARED - whole, END - whole, MEMORY + 1)]
        cases += [Launch(name, 16, (0, 0, 1, 0), 1),  # x = 0 goes to -1
                  Launch(name, 16, (0, 0, 2, 0), 4),
                  Launch(name, 16, (END - whole, 0, 4, 0), 1),
                  Launch(name, 16, (END - whole, 0, 8, 0), 4),
                  Launch(name, 16, (END - whole, 0, 3, 0), 0),
                  Launch(name, 16, (0, 0, 12, 0), 0),
                  Launch(name, 16, (0, 0, 15, 0), 4),
                  Launch(name, 5, (BASE, 0, 15, 0), 0),
                  Launch(name, 16, (BASE, 0, 15, 0), 0),
                  Launch(name, 16, (END - whole + size, 0, 0, 0), 3)]
    cases += [Launch("edges", 16, args, traps) for args, traps in (
        ((END - 64, 0, 15, 14), 0), ((END - 64, 0, 16, 14), 1),
        ((END - 64, 0, 15, 15), 1), ((END - 64, 0, 16, 16), 2),
        ((END - 64, 0, 15, 0), 0), ((0, 0, 15, 14), 0), ((-4, 0, 0, 0), 1),
        ((4, 0, 0, 99), 0), ((BASE, 0, 15, 14), 0), ((BASE + 1, 0, 14, 13), 0),
        ((BASE + 1, 0, 15, 15), 2), ((BASE + 3, 0, 16, 16), 2),
        ((-4, 0, 15, 14), 1))]
    return group("borders", bodies, cases)


def arms():
    """Both arms of a branch, and branches in branches; stores are seen up to
    the trap and not behind it."""
    mark = "".join(store("o", op("add", "s", k), offset=RES + 4 * k)
                   for k in range(2))
    bodies = {
        "either": mark + when("m", read(4, "p"), write(4, "q", 5)) + write(
            4, "h", 9),
        "both": when(op("and", "m", 1), read(4, "p") + read(8, "p", 8) + when(
            op("and", "m", 2), write(2, "q", 7) + read(4, "q", 4), read(4, "h"))
            + write(4, "h", "s", 8), when(op("and", "m", 4), read(8, "q", 8) + when(
                op("and", "m", 8), write(8, "p", "s"))) + write(4, "q", 3)) + read(
                    4, "h", 12),
        "before": store(op("add", "o", RES), 1) + when("m", store("p", 2)) + store(
            op("add", "o", RES + 4), 3) + when("n", store("q", 4)) + store(
                op("add", "o", RES + 8), 5),
        "leaves": when(op("eq", "x", "m"), read(4, "p") + "(br $out)") + read(
            4, "q") + read(4, op("add", "q", op("shl", "x", 2))),
        "selects": read(4, f"(select {get('p')} {get('q')} {get('m')})") + write(
            4, f"(select {get('q')} {op('add', 'h', 4)} {get('n')})", "s")}
    good = (BASE + 8, LOW + 8, MEMORY, BASE + SHARED - 16, LOW + 3)
    bad = (END - 1, -4, TOP - 1, BASE + SHARED - 1, 100)
    cases = []
    for k, p in enumerate(good):
        q, wrong, other = good[k - 2], bad[k], bad[k - 3]
        cases += [Launch("either", 2, args, traps) for args, traps in (
            ((p, q, 0, 1), 0), ((p, wrong, 0, 1), 0), ((wrong, q, 0, 1), 2),
            ((wrong, q, 0, 0), 0), ((p, wrong, 0, 0), 2), ((wrong, other, 0, 0), 2))]
        cases += [Launch("both", 1, (p, q, 0, m), 0) for m in (0, 1, 3, 4, 12)]
        cases += [Launch("both", 1, (p, wrong, 0, m), t) for m, t in (
            (0, 1), (1, 0), (3, 1), (4, 1), (12, 1))]
        cases += [Launch("both", 1, (wrong, q, 0, m), t) for m, t in (
            (0, 0), (1, 1), (3, 1), (4, 0), (12, 1))]
        cases += [Launch("before", 2, args, traps) for args, traps in (
            ((p, q, 1, 1), 0), ((wrong, q, 1, 0), 0), ((wrong, q, 1, 1), 2),
            ((p, wrong, 0, 1), 0), ((p, wrong, 1, 1), 2), ((wrong, other, 0, 0), 0))]
        cases += [Launch("selects", 1, args, traps) for args, traps in (
            ((p, wrong, 0, 1), 0), ((p, wrong, 1, 1), 1), ((wrong, q, 0, 0), 0),
            ((wrong, q, 1, 1), 1))]
        cases += [Launch("leaves", 3, (wrong, MEMORY, 0, m), int(m < 3))
                  for m in (1, 3)]
    cases += [Launch("leaves", 4, (MEMORY, END - 12, 0, m), t)
              for m, t in ((3, 0), (2, 1), (9, 1))]
    return group("arms", bodies, cases, has_stack=True)


RES = 16 * 8  # of the buffer, behind the results of eight threads


def many():
    """More conditional accesses than one test would be made for; neighbours,
    and such that have nothing to do with one another."""
    bits = range(14)

    def bit(k):
        return op("and", op("shr_u", "m", k), 1)
    bodies = {
        "neighbours": read(4, "p") + "".join(when(
            bit(k), read(4, op("add", "p", 4 * (k - 6)))) for k in bits),
        "strangers": "".join(when(bit(k), read(4, op("add", "p", op(
            "mul", "n", k)))) for k in bits),
        "writes": "".join(when(bit(k), store(op("add", "p", 4 * k), k + 1) + when(
            bit(k + 1), store(op("add", "q", op("mul", "n", k)), k, "i32.store16")))
            for k in bits),
        # So many paths that nobody can look at each: 2^30.
        "inside": when("n", read(4, "q") + "".join(when(op("and", op(
            "shr_u", "m", k), 1), store("p", k, "i32.store8", k))
            for k in range(30)))}
    p, cases = END - 28, []  # neighbours 13 and on are beyond
    cases += [Launch("neighbours", 2, (p, 0, 0, m), t) for m, t in (
        (0, 0), (0x1fff, 0), (0x2000, 2), (0x3fff, 2), (1, 0))]
    cases += [Launch("neighbours", 2, (20, 0, 0, m), t) for m, t in (
        (0x3ffe, 0), (0x3fff, 2), (0, 0), (1, 2))]
    cases += [Launch("neighbours", 2, (BASE + 24, 0, 0, 0x3fff), 0),
              Launch("neighbours", 2, (BASE + 22, 0, 0, 0x3ffe), 0),
              Launch("neighbours", 2, (BASE + 22, 0, 0, 0x3fff), 2)]
    cases += [Launch("strangers", 2, (p, 0, n, m), t) for n, m, t in (
        (4, 0x7f, 0), (4, 0xff, 2), (-4, 0x3fff, 0), (24, 3, 0), (24, 5, 2),
        (25, 2, 2), (0x10000000, 1, 0), (0x80000000, 0x1555, 0),
        (0x80000000, 2, 2), (3, 0xff, 0), (3, 0x3ff, 2))]
    cases += [Launch("writes", 1, (MEMORY, MEMORY + 256, n, m), 0)
              for n, m in ((2, 0x3fff), (-2, 0x2aaa), (1, 0x1b6d), (0, 0x3ffe))]
    cases += [Launch("writes", 1, (END - 16, BASE, 3, m), t) for m, t in (
        (15, 0), (31, 1), (16, 1), (5, 0))]
    cases += [Launch("writes", 1, (BASE, END - 10, 2, m), t) for m, t in (
        (0x3f, 0), (0x7f, 1), (0x2aaa, 0), (0xc0, 1))]
    cases += [Launch("inside", 1, (END - 26, q, n, m), t) for q, n, m, t in (
        (BASE, 1, 0x3ffffff, 0), (BASE, 1, 0x7ffffff, 1), (BASE, 0, -1, 0),
        (END, 1, 0, 1), (END, 0, 0, 0), (BASE + 1, 9, 0x2aaaaaa, 0))]
    return group("many", bodies, cases)


def hidden():
    """Conditions that only what comes before them tells: loaded, or divided by
    what may be 0; and those that hold for some threads only."""
    divided = op("gt_u", op("div_u", "m", "n"), 3)
    bodies = {
        "loaded": write(4, "h", "m") + when(op("ne", load("h"), 0), read(
            4, "p")) + read(4, "q") + when(load("q"), read(4, "p", 4)),
        "stored": when(load("q"), store("q", 0) + read(4, "q")) + when(
            load("q"), read(4, "p")) + read(4, "q", 4),
        "divided": read(4, "q") + when("n", when(divided, read(4, "p"))) + read(
            4, "q", 4),
        "dividing": read(4, "q") + when(divided, read(4, "p")) + write(4, "q", 8),
        "shifted": read(4, "q") + when(op("and", op("shr_u", "m", "x"), 1), read(
            4, element("p", "x")) + write(4, element("h", "x"), 1)) + read(
                4, "q", 4)}
    wrong, q = END - 2, MEMORY
    cases = [Launch("loaded", 1, args, t) for args, t in (
        ((wrong, q, 0, 0), 0), ((wrong, q, 0, 1), 1), ((q, q, 0, 1), 0),
        ((q, wrong, 0, 0), 1), ((wrong, BASE, 0, 0), 0), ((wrong, TOP, 0, 0), 1),
        ((END - 8, TOP, 0, 1), 0), ((END - 7, TOP, 0, 1), 1))]
    cases += [Launch("stored", 1, args, t) for args, t in (
        ((wrong, TOP, 0, 0), 0), ((wrong, q, 0, 0), 0), ((wrong, BASE, 0, 0), 0),
        ((q, END - 4, 0, 0), 1), ((q, BASE + 60, 0, 0), 0),
        ((q, BASE + 58, 0, 0), 1))]
    cases += [Launch("divided", 2, args, t) for args, t in (
        ((wrong, q, 0, 9), 0), ((wrong, q, 9, 9), 0), ((wrong, q, 1, 9), 2),
        ((q, q, 0, 0), 0), ((wrong, BASE + 1, 3, 11), 0), ((BASE, q, 2, 9), 0))]
    cases += [Launch("dividing", 1, args, t) for args, t in (
        ((wrong, q, 0, 9), 1), ((wrong, wrong, 0, 9), 1), ((wrong, q, 9, 9), 0),
        ((wrong, q, 1, 9), 1), ((q, q, 1, 9), 0))]
    cases += [Launch("shifted", 32, args, t) for args, t in (
        ((END - 64, q, 0, 0xf00f), 0), ((END - 64, q, 0, 0x1f00f), 1),
        ((END - 64, q, 0, 0x8000f000), 1), ((END - 63, q, 0, 0x8000), 1),
        ((END - 64, q, 0, 0xffff0000), 16), ((BASE, q, 0, -1), 0),
        ((-8, q, 0, 4), 0), ((-8, q, 0, 6), 1), ((BASE - 2, q, 0, 9), 1))]
    return group("hidden", bodies, cases)


def paths():
    return [borders(), arms(), many(), hidden()]
