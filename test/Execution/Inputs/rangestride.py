# rangestride.py - loops that skip, go down, or count past the end of i32.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# An index is computed in 32 bits and wraps; an address beyond them does not
# come back (Wasm core spec 4.4.7). With a stride an access can step over the end
# of memory, or wrap around and be in bounds again.

from ranges import (LAST, Case, counted, element, ends, function, group, load,
                    one_page, op, set_, store, traps)

M = 0xffffffff


def strided():
    """p + i·stride, the stride constant or not; accesses of 4 bytes."""
    text, cases = "", []
    for stride in (3, 8, 12, 100, 4096, 65536, 0x10000000, 0x40000000, -4, -12):
        name = f"s{stride & M:x}"
        text += function(name, "p n", "i", counted("i", "n", store(
            op("add", "p", op("mul", "i", stride)), "i")))
        for p in (0, 8, 100, LAST - 100, LAST - 4, LAST - 3, LAST):
            for n in (0, 1, 2, 3, 9, 34, 35):
                bad = any((p + i * stride & M) + 4 > LAST for i in range(n))
                cases.append(Case(name, (p, n), bad))
    # 65536 steps around 2^32 end where they started: always in bounds.
    cases += [ends("s10000000", 0, 1), traps("s10000000", 0, 2),
              traps("s10000", 0, 0xffffffff), traps("s1000", 0, 0x80000000)]
    text += function("by", "p n stride", "i", counted("i", "n", store(
        op("add", "p", op("mul", "i", "stride")), "i")))
    for stride in (0, 1, 4, 7, 32, 0x7fffffff, 0x80000000, 0x80000004, -4, -1):
        for p in (0, 64, LAST - 64, LAST - 4, LAST):
            for n in (0, 1, 2, 3, 17):
                bad = any((p + i * stride & M) + 4 > LAST for i in range(n))
                cases.append(Case("by", (p, n, stride), bad))
    # A stride of 0 needs no end; one of 2^31 goes to and fro.
    cases += [ends("by", LAST - 4, 3000, 0), traps("by", 4, 3000, 0x80000000)]
    return group("strided", one_page(text), cases)


def downward():
    """Down to zero, down to a bound, and a pointer that walks back."""
    text = function("down", "p n", "", (
        "(block $done (loop $again"
        f" (br_if $done (i32.eqz (local.get $n))) {set_('n', op('sub', 'n', 1))}"
        f" {store(element('p', 'n'), 'n')} (br $again)))"))
    text += function("down_s", "p n low", "", counted(
        "n", "low", store(element("p", "n"), "n"), start="n", step=-1,
        test="ge_s"))
    text += function("down_u", "p n low", "", counted(
        "n", "low", store(element("p", "n"), "n"), start="n", step=-1,
        test="ge_u"))
    text += function("back", "p end", "", (
        f"(loop $again {store('p', 9, offset=4)} {set_('p', op('sub', 'p', 4))}"
        f" (br_if $again {op('gt_u', 'p', 'end')}))"))
    text += function("twos", "p n", "", counted(
        "n", "0", store(element("p", "n", 0), "n", "i32.store16"), start="n",
        step=-2, test="gt_s"))
    cases = []
    for p, n in ((0, 0), (0, 16), (LAST - 64, 16), (LAST - 63, 16),
                 (LAST - 64, 17), (LAST, 1), (0xfffffffc, 1), (0xfffffffc, 2),
                 (0xffffffc0, 30), (0xffffffc0, 16)):
        # The first access is the highest; only it can be beyond, or, where the
        # base is below zero, the last ones.
        bad = any((p + 4 * i & M) + 4 > LAST for i in range(n))
        cases.append(Case("down", (p, n), bad))
    cases += [traps("down", 0, 0x80000000), traps("down", 0, 0xffffffff),
              traps("down", 4, 0xffffffff), ends("down", 0, 16384),
              traps("down", 0, 16385)]
    for p in (0, 64, LAST - 32):
        for n in (-1, 0, 7, 8, 0x7fffffff):
            for low in (-1, 0, 1, -5, 8):
                # From 2^31 - 1 down it comes below address 0.
                bad = n > 99 or any((p + 4 * i & M) + 4 > LAST
                                    for i in range(n, low - 1, -1))
                cases.append(Case("down_s", (p, n, low), bad))
        # i >= 1 ends; i >= 0 always holds, and counts on from 2^32 - 1.
        cases += [Case("down_u", (p, n, 1), p + 4 * n + 4 > LAST)
                  for n in (0, 5, 7, 8)]
        cases += [traps("down_u", p, 3, 0)] if p == 0 else []
    cases += [ends("back", LAST - 8, 0), traps("back", LAST - 7, 0),
              traps("back", LAST - 4, 0), traps("back", 0, 16),
              ends("back", 4, 0), ends("back", 8, LAST),
              traps("back", 0xffffffff, 0), traps("back", 0xfffffffc, LAST),
              traps("back", 3, 1), ends("back", 3, 0xffffffff)]
    cases += [ends("twos", 0, 9), ends("twos", LAST - 10, 8),
              traps("twos", LAST - 10, 9), traps("twos", LAST - 1, 1),
              ends("twos", LAST, 0), ends("twos", 0, 0x80000000),
              ends("twos", LAST, -1), traps("twos", 0, 0x7fffffff)]
    return group("downward", one_page(text), cases)


def missed():
    """`i != n` with a step that passes n by: it wraps in 32 bits and meets n
    later, or never. Where memory ends first, that is the trap."""
    text = ""
    for step in (2, 3, 4):
        text += function(f"miss{step}", "p n start", "i", counted(
            "i", "n", store(op("add", "p", "i"), "i", "i32.store8"),
            start="start", step=step, test="ne"))
    # Few steps take it around: addresses stay within memory's 16 bits.
    for step in (0x10000001, 0x40000000, 0x60000000):
        text += function(f"masked{step:x}", "p n", "i s", counted(
            "i", "n", store(op("add", "p", op("shr_u", "i", 20)), "i") +
            set_("s", op("add", "s", 1)), step=step, test="ne") +
            "(local.get $s)", "i32")
    cases = []
    for step in (2, 3, 4):
        name = f"miss{step}"
        # From -6 on to 6, over zero: in bounds with p = 6, not with 5.
        cases += [ends(name, 12, 12, -12), traps(name, 11, 12, -12),
                  traps(name, 0, 7 if step != 3 else 8, 0),
                  traps(name, LAST - 12, 7 if step != 3 else 8, 0),
                  ends(name, LAST - 12, 12, 0), ends(name, LAST, 0, 0),
                  traps(name, LAST - 11, 24, 0), traps(name, LAST, step, 0)]
    # 3 has an inverse mod 2^32: 5 is met after wrapping, past memory's end.
    cases += [traps("miss3", 0, 5, 0), traps("miss3", 0, 1, 0)]
    for p in (0, LAST - 4096 - 3, LAST - 4096):
        for n in (0, 0x40000000, 0x80000000, 0x30000003):
            steps, i = 0, 0
            while i != n and steps < 40:
                i, steps = i + 0x10000001 & M, steps + 1
            if steps < 40:
                bad = any((p + (k * 0x10000001 & M) // (1 << 20)) + 4 > LAST
                          for k in range(steps))
                cases.append(Case("masked10000001", (p, n), bad))
        cases.append(Case("masked40000000", (p, 0xc0000000),
                          p + 0x800 + 4 > LAST))
        cases.append(Case("masked60000000", (p, 0xe0000000),
                          p + 0xe00 + 4 > LAST))
    return group("missed", one_page(text), cases)


def wrapped():
    """Indices that pass 2^32 in the middle of the loop, and sums that do."""
    text = function("over", "p start n", "i k", counted("k", "n", (
        store(op("add", "p", op("add", "start", "k")), "k", "i32.store8"))))
    text += function("scaled", "p start n", "k", counted("k", "n", (
        store(element("p", op("add", "start", "k")), "k"))))
    text += function("offset", "p n", "k", counted("k", "n", (
        store(element("p", "k"), "k", offset=16))))
    text += function("far", "p n", "k s", counted("k", "n", set_("s", op(
        "xor", "s", load(op("add", "p", "k"), "i32.load8_u",
                         offset=0xffff0000)))) + "(local.get $s)", "i32")
    text += function("i64s", "p start:i64 n:i64", "k:i64", (
        "(local.set $k (local.get $start)) (block $done (loop $again"
        " (br_if $done (i64.ge_s (local.get $k) (local.get $n)))"
        " (i32.store8 (i32.add (local.get $p) (i32.wrap_i64 (local.get $k)))"
        " (i32.const 1)) (local.set $k (i64.add (local.get $k) (i64.const 1)))"
        " (br $again)))"))
    cases = []
    for p in (0, 3, 20, LAST - 20, LAST - 3, LAST):
        for start in (0xffffffec, 0xfffffffd, 0xffffffff, LAST - 40):
            for n in (0, 1, 3, 20, 21, 37):
                def bad(size, scale):
                    return any((p + scale * (start + k) & M) + size > LAST
                               for k in range(n))
                cases.append(Case("over", (p, start, n), bad(1, 1)))
                cases.append(Case("scaled", (p, start, n), bad(4, 4)))
    for p in (0xfffffff0, 0xffffffec, 0xfffffff4, LAST - 32, LAST - 31):
        for n in (0, 1, 4, 5):
            bad = any((p + 4 * k & M) + 20 > LAST for k in range(n))
            cases.append(Case("offset", (p, n), bad))
    cases += [traps("far", p, n) for p in (0, LAST - 1, 0x10000, 0xffffffff)
              for n in (1, 9)] + [ends("far", 0, 0)]
    for start, n in (("0", "10"), ("4294967296", "4294967306"), ("-5", "3"),
                     ("4294967290", "4294967300"), ("9223372036854775800",
                                                    "9223372036854775807")):
        for p in (5, 8, LAST - 10, LAST - 9):
            bad = any((p + k & M) >= LAST for k in range(int(start), int(n)))
            cases.append(Case("i64s", (p, start, n), bad))
    cases += [ends("i64s", LAST, "5", "-9223372036854775808"),
              traps("i64s", 0, "0", "9223372036854775807")]
    return group("wrapped", one_page(text), cases)


def strides():
    return [strided(), downward(), missed(), wrapped()]
