# control.py - references for control.wat, and what is invoked.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
import os
import struct

from guest import Call, Group, Task
from numeric import INSTRUCTIONS, int_values, signed

M = 0xffffffff
HERE = os.path.dirname(os.path.abspath(__file__))


def source(name):
    with open(os.path.join(HERE, name)) as file:
        return file.read()


def br_table_value(i):
    v = 3 * i & M
    return (v + 1010 if i in (0, 2) else v if i in (1, 3) else v + 1000) & M


def br_table_loop(x):
    steps = 0
    while True:
        steps += 1
        if steps > 40 or x <= 1:
            return steps
        x = (3 * x + 1) & M if x & 1 else x >> 1


def nested_loops(n, limit):
    n, i, j, total = n % 20, 0, 0, 0

    def result():
        return (total + (i << 16) + j) & M

    while i < n:
        j = 0
        while True:
            total = (total * 31 + (i ^ j)) & M
            if total > limit:
                return result()
            j += 1
            if j >= i:
                break
        i += 1
    return result()


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def multi_value(a, b):
    x, y = (b, a) if a & 1 else (5, 6) if b & 1 else (a, b)
    rotated = a << 7 | a >> 25
    return (x + 3 * (y - rotated)) & M


def if_without_else(x):
    return (2 if x & 1 else 1) + (10 if x & 2 and not x & 4 else 0)


def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def extend(value):
    return signed(value & M, 32) & 0xffffffffffffffff


def indirect(x):
    return [x + 1, 3 * x, x + 1, fib(x % 12)][x & 3] & M


UNARY = {
    "br_table": lambda i: [100, 200, 300, 100][i] if i < 4 else 400,
    "br_table_value": br_table_value,
    "br_table_only_default": lambda i: 7,
    "br_table_loop": br_table_loop,
    "if_without_else": if_without_else,
    "truth": lambda x: 111 if x else 222,
    "deep": lambda x: 2048 - (1 << x) if x < 11 else 0,
    "after_branch": lambda x: (x + 1) & M,
    "after_return": lambda x: 11 if x & 1 else x,
    "excess": lambda x: 6 if x else 7,
    "locals": lambda x: (2 * (x ^ M) + 9) & M,
    "order": lambda x: ((2 * x & M) - ((2 * x & M) >> 3)) & M,
    "fib_small": lambda x: fib(x % 12),
    "even_small": lambda x: 1 - (x & 1),
    "indirect": indirect,
}
BINARY = {
    "nested_loops": (nested_loops, "i32"),
    "gcd": (gcd, "i32"),
    "multi_value": (multi_value, "i32"),
    "shl31": (lambda a, b: extend(
        0x80000000 if signed(a, 32) < signed(b, 32) else 0), "i64"),
    "shl31_u": (lambda a, b: extend(0x80000000 if a < b else 0), "i64"),
    "mul_min": (lambda a, b: extend(
        0x80000000 if signed(a, 32) < signed(b, 32) else 0), "i64"),
    "mul_wide": (lambda a, b: signed(a, 32) * signed(b, 32) & (1 << 64) - 1, "i64"),
    "shift_wide": (lambda a, b: (a << b % 64) & (1 << 64) - 1, "i64"),
}


def control():
    values = [(v,) for v in list(range(16)) + int_values("i32")]
    few = int_values("i32")[:34]
    pairs = [(a, b) for a in few for b in few]
    one = [Task(name, f"(call ${name} {{x}})", ("i32",), "i32", apply)
           for name, apply in UNARY.items()]
    two = [Task(name, f"(call ${name} {{x}} {{y}})", ("i32", "i32"), result, apply)
           for name, (apply, result) in BINARY.items()]
    text = source("control.wat")
    return [Group("control", one, calls(), text, shared=values, checks=[call_lanes]),
            Group("control_pairs", two, source=text, shared=pairs)]


def i32s(*values):
    return [("i32", v & M) for v in values]


def calls():
    undefined, null = "undefined element", "uninitialized element"
    mismatch = "indirect call type mismatch"
    result = [Call("fib", i32s(20), [6765]), Call("ack", i32s(2, 9), [21]),
              Call("ack", i32s(3, 4), [125]),
              Call("even", [("i64", 1001)], [0]),
              Call("unreachable", [], "unreachable"),
              Call("unreachable_if", i32s(1), "unreachable"),
              Call("unreachable_if", i32s(0), [5])]
    for index, expect in ((0, [10]), (1, [27]), (2, [10]), (3, [fib(9)]),
                          (4, mismatch), (5, mismatch), (6, null), (7, null),
                          (8, undefined), (9, undefined), (0x7fffffff, undefined),
                          (0x80000000, undefined), (M, undefined)):
        result.append(Call("call_indirect", i32s(9, index), expect))
    for index, expect in ((4, [5]), (0, mismatch), (7, null), (8, undefined)):
        result.append(Call("call_binary", i32s(7, 2, index), expect))
    for index, expect in ((4, mismatch), (6, null), (8, undefined), (0, [])):
        result.append(Call("call_dropped", i32s(index), expect))
    return result


def expect_lane_trap(runner, what, code, report, error, messages):
    """Problems, unless the launch trapped, with memory as the interpreter's.
    `messages`: global thread → message, of the lanes that may be reported."""
    if code != 3:
        return [f"{what}: exit code {code}, expected 3: {error}"]
    trap, problems = report["trap"], []
    lane = report["block"][0] * trap["block"][0] + trap["thread"][0]
    if messages.get(lane) != trap["message"]:
        problems.append(f"{what}: lane {lane} trapped with '{trap['message']}', "
                        f"expected {messages.get(lane)!r}")
    verification = report["verification"]
    if not verification["agrees"] or not verification.get("bytes"):
        problems.append(f"{what}: memory after the trap: {verification}")
    return problems


def call_lanes(runner):
    """call_indirect with good, null, mistyped and missing elements in one warp."""
    cases = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x7fffffff, 0x80000000, M, 0, 3, 1]
    messages = {}
    indices = cases * 8
    for lane, index in enumerate(indices):
        if index >= 4:
            messages[lane] = ("indirect call type mismatch" if index < 6 else
                              "uninitialized element" if index < 8 else
                              "undefined element")
    path = runner.path("index")
    with open(path, "wb") as file:
        file.write(struct.pack(f"<{len(indices)}I", *indices))
    code, report, error = runner.twrun(
        ["launch", "call_lanes", "--grid", "2", "--block", "64", "--", "@" + path,
         "@zeros:u32:128"])
    return expect_lane_trap(runner, "call_lanes", code, report, error, messages)


def state():
    f32, f64 = 0x7fa00001, 0x7ff4000000000001
    done = [
        Call("data", [], [0xfcfdfeffbbaa0201, 0x7473616c, 0]),
        Call("started", [], [0x1235, 42]),
        Call("bump3", [], [43, 44, 45, 45]),
        Call("globals", [], [(1 << 64) - 2, f32, 0xfff4000000000001, 0x1234]),
        # (data pages) the old size; growing by 0; by 2; 3; too much; still 3.
        Call("grow", [], [1, 1, 1, 3, M, 3]),
        Call("grow_by", i32s(3), [1, 4]),
        Call("grow_by", i32s(4), [M, 1]),
        Call("grow_by", i32s(0), [1, 1]),
        Call("grow_by", i32s(65535), [M, 1]),
        Call("grow_by", i32s(0x10000), [M, 1]),
        Call("grow_by", i32s(M), [M, 1]),
        Call("grow_use", [], [0x600df00d, 0, 0x1122334455667788, 0x0000600d]),
        Call("grow_beyond", [], "out of bounds memory access"),
        Call("load_after_failed_grow", [], "out of bounds memory access"),
        Call("grow_in_call", [], [1, 2]),
        # Not compared with the interpreter, whose NaN may be another.
        Call("set_globals", [("f32", f32), ("f64", f64)],
             [f32 | 1 << 31, 0x7ff8 << 48, f32 | 1 << 31, 0x7ff8 << 48],
             verify=False),
    ]
    trapping = "  (start $s) (func $s (drop (i32.load8_u (i32.const 65536))))\n" \
               "  (func (export \"f\"))\n"
    return [Group("state", calls=done, source=source("state.wat")),
            Group("start_traps", source=trapping, checks=[start_traps])]


def start_traps(runner):
    code, report, error = runner.twrun(["invoke", "f"])
    if code in (1, 3) and "out of bounds memory access" in error:
        return []
    return [f"start function: exit code {code}, expected 1 or 3: {error}"]


def recursion():
    exhausted = "call stack exhausted"
    done = [Call("depth", i32s(20), [(3 ** 20 - 1) // 2 & M])]
    for name, args in (("plain", []), ("sum", i32s(1)), ("ping", [("i64", 1)]),
                       ("indirect", i32s(1)), ("big", i32s(1)),
                       ("depth", i32s(-1))):
        done.append(Call(name, args, exhausted))
    return [Group("recursion", calls=done, source=source("recursion.wat"),
                  checks=[million_deep, recursing_lane])]


def million_deep(runner):
    """A million calls deep there is the result, where the stack is large (a
    host's), or the trap; the device is well afterwards in both cases."""
    n = 1000000
    code, report, error = runner.twrun(["invoke", "depth", "--", str(n)],
                                       verify=False, timeout=60)
    if code == 3 and report["trap"]["message"] == "call stack exhausted":
        return []
    bits = [int(r["bits"], 16) for r in report.get("results", [])]
    if code != 0 or bits != [(pow(3, n, 1 << 33) - 1) // 2 & M]:
        return [f"depth({n}): exit code {code}, results {bits}: {error}"]
    return []


def recursing_lane(runner):
    code, report, error = runner.twrun(
        ["launch", "lanes", "--grid", "1", "--block", "64", "--", "@zeros:u32:64"],
        timeout=20)
    if code != 3 or report["trap"]["message"] != "call stack exhausted":
        return [f"lanes: exit code {code}, expected 3 and 'call stack "
                f"exhausted': {error}"]
    if report["trap"]["thread"] != [5, 0, 0]:
        return [f"lanes: thread {report['trap']['thread']}, expected 5"]
    return []
