# counters.py - executed instructions of kernels, by NVIDIA's profiler.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ncu profiles one launch of each form (twbench --once, which launches them in
# order). smsp__inst_executed.sum counts instructions of warps on all
# multiprocessors. Reading counters needs a permission that many machines do not
# give; then there are none, and the report says so.

import csv
import glob
import os
import shutil
import subprocess

METRIC = "smsp__inst_executed.sum"


def find(wish):
    """The path of ncu, or None."""
    if wish == "none":
        return None
    if wish != "auto":
        return wish
    places = glob.glob("/usr/local/cuda*/bin/ncu") + glob.glob(
        "/opt/nvidia/nsight-compute/*/ncu")
    return shutil.which("ncu") or next(iter(sorted(places, reverse=True)), None)


def note(profiler):
    return f"by {profiler}" if profiler else "not counted, ncu was not found"


def parse(path):
    """The metric of each launch in a raw CSV page, in order."""
    with open(path, newline="") as file:
        rows = list(csv.reader(line for line in file if line.startswith('"')))
    if not rows or METRIC not in rows[0]:
        return []
    column = rows[0].index(METRIC)
    identity = rows[0].index("ID")
    # The row of units has no ID.
    return [int(float(row[column].replace(",", ""))) for row in rows[1:]
            if row[identity].strip().isdigit()]


def count(profiler, command, labels, report, log, timeout):
    """Adds `instructions` to the forms in `report`; the problem, or None."""
    if os.path.exists(log):
        os.remove(log)
    profile = [profiler, "--csv", "--page", "raw", "--metrics", METRIC,
               "--clock-control", "none", "--log-file", log, *command]
    try:
        done = subprocess.run(profile, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=timeout)
        found = parse(log) if os.path.exists(log) else []
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        return f"not counted for {report['kernel']}: {error}"
    if len(found) != len(labels):
        told = [line for line in
                (open(log).read() if os.path.exists(log) else done.stderr)
                .splitlines() if line.startswith("==ERROR==")]
        reason = told[0] if told else (
            f"{len(found)} launches for {len(labels)} forms, exit code "
            f"{done.returncode}")
        return f"not counted for {report['kernel']}: {reason}"
    for label, instructions in zip(labels, found):
        for form in report["contestants"]:
            if form["label"] == label:
                form["instructions"] = instructions
    return None
