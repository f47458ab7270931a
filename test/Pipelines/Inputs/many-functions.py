#!/usr/bin/env python3
# many-functions.py - writes a module large enough to be compiled in parts.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: many-functions.py N OUTPUT.wat
#
# N functions of type i32 -> i32, the same ones every time, which use memory,
# globals and two tables, one of which changes. All but the first few call one
# that stands anywhere before them: calls cross every cut, and end. Exports:
#
#   run(x)     calls each of them in turn; if x is odd, after a table.set
#   deep(n)    recurses n levels, between the first and the last function
#   divide(x)  divides by x in a function that stands in the middle

import random
import sys

LEAVES = 32  # the first functions call nothing; tables hold them


def constant(rng):
    return rng.choice([rng.randrange(1, 100), rng.randrange(-(1 << 31), 1 << 31)])


def address(rng):
    return (f"(i32.and (i32.mul (local.get $x) (i32.const {constant(rng) | 1})) "
            f"(i32.const 0x7ffc))")


def arithmetic(rng):
    operation = rng.choice(["add", "xor", "mul", "sub", "rotl"])
    return (f"(local.set $l (i64.{operation} (local.get $l) "
            f"(i64.add (i64.extend_i32_u (local.get $x)) "
            f"(i64.const {constant(rng)}))))")


def load(rng):
    return (f"(local.set $x (i32.add (local.get $x) (i32.load "
            f"offset={rng.randrange(0, 30000)} {address(rng)})))")


def fields(rng):
    """One address, several offsets: what structures look like."""
    at = 4 * rng.randrange(0, 1000)
    return (f"(local.set $p {address(rng)})"
            f"(local.set $l (i64.add (i64.load offset={at + 8} (local.get $p)) "
            f"(i64.extend_i32_s (i32.load8_s offset={at} (local.get $p)))))"
            f"(i64.store offset={at + 4} (local.get $p) (local.get $l))")


def store(rng):
    return (f"(i32.store offset={rng.randrange(0, 30000)} {address(rng)} "
            f"(i32.wrap_i64 (local.get $l)))")


def variable(rng):
    return ("(global.set $g (i32.add (i32.rotl (global.get $g) (i32.const 3)) "
            "(local.get $x)))"
            "(global.set $h (f64.convert_i32_s (global.get $g)))")


def floats(rng):
    return (f"(local.set $l (i64.xor (local.get $l) (i64.trunc_sat_f64_s "
            f"(f64.mul (f64.convert_i32_s (local.get $x)) "
            f"(f64.const {rng.uniform(-9, 9)!r})))))")


def branch(rng):
    return (f"(if (i32.and (local.get $x) (i32.const {1 << rng.randrange(8)})) "
            f"(then {arithmetic(rng)}) (else {store(rng)}))")


def loop(rng):
    return (f"(local.set $p (i32.and (local.get $x) (i32.const 7)))"
            f"(loop $again {arithmetic(rng)}"
            f"(br_if $again (local.tee $p (i32.shr_u (local.get $p) "
            f"(i32.const 1)))))")


def indirect(rng):
    table = rng.choice(["$fixed", "$changing"])
    return (f"(local.set $x (i32.add (local.get $x) (call_indirect {table} "
            f"(type $t) (local.get $x) "
            f"(i32.and (local.get $x) (i32.const 15)))))")


PIECES = [arithmetic, load, fields, store, variable, floats, branch, loop]


def function(i, rng):
    pieces = [rng.choice(PIECES)(rng) for _ in range(rng.randrange(3, 9))]
    if i >= LEAVES:
        pieces.insert(rng.randrange(len(pieces)),
                      f"(local.set $x (i32.xor (local.get $x) "
                      f"(call $f{rng.randrange(i)} (i32.add (local.get $x) "
                      f"(i32.const {constant(rng)})))))")
        if rng.randrange(4) == 0:
            pieces.append(indirect(rng))
    return (f"(func $f{i} (type $t) (param $x i32) (result i32) "
            f"(local $l i64) (local $p i32) {' '.join(pieces)} "
            f"(i32.xor (local.get $x) (i32.wrap_i64 (local.get $l))))")


def recursion(name, other, rng):
    """Too large to be inlined, and not a tail call."""
    work = " ".join(fields(rng) for _ in range(12))
    return (f"(func {name} (param $x i32) (result i32) "
            f"(local $l i64) (local $p i32) "
            f"(if (i32.eqz (local.get $x)) (then (return (i32.const 1)))) {work} "
            f"(i32.add (i32.mul (i32.const 3) (call {other} "
            f"(i32.sub (local.get $x) (i32.const 1)))) "
            f"(i32.wrap_i64 (local.get $l))))")


DIVIDER = """(func $divider (param $x i32) (result i32)
  (i32.div_s (i32.const 1000) (local.get $x)))"""


def module(count):
    rng = random.Random(count)
    leaves = " ".join(f"$f{i}" for i in range(16))
    parts = ["(module (type $t (func (param i32) (result i32)))",
             "(memory (export \"memory\") 1)",
             "(global $g (mut i32) (i32.const 7))",
             "(global $h (mut f64) (f64.const 0.5))",
             f"(table $fixed funcref (elem {leaves}))",
             f"(table $changing funcref (elem {leaves}))",
             "(elem declare func $f20)",
             "(data (i32.const 100) \"" +
             "".join(f"\\{rng.randrange(256):02x}" for _ in range(2000)) + "\")",
             recursion("$ping", "$pong", rng)]
    for i in range(count):
        parts.append(function(i, rng))
        if i == count // 2:
            parts.append(DIVIDER)
    parts.append(recursion("$pong", "$ping", rng))
    calls = " ".join(f"(local.set 0 (i32.xor (local.get 0) (call $f{i} "
                     f"(i32.add (local.get 0) (i32.const {i})))))"
                     for i in range(count))
    parts += [
        "(func (export \"run\") (param i32) (result i32)"
        " (if (i32.and (local.get 0) (i32.const 1)) (then"
        " (call $change (i32.and (local.get 0) (i32.const 15)))))"
        f" {calls} (local.get 0))",
        "(func (export \"deep\") (param i32) (result i32)"
        " (call $ping (local.get 0)))",
        "(func (export \"divide\") (param i32) (result i32)"
        " (call $divider (local.get 0)))",
        "(func $change (param i32)"
        " (table.set $changing (local.get 0) (ref.func $f20)))",
        ")"]
    return "\n".join(parts)


def main():
    count, output = int(sys.argv[1]), sys.argv[2]
    if count < LEAVES + 1:
        return f"expected more than {LEAVES} functions, but got {count}"
    with open(output, "w", encoding="ascii") as file:
        file.write(module(count) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
