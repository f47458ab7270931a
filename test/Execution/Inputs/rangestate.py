# rangestate.py - loops beside what changes memory, its size, or the bound.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A bound or a base that lies in memory may be overwritten by the loop's own
# stores; a call may trap or grow memory; bulk instructions trap as a whole,
# before they write (Wasm core spec 4.4.7); each memory has a size of its own.

from ranges import (LAST, PATTERN, Case, counted, element, ends, function, group,
                    load, one_page, op, quoted, set_, store, traps)

M = 0xffffffff


def loaded():
    """The bound, or the base, is read from memory each time around."""
    text = function("set", "at value", "", store("at", "value"))
    text += function("bound", "p at n", "i", store("at", "n") + counted(
        "i", load("at"), store(element("p", "i"), 40)))
    text += function("base", "at n p", "i", store("at", "p") + counted(
        "i", "n", store(op("add", load("at"), op("shl", "i", 2)),
                        op("add", "i", 640))))
    text += function("index", "p at n", "i", counted("i", "n", store(
        element("p", load(element("at", "i"))), "i")))
    text += function("list", "at", "c", (
        "(block $done (loop $again (br_if $done (i32.eqz (local.get $at)))"
        f" {store('at', 77, offset=4)} {set_('at', load('at'))} (br $again)))"))
    # The bound lies where the loop stores 40: it then ends at 40.
    cases = [ends("bound", 2048, 1024, 3), ends("bound", LAST - 12, 1024, 3),
             traps("bound", LAST - 8, 1024, 3), ends("bound", LAST, 2000, 0),
             ends("bound", 1024 - 16, 1024, 50), ends("bound", 1008, 1024, M),
             ends("bound", LAST - 160, LAST - 80, 100),
             traps("bound", LAST - 156, LAST - 80, 100),
             traps("bound", LAST - 8, 1024, 0x80000000),
             traps("bound", 0, LAST - 3, 1)]
    # The base is overwritten in the fifth round, by 644, or in the first.
    cases += [ends("base", 4096, 12, 4080), ends("base", 4096, 8, LAST - 32),
              traps("base", 4096, 9, LAST - 32), traps("base", 4096, 1, LAST - 3),
              ends("base", LAST - 4, 30, LAST - 20), ends("base", LAST - 4, 0, M),
              traps("base", LAST - 3, 1, 0), ends("base", LAST - 4, 9, LAST - 4)]
    cases += [ends("set", 8192 + 4 * k, v) for k, v in enumerate(
        (0, 9, 1, 0x40000000, 10, M))]
    cases += [ends("index", 512, 8192, 6), ends("index", LAST - 40, 8192, 4),
              traps("index", LAST - 40, 8192, 5), traps("index", 0, 8192, 6),
              traps("index", LAST - 39, 8192, 2), ends("index", 4, 8192, 6),
              traps("index", 4, LAST - 8, 3)]
    cases += [ends("set", 9000, 9100), ends("set", 9100, LAST - 8),
              ends("set", LAST - 8, 0), ends("list", 9000),
              ends("set", LAST - 8, LAST - 7), traps("list", 9000),
              ends("set", 9100, M), traps("list", 9000), ends("list", 0)]
    return group("loaded", one_page(text), cases, carry=True)


def calls():
    """Loops that call: what traps, what stores, what changes the base."""
    text = ("  (global $base (mut i32) (i32.const 1024))\n"
            "  (func $poke (param $a i32) (i32.store8 (local.get $a) "
            "(i32.const 0x5a)))\n"
            "  (func $ration (param $i i32) (if (i32.eq (local.get $i) "
            "(i32.const 6)) (then (unreachable))))\n"
            "  (func $move (param $by i32) (global.set $base (i32.add "
            "(global.get $base) (local.get $by))))\n"
            "  (func $deep (param $p i32) (param $n i32)\n"
            "    (if (local.get $n) (then (i32.store (local.get $p) "
            "(local.get $n)) (call $deep (i32.add (local.get $p) (i32.const 4)) "
            "(i32.sub (local.get $n) (i32.const 1))) (i32.store offset=8 "
            "(local.get $p) (i32.const 1)))))\n")
    text += function("poking", "p q n", "i", counted("i", "n", (
        store(element("p", "i"), "i") + f"(call $poke {op('add', 'q', 'i')})" +
        store(element("p", "i"), 99, offset=256))))
    text += function("rationed", "p n", "i", counted("i", "n", (
        store(element("p", "i"), "i") + "(call $ration (local.get $i))")))
    text += function("moving", "start n by", "i", (
        "(global.set $base (local.get $start))" + counted("i", "n", (
            store("(global.get $base)", "i") + "(call $move (local.get $by))"))))
    text += function("down", "p n", "", "(call $deep (local.get $p) (local.get $n))")
    cases = []
    for n in (0, 1, 5, 6, 7):
        for d in (-1, 0, 3, 4):
            cases += [
                Case("poking", (LAST - 256 - 4 * n - d, 64, n), n > 0 and d < 0),
                Case("poking", (64, LAST - n - d, n), n > 0 and d < 0),
                Case("rationed", (LAST - 4 * n - d, n), n > 6 or n > 0 and d < 0),
                Case("moving", (LAST - 4 - 8 * (n - 1) - d & M, n, 8),
                     n > 0 and d < 0),
                Case("moving", (8 * (n - 1) - d & M, n, -8), n > 0 and d > 0),
                Case("down", (LAST - 8 - 4 * n - d, n), n > 0 and d < 0)]
    return group("calls", one_page(text), cases, carry=True)


def bulk():
    """memory.fill and memory.copy in and around loops."""
    text = function("fills", "p n size", "i", counted("i", "n", (
        store(element("p", "i"), 1) +
        f"(memory.fill {element('p', 'i', 4)} (local.get $i) (local.get $size))" +
        store(element("p", "i"), 2))))
    text += function("copies", "d s n size", "i", counted("i", "n", (
        f"(memory.copy {element('d', 'i', 3)} {element('s', 'i', 3)} "
        "(local.get $size))" + store(element("d", "i", 3), "i", "i32.store8"))))
    text += function("around", "p n size", "i", (
        counted("i", "n", store(element("p", "i"), "i")) +
        "(memory.fill (local.get $p) (i32.const 3) (local.get $size))" +
        counted("i", "n", store(element("p", "i"), "i", offset=16))))
    cases = []
    for n in (0, 1, 4):
        for d in (-1, 0, 1):
            for size in (0, 1, 16, M):
                reach = max(16 * (n - 1) + size, 4 * n)
                huge = n > 0 and size == M
                p = 1024 if size == M else LAST - reach - d
                cases.append(Case("fills", (p & M, n, size), n > 0 and
                                  (huge or d < 0)))
                reach = 8 * (n - 1) + max(size, 1)
                p = 1024 if size == M else LAST - reach - d
                cases.append(Case("copies", (p & M, 512, n, size), n > 0 and
                                  (huge or d < 0)))
                reach = 8 * (n - 1) + size
                p = 1024 if size == M else LAST - reach - d
                cases.append(Case("copies", (512, p & M, n, size), n > 0 and
                                  (huge or d < 0)))
                reach = max(4 * n + 16 if n else 0, size)
                p = 1024 if size == M else LAST - reach - d
                cases.append(Case("around", (p & M, n, size), size == M or
                                  d < 0))
    return group("bulk", one_page(text), cases)


def growing():
    """memory.grow before, in and behind a loop that stores up to its end."""
    text = ('  (memory (export "memory") 1 4)\n'
            f'  (data (i32.const 0) "{quoted(PATTERN)}")\n')
    text += function("fill", "p n", "i", counted("i", "n", store(
        element("p", "i"), "i")))
    text += function("within", "p n at", "i", counted("i", "n", (
        f"(if {op('eq', 'i', 'at')} (then (drop (memory.grow (i32.const 1)))))" +
        store(element("p", "i"), "i"))))
    text += function("sized", "", "i", counted(
        "i", op("sub", op("shl", "(memory.size)", 16), 4),
        store("i", "i"), start=65000))
    text += function("size", "", "", "(memory.size)", "i32")
    cases = [ends("fill", LAST - 40, 10), traps("fill", LAST - 40, 11),
             traps("fill", LAST - 39, 10), traps("within", LAST - 40, 20, 11),
             ends("size"), ends("within", LAST - 40, 20, 10), ends("size"),
             ends("fill", LAST - 40, 20), ends("fill", 2 * LAST - 40, 10),
             traps("fill", 2 * LAST - 39, 10),
             traps("within", 2 * LAST - 40, 20, 99),
             ends("within", 2 * LAST - 41, 12, 0), ends("size"),
             ends("within", 3 * LAST - 4, 12, 1), ends("size"),
             traps("within", 4 * LAST - 4, 12, 1), ends("size"),
             traps("fill", 4 * LAST - 8, M), traps("fill", 0xfffffff0, 9)]
    sized = [ends("sized"), ends("size")]
    return [group("growing", text, cases, carry=True),
            group("sized", text, sized)]


def two():
    """Two memories, of which either ends first, and that no store mixes up."""
    text = ('  (memory $a (export "memory") 1 1)\n  (memory $b 2 2)\n'
            f'  (data (memory $a) (i32.const {LAST - 512}) "{quoted(PATTERN)}")\n'
            f'  (data (memory $b) (i32.const 0) "{quoted(PATTERN)}")\n')
    text += ('  (func (export "across") (param $p i32) (param $q i32) '
             "(param $n i32) (local $i i32)\n    " + counted("i", "n", (
                 f"(i32.store $a {element('p', 'i')} (i32.load $b "
                 f"{element('q', 'i')}))")) + ")\n")
    text += ('  (func (export "back") (param $p i32) (param $q i32) '
             "(param $n i32) (local $i i32)\n    " + counted("i", "n", (
                 f"(i32.store $b {element('p', 'i')} (i32.load $a "
                 f"{element('q', 'i')})) (i32.store8 $a {element('q', 'i')} "
                 "(i32.const 1))")) + ")\n")
    cases = []
    for n in (0, 1, 7, 8, 9, M):
        for name, first, second in (("across", LAST, 2 * LAST),
                                    ("back", 2 * LAST, LAST)):
            for p, q in ((first - 32, 0), (first - 31, 0), (0, second - 32),
                         (0, second - 31), (first - 32, second - 32),
                         (first - 28, second - 32), (first, 0), (0, second)):
                cases.append(Case(name, (p, q, n), n > 0 and (
                    p + 4 * n > first or q + 4 * n > second)))
    return group("two_memories", text, cases, carry=True)


def states():
    return [loaded(), calls(), bulk(), *growing(), two()]
