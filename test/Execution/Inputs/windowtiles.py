# windowtiles.py - accesses of grids that come or not, at the ends of tiles.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What does not come must not count, however far it would reach; what comes counts
# though its neighbours do not. Indices that differ by a constant are far apart where
# one of them has wrapped around: -4, the end of the 32-bit window, and 0. Who traps
# follows from the addresses that each thread accesses, one after the other.

from ranges import counted, element, op, set_
from windowgrid import END, SHARED, TOP, Launch, group
from windowpaths import MEMORY, when
from windowplaces import place, read, write
from windows import BASE

TILE = set_("t", op("add", "h", "n"))  # from n bytes into shared memory on
M = 0xffffffff


def bit(k):
    return op("and", op("shr_u", "m", k), 1)


def at(base, distance):
    return op("add", base, distance) if distance else base


def near(has_stack):
    """Starts: n for h + n, at the ends of all places, and misaligned ones."""
    edges = [BASE, BASE + SHARED, END, 0] + ([TOP] if has_stack else [])
    steps = (-68, -64, -52, -36, -20, -16, -12, -10, -8, -6, -4, -3, -2, -1, 0, 1, 4)
    return [e + d - BASE for e in edges for d in steps]


def judged(has_stack, accesses):
    """How many threads trap; `accesses` lists each thread's, by address and
    size."""
    return sum(any(place(a & M, size, has_stack) is None for a, size in mine)
               for mine in accesses)


def fewer(cases):
    """All that end, and of those that trap, each a process, some of a kernel."""
    seen, kept = {}, []
    for case in cases:
        count = seen[case.export] = seen.get(case.export, 0) + bool(case.traps)
        if not case.traps or count % 8 == 1:
            kept.append(case)
    return kept


def apart(has_stack):
    """A few accesses at constant distances, each under a bit of m."""
    # (bit, distance, bytes, under which access; ~k: if k does not come, None: by
    # itself).
    shapes = {
        "pair": [(0, 0, 4, None), (1, 4, 4, None)],
        "lower": [(0, 0, 4, None), (1, -4, 4, None)],
        "three": [(0, 0, 4, None), (1, 16, 4, 0), (2, 32, 4, 1)],
        "downward": [(0, 8, 4, None), (1, 4, 2, 0), (2, 0, 8, 1)],
        "wide": [(0, 0, 1, None), (1, 7, 2, None), (2, 16, 8, 1), (3, 32, 16, 1)],
        "always": [(None, 0, 4, None), (0, 4, 4, None), (None, 8, 4, None),
                   (1, 12, 4, None)],
        # Either, or the other if one more bit says so.
        "else": [(0, 0, 4, None), (1, 16, 4, ~0)],
        # From below 0 into shared memory, and beyond it and the stack.
        "into": [(0, 0, 4, None), (1, BASE + 4, 4, None)],
        "beyond": [(0, 0, 4, None), (1, TOP + 36, 4, None), (2, TOP + 68, 2, 1)]}
    bodies, cases = {}, []
    for shape, parts in shapes.items():
        def body(base, access):
            def code(parent):
                text = ""
                for k, (b, distance, size, under) in enumerate(parts):
                    if under == parent:
                        inner = access(size, at(base, distance)) + code(k)
                        text += inner if b is None else when(
                            bit(b), inner, code(~k))
                return text
            return code(None)
        bodies[shape] = TILE + body("t", read)
        bodies[shape + "_any"] = body("p", read)
        bodies[shape + "_stores"] = TILE + body(
            "t", lambda size, a: write(size, a, op("add", "x", 1)))
        for k, n in enumerate(near(has_stack)):
            for m in range(16 if shape == "wide" else 8):
                came, accesses = set(), []
                for j, (b, distance, size, under) in enumerate(parts):
                    if (b is None or m >> b & 1) and (
                            under is None or under in came or
                            under < 0 and ~under not in came):
                        came.add(j)
                        accesses.append((BASE + n + distance, size))
                traps = judged(has_stack, [accesses])
                if (k + m) % 3 == 0 or not traps and (k + m) % 3 == 1:
                    cases.append(Launch(shape, 1, (0, 0, n, m), traps))
                if (k + m) % 3 == 1:
                    cases.append(Launch(shape + "_any", 1, (BASE + n, 0, 0, m), traps))
                if (k + m) % 13 == 0:
                    cases.append(Launch(shape + "_stores", 1, (0, 0, n, m), traps))
    together = [name for name in bodies if not name.endswith("_stores")]
    return group("apart_stack" if has_stack else "apart", bodies, fewer(cases),
                 together=together, has_stack=has_stack)


def arms(has_stack):
    """Either of two neighbours: -4 in one arm, 0 in the other."""
    bodies, cases = {}, []
    for name, base, left, right in (
            ("known", "t", -4, 0), ("any", "p", -4, 0), ("far", "t", 0, 4096),
            ("over", "p", 8, 0)):
        bodies[name] = TILE + when("m", read(4, at(base, left)), read(
            4, at(base, right)))
        for n in near(has_stack):
            for m in (0, 1):
                where = BASE + n + (left if m else right)
                cases.append(Launch(name, 1, (BASE + n, 0, n, m), judged(
                    has_stack, [[(where, 4)]])))
    return group("either_stack" if has_stack else "either", bodies, fewer(cases),
                 together=bodies, has_stack=has_stack)


def tiles(has_stack):
    """Eight threads, or some more, fill a tile in at most four trips: the last row
    is not there, or not all of it; and in one, if (x < m)."""
    bodies, cases = {}, []
    starts = (0, 4, 8, 12, 16, 13, 14, 20, 32, 60, 64, -4, -8, -64, 1, END - BASE - 64,
              END - BASE - 52, END - BASE - 51, END - BASE - 48, END - BASE - 16,
              -BASE, -BASE - 4, -BASE - 32, -BASE - 28, TOP - BASE - 52)
    for trips, step, bound in ((2, 8, 16), (2, 8, 13), (2, 8, 9), (4, 4, 16), (
            4, 4, 14), (3, 4, 9), (1, 16, 11)):
        name = f"fill{step}_{bound}"
        bodies[name] = TILE + counted("i", bound, write(
            4, element("t", "i"), op("add", "i", 1)), start="x", step=step)
        bodies["read_" + name] = TILE + counted("i", bound, read(
            4, element("p", "i")), start="x", step=step)
        for n in starts:
            threads = [[(BASE + n + 4 * i, 4) for i in range(x, bound, step)]
                       for x in range(8)]
            assert max(map(len, threads)) <= trips * (2 if step == 4 else 1)
            traps = judged(has_stack, threads)
            cases.append(Launch("read_" + name, 8, (BASE + n, 0, n, 0), traps))
            # What is stored beside the tile must not be the module's end.
            if n % 3 or not traps:
                cases.append(Launch(name, 8, (0, 0, n, 0), traps))
    # A tile's row, as long as the data has it: 15 elements at most.
    bodies["row"] = TILE + counted("i", op("and", "m", 15), write(
        4, element("t", "i"), op("add", "i", 1)))
    bodies["read_row"] = TILE + counted("i", op("and", "m", 15), read(
        4, element("t", "i")), bottom=True)
    for n in starts:
        for m in (0, 1, 4, 11, 12, 13, 15):
            def row(count):
                return judged(has_stack, [[
                    (BASE + n + 4 * i, 4) for i in range(count)]])
            cases.append(Launch("read_row", 1, (0, 0, n, m), row(max(m, 1))))
            if (n + m) % 3 == 0:
                cases.append(Launch("row", 1, (0, 0, n, m), row(m)))
    bodies["first"] = TILE + when(op("lt_u", "x", "m"), write(
        4, element("t", "x"), op("add", "x", 1)))
    bodies["read_first"] = TILE + when(op("lt_u", "x", "m"), read(
        4, element("t", "x")))
    for n in starts:
        for m in (0, 1, 11, 16, 17, 20, M):
            threads = [[(BASE + n + 4 * x, 4)] if x < m else [] for x in range(20)]
            traps = judged(has_stack, threads)
            cases.append(Launch("read_first", 20, (0, 0, n, m), traps))
            if (n + m) % 3 == 0:
                cases.append(Launch("first", 20, (0, 0, n, m), traps))
    together = [name for name in bodies if name.startswith("read_")]
    return group("tile_ends_stack" if has_stack else "tile_ends", bodies, fewer(cases),
                 together=together, has_stack=has_stack)


def ends():
    return [f(has_stack) for f in (apart, arms, tiles)
            for has_stack in (False, True)]
