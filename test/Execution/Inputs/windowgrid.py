# windowgrid.py - kernels with shared memory and stacks, and what judges them.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A kernel is a body between a beginning that fills the block's shared memory and
# the thread's stack, and an end, at $out, that stores `s` and a hash of both. Its exports
# are NAME (o p q n m), a grid of one block, and NAME_all (c o), whose blocks
# take their arguments from a table. The reference (windows.py) says what each
# thread stores, which trap and where; twrun compares linear memory with the
# interpreter's, after traps too.

import os
import struct
from dataclasses import dataclass
from typing import Tuple

import wasm
from guest import Group
from ranges import counted, function, op, set_, store, wrong_place
from windows import StackFault, WindowProgram, WindowWorld

SHARED = 64
FRAME = 64
TOP = 8192  # of the stack
RESULT = 16  # bytes that each thread stores at its end
PARAMS = ("o", "p", "q", "n", "m")
# x: the thread; h: shared memory; f: its frame, else 0; w, t, y: free.
LOCALS = "i j k s t w x h f y a:i64"
END = 131072  # one page, and one for buffers
CASES_ON_GPU = 3  # of a kernel, that trap or not: each is a process
IMPORTS = """\
  (import "tw" "shared" (func $shared (param i32) (result i32)))
  (import "tw" "barrier" (func $barrier))
"""
HASH = ("(local.set $a (i64.add (i64.mul (local.get $a) (i64.const 31)) "
        "(i64.load (i32.add {base} (i32.shl (local.get $i) (i32.const 3))))))")


def module(functions, has_stack):
    text = IMPORTS + '  (memory (export "memory") 1)\n'
    if has_stack:
        text += f"  (global $sp (mut i32) (i32.const {TOP}))\n"
    return text + (f'  (data (i32.const {TOP}) "abcdefghijklmnopqrstuvwxyz")\n'
                   + functions)


def frame_filled():
    return (f"(global.set $sp (local.tee $f (i32.sub (global.get $sp) "
            f"(i32.const {FRAME}))))") + counted("i", FRAME // 4, store(
                op("add", "f", op("shl", "i", 2)), op("mul", "i", 77)))


def kernel(name, body, shared=SHARED, has_stack=False):
    window = f"(call $shared (i32.const {shared}))"
    text = set_("x", "(call $thread_id_x)")
    if has_stack:
        text += frame_filled()
    text += set_("h", window) + set_("i", "x") + (
        "(loop $fill (if " + op("lt_u", "i", shared // 4) + " (then " + store(
            op("add", window, op("shl", "i", 2)),
            op("mul", op("add", "i", 5), 0x01030507)) + set_(
                "i", op("add", "i", "(call $block_dim_x)")) + "(br $fill))))")
    text += "(call $barrier) " + set_("i", 0) + f"(block $out {body})\n    (call $barrier)"
    text += set_("y", "s") + counted("i", shared // 8, HASH.format(
        base=window))
    if has_stack:
        text += counted("i", FRAME // 8, HASH.format(base="(local.get $f)")) + \
            f"(global.set $sp (i32.add (local.get $f) (i32.const {FRAME})))"
    slot = "(i32.add (local.get $o0) (i32.shl (call $thread_id_x) (i32.const 4)))"
    text += f"(i32.store {slot} (local.get $y)) (i64.store offset=8 {slot} " \
            "(local.get $a))"
    return function(name, " ".join(PARAMS), LOCALS + " o0", set_("o0", "o") + text)


def tabled(name):
    """The export whose blocks find their arguments in a table."""
    c = "(i32.add (local.get $c) (i32.shl (call $block_id_x) (i32.const 4)))"
    o = ("(i32.add (local.get $o) (i32.shl (i32.mul (call $block_id_x) "
         "(call $block_dim_x)) (i32.const 4)))")
    args = "".join(f" (i32.load offset={4 * k} {c})" for k in range(4))
    return function(name + "_all", "c o", "", f"(call ${name} {o}{args})")


def program(runner):
    cached = getattr(runner, "windowed", None)
    if cached is None:
        path = runner.artifact.removesuffix(".ptxbin") + ".module"
        with open(path, "rb") as file:
            cached = runner.windowed = WindowProgram(wasm.read(file.read()))
    return cached


def judge(runner, what, export, grid, block, table, args, world, out, faults):
    """Launches; problems. `world` is the reference's, afterwards."""
    sink, size = runner.path("out"), RESULT * block * grid
    if os.path.exists(sink):
        os.remove(sink)
    buffers = []
    if table is not None:
        with open(runner.path("cases"), "wb") as file:
            file.write(table)
        buffers = ["@" + runner.path("cases")]
    code, report, error = runner.twrun(
        ["launch", export, "--grid", str(grid), "--block", str(block), "--",
         *buffers, f"@zeros:u8:{size}={sink}"] + [str(a) for a in args],
        verify=not any(isinstance(f, StackFault) for f in faults.values()),
        timeout=60)
    if not faults:
        if code != 0:
            return [f"{what}: exit code {code}, expected 0: {error}"]
        with open(sink, "rb") as file:
            found = file.read()
        if found != world.memories[0][out:out + size]:
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


@dataclass
class Launch:
    """A block; `traps` tells how many of its threads trap, by the author."""

    export: str
    block: int
    args: Tuple
    traps: int

    def __str__(self):
        shown = ", ".join(hex(a & 0xffffffff) for a in self.args)
        return f"{self.export}({shown}) of {self.block}"


def run_alone(runner, case, shared, rounds=1 << 40):
    """A launch of one block."""
    stack = runner.windows().get(case.export, (0, 0))
    world = WindowWorld(program(runner), shared, stack, rounds)
    out, = world.place([bytes(RESULT * case.block)])
    args = [a & 0xffffffff for a in case.args]
    faults = world.launch(case.export, 1, case.block, [out] + args)
    if case.traps is not None and len(faults) != case.traps:
        return [f"{case}: by the reference {len(faults)} threads trap, "
                f"expected {case.traps}"]
    return judge(runner, str(case), case.export, 1, case.block, None, args, world,
                 out, faults)


def run_together(runner, cases, shared):
    """One launch, a block of which is a case: their accesses do not meet."""
    export, block = cases[0].export + "_all", cases[0].block
    table = b"".join(struct.pack("<4I", *(a & 0xffffffff for a in case.args))
                     for case in cases)
    stack = runner.windows().get(export, (0, 0))
    world = WindowWorld(program(runner), shared, stack)
    at, out = world.place([table, bytes(RESULT * block * len(cases))])
    assert len(world.memories[0]) == END
    faults = world.launch(export, len(cases), block, [at, out])
    problems = []
    for k, case in enumerate(cases):
        count = sum(b == k for b, _ in faults)
        if count != case.traps:
            problems.append(f"{case}: by the reference {count} threads trap, "
                            f"expected {case.traps}")
    return problems or judge(
        runner, f"{export} of {len(cases)} cases", export, len(cases), block,
        table, [], world, out, faults)


def some(cases):
    return cases[::-(-len(cases) // CASES_ON_GPU) or 1]


def group(name, bodies, cases, together=(), has_stack=False, functions="",
          flags=()):
    """`bodies`: name → body. The cases of kernels in `together` run in one
    launch too, those that end apart from all. Alone run all that do not, and
    those that trap."""
    text = functions + "".join(
        kernel(k, body, has_stack=has_stack) + tabled(k)
        for k, body in bodies.items())

    def check(runner):
        problems = []
        for export in bodies:
            mine = [c for c in cases if c.export == export]
            assert mine, f"no case of {export}"
            alone = mine
            if export in together:
                alone = [c for c in mine if c.traps]
                good = [c for c in mine if not c.traps]
                problems += run_together(runner, good, SHARED)
                if alone:
                    problems += run_together(runner, mine, SHARED)
            if runner.options.device != "host":
                alone = [c for bad in (False, True) for c in some(
                    [c for c in alone if bool(c.traps) == bad])]
            for case in alone:
                problems += run_alone(runner, case, SHARED)
        return problems
    return Group("window_" + name, source=module(text, has_stack),
                 keep_module=True, twc_flags=list(flags), checks=[check])
