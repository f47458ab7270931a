#!/usr/bin/env python3
# refused.py - checks that twc refuses an input, and how.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: refused.py MODULE. Whatever is wrong with a module, twc exits with 1,
# says so in one line, writes nothing to standard output, leaves no file behind
# and leaves an output that was there as it was. The line is printed for
# FileCheck, with INPUT for the module's path.

import os
import subprocess
import sys
import tempfile

OLD = b"what an earlier run wrote"


def run(module, output):
    return subprocess.run(
        ["twc", module, "-o", output],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def main():
    module = sys.argv[1]
    with tempfile.TemporaryDirectory() as directory:
        output = os.path.join(directory, "out.ptxbin")
        fresh = run(module, output)
        left = os.listdir(directory)
        if left:
            return f"left behind: {left}"
        with open(output, "wb") as file:
            file.write(OLD)
        again = run(module, output)
        if os.listdir(directory) != ["out.ptxbin"]:
            return f"left behind: {os.listdir(directory)}"
        with open(output, "rb") as file:
            if file.read() != OLD:
                return "an existing output file was changed"
    for result in (fresh, again):
        if result.returncode != 1:
            return f"exit code {result.returncode}, not 1: {result.stderr}"
        if result.stdout:
            return f"on standard output: {result.stdout}"
        if result.stderr != fresh.stderr or result.stderr.count("\n") != 1:
            return f"not one line, or not the same twice: {result.stderr}"
    print(fresh.stderr.replace(module, "INPUT"), end="")
    return 0


sys.exit(main())
