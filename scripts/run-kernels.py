#!/usr/bin/env python3
# run-kernels.py - launches every guest kernel and checks what comes out.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Shared by the demo, the lit suite and the GPU bundle. Each kernel runs with
# fixed sizes and seeds under `twrun launch --verify`, which compares all of
# memory, bit for bit, with WABT's interpreter (within bounds where devices may
# differ). Elements are also computed here, independently of both. The kernels of
# kernels/faults must trap as their comments say. The launches stand in
# kernelcases/. Exits with 0 if everything is as it should be, else with 1.
#
# Standard library only: it also runs on GPU machines with bare Python 3.

import argparse
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from kernelcases import CASES
from kernelcases.case import read_npy, write_npy


def stem_of(case, options):
    label = case.label or case.kernel
    return os.path.join(options.out, label.replace(" ", "-").replace(",", ""))


def twin_of(case, options):
    return os.path.join(options.dir, case.kernel + ".cubin")


def command_line(case, options, files):
    args = [arg.format(**files) for arg in case.args]
    command = []
    if options.sanitizer:
        stem = os.path.basename(stem_of(case, options))
        # Its findings go to the log, and make the exit code another than ours.
        command = [options.sanitizer, "--tool", options.tool,
                   "--error-exitcode", "99", "--log-file",
                   os.path.join(options.logs, stem + ".log")]
    if options.twins:
        return command + [options.twins, twin_of(case, options), case.kernel,
                          "--grid", case.grid, "--block", case.block, "--"] + args
    command += [options.twrun, "launch",
               os.path.join(options.dir, case.kernel + ".ptxbin"), case.kernel,
               "--grid", case.grid, "--block", case.block,
               "--trust", options.trust, "--device", options.device, "--json"]
    if options.verify:
        command.append("--verify")
        if case.tolerance:
            command.append("--tolerance=" + case.tolerance)
    return command + ["--"] + args


def judge(case, result, files, options):
    """(problem or None, report) of a finished launch."""
    output = result.stderr.strip() or result.stdout.strip()
    expected = 3 if case.trap else 0
    if result.returncode != expected:
        return f"exit code {result.returncode}, expected {expected}: {output}", {}
    try:
        report = json.loads(result.stdout)
    except ValueError:
        return f"no JSON report: {output}", {}
    if case.trap:
        trap = report["trap"] or {}
        found = {key: trap.get(key) for key in case.trap}
        if found != case.trap:
            return f"trap {found}, expected {case.trap}", report
    if options.verify:
        verification = report["verification"] or {}
        if verification.get("agrees") is not True or verification["nanPayloads"]:
            return f"not verified: {output}", report
        if not case.trap and not verification["bytes"]:
            return f"no memory was compared: {output}", report
    check = case.twin_check if options.twins and case.twin_check else case.check
    if check:
        arrays = {name: read_npy(files[name]) for name in case.arrays}
        arrays.update((name, made[1]) for name, made in case.inputs.items())
        problem = check(arrays)
        if problem:
            return problem, report
    if case.picture:
        with open(files["picture"], "rb") as file:
            if file.read(8) != b"\x89PNG\r\n\x1a\n":
                return f"{files['picture']} is no PNG file", report
    return None, report


def run_case(case, options):
    """Launches, prints the table's line, returns whether all was well."""
    label = case.label or case.kernel
    stem = stem_of(case, options)
    files = {name: f"{stem}.{name}.npy" for name in case.arrays}
    if case.picture:
        files["picture"] = stem + ".png"
    for path in files.values():  # a file of an earlier run proves nothing
        if os.path.exists(path):
            os.remove(path)
    for name, (kind, elements) in case.inputs.items():
        files[name] = f"{stem}.{name}.npy"
        write_npy(files[name], kind, elements)
    start = time.monotonic()
    try:
        result = subprocess.run(command_line(case, options, files),
                                stdin=subprocess.DEVNULL, capture_output=True,
                                text=True, timeout=options.timeout)
        problem, report = judge(case, result, files, options)
    except subprocess.TimeoutExpired:
        problem, report = f"no end after {options.timeout} s", {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem, report = f"{type(error).__name__}: {error}", {}

    kernel_time = "-"
    if "seconds" in report:
        kernel_time = f"{report['seconds']['median'] * 1e3:.3f} ms"
    if problem:
        verdict = "FAILED"
    elif case.trap:
        verdict = "trapped, as it should"
    else:
        verdict = f"within {case.tolerance}" if case.tolerance else "bit for bit"
        verdict = verdict if options.verify else "ran, not verified"
    print(f"{label:16} {case.grid:>8} {case.block:>6} {kernel_time:>12} "
          f"{time.monotonic() - start:7.1f} s  {verdict}", flush=True)
    if problem:
        print(f"  {problem}", flush=True)
    return not problem


def main():
    parser = argparse.ArgumentParser(
        description="Launch every guest kernel and check its results.")
    parser.add_argument("--dir", required=True, help="folder of signed .ptxbin files")
    parser.add_argument("--twrun", help="the twrun to use")
    parser.add_argument("--trust", help="public key of their signer")
    parser.add_argument("--twins", metavar="HARNESS",
                        help="launch the CUDA twins in --dir with this program "
                        "instead; nothing is compared with the interpreter")
    parser.add_argument("--device", default="auto", help="auto, cuda[:N] or host")
    parser.add_argument("--out", help="folder for results (default: --dir)")
    parser.add_argument("--only", help="only launches whose label contains this")
    parser.add_argument("--no-verify", dest="verify", action="store_false",
                        help="do not compare with the interpreter")
    parser.add_argument("--sanitizer", metavar="PROGRAM",
                        help="run under this compute-sanitizer")
    parser.add_argument("--tool", default="memcheck",
                        help="its tool (default memcheck)")
    parser.add_argument("--logs", help="folder for its logs (default: --out)")
    parser.add_argument("--timeout", type=float, default=300,
                        help="seconds for one launch (default 300)")
    options = parser.parse_args()
    if options.twins:
        options.verify = False
    elif not options.twrun or not options.trust:
        parser.error("expected --twrun and --trust, or --twins")
    options.out = options.out or options.dir
    options.logs = options.logs or options.out
    os.makedirs(options.out, exist_ok=True)

    cases = [c for c in CASES if (options.only or "") in (c.label or c.kernel)]
    if options.twins:
        # The program that launches twins writes no pictures.
        cases = [c for c in cases
                 if os.path.exists(twin_of(c, options)) and not c.picture]
    if not cases:
        parser.error(f"no launch has {options.only!r} in its label")
    print(f"{'kernel':16} {'grid':>8} {'block':>6} {'kernel time':>12} "
          f"{'in all':>9}  compared with the interpreter")
    passed = sum(run_case(case, options) for case in cases)
    print(f"{passed} of {len(cases)} launches as they should be")
    return 0 if passed == len(cases) else 1


if __name__ == "__main__":
    sys.exit(main())
