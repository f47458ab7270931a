# rangefuzz.py - random programs of loops whose accesses meet memory's ends.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: rangefuzz.py --first SEED --count N --dir DIR --key K --trust PUB
#                     [--device D] [--keep] [--twc-option OPTION]...
#
# Each seed is a module of some functions; each is called with bases around 0,
# the end of memory and 2^32, and with small and huge bounds. Calls that take
# the reference too long are left out. The suite `fuzz` takes a few seeds.

import argparse
import os
import random
import sys

from model import Endless
from ranges import (LAST, Case, function, get, group, load, numbers, one_page,
                    op, program, set_, short, store)
from world import World

FUNCTIONS, CALLS, ROUNDS = 5, 10, 4000
MIDDLE = 20000  # where bases are far from both ends
PARAMS = ("p", "q", "n", "m")
INDICES = ("i", "j", "k")
LOADS = (("i32.load", 4), ("i32.load8_u", 1), ("i32.load16_s", 2),
         ("i32.load8_s", 1), ("i32.load16_u", 2))
STORES = (("i32.store", 4), ("i32.store8", 1), ("i32.store16", 2))


class Writer:
    """Makes one function; `depth` counts the loops around a statement. A tame
    one is like a kernel: its addresses are sums of a base and indices."""

    def __init__(self, source, tame):
        self.r, self.tame, self.loops = source, tame, []

    def index(self):
        return self.r.choice(self.loops) if self.loops else self.r.choice("nm")

    def value(self):
        r = self.r
        return r.choice([lambda: r.choice(("s", "t", "n", self.index())),
                         lambda: r.randrange(-9, 99),
                         lambda: op(r.choice(("add", "xor", "sub", "mul")), "s",
                                    self.index())])()

    def term(self):
        """Part of an address that moves with a loop."""
        r, i = self.r, self.index()
        if self.tame and r.random() < 0.9:
            return r.choice((i, op("shl", i, r.choice((1, 2, 2, 3))), op(
                "mul", i, r.choice((3, 12, 40, -4, "m"))), op(
                    "shl", op("add", i, r.choice((1, -1, "m", self.index()))), 2)))
        return r.choice([
            lambda: i, lambda: op("shl", i, r.randrange(1, 5)),
            lambda: op("shl", i, 2),
            lambda: op("mul", i, r.choice((3, 12, 100, -4, -8, 4096, "m"))),
            lambda: op("add", op("shl", i, 2), r.choice((-4, 4, 8, -64, 1))),
            lambda: op("shl", op("add", i, r.choice((1, -1, 7, "m"))), 2),
            lambda: op("sub", 0, op("shl", i, 2)),
            lambda: op("shr_u", i, r.randrange(1, 29)),
            lambda: op("and", op("shl", i, 2), r.choice((60, 1020, 0xfffc))),
            lambda: op("rem_u", i, r.choice((3, 8, 17))),
            lambda: op("and", load(element_of(r, i), "i32.load8_u"), 127)])()

    def address(self):
        r = self.r
        base = r.choice(("p", "q", "p", "q", "t", "w"))
        form = r.choice((0, 3, 9, 9, 9)) if self.tame else r.randrange(12)
        if form == 0:
            return get(base)
        if form == 1:
            return op("and", op("add", base, self.term()),
                      r.choice((0xffff, 0xfffc, 0x1ffff)))
        if form == 2:
            return op("sub", base, self.term())
        if form == 3:
            return op("add", op("add", base, self.term()), self.term())
        if form == 4:
            return op("select", op("add", base, self.term()), base, op(
                "lt_u", self.index(), "m")).replace("i32.select", "select")
        return op("add", base, self.term())

    def offset(self):
        r = self.r
        if self.tame:
            return r.choice((0, 0, 0, 4, 8, 12, 1, 60, 1000))
        return r.choice((0, 0, 0, 0, 4, 8, 1, 60, r.choice((
            256, 0xffc0, 0xffff, 0x10000, 0x7fffffff, 0xffffffc0, 0xfffffffc))))

    def access(self):
        r, address = self.r, self.address()
        kind, _ = r.choice(LOADS)
        if r.random() < 0.08:
            vector = "(i32x4.splat (local.get $s))" if r.random() < 0.5 else \
                load(self.address(), "v128.load")
            return store(address, vector, "v128.store", self.offset())
        if r.random() < 0.45:
            return set_("s", op(r.choice(("add", "xor")), "s",
                                load(address, kind, self.offset())))
        if r.random() < 0.1:
            return f"(drop {load(address, 'i64.load', self.offset())})"
        value = load(self.address(), kind, self.offset()) \
            if r.random() < 0.3 else self.value()
        return store(address, value, r.choice(STORES)[0], self.offset())

    def fields(self):
        """Accesses of one record, as a compiler orders them or not."""
        r, base = self.r, self.address()
        offsets = [r.choice((0, 4, 8, 12, 16, 2, 7, 32)) for _ in range(
            r.randrange(2, 7))]
        text = f"(local.set $w {base})"
        for offset in offsets:
            text += store("w", self.value(), r.choice(STORES)[0], offset) \
                if r.random() < 0.6 else set_(
                    "s", op("add", "s", load("w", r.choice(LOADS)[0], offset)))
        return text

    def condition(self):
        r = self.r
        return op(r.choice(("eq", "lt_u", "lt_s", "and", "gt_u", "ne")),
                  self.index(), r.choice((1, 3, 7, "m", "n", op("and", "s", 3))))

    def statement(self, depth):
        r, draw = self.r, self.r.random()
        if self.tame and 0.44 < draw < 0.56 and r.random() < 0.8:
            return self.access()
        if draw < 0.22 and depth < 3:
            return self.loop(depth)
        if draw < 0.32:
            inner = "".join(self.statement(depth) for _ in range(r.randrange(1, 3)))
            other = f" (else {self.access()})" if r.random() < 0.3 else ""
            return f"(if {self.condition()} (then {inner}){other})"
        if draw < 0.40:
            return self.fields()
        if draw < 0.44 and self.loops:
            return f"(br_if $done_{self.loops[-1]} {self.condition()})"
        if draw < 0.47:
            return set_(r.choice("tw"), op("add", r.choice("pqtw"), r.choice((
                4, -4, 1, 16, self.index()))))
        if draw < 0.49:
            return set_(r.choice(self.loops or ["t"]), op(
                "add", self.index(), r.choice((1, 2, -1, "s"))))
        if draw < 0.52:
            size = r.choice((0, 1, 5, 16, op("and", self.index(), 31), "m"))
            return f"(memory.fill {get(self.address())} {get(self.value())} " \
                   f"{get(size)})" if r.random() < 0.5 else \
                   f"(memory.copy {get(self.address())} {get(self.address())} " \
                   f"{get(size)})"
        if draw < 0.55:
            return f"(call $helper {get(self.address())} {get(self.value())})"
        if draw < 0.56:
            return set_("s", op("div_u", 100, op("sub", "m", self.index())))
        return self.access()

    def loop(self, depth):
        r = self.r
        free = [v for v in INDICES if v not in self.loops]
        if not free:
            return self.access()
        i = free[0]
        start = r.choice((0, 0, 0, 1, "m", -8, self.index()))
        bound = r.choice(("n", "n", "n", "m", 10, 37, self.index(), op(
            "and", load(r.choice("pq")), 31), op("sub", "n", 1)))
        step = r.choice((1, 1, 1, 1, 2, 3, 4, -1, -2) + (
            () if self.tame else (0x40000000, op("or", "m", 1))))
        tests = ("lt_u", "lt_s", "ne", "le_u", "le_s")
        if step in (-1, -2):
            start, bound = bound, start
            tests = ("gt_s", "ge_s", "ne", "gt_u")
        test = op(r.choice(tests), i, bound)
        self.loops.append(i)
        body = "\n      ".join(self.statement(depth + 1)
                               for _ in range(r.randrange(1, 5)))
        self.loops.pop()
        advance = set_(i, op("add", i, step))
        if r.random() < 0.3:  # a pointer walks along
            walk = r.choice("pqt")
            advance += set_(walk, op("add", walk, r.choice((1, 4, 8, 16, -4))))
        if r.random() < 0.35:
            return (f"{set_(i, start)} (block $done_{i} (loop $again_{i} {body}\n"
                    f"    {advance} (br_if $again_{i} {test})))")
        return (f"{set_(i, start)} (block $done_{i} (loop $again_{i}\n"
                f"    (br_if $done_{i} (i32.eqz {test})) {body}\n"
                f"    {advance} (br $again_{i})))")


def element_of(r, i):
    return op("add", r.choice("pq"), op("shl", i, r.choice((0, 2))))


HELPER = ("  (func $helper (param $a i32) (param $v i32)\n"
          "    (i32.store (local.get $a) (local.get $v)))\n")


def argument(r, name):
    if name in "pq":
        return r.choice((
            r.randrange(0, 40), LAST - r.randrange(0, 600), 4 * r.randrange(16000),
            LAST - 4 * r.randrange(0, 40), LAST + r.randrange(-8, 8),
            2 ** 32 - r.randrange(1, 80), r.choice((2 ** 31, 2 ** 31 - 4))))
    return r.choice((r.randrange(0, 40), r.randrange(0, 40), r.randrange(0, 8),
                     r.randrange(0, 300), r.choice((
                         0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0,
                         0x3fffffff, 0x40000000, -5, 65536))))


def edges(runner, name, r):
    """Calls that just reach an end of memory, and those that just do not: from
    bases in the middle, p, q or both are moved until there is a trap."""
    cases = []

    def ending(args):
        _, fault = World(program(runner), ROUNDS).invoke(name, numbers(args))
        return fault is None
    for _ in range(6):
        n, m = r.randrange(0, 40), r.randrange(0, 12)
        moved = r.choice(((1, 0), (0, 1), (1, 1)))

        def at(d):
            return (MIDDLE + d * moved[0], MIDDLE + d * moved[1], n, m)
        try:
            good, bad = 0, r.choice((LAST, LAST, -MIDDLE - 8, 0x80000000))
            if not ending(at(good)) or ending(at(bad)):
                continue
            while abs(bad - good) > 1:
                middle = (good + bad) // 2
                good, bad = (middle, bad) if ending(at(middle)) else (good, middle)
        except Endless:
            continue
        cases += [Case(name, at(d), None) for d in (
            good, bad, bad + (bad - good) * r.choice((1, 3, 7)),
            bad + (bad - good) * r.randrange(8, 200))]
    return cases


def seeded(seed, target=()):
    """The group of a seed."""
    r = random.Random(f"ranges {seed}")
    text = HELPER
    for k in range(FUNCTIONS):
        writer = Writer(r, r.random() < 0.65)
        body = set_("t", r.choice("pq")) + set_("w", "q")
        body += "\n    ".join(writer.loop(0) if r.random() < 0.8 else
                              writer.statement(0) for _ in range(r.randrange(1, 4)))
        body += "(local.get $s)"
        text += function(f"f{k}", " ".join(PARAMS), "i j k s t w", body, "i32")
    flags = r.choice(([], [], [], [], ["-O1"], ["-O3"], ["-O0"], ["--fuel"]))

    def cases(runner):
        r, chosen = random.Random(f"calls {seed}"), []
        for k in range(FUNCTIONS):
            chosen += edges(runner, f"f{k}", r)
            chosen += [Case(f"f{k}", tuple(argument(r, name) for name in PARAMS),
                            None) for _ in range(CALLS)]
        return short(runner, chosen, ROUNDS)
    return group(f"seed_{seed}", one_page(text), cases, random=True,
                 flags=flags + list(target))


def fuzz():
    return [seeded(seed) for seed in range(12)]


def main(seeded=seeded):
    import execution
    from runner import Runner
    parser = argparse.ArgumentParser(description="Random programs of loops.")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--dir", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--trust", required=True)
    parser.add_argument("--device", default="host")
    parser.add_argument("--keep", action="store_true", help="keep what is well")
    for tool in ("twc", "twrun", "twreg", "twreplay", "wat2wasm"):
        parser.add_argument("--" + tool, default=tool)
    parser.add_argument("--twc-option", action="append", default=[])
    parser.add_argument("--twrun-option", action="append", default=[])
    options = parser.parse_args()
    options.out, options.times = options.dir, False
    wrong = []
    for seed in range(options.first, options.first + options.count):
        one = seeded(seed)
        if execution.build(options, [one]) and Runner(options, one).run():
            if not options.keep:
                for name in os.listdir(options.dir):
                    if name.startswith(one.name + "."):
                        os.remove(os.path.join(options.dir, name))
        else:
            wrong.append(seed)
    print(f"{options.count - len(wrong)} of {options.count} seeds as specified"
          + (f"; not {wrong}" if wrong else ""))
    return not wrong


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
