#!/usr/bin/env python3
# refused.py - checks that twrun refuses an artifact in each of its commands.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: refused.py FILE KEY. Exit code 1, nothing on standard output, no file
# written, and the same message from each command, which is printed.

import os
import subprocess
import sys


def main():
    file, key = sys.argv[1:]
    launch = ["--grid", "1", "--block", "1", "--device", "host", "--"]
    launch += ["1", "@zeros:f32:4", "@zeros:f32:4=out.npy", "4"]
    messages = set()
    for command in (["info", file], ["launch", file, "saxpy"]):
        rest = launch if command[0] == "launch" else []
        result = subprocess.run(
            ["twrun", *command, "--trust", key, *rest],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if result.returncode != 1:
            return f"{command}: exit code {result.returncode}: {result.stderr}"
        if result.stdout:
            return f"{command}: on standard output: {result.stdout}"
        messages.add(result.stderr)
    if os.path.exists("out.npy"):
        return "a buffer was written"
    if len(messages) != 1:
        return f"different messages: {messages}"
    print(messages.pop(), end="")
    return 0


sys.exit(main())
