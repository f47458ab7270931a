# windowplaces.py - accesses of grids at every end of every place.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Neighbouring accesses of each width, at each byte around the ends of shared
# memory, of the stack and of linear memory, so misaligned too; pointers that
# lead to another place than most do.

from ranges import get, load, op, set_, store
from windowgrid import END, FRAME, SHARED, TOP, Launch, group
from windows import BASE

LOADS = {1: ("i32.load8_u", "{}"), 2: ("i32.load16_s", "{}"), 4: (
    "i32.load", "{}"), 8: ("i64.load", "(i32.wrap_i64 (i64.xor {0} (i64.shr_u "
    "{0} (i64.const 32))))"), 16: ("v128.load", "(i32x4.extract_lane 2 {})")}
STORES = {1: ("i32.store8", "{}"), 2: ("i32.store16", "{}"), 4: (
    "i32.store", "{}"), 8: ("i64.store", "(i64.mul (i64.extend_i32_u {}) "
    "(i64.const 0x100000001))"), 16: ("v128.store", "(i32x4.splat {})")}
PATTERN = 0xa5a5a5a5
LOW = TOP - FRAME  # of a stack of one frame


def add(value):
    return set_("s", op("add", op("mul", "s", 3), value))


def read(size, address, offset=0):
    kind, made = LOADS[size]
    return add(made.format(load(address, kind, offset)))


def write(size, address, value, offset=0):
    kind, made = STORES[size]
    return store(address, made.format(get(value)), kind, offset)


def place(at, size, has_stack):
    """Where a whole access is: a name; None if it traps."""
    end = at + size
    if BASE <= at < BASE + SHARED:
        return "shared" if end <= BASE + SHARED else None
    if has_stack and at < TOP:
        return "stack" if LOW <= at and end <= TOP else None
    if end > END or at < BASE < end:
        return None
    return "memory"


def around(size, has_stack):
    """Addresses around all ends for two accesses of so many bytes."""
    edges = [BASE, BASE + SHARED, END] + ([LOW, TOP] if has_stack else [])
    near = [e + d for e in edges for d in range(-2 * size - 1, 2)]
    if size == 16:  # of each alignment, but not at all ends
        near = near[::2] + near[-7::2]
    return near + [BASE + 17, 0xffffffff, 0xffffffff - size, 0x80000000] + (
        [TOP + 40] if has_stack else [0, 1, TOP + 7])


def pairs(has_stack):
    """Two loads of neighbours, by an offset, by an address that is known to be
    of shared memory, and by one that may wrap."""
    bodies, cases = {}, []
    for size in LOADS:
        known = op("add", "h", op("sub", "p", BASE))
        forms = {"": ("p", 0, "p", size), "_known": (known, 0, known, size),
                 "_sum": ("p", 0, op("add", "p", size), 0),
                 "_before": ("p", 0, op("add", "p", -size), 0)}
        if size > 1:  # that are never both aligned
            forms["_half"] = ("p", 0, "p", size // 2)
        if has_stack:
            own = op("add", "f", op("sub", "p", LOW))
            forms["_frame"] = (own, 0, own, size)
        for form, (first, k, second, m) in forms.items():
            name = f"load{size}{form}"
            bodies[name] = read(size, first, k) + read(size, second, m)
            for p in around(size, has_stack):
                other = p + (-size if form == "_before" else size // 2
                             if form == "_half" else size)
                if form in ("_sum", "_before"):
                    other &= 0xffffffff
                bad = None in (place(p, size, has_stack),
                               place(other, size, has_stack))
                cases.append(Launch(name, 1, (p, 0, 0, 0), int(bad)))
    cases = few_traps(cases)
    return group("loads_stack" if has_stack else "loads", bodies, cases,
                 together=bodies, has_stack=has_stack)


def few_traps(cases):
    """All that end, and of the others, each a process, some of a kernel."""
    kept, count = [], {}
    for k, case in enumerate(cases):
        seen = count[case.export] = count.get(case.export, 0) + case.traps
        if not case.traps or (seen + k // 64) % 4 == 0:
            kept.append(case)
    return kept


def stores(has_stack):
    """Two stores; each launch alone, for memory shows what was stored before
    the trap."""
    bodies, cases = {}, []
    for size in STORES:
        name = f"store{size}"
        bodies[name] = write(size, "p", PATTERN) + write(
            size, "p", PATTERN >> 1, size)
        chosen = around(size, has_stack)
        for p in chosen[::3] + chosen[1::5]:
            bad = None in (place(p, size, has_stack),
                           place(p + size, size, has_stack))
            cases.append(Launch(name, 1, (p, 0, 0, 0), int(bad)))
    return group("stores_stack" if has_stack else "stores", bodies, cases,
                 has_stack=has_stack)


def pointers():
    """Parameters that lead anywhere, and accesses to places that are known in
    one run with them; pointers may meet."""
    bodies, cases = {}, []
    homes = (BASE + 16, LOW + 16, TOP + 64, END - 32)
    for size in (2, 4, 8, 16):
        name = f"mixed{size}"
        bodies[name] = (
            write(4, "h", 77) + read(size, "p") + write(size, "q", "s") +
            read(size, "p", 8) + write(size, "f", op("add", "s", 5), 16) +
            read(4, "h", 4) + write(size, "q", "s", 8) + read(size, "p", 4) +
            read(size, "f", 12) + write(2, "h", "s", 20))
        for a in homes:
            for b in homes:
                cases.append(Launch(name, 1, (a, b, 0, 0), 0))
            cases.append(Launch(name, 1, (a + 1, homes[0] + size // 2, 0, 0), 0))
        cases += [Launch(name, 1, (p, q, 0, 0), 1) for p, q in (
            (homes[0], END - 4), (TOP - 3 - size, homes[0]),
            (BASE + SHARED - 4 - size, END - 64), (END - 6 - size, homes[1]),
            (homes[2], BASE + 64 - 7 - size))]
        cases.append(Launch(name, 1, (BASE - 64, TOP, 0, 0), 1))
    return group("pointers", bodies, cases, has_stack=True)


def offsets():
    """Constants that lead out of the window, up and down, and past 2^32."""
    window = f"(call $shared (i32.const {SHARED}))"
    bodies = {
        "above": read(4, op("add", window, op("add", "n", 200))) + read(
            4, op("add", window, op("add", "n", 204))),
        "below": read(4, op("sub", window, op("add", "n", 8))) + read(
            4, op("sub", window, op("add", "n", 4))),
        "wrapped": read(4, "p", 1028) + read(4, "p", 1032),
        "far": read(4, op("add", window, "n"), END - 2 * BASE) + read(
            2, op("add", window, "n"), END - 2 * BASE - 2),
        "index": read(4, op("add", window, op("shl", "n", 2))) + read(
            4, op("add", window, op("shl", op("add", "n", 1), 2)))}

    def case(name, n, traps=0):
        return Launch(name, 1, (n, 0, n, 0), traps)
    cases = [case("above", n) for n in (0, 1, -136, -140, -200, -172, -1000)]
    cases += [case("above", n, 1) for n in (-139, -141, -142, -143, -203, -205, END)]
    cases += [case("below", n) for n in (0, 1, -8, -9, -20, -68, 1000, 1016)]
    cases += [case("below", n, 1) for n in (
        -1, -5, -7, -65, -67, 1017, 1018, 1020, 1024, 0x7fffffff)]
    cases += [case("wrapped", n) for n in (0, 16, -0, 52, 100)]
    cases += [case("wrapped", n, 1) for n in (-4, -5, -1032, -1, 53, 55, 0xfffffffc)]
    cases += [case("far", n) for n in (BASE - 4, BASE - 8, 0, 3, -4, -BASE)]
    cases += [case("far", n, 1) for n in (BASE - 3, BASE, -BASE - 4, -BASE - 1)]
    cases += [case("index", n) for n in (0, 14, 16, 20, -2, -256, 0x40000003)]
    cases += [case("index", n, 1) for n in (-257, (END - BASE) // 4 - 1,
                                            (END - BASE) // 4)]
    return group("offsets", bodies, cases, together=bodies)


def frames():
    """A local array that another function indexes: out of its caller's frame
    but on the stack, above it, below it, and across both of its ends."""
    helper = (
        "  (func $inner (param $g i32) (param $n i32) (result i32) (local $e i32)\n"
        f"    (global.set $sp (local.tee $e (i32.sub (global.get $sp) (i32.const {FRAME}))))\n"
        "    (i32.store offset=8 (local.get $e) (i32.const 4711))\n"
        "    (i32.store (i32.add (local.get $g) (local.get $n)) (i32.const 99))\n"
        "    (i64.store offset=8 (i32.add (local.get $g) (local.get $n)) (i64.const -2))\n"
        "    (i32.add (i32.load offset=8 (local.get $e)) (i32.load16_u offset=2 "
        "(i32.add (local.get $e) (i32.and (local.get $n) (i32.const 63)))))\n"
        f"    (global.set $sp (i32.add (local.get $e) (i32.const {FRAME}))))\n")
    bodies = {
        "outer": add(f"(call $inner {get('f')} {get('n')})"),
        "dynamic": read(4, op("add", "f", "n")) + write(
            4, op("add", "f", op("add", "n", 4)), "s") + read(
                2, op("add", "f", op("add", "n", 3)))}

    def case(name, n, traps, block=2):
        return Launch(name, block, (0, 0, n, 0), traps)
    # The frame of `outer` is [TOP - 64, TOP), that of `inner` is under it.
    cases = [case("outer", n, 0) for n in (0, 3, 48, -8, -20, -64, 56, 64, 65, 1000)]
    cases += [case("outer", n, 2) for n in (
        49, 52, 61, 63, -67, -65, -1000, -128, -7000, END - TOP + FRAME - 3)]
    cases += [case("dynamic", n, 0) for n in (0, 1, 13, 56, -60, -64, 64, 900)]
    cases += [case("dynamic", n, 2) for n in (57, 60, 61, 63, -129, -140, -800)]
    return group("frames", bodies, cases, has_stack=True, functions=helper)


def places():
    return [pairs(False), pairs(True), stores(False), stores(True), pointers(),
            offsets(), frames()]
