# stack.py - grids of C functions that keep variables in linear memory.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What stack.c's kernels must store, computed from the C source's meaning. All
# threads' frames have the same addresses: a stack that threads shared would
# give other results.

import os
import struct

from guest import Group

M = 0xffffffff

GRID, BLOCK = 4, 64
N = GRID * BLOCK - 3  # the last threads write nothing


def fill(n, seed):
    out = []
    for _ in range(n):
        seed = (seed * 1664525 + 1013904223) & M
        out.append(seed)
    return out


def mix(values):
    h = 2166136261
    for value in values:
        h = (h ^ value) * 16777619 & M
    return h


def escape(i):
    return mix(fill(24, i))


def byvalue(i):
    total, other = i, ~i & M
    for k in range(5):
        total += i + k
        other ^= (i + k) * 2654435761 & M
    return (total ^ other) & M


def sort(i):
    signed = lambda v: v - (v >> 31 << 32)
    h = 0
    for value in sorted(signed(v) for v in fill(16, i * 7919 & M)):
        h = (h * 31 + value) & M
    return h


def bytes_(i):
    b = bytes((i * 5 + k * 3) & 255 for k in range(20))
    word = struct.unpack_from("<I", b, i % 13)[0]
    return (word + struct.unpack_from("<H", b, 6)[0] + b[i % 20]) & M


def variable(i):
    return mix(fill(i % 9 + 1, i))


def indirect(i):
    steps = [lambda x: x * 2, lambda x: x + 1, lambda x: x * x]
    x = i + 3
    for k in range(6):
        x = steps[(i + k) % 3](x) & M
    return x


def atomic(i):
    old, own = i + 5, i + 12
    for factor, expected, by in ((3, 40, 1), (7, i + 12, i ^ 21)):
        old += factor * own
        own = by if own == expected else own
    return (old + 1000 * own + 2) & M


def deep(n, above):
    value = (above + n) & M
    return (deep(n - 1, value) + value if n else value) & M


INPUT = bytes((k * 37 + 11) & 255 for k in range(32 * N))


def bulk(i):
    a = bytearray([i & 255]) * 64
    a[8:40] = INPUT[32 * i:32 * i + 32]
    a[4:52] = bytes(a[0:48])
    return bytes(a)


def words(function):
    return b"".join(struct.pack("<I", function(i)) for i in range(N))


def launch(runner, kernel, rest, want, extra=()):
    """Runs a kernel whose first argument is its output: a list of problems."""
    path = runner.path(kernel)
    if os.path.exists(path):
        os.remove(path)  # a file of an earlier run proves nothing
    code, report, error = runner.twrun(
        ["launch", kernel, "--grid", str(GRID), "--block", str(BLOCK), "--",
         f"@zeros:u8:{len(want)}={path}"] + rest)
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


def kernels(runner):
    problems = []
    for name, function in (("escape", escape), ("byvalue", byvalue),
                           ("sort", sort), ("bytes", bytes_),
                           ("variable", variable), ("indirect", indirect)):
        problems += launch(runner, name, [str(N)], words(function))
    problems += launch(runner, "overflow", [str(N), "2"],
                       words(lambda i: deep(2, i)))
    source = runner.path("input")
    with open(source, "wb") as file:
        file.write(INPUT)
    problems += launch(runner, "bulk", ["@" + source, str(N)],
                       b"".join(bulk(i) for i in range(N)))
    problems += launch(runner, "atomic", ["@zeros:u32:1", str(N)],
                       words(atomic))
    return problems


def overflows(runner):
    """One thread asks for more than there is: a trap, and nothing worse."""
    code, report, error = runner.twrun(
        ["launch", "overflow", "--grid", "1", "--block", "64", "--",
         "@zeros:u32:64", "64", "100"], verify=False)
    if code != 3 or report["trap"]["message"] != "call stack exhausted":
        return [f"overflow: exit code {code}, expected 3 and 'call stack "
                f"exhausted': {error}"]
    if report["trap"]["thread"] != [3, 0, 0]:
        return [f"overflow: thread {report['trap']['thread']}, expected 3"]
    return []


def fits(runner):
    """The same with a larger stack, in thread 3 alone."""
    return launch(runner, "overflow", [str(N), "100"],
                  words(lambda i: deep(100 if i == 3 else 2, i)))


def invoked(runner):
    """An invocation is Wasm to the letter, the stack in memory included."""
    code, report, error = runner.twrun(
        ["invoke", "escape", "--", "@zeros:u32:1", "1"])
    if code != 0 or not report["verification"]["agrees"]:
        return [f"invoke escape: exit code {code}, expected 0: {error}"]
    return []


def stack():
    flags = ["-mbulk-memory", "-matomics"]
    return [
        Group("stack_O2", guest="stack.c", guest_flags=flags + ["-O2"],
              checks=[kernels, overflows, invoked]),
        Group("stack_O0", guest="stack.c", guest_flags=flags + ["-O0"],
              checks=[kernels, overflows, invoked]),
        Group("stack_large", guest="stack.c", guest_flags=flags + ["-O2"],
              twc_flags=["--stack-size=16384"], checks=[kernels, fits])]
