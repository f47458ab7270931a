# ranges.py - judges calls whose accesses reach an end of memory, or beyond.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A compiler may ask once, ahead of a loop, whether all of its accesses are in
# bounds. What can be seen must stay as if each asked for itself (Wasm core spec
# 4.4.7): results, the trap, its function and instruction, and memory afterwards,
# stores before the trap included and none behind it. The reference in world.py
# runs each call; twreplay compares all of memory after it with the reference
# and with the interpreter, also after traps; twrun tells the trap's place. Each
# case says too whether it traps, by its author's word.

import base64
import hashlib
import json
import subprocess
from dataclasses import dataclass
from typing import Optional, Tuple

import wasm
from guest import Group
from model import Endless
from world import Program, World

LAST = 65536  # where the one page of most tests ends
# Bytes that differ from their neighbours, at both ends of memory.
PATTERN = bytes((89 * i + 41) & 0xff for i in range(512))
# So many trapping calls of a group tell their place on a GPU, where each is a
# process that starts the driver.
PLACES_ON_GPU = 5
PLACES_OF_RANDOM = 6


@dataclass
class Case:
    """A call. An integer is an i32; text is an i64 in decimal. Of a random
    call nobody said whether it traps: None."""

    export: str
    args: Tuple
    traps: Optional[bool]

    def __str__(self):
        return f"{self.export}({', '.join(map(str, self.args))})"


def ends(export, *args):
    return Case(export, args, False)


def traps(export, *args):
    return Case(export, args, True)


def quoted(data):
    return "".join(f"\\{byte:02x}" for byte in data)


def one_page(functions):
    """A module of one page, not zero at either end."""
    return (f'  (memory (export "memory") 1 1)\n'
            f'  (data (i32.const 0) "{quoted(PATTERN)}")\n'
            f'  (data (i32.const {LAST - len(PATTERN)}) "{quoted(PATTERN)}")\n'
            + functions)


def function(name, params, local, body, result=""):
    """An exported function; names in `local` are i32 unless typed: x:i64."""
    def declared(kind, names):
        return " ".join(
            "({} ${} {})".format(kind, *(n.split(":") + ["i32"])[:2])
            for n in names.split())
    result = f" (result {result})" if result else ""
    return (f'  (func ${name} (export "{name}") {declared("param", params)}'
            f'{result} {declared("local", local)}\n    {body})\n')


def get(expression):
    """`i` and `7` as operands; any other text stays as it is."""
    text = str(expression)
    if text.startswith("("):
        return text
    if text.lstrip("-")[:1].isdigit():
        return f"(i32.const {text})"
    return f"(local.get ${text})"


def op(name, *operands):
    return f"(i32.{name} {' '.join(map(get, operands))})"


def set_(name, value):
    return f"(local.set ${name} {get(value)})"


def store(address, value, kind="i32.store", offset=0):
    return f"({kind} offset={offset} {get(address)} {get(value)})"


def load(address, kind="i32.load", offset=0):
    return f"({kind} offset={offset} {get(address)})"


def element(base, index, shift=2):
    return op("add", base, op("shl", index, shift))


def counted(i, bound, body, start=0, step=1, test="lt_u", bottom=False):
    """for (i = start; i test bound; i += step) body, tested at the top, or at
    the bottom, where the body runs once at least."""
    again = f"(br_if $again_{i} {op(test, i, bound)})"
    advance = set_(i, op("add", i, step))
    if bottom:
        return (f"{set_(i, start)} (loop $again_{i} {body}\n    {advance} "
                f"{again})")
    return (f"{set_(i, start)} (block $done_{i} (loop $again_{i}\n"
            f"    (br_if $done_{i} (i32.eqz {op(test, i, bound)})) {body}\n"
            f"    {advance} (br $again_{i})))")


def group(name, source, cases, launches=(), flags=(), carry=False, random=False,
          **more):
    """The group of these cases, or of those that a function makes with the
    reference. With `carry` each call finds what the one before left, else what a
    new instance holds. Of random ones not all tell their trap's place."""
    def check(runner):
        chosen = cases(runner) if callable(cases) else cases
        return replay(runner, chosen, carry) + places(
            runner, chosen, carry, random)
    checks = [check] if cases else []
    return Group("range_" + name, source=source, keep_module=True,
                 twc_flags=list(flags), checks=checks + list(launches), **more)


def program(runner):
    cached = getattr(runner, "program", None)
    if cached is None:
        path = runner.artifact.removesuffix(".ptxbin") + ".module"
        with open(path, "rb") as file:
            cached = runner.program = Program(wasm.read(file.read()))
    return cached


def short(runner, cases, rounds):
    """The cases that end, or trap, in so many rounds: with what they do."""
    chosen = []
    for case in cases:
        try:
            _, fault = World(program(runner), rounds).invoke(
                case.export, numbers(case.args))
        except Endless:
            continue
        chosen.append(Case(case.export, case.args, bool(fault)))
    return chosen


def numbers(args):
    return [int(a) & ((1 << 64) - 1 if isinstance(a, str) else 0xffffffff)
            for a in args]


def restoring(found, wanted):
    """The writes that make memory `found` equal to `wanted`."""
    writes, step = [], 256
    for at in range(0, len(found), step):
        if found[at:at + step] != wanted[at:at + step]:
            data = base64.b64encode(wanted[at:at + step]).decode()
            writes.append({"at": at, "bytes": data})
    return writes


def script(runner, cases, carry):
    """The script of a replay, and what the reference and the cases' authors
    do not agree in."""
    module, problems, calls = program(runner).module, [], []
    world, before = World(program(runner)), None
    for case in cases:
        call = {"call": case.export, "args": [
            a if isinstance(a, str) else a & 0xffffffff for a in case.args]}
        if not carry:
            world = World(program(runner))
            start = bytes(world.memories[0])
            if before is not None:
                call["writes"] = restoring(before, start)
        results, fault = world.invoke(case.export, numbers(case.args))
        if bool(fault) != case.traps:
            problems.append(f"{case}: by the reference it "
                            f"{'traps: ' + str(fault) if fault else 'ends'}")
        if fault:
            call["traps"] = True
        else:
            types = module.functions[module.exports[case.export]].types
            call["results"] = [value if t == 0x7f else str(value)
                               for t, value in zip(types, results)]
        before = bytes(world.memories[0])
        call["memory"] = hashlib.sha256(before).hexdigest()
        calls.append(call)
    return {"schema": 1, "calls": calls}, problems


def replay(runner, cases, carry=False):
    """All calls on one instance: results, traps, and memory after each."""
    calls, problems = script(runner, cases, carry)
    path = runner.path("calls.json")
    with open(path, "w") as file:
        json.dump(calls, file)
    line = [runner.options.twreplay, runner.artifact, path, "--device",
            runner.options.device, "--trust", runner.options.trust]
    try:
        done = subprocess.run(line, stdin=subprocess.DEVNULL, timeout=300,
                              capture_output=True, text=True)
    except subprocess.TimeoutExpired:
        return problems + ["twreplay: no end after 300 s"]
    said = (done.stdout + done.stderr).strip()
    count = sum(case.traps for case in cases)
    if done.returncode != 0 or f"{len(cases)} calls agree" not in said:
        problems.append(f"twreplay: exit code {done.returncode}: {said}")
        if "call " in said:
            number = said.split("call ", 1)[1].split(",")[0]
            if number.isdigit() and 0 < int(number) <= len(cases):
                problems.append(f"which is {cases[int(number) - 1]}")
    elif f"{len(cases)} memory digests" not in said or \
            count and f"{count} trap" not in said:
        problems.append(f"twreplay: expected {count} traps, {len(cases)} "
                        f"digests: {said}")
    return problems


def places(runner, cases, carry=False, random=False):
    """Function, instruction and message of traps, each of a new instance: of
    cases that need what others left there is none to tell."""
    problems = []
    chosen = [case for case in cases if case.traps]
    most = PLACES_ON_GPU if runner.options.device != "host" else \
        PLACES_OF_RANDOM if random else len(chosen)
    if len(chosen) > most:
        chosen = chosen[::-(-len(chosen) // most)]
    for case in chosen:
        _, fault = World(program(runner)).invoke(case.export, numbers(case.args))
        if fault is None:
            if not carry:
                problems.append(f"{case}: the reference does not trap")
            continue
        code, report, error = runner.twrun(
            ["invoke", case.export, "--"] + [str(a) for a in case.args],
            timeout=60)
        problems += wrong_place(str(case), code, report, error, fault)
    return problems


def wrong_place(what, code, report, error, fault):
    if code != 3:
        return [f"{what}: exit code {code}, expected 3: {error}"]
    trap = report["trap"]
    want = (fault.message, fault.function, fault.offset)
    if (trap["message"], trap["function"], trap["offset"]) != want:
        return [f"{what}: expected '{want[0]}' in function {want[1]} at "
                f"{want[2]:#x}, but got {trap['text']}"]
    return []
