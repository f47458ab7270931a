# gridfuzz.py - random grids whose accesses meet the ends of shared memory, of
# the stack and of linear memory.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: gridfuzz.py --first SEED --count N --dir DIR --key K --trust PUB
#                    [--device D] [--keep] [--twc-option OPTION]...
#
# Each seed is a module of some kernels, with barriers, branches, loops, and
# stencils under conditions; each is launched with pointers around all ends. The
# reference (windows.py) says what a thread stores at its end, and where one
# traps; twrun compares memory with the interpreter's. Launches that take the
# reference too long are left out.

import random
import sys

import rangefuzz
from guest import Group
from model import Endless
from rangefuzz import HELPER, INDICES, Writer
from ranges import counted, get, load, op, set_, store
from windowgrid import END, FRAME, RESULT, judge, kernel, module, program
from windows import BASE, WindowWorld

KERNELS, LAUNCHES, ROUNDS = 4, 7, 700
WIDE_LOADS = (("i64.load", "(i32.wrap_i64 {})"), ("f32.load",
              "(i32.reinterpret_f32 {})"), ("i64.load32_u", "(i32.wrap_i64 {})"),
              ("v128.load", "(i32x4.extract_lane 1 {})"), ("f64.load",
              "(i32.wrap_i64 (i64.reinterpret_f64 {}))"))
WIDE_STORES = (("i64.store", "(i64.extend_i32_u {})"), ("f32.store",
               "(f32.reinterpret_i32 {})"), ("i64.store16",
               "(i64.extend_i32_s {})"), ("v128.store", "(i32x4.splat {})"),
               ("f64.store", "(f64.reinterpret_i64 (i64.extend_i32_u {}))"))


class GridWriter(Writer):
    """x is the thread, h points into shared memory, f to the thread's frame,
    o to the buffer; p and q to anything."""

    def __init__(self, source, tame, shared, has_stack):
        super().__init__(source, tame)
        self.shared = shared
        self.bases = ["h", "h", "p", "p", "q", "o", "w", "S"] + (
            ["f", "f"] if has_stack else [])
        self.barriers = source.random() < 0.7

    def base(self):
        name = self.r.choice(self.bases)
        if name != "S":
            return name
        at = f"(call $shared (i32.const {self.shared}))"
        return at if self.r.random() < 0.7 else op(
            "add", at, self.r.randrange(0, self.shared, 4))

    def term(self):
        r = self.r
        if r.random() < 0.35:
            return r.choice(("x", op("shl", "x", r.choice((1, 2, 2, 2, 3, 4))), op(
                "mul", "x", r.choice((12, 20, "m")))))
        return super().term()

    def address(self):
        r, base = self.r, self.base()
        form = r.randrange(10)
        if form == 0:
            return get(base)
        if form == 1 and not self.tame:
            return op("sub", base, self.term())
        if form == 2 and not self.tame:
            return f"(select {get(self.base())} {op('add', base, self.term())} " \
                   f"{self.condition()})"
        if form in (3, 4):
            return op("add", op("add", base, self.term()), self.term())
        return op("add", base, self.term())

    def get(self, address, offset):
        if self.r.random() < 0.3:
            kind, made = self.r.choice(WIDE_LOADS)
            return made.format(load(address, kind, offset))
        return load(address, self.r.choice(rangefuzz.LOADS)[0], offset)

    def put(self, address, value, offset):
        if self.r.random() < 0.3:
            kind, made = self.r.choice(WIDE_STORES)
            return store(address, made.format(get(value)), kind, offset)
        return store(address, value, self.r.choice(rangefuzz.STORES)[0], offset)

    def access(self):
        r, address = self.r, self.address()
        if r.random() < 0.5:
            return set_("s", op(r.choice(("add", "xor")), "s", self.get(
                address, self.offset())))
        value = self.get(self.address(), self.offset()) if r.random() < 0.4 \
            else self.value()
        return self.put(address, value, self.offset())

    def stencil(self):
        """Neighbours of an element, some under conditions that keep a border."""
        r = self.r
        size = r.choice((1, 2, 4, 4, 4, 8))
        kind = {1: "i32.load8_u", 2: "i32.load16_u", 4: "i32.load",
                8: "i64.load"}[size]
        i = r.choice(self.loops + ["x", "n"])
        width = r.choice((1, 3, 8, "m"))
        base, text = self.base(), ""
        here = op("add", base, op("mul", i, size))
        if r.random() < 0.5:
            text, here = set_("w", here), "w"
        for _ in range(r.choice((2, 3, 4, 4, 5, 14))):
            apart = r.choice((1, -1, 2, -2, width, "-", 16, 0))
            if apart == "-":
                at = op("sub", here, op("mul", width, size))
            elif isinstance(apart, str):
                at = op("add", here, op("mul", apart, size))
            else:
                at = op("add", here, apart * size)
            value = load(at, kind, r.choice((0, 0, 0, 4)))
            if size == 8:
                value = f"(i32.wrap_i64 {value})"
            one = set_("s", op("add", op("mul", "s", 3), value))
            if r.random() < 0.15:
                one = store(at, "s", "i32.store8" if size == 1 else "i32.store")
            if r.random() < 0.75:
                bound = r.choice((0, 1, 2, width, "n", "m"))
                one = f"(if {op(r.choice(('gt_u', 'lt_u', 'ge_s', 'ne')), i, bound)} " \
                      f"(then {one}))"
            text += one
        return text

    def statement(self, depth):
        r = self.r
        draw = r.random()
        if draw < 0.16:
            return self.stencil()
        if draw < 0.22:  # both arms, nested
            return (f"(if {self.condition()} (then {self.access()} (if "
                    f"{self.condition()} (then {self.access()})) {self.access()}) "
                    f"(else {self.access()}))")
        if draw < 0.26 and depth < 3:
            return self.short_loop(depth)
        if draw < 0.34 and self.barriers:
            return "(call $barrier)"
        if draw < 0.36:
            return set_(r.choice("hw"), op("add", r.choice("hpwh"), r.choice((
                4, -4, 1, 16, self.term()))))
        for _ in range(9):
            text = super().statement(depth)
            if "memory." not in text:
                return text
        return self.access()

    def short_loop(self, depth):
        """Of a constant trip, which a compiler may unroll."""
        r = self.r
        free = [v for v in INDICES if v not in self.loops]
        if not free:
            return self.access()
        i = free[0]
        self.loops.append(i)
        body = "".join(self.statement(depth + 1) if r.random() < 0.4 else
                       self.access() for _ in range(r.randrange(1, 4)))
        self.loops.pop()
        text = counted(i, r.choice((2, 3, 4, 4, 5, 8, 16, 33, 64)), body,
                       start=r.choice((0, 0, 1)), bottom=r.random() < 0.6)
        return f"(block $done_{i} {text})"


def body(r, shared, has_stack):
    writer = GridWriter(r, r.random() < 0.65, shared, has_stack)
    text = set_("w", "q") + set_("h", op("add", "h", r.choice((
        0, 0, op("shl", "x", 2), 4 * r.randrange(shared // 4),
        r.randrange(shared)))))
    return text + "\n    ".join(
        writer.loop(0) if r.random() < 0.55 else writer.statement(0)
        for _ in range(r.randrange(1, 4)))


def source(seed):
    r = random.Random(f"grids {seed}")
    shared = r.choice((16, 64, 64, 256, 1024))
    has_stack = r.random() < 0.4
    text = HELPER + "".join(kernel(
        f"f{k}", body(r, shared, has_stack), shared, has_stack)
        for k in range(KERNELS))
    flags = r.choice(([], [], [], [], [], ["-O1"], ["-O3"], ["-O0"]))
    return module(text, has_stack), shared, flags


def pointer(r, shared, low, top):
    """Somewhere near an end, aligned or not."""
    edge = r.choice((BASE, BASE + shared, BASE + shared, END, END, 0, 65536,
                     BASE + shared // 2, BASE + shared // 2, BASE, 10000, 40000)
                    + ((low, top, top, low + FRAME) if top else ()))
    reach = r.choice((0, 4, 8, 16, 40, 100, 300))
    step = r.choice((4, 4, 4, 8, 1, 2, 16))
    return (edge - r.randrange(-reach // 3, reach + 1) * r.choice((1, step))
            ) // step * step & 0xffffffff


def launches(seed, shared):
    def check(runner):
        r, problems = random.Random(f"launches {seed}"), []
        windows = runner.windows()
        most = LAUNCHES if runner.options.device == "host" else 3
        for k in range(KERNELS):
            done, tries = 0, 0
            want = r.choice((True, False))
            low, top = windows.get(f"f{k}", (0, 0))
            while done < most and tries < 30:
                tries += 1
                block = r.choice((1, 1, 2, 3, 5, 8, 33))
                if runner.options.device != "host":
                    block = 1  # threads race; the host runs them in one order
                args = [pointer(r, shared, low, top) for _ in "pq"] + [
                    r.choice((r.randrange(0, 20), r.randrange(0, 6), r.randrange(
                        0, 70), r.choice((0x7fffffff, 0x80000000, 0xffffffff,
                                          0x3fffffff, -5 & 0xffffffff)))) for _ in "nm"]
                world = WindowWorld(program(runner), shared, (low, top), ROUNDS)
                out, = world.place([bytes(RESULT * block)])
                try:
                    faults = world.launch(f"f{k}", 1, block, [out] + args)
                except Endless:
                    continue
                if bool(faults) != want and tries < 20:
                    continue
                want, done = not want, done + 1
                what = f"f{k} of {block} ({', '.join(map(hex, args))})"
                problems += judge(runner, what, f"f{k}", 1, block, None, args,
                                  world, out, faults)
        return problems
    return check


def seeded(seed, target=()):
    text, shared, flags = source(seed)
    return Group(f"grid_{seed}", source=text, keep_module=True,
                 twc_flags=flags + list(target),
                 checks=[launches(seed, shared)])


def fuzz():
    return [seeded(seed) for seed in range(5)]


if __name__ == "__main__":
    sys.exit(0 if rangefuzz.main(seeded) else 1)
