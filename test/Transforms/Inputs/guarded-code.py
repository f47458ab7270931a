#!/usr/bin/env python3
# guarded-code.py - LLVM IR with guards in it that is too long to write down.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: guarded-code.py SHAPE NUMBER [STORES], where SHAPE is one of
#   loop   a loop of NUMBER additions and STORES stores, of 4 bytes side by side
#   nest   the same loop, its additions in a loop around it
#   run    two stores with NUMBER additions between
#   runs   NUMBER stores side by side, with 40 additions between
#   forks  NUMBER stores, each under a condition of its own

import sys

CHECK = "declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)\n"
MEMORY = "ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n"


def additions(number, name="f"):
    values = ["%n"] + [f"%{name}{i}" for i in range(number)]
    return "".join(
        f"  {after} = add i32 {before}, %p\n"
        for before, after in zip(values, values[1:])
    )


def store(index, tag, offset=0):
    """A store of 4 bytes behind its check."""
    guard = f"i32 {index}, i64 %size, i64 {offset}, i64 4, ptr %rt, i32 0, i32 {tag}"
    return f"""\
  call void @__tw_check_bounds({guard})
  %z{tag} = zext i32 {index} to i64
  %b{tag} = getelementptr i8, ptr addrspace(1) %base, i64 %z{tag}
  %a{tag} = getelementptr i8, ptr addrspace(1) %b{tag}, i64 {offset}
  store i32 {tag}, ptr addrspace(1) %a{tag}, align 1
"""


def loop(name, before, after, body, stores):
    """A loop that steps by 4 bytes."""
    accesses = "".join(store("%q", 10 + i, 4 * i) for i in range(stores))
    return f"""\
{name}:
  %i = phi i32 [ 0, %{before} ], [ %i1, %{name} ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
{body}{accesses}\
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %{name}, label %{after}
"""


def make(shape, number, stores):
    if shape == "loop":
        parts = ["  br label %loop\n"]
        parts.append(loop("loop", "entry", "exit", additions(number), stores))
    elif shape == "nest":
        parts = [
            "  br label %outer\nouter:\n",
            "  %j = phi i32 [ 0, %entry ], [ %j1, %latch ]\n",
            additions(number),
            "  br label %inner\n",
            loop("inner", "outer", "latch", "", stores),
            "latch:\n  %j1 = add i32 %j, 1\n  %d = icmp ne i32 %j1, 10\n",
            "  br i1 %d, label %outer, label %exit\n",
        ]
    elif shape == "run":
        parts = [store("%p", 10), additions(number), store("%n", 11)]
        parts.append("  br label %exit\n")
    elif shape == "runs":
        parts = [store("%p", 0)]
        for i in range(1, number):
            parts += [additions(40, f"f{i}_"), store("%p", i, 4 * i)]
        parts.append("  br label %exit\n")
    else:
        parts = ["  br label %j0\n"]
        for i in range(number):
            parts.append(f"j{i}:\n  %c{i} = icmp ugt i32 %n, {i}\n")
            parts.append(f"  br i1 %c{i}, label %s{i}, label %j{i + 1}\n")
            parts.append(f"s{i}:\n  %q{i} = add i32 %p, {4 * i}\n")
            parts.append(store(f"%q{i}", i) + f"  br label %j{i + 1}\n")
        parts.append(f"j{number}:\n  br label %exit\n")
    body = "".join(parts)
    head = f"{CHECK}\ndefine void @f({MEMORY}) {{\nentry:\n"
    return f"{head}{body}exit:\n  ret void\n}}\n"


numbers = [int(argument) for argument in sys.argv[2:]] + [1]
print(make(sys.argv[1], *numbers[:2]), end="")
