# groups.py - the groups of tests, by name.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Every numeric instruction on tables of operands, with operands from
# memory, with one constant operand, and folded away; and all that traps.

import random

import atomics
import blocks
import collectives
import contraction
import control
import device
import expressions
import gridfuzz
import limits
import matrix
import memory
import orders
import rangec
import rangeedge
import rangefield
import rangefuel
import rangefuzz
import rangegrid
import rangenest
import rangestate
import rangestride
import rangeunit
import shared
import simdtests
import stack
import windowloops
import windowpaths
import windowplaces
import windowtiles
from guest import Call, Group, Task, constant
from numeric import FORMAT, INSTRUCTIONS, INT_DIVISION, expected, operands, values

LETTERS = ("{x}", "{y}")


def task(instruction, name=None):
    """An instruction on all its operands that do not trap."""
    good = [o for o in operands(instruction)
            if not isinstance(expected(instruction, o), str)]
    code = f"({name or instruction.name} {' '.join(LETTERS[:len(instruction.params)])})"
    return Task(instruction.name, code, instruction.params, instruction.result,
                instruction.apply, good)


def by_operands(t, arity):
    """All instructions with operands of type t."""
    return [i for i in INSTRUCTIONS.values() if i.params == (t,) * arity]


def is_division(instruction):
    return instruction.name[:4] in ("i32.", "i64.") and \
        instruction.name[4:] in INT_DIVISION


def int_constants(t):
    top = 1 << (int(t[1:]) - 1)
    return [0, 1, 2, 7, 10, 31, 32, 33, 63, 64, 255, 0x80000000, top, top - 1,
            2 * top - 1, 2 * top - 7]


def float_constants(t):
    f = FORMAT[t]
    one = f.pack(0, 1, 0)
    return [0, f.sign, one, one | f.sign, f.pack(0, 1, 1), f.pack(0, 1, -1),
            f.pack(0, 3, 0), f.pack(1, 5, -1), f.inf, f.inf | f.sign, f.nan,
            f.inf | 0x1234, f.inf - 1, 1]


def with_constant(t, instructions):
    """Tasks with one operand constant, on either side: what a compiler folds
    (x·1, x−0, x/1, x div 7, shifts by 32 and 33, ...)."""
    tasks = []
    for i in instructions:
        for c in int_constants(t) if t[0] == "i" else float_constants(t):
            if not (is_division(i) and c == 0):
                tasks.append(Task(f"{i.name} by {c:#x}",
                                  f"({i.name} {{x}} {constant(t, c)})", (t,), i.result,
                                  lambda a, i=i, c=c: i.apply(a, c)))
            tasks.append(Task(f"{i.name} of {c:#x}",
                              f"({i.name} {constant(t, c)} {{x}})", (t,), i.result,
                              lambda a, i=i, c=c: i.apply(c, a)))
    return tasks


def constant_groups(name, t, instructions, size=5):
    """Some instructions to a group: functions of thousands of accesses take
    long to compile, and are not what this is about."""
    groups = []
    for k in range(0, len(instructions), size):
        tasks = with_constant(t, instructions[k:k + size])

        def traps(v):
            return any(isinstance(expected(task, (v,)), str) for task in tasks)

        good = [(v,) for v in values(t) if not traps(v)]
        groups.append(Group(f"{name}_{k // size}", tasks, shared=good))
    return groups


def folded():
    """Both operands constant: what is left is what the compiler computed."""
    groups, tasks = [], []
    for i in INSTRUCTIONS.values():
        tried = [o for o in operands(i) if not isinstance(expected(i, o), str)]
        for args in random.Random("folded " + i.name).sample(tried, 8):
            code = " ".join(constant(t, a) for t, a in zip(i.params, args))
            tasks.append(Task(f"{i.name} {' '.join(map(hex, args))}",
                              f"({i.name} {code})", ("i32",), i.result,
                              lambda _, i=i, args=args: i.apply(*args)))
        if len(tasks) == 200 or i.name == list(INSTRUCTIONS)[-1]:
            groups.append(Group(f"folded_{len(groups)}", tasks, shared=[(0,)]))
            tasks = []
    return groups


def trapping():
    """Every instruction that can trap, as an export, on what makes it trap and
    on the nearest that does not; and with the operands constant and the result
    dropped, which has to trap all the same."""
    source, calls = "", []
    for i in INSTRUCTIONS.values():
        bad = [o for o in operands(i) if isinstance(expected(i, o), str)]
        if not bad:
            continue
        params = " ".join(i.params)
        code = " ".join(f"(local.get {k})" for k in range(len(i.params)))
        source += (f'  (func (export "{i.name}") (param {params}) '
                   f'(result {i.result}) ({i.name} {code}))\n')
        chosen = boundary(i) if len(i.params) == 1 else division_edges(i)
        for args in chosen:
            outcome = expected(i, args)
            expect = outcome if isinstance(outcome, str) else [outcome]
            calls.append(Call(i.name, list(zip(i.params, args)), expect))
        args = bad[0]
        code = " ".join(constant(t, a) for t, a in zip(i.params, args))
        source += f'  (func (export "drop {i.name}") (drop ({i.name} {code})))\n'
        calls.append(Call("drop " + i.name, [], expected(i, args)))
    return Group("trapping", calls=calls, source=source)


def division_edges(i):
    low = 1 << (int(i.name[1:3]) - 1)
    ones = 2 * low - 1
    return [(1, 0), (0, 0), (low, 0), (low, ones), (low + 1, ones), (low, 1)]


def boundary(i):
    """The last that converts and the first that does not, at both ends; NaNs
    and infinities."""
    f = FORMAT[i.params[0]]
    result = [f.nan, f.sign | f.inf | 0x1234, f.inf, f.inf | f.sign]
    for sign in (0, 1):
        good, bad = f.sign * sign, f.inf + f.sign * sign
        while bad - good > 1:  # bits order magnitudes
            middle = (good + bad) // 2
            if isinstance(expected(i, (middle,)), str):
                bad = middle
            else:
                good = middle
        result += [good, bad]
    return [(b,) for b in result]


def reinterpreted():
    """What arithmetic makes of NaNs, looked at as integers: the interpreter may
    differ, so only the reference judges."""
    tasks = []
    for t, n in (("f32", "i32"), ("f64", "i64")):
        for i in by_operands(t, 2) + by_operands(t, 1):
            if i.result != t:
                continue
            few = [o for o in operands(i)
                   if any(FORMAT[t].is_nan(v) for v in o + (i.apply(*o),))][:1500]
            code = " ".join(
                f"({t}.reinterpret_{n} {v})" for v in LETTERS[:len(i.params)])
            tasks.append(Task(f"{n}.reinterpret {i.name}",
                              f"({n}.reinterpret_{t} ({i.name} {code}))",
                              (n,) * len(i.params), n, i.apply, few))
    groups = []
    for n in ("i32", "i64"):
        for arity in (1, 2):
            chosen = [t for t in tasks if t.params == (n,) * arity]
            groups.append(Group(f"nan_{n}_{arity}", chosen, verify=False))
    return groups


def numeric_groups(letter):
    groups = []
    for t in (letter + "32", letter + "64"):
        groups.append(Group(f"{t}_unary", [task(i) for i in by_operands(t, 1)]))
        groups.append(Group(f"{t}_binary", [task(i) for i in by_operands(t, 2)]))
    return groups


def constants():
    groups = folded()
    for t in ("i32", "i64", "f32", "f64"):
        binary = by_operands(t, 2)
        groups += constant_groups(
            f"{t}_constant", t, [i for i in binary if not is_division(i)])
        groups += constant_groups(
            f"{t}_division", t, [i for i in binary if is_division(i)])
    return groups


def sabotaged():
    """A kernel that subtracts where the reference adds, and an export that does
    not trap where one should: proof that a wrong result is seen."""
    wrong = task(INSTRUCTIONS["i32.add"], "i32.sub")
    source = '  (func (export "f") (param i32) (result i32) (local.get 0))\n'
    return Group("sabotaged", [wrong], source=source, calls=[
        Call("f", [("i32", 1)], [2]),
        Call("f", [("i32", 1)], "integer divide by zero")])


def suites():
    """Suite name → a function that makes its groups."""
    return {"integers": lambda: numeric_groups("i"),
            "floats": lambda: numeric_groups("f") + reinterpreted(),
            "constants": constants,
            "traps": lambda: [trapping()],
            "expressions": expressions.expressions,
            "memory": memory.memory,
            "lanes": memory.lanes,
            "ranges": lambda: rangeunit.units() + rangestride.strides(),
            "ranges-nests": lambda: rangenest.nested() + rangegrid.grids(),
            "ranges-fields": lambda: rangefield.fields() + rangeedge.edges() +
            rangestate.states() + [rangefuel.spinning()],
            "ranges-steps": lambda: [rangefuel.zero_step(), rangefuel.wide_memory(),
                                     rangeedge.whole()],
            "ranges-c": rangec.kernels,
            "ranges-random": rangefuzz.fuzz,
            "ranges-sabotaged": rangefuel.sabotaged,
            "simd": simdtests.simd,
            "contraction": contraction.contraction,
            "contraction-sabotaged": contraction.sabotaged,
            "control": control.control,
            "state": control.state,
            "recursion": control.recursion,
            "stack": stack.stack,
            "tailcalls": limits.tail_calls,
            "fuel": limits.fuel,
            "memories": limits.memories,
            "litmus": limits.litmus,
            "shared": shared.groups,
            "blocks": blocks.groups,
            "atomics": atomics.groups,
            "orders": orders.groups,
            "collectives": collectives.collectives,
            "device": device.device,
            "matrix": matrix.matrix,
            "windows": windowplaces.places,
            "windows-paths": lambda: windowpaths.paths() + windowtiles.ends(),
            "windows-loops": windowloops.loops,
            "windows-random": gridfuzz.fuzz,
            "sabotaged": lambda: [sabotaged()]}
