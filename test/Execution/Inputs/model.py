# model.py - runs a Wasm module by the specification: the reference for loops.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Wasm core spec section 4.4. Each function becomes a Python function: operand k
# of the stack is the variable sk (validation makes the height static), local k
# is lk, and control is a number of a block of straight code. An access that is
# out of bounds raises a Fault of its function and offset, and has changed
# nothing; what was stored before stays (4.4.7).

from numeric import INSTRUCTIONS
from simd import VECTOR as LANES

M32 = (1 << 32) - 1
OUT_OF_BOUNDS = "out of bounds memory access"
INLINE = {"add": "{0} + {1} & {m}", "sub": "{0} - {1} & {m}",
          "mul": "{0} * {1} & {m}", "and": "{0} & {1}", "or": "{0} | {1}",
          "xor": "{0} ^ {1}", "shl": "{0} << {1} % {n} & {m}",
          "shr_u": "{0} >> {1} % {n}", "eq": "int({0} == {1})",
          "ne": "int({0} != {1})", "lt_u": "int({0} < {1})",
          "gt_u": "int({0} > {1})", "le_u": "int({0} <= {1})",
          "ge_u": "int({0} >= {1})"}
WIDTHS = {"8": 1, "16": 2, "32": 4, "64": 8}


class Fault(Exception):
    """A trap: its message, function and offset."""

    def __init__(self, message, function, offset):
        super().__init__(message)
        self.message, self.function, self.offset = message, function, offset


class Endless(Exception):
    """More rounds of loops than the reference was allowed."""


class Label:
    """Where a branch goes: a block, and the operands that it keeps."""

    def __init__(self, height, arity, params=0, results=0):
        self.block, self.otherwise = None, None
        self.height, self.arity = height, arity
        self.params, self.results = params, results


def access(name):
    """(bytes, whether the value is signed, its width in bits)."""
    t, rest = name.split(".")
    digits = "".join(c for c in rest if c.isdigit())
    whole = 16 if t == "v128" else int(t[1:]) // 8
    return WIDTHS[digits] if digits else whole, rest.endswith("_s"), whole * 8


class Translator:
    """Python source of one function."""

    def __init__(self, module, index):
        self.module, self.index = module, index
        self.function = module.functions[index]
        self.blocks, self.labels, self.height, self.dead = [[]], [], 0, 0

    def emit(self, line):
        self.blocks[-1].append(line)

    def push(self, expression):
        self.emit(f"s{self.height} = {expression}")
        self.height += 1

    def pop(self):
        self.height -= 1
        return f"s{self.height}"

    def open(self):
        """Starts a new block, into which the last one falls."""
        self.blocks.append([])
        self.blocks[-2].append(f"b = {len(self.blocks) - 1}; continue")
        return len(self.blocks) - 1

    def branch(self, depth):
        """Source of a branch: on one line, since conditions guard it."""
        if depth == len(self.labels):
            return self.leave()
        label = self.labels[-1 - depth]
        start = self.height - label.arity
        moves = "".join(f"s{label.height + i} = s{start + i}; "
                        for i in range(label.arity)
                        if label.height != start)
        return f"{moves}b = @{id(label)}@; continue"

    def leave(self):
        n = self.function.results
        values = "".join(f"s{self.height - n + i}, " for i in range(n))
        return f"return ({values})"

    def source(self):
        f = self.function
        self.known = {}
        for instruction in f.code:
            if self.dead:  # unreachable code: only its nesting matters
                if instruction.name in ("block", "loop", "if"):
                    self.dead += 1
                    continue
                if instruction.name == "end" and self.dead > 1:
                    self.dead -= 1
                    continue
                if instruction.name not in ("else", "end") or self.dead > 1:
                    continue
            self.one(instruction)
        params = "".join(f", l{i}" for i in range(f.params))
        text = [f"def f{self.index}(world{params}):"]
        text += [f"    l{f.params + i} = 0" for i in range(f.locals)]
        text += [f"    m{i} = world.memories[{i}]"
                 for i in range(len(self.module.memories))]
        text += ["    b = 0", "    while True:"]
        for number, lines in enumerate(self.blocks):
            text.append(f"        {'if' if number == 0 else 'elif'} b == {number}:")
            text += ["            " + line for line in lines or ["pass"]]
            if not lines or not lines[-1].startswith(("return", "b =", "raise")):
                text.append(f"            b = {number + 1}")
        joined = "\n".join(text) + "\n"
        for key, block in self.known.items():
            joined = joined.replace(f"@{key}@", str(block.block))
        return joined

    def enter(self, name, params, results):
        label = Label(self.height - params,
                      params if name == "loop" else results, params, results)
        self.known[id(label)] = label
        self.labels.append(label)
        return label

    def close(self):
        if not self.labels:  # the function's own end
            if not self.dead:
                self.emit(self.leave())
            self.dead = 0
            return
        label = self.labels.pop()
        self.height = label.height + label.results
        self.dead = 0
        number = self.open()
        if label.block is None:
            label.block = number
        if label.otherwise is not None:  # an `if` without `else`
            label.otherwise.block = number

    def one(self, i):
        name, args, where = i.name, i.args, f"{self.index}, {i.offset}"
        if name == "const":
            self.push(args[0])
        elif name == "local.get":
            self.push(f"l{args[0]}")
        elif name in ("local.set", "local.tee"):
            self.emit(f"l{args[0]} = s{self.height - 1}")
            self.height -= name == "local.set"
        elif name == "global.get":
            self.push(f"world.globals[{args[0]}]")
        elif name == "global.set":
            self.emit(f"world.globals[{args[0]}] = {self.pop()}")
        elif name == "drop":
            self.pop()
        elif name == "nop":
            pass
        elif name == "select":
            c, y, x = self.pop(), self.pop(), self.pop()
            self.push(f"{x} if {c} else {y}")
        elif name == "block":
            self.enter(name, *args)
        elif name == "loop":
            label = self.enter(name, *args)
            label.block = self.open()
            self.emit("world.rounds -= 1")
            self.emit("if world.rounds < 0: raise Endless")
        elif name == "if":
            condition = self.pop()
            label = self.enter(name, *args)
            label.otherwise = Label(0, 0)
            self.known[id(label.otherwise)] = label.otherwise
            self.emit(f"if not {condition}:")
            self.emit(f"    b = @{id(label.otherwise)}@; continue")
        elif name == "else":
            label = self.labels[-1]
            if not self.dead:
                self.emit(f"b = @{id(label)}@; continue")
            self.dead = 0
            self.blocks.append([])
            label.otherwise.block = len(self.blocks) - 1
            label.otherwise = None
            self.height = label.height + label.params
        elif name == "end":
            self.close()
        elif name == "br":
            self.emit(self.branch(args[0]))
            self.dead = 1
        elif name == "br_if":
            self.emit(f"if {self.pop()}:")
            self.emit("    " + self.branch(args[0]))
        elif name == "br_table":
            value = self.pop()
            for k, depth in enumerate(args[0][:-1]):
                self.emit(f"if {value} == {k}:")
                self.emit("    " + self.branch(depth))
            self.emit(self.branch(args[0][-1]))
            self.dead = 1
        elif name == "return":
            self.emit(self.leave())
            self.dead = 1
        elif name == "unreachable":
            self.emit(f"raise Fault('unreachable', {where})")
            self.dead = 1
        elif name == "call":
            self.call(args[0])
        elif name.startswith("memory."):
            self.bulk(name, args, where)
        elif ".load" in name or ".store" in name:
            self.memory(name, args, where)
        else:
            self.numeric(name, args, where)

    def call(self, index):
        callee = self.module.functions[index]
        self.height -= callee.params
        start = self.height
        values = "".join(f", s{start + k}" for k in range(callee.params))
        results = "".join(f"s{start + k}, " for k in range(callee.results))
        self.emit(f"{results or 'none'} = f{index}(world{values})")
        self.height += callee.results

    def bulk(self, name, args, where):
        if name == "memory.size":
            self.push(f"len(m{args[0]}) >> 16")
        elif name == "memory.grow":
            self.push(f"world.grow({args[0]}, {self.pop()})")
        else:
            n, b, a = self.pop(), self.pop(), self.pop()
            self.emit(f"world.{name[7:]}({args}, {a}, {b}, {n}, {where})")

    def memory(self, name, args, where):
        size, is_signed, bits = access(name)
        memory, offset = args[0], args[1]
        value = self.pop() if "store" in name or "lane" in name else None
        address = self.pop()
        self.emit(f"if {address} + {offset + size} > len(m{memory}):")
        self.emit(f"    raise Fault({OUT_OF_BOUNDS!r}, {where})")
        place = f"m{memory}[{address} + {offset}:{address} + {offset + size}]"
        if "store" in name:
            if "lane" in name:
                value = f"({value} >> {8 * size * args[2]})"
            self.emit(f"{place} = ({value} & {(1 << 8 * size) - 1})"
                      f".to_bytes({size}, 'little')")
            return
        read = f"int.from_bytes({place}, 'little', signed={is_signed})"
        if "lane" in name:
            shift, mask = 8 * size * args[2], (1 << 8 * size) - 1
            read = f"{value} & ~{mask << shift} | {read} << {shift}"
        elif "splat" in name:
            read = f"join([{read}] * {16 // size}, {8 * size})"
        self.push(f"({read}) & {(1 << bits) - 1}")

    def numeric(self, name, args, where):
        t, short = name.split(".")
        if t in ("i32", "i64") and short in INLINE:
            y, x = self.pop(), self.pop()
            n = int(t[1:])
            self.push(INLINE[short].format(x, y, n=n, m=(1 << n) - 1))
        elif name in INSTRUCTIONS:
            instruction = INSTRUCTIONS[name]
            values = [self.pop() for _ in instruction.params][::-1]
            if "div" in name or "rem" in name or "trunc" in name:
                self.push(f"checked({name!r}, {where}, {', '.join(values)})")
            else:
                self.push(f"INSTRUCTIONS[{name!r}].apply({', '.join(values)})")
        elif short == "splat":
            lane = {"i8x16": 8, "i32x4": 32}[t]
            self.push(f"join([{self.pop()}] * {128 // lane}, {lane})")
        elif short == "extract_lane":
            self.push(f"split({self.pop()}, 32)[{args[0]}]")
        elif short == "replace_lane":
            value, vector = self.pop(), self.pop()
            shift = 32 * args[0]
            self.push(f"{vector} & ~{M32 << shift} | {value} << {shift}")
        else:
            values = [self.pop() for _ in LANES[name][0]][::-1]
            self.push(f"LANES[{name!r}][2]({', '.join(values)})")
