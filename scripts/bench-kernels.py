#!/usr/bin/env python3
# bench-kernels.py - times every kernel beside its CUDA twin, on one GPU.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times every kernel in kernels/ beside its CUDA twin, on one GPU, in one run.

For each kernel, one process of twbench loads all its forms into one context,
gives them the same inputs and times them in turns. Shown is speed relative to
the twin's, which is the twin's time over the guest's: taken in each round, the
median and the 10th and 90th percentile of it. The forms are folders of the GPU
bundle (scripts/make-gpu-bundle.sh), each with the command that made it in a
file FLAGS; what is not there is said to be absent.

A twin must give the guest's bits, or come within the bound that kernelcases/
bench.py states, else the run fails. Executed instructions are ncu's, if it is
there and may read the counters.

Standard library only: it runs on GPU machines with bare Python 3.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from benchreport import counters, plot, scale, store, table
from benchreport.forms import Failed, disagreement, flags_of, forms_of
from kernelcases.bench import LARGE, SMALL


def command_of(benchmark, forms, options, folder):
    """twbench's command line, and the labels of the forms that it runs."""
    files = {}
    for name, write in benchmark.inputs.items():
        files[name] = os.path.join(folder, f"{benchmark.kernel}.{name}.bin")
        if not os.path.exists(files[name]):
            write(files[name])
    command = [options.twbench, benchmark.kernel, "--trust", options.trust,
               "--grid", benchmark.grid, "--block", benchmark.block,
               "--compare", ",".join(map(str, benchmark.outputs))]
    if benchmark.resets:
        command += ["--reset", ",".join(map(str, benchmark.resets))]
    labels = []
    for label, (kind, path) in forms.items():
        suffix = ".ptxbin" if kind == "artifact" else ".cubin"
        file = os.path.join(path, benchmark.kernel + suffix)
        if os.path.exists(file):
            command += ["--" + kind, f"{label}={file}"]
            labels.append(label)
    args = [arg.format(**files) for arg in benchmark.args]
    return command, args, labels


def run(command, timeout):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise Failed(f"no end after {timeout:.0f} s")
    except OSError as error:
        raise Failed(str(error))
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        reason = (lines or ["silent"])[-1]
        raise Failed(f"exit code {done.returncode}: {reason}")
    return done.stdout


def measure(benchmark, forms, options, folder):
    """The report of one kernel."""
    command, args, _ = command_of(benchmark, forms, options, folder)
    command += ["--rounds", str(options.rounds),
                "--seconds", str(options.seconds)]
    report = json.loads(run([*command, "--", *args], options.timeout))
    report["amount"], report["unit"] = benchmark.amount, benchmark.unit
    report["elements"] = benchmark.elements
    report["problems"] = []
    for form in report["contestants"][1:]:
        problem = disagreement(benchmark, form)
        form["agrees"] = problem is None
        if problem:
            report["problems"].append(f"{form['label']}: {problem}")
    return report


def machine_of(options):
    """What the numbers hold for."""
    facts = {"date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    try:
        with open(os.path.join(options.dir, "COMMIT")) as file:
            facts["commit"] = file.read().strip()
    except OSError:
        facts["commit"] = "unknown"
    query = ["name", "driver_version", "clocks.max.sm", "clocks.max.mem",
             "power.limit"]
    try:
        told = run(["nvidia-smi", "--query-gpu=" + ",".join(query),
                    "--format=csv,noheader"], 30)
        facts.update(zip(query, told.splitlines()[0].split(", ")))
    except (Failed, IndexError):
        pass
    return facts


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--dir", default=here, help="the unpacked GPU bundle")
    parser.add_argument("--twbench", help="default: DIR/bin/twbench")
    parser.add_argument("--trust", help="default: DIR/kernels/key.pub")
    parser.add_argument("--twrun", help="default: DIR/bin/twrun; it runs the "
                        "kernels on the host device, for scale")
    parser.add_argument("--node", default="auto",
                        help="Node.js, to run kernels in V8 for scale; auto "
                        "looks for it, none does without")
    parser.add_argument("--form", action="append", default=[],
                        metavar="LABEL=FOLDER",
                        help="one more folder of signed artifacts")
    parser.add_argument("--only", help="only kernels whose name contains this")
    parser.add_argument("--rounds", type=int, default=40,
                        help="turns of each form, at most (default 40)")
    parser.add_argument("--seconds", type=float, default=1.5,
                        help="time of all turns of a kernel, roughly")
    parser.add_argument("--budget", type=float, default=240,
                        help="seconds after which nothing more is started")
    parser.add_argument("--timeout", type=float, default=90,
                        help="seconds for one process")
    parser.add_argument("--ncu", default="auto",
                        help="NVIDIA's profiler; auto looks for it, none does "
                        "without")
    parser.add_argument("--out", default="bench.json",
                        help="the results as JSON")
    parser.add_argument("--plot", metavar="FILE.svg",
                        help="the speeds as a picture")
    options = parser.parse_args()
    for name, place in (("twbench", "bin/twbench"), ("twrun", "bin/twrun"),
                        ("trust", "kernels/key.pub")):
        if not getattr(options, name):
            setattr(options, name, os.path.join(options.dir, place))
    start = time.monotonic()

    try:
        forms, absent = forms_of(options)
    except Failed as error:
        parser.error(str(error))
    if "checked" not in forms:
        parser.error(f"no folder {os.path.join(options.dir, 'kernels')}")
    benchmarks = [b for b in LARGE if (options.only or "") in b.kernel]
    if not benchmarks:
        parser.error(f"no kernel has {options.only!r} in its name")

    results = {"machine": machine_of(options), "absent": absent,
               "flags": {label: flags_of(path)
                         for label, (_, path) in forms.items()},
               "kernels": [], "failed": {}, "skipped": []}
    with tempfile.TemporaryDirectory() as folder:
        print(table.HEAD, flush=True)
        for benchmark in benchmarks:
            if time.monotonic() - start > options.budget:
                results["skipped"].append(benchmark.kernel)
                continue
            try:
                report = measure(benchmark, forms, options, folder)
                results["kernels"].append(report)
                print(table.lines(report), flush=True)
            except (Failed, ValueError, KeyError) as error:
                results["failed"][benchmark.kernel] = str(error)
                print(f"{benchmark.kernel:14} FAILED: {error}", flush=True)
        profiler = counters.find(options.ncu)
        results["counters"] = counters.note(profiler)
        for report in results["kernels"]:
            if not profiler or time.monotonic() - start > options.budget:
                break
            benchmark = next(b for b in benchmarks
                             if b.kernel == report["kernel"])
            command, args, labels = command_of(benchmark, forms, options,
                                               folder)
            problem = counters.count(
                profiler, [*command, "--once", "--", *args], labels, report,
                os.path.join(folder, "ncu.csv"), options.timeout)
            if problem:
                results["counters"] = problem
                print(problem, flush=True)
                break
        scaled = argparse.Namespace(
            dir=forms["checked"][1], twrun=options.twrun,
            trust=["--trust", options.trust], timeout=options.timeout,
            node=scale.find_node(options.node),
            late=lambda: time.monotonic() - start > options.budget)
        results["scale"] = scale.all_of(
            [b for b in SMALL if (options.only or "") in b.kernel], folder,
            scaled)
    store.write(options.out, results)
    print(table.summary(results))
    print(table.scale(results["scale"]))
    picture = plot.picture(results)
    if options.plot and picture:
        with open(options.plot, "w") as file:
            file.write(picture)
    wrong = (results["failed"] or any(r["problems"] for r in results["kernels"])
             or any("problem" in found
                    for found in results["scale"]["kernels"].values()))
    print(f"{len(results['kernels'])} kernels in "
          f"{time.monotonic() - start:.0f} s; {options.out}")
    return 1 if wrong or not results["kernels"] else 0


if __name__ == "__main__":
    sys.exit(main())
