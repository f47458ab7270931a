# rangegrid.py - grids whose threads loop up to an end of memory.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Each thread's loop is in bounds or not on its own: one that is not traps at its
# own round, after its own stores, and all others run to their end. twrun says
# which thread trapped; the reference says which did, and where.

import os

from ranges import (counted, element, function, group, load, op, program,
                    set_, store, wrong_place)
from world import PAGE, World

TID = "(i32.add (call $thread_id_x) (i32.mul (call $block_id_x) (call $block_dim_x)))"


def launch(export, grid, block, size, args, trapping):
    """A check: a grid on a buffer of `size` zero bytes, whose address comes
    first; `args` may be functions of that address and the end of memory.
    `trapping` tells how many threads trap, by the author's word."""
    def check(runner):
        world = World(program(runner))
        start = bytes((k * 7 + 1) & 255 for k in range(size))
        address, = world.place([start])
        numbers = [a(address, len(world.memories[0])) & 0xffffffff
                   if callable(a) else a & 0xffffffff for a in args]
        faults = world.launch(export, grid, block, [address] + numbers)
        what = f"{export}({address}, {', '.join(map(str, numbers))})"
        if len(faults) != trapping:
            return [f"{what}: by the reference {len(faults)} threads trap, "
                    f"expected {trapping}"]
        source, sink = runner.path("buffer"), runner.path("saved")
        with open(source, "wb") as file:
            file.write(start)
        if os.path.exists(sink):
            os.remove(sink)
        code, report, error = runner.twrun(
            ["launch", export, "--grid", str(grid), "--block", str(block), "--",
             f"@{source}={sink}"] + [str(n) for n in numbers], timeout=60)
        if not faults:
            if code != 0:
                return [f"{what}: exit code {code}, expected 0: {error}"]
            with open(sink, "rb") as file:
                if file.read() != world.memories[0][address:address + size]:
                    return [f"{what}: the buffer differs from the reference"]
            return []
        if code != 3:
            return [f"{what}: exit code {code}, expected 3: {error}"]
        trap = report["trap"]
        thread = trap["block"][0], trap["thread"][0]
        if thread not in faults:
            return [f"{what}: thread {thread} does not trap in the reference"]
        return wrong_place(what, code, report, error, faults[thread])
    return check


def grids():
    """Strides of the whole grid, a row of a thread, and uneven bounds."""
    text = '  (memory (export "memory") 1)\n'
    stride = "(i32.mul (local.get $blocks) (call $block_dim_x))"
    text += function("strided", "p n blocks", "i", (
        f"(local.set $i {TID}) (block $done (loop $again (br_if $done (i32.ge_u "
        f"(local.get $i) (local.get $n))) {store(element('p', 'i'), 'i')}"
        f" (local.set $i (i32.add (local.get $i) {stride})) (br $again)))"))
    text += function("rows", "p n pitch", "i t q", (
        f"(local.set $t {TID})" + set_("q", op("add", "p", op(
            "mul", "t", "pitch"))) + counted("i", "n", store(
                element("q", "i"), op("add", "t", load(element("q", "i")))))))
    text += function("uneven", "p top", "i t q", (
        f"(local.set $t {TID})" + set_("q", op("sub", "top", op(
            "mul", op("add", "t", 1), 256))) + counted("i", op(
                "add", op("mul", "t", 3), 1), (
                    store(element("q", "i"), "t") +
                    f"(br_if $done_i {op('eq', 'i', 40)})"))))
    # Even threads stay within their rows; odd ones run into memory's end.
    text += function("odd", "p top n", "i t s q", (
        f"(local.set $t {TID})" + set_("q", op("add", "p", op("shl", "t", 6))) +
        f"(if {op('and', 't', 1)} (then " + counted("i", "n", set_("s", op(
            "add", "s", load(element(op("sub", "top", 64), "i"))))) +
        store("q", op("add", "s", 99), offset=60) + ") (else " + counted(
            "i", 15, store(element("q", "i"), "t")) + "))"))
    text += function("shifted", "p base n", "i", counted("i", "n", store(
        op("add", op("add", "base", op("shl", TID, 2)), op("shl", "i", 8)), "i")))

    def to_end(back):
        return lambda address, end: end - back

    def words(back):
        return lambda address, end: (end - address) // 4 - back
    checks = [
        launch("strided", 4, 32, 4096, [1024, 4], 0),
        launch("strided", 4, 32, 4096, [0, 4], 0),
        launch("strided", 4, 32, 4096, [1000, 4], 0),
        launch("strided", 4, 32, 4096, [words(0), 4], 0),
        launch("strided", 4, 32, 4096, [words(-1), 4], 1),
        launch("strided", 4, 32, 4096, [words(-127), 4], 127),
        launch("strided", 4, 32, 4096, [words(-5000), 4], 128),
        launch("strided", 3, 5, 4096, [-1, 3], 15),
        launch("rows", 2, 32, 64 * 48, [12, 48], 0),
        launch("rows", 2, 32, PAGE, [256, 1024], 0),
        launch("rows", 3, 21, PAGE, [260, 1040], 0),
        launch("rows", 2, 32, PAGE, [260, 1040], 1),
        launch("uneven", 2, 32, 512, [to_end(0)], 0),
        launch("uneven", 1, 8, 512, [to_end(-240)], 0),
        launch("uneven", 1, 8, 512, [to_end(-256)], 1),
        launch("odd", 2, 32, 4096, [to_end(0), 16], 0),
        launch("odd", 2, 32, 4096, [to_end(0), 17], 32),
        launch("odd", 2, 32, 4096, [to_end(-64), 1], 32),
        launch("odd", 1, 7, 4096, [to_end(0), 0x1000], 3),
        launch("shifted", 2, 32, 512, [to_end(256 * 9), 9], 0),
        launch("shifted", 2, 32, 512, [to_end(256 * 9 - 4), 9], 1),
        launch("shifted", 2, 32, 512, [to_end(256 * 9 - 128), 9], 32),
        launch("shifted", 2, 32, 512, [to_end(256 * 9), 0x80000000], 64),
        launch("shifted", 2, 32, 512, [-64, 1], 16),
    ]
    return [group("grids", text, [], checks)]
