# tail-call-ring.py - a ring of functions that tail-call each other.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: tail-call-ring.py FUNCTIONS STEPS. Prints phase `std`: function k of
# the ring adds k to a sum and goes on at k + 1, until no steps are left; @main
# returns 0 if the sum after STEPS of them is the right one, else 1. Every
# third function takes a parameter more than it needs, in front.

import sys

CONSTANTS = ("!llvm.ptr<1>", "i64", "!llvm.ptr", "!llvm.ptr<1>", "i64",
             "!llvm.ptr")
NAMES = [f"%l{i}" for i in range(len(CONSTANTS))]


def parameters(k):
    return (["f32"] if k % 3 == 2 else []) + ["i32", "i64"]


def call(k, arguments):
    types = list(CONSTANTS) + parameters(k)
    extra = ["%extra"] if k % 3 == 2 else []
    operands = NAMES + extra + arguments
    return (f"func.call @ring{k}({', '.join(operands)})", ", ".join(types))


def function(k, count):
    names = NAMES + (["%p"] if k % 3 == 2 else []) + ["%n", "%sum"]
    types = list(CONSTANTS) + parameters(k)
    inputs = ", ".join(f"{n}: {t}" for n, t in zip(names, types))
    callee, signature = call((k + 1) % count, ["%less", "%next"])
    print(f"""func.func private @ring{k}({inputs}) -> i64 {{
  %zero = arith.constant 0 : i32
  %done = arith.cmpi eq, %n, %zero : i32
  cf.cond_br %done, ^out, ^on
^out:
  return %sum : i64
^on:
  %one = arith.constant 1 : i32
  %extra = arith.constant {k}.5 : f32
  %less = arith.subi %n, %one : i32
  %k = arith.constant {k} : i64
  %next = arith.addi %sum, %k : i64
  %r = {callee} {{twasm.tail}} : ({signature}) -> i64
  return %r : i64
}}""")


def main(count, steps):
    for k in range(count):
        function(k, count)
    expected = sum(range(count)) * (steps // count) + sum(range(steps % count))
    callee, signature = call(0, ["%n", "%sum"])
    constants = "\n".join(
        f"  {n} = llvm.mlir.zero : {t}" for n, t in zip(NAMES, CONSTANTS))
    print(f"""func.func @main() -> i32 {{
{constants}
  %n = arith.constant {steps} : i32
  %sum = arith.constant 0 : i64
  %found = {callee} : ({signature}) -> i64
  %expected = arith.constant {expected} : i64
  %wrong = arith.cmpi ne, %found, %expected : i64
  %code = arith.extui %wrong : i1 to i32
  return %code : i32
}}""")


main(int(sys.argv[1]), int(sys.argv[2]))
