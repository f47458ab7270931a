#!/usr/bin/env python3
# bench-host.py - times kernels on the host device beside native ones.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times kernels on the host device beside the same C compiled for the machine.

The native side is the guest's own source, compiled by clang -O3 with OpenMP for
the level of x86-64 that host images are compiled for (kernels/native/): blocks
are shared out among all cores, the threads of a block are a loop around the
inlined kernel. The exception is nbody, whose threads meet at barriers; its
native source is the plain loop. The native code may do what WebAssembly must
not: access memory unchecked, leave NaNs as they come, and run threads of a
block in vectors, since none of them can trap.

Both sides run in turns, with the same inputs, and must leave the same bits. The
native side runs with a static and with a dynamic schedule; the faster one
counts. Shown is the native side's time over ours: taken in each round, the
median and the 10th and 90th percentile of it.

--pack makes a folder with a run.py, which needs x86-64 Linux, glibc 2.36 and
Python 3, and no clang.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from hostbench import native, pack
from hostbench.process import Failed, call
from kernelcases import bench

GOAL = 0.85
KERNELS = ["vector_add", "saxpy", "matmul", "nbody", "mandelbrot"]
# Small enough for a test: ragged, so that threads outside do nothing.
TINY = [bench.streaming("vector_add", 1000, 2),
        bench.streaming("saxpy", 1000, 2, "2.5"),
        bench.matmul("matmul", 24, 16),
        bench.nbody(200),
        bench.mandelbrot(40, 20, 50)]
SIZES = {"large": bench.LARGE, "small": bench.SMALL, "tiny": TINY}
SCHEDULES = ["static", "dynamic"]


def with_sinks(benchmark, folder, side):
    """Arguments that save the outputs, and the files they are saved in."""
    args, files = list(benchmark.args), []
    for position in benchmark.outputs:
        files.append(os.path.join(folder, f"{side}.{position}.out"))
        args[position - 1] += "=" + files[-1]
    return args, files


class Sides:
    """The ways to run a kernel; each returns seconds and files of output."""

    def __init__(self, benchmark, folder, options):
        self.benchmark, self.folder, self.options = benchmark, folder, options

    def ours(self, repeat):
        args, files = with_sinks(self.benchmark, self.folder, "ours")
        options = self.options
        told = call([options.twrun, "launch",
                     os.path.join(options.kernels,
                                  self.benchmark.kernel + ".ptxbin"),
                     self.benchmark.kernel, "--device", "host",
                     "--grid", self.benchmark.grid,
                     "--block", self.benchmark.block, "--json",
                     "--repeat", str(repeat), *options.trust, "--", *args],
                    options.timeout, options.libraries)
        report = json.loads(told)
        if report["trap"]:
            raise Failed(f"trapped: {report['trap']}")
        return report["seconds"]["median"], files

    def native(self, schedule, repeat):
        args, files = with_sinks(self.benchmark, self.folder, schedule)
        program = os.path.join(self.options.native, self.benchmark.kernel)
        told = call([program, self.benchmark.grid, self.benchmark.block,
                     str(repeat), *args], self.options.timeout,
                    self.options.libraries, {"OMP_SCHEDULE": schedule})
        # The same element that twrun takes for the median.
        return sorted(json.loads(told)["seconds"])[repeat // 2], files


def same_bytes(one, other):
    with open(one, "rb") as a, open(other, "rb") as b:
        while True:
            piece = a.read(1 << 20)
            if piece != b.read(1 << 20):
                return False
            if not piece:
                return True


def percentile(values, part):
    ordered = sorted(values)
    return ordered[round(part * (len(ordered) - 1))]


def launches_for(seconds, budget):
    """An odd number of launches that take about `budget` seconds. The first of
    them warms up, unless each is long enough for that not to show."""
    if seconds > 2 * budget:
        return 1
    return max(3, min(1001, int(budget / max(seconds, 1e-6)) | 1))


def measure(benchmark, folder, options):
    """The report of one kernel."""
    sides = Sides(benchmark, folder, options)
    ways = {"ours": sides.ours}
    for schedule in SCHEDULES:
        ways[schedule] = lambda n, s=schedule: sides.native(s, n)
    # The first round finds out how many launches fill a turn, and compares.
    rough, outputs = sides.ours(1)
    if rough <= 2 * options.seconds:
        rough, outputs = sides.ours(3)
        count = 3
    else:
        count = 1
    repeat = launches_for(rough, options.seconds)
    for schedule in SCHEDULES:
        for ours, theirs in zip(outputs, sides.native(schedule, count)[1]):
            if not same_bytes(ours, theirs):
                raise Failed(f"native ({schedule}) leaves other bits than the "
                             f"host device: {os.path.basename(ours)}")
    times = {name: [] for name in ways}
    for turn in range(options.rounds):
        # Whoever comes first meets the machine as the last one left it.
        names = list(ways) if turn % 2 == 0 else list(reversed(ways))
        for name in names:
            times[name].append(ways[name](repeat)[0])
    best = min(SCHEDULES, key=lambda s: statistics.median(times[s]))
    ratios = [n / o for n, o in zip(times[best], times["ours"])]
    return {"kernel": benchmark.kernel, "args": benchmark.args,
            "grid": benchmark.grid, "block": benchmark.block,
            "repeat": repeat, "times": times, "schedule": best,
            "amount": benchmark.amount, "unit": benchmark.unit,
            "ratio": statistics.median(ratios),
            "low": percentile(ratios, 0.1), "high": percentile(ratios, 0.9)}


def rate_of(report, seconds):
    rate = report["amount"] / seconds
    scale, prefix = (1e9, "G") if rate >= 1e9 else (1e6, "M")
    return f"{rate / scale:7.2f} {prefix}{report['unit']}/s"


def line_of(report):
    ours = statistics.median(report["times"]["ours"])
    best = statistics.median(report["times"][report["schedule"]])
    return (f"{report['kernel']:12} host {1e3 * ours:9.3f} ms "
            f"{rate_of(report, ours)}, native {1e3 * best:9.3f} ms "
            f"{rate_of(report, best)} "
            f"({report['schedule']}), ratio {report['ratio']:.3f} "
            f"({report['low']:.3f} to {report['high']:.3f})"
            f"{'' if report['ratio'] >= GOAL else ' BELOW ' + str(GOAL)}")


def machine_of(options):
    facts = {"date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
             "cores": len(os.sched_getaffinity(0))}
    try:
        with open("/proc/cpuinfo") as file:
            facts["cpu"] = next((line.split(":", 1)[1].strip() for line in file
                                 if line.startswith("model name")), "unknown")
        with open("/sys/kernel/mm/transparent_hugepage/enabled") as file:
            facts["hugepages"] = file.read().strip()
    except OSError:
        pass
    for name in ("FLAGS", "COMMIT"):
        try:
            with open(os.path.join(options.native, name)) as file:
                facts[name.lower()] = file.read().strip()
        except OSError:
            pass
    return facts


def parse():
    packed = os.path.exists(os.path.join(HERE, "PACKED"))
    build = HERE if packed else os.path.join(HERE, "..", "build")
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?", default="bench-host.json",
                        help="the results as JSON (default: %(default)s)")
    parser.add_argument("--build", default=build,
                        help="the build's folder, or the packed one")
    parser.add_argument("--kernels", help="folder of the artifacts; default: "
                        "BUILD/kernels")
    parser.add_argument("--native", help="folder of the native programs; "
                        "default: BUILD/native. They are compiled if need be")
    parser.add_argument("--trust", help="public key of the artifacts' signer; "
                        "without it they may be unsigned")
    parser.add_argument("--size", choices=list(SIZES), default="large")
    parser.add_argument("--only", default="",
                        help="only kernels whose name contains this")
    parser.add_argument("--rounds", type=int, default=9,
                        help="turns of each side (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=0.5,
                        help="launches of a turn, roughly")
    parser.add_argument("--budget", type=float, default=540,
                        help="seconds after which no kernel is started")
    parser.add_argument("--timeout", type=float, default=120,
                        help="seconds for one process")
    if not packed:
        parser.add_argument("--clang", default=native.find_clang())
        parser.add_argument("--omp", metavar="DIR",
                            help="where libomp.so is, if not where clang looks")
        parser.add_argument("--pack", metavar="DIR",
                            help="make a folder for another machine, and stop")
    options = parser.parse_args()
    options.packed = packed
    if options.rounds < 1:
        parser.error("expected at least one round")
    options.twrun = os.path.join(options.build, "bin", "twrun")
    options.kernels = options.kernels or os.path.join(options.build, "kernels")
    options.native = options.native or os.path.join(options.build, "native")
    options.libraries = os.path.join(HERE, "lib") if packed else None
    if packed and not options.trust:
        options.trust = os.path.join(options.kernels, "key.pub")
    options.trust = (["--trust", options.trust] if options.trust
                     else ["--allow-unsigned"])
    return parser, options


def main():
    parser, options = parse()
    chosen = [b for b in SIZES[options.size]
              if b.kernel in KERNELS and options.only in b.kernel]
    if not chosen:
        parser.error(f"no kernel has {options.only!r} in its name")
    try:
        if not options.packed:
            native.build(options, KERNELS)
            if options.pack:
                pack.make(options, KERNELS)
                return 0
    except (Failed, OSError) as error:
        parser.error(str(error))
    machine = machine_of(options)
    print(f"{machine.get('cpu', 'unknown')}, {machine['cores']} cores; "
          f"native: {machine.get('flags', 'unknown')}", flush=True)
    results = {"machine": machine, "size": options.size, "kernels": [],
               "failed": {}, "skipped": []}
    start = time.monotonic()
    for benchmark in chosen:
        if time.monotonic() - start > options.budget:
            results["skipped"].append(benchmark.kernel)
            print(f"{benchmark.kernel:12} skipped: no time left", flush=True)
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                report = measure(benchmark, folder, options)
                results["kernels"].append(report)
                print(line_of(report), flush=True)
            except (Failed, ValueError, KeyError, OSError,
                    subprocess.SubprocessError) as error:
                results["failed"][benchmark.kernel] = str(error)
                print(f"{benchmark.kernel:12} FAILED: {error}", flush=True)
    with open(options.out, "w") as file:
        json.dump(results, file, indent=1)
        file.write("\n")
    met = [r["kernel"] for r in results["kernels"] if r["ratio"] >= GOAL]
    print(f"{len(met)} of {len(chosen)} kernels reach {GOAL}; {options.out}")
    return 1 if results["failed"] or not results["kernels"] else 0


if __name__ == "__main__":
    sys.exit(main())
