# numeric.py - launches of kernels that are compared here with double precision.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The interpreter's bits are the exact test; the bounds here allow for singles.

import math
import random
import struct

from .case import Case, compare, f32, uniform

COLUMNS = 777


def softmax(row):
    high = max(row)
    weights = [math.exp(value - high) for value in row]
    return [weight / math.fsum(weights) for weight in weights]


def check_softmax(arrays):
    expected = []
    for i in range(0, len(arrays["in"]), COLUMNS):
        expected += softmax(arrays["in"][i:i + COLUMNS])
    return compare(arrays["out"], lambda i: expected[i],
                   lambda i: 3e-6 * expected[i])


def check_layer_norm(arrays):
    expected = []
    for i in range(0, len(arrays["in"]), COLUMNS):
        row = arrays["in"][i:i + COLUMNS]
        mean = math.fsum(row) / COLUMNS
        variance = math.fsum((v - mean) ** 2 for v in row) / COLUMNS
        scale = 1 / math.sqrt(variance + 1e-5)
        expected += [(v - mean) * scale * w + b for v, w, b in
                     zip(row, arrays["weight"], arrays["bias"])]
    return compare(arrays["out"], lambda i: expected[i], lambda i: 4e-6)


QUERIES, KEYS = 70, 45


def check_attention(arrays):
    def row(name, i):
        return arrays[name][i * 64:i * 64 + 64]

    expected = []
    for i in range(QUERIES):
        weights = softmax([math.fsum(a * b for a, b in zip(row("q", i), row("k", j)))
                           / 8 for j in range(KEYS)])
        expected += [math.fsum(weights[j] * arrays["v"][j * 64 + d]
                               for j in range(KEYS)) for d in range(64)]
    return compare(arrays["out"], lambda i: expected[i], lambda i: 3e-6)


BODIES = 300


def check_nbody(arrays):
    bodies = [arrays["in"][i:i + 4] for i in range(0, BODIES * 4, 4)]
    expected, size = [], []
    for own in bodies:
        pulls = []
        for other in bodies:
            way = [a - b for a, b in zip(other[:3], own[:3])]
            squared = sum(w * w for w in way) + 0.01
            pulls.append([w * other[3] / squared ** 1.5 for w in way])
        expected += [math.fsum(p[axis] for p in pulls) for axis in range(3)] + [0.0]
        size += [math.fsum(abs(p[axis]) for p in pulls) for axis in range(3)] + [0.0]
    return compare(arrays["out"], lambda i: expected[i], lambda i: 4e-6 * size[i])


OPTIONS, RATE, VOLATILITY = 3_003, f32(0.02), f32(0.3)


def check_black_scholes(arrays):
    def normal(d):
        return 0.5 * math.erfc(-d / math.sqrt(2))

    calls, puts = [], []
    for price, strike, years in zip(arrays["price"], arrays["strike"],
                                    arrays["years"]):
        spread = VOLATILITY * math.sqrt(years)
        d1 = (math.log(price / strike)
              + (RATE + VOLATILITY * VOLATILITY / 2) * years) / spread
        d2 = d1 - spread
        discounted = strike * math.exp(-RATE * years)
        calls.append(price * normal(d1) - discounted * normal(d2))
        puts.append(discounted * normal(-d2) - price * normal(-d1))
    # 7.5e-8 and some roundings, of prices up to 100.
    return (compare(arrays["call"], lambda i: calls[i], lambda i: 6e-5)
            or compare(arrays["put"], lambda i: puts[i], lambda i: 6e-5))


SAMPLES = 3_001


def check_elementary(arrays, units=1.5):
    """Within `units` in the last place of what Python computes in double."""
    def guarded(function):
        def value(*operands):
            try:
                return function(*operands)
            except OverflowError:
                return math.inf
            except ValueError:  # math's word for a NaN, or a pole
                return -math.inf if operands == (0.0,) else math.nan
        return value

    def power(x, y):
        # Python raises where C has an infinity or a NaN; overflow keeps a sign.
        if x == 0.0 and y < 0.0:
            odd = math.fmod(y, 2.0) in (1.0, -1.0)
            return math.copysign(math.inf, x) if odd else math.inf
        try:
            return math.pow(x, y)
        except OverflowError:
            return -math.inf if x < 0 and math.fmod(y, 2.0) in (1, -1) else math.inf
        except ValueError:
            return math.nan

    def near(found, wanted):
        if math.isnan(wanted):
            return math.isnan(found)
        largest = 3.4028235677973366e38  # from here on, singles are infinite
        if abs(wanted) >= largest:
            return found == math.copysign(math.inf, wanted)
        unit = 2.0 ** max(math.frexp(wanted)[1] - 24, -149)
        return abs(found - wanted) <= units * unit

    x = struct.unpack(f"<{SAMPLES}f", struct.pack(f"<{SAMPLES}I", *arrays["in"]))
    for f, (name, function) in enumerate([
            ("expf", guarded(math.exp)), ("logf", guarded(math.log)),
            ("erff", math.erf), ("sinf", guarded(math.sin)),
            ("cosf", guarded(math.cos)), ("powf", power)]):
        for i, found in enumerate(arrays["out"][f * SAMPLES:(f + 1) * SAMPLES]):
            operands = (x[i], x[max(i - 1, 0)])[:2 if name == "powf" else 1]
            wanted = function(*operands)
            if not near(found, wanted):
                return f"{name}{operands} is {found!r}, expected {wanted!r}"
    return None


WM, WN, WK = 64, 128, 96


def halves(seed, count):
    generator = random.Random(seed)
    return [struct.unpack("<e", struct.pack("<e", generator.uniform(-1, 1)))[0]
            for _ in range(count)]


def check_matmul_wmma(arrays):
    def products(i):
        row, column = divmod(i, WN)
        return [arrays["a"][row * WK + k] * arrays["b"][k * WN + column]
                for k in range(WK)]

    # The bound of kernels/matmul_wmma.c.
    return compare(arrays["out"], lambda i: math.fsum(products(i)),
                   lambda i: 2**-22 * 17 * (WK / 16) * math.fsum(
                       abs(p) for p in products(i)))


CASES = [
    Case("softmax", "9", "128",
         [f"@random:30:f32:9x{COLUMNS}={{in}}", f"@zeros:f32:9x{COLUMNS}={{out}}",
          str(COLUMNS)], check=check_softmax, arrays=["in", "out"]),
    Case("layer_norm", "3", "128",
         [f"@random:31:f32:10x{COLUMNS}={{in}}",
          f"@random:32:f32:{COLUMNS}={{weight}}",
          f"@random:33:f32:{COLUMNS}={{bias}}", f"@zeros:f32:10x{COLUMNS}={{out}}",
          "10", str(COLUMNS)],
         check=check_layer_norm, arrays=["in", "weight", "bias", "out"]),
    Case("attention", str((QUERIES + 31) // 32), "128",
         [*(f"@random:{seed}:f32:{rows}x64={{{name}}}" for seed, rows, name in
            ((34, QUERIES, "q"), (35, KEYS, "k"), (36, KEYS, "v"))),
          f"@zeros:f32:{QUERIES}x64={{out}}", str(QUERIES), str(KEYS)],
         check=check_attention, arrays=["q", "k", "v", "out"]),
    Case("nbody", str((BODIES + 127) // 128), "128",
         [f"@random:37:f32:{BODIES}x4={{in}}", f"@zeros:f32:{BODIES}x4={{out}}",
          str(BODIES)], check=check_nbody, arrays=["in", "out"]),
    Case("black_scholes", "4", "128",
         ["@{price}", "@{strike}", "@{years}", f"@zeros:f32:{OPTIONS}={{call}}",
          f"@zeros:f32:{OPTIONS}={{put}}", str(RATE), str(VOLATILITY),
          str(OPTIONS)],
         check=check_black_scholes, arrays=["call", "put"],
         inputs={"price": ("f4", uniform(38, OPTIONS, 5, 30)),
                 "strike": ("f4", uniform(39, OPTIONS, 1, 100)),
                 "years": ("f4", uniform(40, OPTIONS, 0.25, 10))}),
    Case("elementary", "5", "64",
         [f"@random:43:u32:{SAMPLES}={{in}}", f"@zeros:f32:6x{SAMPLES}={{out}}",
          str(SAMPLES)], check=check_elementary, arrays=["in", "out"],
         # powf's bound (CUDA C++ Programming Guide, "Mathematical Functions").
         twin_check=lambda arrays: check_elementary(arrays, 4)),
    # abs: the bound for sums of |a * b| up to WK.
    Case("matmul_wmma", f"{WN // 64},{WM // 64}", "128",
         ["@{a}", "@{b}", f"@zeros:f32:{WM}x{WN}={{out}}", str(WN), str(WK)],
         check=check_matmul_wmma, arrays=["out"], tolerance="abs:3e-3",
         inputs={"a": ("f2", halves(41, WM * WK)), "b": ("f2", halves(42, WK * WN))}),
]
