# windows.py - grids in the reference whose threads have shared memory and stacks.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# docs/DeviceInterface.md, "Shared memory" and "Block barrier and fences": in a
# grid [1024, 1024 + size) are the block's; an access of which one part is there
# and another is not traps. docs/Architecture.md, "The stack of a grid's
# threads": [low, top) are the thread's, and below low an access traps. Threads of
# a block run by turns, in order, and change at barriers.

import threading

from model import OUT_OF_BOUNDS, Endless, Fault, Translator, access
from world import Program, World

BASE = 1024
EXHAUSTED = "call stack exhausted"


class StackFault(Fault):
    """Of a device's grids only: for the interpreter the stack is linear memory,
    and it does not trap here."""


class WindowTranslator(Translator):
    """Asks the thread for the place of each access."""

    def memory(self, name, args, where):
        size, is_signed, bits = access(name)
        value = self.pop() if "store" in name else None
        at = f"{self.pop()} + {args[1]}"
        if value:
            data = f"({value} & {(1 << 8 * size) - 1}).to_bytes({size}, 'little')"
            self.emit(f"world.write({at}, {data}, {where})")
            return
        read = (f"int.from_bytes(world.read({at}, {size}, {where}), 'little', "
                f"signed={is_signed})")
        self.push(f"{read} & {(1 << bits) - 1}")


class WindowProgram(Program):
    translator = WindowTranslator

    def imported(self, name):
        if name == "shared":
            return lambda thread, size: (BASE,)
        if name == "shared_size":
            return lambda thread: (len(thread.window),)
        if name == "barrier":
            return lambda thread: thread.wait() or ()
        return super().imported(name)


class Thread:
    """What the functions of a WindowProgram take for their world."""

    def __init__(self, world, window, stack, numbers):
        self.program, self.memories = world.program, world.memories
        self.globals = list(world.program.module.globals)
        self.window, self.thread, self.rounds = window, numbers, world.rounds
        self.low, self.top = stack
        self.frames = bytearray(self.top - self.low)
        self.fault, self.error = None, None
        self.mine, self.theirs = threading.Semaphore(0), threading.Semaphore(0)
        self.ended = self.abandoned = False

    def locate(self, at, size, function, offset):
        """(bytes, index) of an access."""
        end = at + size
        if BASE <= at < BASE + len(self.window):
            if end > BASE + len(self.window):
                raise Fault(OUT_OF_BOUNDS, function, offset)
            return self.window, at - BASE
        if at < self.top:
            if at < self.low:
                raise StackFault(EXHAUSTED, function, offset)
            if end > self.top:
                raise StackFault(OUT_OF_BOUNDS, function, offset)
            return self.frames, at - self.low
        memory = self.memories[0]
        if end > len(memory) or self.window and at < BASE < end:
            raise Fault(OUT_OF_BOUNDS, function, offset)
        return memory, at

    def read(self, at, size, function, offset):
        place, k = self.locate(at, size, function, offset)
        return place[k:k + size]

    def write(self, at, data, function, offset):
        place, k = self.locate(at, len(data), function, offset)
        place[k:k + len(data)] = data

    def wait(self):
        self.theirs.release()
        self.mine.acquire()
        if self.abandoned:
            raise Endless

    def run(self, index, args):
        self.mine.acquire()
        try:
            self.program.scope[f"f{index}"](self, *args)
        except Fault as fault:
            self.fault = fault
        except BaseException as error:  # for the one who asked
            self.error = error
        self.ended = True
        self.theirs.release()


class WindowWorld(World):
    """An instance whose grids have windows of these sizes."""

    def __init__(self, program, shared, stack=(0, 0), rounds=1 << 40):
        super().__init__(program, rounds)
        self.shared, self.stack = shared, stack

    def launch(self, export, grid, block, args):
        faults, index = {}, self.program.module.exports[export]
        for k in range(grid):
            window = bytearray(self.shared)
            live = [(t, Thread(self, window, self.stack, {
                "thread_id_x": t, "block_id_x": k, "block_dim_x": block,
                "grid_dim_x": grid})) for t in range(block)]
            error = None
            for _, one in live:
                threading.Thread(target=one.run, args=(index, args),
                                 daemon=True).start()
            while live:
                for t, one in live:
                    one.mine.release()
                    one.theirs.acquire()
                    error = error or one.error
                    if one.fault:
                        faults[k, t] = one.fault
                live = [(t, one) for t, one in live if not one.ended]
                if error:
                    for _, one in live:  # nobody wants their results
                        one.abandoned = True
                        one.mine.release()
                    raise error
        return faults
