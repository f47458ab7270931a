#!/usr/bin/env python3
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compile time of twc beside clang's, on the same C kernel, in one run.

twc compiles saxpy.wasm to PTX; clang compiles the kernel's CUDA-free twin for
nvptx64 at -O3. The two alternate, so that both see the same machine; medians
and quartiles are wall-clock milliseconds of whole processes.
"""
import argparse
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

TWIN = """
__attribute__((nvptx_kernel)) void saxpy(float a, const float *x, float *y,
                                         unsigned n) {
  unsigned i = __nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x() +
               __nvvm_read_ptx_sreg_tid_x();
  if (i < n)
    y[i] = a * x[i] + y[i];
}
"""


def run(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return 1000 * (time.perf_counter() - start)


def describe(times):
    low, middle, high = statistics.quantiles(times, n=4)
    return f"median {middle:6.1f} ms  (quartiles {low:.1f} to {high:.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build", help="build directory")
    parser.add_argument("--clang", default="clang-22")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--limit", type=float, default=1.5,
                        help="largest ratio of medians that passes")
    args = parser.parse_args()
    build = Path(args.build)
    wasm = build / "kernels" / "saxpy.wasm"

    with tempfile.TemporaryDirectory() as directory:
        twin = Path(directory) / "saxpy.c"
        twin.write_text(TWIN)
        out = str(Path(directory) / "out.ptx")
        commands = {
            "twc": [str(build / "bin" / "twc"), str(wasm), "--emit=ptx",
                    "--target=sm_80", "-O2", "-o", out],
            "clang": [args.clang, "-O3", "--target=nvptx64", "-march=sm_80",
                      "-S", "-o", out, str(twin)],
        }
        times = {name: [] for name in commands}
        for command in commands.values():
            run(command)  # files into the page cache
        for _ in range(args.runs):
            for name, command in commands.items():
                times[name].append(run(command))

    for name, command in commands.items():
        print(f"{name:6} {describe(times[name])}")
        print("       " + " ".join(Path(part).name if "/" in part else part
                                   for part in command))
    ratio = statistics.median(times["twc"]) / statistics.median(times["clang"])
    print(f"ratio  {ratio:.2f} of medians over {args.runs} runs "
          f"(at most {args.limit})")
    return ratio > args.limit


if __name__ == "__main__":
    raise SystemExit(main())
