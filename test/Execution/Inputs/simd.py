# simd.py - Wasm's vector instructions on bit patterns.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Wasm core spec sections 4.3.2, 4.3.3 and 4.4.3, and the relaxed-SIMD proposal
# with the choices of docs/RelaxedSIMD.md. A v128 is a number of 128 bits, its
# first lane lowest. Floats are those of floats.py: exact, and with the positive
# canonical NaN for whatever arithmetic makes.

import floats
from numeric import (FLOAT_BINARY, FLOAT_COMPARE, FLOAT_UNARY, FORMAT,
                     INT_BINARY, INT_COMPARE, INSTRUCTIONS, signed)

INTS = {"i8x16": 8, "i16x8": 16, "i32x4": 32, "i64x2": 64}
FLOATS = {"f32x4": "f32", "f64x2": "f64"}
BITS = {**INTS, "f32x4": 32, "f64x2": 64}
HALF = {"i16x8": "i8x16", "i32x4": "i16x8", "i64x2": "i32x4"}


def split(v, width):
    return [v >> i & (1 << width) - 1 for i in range(0, 128, width)]


def join(lanes, width):
    mask = (1 << width) - 1
    return sum((int(lane) & mask) << i * width for i, lane in enumerate(lanes))


def lanewise(width, function, out=None):
    return lambda *v: join(
        [function(*lanes) for lanes in zip(*(split(x, width) for x in v))],
        out or width)


def mask_if(function):
    return lambda *lanes: -1 if function(*lanes) else 0


def clamp(value, low, high):
    return max(low, min(high, value))


def saturate(value, n, is_signed):
    return clamp(value, -(1 << n - 1), (1 << n - 1) - 1) if is_signed else \
        clamp(value, 0, (1 << n) - 1)


def read(value, n, is_signed):
    return signed(value, n) if is_signed else value


def q15mulr(a, b):
    return saturate(signed(a, 16) * signed(b, 16) + 0x4000 >> 15, 16, True)


def fma(f, a, b, c):
    """Exact product and sum, rounded once."""
    if f.is_nan(a) or f.is_nan(b) or f.is_nan(c):
        return f.nan
    sign = (a ^ b) & f.sign
    if f.is_inf(a) or f.is_inf(b):
        if f.is_zero(a) or f.is_zero(b):
            return f.nan
        return f.nan if f.is_inf(c) and (c ^ sign) & f.sign else sign | f.inf
    if f.is_inf(c):
        return c
    (sa, ma, ea), (sb, mb, eb), (sc, mc, ec) = map(f.unpack, (a, b, c))
    e = min(ea + eb, ec)
    total = (-1) ** (sa ^ sb) * (ma * mb << ea + eb - e) + \
        (-1) ** sc * (mc << ec - e)
    if total == 0:  # -0 only from two of them
        both = (sa ^ sb) and sc and ma * mb == 0 and mc == 0
        return f.sign if both else 0
    return f.pack(total < 0, abs(total), e)


def pairs(lanes):
    return [a + b for a, b in zip(lanes[::2], lanes[1::2])]


def dot(a, b, width):
    products = [signed(x, width) * signed(y, width)
                for x, y in zip(split(a, width), split(b, width))]
    return pairs(products)


def swizzle(a, s):
    lanes = split(a, 8)
    return join([lanes[i] if i < 16 else 0 for i in split(s, 8)], 8)


def bitselect(a, b, c):
    return a & c | b & ~c


def integers(add):
    for shape, n in INTS.items():
        def lanes(name, function, shape=shape, n=n):
            add(f"{shape}.{name}", "vv", "v", lanewise(n, function))
        names = ["add", "sub"] + (["mul"] if n > 8 else [])
        for name in names:
            lanes(name, lambda a, b, n=n, f=INT_BINARY[name]: f(a, b, n))
        for name, function in INT_COMPARE.items():
            if n < 64 or not name.endswith("_u"):
                lanes(name, mask_if(lambda a, b, n=n, f=function: f(a, b, n)))
        add(f"{shape}.abs", "v", "v", lanewise(n, lambda a, n=n: abs(signed(a, n))))
        add(f"{shape}.neg", "v", "v", lanewise(n, lambda a: -a))
        for name in ("shl", "shr_s", "shr_u"):
            add(f"{shape}.{name}", "vi", "v", lambda v, count, n=n, f=INT_BINARY[name]:
                join([f(a, count, n) for a in split(v, n)], n))
        add(f"{shape}.all_true", "v", "i", lambda v, n=n: all(split(v, n)))
        add(f"{shape}.bitmask", "v", "i", lambda v, n=n:
            sum(a >> n - 1 << i for i, a in enumerate(split(v, n))))
        for s in "su":
            def get(a, n=n, s=s):
                return read(a, n, s == "s")
            if n < 64:
                for name, pick in (("min", min), ("max", max)):
                    lanes(f"{name}_{s}", lambda a, b, g=get, p=pick: p(g(a), g(b)))
            if n < 32:
                for name, sign in (("add", 1), ("sub", -1)):
                    lanes(f"{name}_sat_{s}", lambda a, b, g=get, n=n, s=s, sign=sign:
                          saturate(g(a) + sign * g(b), n, s == "s"))
        if n < 32:
            lanes("avgr_u", lambda a, b: a + b + 1 >> 1)
    add("i8x16.popcnt", "v", "v", lanewise(8, lambda a: bin(a).count("1")))
    for name in ("q15mulr_sat_s", "relaxed_q15mulr_s"):
        add("i16x8." + name, "vv", "v", lanewise(16, q15mulr))
    add("i32x4.dot_i16x8_s", "vv", "v", lambda a, b: join(dot(a, b, 16), 32))
    add("i16x8.dot_i8x16_i7x16_s", "vv", "v", lambda a, b: join(dot(a, b, 8), 16))
    add("i32x4.dot_i8x16_i7x16_add_s", "vvv", "v", lambda a, b, c: join(
        [x + y for x, y in zip(
            pairs([signed(p & 0xffff, 16) for p in dot(a, b, 8)]),
            split(c, 32))], 32))


def widths(add):
    """Instructions whose result has other lanes than the operands."""
    for wide, narrow in HALF.items():
        n, m = BITS[wide], BITS[narrow]
        count = 128 // n
        for s in "su":
            def halves(v, high, m=m, s=s, count=count):
                chosen = split(v, m)[count * high:count * (high + 1)]
                return [read(a, m, s == "s") for a in chosen]
            for high, half in enumerate(("low", "high")):
                add(f"{wide}.extend_{half}_{narrow}_{s}", "v", "v",
                    lambda v, h=halves, high=high, n=n: join(h(v, high), n))
                add(f"{wide}.extmul_{half}_{narrow}_{s}", "vv", "v",
                    lambda a, b, h=halves, high=high, n=n: join(
                        [x * y for x, y in zip(h(a, high), h(b, high))], n))
            if n < 64:
                add(f"{wide}.extadd_pairwise_{narrow}_{s}", "v", "v",
                    lambda v, n=n, m=m, s=s: join(pairs(
                        [read(a, m, s == "s") for a in split(v, m)]), n))
                # narrow: signed operands, either range.
                add(f"{narrow}.narrow_{wide}_{s}", "vv", "v",
                    lambda a, b, n=n, m=m, s=s: join(
                        [saturate(signed(x, n), m, s == "s")
                         for x in split(a, n) + split(b, n)], m))


def float_lanes(add):
    for shape, t in FLOATS.items():
        f, n = FORMAT[t], BITS[shape]

        def lanes(name, arity, function, shape=shape, n=n):
            add(f"{shape}.{name}", "v" * arity, "v", lanewise(n, function))
        for name, function in FLOAT_BINARY.items():
            if name != "copysign":
                lanes(name, 2, lambda a, b, f=f, g=function: g(f, a, b))
            if name in ("min", "max"):
                lanes("relaxed_" + name, 2, lambda a, b, f=f, g=function: g(f, a, b))
        for name, function in FLOAT_UNARY.items():
            lanes(name, 1, lambda a, f=f, g=function: g(f, a))
        for name in FLOAT_COMPARE:
            lanes(name, 2, mask_if(
                lambda a, b, f=f, name=name: floats.compare(f, a, b, name)))
        lanes("pmin", 2, lambda a, b, f=f: b if floats.compare(f, b, a, "lt") else a)
        lanes("pmax", 2, lambda a, b, f=f: b if floats.compare(f, a, b, "lt") else a)
        lanes("relaxed_madd", 3, lambda a, b, c, f=f: fma(f, a, b, c))
        lanes("relaxed_nmadd", 3, lambda a, b, c, f=f: fma(f, a ^ f.sign, b, c))
    for s in "su":
        to32 = INSTRUCTIONS[f"i32.trunc_sat_f32_{s}"].apply
        to64 = INSTRUCTIONS[f"i32.trunc_sat_f64_{s}"].apply
        for name in ("trunc_sat", "relaxed_trunc"):
            add(f"i32x4.{name}_f32x4_{s}", "v", "v", lanewise(32, to32))
            add(f"i32x4.{name}_f64x2_{s}_zero", "v", "v",
                lambda v, f=to64: join(map(f, split(v, 64)), 32))
        add(f"f32x4.convert_i32x4_{s}", "v", "v",
            lanewise(32, INSTRUCTIONS[f"f32.convert_i32_{s}"].apply))
        add(f"f64x2.convert_low_i32x4_{s}", "v", "v",
            lambda v, f=INSTRUCTIONS[f"f64.convert_i32_{s}"].apply:
            join(map(f, split(v, 32)[:2]), 64))
    add("f32x4.demote_f64x2_zero", "v", "v", lambda v: join(
        map(INSTRUCTIONS["f32.demote_f64"].apply, split(v, 64)), 32))
    add("f64x2.promote_low_f32x4", "v", "v", lambda v: join(
        map(INSTRUCTIONS["f64.promote_f32"].apply, split(v, 32)[:2]), 64))


def bits(add):
    add("v128.not", "v", "v", lambda a: ~a)
    add("v128.and", "vv", "v", lambda a, b: a & b)
    add("v128.andnot", "vv", "v", lambda a, b: a & ~b)
    add("v128.or", "vv", "v", lambda a, b: a | b)
    add("v128.xor", "vv", "v", lambda a, b: a ^ b)
    add("v128.any_true", "v", "i", lambda a: a != 0)
    add("v128.bitselect", "vvv", "v", bitselect)
    for shape in INTS:
        add(shape + ".relaxed_laneselect", "vvv", "v", bitselect)
    add("i8x16.swizzle", "vv", "v", swizzle)
    add("i8x16.relaxed_swizzle", "vv", "v", swizzle)


def vector_instructions():
    """Name → (operands, result, function); v: v128, i: i32. Those with an
    immediate and those that access memory are in simdtests.py."""
    table = {}

    def add(name, params, result, function):
        assert name not in table, name
        mask = (1 << (128 if result == "v" else 32)) - 1
        table[name] = (params, result,
                       lambda *v: int(function(*v)) & mask)
    for family in (integers, widths, float_lanes, bits):
        family(add)
    return table


VECTOR = vector_instructions()
