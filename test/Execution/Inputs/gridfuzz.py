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

import os
import random
import struct

import rangefuzz
from guest import Group
from model import Endless
from rangefuzz import INDICES, Writer
from ranges import (counted, function, get, load, op, set_, store, wrong_place)
from windows import BASE, StackFault, WindowProgram, WindowWorld
import wasm

KERNELS, LAUNCHES, ROUNDS = 4, 7, 700
FRAME = 64
RESULT = 16  # bytes that each thread stores at its end
PARAMS = ("o", "p", "q", "n", "m")
LOCALS = "i j k s t w x h f y a:i64"
END = 131072  # one page, and one for the buffer
WIDE_LOADS = (("i64.load", "(i32.wrap_i64 {})"), ("f32.load",
              "(i32.reinterpret_f32 {})"), ("i64.load32_u", "(i32.wrap_i64 {})"),
              ("v128.load", "(i32x4.extract_lane 1 {})"), ("f64.load",
              "(i32.wrap_i64 (i64.reinterpret_f64 {}))"))
WIDE_STORES = (("i64.store", "(i64.extend_i32_u {})"), ("f32.store",
               "(f32.reinterpret_i32 {})"), ("i64.store16",
               "(i64.extend_i32_s {})"), ("v128.store", "(i32x4.splat {})"),
               ("f64.store", "(f64.reinterpret_i64 (i64.extend_i32_u {}))"))
IMPORTS = """\
  (import "tw" "shared" (func $shared (param i32) (result i32)))
  (import "tw" "barrier" (func $barrier))
  (func $helper (param $a i32) (param $v i32)
    (i32.store (local.get $a) (local.get $v)))
"""


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
        return counted(i, r.choice((2, 3, 4, 4, 5, 8, 16, 33, 64)), body,
                       start=r.choice((0, 0, 1)), bottom=r.random() < 0.6)


def kernel(r, name, shared, has_stack):
    writer = GridWriter(r, r.random() < 0.65, shared, has_stack)
    tid = "(call $thread_id_x)"
    words = shared // 4
    text = set_("x", tid) + set_("w", "q") + set_("y", "p")
    if has_stack:
        text += (f"(global.set $sp (local.tee $f (i32.sub (global.get $sp) "
                 f"(i32.const {FRAME}))))") + counted("i", FRAME // 4, store(
                     op("add", "f", op("shl", "i", 2)), op("mul", "i", 77)))
    text += set_("h", op("add", f"(call $shared (i32.const {shared}))", r.choice((
        0, 0, op("shl", "x", 2), 4 * r.randrange(words), r.randrange(shared)))))
    text += set_("i", "x") + (
        "(loop $fill (if " + op("lt_u", "i", words) + " (then " + store(
            op("add", f"(call $shared (i32.const {shared}))", op("shl", "i", 2)),
            op("mul", op("add", "i", 5), 0x01030507)) + set_(
                "i", op("add", "i", "(call $block_dim_x)")) + "(br $fill))))")
    text += "(call $barrier)"
    text += "\n    ".join(writer.loop(0) if r.random() < 0.55 else
                          writer.statement(0) for _ in range(r.randrange(1, 4)))
    # What s and the window hold in the end.
    text += "(call $barrier)" + set_("y", "s") + counted(
        "i", shared // 8, "(local.set $a (i64.add (i64.mul (local.get $a) "
        "(i64.const 31)) (i64.load (i32.add (i32.const 1024) (i32.shl "
        "(local.get $i) (i32.const 3))))))")
    if has_stack:
        text += counted("i", FRAME // 8, (
            "(local.set $a (i64.add (i64.mul (local.get $a) (i64.const 31)) "
            "(i64.load (i32.add (local.get $f) (i32.shl (local.get $i) "
            "(i32.const 3))))))")) + \
            f"(global.set $sp (i32.add (local.get $f) (i32.const {FRAME})))"
    slot = "(i32.add (local.get $o0) (i32.shl (call $thread_id_x) (i32.const 4)))"
    text += f"(i32.store {slot} (local.get $y)) (i64.store offset=8 {slot} " \
            "(local.get $a))"
    return function(name, " ".join(PARAMS), LOCALS + " o0", set_("o0", "o") + text)


def source(seed):
    r = random.Random(f"grids {seed}")
    shared = r.choice((16, 64, 64, 256, 1024))
    has_stack = r.random() < 0.4
    text = IMPORTS + '  (memory (export "memory") 1)\n'
    if has_stack:
        text += "  (global $sp (mut i32) (i32.const 8192))\n"
    text += '  (data (i32.const 8192) "abcdefghijklmnopqrstuvwxyz")\n'
    for k in range(KERNELS):
        text += kernel(r, f"f{k}", shared, has_stack)
    flags = r.choice(([], [], [], [], [], ["-O1"], ["-O3"], ["-O0"]))
    return text, shared, has_stack, flags


def pointer(r, shared, low, top, block):
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
        with open(runner.artifact.removesuffix(".ptxbin") + ".module", "rb") as file:
            program = WindowProgram(wasm.read(file.read()))
        windows = runner.windows()
        for k in range(KERNELS):
            done, tries = 0, 0
            want = r.choice((True, False))
            low, top = windows.get(f"f{k}", (0, 0))
            while done < LAUNCHES and tries < 30:
                tries += 1
                block = r.choice((1, 1, 2, 3, 5, 8, 33))
                args = [pointer(r, shared, low, top, block) for _ in "pq"] + [
                    r.choice((r.randrange(0, 20), r.randrange(0, 6), r.randrange(
                        0, 70), r.choice((0x7fffffff, 0x80000000, 0xffffffff,
                                          0x3fffffff, -5 & 0xffffffff)))) for _ in "nm"]
                world = WindowWorld(program, shared, (low, top), ROUNDS)
                out, = world.place([bytes(RESULT * block)])
                try:
                    faults = world.launch(f"f{k}", 1, block, [out] + args)
                except Endless:
                    continue
                if bool(faults) != want and tries < 20:
                    continue
                want, done = not want, done + 1
                problems += one(runner, f"f{k}", block, args, world, out, faults)
        return problems
    return check


def one(runner, name, block, args, world, out, faults):
    what = f"{name} of {block} ({', '.join(map(hex, args))})"
    sink = runner.path("out")
    if os.path.exists(sink):
        os.remove(sink)
    code, report, error = runner.twrun(
        ["launch", name, "--grid", "1", "--block", str(block), "--",
         f"@zeros:u8:{RESULT * block}={sink}"] + [str(a) for a in args],
        verify=not any(isinstance(f, StackFault) for f in faults.values()),
        timeout=60)
    if not faults:
        if code != 0:
            return [f"{what}: exit code {code}, expected 0: {error}"]
        with open(sink, "rb") as file:
            found = file.read()
        if found != world.memories[0][out:out + RESULT * block]:
            return [f"{what}: the buffer differs from the reference"]
        return []
    if code != 3:
        return [f"{what}: exit code {code}, expected 3 ({len(faults)} "
                f"threads, {next(iter(faults.values())).message}): {error}"]
    trap = report["trap"]
    thread = trap["block"][0], trap["thread"][0]
    if thread not in faults:
        return [f"{what}: thread {thread} does not trap in the reference"]
    return wrong_place(what, code, report, error, faults[thread])


def seeded(seed, target=()):
    text, shared, _, flags = source(seed)
    return Group(f"grid_{seed}", source=text, keep_module=True,
                 twc_flags=flags + list(target),
                 checks=[launches(seed, shared)])


def fuzz():
    return [seeded(seed) for seed in range(8)]


if __name__ == "__main__":
    import sys
    sys.exit(0 if rangefuzz.main(seeded) else 1)
