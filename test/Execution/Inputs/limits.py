# limits.py - what never ends, what nests deeply, and what threads may reorder.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Fuel and endless loops, tail calls a million deep, several memories, and
# litmus tests of sequentially consistent atomics. What does not end, or may end
# in several ways, is judged here alone: the interpreter runs the rest too.

import os
import struct

from guest import Call, Group

MILLION = 1000000


def source(name):
    with open(os.path.join(os.path.dirname(__file__), name)) as file:
        return file.read()


def i32s(*values):
    return [("i32", v & 0xffffffff) for v in values]


# ===-- Tail calls ----------------------------------------------------------=== #

def tail_calls():
    n = MILLION
    total = n * (n + 1) // 2 & 0xffffffff
    missing = "undefined element"
    return [Group("tail_calls", source=source("tailcalls.wat"), calls=[
        Call("sum", i32s(n, 0), [total]),
        Call("even", i32s(n), [1]),
        Call("even", i32s(n + 1), [0]),
        # n to 1, by turns: odd ones add, even ones subtract.
        Call("ring", i32s(n, 0), [-(n // 2) & 0xffffffff]),
        Call("swap", [("i32", n), ("i64", 3), ("f64", 0x4008 << 48)],
             [3, 0x4008 << 48]),
        Call("missing", i32s(n), missing),
    ])]


# ===-- Fuel ----------------------------------------------------------------=== #

def fuel():
    text = source("fuel.wat")
    return [Group("fuel", source=text, twc_flags=["--fuel"], checks=[
                runs_dry("forever"), runs_dry("store_forever"),
                runs_dry("call_forever"), runs_dry("tail_forever"),
                enough, spinning_lane]),
            Group("endless", source=text, checks=[never_ends]),
            Group("exact", source=source("fuel-exact.wat"),
                  twc_flags=["--fuel"],
                  checks=[exact(name) for name in EXACT])]


def runs_dry(export):
    def check(runner):
        code, report, error = runner.twrun(
            ["invoke", export, "--fuel", "100000"], verify=False, timeout=60)
        if code != 3 or report["trap"]["message"] != "all fuel consumed":
            return [f"{export}: exit code {code}, expected 3 and 'all fuel "
                    f"consumed': {error}"]
        return []
    return check


def enough(runner):
    """What ends is not changed by its fuel, be it bounded or not."""
    problems = []
    for limit in ([], ["--fuel", str(100 * MILLION)]):
        code, report, error = runner.twrun(
            ["invoke", "count", *limit, "--", str(MILLION)], timeout=60)
        bits = [int(r["bits"], 16) for r in report.get("results", [])]
        if code != 0 or bits != [MILLION]:
            problems.append(f"count {limit}: exit code {code}, {bits}: {error}")
    return problems


def spinning_lane(runner):
    """One lane of a grid spins; the launch ends and names it."""
    code, report, error = runner.twrun(
        ["launch", "spin_lane", "--grid", "2", "--block", "64", "--fuel",
         "100000", "--", "69"], verify=False, timeout=60)
    trap = report.get("trap") or {}
    if code != 3 or trap.get("message") != "all fuel consumed":
        return [f"spin_lane: exit code {code}, expected 3: {error}"]
    if (trap["block"][0], trap["thread"][0]) != (1, 5):
        return [f"spin_lane: block and thread {trap['block'][0]}, "
                f"{trap['thread'][0]}, expected 1, 5"]
    return []


EXACT = ("upward", "downward", "stepping", "nested", "leaving", "twice", "few")


def exact(export):
    """A function takes the same for each of its rounds, however many are tested
    at once: what it needs for one and for two tells what it needs for more. With
    that it ends, with a unit less it traps, at the place where it does after a
    few rounds."""
    def spends(runner, rounds, fuel):
        code, report, error = runner.twrun(
            ["launch", export, "--grid", "1", "--block", "1", "--fuel",
             str(fuel), "--", "@zeros:u32:64", str(rounds)], verify=False,
            timeout=60)
        trap = report.get("trap") or {}
        if code == 0:
            return None
        if code != 3 or trap.get("message") != "all fuel consumed":
            raise ValueError(f"exit code {code}, {trap}: {error}")
        return trap["function"], trap["offset"]

    def need(runner, rounds):
        low, high = 0, 1024  # traps with low
        while high - low > 1:
            middle = (low + high) // 2
            if spends(runner, rounds, middle) is None:
                high = middle
            else:
                low = middle
        return high

    def check(runner):
        problems = []
        try:
            one, two = need(runner, 1), need(runner, 2)
            place = spends(runner, 2, two - 1)
            for rounds in (3, 8, 1001, 65536):
                needed = one + (rounds - 1) * (two - one)
                found = spends(runner, rounds, needed)
                if found is not None:
                    problems.append(f"{export}({rounds}) traps at {found} with "
                                    f"{needed} units, expected an end")
                found = spends(runner, rounds, needed - 1)
                if found != place:
                    problems.append(f"{export}({rounds}): trap {found} with "
                                    f"{needed - 1} units, expected {place}")
        except ValueError as error:
            problems.append(f"{export}: {error}")
        return problems
    return check


def never_ends(runner):
    """Without fuel an empty endless loop is not optimised away: the run has to
    be stopped. A loop that ends shows that runs do end."""
    code, _, error = runner.twrun(["invoke", "count", "--", "5"], timeout=60)
    if code != 0:
        return [f"count: exit code {code}, expected 0: {error}"]
    code, _, error = runner.twrun(["invoke", "forever"], verify=False, timeout=8)
    return [] if code is None else [f"forever: ended with {code}: {error}"]


# ===-- Several memories ----------------------------------------------------=== #

def memories():
    traps = "out of bounds memory access"
    return [Group("memories", source=source("memories.wat"), calls=[
        Call("copy_to_b", [], [0x44434241, 0x44434241]),
        Call("copy_to_a", [], [0x64636261, 0x64636261]),
        Call("sizes", [], [1, 2, 1, 3]),
        Call("copy_beyond", i32s(65536), traps),
        Call("copy_beyond", i32s(65532), []),
        Call("wide", [("i64", 0x100000000)], traps),
        Call("wide", [("i64", 8)], [0x64636261]),
    ])]


# ===-- Litmus tests --------------------------------------------------------=== #

PAIRS, ROUNDS = 2048, 16


def litmus():
    text = source("litmus.wat")
    return [Group("litmus", source=text, checks=[
        *(store_buffering(k) for k in
          ("sb_rmw_rmw", "sb_rmw_load", "sb_store_fence_load", "sb_cmpxchg")),
        message_passing, counted])]


def pairs(runner, kernel, timeout=120):
    """Runs a kernel of pairs of threads, which share lanes of neighbouring
    blocks: what either thread of a pair saw in each round, or a problem."""
    count = PAIRS * ROUNDS
    path = runner.path("seen")
    if os.path.exists(path):
        os.remove(path)
    code, _, error = runner.twrun(
        ["launch", kernel, "--grid", str(2 * PAIRS // 128), "--block", "128",
         "--", f"@zeros:u32:{count}", f"@zeros:u32:{count}",
         f"@zeros:u32:{count}", f"@zeros:u32:{2 * count}={path}", str(ROUNDS)],
        verify=False, timeout=timeout)
    if code != 0:
        return None, [f"{kernel}: exit code {code}, expected 0: {error}"]
    with open(path, "rb") as file:
        seen = struct.unpack(f"<{2 * count}I", file.read())
    return list(zip(seen[0::2], seen[1::2])), []


def store_buffering(kernel):
    """Each thread of a pair writes one of two places, then reads the other:
    in no order of the four accesses do both read 0."""
    def check(runner):
        seen, problems = pairs(runner, kernel)
        if problems:
            return problems
        if any(a > 1 or b > 1 for a, b in seen):
            return [f"{kernel}: read what nobody wrote"]
        both = seen.count((0, 0))
        return [f"{kernel}: both read 0 in {both} rounds"] if both else []
    return check


def message_passing(runner):
    """A thread that sees the flag sees what was written before it; the kernel
    says 2 if it saw the flag alone."""
    seen, problems = pairs(runner, "message_passing")
    if problems:
        return problems
    stale = sum(b == 2 for _, b in seen)
    return [f"message_passing: {stale} rounds saw the flag alone"] if stale else []


def counted(runner):
    """Additions of all threads to one place: none is lost, and each thread
    gets another old value."""
    path, total = runner.path("old"), runner.path("total")
    for name in (path, total):
        if os.path.exists(name):
            os.remove(name)
    code, _, error = runner.twrun(
        ["launch", "count", "--grid", "32", "--block", "128", "--",
         f"@zeros:u32:1={total}", f"@zeros:u32:4096={path}"], verify=False,
        timeout=120)
    if code != 0:
        return [f"count: exit code {code}, expected 0: {error}"]
    with open(path, "rb") as file:
        old = sorted(struct.unpack("<4096I", file.read()))
    with open(total, "rb") as file:
        end = struct.unpack("<I", file.read())[0]
    if old != [3 * k for k in range(4096)] or end != 3 * 4096:
        return [f"count: {end} at the end, expected {3 * 4096}, or old values "
                "that are not each multiple of 3 once"]
    return []
