#!/usr/bin/env python3
# run-kernels.py - launches every guest kernel and checks what comes out.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Shared by the demo, the lit suite and the GPU bundle. Each kernel runs with
# fixed sizes and seeds under `twrun launch --verify`, which compares all of
# memory, bit for bit, with WABT's interpreter. A few elements are also computed
# here, independently of both. The kernels of kernels/faults must trap as their
# comments say. Exits with 0 if everything is as it should be, else with 1.
#
# Standard library only: it also runs on GPU machines with bare Python 3.

import argparse
import json
import os
import random
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Callable, List, Optional

N = 1_000_003  # not a multiple of any block: the last block is partly idle
M, COLUMNS, INNER = 144, 150, 155
WIDTH, HEIGHT = 640, 480


def f32(value):
    """Rounds to single precision. Of a double's +, -, * or / on two singles
    this gives the correctly rounded single: 53 >= 2 * 24 + 2."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def read_npy(path):
    """The elements of a little-endian f32 .npy file, flat."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:6] != b"\x93NUMPY":
        raise ValueError(f"{path} is no .npy file")
    wide = data[6] > 1
    length = struct.unpack_from("<I" if wide else "<H", data, 8)[0]
    start = (12 if wide else 10) + length
    if b"'<f4'" not in data[:start]:
        raise ValueError(f"{path} does not hold f32")
    return struct.unpack(f"<{(len(data) - start) // 4}f", data[start:])


def check_elements(arrays, expected, count):
    """None, or how the first of 1,000 sampled elements of `out` is wrong."""
    out = arrays["out"]
    if len(out) != count:
        return f"{len(out)} elements in the output, expected {count}"
    sample = random.Random(1).sample(range(count), min(count, 1000))
    for i in sorted(set(sample + [0, count - 1])):
        value = expected(i)
        if out[i] != value:
            return f"element {i} is {out[i]!r}, expected {value!r}"
    return None


def check_matmul(arrays):
    def element(i):
        row, column = divmod(i, COLUMNS)
        total = 0.0
        for k in range(INNER):
            product = arrays["a"][row * INNER + k] * arrays["b"][k * COLUMNS + column]
            total = f32(total + f32(product))
        return total

    return check_elements(arrays, element, M * COLUMNS)


def elementwise(function):
    """A check of out[i] = function(a[i], b[i])."""
    return lambda arrays: check_elements(
        arrays, lambda i: function(arrays["a"][i], arrays["b"][i]), N
    )


@dataclass
class Case:
    """A launch. In `args`, {name} is replaced by a .npy file to write to."""

    kernel: str
    grid: str
    block: str
    args: List[str]
    label: str = ""
    trap: Optional[dict] = None  # fields that the trap report must have
    check: Optional[Callable] = None
    picture: bool = False
    arrays: List[str] = field(default_factory=list)  # the names in args


def vector(seed, name=None):
    return f"@random:{seed}:f32:{N}" + (f"={{{name}}}" if name else "")


GRID1 = str((N + 255) // 256)
GRID2 = f"{(WIDTH + 15) // 16},{(HEIGHT + 15) // 16}"
OUT1 = f"@zeros:f32:{N}={{out}}"
ABO = ["a", "b", "out"]
CASES = [
    Case("vector_add", GRID1, "256", [vector(1, "a"), vector(2, "b"), OUT1, str(N)],
         check=elementwise(lambda a, b: f32(a + b)), arrays=ABO),
    Case("vector_mul", GRID1, "256", [vector(3, "a"), vector(4, "b"), OUT1, str(N)],
         check=elementwise(lambda a, b: f32(a * b)), arrays=ABO),
    Case("vector_fma", GRID1, "256",
         [vector(5), vector(6), vector(7), f"@zeros:f32:{N}", str(N)]),
    # In place: the array that is read is not there afterwards, so y starts as
    # zeros, and the sum is tested by vector_add and matmul.
    Case("saxpy", GRID1, "256", ["2.5", vector(8, "a"), OUT1, str(N)],
         check=lambda arrays: check_elements(
             arrays, lambda i: f32(2.5 * arrays["a"][i]), N), arrays=["a", "out"]),
    Case("saxpy", GRID1, "256", ["-0.3", vector(9), vector(10), str(N)],
         label="saxpy in place"),
    Case("matmul", f"{(COLUMNS + 15) // 16},{(M + 15) // 16}", "16,16",
         [f"@random:11:f32:{M}x{INNER}={{a}}",
          f"@random:12:f32:{INNER}x{COLUMNS}={{b}}",
          f"@zeros:f32:{M}x{COLUMNS}={{out}}", str(M), str(COLUMNS), str(INNER)],
         check=check_matmul, arrays=ABO),
    Case("conv2d", GRID2, "16,16",
         [f"@random:13:f32:{HEIGHT}x{WIDTH}", "@random:14:f32:3x3",
          f"@zeros:f32:{HEIGHT}x{WIDTH}", str(WIDTH), str(HEIGHT)]),
    Case("mandelbrot", GRID2, "16,16",
         [f"@zeros:u32:{HEIGHT}x{WIDTH}={{picture}}", str(WIDTH), str(HEIGHT), "100"],
         picture=True),
    Case("oob", "8", "128", ["@zeros:u32:1000", "1000", "517"],
         label="oob, thread 517",
         trap={"message": "out of bounds memory access",
               "block": [4, 0, 0], "thread": [5, 0, 0]}),
    Case("inbounds", "8", "128", ["@zeros:u32:2000", "1000", "517"]),
    Case("divzero", "8", "128", ["@zeros:u32:1000", "1000", "0"],
         label="divzero by 0", trap={"message": "integer divide by zero"}),
    Case("divzero", "8", "128", ["@zeros:u32:1000", "1000", "7"],
         label="divzero by 7"),
]


def command_line(case, options, files):
    args = [arg.format(**files) for arg in case.args]
    command = [options.twrun, "launch",
               os.path.join(options.dir, case.kernel + ".ptxbin"), case.kernel,
               "--grid", case.grid, "--block", case.block,
               "--trust", options.trust, "--device", options.device, "--json"]
    if options.verify:
        command.append("--verify")
    return command + ["--"] + args


def judge(case, result, files, options):
    """(problem or None, report) of a finished launch."""
    output = result.stderr.strip() or result.stdout.strip()
    expected = 3 if case.trap else 0
    if result.returncode != expected:
        return f"exit code {result.returncode}, expected {expected}: {output}", {}
    try:
        report = json.loads(result.stdout)
    except ValueError:
        return f"no JSON report: {output}", {}
    if case.trap:
        trap = report["trap"] or {}
        found = {key: trap.get(key) for key in case.trap}
        if found != case.trap:
            return f"trap {found}, expected {case.trap}", report
    if options.verify:
        verification = report["verification"] or {}
        if verification.get("agrees") is not True or verification["nanPayloads"]:
            return f"not verified: {output}", report
        if not case.trap and not verification["bytes"]:
            return f"no memory was compared: {output}", report
    if case.check:
        arrays = {name: read_npy(files[name]) for name in case.arrays}
        problem = case.check(arrays)
        if problem:
            return problem, report
    if case.picture:
        with open(files["picture"], "rb") as file:
            if file.read(8) != b"\x89PNG\r\n\x1a\n":
                return f"{files['picture']} is no PNG file", report
    return None, report


def run_case(case, options):
    """Launches, prints the table's line, returns whether all was well."""
    label = case.label or case.kernel
    stem = os.path.join(options.out, label.replace(" ", "-").replace(",", ""))
    files = {name: f"{stem}.{name}.npy" for name in case.arrays}
    if case.picture:
        files["picture"] = stem + ".png"
    for path in files.values():  # a file of an earlier run proves nothing
        if os.path.exists(path):
            os.remove(path)
    start = time.monotonic()
    try:
        result = subprocess.run(command_line(case, options, files),
                                stdin=subprocess.DEVNULL, capture_output=True,
                                text=True, timeout=options.timeout)
        problem, report = judge(case, result, files, options)
    except subprocess.TimeoutExpired:
        problem, report = f"no end after {options.timeout} s", {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem, report = f"{type(error).__name__}: {error}", {}

    kernel_time = "-"
    if "seconds" in report:
        kernel_time = f"{report['seconds']['median'] * 1e3:.3f} ms"
    if problem:
        verdict = "FAILED"
    elif case.trap:
        verdict = "trapped, as it should"
    else:
        verdict = "bit for bit" if options.verify else "ran, not verified"
    print(f"{label:16} {case.grid:>8} {case.block:>6} {kernel_time:>12} "
          f"{time.monotonic() - start:7.1f} s  {verdict}", flush=True)
    if problem:
        print(f"  {problem}", flush=True)
    return not problem


def main():
    parser = argparse.ArgumentParser(
        description="Launch every guest kernel and check its results.")
    parser.add_argument("--dir", required=True, help="folder of signed .ptxbin files")
    parser.add_argument("--twrun", required=True, help="the twrun to use")
    parser.add_argument("--trust", required=True, help="public key of their signer")
    parser.add_argument("--device", default="auto", help="auto, cuda[:N] or host")
    parser.add_argument("--out", help="folder for results (default: --dir)")
    parser.add_argument("--only", help="only launches whose label contains this")
    parser.add_argument("--no-verify", dest="verify", action="store_false",
                        help="do not compare with the interpreter")
    parser.add_argument("--timeout", type=float, default=300,
                        help="seconds for one launch (default 300)")
    options = parser.parse_args()
    options.out = options.out or options.dir
    os.makedirs(options.out, exist_ok=True)

    cases = [c for c in CASES if (options.only or "") in (c.label or c.kernel)]
    if not cases:
        parser.error(f"no launch has {options.only!r} in its label")
    print(f"{'kernel':16} {'grid':>8} {'block':>6} {'kernel time':>12} "
          f"{'in all':>9}  compared with the interpreter")
    passed = sum(run_case(case, options) for case in cases)
    print(f"{passed} of {len(cases)} launches as they should be")
    return 0 if passed == len(cases) else 1


if __name__ == "__main__":
    sys.exit(main())
