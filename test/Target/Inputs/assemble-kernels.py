#!/usr/bin/env python3
# assemble-kernels.py - runs ptxas on the PTX of each kernel and target.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: assemble-kernels.py KERNELS OUTPUT, both directories. ptxas -v prints,
# per entry: "0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads".

import os
import re
import subprocess
import sys

TARGETS = ["sm_75", "sm_80", "sm_90", "sm_90a"]
FRAME = re.compile(
    r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads"
)


def main():
    kernels, output = sys.argv[1:]
    os.makedirs(output, exist_ok=True)
    modules = sorted(f for f in os.listdir(kernels) if f.endswith(".wasm"))
    if len(modules) < 8:
        return f"only {modules} in {kernels}"
    for module in modules:
        for target in TARGETS:
            ptx = os.path.join(output, f"{module}.{target}.ptx")
            subprocess.run(
                ["twc", os.path.join(kernels, module), "--emit=ptx"]
                + [f"--target={target}", "-o", ptx],
                check=True,
            )
            with open(ptx, encoding="ascii") as text:
                if ".local" in text.read():
                    return f"{module} for {target}: PTX uses local memory"
            result = subprocess.run(
                ["ptxas", f"--gpu-name={target}", "-v", ptx]
                + ["-o", os.path.join(output, "out.cubin")],
                capture_output=True,
                text=True,
                check=False,
            )
            if result.returncode != 0:
                return f"{module} for {target}: {result.stderr}"
            frames = FRAME.findall(result.stdout + result.stderr)
            if not frames:
                return f"{module} for {target}: ptxas -v says nothing"
            if any(int(n) for frame in frames for n in frame):
                return f"{module} for {target}: local memory: {frames}"
    return 0


sys.exit(main())
