# bounds.py - suites of programs that stay inside memory, in a bounds mode.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: bounds.py build MODE ..., bounds.py run MODE ..., with the options of
# execution.py behind. The groups of `memory` that look for traps at the end of
# memory are no such programs.
#
# Standard library only.

import os
import subprocess
import sys

SUITES = [("control", ""), ("floats", ""), ("stack", ""), ("blocks", ""),
          ("shared", ""), ("memory", "misaligned")]


def main():
    action, mode, *rest = sys.argv[1:]
    extra = {"build": ["--twc-option=--bounds=" + mode], "run": []}[action]
    if action == "run" and mode == "none":
        extra = ["--twrun-option=--allow-unchecked"]
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                          "execution.py")
    passed = 0
    # Without checks, shared memory is only where tw.shared's address leads, and
    # these suites go there by other ways too.
    suites = [s for s in SUITES
              if mode != "none" or s[0] not in ("blocks", "shared")]
    for suite, only in suites:
        command = [sys.executable, script, action, suite, *rest, *extra]
        if only:
            command += ["--only", only]
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=600)
        print(done.stdout + done.stderr, end="")
        passed += done.returncode == 0
    print(f"{passed} of {len(suites)} suites as specified")
    print("all suites:", passed == len(suites))
    return passed == len(suites)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
