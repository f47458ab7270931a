# blocks.py - references for blocks.wat, whose threads meet in shared memory.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
import os
import struct

from control import expect_lane_trap, source
from guest import Call, Group

M = 0xffffffff


def launch(runner, kernel, grid, block, arguments, want, options=()):
    """Problems of a launch whose output, the last argument, should be `want`."""
    path = runner.path(kernel)
    if os.path.exists(path):
        os.remove(path)  # a file of an earlier run proves nothing
    code, report, error = runner.twrun(
        ["launch", kernel, "--grid", str(grid), "--block", str(block), *options,
         "--", *arguments, f"@zeros:u8:{len(want)}={path}"])
    if code != 0:
        return [f"{kernel}: exit code {code}, expected 0: {error}"]
    if not report["verification"]["agrees"]:
        return [f"{kernel}: the interpreter disagrees"]
    with open(path, "rb") as file:
        found = file.read()
    if found == want:
        return []
    at = next(k for k in range(len(want)) if found[k:k + 1] != want[k:k + 1])
    return [f"{kernel}: byte {at} of the output differs from the reference"]


def words(values):
    return struct.pack(f"<{len(values)}I", *(v & M for v in values))


def give(runner, name, data):
    path = runner.path(name)
    with open(path, "wb") as file:
        file.write(data)
    return "@" + path


def zero(runner):
    """More blocks than a GPU has places for, so that they inherit them."""
    return launch(runner, "zero", 4500, 32, [], words([0] * 4500 * 32))


def size(runner):
    """As much as the kernel reaches constants for (none), and as asked."""
    problems = []
    for asked, found in ((16, 16), (100, 112), (50000, 50000)):
        problems += launch(runner, "size", 1, 1, [], words([1024, found, 16]),
                           ["--shared", str(asked)])
    return problems


def reverse(runner):
    values = [(k * 2654435761 + 99) & M for k in range(13 * 200)]
    want = [v for b in range(13) for v in values[200 * b:200 * b + 200][::-1]]
    return launch(runner, "reverse", 13, 200,
                  [give(runner, "values", words(values))], words(want))


def rounded(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def matmul(runner):
    n = 24
    a = [rounded(((7 * k) % 31 - 15) / 7) for k in range(n * n)]
    b = [rounded(((11 * k) % 29 - 14) / 3) for k in range(n * n)]
    want = []
    for row in range(n):
        for column in range(n):
            total = 0.0
            for k in range(n):
                total = rounded(total + rounded(a[row * n + k] * b[k * n + column]))
            want.append(total)

    def pack(values):
        return struct.pack(f"<{len(values)}f", *values)
    path = runner.path("product")
    if os.path.exists(path):
        os.remove(path)
    code, report, error = runner.twrun(
        ["launch", "matmul", "--grid", str(n * n // 64), "--block", "64", "--",
         give(runner, "a", pack(a)), give(runner, "b", pack(b)),
         f"@zeros:f32:{n * n}={path}", str(n)])
    if code != 0 or not report["verification"]["agrees"]:
        return [f"matmul: exit code {code}, expected 0: {error}"]
    with open(path, "rb") as file:
        return [] if file.read() == pack(want) else ["matmul: a wrong product"]


def duplicated(runner):
    values = [(k * 40503 + 7) & M for k in range(20 * 256)]
    sums = [sum(values[256 * b:256 * b + 256]) for b in range(20)]
    return launch(runner, "duplicated", 20, 256,
                  [give(runner, "terms", words(values))], words(sums))


def trapped(runner):
    code, report, error = runner.twrun(
        ["launch", "trapped", "--grid", "3", "--block", "64", "--", "37",
         "@zeros:u32:192"])
    return expect_lane_trap(runner, "trapped", code, report, error,
                            {64 * b + 37: "unreachable" for b in range(3)})


def copies(runner):
    n = 3 * 128
    data = bytes((k * 73 + 5 + (k >> 8)) & 255 for k in range(64 * n))
    want = bytearray()
    for t in range(n):
        one, row = bytearray(64), data[64 * t:64 * t + 64]
        for at, count in ((0, 4), (8, 8), (16, 16), (33, 8)):
            one[at:at + count] = row[at:at + count]
        one[48:56] = one[8:16]
        one[56:60] = one[0:4]
        want += one
    return launch(runner, "copies", 3, 128, [give(runner, "bytes", data)],
                  bytes(want))


def copy_edges(runner):
    """Thread t copies to 1024 + 4 t - 32; the window has 64 bytes."""
    inside = [4 * t - 32 for t in range(32)]
    messages = {t: "out of bounds memory access" for t, at in enumerate(inside)
                if -16 < at < 0 or 48 < at < 64}
    code, report, error = runner.twrun(
        ["launch", "copy_edges", "--grid", "1", "--block", "32", "--",
         give(runner, "sixteen", bytes([0x11] * 16)), "@zeros:u32:32"])
    return expect_lane_trap(runner, "copy_edges", code, report, error, messages)


def spins(runner):
    """Fuel ends the thread that the others of its block wait for, so that the
    launch ends; without it the thread would keep them."""
    code, report, error = runner.twrun(
        ["launch", "spins", "--grid", "2", "--block", "64", "--fuel", "100000",
         "--", "@zeros:u32:128"], verify=False, timeout=60)
    trap = report.get("trap") or {}
    if code != 3 or trap.get("message") != "all fuel consumed":
        return [f"spins: exit code {code}, expected 3: {error}"]
    if trap["thread"] != [5, 0, 0]:
        return [f"spins: thread {trap['thread']}, expected 5"]
    return []


def groups():
    text = source("blocks.wat")
    return [
        Group("blocks", source=text, calls=[
            Call("invoked", [], [1024, 0, 1234])],
            checks=[zero, size, reverse, matmul, duplicated, trapped, copies,
                    copy_edges]),
        Group("blocks_O0", source=text, twc_flags=["-O0"],
              checks=[zero, reverse, matmul, duplicated, trapped, copies,
                      copy_edges]),
        Group("blocks_fuel", source=text, twc_flags=["--fuel"],
              checks=[reverse, duplicated, spins])]
