# numeric.py - Wasm's numeric instructions: a reference, and values to try.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# `reference(name)` gives a Python function from operand bits to result bits,
# which raises Trap where Wasm traps. Written from the Wasm core spec, section
# 4.3, without regard to compiler or interpreter.

import random

import floats
from floats import F32, F64, Trap

WIDTH = {"i32": 32, "i64": 64, "f32": 32, "f64": 64}
FORMAT = {"f32": F32, "f64": F64}


def signed(value, width):
    return value - (1 << width) if value >> (width - 1) else value


def int_div(a, b, n, is_signed, want_rest):
    if b == 0:
        raise Trap("integer divide by zero")
    if is_signed:
        a, b = signed(a, n), signed(b, n)
    quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    if want_rest:
        return a - quotient * b
    if is_signed and quotient == 1 << (n - 1):
        raise Trap("integer overflow")
    return quotient


def extend(bits):
    return lambda a, n: signed(a & ((1 << bits) - 1), bits)


INT_BINARY = {
    "add": lambda a, b, n: a + b,
    "sub": lambda a, b, n: a - b,
    "mul": lambda a, b, n: a * b,
    "and": lambda a, b, n: a & b,
    "or": lambda a, b, n: a | b,
    "xor": lambda a, b, n: a ^ b,
    "shl": lambda a, b, n: a << b % n,
    "shr_u": lambda a, b, n: a >> b % n,
    "shr_s": lambda a, b, n: signed(a, n) >> b % n,
    "rotl": lambda a, b, n: a << b % n | a >> (n - b % n),
    "rotr": lambda a, b, n: a >> b % n | a << (n - b % n),
}
INT_DIVISION = {
    "div_s": lambda a, b, n: int_div(a, b, n, True, False),
    "div_u": lambda a, b, n: int_div(a, b, n, False, False),
    "rem_s": lambda a, b, n: int_div(a, b, n, True, True),
    "rem_u": lambda a, b, n: int_div(a, b, n, False, True),
}
INT_COMPARE = {
    "eq": lambda a, b, n: a == b,
    "ne": lambda a, b, n: a != b,
    "lt_s": lambda a, b, n: signed(a, n) < signed(b, n),
    "lt_u": lambda a, b, n: a < b,
    "gt_s": lambda a, b, n: signed(a, n) > signed(b, n),
    "gt_u": lambda a, b, n: a > b,
    "le_s": lambda a, b, n: signed(a, n) <= signed(b, n),
    "le_u": lambda a, b, n: a <= b,
    "ge_s": lambda a, b, n: signed(a, n) >= signed(b, n),
    "ge_u": lambda a, b, n: a >= b,
}
INT_UNARY = {
    "clz": lambda a, n: n - a.bit_length(),
    "ctz": lambda a, n: (a & -a).bit_length() - 1 if a else n,
    "popcnt": lambda a, n: bin(a).count("1"),
    "extend8_s": extend(8),
    "extend16_s": extend(16),
}
FLOAT_BINARY = {"add": floats.add, "sub": floats.sub, "mul": floats.mul,
                "div": floats.div, "min": floats.minimum, "max": floats.maximum,
                "copysign": lambda f, a, b: a & ~f.sign | b & f.sign}
FLOAT_COMPARE = ["eq", "ne", "lt", "gt", "le", "ge"]
FLOAT_UNARY = {"sqrt": floats.sqrt, "ceil": floats.ceil, "floor": floats.floor,
               "trunc": floats.trunc, "nearest": floats.nearest,
               "abs": lambda f, a: a & ~f.sign, "neg": lambda f, a: a ^ f.sign}


class Instruction:
    """A numeric instruction: its name, types, and `apply` on bits."""

    def __init__(self, name, params, result, apply):
        self.name, self.params, self.result = name, params, result
        mask = (1 << WIDTH[result]) - 1
        self.apply = lambda *operands: int(apply(*operands)) & mask


def all_instructions():
    table = []

    def instruction(name, params, result, apply):
        table.append(Instruction(name, params, result, apply))

    def with_width(function, n):
        return lambda *operands: function(*operands, n)

    def with_format(function, f):
        return lambda *operands: function(f, *operands)

    for t in ("i32", "i64"):
        n = WIDTH[t]
        for name, function in {**INT_BINARY, **INT_DIVISION}.items():
            instruction(f"{t}.{name}", (t, t), t, with_width(function, n))
        for name, function in INT_COMPARE.items():
            instruction(f"{t}.{name}", (t, t), "i32", with_width(function, n))
        for name, function in INT_UNARY.items():
            instruction(f"{t}.{name}", (t,), t, with_width(function, n))
        instruction(f"{t}.eqz", (t,), "i32", lambda a: a == 0)
    instruction("i64.extend32_s", ("i64",), "i64",
                lambda a: signed(a & 0xffffffff, 32))
    for t in ("f32", "f64"):
        f = FORMAT[t]
        for name, function in FLOAT_BINARY.items():
            instruction(f"{t}.{name}", (t, t), t, with_format(function, f))
        for name in FLOAT_COMPARE:
            instruction(f"{t}.{name}", (t, t), "i32",
                        lambda a, b, f=f, name=name: floats.compare(f, a, b, name))
        for name, function in FLOAT_UNARY.items():
            instruction(f"{t}.{name}", (t,), t, with_format(function, f))
    # Conversions.
    instruction("i32.wrap_i64", ("i64",), "i32", lambda a: a)
    instruction("i64.extend_i32_s", ("i32",), "i64", lambda a: signed(a, 32))
    instruction("i64.extend_i32_u", ("i32",), "i64", lambda a: a)
    for i in ("i32", "i64"):
        for t in ("f32", "f64"):
            for sign in "su":
                for sat in (False, True):
                    instruction(
                        f"{i}.trunc_{'sat_' if sat else ''}{t}_{sign}", (t,), i,
                        lambda a, f=FORMAT[t], n=WIDTH[i], s=sign == "s", sat=sat:
                        floats.to_int(f, a, n, s, sat))
                instruction(
                    f"{t}.convert_{i}_{sign}", (i,), t,
                    lambda a, f=FORMAT[t], n=WIDTH[i], s=sign == "s":
                    floats.from_int(f, signed(a, n) if s else a))
    instruction("f32.demote_f64", ("f64",), "f32",
                lambda a: floats.resize(F64, F32, a))
    instruction("f64.promote_f32", ("f32",), "f64",
                lambda a: floats.resize(F32, F64, a))
    for a, b in (("i32", "f32"), ("i64", "f64")):
        instruction(f"{a}.reinterpret_{b}", (b,), a, lambda x: x)
        instruction(f"{b}.reinterpret_{a}", (a,), b, lambda x: x)
    return {i.name: i for i in table}


INSTRUCTIONS = all_instructions()
# 0x45 to 0xC4 of the binary format without a gap, and FC 00 to 07.
assert len(INSTRUCTIONS) == 0xC4 - 0x45 + 1 + 8


def int_values(t):
    """Edge values, as unsigned bits."""
    n = WIDTH[t]
    values = [0, 1, 2, 3, 5, 7, 10, 15, 16, 31, 32, 33, 63, 64, 65, 100, 127,
              128, 255, 256, 1000, 0x7fff, 0x8000, 0xffff, 0x10000, 0x12345678,
              0x7fffffff, 0x80000000, 0x80000001, 0xffffff80, 0xffff8000,
              0xffffffff, 0x55555555, 0xaaaaaaaa]
    values += [-v for v in (1, 2, 3, 7, 31, 32, 33, 63, 64, 128, 129, 32768)]
    values += [(1 << 24) - 1, 1 << 24, (1 << 24) + 1, (1 << 24) + 3,
               (1 << 25) + 2, (1 << 25) + 6]
    if n == 64:
        values += [1 << 32, (1 << 32) + 1, (1 << 31) - 1, -(1 << 31),
                   -(1 << 31) - 1, -(1 << 32), (1 << 53) - 1, 1 << 53,
                   (1 << 53) + 1, (1 << 53) + 3, (1 << 54) + 2, (1 << 54) + 6,
                   (1 << 63) - 1, 1 << 63, (1 << 63) + 1, (1 << 63) + 1025,
                   (1 << 40) + (1 << 16), 0x7fffffbfffffffff, 0x7fffff4000000001,
                   0x5555555555555555, 0xaaaaaaaaaaaaaaaa, 0x123456789abcdef0,
                   (1 << 64) - 1025, (1 << 64) - 1024, 0xffffff8000000000,
                   0x4000004000000001, 0x8000004000000001, 0x20000020000001]
    seen = dict.fromkeys(v % (1 << n) for v in values)
    return list(seen)


def float_values(t):
    """Edge values, as bits."""
    f = FORMAT[t]

    def number(m, e=0):
        return f.pack(0, m, e)

    one, top = number(1), f.inf - 1
    positive = [
        0, 1, 2, 3, (1 << f.fraction) - 1, 1 << f.fraction,
        (1 << f.fraction) + 1, one - 1, one, one + 1, number(3, -1),
        number(1, -1), number(1, -1) - 1, number(1, -1) + 1, number(5, -1),
        number(7, -1), number(5, -2), number(2), number(3), number(10),
        number(1, -2), number(1, f.lowest // 2), number(1, f.bias),
        number(1, f.bias - 1), top, top - 1, f.inf, number(314159265358979, -46),
        number(number(1, 0) | 1, -f.fraction)]
    for power in (7, 8, 15, 16, 22, 23, 24, 31, 32, 51, 52, 53, 54, 62, 63, 64):
        positive += [number(1, power) + d for d in (-1, 0, 1)]
    # A half below and above what needs every bit of the mantissa.
    positive += [number((1 << (f.fraction)) * 2 - 1, -1), number(255), number(257)]
    if t == "f64":
        # Where i32 ranges end, and where demotion rounds, overflows, vanishes.
        positive += [number((1 << 33) - 1, -1), number((1 << 32) - 1, -1),
                     number((1 << 32) + 1, -1), number((1 << 31) - 1),
                     number((1 << 32) - 1), number((1 << 31) + 1),
                     number((1 << 33) + 1, -1)]
        for m, e in (((1 << 24) - 1, 104), ((1 << 25) - 1, 103), (1, -149),
                     (1, -150), (3, -150), (1, -126), ((1 << 23) - 1, -149),
                     ((1 << 24) - 1, -150), ((1 << 25) + 1, -1),
                     ((1 << 25) + 2, -1), ((1 << 25) + 3, -1)):
            positive += [number(m, e) + d for d in (-1, 0, 1)]
    payloads = [f.nan, f.nan | 1, f.nan | 0x1234, f.inf | 1,
                f.inf | (1 << (f.fraction - 2)), f.inf | 0x15555,
                f.nan - 1, f.inf | (1 << f.fraction) - 1]
    values = dict.fromkeys(positive + payloads)
    return [v | s for v in values for s in (0, f.sign)]


def values(t):
    return int_values(t) if t[0] == "i" else float_values(t)


def random_values(t, count, seed):
    """Random bits; of floats, half with exponents close to 1's, where sums and
    products round instead of vanishing."""
    source = random.Random(seed)
    drawn = [source.getrandbits(WIDTH[t]) for _ in range(count)]
    if t[0] == "i":
        return [v >> source.randrange(WIDTH[t]) for v in drawn]
    f = FORMAT[t]
    keep = f.sign | ((1 << f.fraction) - 1)
    return [v & keep | f.bias + source.randrange(-40, 40) << f.fraction
            if i & 1 else v for i, v in enumerate(drawn)]


def operands(instruction):
    """The operand tuples to try: pairs of edge values, and random ones."""
    t = instruction.params[0]
    table = values(t)
    if len(instruction.params) == 1:
        return [(v,) for v in table + random_values(t, 200, "one " + t)]
    core = table if t[0] == "i" else [
        v for i, v in enumerate(table) if i < 76 or FORMAT[t].is_nan(v)]
    pairs = [(a, b) for a in core for b in core]
    source = random.Random("partners " + t)
    for value in table[len(core):]:
        for partner in source.sample(table, 16):
            pairs += [(value, partner), (partner, value)]
    drawn = random_values(t, 800, "two " + t)
    return pairs + list(zip(drawn[::2], drawn[1::2]))


def expected(instruction, args):
    """The result's bits, or the message of the trap."""
    try:
        return instruction.apply(*args)
    except Trap as trap:
        return str(trap)
