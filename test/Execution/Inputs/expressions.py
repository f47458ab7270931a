# expressions.py - combinations of instructions that invite a compiler.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Trees of instructions, which evaluate themselves by the reference: those that
# optimisers like to rewrite (x·1, −0−x, select by a comparison, x·y+z, integer
# tricks on signs, ...), and random ones. Leaves are "x", "y" and
# ("const", type, bits); ("select", a, b, condition) chooses; all else is
# (instruction, operand ...).

import random

from guest import Group, Task, constant
from numeric import FORMAT, INSTRUCTIONS, expected, random_values, values


def code(tree):
    if isinstance(tree, str):
        return f"{{{tree}}}"
    if tree[0] == "const":
        return constant(tree[1], tree[2])
    return f"({tree[0]} {' '.join(map(code, tree[1:]))})"


def evaluate(tree, operands):
    if isinstance(tree, str):
        return operands["xy".index(tree)]
    if tree[0] == "const":
        return tree[2]
    found = [evaluate(t, operands) for t in tree[1:]]
    if tree[0] == "select":
        return found[0] if found[2] else found[1]
    return INSTRUCTIONS[tree[0]].apply(*found)


def to_task(name, tree, params, result):
    return Task(name, code(tree), params, result,
                lambda *operands: evaluate(tree, operands))


def tempting(t):
    """Name → tree of type t, with x and y of type t."""
    f, n = FORMAT[t], "i" + t[1:]
    other = "f64" if t == "f32" else "f32"

    def op(name, *operands):
        return (f"{t}.{name}", *operands)

    def num(m, e=0, sign=0):
        return ("const", t, f.pack(sign, m, e))

    def bits(tree):
        return (f"{n}.reinterpret_{t}", tree)

    def real(tree):
        return (f"{t}.reinterpret_{n}", tree)

    def integer(value):
        return ("const", n, value)

    x, y = "x", "y"
    one, two, half = num(1), num(1, 1), num(1, -1)
    zero, minus_zero = num(0), ("const", t, f.sign)
    nan, payload = ("const", t, f.nan), ("const", t, f.sign | f.inf | 0x1234)
    added, product = op("add", x, y), op("mul", x, y)
    less = op("lt", x, y)
    by_bits = (f"{n}.lt_u", bits(x), bits(y))
    trees = {
        # Identities that quieten a signalling NaN.
        "x*1": op("mul", x, one), "1*x": op("mul", one, x), "x/1": op("div", x, one),
        "x-0": op("sub", x, zero), "x+-0": op("add", x, minus_zero),
        "x+0": op("add", x, zero), "x*-1": op("mul", x, num(1, 0, 1)),
        "x/-1": op("div", x, num(1, 0, 1)), "-0-x": op("sub", minus_zero, x),
        "0-x": op("sub", zero, x), "x-x": op("sub", x, x), "x/x": op("div", x, x),
        "x*0": op("mul", x, zero), "0/x": op("div", zero, x), "x*2": op("mul", x, two),
        "x+x": op("add", x, x), "x/2": op("div", x, two), "x*.5": op("mul", x, half),
        "x/3": op("div", x, num(3)), "1/x": op("div", one, x),
        "min(x,x)": op("min", x, x), "max(x,x)": op("max", x, x),
        "x+nan": op("add", x, nan), "x-payload": op("sub", x, payload),
        "min(x,inf)": op("min", x, ("const", t, f.inf)),
        "max(x,-inf)": op("max", x, ("const", t, f.sign | f.inf)),
        "max(min)": op("max", zero, op("min", one, x)),
        "sqrt(x*x)": op("sqrt", op("mul", x, x)),
        "1/sqrt": op("div", one, op("sqrt", x)),
        "x/sqrt(y)": op("div", x, op("sqrt", y)),
        "sqrt*sqrt": op("mul", op("sqrt", x), op("sqrt", x)),
        "floor(ceil)": op("floor", op("ceil", x)),
        "x-floor(x)": op("sub", x, op("floor", x)),
        "trunc(trunc)": op("trunc", op("trunc", x)),
        # No reassociation, no contraction.
        "(x+y)-y": op("sub", added, y), "(x*y)/y": op("div", product, y),
        "x*y+x": op("add", product, x), "x*y-y": op("sub", product, y),
        "x-x*y": op("sub", x, product), "x*x+y*y": op(
            "add", op("mul", x, x), op("mul", y, y)),
        "x*3+x": op("add", op("mul", x, num(3)), x),
        "-(x*y)": op("neg", product), "(-x)*y": op("mul", op("neg", x), y),
        "(-x)+y": op("add", op("neg", x), y), "x-(-y)": op("sub", x, op("neg", y)),
        "-(x-y)": op("neg", op("sub", x, y)), "(x+1)-1": op("sub", op("add", x, one), one),
        # Bits that must survive, and signs of NaNs made.
        "-x": op("neg", x), "--x": op("neg", op("neg", x)), "|x|": op("abs", x),
        "|-x|": op("abs", op("neg", x)), "-|x|": op("neg", op("abs", x)),
        "copysign(x,y)": op("copysign", x, y), "copysign(x,-y)": op(
            "copysign", x, op("neg", y)),
        "-(x+y)": op("neg", added), "|x+y|": op("abs", added),
        "copysign(x+y,-1)": op("copysign", added, num(1, 0, 1)),
        "copysign(1,x+y)": op("copysign", one, added),
        "copysign(x,x*y)": op("copysign", x, product),
        "copysign(x,-(x*y))": op("copysign", x, op("neg", product)),
        "-sqrt(x)": op("neg", op("sqrt", x)), "|sqrt(x)|": op("abs", op("sqrt", x)),
        "xor sign": real((f"{n}.xor", bits(x), integer(f.sign))),
        "and not sign": real((f"{n}.and", bits(x), integer(f.sign - 1))),
        "or sign": real((f"{n}.or", bits(x), integer(f.sign))),
        "xor sign of sum": real((f"{n}.xor", bits(added), integer(f.sign))),
        "sign of y": real((f"{n}.or",
                           (f"{n}.and", bits(x), integer(f.sign - 1)),
                           (f"{n}.and", bits(y), integer(f.sign)))),
        "bits+1": real((f"{n}.add", bits(x), integer(1))),
        "through bits": real(bits(x)),
        # Selects: of what is loaded and what is made, and min and max in disguise.
        "select bits": ("select", x, y, by_bits),
        "select made or x": ("select", added, x, by_bits),
        "select x or made": ("select", x, product, by_bits),
        "select two made": ("select", added, product, by_bits),
        "select payload": ("select", payload, x, by_bits),
        "select payload or made": ("select", payload, added, by_bits),
        "select twice": ("select", ("select", added, x, less), y, by_bits),
        "-select made or x": op("neg", ("select", added, x, by_bits)),
        "x<y?x:y": ("select", x, y, less), "x<y?y:x": ("select", y, x, less),
        "x<=y?x:y": ("select", x, y, op("le", x, y)),
        "x>=y?x:y": ("select", x, y, op("ge", x, y)),
        "x>0?x:0": ("select", x, zero, op("gt", x, zero)),
        "x<0?-x:x": ("select", op("neg", x), x, op("lt", x, zero)),
        "x>0?x:-x": ("select", x, op("neg", x), op("gt", x, zero)),
        "x==y?x:y": ("select", x, y, op("eq", x, y)),
        "x!=y?x:y": ("select", x, y, op("ne", x, y)),
        "x==0?0:x": ("select", zero, x, op("eq", x, zero)),
        "x!=x?nan:x": ("select", nan, x, op("ne", x, x)),
        "x!=x?0:x": ("select", zero, x, op("ne", x, x)),
        "x==x?x:payload": ("select", x, payload, op("eq", x, x)),
        "x<0?nan:sqrt": ("select", nan, op("sqrt", x), op("lt", x, zero)),
        "x<0?payload:sqrt": ("select", payload, op("sqrt", x), op("lt", x, zero)),
        "x<y?x+y:x*y": ("select", added, product, less),
        # Comparisons with what arithmetic makes.
        "x-x==0": (f"{t}.convert_i32_u", op("eq", op("sub", x, x), zero)),
        "x-y<0": (f"{t}.convert_i32_u", op("lt", op("sub", x, y), zero)),
        "x+y!=itself": (f"{t}.convert_i32_u", op("ne", added, added)),
        "|x|<inf": (f"{t}.convert_i32_u", op(
            "lt", op("abs", x), ("const", t, f.inf))),
        # Conversions there and back.
        "sat i32": (f"{t}.convert_i32_s", (f"i32.trunc_sat_{t}_s", x)),
        "sat u64": (f"{t}.convert_i64_u", (f"i64.trunc_sat_{t}_u", x)),
    }
    wide = "promote_f32" if t == "f32" else "demote_f64"
    back = "demote_f64" if t == "f32" else "promote_f32"

    def convert(tree):
        return (f"{other}.{wide}", tree)

    trees["there and back"] = (f"{t}.{back}", convert(x))
    for name in ("add", "sub", "mul", "div", "min", "max", "copysign"):
        trees[f"{name} in {other}"] = (
            f"{t}.{back}", (f"{other}.{name}", convert(x), convert(y)))
    for name in ("sqrt", "floor", "neg", "abs"):
        trees[f"{name} in {other}"] = (f"{t}.{back}", (f"{other}.{name}", convert(x)))
    return trees


# Values that reach a join of control flow along two edges.
JOINS = """\
  (func $join_{t} (param $x {t}) (param $y {t}) (result {t})
    (block $b (result {t})
      (br_if $b (local.get $x) ({n}.lt_u ({n}.reinterpret_{t} (local.get $x))
                                      ({n}.reinterpret_{t} (local.get $y))))
      (drop)
      ({t}.mul (local.get $x) (local.get $y))))
  (func $if_{t} (param $x {t}) (param $y {t}) (result {t})
    ({t}.neg
      (if (result {t}) ({t}.lt (local.get $x) (local.get $y))
        (then ({t}.neg (local.get $y)))
        (else ({t}.sub (local.get $x) (local.get $y))))))
  ;; A loop-carried value: x itself, or x·y after up to three rounds.
  (func $loop_{t} (param $x {t}) (param $y {t}) (result {t}) (local $i i32)
    (local.set $i (i32.and (i32.wrap_i64 (i64.extend_i32_u
      (i32.trunc_sat_{t}_u ({t}.abs (local.get $y))))) (i32.const 3)))
    (block $out
      (loop $again
        (br_if $out (i32.eqz (local.get $i)))
        (local.set $i (i32.sub (local.get $i) (i32.const 1)))
        (local.set $x ({t}.mul (local.get $x) (local.get $y)))
        (br $again)))
    (local.get $x))
  (func $call_{t} (param $x {t}) (param $y {t}) (result {t})
    (call $identity_{t} ({t}.add (call $identity_{t} (local.get $x))
                                 (local.get $y))))
  (func $identity_{t} (param $x {t}) (result {t}) (local.get $x))
  (func $memory_{t} (param $x {t}) (param $y {t}) (result {t}) (local $at i32)
    (local.set $at (i32.mul (i32.add (call $thread_id_x)
      (i32.mul (call $block_id_x) (call $block_dim_x))) (i32.const 8)))
    ({t}.store (local.get $at) ({t}.div (local.get $x) (local.get $y)))
    ({t}.load (local.get $at)))
"""

# Lanes of vectors that go into arithmetic, which cannot see which NaN it gets,
# or are seen, or both.
LANES = """\
  (func $product_{t} (param $x {t}) (param $y {t}) (result v128)
    ({v}.mul ({v}.splat (local.get $x)) ({v}.splat (local.get $y))))
  (func $lane_{t} (param $x {t}) (param $y {t}) (result {t})
    ({t}.sub (local.get $x) ({t}.abs ({v}.extract_lane 1
      (call $product_{t} (local.get $x) (local.get $y))))))
  (func $sign_{t} (param $x {t}) (param $y {t}) (result {t}) (local $p v128)
    (local.set $p (call $product_{t} (local.get $x) (local.get $y)))
    (select ({t}.abs ({v}.extract_lane 1 (local.get $p)))
            ({t}.neg ({v}.extract_lane 0 (local.get $p)))
            ({t}.lt (local.get $x) (local.get $y))))
  (func $from_{t} (param $x {t}) (param $y {t}) (result {t})
    ({t}.copysign (local.get $x) ({v}.extract_lane 0
      ({v}.neg (call $product_{t} (local.get $x) (local.get $y))))))
  (func $pick_{t} (param $x {t}) (param $y {t}) (result {t})
    ({v}.extract_lane 1
      ({v}.pmin (call $product_{t} (local.get $x) (local.get $y))
                ({v}.splat (local.get $x)))))
  (func $picked_{t} (param $x {t}) (param $y {t}) (result {t})
    ({t}.add (call $pick_{t} (local.get $x) (local.get $y)) (local.get $y)))
  ;; The loop's value is seen behind it alone: x - y, or up to three times as
  ;; much.
  (func $round_{t} (param $x {t}) (param $y {t}) (result {t})
    (local $i i32) (local $v v128)
    (local.set $i (i32.and (i32.trunc_sat_{t}_s (local.get $y)) (i32.const 3)))
    (local.set $v ({v}.sub ({v}.splat (local.get $x)) ({v}.splat (local.get $y))))
    (loop $again
      (if (local.get $i)
        (then
          (local.set $i (i32.sub (local.get $i) (i32.const 1)))
          (local.set $v ({v}.add (local.get $v) (local.get $v)))
          (br $again))))
    ({v}.extract_lane 0 ({v}.abs (local.get $v))))
  ;; Stored and read on.
  (func $both_{t} (param $x {t}) (param $y {t}) (result {t})
    (local $at i32) (local $v v128)
    (local.set $at (i32.mul (i32.add (call $thread_id_x)
      (i32.mul (call $block_id_x) (call $block_dim_x))) (i32.const 8)))
    (local.set $v ({v}.div ({v}.splat (local.get $x)) ({v}.splat (local.get $y))))
    ({t}.store (local.get $at) ({v}.extract_lane 1 (local.get $v)))
    (select ({t}.load (local.get $at))
            ({t}.add ({v}.extract_lane 0 (local.get $v)) (local.get $x))
            ({t}.gt (local.get $x) (local.get $y))))
"""


def joins(t):
    f = FORMAT[t]

    def use(name, *operands):
        return INSTRUCTIONS[f"{t}.{name}"].apply(*operands)

    def if_(x, y):
        return use("neg", use("neg", y) if use("lt", x, y) else use("sub", x, y))

    def loop(x, y):
        count = INSTRUCTIONS[f"i32.trunc_sat_{t}_u"].apply(use("abs", y)) & 3
        for _ in range(count):
            x = use("mul", x, y)
        return x

    def sign(x, y):
        p = use("mul", x, y)
        return use("abs", p) if use("lt", x, y) else use("neg", p)

    def pick(x, y):
        p = use("mul", x, y)
        return x if use("lt", x, p) else p

    def round_(x, y):
        v = use("sub", x, y)
        for _ in range(INSTRUCTIONS[f"i32.trunc_sat_{t}_s"].apply(y) & 3):
            v = use("add", v, v)
        return use("abs", v)

    def both(x, y):
        v = use("div", x, y)
        return v if use("gt", x, y) else use("add", v, x)

    functions = {
        "lane": lambda x, y: use("sub", x, use("abs", use("mul", x, y))),
        "sign": sign, "pick": pick, "round": round_, "both": both,
        "from": lambda x, y: use(
            "copysign", x, use("neg", use("mul", x, y))),
        "picked": lambda x, y: use("add", pick(x, y), y),
        "join": lambda x, y: x if x < y else use("mul", x, y), "if": if_,
        "loop": loop, "call": lambda x, y: use("add", x, y),
        "memory": lambda x, y: use("div", x, y)}
    return [Task(name, f"(call ${name}_{t} {{x}} {{y}})", (t, t), t, apply)
            for name, apply in functions.items()]


def pairs(t):
    """All pairs of a few values, and of NaNs; and random pairs."""
    f = FORMAT[t]
    table = values(t)
    nans = [v for v in table if f.is_nan(v)]
    few = [v for v in table if not f.is_nan(v)][:56:2] + [
        v | f.sign for v in table[:56:4]] + nans[:10]
    few = list(dict.fromkeys(few))
    drawn = random_values(t, 600, "expressions " + t)
    return [(a, b) for a in few for b in few] + list(zip(drawn[::2], drawn[1::2]))


def observe(task):
    """The task's result, seen as an integer."""
    n = "i" + task.result[1:]
    return Task(task.name + " as bits", f"({n}.reinterpret_{task.result} {task.code})",
                task.params, n, task.apply)


def expressions():
    groups = []
    for t in ("f32", "f64"):
        tasks = [to_task(name, tree, (t, t), t) for name, tree in tempting(t).items()]
        tasks += joins(t)
        text = '  (memory (export "memory") 1)\n' + (JOINS + LANES).replace(
            "{t}", t).replace("{n}", "i" + t[1:]).replace(
                "{v}", "f32x4" if t == "f32" else "f64x2")
        # As floats, where only the reference knows a NaN's payload for sure; an
        # interpreter's payloads can steer selects, so it has no say here.
        groups.append(Group(f"{t}_stored", tasks, source=text, shared=pairs(t),
                            verify=False))
        groups.append(Group(f"{t}_observed", [observe(task) for task in tasks],
                            source=text, shared=pairs(t), verify=False))
    return groups + [random_group(t) for t in ("i32", "i64", "f32", "f64")]


SAFE = [i for i in INSTRUCTIONS.values()
        if not any(isinstance(expected(i, o), str) for o in
                   [(v,) * len(i.params) for v in values(i.params[0])[:4]] +
                   [(v,) * len(i.params) for v in values(i.params[0])[-4:]])]


def random_tree(source, result, depth, leaf_type):
    leaf = depth == 0 or source.random() < 0.1
    if leaf and result == leaf_type and source.random() < 0.85:
        return source.choice("xy")
    if leaf:
        return ("const", result, source.choice(values(result)))
    if source.random() < 0.15:
        a, b = (random_tree(source, result, depth - 1, leaf_type) for _ in "ab")
        return ("select", a, b, random_tree(source, "i32", depth - 1, leaf_type))
    instruction = source.choice([i for i in SAFE if i.result == result])
    return (instruction.name, *(random_tree(source, t, depth - 1, leaf_type)
                                for t in instruction.params))


def random_group(t):
    source = random.Random("trees " + t)
    tasks = []
    for k in range(100):
        result = source.choice(("i32", "i64", "f32", "f64"))
        tree = random_tree(source, result, 4, t)
        tasks.append(to_task(f"tree {k}: {code(tree)}", tree, (t, t), result))
    table = values(t)
    few = [(source.choice(table), source.choice(table)) for _ in range(150)]
    drawn = random_values(t, 200, "trees " + t)
    return Group(f"{t}_random", tasks, shared=few + list(zip(drawn[::2], drawn[1::2])),
                 verify=False)
