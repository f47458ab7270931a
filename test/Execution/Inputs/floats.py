# floats.py - Wasm's floating point on bit patterns, by exact arithmetic.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Wasm core spec section 4.3.3. A finite number is (sign, m, e) = ±m·2^e with
# integers m and e; every result is computed exactly (or with a sticky bit) and
# rounded once, to nearest even. No operation of the machine's floating point is
# used: this is the third opinion, beside the device and the interpreter. NaNs
# follow the deterministic profile: one made by arithmetic is the positive
# canonical NaN.

from math import isqrt


class Trap(Exception):
    """The message is that of the Wasm core test suite."""


class Format:
    def __init__(self, width, precision):
        self.width, self.precision = width, precision
        self.fraction = precision - 1  # stored bits of the mantissa
        self.sign = 1 << (width - 1)
        self.exponent_max = (1 << (width - precision)) - 1
        self.bias = self.exponent_max >> 1
        self.lowest = 1 - self.bias - self.fraction  # of the last bit, at least
        self.inf = self.exponent_max << self.fraction
        self.nan = self.inf | 1 << (self.fraction - 1)  # canonical

    def is_nan(self, bits):
        return bits & ~self.sign > self.inf

    def is_inf(self, bits):
        return bits & ~self.sign == self.inf

    def is_zero(self, bits):
        return bits & ~self.sign == 0

    def negative(self, bits):
        return bits >> (self.width - 1)

    def unpack(self, bits):
        """(sign, m, e) of a finite number."""
        exponent = bits >> self.fraction & self.exponent_max
        m = bits & ((1 << self.fraction) - 1)
        if exponent:
            m |= 1 << self.fraction
        return self.negative(bits), m, self.lowest + max(exponent - 1, 0)

    def pack(self, sign, m, e, sticky=False):
        """Rounds ±m·2^e; `sticky`: the exact magnitude lies above that, by
        less than 2^e, and m has at least two bits more than the result."""
        result = self.sign if sign else 0
        if m == 0:
            return result
        last = max(m.bit_length() + e - self.precision, self.lowest)
        shift = last - e
        if shift <= 0:
            assert not sticky
            m <<= -shift
        else:
            rest, half = m & ((1 << shift) - 1), 1 << (shift - 1)
            m >>= shift
            if rest > half or rest == half and (sticky or m & 1):
                m += 1
        if m >> self.precision:
            m, last = m >> 1, last + 1
        if m >> self.fraction == 0:
            return result | m  # subnormal
        exponent = last - self.lowest + 1
        if exponent >= self.exponent_max:
            return result | self.inf
        return result | exponent << self.fraction | m & ((1 << self.fraction) - 1)


F32, F64 = Format(32, 24), Format(64, 53)


def add(f, a, b):
    if f.is_nan(a) or f.is_nan(b):
        return f.nan
    if f.is_inf(a) or f.is_inf(b):
        if f.is_inf(a) and f.is_inf(b):
            return a if a == b else f.nan
        return a if f.is_inf(a) else b
    (sa, ma, ea), (sb, mb, eb) = f.unpack(a), f.unpack(b)
    e = min(ea, eb)
    total = (-1) ** sa * (ma << (ea - e)) + (-1) ** sb * (mb << (eb - e))
    if total == 0:  # -0 only from two negative zeros
        return f.sign if sa and sb and ma == 0 and mb == 0 else 0
    return f.pack(total < 0, abs(total), e)


def sub(f, a, b):
    return f.nan if f.is_nan(b) else add(f, a, b ^ f.sign)


def mul(f, a, b):
    if f.is_nan(a) or f.is_nan(b):
        return f.nan
    sign = (a ^ b) & f.sign
    if f.is_inf(a) or f.is_inf(b):
        return f.nan if f.is_zero(a) or f.is_zero(b) else sign | f.inf
    (_, ma, ea), (_, mb, eb) = f.unpack(a), f.unpack(b)
    return f.pack(sign, ma * mb, ea + eb)


def div(f, a, b):
    if f.is_nan(a) or f.is_nan(b):
        return f.nan
    sign = (a ^ b) & f.sign
    if f.is_inf(a):
        return f.nan if f.is_inf(b) else sign | f.inf
    if f.is_inf(b):
        return sign
    if f.is_zero(b):
        return f.nan if f.is_zero(a) else sign | f.inf
    (_, ma, ea), (_, mb, eb) = f.unpack(a), f.unpack(b)
    shift = f.precision + 4 + mb.bit_length()
    quotient, rest = divmod(ma << shift, mb)
    return f.pack(sign, quotient, ea - eb - shift, rest != 0)


def sqrt(f, a):
    if f.is_zero(a):
        return a
    if f.is_nan(a) or f.negative(a):
        return f.nan
    if f.is_inf(a):
        return a
    _, m, e = f.unpack(a)
    shift = 2 * f.precision + 6
    shift += (e - shift) & 1
    m, e = m << shift, e - shift
    root = isqrt(m)
    return f.pack(0, root, e // 2, root * root != m)


def less(f, a, b):
    """a < b, of numbers: an order of sign and magnitude."""
    def key(x):
        return -(x & ~f.sign) if f.negative(x) else x
    return key(a) < key(b)


def minimum(f, a, b):
    if f.is_nan(a) or f.is_nan(b):
        return f.nan
    if f.is_zero(a) and f.is_zero(b):
        return a | b
    return a if less(f, a, b) else b


def maximum(f, a, b):
    if f.is_nan(a) or f.is_nan(b):
        return f.nan
    if f.is_zero(a) and f.is_zero(b):
        return a & b
    return b if less(f, a, b) else a


def split(f, a):
    """(whole, half, more): the magnitude's integer part, whether the rest has
    a half, and whether there is something beyond that."""
    _, m, e = f.unpack(a)
    if e >= 0:
        return m << e, False, False
    whole, rest = m >> -e, m & ((1 << -e) - 1)
    half = 1 << (-e - 1)
    return whole, rest >= half, rest & (half - 1) != 0


def to_integral(f, a, up):
    """`up(negative, whole, half, more)`: take the next magnitude."""
    if f.is_nan(a):
        return f.nan
    if f.is_inf(a) or f.is_zero(a):
        return a
    sign = f.negative(a)
    whole, half, more = split(f, a)
    return f.pack(sign, whole + up(sign, whole, half, more), 0)


def ceil(f, a):
    return to_integral(f, a, lambda s, w, half, more: not s and (half or more))


def floor(f, a):
    return to_integral(f, a, lambda s, w, half, more: s and (half or more))


def trunc(f, a):
    return to_integral(f, a, lambda *_: False)


def nearest(f, a):
    return to_integral(f, a, lambda s, w, half, more: half and (more or w & 1))


def compare(f, a, b, name):
    if f.is_nan(a) or f.is_nan(b):
        return int(name == "ne")
    equal = a == b or f.is_zero(a) and f.is_zero(b)
    lt = not equal and less(f, a, b)
    return int({"eq": equal, "ne": not equal, "lt": lt, "le": lt or equal,
                "gt": not lt and not equal, "ge": not lt}[name])


def to_int(f, a, width, signed, saturate):
    """trunc and trunc_sat to an integer of `width` bits."""
    low = -(1 << (width - 1)) if signed else 0
    high = (1 << (width - signed)) - 1
    if f.is_nan(a):
        if saturate:
            return 0
        raise Trap("invalid conversion to integer")
    sign = f.negative(a)
    value = None if f.is_inf(a) else (-1) ** sign * split(f, a)[0]
    if value is None or not low <= value <= high:
        if not saturate:
            raise Trap("integer overflow")
        value = low if sign else high
    return value & ((1 << width) - 1)


def from_int(f, value):
    return f.pack(value < 0, abs(value), 0)


def resize(source, target, a):
    """demote and promote."""
    if source.is_nan(a):
        return target.nan
    sign = source.negative(a)
    if source.is_inf(a):
        return (target.sign if sign else 0) | target.inf
    _, m, e = source.unpack(a)
    return target.pack(sign, m, e)
