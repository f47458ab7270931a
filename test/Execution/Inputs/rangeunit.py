# rangeunit.py - loops over consecutive elements, up to an end of memory.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The faulting access is the first, the last or one between; bases are
# misaligned, at 0, behind the end, or wrap; trip counts are zero, huge, and
# 2^31 - 1 to 2^32 - 1, read as signed and as unsigned.

from ranges import (LAST, Case, counted, element, ends, function, group, load,
                    one_page, op, set_, store, traps)

BASES = (0, 4, LAST - 64, LAST - 63, LAST - 21, LAST - 20, LAST - 4, LAST - 3,
         LAST - 1, LAST, LAST + 4, 0x7ffffffc, 0x80000000, 0xfffffff0,
         0xfffffffc, 0xffffffff)
COUNTS = (0, 1, 2, 5, 6, 16, 17)
HUGE = (0x3fffffff, 0x40000000, 0x40000001, 0x7fffffff, 0x80000000, 0xfffffffe,
        0xffffffff)


def up(name, size, once=False, some=BASES, counts=COUNTS, huge=HUGE):
    """Calls of a loop over n elements from p on. Elements follow each other
    without a gap, so it traps if the end lies before the last one's."""
    cases = []
    for p in some:
        for n in counts:
            times = max(n, 1) if once else n
            cases.append(Case(name, (p, n), times > 0 and
                              p + size * times > LAST))
    # Without an end the loop meets that of memory, wherever it starts.
    cases += [traps(name, p, n) for p in (LAST - 64, LAST - 23, 0xfffffff8)
              for n in huge]
    return cases


def stores():
    """One store each time: of each width, tested at the top and at the bottom;
    and with a marker before and behind the loop."""
    text, cases = "", []
    for kind, size, shift in (("i32.store", 4, 2), ("i32.store8", 1, 0),
                              ("i64.store", 8, 3), ("f32.store", 4, 2)):
        value = {"i64.store": "(i64.extend_i32_u (local.get $i))",
                 "f32.store": "(f32.reinterpret_i32 (local.get $i))"}.get(
                     kind, "i")
        for bottom in (False, True):
            name = kind.replace(".", "_") + ("_bottom" if bottom else "_top")
            text += function(
                name, "p n", "i", counted(
                    "i", "n", store(element("p", "i", shift), value, kind),
                    bottom=bottom))
            plain = kind == "i32.store"
            cases += up(name, size, bottom, BASES if plain else BASES[2:10],
                        huge=HUGE if plain else HUGE[-2:])
    text += function("marked", "p n", "i", store(256, 0x11) + counted(
        "i", "n", store(element("p", "i"), 0x22)) + store(260, 0x33))
    cases += up("marked", 4, some=BASES[2:])
    # A pointer that walks to an end that it must meet exactly.
    text += function("walk", "p end", "", (
        "(block $done (loop $again"
        f" (br_if $done {op('eq', 'p', 'end')}) {store('p', 7)}"
        f" {set_('p', op('add', 'p', 4))} (br $again)))"))
    cases += [ends("walk", 0, 0), ends("walk", LAST, LAST),
              ends("walk", LAST - 64, LAST), ends("walk", LAST - 4, LAST),
              traps("walk", LAST - 64, LAST + 4), traps("walk", LAST, LAST + 4),
              traps("walk", LAST - 62, LAST), traps("walk", LAST - 64, LAST - 2),
              traps("walk", LAST - 60, LAST - 64), traps("walk", 4, 0),
              traps("walk", 0xfffffff8, 0), traps("walk", 0xfffffff9, 1),
              traps("walk", 0xfffffff8, 16)]
    return group("unit_stores", one_page(text), cases)


def loads():
    """Sums, dropped loads, and copies, whose source or target ends first."""
    text = function("sum", "p n", "i s", counted("i", "n", set_(
        "s", op("add", "s", load(element("p", "i"))))) + "(local.get $s)", "i32")
    text += function("dropped", "p n", "i", store(256, 1) + counted(
        "i", "n", f"(drop {load(element('p', 'i'))})") + store(256, 2))
    text += function("last_only", "p n", "i s", counted(
        "i", "n", set_("s", load(element("p", "i")))) + "(local.get $s)", "i32")
    text += function("copy", "d s n", "i", counted(
        "i", "n", store(op("add", "d", "i"),
                        load(op("add", "s", "i"), "i32.load8_u"), "i32.store8")))
    text += function("add", "c a b n", "i", counted("i", "n", store(
        element("c", "i"), op("add", load(element("a", "i")),
                              load(element("b", "i"))))))
    cases = up("sum", 4) + up("dropped", 4) + up("last_only", 4)
    for d, s in ((0, LAST - 8), (LAST - 8, 0), (LAST - 12, LAST - 9),
                 (LAST - 9, LAST - 12), (LAST - 32, LAST - 31),
                 (LAST - 31, LAST - 32), (0, LAST), (LAST, 0),
                 (0xfffffffc, 0), (0, 0xfffffffc), (0, 1), (1, 0)):
        for n in (0, 1, 8, 9, 13, 0x80000000, 0xffffffff):
            cases.append(Case("copy", (d, s, n), n > 0 and max(d, s) + n > LAST))
    for last in range(3):
        for n in (0, 4, 5, 0xffffffff):
            where = [256, 512, 1024]
            where[last] = LAST - 16
            cases.append(Case("add", (*where, n), n > 4))
    # Overlap: what is stored is loaded again.
    cases += [ends("add", 260, 256, 512, 60), ends("add", 256, 256, 256, 60),
              traps("add", LAST - 60, LAST - 64, LAST - 68, 17)]
    return group("unit_loads", one_page(text), cases)


def order():
    """A store, the access that traps and another store, each time around: the
    first of the faulting round is done, the last is not."""
    text = function("around", "a b c n", "i", counted("i", "n", (
        store(element("a", "i"), 0x0a0a0a0a) +
        store(element("c", "i"), load(element("b", "i"))) +
        store(element("a", "i"), 0x0b0b0b0b, offset=1024))))
    # Two faulting accesses in one round: the first of them is the trap.
    text += function("two", "a b n", "i", counted("i", "n", (
        store(element("a", "i"), "i") + store(element("b", "i"), "n"))))
    # A division, the bounds, a division: which of the traps comes first?
    text += function("mixed", "a n d", "i", counted("i", "n", (
        store(element("a", "i"), op("div_u", 1000, op("sub", "d", "i"))) +
        store(256, "i"))))
    text += function("after", "a n d", "i", counted("i", "n", (
        store(element("a", "i"), 5) +
        store(256, op("div_s", 1000, op("sub", "d", "i"))))))
    text += function("give_up", "a n d", "i", counted("i", "n", (
        f"(if {op('eq', 'i', 'd')} (then (unreachable)))" +
        store(element("a", "i"), "i"))))
    cases = []
    for a, b, c, fits in ((0, 4096, LAST - 40, 10), (0, LAST - 40, 4096, 10),
                          (LAST - 1064, 0, 4096, 10), (LAST, 0, 0, 0),
                          (0, LAST, 0, 0), (0, 0, LAST, 0),
                          (LAST - 43, LAST - 42, LAST - 41, 0)):
        for n in (0, 1, 9, 10, 11, 0xffffffff):
            cases.append(Case("around", (a, b, c, n), n > fits))
    for n in (4, 5, 6, 7):
        cases += [Case("two", (LAST - 16, LAST - 20, n), n > 4),
                  Case("two", (LAST - 20, LAST - 16, n), n > 4),
                  Case("two", (LAST - 20, LAST - 20, n), n > 5)]
    for name in ("mixed", "after", "give_up"):
        for d in (0, 3, 4, 5, 100, 0x80000000):
            cases += [Case(name, (LAST - 16, n, d), n > 4 or n > d)
                      for n in (0, 3, 4, 5, 6)]
    return group("unit_order", one_page(text), cases)


def bounds():
    """Signed and unsigned tests, inclusive ones, and a start below zero."""
    text, cases = "", []
    for test in ("lt_s", "lt_u", "le_s", "le_u", "ne", "gt_s", "gt_u"):
        text += function("b_" + test, "p start n", "i", counted(
            "i", "n", store(element("p", "i"), "i"), start="start", test=test))

    def runs(test, start, n):
        signed = (lambda v: v - (v >> 31 << 32)) if test.endswith("_s") else \
            (lambda v: v)
        i, indices = start, []
        compare = {"lt": int.__lt__, "le": int.__le__, "gt": int.__gt__,
                   "ne": int.__ne__}[test[:2]]
        while compare(signed(i), signed(n)) and len(indices) < 20000:
            indices.append(i)
            i = i + 1 & 0xffffffff
        return indices
    edges = (0, 1, 7, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff)
    for test in ("lt_s", "lt_u", "le_s", "le_u", "ne", "gt_s", "gt_u"):
        for start in (0, 2, 0x7ffffffd, 0x80000000, 0xfffffffd):
            for n in edges:
                for p in (LAST - 32, 16)[:1 + (start in (0, 0xfffffffd))]:
                    bad = any((p + 4 * i & 0xffffffff) + 4 > LAST
                              for i in runs(test, start, n))
                    cases.append(Case("b_" + test, (p, start, n), bad))
    return group("unit_bounds", one_page(text), cases)


def units():
    return [stores(), loads(), order(), bounds()]
