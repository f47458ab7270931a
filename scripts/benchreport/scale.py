# scale.py - the kernels on a CPU, to say how large a GPU's numbers are.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The same module on smaller data: on the host device, with all its threads, and
# in V8 with one, as far as the kernel imports nothing but where a thread is. V8
# has to leave the host device's bits.

import json
import os
import platform
import shutil
import statistics
import subprocess

V8_FLAGS = ["--no-liftoff"]  # its optimising compiler at once
TIMES = 5


class Failed(Exception):
    pass


def run(command, timeout, env=None):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=timeout, env=env)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(str(error))
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Failed((lines or [f"exit code {done.returncode}"])[-1])
    return json.loads(done.stdout)["seconds"]


def without_bundle():
    """The environment for node, which needs its own libraries."""
    return {k: v for k, v in os.environ.items() if k != "LD_LIBRARY_PATH"}


def processor():
    """Name of the CPU."""
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def measure(benchmark, folder, files, options):
    """{"host": {rate..}, "v8": {...}} of a kernel; `options` has dir, twrun,
    trust (a list of twrun's options), node and timeout."""
    args = [arg.format(**files) for arg in benchmark.args]
    outputs = {}
    sinks = {}
    for side in ("host", "v8"):
        words = list(args)
        for position in benchmark.outputs:
            outputs[side, position] = os.path.join(
                folder, f"{benchmark.kernel}.{side}.{position}.out")
            words[position - 1] += "=" + outputs[side, position]
        sinks[side] = words
    # A kernel that counts in memory starts afresh only with a process.
    times = 1 if benchmark.resets else TIMES
    stem = os.path.join(options.dir, benchmark.kernel)
    found = {"amount": benchmark.amount, "unit": benchmark.unit}
    try:
        command = [options.twrun, "launch", stem + ".ptxbin", benchmark.kernel,
                   "--grid", benchmark.grid, "--block", benchmark.block,
                   "--device", "host", "--json", "--repeat", str(times),
                   *options.trust, "--", *sinks["host"]]
        host = [run(command, options.timeout)["median"]
                for _ in range(TIMES // times)]
        found["host"] = {"seconds": statistics.median(host)}
    except (Failed, ValueError, KeyError) as error:
        found["host"] = {"absent": str(error)}
    if not options.node:
        found["v8"] = {"absent": "node was not found"}
        return found
    try:
        command = [options.node, *V8_FLAGS,
                   os.path.join(os.path.dirname(__file__), "in-v8.cjs"),
                   stem + ".wasm", benchmark.kernel, benchmark.grid,
                   benchmark.block, str(times), *sinks["v8"]]
        seconds = statistics.median(
            run(command, options.timeout, without_bundle()))
        found["v8"] = {"seconds": seconds}
    except (Failed, ValueError, KeyError) as error:
        found["v8"] = {"absent": str(error)}
        return found
    if "seconds" in found["host"]:
        for position in benchmark.outputs:
            with open(outputs["host", position], "rb") as a, \
                    open(outputs["v8", position], "rb") as b:
                if a.read() != b.read():
                    found["problem"] = (f"argument {position}: V8 and the host "
                                        "device differ")
    return found


def all_of(benchmarks, folder, options):
    """The results of all kernels, as they go into a file. `late` of the options
    says when to stop."""
    flags = {"host": "twrun launch --device host",
             "v8": f"node {' '.join(V8_FLAGS)}, one thread"}
    if options.node:
        try:
            done = subprocess.run(
                [options.node, "-p", "process.versions.v8"], text=True,
                capture_output=True, timeout=30, env=without_bundle())
            flags["v8"] += f", V8 {done.stdout.strip()}"
        except (OSError, subprocess.TimeoutExpired):
            pass
    results = {"processor": processor(), "threads": os.cpu_count(),
               "flags": flags, "kernels": {}}
    for benchmark in benchmarks:
        if options.late():
            break
        files = {}
        for name, write in benchmark.inputs.items():
            files[name] = os.path.join(folder,
                                       f"{benchmark.kernel}.{name}.small")
            write(files[name])
        results["kernels"][benchmark.kernel] = measure(
            benchmark, folder, files, options)
    return results


def find_node(wish):
    """The path of node, or None."""
    return None if wish == "none" else (
        shutil.which("node") if wish == "auto" else wish)
