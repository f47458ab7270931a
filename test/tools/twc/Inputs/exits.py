#!/usr/bin/env python3
# exits.py - runs a command and checks its exit code.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: exits.py CODE COMMAND... Prints what the command writes to standard
# error; what it writes to standard output must be nothing.

import subprocess
import sys

result = subprocess.run(
    sys.argv[2:], capture_output=True, text=True, timeout=60, check=False
)
print(result.stderr, end="")
if result.returncode != int(sys.argv[1]):
    sys.exit(f"exit code {result.returncode}, not {sys.argv[1]}")
if result.stdout:
    sys.exit(f"on standard output: {result.stdout}")
