# guest.py - guest modules whose kernel tries many expressions at once.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A Task is an expression of Wasm text with a reference in Python. A Group puts
# tasks into one kernel: thread i evaluates each on its i-th operands and stores
# the result into a buffer of the result's type, so that lanes of a warp diverge
# wherever operands make them.

import struct
from dataclasses import dataclass, field
from typing import Callable, List, Optional, Tuple

from numeric import FORMAT, WIDTH

TYPES = ("i32", "i64", "f32", "f64")
SIZE = {"i32": 4, "i64": 8, "f32": 4, "f64": 8}
CODE = {"i32": "I", "i64": "Q", "f32": "I", "f64": "Q"}
BUFFER = {"i32": "u32", "i64": "u64", "f32": "f32", "f64": "f64"}


@dataclass
class Task:
    """`code` is an expression in which {x} and {y} stand for the operands.
    `apply` takes their bits; `operands` may not make it trap."""

    name: str
    code: str
    params: Tuple[str, ...]
    result: str
    apply: Callable
    operands: List[tuple] = field(default_factory=list)


@dataclass
class Call:
    """An invocation: bits of arguments; bits of results or a trap's message."""

    export: str
    args: List[Tuple[str, int]]
    expect: object
    verify: bool = True


@dataclass
class Group:
    name: str
    tasks: List[Task] = field(default_factory=list)
    calls: List[Call] = field(default_factory=list)
    source: str = ""  # functions that the tasks call, and other exports
    # All tasks have the same operands, which are loaded once.
    shared: Optional[List[tuple]] = None
    # Interpreters differ in a NaN's payload: an integer made from one's bits
    # cannot be compared with theirs, only with the reference.
    verify: bool = True
    block: int = 128
    # Anything beyond: functions of a Runner, which return problems.
    checks: List[Callable] = field(default_factory=list)
    # A C file beside this one that is the module, instead of all the text.
    guest: Optional[str] = None
    guest_flags: List[str] = field(default_factory=list)
    twc_flags: List[str] = field(default_factory=list)  # options of its own
    # Keeps the module's binary beside the artifact, as NAME.module, for checks
    # that run it in Python.
    keep_module: bool = False
    # What is kept instead: proof that a difference is seen.
    other_source: Optional[str] = None

    @property
    def threads(self):
        if self.shared is not None:
            return len(self.shared)
        return max((len(t.operands) for t in self.tasks), default=0)

    def operands_of(self, task):
        """Exactly one tuple per thread."""
        if self.shared is not None:
            return self.shared
        some = task.operands
        return some + some[:1] * (self.threads - len(some))

    def input(self, operand):
        """The bytes of the buffer of first or second operands."""
        lists = [self.operands_of(t) for t in self.tasks]
        params = self.tasks[0].params
        if operand >= len(params):
            return b"\0" * 8
        if self.shared is not None:
            lists = lists[:1]
        flat = [args[operand] for one in lists for args in one]
        return struct.pack(f"<{len(flat)}{CODE[params[operand]]}", *flat)

    def results_of(self, result):
        return [t for t in self.tasks if t.result == result]


def constant(t, bits):
    """`(t.const ...)` with exactly these bits."""
    if t[0] == "i":
        return f"({t}.const {bits:#x})"
    f = FORMAT[t]
    sign = "-" if f.negative(bits) else ""
    if f.is_nan(bits):
        return f"({t}.const {sign}nan:{bits & ((1 << f.fraction) - 1):#x})"
    if f.is_inf(bits):
        return f"({t}.const {sign}inf)"
    _, m, e = f.unpack(bits)
    return f"({t}.const {sign}{m:#x}p{e})"


def argument(t, bits):
    """The same on twrun's command line."""
    if t[0] == "i":
        return hex(bits)
    f = FORMAT[t]
    sign = "-" if f.negative(bits) else ""
    if f.is_nan(bits):
        return f"nan:{bits:#x}"
    if f.is_inf(bits):
        return sign + "inf"
    _, m, e = f.unpack(bits)
    return f"{sign}{m:#x}p{e}"


IMPORTS = """\
  (import "tw" "thread_id_x" (func $thread_id_x (result i32)))
  (import "tw" "block_id_x" (func $block_id_x (result i32)))
  (import "tw" "block_dim_x" (func $block_dim_x (result i32)))
"""


def kernel(group):
    """The kernel `K`: X, Y, n, and a result buffer of each type."""
    params = group.tasks[0].params
    lines = ['  (func (export "K") (param $X i32) (param $Y i32) (param $n i32)']
    lines += [f"    (param $out_{t} i32)" for t in TYPES]
    lines += ["    (local $i i32)"]
    lines += [f"    (local ${v} {t})" for v, t in zip("xy", params)]
    lines += [
        "    (local.set $i (i32.add (call $thread_id_x)",
        "      (i32.mul (call $block_id_x) (call $block_dim_x))))",
        "    (if (i32.ge_u (local.get $i) (local.get $n)) (then (return)))"]

    def element(base, t, k):
        """The address of element k·n + i."""
        index = "(local.get $i)"
        if k:
            index = f"(i32.add {index} (i32.mul (i32.const {k}) (local.get $n)))"
        shift = SIZE[t].bit_length() - 1
        return f"(i32.add (local.get {base}) (i32.shl {index} (i32.const {shift})))"

    def load(v, t, k):
        return f"({t}.load {element('$' + v.upper(), t, k)})"

    position = dict.fromkeys(TYPES, 0)
    if group.shared is not None:
        lines += [f"    (local.set ${v} {load(v, t, 0)})"
                  for v, t in zip("xy", params)]
    for k, task in enumerate(group.tasks):
        if group.shared is None:
            lines += [f"    (local.set ${v} {load(v, t, k)})"
                      for v, t in zip("xy", task.params)]
        value = task.code.format(x="(local.get $x)", y="(local.get $y)")
        at = element(f"$out_{task.result}", task.result, position[task.result])
        position[task.result] += 1
        if "(" not in task.name:
            lines.append(f"    ;; {task.name}")
        lines.append(f"    ({task.result}.store {at} {value})")
    return "\n".join(lines) + ")\n"


def module(group):
    """The text of the group's module."""
    text = "(module\n" + IMPORTS
    if "(memory" not in group.source:
        text += '  (memory (export "memory") 1)\n'
    text += group.source
    if group.tasks:
        text += kernel(group)
    return text + ")\n"
