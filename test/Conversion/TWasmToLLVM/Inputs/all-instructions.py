#!/usr/bin/env python3
# all-instructions.py - each instruction lowers to the op its record names.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: all-instructions.py wat TWasm.json > module.wat
#        all-instructions.py check TWasm.json < module.std.mlir
#
# `wat` writes a module with one function per instruction, whose parameters are
# the instruction's operands; `check` looks for the upstream ops of the dialect's
# record in what becomes of it in phase `std`. Instructions that take labels,
# functions, tables or segments have tests of their own.

import json
import re
import sys

OWN_TESTS = re.compile(
    r"unreachable|if|br.*|return.*|call.*|select.*|table\..*|elem\..*|ref\..*|"
    r"memory\.init|data\.drop|memory\.(copy|fill)|atomic\.fence")
CONSTANTS = {"v128.const": " i32x4 1 2 3 4"}
UPSTREAM = re.compile(r"\b(?:arith|llvm|math|cf|func)\.[a-z][\w.]*")


def instructions():
    """(name, operand types, result, what its upstreamOp says) of each."""
    with open(sys.argv[2], encoding="utf-8") as file:
        records = json.load(file)
    for op in records["!instanceof"]["TWasm_Op"]:
        for ref in records[op]["wasmInstrs"]:
            instr = records[ref["def"]]
            if not OWN_TESTS.fullmatch(instr["name"]):
                yield (instr["name"], instr["operands"], instr["result"],
                       records[op]["upstreamOp"])


def text(name, operands):
    """The instruction with its immediates, in folded form."""
    immediate = ""
    if name.endswith(".const"):
        immediate = CONSTANTS.get(name, " 1")
    elif re.search(r"_lane(_[su])?$", name):
        immediate = " 1"
    elif name == "i8x16.shuffle":
        immediate = " 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31"
    elif name.startswith("global."):
        immediate = " $g"
    gets = "".join(f" (local.get {k})" for k in range(len(operands)))
    return f"({name}{immediate}{gets})"


def write_module():
    print("(module (memory 1 1 shared) (global $g (mut i32) (i32.const 0))")
    for name, operands, result, _ in instructions():
        if name == "global.set":
            operands = ["i32"]
        if name.startswith("global."):
            result = "i32" if name == "global.get" else ""
        params = f" (param {' '.join(operands)})" if operands else ""
        results = f" (result {result})" if result else ""
        print(f' (func (export "{name}"){params}{results}\n'
              f"  {text(name, operands)})")
    print(")")


def alternatives(upstream):
    """Lists of ops: all of one list must be there."""
    return [UPSTREAM.findall(one) for one in re.split(r"\bor\b", upstream)]


def check():
    bodies = re.split(r"^  func\.func ", sys.stdin.read(), flags=re.M)[1:]
    found = {}
    for body in bodies:
        number = re.match(r"(?:private )?@f(\d+)_", body)
        if number:
            found[int(number[1])] = body
    problems, count = [], 0
    for index, (name, _, _, upstream) in enumerate(instructions()):
        body, count = found.get(index, ""), count + 1
        if not any(ops and all(re.search(re.escape(op) + r"(?![a-z])", body)
                               for op in ops)
                   for ops in alternatives(upstream)):
            problems.append(f"{name}: '{upstream}' is not in\n{body}")
    print("\n".join(problems) or f"{count} instructions lower as they should")
    return 1 if problems else 0


sys.exit(write_module() if sys.argv[1] == "wat" else check())
