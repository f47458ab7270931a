#!/usr/bin/env python3
# bench-sizes.py - compile time and code size of the kernels and their twins.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compile time and code size of every kernel: as it ships, in the other modes
that this twc has, and of its CUDA twin. Needs ptxas, and nvcc for the twins; no
GPU.

Compile time is wall clock of whole processes, the median of runs in which
all forms take turns: twc from Wasm to PTX, ptxas from PTX to a cubin, and
nvcc from CUDA to a cubin. Sizes are of the entry point that a grid starts:
instructions of PTX, and of machine code with the helpers that the entry
calls, by the size of its section in the cubin.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from benchreport import instructions, scale, store
from kernelcases.bench import LARGE

TWC_FORMS = {"checked": [], "isolate": ["--bounds=isolate"],
             "none": ["--bounds=none"], "fast": ["--fp-contract=fast"]}
NVCC_FORMS = {"twin": ["-fmad=false"], "twin-fma": []}


class Failed(Exception):
    pass


def run(command, timeout):
    """Seconds that a command took."""
    start = time.perf_counter()
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=timeout)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(str(error))
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Failed(f"{' '.join(command)}: {(lines or ['no message'])[-1]}")
    return time.perf_counter() - start


def find(tool, wish):
    return wish or shutil.which(tool) or shutil.which(
        tool, path="/usr/local/cuda/bin")


def forms_of(options):
    """{label: steps of commands} for {source} and {out}, and what is absent."""
    forms, absent = {}, {}
    probe = os.path.join(options.kernels, "saxpy.wasm")
    for label, flags in TWC_FORMS.items():
        twc = [options.twc, "{kernels}/{kernel}.wasm", "--emit=ptx",
               f"--target={options.target}", *flags, "-o", "{out}.ptx"]
        if flags:
            try:
                run([options.twc, probe, *twc[2:-1], os.devnull], 60)
            except Failed:
                absent[label] = f"this twc has no {' '.join(flags)}"
                continue
        forms[label] = [twc, [options.ptxas, f"-arch={options.arch}",
                              "{out}.ptx", "-o", "{out}.cubin"]]
    for label, flags in NVCC_FORMS.items():
        if not options.nvcc:
            absent[label] = "nvcc was not found"
            continue
        nvcc = [options.nvcc, "-O3", *flags, f"-arch={options.arch}"]
        forms[label] = [[*nvcc, "-cubin", "{cuda}/{kernel}.cu", "-o",
                         "{out}.cubin"]]
    return forms, absent


def sizes_of(out, label, forms, places, options):
    """Instructions of PTX and of machine code of what was compiled last."""
    if label in NVCC_FORMS:  # nvcc keeps no PTX beside a cubin
        command = [word.format(**places) for word in forms[label][0]]
        command[command.index("-cubin")] = "-ptx"
        run([*command[:-1], out + ".ptx"], options.timeout)
    with open(out + ".ptx") as file:
        ptx = instructions.ptx(file.read())
    with open(out + ".cubin", "rb") as file:
        sass = instructions.sass(file.read())
    return {"ptx": instructions.launched(ptx),
            "sass": instructions.launched(sass)}


def measure(kernel, forms, options, folder):
    """{label: {seconds, ptx, sass}} of a kernel."""
    found = {label: {"seconds": []} for label in forms}
    for _ in range(options.runs):
        for label, steps in forms.items():
            places = {"kernels": options.kernels, "kernel": kernel,
                      "cuda": os.path.join(HERE, "..", "kernels", "cuda"),
                      "out": os.path.join(folder, f"{kernel}.{label}")}
            found[label]["seconds"].append([
                run([word.format(**places) for word in step], options.timeout)
                for step in steps])
            if "sass" not in found[label]:
                found[label].update(
                    sizes_of(places["out"], label, forms, places, options))
    for form in found.values():
        form["seconds"] = [statistics.median(times)
                           for times in zip(*form["seconds"])]
    return found


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip().splitlines()[-1]


def commit_of(twc):
    """What is checked out where twc was built."""
    done = subprocess.run(["git", "-C", os.path.dirname(os.path.abspath(twc)),
                           "describe", "--always", "--dirty"],
                          capture_output=True, text=True)
    return done.stdout.strip() or "an unknown commit"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    build = os.path.join(HERE, "..", "build")
    parser.add_argument("--twc", default=os.path.join(build, "bin", "twc"))
    parser.add_argument("--kernels", default=os.path.join(build, "kernels"),
                        help="folder of the kernels' .wasm files")
    parser.add_argument("--ptxas",
                        help="default: on PATH or in /usr/local/cuda")
    parser.add_argument("--nvcc", help="likewise")
    parser.add_argument("--target", default="sm_80",
                        help="twc's (default sm_80)")
    parser.add_argument("--arch", default="sm_90",
                        help="that of machine code (default sm_90)")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="",
                        help="only kernels whose name contains this")
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("--out", default="sizes.json")
    options = parser.parse_args()
    options.ptxas = find("ptxas", options.ptxas)
    options.nvcc = find("nvcc", options.nvcc)
    if not options.ptxas:
        parser.error("no ptxas on PATH or in /usr/local/cuda/bin")
    if options.runs < 1:
        parser.error("--runs must be at least 1")

    forms, absent = forms_of(options)
    results = {
        "flags": {label: "; ".join(
            " ".join(os.path.basename(word) if index == 0 else word
                     for index, word in enumerate(step)
                     if "{" not in word and word != "-o")
            for step in steps) for label, steps in forms.items()},
        "commit": commit_of(options.twc), "processor": scale.processor(),
        "ptxas": first_line(options.ptxas, "--version"),
        "absent": absent, "runs": options.runs, "kernels": {}}
    print(f"{'kernel':14} {'form':9} {'front ms':>9} {'ptxas ms':>9} "
          f"{'PTX':>6} {'SASS':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for benchmark in LARGE:
            if options.only not in benchmark.kernel:
                continue
            try:
                found = measure(benchmark.kernel, forms, options, folder)
            except (Failed, OSError, ValueError) as error:
                print(f"{benchmark.kernel}: {error}", file=sys.stderr)
                return 1
            results["kernels"][benchmark.kernel] = found
            for label, form in found.items():
                times = [f"{1000 * s:9.0f}" for s in form["seconds"]]
                print(f"{benchmark.kernel:14} {label:9} {times[0]} "
                      f"{times[1] if len(times) > 1 else '':>9} "
                      f"{form['ptx']:6} {form['sass']:6}", flush=True)
    if not results["kernels"]:
        parser.error(f"no kernel has {options.only!r} in its name")
    store.write(options.out, results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
