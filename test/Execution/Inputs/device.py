# device.py - what a guest's threads learn of themselves, and tell each other.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Places in grids of three dimensions, memory across barriers, fences, the traps
# of operations that threads do together, time, and arithmetic: the exact kind to
# the bit, the fast kind within the errors that PTX's manual states.

import math
import os
import random
import struct

from guest import Group

HERE = os.path.dirname(os.path.abspath(__file__))


def launch(runner, kernel, grid, block, arguments, verify=True):
    return runner.twrun(["launch", kernel, "--grid", grid, "--block", block,
                         "--"] + arguments, verify)


def fresh(runner, name):
    """A file that is not there: one of an earlier run proves nothing."""
    path = runner.path(name)
    if os.path.exists(path):
        os.remove(path)
    return path


def failed(what, code, report, error, verify=True):
    if code != 0:
        return [f"{what}: exit code {code}, expected 0: {error}"]
    if verify and not report["verification"]["agrees"]:
        return [f"{what}: the interpreter disagrees"]
    return []


def words(path):
    with open(path, "rb") as file:
        data = file.read()
    return struct.unpack(f"<{len(data) // 4}I", data)


def places(grid, block):
    def check(runner):
        count = math.prod(grid) * math.prod(block)
        out = fresh(runner, "place")
        shown = "x".join(map(str, grid)) + " of " + "x".join(map(str, block))
        result = launch(runner, "place", ",".join(map(str, grid)),
                        ",".join(map(str, block)),
                        [f"@zeros:u32:{12 * count}={out}"])
        problems = failed(f"place, {shown}", *result)
        if problems:
            return problems
        found = words(out)
        want = []
        for b in range(math.prod(grid)):
            for t in range(math.prod(block)):
                want += [t % 32, t // 32, 32]
                for index, size in ((t, block), (b, grid)):
                    want += [index % size[0], index // size[0] % size[1],
                             index // (size[0] * size[1])]
                want += [s[0] * (s[1] * 1000 + s[2]) for s in (block, grid)]
                want.append(1)
        if list(found) != want:
            at = next(i for i, (x, y) in enumerate(zip(found, want)) if x != y)
            return [f"place, {shown}: word {at % 12} of thread {at // 12} is "
                    f"{found[at]}, expected {want[at]}"]
        return []
    return check


def exchange(block, keep):
    def check(runner):
        rounds, out = 5, fresh(runner, "cells")
        result = launch(runner, "exchange", "1", str(block),
                        [f"@zeros:u32:{keep}={out}", str(rounds), str(keep)])
        problems = failed(f"exchange, {keep} of {block}", *result)
        if problems:
            return problems
        values = list(range(keep))
        for _ in range(rounds):
            values = [values[i - 1] + 1 & 0xffffffff for i in range(keep)]
        found = list(words(out))
        return [] if found == values else [
            f"exchange, {keep} of {block}: {found[:8]}..., expected "
            f"{values[:8]}..."]
    return check


def warp_exchange(runner):
    out = fresh(runner, "cells")
    result = launch(runner, "exchange_warp", "1", "96",
                    [f"@zeros:u32:96={out}"])
    problems = failed("exchange_warp", *result)
    if not problems and list(words(out)) != [(i ^ 1) * 7 for i in range(96)]:
        problems = [f"exchange_warp: {words(out)}"]
    return problems


def traps(kernel, message, thread, arguments, on_gpu=True):
    def check(runner):
        # A GPU would wait for ever.
        if not on_gpu and runner.options.device != "host":
            return []
        code, report, error = launch(runner, kernel, "1", "32", arguments,
                                     verify=False)
        trap = report.get("trap") or {}
        if code != 3 or trap.get("message") != message:
            return [f"{kernel}: exit code {code}, trap {trap}, expected "
                    f"'{message}': {error}"]
        if thread is not None and trap["thread"] != [thread, 0, 0]:
            return [f"{kernel}: thread {trap['thread']}, expected {thread}"]
        return []
    return check


def time_goes_on(runner):
    out = fresh(runner, "time")
    result = launch(runner, "time", "1", "1", [f"@zeros:u64:2={out}"],
                    verify=False)
    problems = failed("time", *result, verify=False)
    if problems:
        return problems
    with open(out, "rb") as file:
        nanoseconds, cycles = struct.unpack("<qq", file.read())
    if not 0 <= nanoseconds < 10**10 or cycles <= 0:
        return [f"time: {nanoseconds} ns and {cycles} cycles between two calls"]
    return []


def say(runner):
    count = 40
    out = fresh(runner, "said")
    code, report, error = launch(runner, "say", "1", str(count),
                                 [f"@zeros:u64:{3 * count}={out}"])
    problems = failed("say", code, report, error)
    if problems:
        return problems
    said = sorted((p["thread"][0], p["text"], p.get("note", ""))
                  for p in report["printed"])
    want = [(i, f"thread {i} of a block: {i / 2:g} {-5000000000 - i}\n", "")
            for i in range(count)]
    if said != want:
        return [f"say: {said[:2]}..., expected {want[:2]}..."]
    if list(words(out))[::6] != list(range(count)):
        return ["say: printf did not return 1"]
    return []


def aborts(runner):
    """The others are not stopped; the words are the guest's."""
    out = fresh(runner, "left")
    code, report, error = launch(runner, "abort", "1", "32",
                                 [f"@zeros:u32:32={out}", "9"], verify=False)
    trap = report.get("trap") or {}
    got = code, trap.get("message"), trap.get("reason"), trap.get("thread")
    want = 3, "aborted", "out of luck", [9, 0, 0]
    return [] if got == want else [f"abort: {got}, expected {want}: {error}"]


def rounded(value):
    """To f32."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def inverse_root(x):
    if math.isnan(x) or x < 0:
        return math.nan
    if x == 0:
        return math.copysign(math.inf, x)
    return 1 / math.sqrt(x)


def exact(runner):
    rng = random.Random(7)
    singles = [rounded(v) for v in
               [0.0, -0.0, 1, 4, -1, math.inf, math.nan, 1e-40, 2**-149, 3e38] +
               [rng.uniform(0, 10) * 10 ** rng.randint(-37, 37)
                for _ in range(118)]]
    doubles = [0.0, -0.0, 1, 4, -1, math.inf, math.nan, 5e-324, 1e308, 2] + [
        rng.uniform(0, 10) * 10 ** rng.randint(-300, 300) for _ in range(118)]
    files = {}
    for name, code, values in (("singles", "f", singles),
                               ("doubles", "d", doubles)):
        files[name] = runner.path(name)
        with open(files[name], "wb") as file:
            file.write(struct.pack(f"<{len(values)}{code}", *values))
    out, wide = fresh(runner, "out"), fresh(runner, "wide")
    result = launch(runner, "exact", "2", "64",
                    ["@" + files["singles"], "@" + files["doubles"],
                     f"@zeros:f32:128={out}", f"@zeros:f64:128={wide}"])
    problems = failed("exact", *result)
    if problems:
        return problems
    for path, code, values, nan in (
            (out, "f", singles, b"\0\0\xc0\x7f"),
            (wide, "d", doubles, b"\0\0\0\0\0\0\xf8\x7f")):
        want = b""
        for x in values:
            y = inverse_root(x)
            want += nan if math.isnan(y) else struct.pack("<" + code, y)
        with open(path, "rb") as file:
            if file.read() != want:
                problems.append(f"exact: results of rsqrt ({code}) differ")
    return problems


# PTX ISA: rcp, sqrt, rsqrt, sin, cos, ex2, lg2, tanh, div. Each is compared on
# numbers for which a bound is stated, relative or absolute.
FAST = (("rcp", lambda x: 1 / x, 2**-23, 0),
        ("sqrt", math.sqrt, 2**-23, 0),
        ("rsqrt", lambda x: 1 / math.sqrt(x), 2**-22.9, 0),
        ("sin", math.sin, 0, 2**-20.5), ("cos", math.cos, 0, 2**-20.5),
        ("exp2", lambda x: 2**x, 2**-22, 0),
        ("log2", math.log2, 2**-22, 2**-22),
        ("tanh", math.tanh, 2**-10.987, 0),
        ("div", lambda x: 3 / x, 2 * 2**-23, 0))


def fast(runner):
    rng = random.Random(8)
    values = [rounded(v) for v in [1, 2, 0.5, 3, math.pi] +
              [rng.uniform(0.01, math.pi) for _ in range(91)]]
    source, out = runner.path("numbers"), fresh(runner, "fast")
    with open(source, "wb") as file:
        file.write(struct.pack(f"<{len(values)}f", *values))
    # A GPU's differ from the interpreter's, within the errors.
    result = launch(runner, "fast", "1", str(len(values)),
                    ["@" + source, f"@zeros:f32:{9 * len(values)}={out}"],
                    verify=False)
    problems = failed("fast", *result, verify=False)
    if problems:
        return problems
    with open(out, "rb") as file:
        found = struct.unpack(f"<{9 * len(values)}f", file.read())
    for k, (name, function, relative, absolute) in enumerate(FAST):
        for i, x in enumerate(values):
            want, got = function(x), found[9 * i + k]
            # One more rounding than the bound speaks of.
            most = (relative + 2**-23) * abs(want) + absolute
            if not abs(got - want) <= most:
                problems.append(f"fast_{name}_f32({x}) = {got}, expected "
                                f"{want} within {most}")
                break
    return problems


def device():
    with open(os.path.join(HERE, "device.wat")) as file:
        source = file.read()
    return [Group("device", source=source, checks=[
        places((1, 1, 1), (1, 1, 1)), places((3, 1, 1), (40, 1, 1)),
        places((2, 3, 1), (5, 7, 2)), places((2, 1, 3), (8, 4, 3)),
        *(exchange(block, keep) for block, keep in (
            (1, 1), (31, 31), (32, 32), (33, 33), (48, 48), (96, 96),
            (1024, 1024), (96, 40), (1024, 999), (64, 1))),
        warp_exchange, time_goes_on, exact, fast,
        traps("outside", "thread is not in its warp mask", 5, ["@zeros:u32:1"]),
        traps("stuck", "barrier not reached by all threads", None,
              ["@zeros:u32:1"], on_gpu=False),
        say, aborts])]
