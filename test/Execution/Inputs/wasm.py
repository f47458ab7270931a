# wasm.py - reads a Wasm module's binary: what an interpreter needs of it.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Wasm core spec chapter 5, for the instructions that the tests of ranges use;
# an unknown opcode is an error that names it. Each instruction keeps its offset
# in the file, which is what a trap is reported at.

from dataclasses import dataclass, field
from typing import Dict, List, Tuple

COMPARE = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u".split()
ARITHMETIC = ("clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl "
              "shr_s shr_u rotl rotr").split()
FLOAT = ("abs neg ceil floor trunc nearest sqrt add sub mul div min max "
         "copysign").split()
CONVERSIONS = (
    "i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s "
    "i32.trunc_f64_u i64.extend_i32_s i64.extend_i32_u i64.trunc_f32_s "
    "i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u f32.convert_i32_s "
    "f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64 "
    "f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u "
    "f64.promote_f32 i32.reinterpret_f32 i64.reinterpret_f64 "
    "f32.reinterpret_i32 f64.reinterpret_i64 i32.extend8_s i32.extend16_s "
    "i64.extend8_s i64.extend16_s i64.extend32_s").split()
NUMERIC = dict(enumerate(
    ["i32.eqz"] + ["i32." + n for n in COMPARE] +
    ["i64.eqz"] + ["i64." + n for n in COMPARE] +
    [f"{t}.{n}" for t in ("f32", "f64") for n in "eq ne lt gt le ge".split()] +
    [f"{t}.{n}" for t in ("i32", "i64") for n in ARITHMETIC] +
    [f"{t}.{n}" for t in ("f32", "f64") for n in FLOAT] + CONVERSIONS, 0x45))
assert max(NUMERIC) == 0xC4
MEMORY = dict(enumerate(
    "i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s "
    "i32.load16_u i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s "
    "i64.load32_u i32.store i64.store f32.store f64.store i32.store8 "
    "i32.store16 i64.store8 i64.store16 i64.store32".split(), 0x28))
VECTOR_MEMORY = {0: "v128.load", 7: "v128.load8_splat", 9: "v128.load32_splat",
                 11: "v128.store", 0x5c: "v128.load32_zero",
                 0x5d: "v128.load64_zero"}
VECTOR_LANE_MEMORY = {0x56: "v128.load32_lane", 0x5a: "v128.store32_lane"}
VECTOR = {15: "i8x16.splat", 17: "i32x4.splat", 78: "v128.and", 80: "v128.or",
          81: "v128.xor", 110: "i8x16.add", 174: "i32x4.add", 181: "i32x4.mul"}
VECTOR_LANE = {27: "i32x4.extract_lane", 28: "i32x4.replace_lane"}
PLAIN = {0x00: "unreachable", 0x01: "nop", 0x05: "else", 0x0b: "end",
         0x0f: "return", 0x1a: "drop", 0x1b: "select"}
INDEXED = {0x0c: "br", 0x0d: "br_if", 0x10: "call", 0x20: "local.get",
           0x21: "local.set", 0x22: "local.tee", 0x23: "global.get",
           0x24: "global.set", 0x3f: "memory.size", 0x40: "memory.grow"}
BLOCKS = {0x02: "block", 0x03: "loop", 0x04: "if"}


@dataclass
class Instruction:
    offset: int
    name: str
    args: tuple = ()


@dataclass
class Function:
    params: int
    results: int
    types: bytes = b""  # of the results
    locals: int = 0  # beyond the parameters
    code: List[Instruction] = field(default_factory=list)
    imported: str = ""


@dataclass
class Module:
    types: List[Tuple[int, int, bytes]] = field(default_factory=list)
    functions: List[Function] = field(default_factory=list)
    memories: List[Tuple[int, int]] = field(default_factory=list)
    globals: List[int] = field(default_factory=list)
    exports: Dict[str, int] = field(default_factory=dict)
    data: List[Tuple[int, int, bytes]] = field(default_factory=list)


class Reader:
    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def leb(self, signed=False):
        value, shift = 0, 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        return value - (1 << shift) if signed and byte & 64 else value

    def take(self, count):
        self.at += count
        return self.data[self.at - count:self.at]

    def limits(self):
        flags = self.byte()
        low = self.leb()
        return low, self.leb() if flags & 1 else 65536

    def constant(self):
        """A constant expression of one constant."""
        opcode = self.byte()
        if opcode not in (0x41, 0x42):
            raise ValueError(f"constant expression with opcode {opcode:#x}")
        value = self.leb(signed=True)
        if self.byte() != 0x0b:
            raise ValueError("a constant expression of more than one constant")
        return value & (0xffffffff if opcode == 0x41 else (1 << 64) - 1)

    def memarg(self):
        align = self.leb()
        memory = self.leb() if align & 64 else 0
        return memory, self.leb()

    def instruction(self, types):
        offset, opcode = self.at, self.byte()

        def made(name, *args):
            return Instruction(offset, name, args)
        if opcode in NUMERIC:
            return made(NUMERIC[opcode])
        if opcode in MEMORY:
            return made(MEMORY[opcode], *self.memarg())
        if opcode in PLAIN:
            return made(PLAIN[opcode])
        if opcode in INDEXED:
            return made(INDEXED[opcode], self.leb())
        if opcode in BLOCKS:
            kind = self.leb(signed=True)
            arity = types[kind][:2] if kind >= 0 else (0, 0 if kind == -64 else 1)
            return made(BLOCKS[opcode], *arity)
        if opcode == 0x0e:
            return made("br_table", [self.leb() for _ in range(self.leb() + 1)])
        if opcode in (0x41, 0x42):
            bits = 32 if opcode == 0x41 else 64
            return made("const", self.leb(signed=True) & (1 << bits) - 1)
        if opcode in (0x43, 0x44):
            size = 4 if opcode == 0x43 else 8
            return made("const", int.from_bytes(self.take(size), "little"))
        second = self.leb() if opcode in (0xfc, 0xfd) else None
        if opcode == 0xfc and second == 10:
            return made("memory.copy", self.leb(), self.leb())
        if opcode == 0xfc and second == 11:
            return made("memory.fill", self.leb())
        if opcode == 0xfd:
            if second == 12:
                return made("const", int.from_bytes(self.take(16), "little"))
            if second in VECTOR_MEMORY:
                return made(VECTOR_MEMORY[second], *self.memarg())
            if second in VECTOR_LANE_MEMORY:
                return made(VECTOR_LANE_MEMORY[second], *self.memarg(),
                            self.byte())
            if second in VECTOR:
                return made(VECTOR[second])
            if second in VECTOR_LANE:
                return made(VECTOR_LANE[second], self.byte())
        raise ValueError(f"the reference does not know opcode {opcode:#x} "
                         f"{second} at {offset:#x}")


def read(data):
    """The Module in these bytes."""
    if data[:8] != b"\0asm\1\0\0\0":
        raise ValueError("not a Wasm module of version 1")
    r, module, declared = Reader(data, 8), Module(), []
    while r.at < len(data):
        section, size = r.byte(), r.leb()
        end = r.at + size
        if section == 8:
            raise ValueError("the reference runs no start function")
        # Tables (4, 9) without the instructions that use them do not matter.
        count = r.leb() if section in (1, 2, 3, 5, 6, 7, 10, 11) else 0
        for _ in range(count):
            read_entry(r, section, module, declared)
        r.at = end
    return module


def read_entry(r, section, module, declared):
    if section == 1:
        r.byte()
        params = len(r.take(r.leb()))
        results = r.take(r.leb())
        module.types.append((params, len(results), results))
    elif section == 2:
        name = ".".join(r.take(r.leb()).decode() for _ in range(2))
        if r.byte() != 0:
            raise ValueError(f"import {name} is not a function")
        module.functions.append(Function(*module.types[r.leb()], imported=name))
    elif section == 3:
        declared.append(r.leb())
    elif section == 5:
        module.memories.append(r.limits())
    elif section == 6:
        r.take(2)
        module.globals.append(r.constant())
    elif section == 7:
        name = r.take(r.leb()).decode()
        kind, index = r.byte(), r.leb()
        if kind == 0:
            module.exports[name] = index
    elif section == 10:
        size = r.leb()
        end = r.at + size
        function = Function(*module.types[declared.pop(0)])
        for _ in range(r.leb()):
            function.locals += r.leb()
            r.byte()
        while r.at < end:
            function.code.append(r.instruction(module.types))
        module.functions.append(function)
    else:
        kind = r.leb()
        if kind == 1:
            raise ValueError("a passive data segment")
        memory = r.leb() if kind == 2 else 0
        at = r.constant()
        module.data.append((memory, at, bytes(r.take(r.leb()))))
