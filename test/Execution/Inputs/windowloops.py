# windowloops.py - loops of grids in which threads meet, and short loops.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A loop with a barrier has one copy: what is known ahead of it of all rounds, or
# of those that come. Faults in the first, a middle and the last round, of one
# thread or all; the others go on, and their results are right. Loops of constant
# trips, which compilers unroll, with faults in each part.

from ranges import counted, element, load, op, set_, store
from windowgrid import END, SHARED, TOP, Launch, group
from windowpaths import MEMORY, RES, when
from windowplaces import LOW, add, read, write
from windows import BASE

BARRIER = "(call $barrier)"


def tiles():
    """As kernels walk through tiles: from anywhere into shared memory, wait,
    the neighbour's, wait. Eight threads."""
    mine = element("h", "x")
    next_ = element("h", op("and", op("add", "x", 1), 7))
    row = op("add", "p", op("add", op("shl", "x", 2), op("shl", "i", 5)))

    def walk(extra="", first=row, bound="n", test="lt_u", step=1, bottom=False):
        return counted("i", bound, (
            store(mine, op("add", load(first), "i")) + BARRIER + add(load(next_)) +
            extra + BARRIER), test=test, step=step, bottom=bottom)
    bodies = {
        "tile": walk(),
        "bottom": walk(bottom=True),
        "loaded": walk(bound=load("q")),
        "unequal": walk(test="ne", step=2),
        "rare": walk(when(op("eq", "i", "m"), read(4, op("add", "q", op(
            "shl", "x", 2))))),
        "never": walk(when(op("gt_u", "i", 20), read(4, op("add", "q", op(
            "shl", "i", 2))) + read(4, "q"))),
        "single": walk(when(op("eq", "x", "m"), write(4, op("add", "q", op(
            "shl", "i", 2)), "s"))),
        "halves": walk(when(op("and", "i", 1), read(4, op("add", "p", op(
            "shl", "i", 1))), read(8, op("add", "q", op("shl", "i", 1))))),
        "skewed": walk(first=op("add", "p", op("mul", "i", op("add", "m", 2)))),
        "borders": walk(when(op("gt_u", "i", 0), read(4, op("sub", row, 32))) + when(
            op("lt_u", "i", op("sub", "n", 1)), read(4, op("add", row, 32))))}
    cases = []
    for name in ("tile", "bottom"):
        n = int(name == "bottom")
        cases += [Launch(name, 8, args, t) for args, t in (
            ((END - 32 * 6, 0, 6, 0), 0), ((END - 32 * 6 + 4, 0, 6, 0), 1),
            ((END - 32 * 6 + 20, 0, 6, 0), 5), ((END - 32 * 6, 0, 7, 0), 8),
            ((END - 32 * 6 + 2, 0, 6, 0), 1), ((MEMORY + 1, 0, 6, 0), 0),
            ((END, 0, 0, 0), 8 * n), ((END - 32, 0, 1, 0), 0),
            ((END - 32 * 3 - 16, 0, -1, 0), 8), ((BASE, 0, 2, 0), 0),
            ((BASE + SHARED - 32, 0, 1, 0), 0), ((BASE + SHARED - 30, 0, 1, 0), 1),
            ((-64, 0, 0x80000000, 0), 8), ((-32, 0, 1, 0), 8))]
    cases += [Launch("loaded", 8, args, t) for args, t in (
        ((MEMORY, TOP + 4000, 9, 0), 0), ((END - 64, TOP, 9, 0), 8),
        ((END + 5, TOP + 4000, 9, 0), 0), ((MEMORY, END, 9, 0), 8),
        ((MEMORY, END - 3, 9, 0), 8), ((MEMORY, 512, 9, 0), 0))]
    cases += [Launch("unequal", 8, (p, 0, n, 0), t) for p, n, t in (
        (END - 96, 4, 0), (END - 96, 6, 8), (END - 96, 3, 8), (END, 0, 0),
        (END - 128 - 12, 6, 5), (END - 32 * 5, 6, 0))]
    for name, rounds in (("rare", 8), ("never", 24)):
        m = 5 if name == "rare" else 0
        cases += [Launch(name, 8, args, t) for args, t in (
            ((MEMORY, END, m if m else 20, m), 0), ((MEMORY, END, 21, m),
             8 if m else 0), ((MEMORY, END, 22, m), 8),
            ((MEMORY, MEMORY + 1, 30, m), 0), ((MEMORY, END, 0, m), 0),
            ((MEMORY, BASE, 22, m), 0),
            ((END - 32 * rounds, MEMORY, rounds, m), 0),
            ((END - 32 * rounds + 4, MEMORY, rounds, m), 1))]
    cases += [Launch("rare", 8, args, t) for args, t in (
        ((MEMORY, END - 16, 6, 5), 4), ((MEMORY, END - 16, 6, 6), 0),
        ((MEMORY, END - 16, 5, 5), 0), ((MEMORY, END - 16, 9, 0), 4),
        ((MEMORY, END - 30, 9, 8), 1), ((MEMORY, -8, 9, 8), 2))]
    cases += [Launch("single", 8, args, t) for args, t in (
        ((MEMORY, END - 24, 6, 3), 0), ((MEMORY, END - 24, 7, 3), 1),
        ((MEMORY, END - 24, 7, 8), 0), ((MEMORY, END - 22, 6, 0), 1),
        ((MEMORY, END, 1, 7), 1), ((MEMORY, END, 0, 7), 0),
        ((MEMORY, BASE + 32, 4, 7), 0), ((MEMORY, BASE + 50, 9, 7), 1),
        ((MEMORY, -8, 9, 2), 1), ((MEMORY, -8, 2, 2), 1))]
    cases += [Launch("halves", 8, args, t) for args, t in (
        ((MEMORY, MEMORY + 3, 9, 0), 0), ((MEMORY, END - 24, 10, 0), 0),
        ((MEMORY, END - 23, 8, 0), 0), ((MEMORY, END - 23, 9, 0), 8),
        ((MEMORY, BASE, 12, 0), 0), ((END - 320, BASE + 1, 10, 0), 0))]
    cases += [Launch("skewed", 8, (p, 0, n, m), t) for p, n, m, t in (
        (END - 12, 5, 0, 0), (END - 12, 6, 0, 8), (END - 13, 5, 0, 0),
        (END - 8, 5, -1, 0), (END - 7, 5, -1, 8), (END - 64, 9, 5, 0),
        (END - 64, 10, 5, 8), (8, 5, -4, 0), (8, 6, -4, 8), (MEMORY, 40, -2, 0),
        (BASE + 32, 15, 0, 0), (BASE + 32, 16, 0, 8), (BASE + 33, 14, 0, 0))]
    cases += [Launch("borders", 8, args, t) for args, t in (
        ((END - 96, 0, 3, 0), 0), ((0, 0, 5, 0), 0), ((BASE, 0, 2, 0), 0),
        ((END - 94, 0, 3, 0), 1), ((END - 32, 0, 1, 0), 0), ((0, 0, 1, 0), 0),
        ((END - 96, 0, 4, 0), 8), ((END - 92, 0, 3, 0), 1), ((-4, 0, 2, 0), 1))]
    return group("tiles", bodies, cases)


def nests():
    """Loops in loops, with a barrier in the inner one or the outer one only."""
    inner = read(4, op("add", "p", op("add", op("mul", "i", 16), op("shl", "j", 2))))
    bodies = {
        "outer": counted("i", "n", BARRIER + counted("j", 4, inner) + store(
            element("h", "x"), "s")),
        "inner": counted("i", "n", counted("j", "m", inner + BARRIER + write(
            4, element("q", "j"), "i"))),
        "triangle": counted("i", "n", counted("j", "i", when(op("ne", "j", "m"), (
            inner)) + BARRIER))}
    cases = [Launch("outer", 2, (p, 0, n, 0), t) for p, n, t in (
        (END - 64, 4, 0), (END - 63, 4, 2), (END - 64, 5, 2), (0, 9, 0),
        (BASE + 16, 3, 0), (BASE + 16, 4, 0), (BASE + 18, 3, 2), (-4, 1, 2))]
    cases += [Launch("inner", 2, (p, q, n, m), t) for p, q, n, m, t in (
        (END - 64, BASE, 4, 4, 0), (END - 64, BASE, 4, 5, 2),
        (END - 64, BASE, 5, 4, 2), (END - 64, BASE, 5, 0, 0),
        (MEMORY, BASE + 48, 3, 4, 0), (MEMORY, BASE + 50, 3, 4, 2),
        (MEMORY, END - 8, 2, 2, 0), (MEMORY, END - 8, 2, 3, 2), (END, END, 0, 9, 0),
        (END, END, 9, 0, 0), (MEMORY, BASE + 1, 9, 7, 0))]
    cases += [Launch("triangle", 2, (p, 0, n, m), t) for p, n, m, t in (
        (END - 60, 4, 9, 0), (END - 59, 4, 9, 2), (END - 59, 4, 2, 0),
        (END - 60, 5, 3, 2), (END - 72, 5, 0, 2), (0, 7, 9, 0), (BASE, 4, 9, 0),
        (END, 1, 0, 0), (END, 2, 0, 0), (END, 2, 1, 2))]
    return group("nests", bodies, cases)


TRIPS = (2, 3, 4, 8, 16, 33, 64)


def short(has_stack, flags=()):
    """Loops of constant trips: loads from p, stores to q, a byte each of a
    place that a fault does not spare."""
    bodies, cases = {}, []
    for trips in TRIPS:
        seen = store(op("add", op("add", "o", RES), "i"), op("add", "i", 1),
                     "i32.store8")
        bodies[f"reads{trips}"] = counted("i", trips, seen + add(
            load(element("p", "i"))), bottom=trips % 2 == 0)
        bodies[f"writes{trips}"] = counted("i", trips, store(
            op("add", "q", op("mul", "i", 8)), op("add", "i", 1)) + when(
                op("eq", "i", "m"), write(8, "p", "i")), bottom=trips % 2 == 0)
        size = 4 * trips
        cases += [Launch(f"reads{trips}", 1, (p, 0, 0, 0), t) for p, t in (
            (END - size, 0), (END - size + 1, 1), (END - 4, 1), (END, 1),
            (END - size // 2, 1), (-4, 1), (MEMORY + 3, 0),
            (BASE + SHARED - size if size <= SHARED else MEMORY, 0))]
        half = trips // 2
        cases += [Launch(f"writes{trips}", 1, (p, q, 0, m), t) for p, q, m, t in (
            (MEMORY, END - 2 * size + 4, trips, 0),
            (MEMORY, END - 2 * size + 5, trips, 1), (END - 7, MEMORY, trips, 0),
            (END - 7, MEMORY, trips - 1, 1), (END - 7, MEMORY, half, 1),
            (END - 8, MEMORY + 1, half, 0), (BASE + 56, END - 8 * half - 3, 0, 1),
            (BASE + 1, MEMORY, half, 0), (BASE + 57, MEMORY, 0, 1))]
        if has_stack:
            cases += [Launch(f"writes{trips}", 2, (p, q, 0, m), t)
                      for p, q, m, t in (
                (LOW + 56, MEMORY, half, 0), (LOW + 57, MEMORY, half, 2),
                (LOW - 1, MEMORY, half, 2), (LOW, LOW + 64 - 12, half, 0))
                      if q == MEMORY or trips == 2]
    return group("short_stack" if has_stack else "short" + "".join(flags).replace(
        "-", "_"), bodies, cases, has_stack=has_stack, flags=flags)


def loops():
    return [tiles(), nests(), short(False), short(True), short(False, ["-O1"])]
