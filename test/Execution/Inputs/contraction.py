# contraction.py - products and sums that --fp-contract=fast rounds once.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Which sums take in a product stands in docs/Semantics.md, "Contraction". The
# reference follows it exactly: on every device the bits are the same.

from numeric import FORMAT, INSTRUCTIONS
from simd import BITS, FLOATS, VECTOR, fma, join, split
from simdtests import Expression, group

# A product with more than one use, and one that is used elsewhere.
FUNCTIONS = """\
  (func $both_T (param $x T) (param $y T) (param $z T) (result T) (local $p T)
    (local.set $p (T.mul (local.get $x) (local.get $y)))
    (T.div (T.add (local.get $p) (local.get $z))
           (T.sub (local.get $z) (local.get $p))))
  (func $kept_T (param $x T) (param $y T) (param $z T) (result T) (local $p T)
    (local.set $p (T.mul (local.get $x) (local.get $y)))
    (T.div (T.add (local.get $p) (local.get $z)) (local.get $p)))
  (func $later_T (param $x T) (param $y T) (param $z T) (result T) (local $p T)
    (local.set $p (T.mul (local.get $x) (local.get $y)))
    (if (result T) (T.lt (local.get $z) (local.get $x))
      (then (T.add (local.get $p) (local.get $z)))
      (else (T.sub (local.get $p) (local.get $z)))))
"""


class Arithmetic:
    """Scalar arithmetic on bits of type t."""

    def __init__(self, t):
        self.t, self.f = t, FORMAT[t]

    def __getattr__(self, name):
        return INSTRUCTIONS[f"{self.t}.{name}"].apply

    def fused(self, a, b, c):
        return fma(self.f, a, b, c)

    def minus(self, a):
        return a ^ self.f.sign


def forms(t, op):
    """Text with {x}, {y}, {z} → a reference, of the instructions `op`.name."""
    a = Arithmetic(t)

    def text(template):
        for name in ("add", "sub", "mul", "div"):
            template = template.replace(f"({name} ", f"({op}.{name} ")
        return template
    return {text(k): v for k, v in {
        "(add (mul {x} {y}) {z})": lambda x, y, z: a.fused(x, y, z),
        "(add {z} (mul {x} {y}))": lambda x, y, z: a.fused(x, y, z),
        "(sub (mul {x} {y}) {z})": lambda x, y, z: a.fused(x, y, a.minus(z)),
        "(sub {z} (mul {x} {y}))": lambda x, y, z: a.fused(a.minus(x), y, z),
        # The left product goes in, the right one is rounded.
        "(add (mul {x} {y}) (mul {x} {z}))":
            lambda x, y, z: a.fused(x, y, a.mul(x, z)),
        "(sub (mul {x} {y}) (mul {z} {z}))":
            lambda x, y, z: a.fused(x, y, a.minus(a.mul(z, z))),
        # A sum that has taken in a product is a factor like any other.
        "(add (mul (add (mul {x} {y}) {z}) {y}) {x})":
            lambda x, y, z: a.fused(a.fused(x, y, z), y, x),
        # A NaN that was made has its sign turned on the way.
        "(sub (mul {x} {y}) (div {z} {x}))":
            lambda x, y, z: a.fused(x, y, a.minus(a.div(z, x))),
    }.items()}


def scalars(t):
    a = Arithmetic(t)
    shape = {"f32": "f32x4", "f64": "f64x2"}[t]
    mask = (1 << BITS[shape]) - 1
    table = forms(t, t)
    table.update({
        f"(call $both_{t} {{x}} {{y}} {{z}})": lambda x, y, z: a.div(
            a.fused(x, y, z), a.fused(a.minus(x), y, z)),
        f"(call $kept_{t} {{x}} {{y}} {{z}})": lambda x, y, z: a.div(
            a.add(a.mul(x, y), z), a.mul(x, y)),
        f"(call $later_{t} {{x}} {{y}} {{z}})": lambda x, y, z: (
            a.add if a.lt(z, x) else a.sub)(a.mul(x, y), z)})
    lanes = {v: f"({shape}.extract_lane 0 {{{v}}})" for v in "xyz"}
    return [Expression(code, code.format(**lanes), t,
                       lambda x, y, z, c, f=f: f(x & mask, y & mask, z & mask))
            for code, f in table.items()]


def vectors(shape, other):
    n, t = BITS[shape], FLOATS[shape]
    table = [Expression(code, code, "v", lambda x, y, z, c, f=f: join(
        [f(*lanes) for lanes in zip(*(split(v, n) for v in (x, y, z)))], n))
        for code, f in forms(t, shape).items()]
    # Lanes of another shape are other numbers.
    code = f"({other}.add ({shape}.mul {{x}} {{y}}) {{z}})"
    table.append(Expression(code, code, "v", lambda x, y, z, c: VECTOR[
        other + ".add"][2](VECTOR[shape + ".mul"][2](x, y), z)))
    return table


def contraction(twc_flags=("--fp-contract=fast",)):
    groups = []
    for shape, other in (("f32x4", "f64x2"), ("f64x2", "f32x4")):
        t = FLOATS[shape]
        groups += [
            # The interpreter rounds twice.
            group(f"c_{t}", scalars(t), [shape], 400, verify=False,
                  source=FUNCTIONS.replace("T", t)),
            group(f"c_{shape}", vectors(shape, other), [shape], 300,
                  verify=False)]
    for each in groups:
        each.twc_flags = list(twc_flags)
    return groups


def sabotaged():
    """Without the option: every group has results that differ."""
    return contraction(twc_flags=())
