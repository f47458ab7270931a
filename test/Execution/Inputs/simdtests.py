# simdtests.py - executed tests of every vector instruction.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A kernel `V` evaluates expressions on the operands of its thread: x, y and z
# are vectors, c is an i32. Each result has 16 bytes of its own. Lanes are drawn
# from edge values of every width, so that all pairs of shapes meet them.

import random

from guest import Group
from numeric import INSTRUCTIONS, random_values, values
from simd import BITS, FLOATS, VECTOR, join, signed, split
from simdmemory import memory_group

NUMBER = {"i8x16": "i32", "i16x8": "i32", "i32x4": "i32", "i64x2": "i64",
          "f32x4": "f32", "f64x2": "f64"}
STORE = {"v": "v128.store", "i": "i32.store", "i32": "i32.store",
         "i64": "i64.store", "f32": "f32.store", "f64": "f64.store"}


def edges(shape):
    if shape in ("i8x16", "i16x8"):
        n = BITS[shape]
        small = [0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 127, 128, 129, 254, 255, 0x4000,
                 0x7ffe, 0x7fff, 0x8000, 0x8001, 0xff7f, 0xff80, 0xffff, 0x5555]
        return [v & (1 << n) - 1 for v in small]
    t = NUMBER[shape]
    return values(t) + random_values(t, 60, "lanes " + t)


def draw(shapes, count, seed):
    """`count` vectors for each shape, of its edge values."""
    source = random.Random(seed)
    drawn = []
    for shape in shapes:
        table, n = edges(shape), BITS[shape]
        drawn += [join(source.choices(table, k=128 // n), n) for _ in range(count)]
    return drawn


class Expression:
    def __init__(self, name, code, result, apply):
        self.name, self.code, self.result, self.apply = name, code, result, apply


def plain(name):
    """An instruction without immediates; a shift's count is c."""
    params, result, function = VECTOR[name]
    letters = iter("xyz")
    operands = "".join("c" if p == "i" else next(letters) for p in params)
    code = f"({name} " + " ".join("{%s}" % o for o in operands) + ")"
    return Expression(name, code, result, lambda **v: function(
        *(v[o] for o in operands)))


def with_lanes():
    """Splats, and every lane extracted and replaced."""
    table = []
    for shape, t in NUMBER.items():
        n, count = BITS[shape], 128 // BITS[shape]
        number = {"i32": "{c}", "i64": "(i64x2.extract_lane 1 {y})",
                  "f32": "(f32x4.extract_lane 3 {y})",
                  "f64": "(f64x2.extract_lane 1 {y})"}[t]

        def bits(v, t=t):
            return v["c"] if t == "i32" else v["y"] >> (96 if t == "f32" else 64)
        table.append(Expression(
            shape + ".splat", f"({shape}.splat {number})", "v",
            lambda n=n, k=count, b=bits, **v: join([b(v)] * k, n)))
        for lane in range(count):
            table.append(Expression(
                f"{shape}.replace_lane {lane}",
                f"({shape}.replace_lane {lane} {{x}} {number})", "v",
                lambda n=n, i=lane, b=bits, **v: join(
                    [b(v) if k == i else a for k, a in enumerate(split(v["x"], n))],
                    n)))
            for s in ("_s", "_u") if n < 32 else ("",):
                table.append(Expression(
                    f"{shape}.extract_lane{s} {lane}",
                    f"({shape}.extract_lane{s} {lane} {{x}})", t,
                    lambda n=n, i=lane, s=s, **v:
                    signed(split(v["x"], n)[i], n) if s == "_s"
                    else split(v["x"], n)[i]))
    source = random.Random("shuffles")
    shuffles = [list(range(16)), list(range(16, 32)), [31 - i for i in range(16)],
                [0] * 16, [i * 2 for i in range(16)]]
    shuffles += [[source.randrange(32) for _ in range(16)] for _ in range(11)]
    for lanes in shuffles:
        text = " ".join(map(str, lanes))
        table.append(Expression(
            "i8x16.shuffle " + text, f"(i8x16.shuffle {text} {{x}} {{y}})", "v",
            lambda lanes=lanes, **v: join(
                [(split(v["x"], 8) + split(v["y"], 8))[i] for i in lanes], 8)))
    return table


VALUES = """\
  (global $g (mut v128) (v128.const i64x2 -2 0x123456789abcdef0))
  (global $k v128 (v128.const i32x4 1 -2 3 -4))
  (func $swap (param v128 i32 v128) (result v128 v128)
    (local.get 2) (local.get 0))
  (func $loop (param $x v128) (param $n i32) (result v128)
    (local $sum v128)
    (loop $l
      (local.set $sum (f32x4.add (local.get $sum) (local.get $x)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
"""


def thrice(v):
    add = VECTOR["f32x4.add"][2]
    return add(add(add(0, v), v), v)


def moved():
    """Vectors as constants, locals, results, globals and block values; and
    NaNs that arithmetic made, seen by what looks at bits."""
    add, mul = VECTOR["f32x4.add"][2], VECTOR["f32x4.mul"][2]
    add64 = VECTOR["f64x2.add"][2]
    scalar = INSTRUCTIONS["f32.add"].apply

    def expression(code, apply, result="v"):
        return Expression(code, code, result, apply)
    return [
        expression("(v128.const i64x2 0x7ff4000000000001 -1)", lambda **v:
                   0xffffffffffffffff_7ff4000000000001),
        expression("(global.get $k)", lambda **v: join([1, -2, 3, -4], 32)),
        expression("(v128.andnot (call $swap {x} {c} {y}))",
                   lambda x, y, **v: y & ~x),
        expression("(select {x} {y} {c})", lambda x, y, c, **v: x if c else y),
        expression("(select (result v128) (f32x4.add {x} {y}) {z} {c})",
                   lambda x, y, z, c: add(x, y) if c else z),
        expression("(if (result v128) {c} (then (f32x4.mul {x} {y})) (else {z}))",
                   lambda x, y, z, c: mul(x, y) if c else z),
        expression("(call $loop {x} (i32.const 3))", lambda x, **v: thrice(x)),
        expression("(f32x4.add (f32x4.mul {x} {y}) {z})",
                   lambda x, y, z, c: add(mul(x, y), z)),
        expression("(f64x2.add (f32x4.add {x} {y}) {z})",
                   lambda x, y, z, c: add64(add(x, y), z)),
        expression("(f32x4.neg (f32x4.add {x} {y}))",
                   lambda x, y, **v: add(x, y) ^ join([1 << 31] * 4, 32)),
        expression("(v128.xor (f32x4.add {x} {y}) {z})",
                   lambda x, y, z, c: add(x, y) ^ z),
        expression("(i32x4.bitmask (f32x4.mul {x} {y}))", lambda x, y, **v: sum(
            a >> 31 << i for i, a in enumerate(split(mul(x, y), 32))), "i"),
        expression("(i32x4.extract_lane 2 (f32x4.sqrt {x}))", lambda x, **v: split(
            VECTOR["f32x4.sqrt"][2](x), 32)[2], "i"),
        expression("(f32x4.splat (f32.add (f32x4.extract_lane 0 {x}) "
                   "(f32x4.extract_lane 1 {y})))", lambda x, y, **v: join(
                       [scalar(x & 0xffffffff, y >> 32 & 0xffffffff)] * 4, 32)),
    ]


def kernel(expressions):
    lines = ['  (func (export "V") (param $X i32) (param $Y i32) (param $Z i32)',
             "    (param $C i32) (param $n i32) (param $out i32)",
             "    (local $i i32) (local $x v128) (local $y v128) (local $z v128)",
             "    (local $c i32)",
             "    (local.set $i (i32.add (call $thread_id_x)",
             "      (i32.mul (call $block_id_x) (call $block_dim_x))))",
             "    (if (i32.ge_u (local.get $i) (local.get $n)) (then (return)))"]
    for v in "xyz":
        lines.append(f"    (local.set ${v} (v128.load (i32.add (local.get "
                     f"${v.upper()}) (i32.shl (local.get $i) (i32.const 4)))))")
    lines += ["    (local.set $c (i32.load (i32.add (local.get $C)",
              "      (i32.shl (local.get $i) (i32.const 2)))))"]
    for k, e in enumerate(expressions):
        at = ("(i32.add (local.get $out) (i32.shl (i32.add (local.get $i) "
              f"(i32.mul (i32.const {k}) (local.get $n))) (i32.const 4)))")
        code = e.code.format(**{v: f"(local.get ${v})" for v in "xyzc"})
        lines.append(f"    ({STORE[e.result]} {at} {code})")
    return "\n".join(lines) + ")\n"


def check(runner, expressions, operands, buffer, verify):
    """Launches V and compares all results with the reference."""
    n = len(operands)
    files = {v: runner.path(v) for v in "xyzc"}
    for i, v in enumerate("xyzc"):
        with open(files[v], "wb") as file:
            for o in operands:
                file.write(o[i].to_bytes(4 if v == "c" else 16, "little"))
    out = runner.path("out")
    per = {"u8": 16, "f32": 4, "f64": 2}[buffer]
    line = ["launch", "V", "--grid", str(-(-n // 64)), "--block", "64", "--",
            *("@" + files[v] for v in "xyzc"), str(n),
            f"@zeros:{buffer}:{per * n * len(expressions)}={out}"]
    problems = []
    code, report, error = runner.twrun(line, verify)
    if code == 4:
        problems.append(f"differs from the interpreter: {error}")
        code, report, error = runner.twrun(line, False)
    if code != 0:
        return problems + [f"V: exit code {code}, expected 0: {error}"]
    with open(out, "rb") as file:
        data = file.read()
    for k, e in enumerate(expressions):
        wrong = 0
        width = {"v": 128, "i": 32}.get(e.result) or int(e.result[1:])
        mask = (1 << width) - 1
        for i, (x, y, z, c) in enumerate(operands):
            at = 16 * (k * n + i)
            got = int.from_bytes(data[at:at + 16], "little")
            want = e.apply(x=x, y=y, z=z, c=c) & mask
            if got != want:
                wrong += 1
                if wrong <= 2:
                    problems.append(f"{e.name} of {x:#x}, {y:#x}, {z:#x}, {c:#x} "
                                    f"= {got:#x}, expected {want:#x}")
        if wrong:
            problems.append(f"{e.name}: {wrong} of {n} results are wrong")
    return problems


def group(name, expressions, shapes, count, buffer="u8", verify=True, source=""):
    vectors = [draw(shapes, count, name + v) for v in "xyz"]
    counts = random.Random(name).choices(
        [0, 1, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 0xffffffff,
         0x80000000, 0x12345678], k=len(vectors[0]))
    operands = list(zip(*vectors, counts))
    return Group(name, source=source + kernel(expressions), checks=[
        lambda r: check(r, expressions, operands, buffer, verify)])


def simd():
    floats = {shape: [plain(n) for n in VECTOR if n.startswith(shape)]
              for shape in FLOATS}
    rest = [plain(n) for n in VECTOR if n[:5] not in FLOATS]
    assert len(VECTOR) == 212
    return [group("v_integers", rest, list(BITS), 40),
            group("v_f32x4", floats["f32x4"], ["f32x4", "f64x2", "i32x4"], 150,
                  "f32"),
            group("v_f64x2", floats["f64x2"], ["f64x2", "f32x4", "i32x4"], 150,
                  "f64"),
            group("v_lanes", with_lanes(), list(BITS), 20),
            # Bits of NaNs, where interpreters differ.
            group("v_moved", moved(), ["f32x4", "f64x2", "i8x16"], 60, "f32",
                  verify=False, source=VALUES),
            memory_group()]
