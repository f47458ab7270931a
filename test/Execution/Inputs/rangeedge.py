# rangeedge.py - unlikely accesses: misaligned ones, and some that do not come.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Where a test of many accesses fails, each is checked and made by itself, byte by
# byte if its address is no multiple of its size, which is only a hint in Wasm (core
# spec 4.4.7). The memory has 65536 bytes, no less and no more. index + offset has 33
# bits and never wraps around, while an index that is a sum does.

from ranges import (LAST, Case, counted, function, group, load, one_page, op, set_,
                    store)

M = 0xffffffff
KINDS = {1: ("i32.load8_u", "i32.store8"), 2: ("i32.load16_u", "i32.store16"),
         4: ("f32.load", "f32.store"), 8: ("i64.load", "i64.store"),
         16: ("v128.load", "v128.store")}
TIMES = 7  # more checks than a function would have helpers for


def beyond(accesses):
    return any((at & M) + offset + size > LAST for at, offset, size in accesses)


def move(size, to, start, to_offset=0, offset=0):
    """Copies so many bytes."""
    kind, kept = KINDS[size]
    return store(to, load(start, kind, offset), kept, to_offset)


def fewer(cases, share):
    """All that end, and some of those that trap: each is a process."""
    bad = [case for case in cases if case.traps]
    return [case for case in cases if not case.traps] + bad[::share]


def copies():
    """From p to q, of each width, at each distance from an aligned address and from
    memory's end: by offsets, and by sums; the two may overlap."""
    text, cases = "", []
    for size in KINDS:
        way = TIMES * size
        text += function(f"offsets{size}", "p q", "", "".join(
            move(size, "q", "p", k * size, k * size) for k in range(TIMES)))
        text += function(f"sums{size}", "p q", "", "".join(
            move(size, op("add", "q", k * size), op("add", "p", k * size))
            for k in range(TIMES)))
        # The last comes first, and the rest may not.
        text += function(f"down{size}", "p q", "", "".join(
            move(size, "q", "p", k * size, k * size)
            for k in reversed(range(TIMES))))
        starts = [(16 + d, 1024 + d // 3) for d in range(size + 1)]
        starts += [(LAST - way + d, 2048 + d % 3) for d in range(-size, way + 2, max(
            1, size // 2 - 1))]
        starts += [(33 + d, LAST - way + d) for d in range(-size, way + 2, max(
            1, size // 2 + 1))]
        starts += [(64, 64 + size // 2), (64 + size // 2, 64), (65, 66),
                   (LAST - way, LAST - way - 1), (-size, 512), (512, -size),
                   (-3 * size - 1, 600), (600, 1 - 2 * size), (1 << 31, 0)]
        for p, q in starts:
            offsets = [((base, k * size, size)) for base in (p, q)
                       for k in range(TIMES)]
            sums = [(base + k * size, 0, size) for base in (p, q)
                    for k in range(TIMES)]
            cases += [Case(f"offsets{size}", (p, q), beyond(offsets)),
                      Case(f"sums{size}", (p, q), beyond(sums)),
                      Case(f"down{size}", (p, q), beyond(offsets))]
    return group("copies", one_page(text), fewer(cases, 5))


def widths():
    """All widths in one function: 31 bytes without a gap, loads from p, stores to q;
    at most one of each is aligned. In a loop as well, by steps of 31."""
    at, parts = 0, []
    for size in KINDS:
        parts.append((at, size))
        at += size
    body = "".join(move(size, "q", "p", offset, offset) for offset, size in parts)
    text = function("once", "p q", "", body)
    text += function("often", "p q n", "i", counted("i", "n", body + set_(
        "p", op("add", "p", at)) + set_("q", op("add", "q", at))))
    text += function("indexed", "p q n", "i", counted("i", "n", "".join(move(
        size, op("add", "q", op("mul", "i", at)), op("add", "p", op("mul", "i", at)),
        offset, offset) for offset, size in parts)))
    text += function("backward", "p q n", "i", counted("i", "n", body + set_(
        "p", op("sub", "p", at)) + set_("q", op("sub", "q", at))))
    cases = []

    def case(name, p, q, n=None):
        rounds = 1 if n is None else n
        step = -at if name == "backward" else at
        accesses = [(base + step * k, offset, size) for k in range(rounds)
                    for base in (p, q) for offset, size in parts]
        cases.append(Case(name, (p, q) if n is None else (p, q, n), beyond(accesses)))
    for d in range(-2, at + 3):
        case("once", LAST - at + d, 1000 + d)
        case("once", 100 + d, LAST - at + d)
    for n in (0, 1, 2, 5):
        for d in (-16, -3, -1, 0, 1, 2, 7, 15, 16, 30, 31):
            for name in ("often", "indexed"):
                case(name, LAST - at * n + d, 4096 + d, n)
                case(name, 40 + d, LAST - at * n + d, n)
            case("backward", LAST - at + d, 4096, n)
            case("backward", at * (n - 1) + d, LAST - at, n)
    return group("widths_mixed", one_page(text), fewer(cases, 3))


def partial():
    """Accesses under the bits of d, at sums that wrap around on their own; what is
    stored before a trap stays, and nothing behind it comes."""
    parts = [(-4, 0, 4, "store"), (0, 0, 4, "store"), (6, 0, 2, "store"),
             (8, 0, 8, "load"), (16, 1, 1, "store"), (0, 0xfffffffc, 4, "store"),
             (0, LAST - 4, 4, "store"), (-8, 8, 16, "load")]
    text = ""
    for name in ("bits", "nested"):
        body = ""
        for k, (distance, offset, size, what) in reversed(list(enumerate(parts))):
            where = op("add", "p", distance)
            kind = KINDS[size][what == "store"].replace("f32", "i32")
            made = {8: "(i32.wrap_i64 {})", 16: "(i32x4.extract_lane 1 {})"}.get(
                size, "{}")
            access = store(where, k + 1, kind, offset) if what == "store" else store(
                256, made.format(load(where, kind, offset)), offset=4 * k)
            bit = op("and", op("shr_u", "d", k), 1)
            body = f"(if {bit} (then {access}{body if name == 'nested' else ''}))" + (
                body if name == "bits" else "")
        text += function(name, "p d", "", body)
    text += function("either", "p d", "s", f"(if {op('and', 'd', 1)} (then " + set_(
        "s", load(op("sub", "p", 4))) + ") (else " + set_("s", load("p")) + "))" + store(
            256, "s") + f"(if {op('and', 'd', 2)} (then " + store(
                op("add", "p", 4), "s") + ") (else " + store("p", "s", offset=8) + "))")
    cases = []
    starts = (0, 1, 2, 4, 8, 9, 512, -1, -4, -6, -8, -12, -16, -18, -20, 1 << 31,
              *(LAST + d for d in (-24, -20, -18, -17, -16, -15, -14, -8, -7, -4, -3, 0,
                                   4, 5)))
    for j, p in enumerate(starts):
        for d in (0, 1, 2, 3, 4, 6, 8, 16, 32, 64, 128, 30, 31, 95, 223, 159, 255,
                  (37 * j + 11) & 255, (91 * j + 6) & 255):
            chosen = [(p + a, offset, size) for k, (a, offset, size, _) in
                      enumerate(parts) if d >> k & 1]
            cases.append(Case("bits", (p, d), beyond(chosen)))
            first = next(k for k in range(9) if not d >> k & 1)
            chosen = [(p + a, offset, size) for a, offset, size, _ in parts[:first]]
            cases.append(Case("nested", (p, d), beyond(chosen)))
        for d in range(4):
            cases.append(Case("either", (p, d), beyond(
                [(p - 4 if d & 1 else p, 0, 4),
                 (p + 4, 0, 4) if d & 2 else (p, 8, 4)])))
    return group("partial", one_page(text), fewer(cases, 6))


def whole():
    """A memory of 2^32 bytes, as large as it can be: all indices are in bounds, but
    not all accesses; one that wraps around lands at 0. The results are by hand."""
    text = '  (memory (export "memory") 65536)\n'
    text += function("one", "p v", "", store("p", "v") + load("p"), "i32")
    text += function("byte", "p", "", store("p", 9, "i32.store8", M) + load(
        "p", "i32.load8_u", M), "i32")
    text += function("seven", "p", "s", "".join(
        store("p", k + 1, offset=4 * k) for k in range(7)) + op("add", load(
            "p", offset=24), load("p")), "i32")
    text += function("sums", "p", "s", "".join(
        store(op("add", "p", 4 * k), k + 1) for k in range(7)) + load(0), "i32")
    text += function("some", "p d", "s", "".join(
        f"(if {op('and', op('shr_u', 'd', k), 1)} (then " + store(
            op("add", "p", 4 * k), k + 1) + "))" for k in range(3)) + op(
                "add", load(0), op("shl", load(op("sub", 0, 4)), 8)), "i32")
    outside = "out of bounds memory access"
    cases = [("one", (M - 3, 7), 7), ("one", (M - 2, 7), outside),
             ("one", (M, 7), outside), ("one", (M - 5, 7), 7),
             ("byte", (0,), 9), ("byte", (1,), outside),
             ("seven", (M - 27,), 8), ("seven", (M - 28,), 8),
             ("seven", (M - 26,), outside), ("seven", (M - 3,), outside),
             ("sums", (M - 11,), 4), ("sums", (M - 13,), outside),
             ("sums", (0,), 1), ("some", (M - 3, 0), 0), ("some", (M - 3, 3), 0x102),
             ("some", (M - 3, 2), 2), ("some", (M - 7, 6), 0x203),
             ("some", (M - 7, 4), 3), ("some", (M - 5, 2), outside),
             ("some", (M - 5, 5), 0x30000)]

    def check(runner):
        problems = []
        # On a GPU each is a process that starts the driver.
        step = 1 if runner.options.device == "host" else 2
        for export, args, wanted in cases[::step]:
            code, report, error = runner.twrun(
                ["invoke", export, "--"] + [str(a) for a in args], verify=False,
                timeout=120)
            found = (report.get("trap") or {}).get("message") if code == 3 else [
                int(r["bits"], 16) for r in report.get("results", [])]
            if found != (wanted if code == 3 else [wanted]) or code not in (0, 3):
                problems.append(f"{export}{args} = {found}, expected {wanted}: exit "
                                f"code {code}: {error}")
        return problems
    return group("whole", text, [], [check])


def edges():
    return [copies(), widths(), partial()]
