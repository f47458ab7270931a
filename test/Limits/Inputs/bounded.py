#!/usr/bin/env python3
# bounded.py - runs a command in bounded time and memory.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: bounded.py SECONDS MIB COMMAND... Passes on what the command prints and
# its exit code; fails if it takes more than SECONDS of processor time (20 times
# as much by the clock, for busy machines) or more than MIB of resident memory.

import resource
import subprocess
import sys

seconds, mib = int(sys.argv[1]), int(sys.argv[2])


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


try:
    process = subprocess.run(
        sys.argv[3:], preexec_fn=limit, timeout=20 * seconds, check=False
    )
except subprocess.TimeoutExpired:
    sys.exit(f"bounded.py: still running after {20 * seconds} s by the clock")
if process.returncode < 0:
    sys.exit(f"bounded.py: ended by signal {-process.returncode}")
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
if used > mib:
    sys.exit(f"bounded.py: took {used} MiB, more than {mib}")
sys.exit(process.returncode)
