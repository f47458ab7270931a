#!/usr/bin/env python3
# assemble-kernels.py - runs ptxas on the PTX of each kernel and target.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: assemble-kernels.py KERNELS OUTPUT, both directories. ptxas -v prints, per
# function: "Function properties for NAME" and "0 bytes stack frame, 0 bytes spill
# stores, 0 bytes spill loads". A kernel that limits its registers, or what it calls,
# has a few words of its own, and without the limit none.

import os
import re
import subprocess
import sys

TARGETS = ["sm_75", "sm_80", "sm_90", "sm_90a"]
FRAME = re.compile(
    r"Function properties for (\S+)\s+"
    r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads"
)
LIMIT = re.compile(r"^\.visible \.entry (\S+)\([^)]*\)\n\.maxnreg \d+$", re.M)
ENTRY = re.compile(r"^\.visible \.entry (\S+)\(", re.M)
# Of a limited kernel's stack frame, and of what it spills.
MOST_BYTES = 256


def assemble(text, target, output):
    """The error, or None; and the frames by function, in bytes."""
    source = os.path.join(output, "in.ptx")
    with open(source, "w", encoding="ascii") as file:
        file.write(text)
    result = subprocess.run(
        ["ptxas", f"--gpu-name={target}", "-v", source]
        + ["-o", os.path.join(output, "out.cubin")],
        capture_output=True,
        text=True,
        check=False,
    )
    said = result.stdout + result.stderr
    if result.returncode != 0:
        return said, {}
    frames = {
        name: tuple(int(n) for n in frame)
        for name, *frame in FRAME.findall(said)
    }
    return (None if frames else "ptxas -v says nothing"), frames


def check(text, target, output):
    """What is wrong with a module's PTX, or None."""
    if ".local" in text:
        return "PTX uses local memory"
    limited = LIMIT.findall(text)
    if len(limited) != text.count(".maxnreg"):
        return "a limit that is no entry's"
    error, frames = assemble(text, target, output)
    if error:
        return error
    entries = ENTRY.findall(text)
    for name, frame in frames.items():
        # A function has no more registers than the kernel that calls it.
        may = limited and (name in limited or name not in entries)
        if max(frame) > (MOST_BYTES if may else 0):
            return f"local memory of {name}: {frame}"
    if not limited:
        return None
    text = re.sub(r"^\.maxnreg \d+\n", "", text, flags=re.M)
    error, frames = assemble(text, target, output)
    if error:
        return error
    for name, frame in frames.items():
        if any(frame):
            return f"local memory of {name} without a limit: {frame}"
    return None


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
                error = check(text.read(), target, output)
            if error:
                return f"{module} for {target}: {error}"
    return 0


sys.exit(main())
