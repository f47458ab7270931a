# world.py - an instance of a module in the reference, and grids of threads.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Wasm core spec sections 4.5 and 4.4.7 (memory.grow, copy and fill). A grid runs
# its threads one after another, each to its end or its trap.

import floats
from model import LANES, OUT_OF_BOUNDS, Endless, Fault, Translator
from numeric import INSTRUCTIONS
from simd import join, split

PAGE = 65536


def checked(name, function, offset, *values):
    """An instruction that can trap by itself."""
    try:
        return INSTRUCTIONS[name].apply(*values)
    except floats.Trap as trap:
        raise Fault(str(trap), function, offset) from None


class Program:
    """A module's functions, translated once."""

    translator = Translator

    def __init__(self, module):
        self.module, self.scope = module, {
            "Fault": Fault, "Endless": Endless, "checked": checked,
            "INSTRUCTIONS": INSTRUCTIONS, "LANES": LANES, "join": join, "split": split}
        for index, function in enumerate(module.functions):
            if function.imported:
                name = function.imported.removeprefix("tw.")
                self.scope[f"f{index}"] = self.imported(name)
            else:
                exec(self.translator(module, index).source(), self.scope)

    def imported(self, name):
        return lambda world: (world.thread[name],)


class World:
    """An instance: memories, globals, and the running thread's numbers."""

    def __init__(self, program, rounds=1 << 40):
        self.program, module = program, program.module
        self.rounds = rounds  # of all loops, before Endless is raised
        self.memories = [bytearray(low * PAGE) for low, _ in module.memories]
        self.globals = list(module.globals)
        self.thread = dict.fromkeys(
            ("thread_id_x", "block_id_x", "block_dim_x", "grid_dim_x"), 0)
        self.thread.update(block_dim_x=1, grid_dim_x=1)
        for memory, at, data in module.data:
            self.memories[memory][at:at + len(data)] = data

    def invoke(self, export, args):
        """(results, None) or (None, Fault)."""
        index = self.program.module.exports[export]
        try:
            return self.program.scope[f"f{index}"](self, *args), None
        except Fault as fault:
            return None, fault

    def grow(self, memory, pages):
        """memory.grow: the old size in pages, or -1."""
        old = len(self.memories[memory]) // PAGE
        if old + pages > self.program.module.memories[memory][1]:
            return 0xffffffff
        self.memories[memory].extend(bytes(pages * PAGE))
        return old

    def fill(self, args, to, value, count, function, offset):
        memory = self.memories[args[0]]
        if to + count > len(memory):
            raise Fault(OUT_OF_BOUNDS, function, offset)
        memory[to:to + count] = bytes([value & 255]) * count

    def copy(self, args, to, start, count, function, offset):
        target, source = (self.memories[k] for k in args)
        if to + count > len(target) or start + count > len(source):
            raise Fault(OUT_OF_BOUNDS, function, offset)
        target[to:to + count] = bytes(source[start:start + count])

    def place(self, buffers):
        """Puts buffers behind the memory as twrun does (docs/TwrunCLI.md,
        Placement): their addresses."""
        memory = self.memories[0]
        at, addresses = len(memory), []
        for data in buffers:
            at = -(-at // 256) * 256
            addresses.append(at)
            at += len(data)
        memory.extend(bytes(-(-at // PAGE) * PAGE - len(memory)))
        for address, data in zip(addresses, buffers):
            memory[address:address + len(data)] = data
        return addresses

    def launch(self, export, grid, block, args):
        """Runs a grid: (block, thread) → Fault of those that trapped."""
        faults = {}
        self.thread.update(block_dim_x=block, grid_dim_x=grid)
        for k in range(grid):
            for t in range(block):
                self.thread.update(block_id_x=k, thread_id_x=t)
                _, fault = self.invoke(export, args)
                if fault:
                    faults[k, t] = fault
        return faults
