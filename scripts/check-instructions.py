#!/usr/bin/env python3
# check-instructions.py - fails if kernels need more instructions than before.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares instruction counts of the kernels with recorded ones; fails if one
grew by more than 5%.

Two counts are compared. Of PTX, the instructions of each entry point as twc
emits it, with --twc and --kernels; this needs neither a GPU nor ptxas. Of a GPU
run, the warps' executed instructions that bench-kernels.py took from the
profiler, with --run. Each is compared with the record, or a run with another
run (--against).

--update records what was counted instead. Commit that with the reason for a
loss.

Standard library only.
"""
import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from benchreport import instructions, store
from kernelcases.bench import LARGE

RECORD = os.path.join(HERE, "..", "docs", "bench", "instructions.json")


def count_ptx(options):
    """{kernel: {function: instructions}} of the kernels that are timed."""
    def one(kernel):
        wasm = os.path.join(options.kernels, kernel + ".wasm")
        try:
            done = subprocess.run(
                [options.twc, wasm, "--emit=ptx", f"--target={options.target}",
                 "-o", "-"], stdin=subprocess.DEVNULL, capture_output=True,
                text=True, timeout=options.timeout)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise store.Unusable(f"{wasm}: {error}")
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no message"]
            raise store.Unusable(f"{wasm}: {lines[-1]}")
        counts = instructions.ptx(done.stdout)
        if not counts:
            raise store.Unusable(f"{wasm}: expected an entry point in the PTX, "
                                 "but found none")
        return kernel, counts

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(pool.map(one, [b.kernel for b in LARGE
                                   if options.only in b.kernel]))


def executed_of(path):
    results = store.read(path, "kernels", "machine")
    counts = instructions.executed(results)
    if not counts:
        raise store.Unusable(f"{path}: expected counts of executed "
                             "instructions, but it has none: "
                             f"{results.get('counters')}")
    return {"machine": results["machine"].get("name", "unknown"),
            "commit": results["machine"].get("commit", "unknown"),
            "kernels": counts}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--twc", help="the compiler: count PTX")
    parser.add_argument("--kernels", help="folder of the kernels' .wasm files")
    parser.add_argument("--target", default="sm_80", help="(default sm_80)")
    parser.add_argument("--run", metavar="FILE.json",
                        help="a run of bench-kernels.py")
    parser.add_argument("--against", metavar="FILE.json",
                        help="compare that run with this one, not the record")
    parser.add_argument("--record", default=RECORD, metavar="FILE.json",
                        help="(default docs/bench/instructions.json)")
    parser.add_argument("--limit", type=float, default=5,
                        help="percent (default 5)")
    parser.add_argument("--only", default="",
                        help="only kernels whose name contains this")
    parser.add_argument("--update", action="store_true",
                        help="record what was counted")
    parser.add_argument("--timeout", type=float, default=120,
                        help="seconds for one compilation")
    options = parser.parse_args()
    if bool(options.twc) != bool(options.kernels) or not (
            options.twc or options.run):
        parser.error("expected --twc and --kernels, or --run, or both")
    if options.only and options.update:
        parser.error("--update records all kernels, so without --only")
    if options.against and (options.update or not options.run):
        parser.error("--against goes with --run, and not with --update")

    try:
        counted = {}
        if options.twc:
            counted["ptx"] = {"target": options.target,
                              "kernels": count_ptx(options)}
        if options.run:
            counted["executed"] = executed_of(options.run)
        if options.update:
            record = {}
            if os.path.exists(options.record):
                record = store.read(options.record)
            store.write(options.record, {**record, **counted})
            for kind, found in counted.items():
                print(f"recorded {kind} of {len(found['kernels'])} kernels in "
                      f"{os.path.normpath(options.record)}")
            return 0
        if options.against:
            before = {"executed": executed_of(options.against)}
            counted.pop("ptx", None)
        else:
            before = store.read(options.record, *counted)
    except store.Unusable as error:
        print(f"check-instructions.py: {error}", file=sys.stderr)
        return 2

    if not any(options.only in name for found in counted.values()
               for name in found["kernels"]):
        parser.error(f"no kernel has {options.only!r} in its name")
    failed = False
    for kind, found in counted.items():
        for fact in ("target", "machine"):
            if before[kind].get(fact) != found.get(fact):
                print(f"{kind}: expected {fact} {before[kind].get(fact)}, but "
                      f"got {found.get(fact)}", file=sys.stderr)
                return 2
        old, new = ({name: counts for name, counts in side["kernels"].items()
                     if options.only in name} for side in (before[kind], found))
        problems, gains = instructions.losses(old, new, options.limit / 100,
                                              kind)
        for line in gains:
            print("gain " + line)
        for line in problems:
            print("LOSS " + line)
        failed |= bool(problems)
        print(f"{kind}: {len(new)} kernels, {len(problems)} lost more than "
              f"{options.limit:g}% or are not recorded, {len(gains)} gained "
              "more")
    if failed:
        print("where a loss has its reason, record it: --update")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
