# stray.py - what becomes of accesses outside of an isolated memory.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: stray.py ARTIFACT --device DEVICE. The artifact is stray.wat's, of one
# page. docs/Sandbox.md says what must happen.
#
# Standard library only.

import argparse
import json
import subprocess
import sys

FOUND = "out of bounds store, detected after the call"
OUTSIDE = "out of bounds memory access"
SIZE = 65536
STORES = {"store8": 1, "store32": 4, "store128": 16}
problems = 0


def twrun(options, name, arguments, launch=()):
    command = ["twrun", "launch" if launch else "invoke", options.artifact, name,
               *launch, "--device", options.device, "--allow-unsigned", "--json",
               "--", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    report = json.loads(done.stdout) if done.stdout else {}
    return done.returncode, report, done.stderr.strip()


def expect(options, name, arguments, trap, stray, result=None, launch=()):
    """`trap`: how its text begins, or None; `stray`: a store was found."""
    global problems
    code, report, error = twrun(options, name, arguments, launch)
    wrong = []
    if code != (3 if trap else 0):
        wrong.append(f"exit code {code}: {error}")
    text = (report.get("trap") or {}).get("text", "")
    if not text.startswith(trap or "") or bool(text) != bool(trap):
        wrong.append(f"trap {text!r}, expected {trap!r}")
    if report.get("strayStore") != stray:
        wrong.append(f"strayStore {report.get('strayStore')}, expected {stray}")
    if result is not None and not wrong:
        got = report["results"][0]["value"]
        if got != str(result):
            wrong.append(f"result {got}, expected {result}")
    if wrong:
        problems += 1
        print(f"FAILED {name}{tuple(arguments)}: " + "; ".join(wrong))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("artifact")
    parser.add_argument("--device", required=True)
    options = parser.parse_args()
    check = lambda *args, **kw: expect(options, *args, **kw)

    for name, width in STORES.items():
        for at in (0, 1, SIZE - width - 1, SIZE - width):
            check(name, [at], None, False)
        for at in (SIZE - width + 1, SIZE, SIZE + 3, 2 << 20, 0x7fffffff,
                   0xffffffff):
            check(name, [at], FOUND, True)
    # Beyond 2^32: 4 GiB - 1 and an offset of 64 MiB - 16.
    check("store_far", [0], FOUND, True)
    check("store_far", [0xffffffff], FOUND, True)
    # An offset beyond 64 MiB is checked.
    check("store_too_far", [0], OUTSIDE, False)
    check("store_too_far", [0xffffffff], OUTSIDE, False)
    for at in (0, SIZE - 4, SIZE - 3, SIZE, 0x7fffffff, 0xffffffff):
        check("load32", [at], None, False, result=1)
    check("load64", [SIZE - 8], None, False, result=0x0807060504030201)
    check("load64", [SIZE - 9], None, False, result=0x0706050403020100)
    check("loop_down", [400, 100], None, False)
    check("loop_down", [400, 102], FOUND, True)
    check("loop_wraps", [0xffff0000, 20], None, False, result=126)
    check("loop_wraps", [0xffff0000, 17], None, False, result=0)
    # Atomics and bulk operations are checked as always.
    check("add", [SIZE - 4], None, False)
    check("add", [SIZE], OUTSIDE, False)
    check("add", [SIZE - 2], "unaligned atomic", False)
    check("fill", [SIZE - 8, 8], None, False)
    check("fill", [SIZE - 8, 9], OUTSIDE, False)
    check("store_trap", [SIZE], "unreachable", True)
    check("store_trap", [0], "unreachable", False)
    grid = ["--grid", "2", "--block", "64"]
    check("lanes", [64], None, False, launch=grid)
    check("lanes", [17], FOUND, True, launch=grid)
    print("all as specified" if not problems else f"{problems} wrong")
    return not problems


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
