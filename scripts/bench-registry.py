#!/usr/bin/env python3
# bench-registry.py - what list and publish cost in registries of many entries.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: bench-registry.py TWREG [--entries N,N,...] [--runs R] [--limit-ms MS]
#                          [--artifact MB]
#
# Prints the tables of docs/Registry.md, "Speed". Entries beyond the first are
# records written by hand, as `twreg publish` leaves them: to list and publish,
# only the records count. With --limit-ms it fails when the median time of list
# in the largest registry is above it. With --artifact it also verifies a file of
# that size, next to sha256sum.

import argparse
import hashlib
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

MAKE = os.path.join(
    os.path.dirname(os.path.abspath(__file__)),
    "../test/tools/twreg/Inputs/make-ptxbin.py",
)


def run(*command):
    """Seconds, the peak of resident memory in bytes, seconds of all cores."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command}: exit code {child.returncode}")
    wall = time.perf_counter() - start
    return wall, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime


def make(twreg, path, *options):
    subprocess.run([sys.executable, MAKE, path, *options], check=True)
    run(twreg, "sign", path, "--key", "k.key")


def fill(registry, entries):
    """Records like that of the first entry, under other names."""
    refs = os.path.join(registry, ".twc/refs")
    with open(os.path.join(refs, "team+saxpy/1.0"), encoding="ascii") as file:
        record = json.load(file)
    for i in range(entries - 1):
        name = f"team/k{i}"
        record["name"] = name
        for part in ("manifest", "layer"):
            digest = hashlib.sha256(f"{part} {i}".encode()).hexdigest()
            record[part]["digest"] = "sha256:" + digest
        directory = os.path.join(refs, name.replace("/", "+"))
        os.mkdir(directory)
        with open(os.path.join(directory, "1.0"), "w", encoding="ascii") as file:
            json.dump(record, file, sort_keys=True, separators=(",", ":"))
            file.write("\n")


def written_since(registry, then):
    """Bytes of all files that are newer."""
    total = 0
    for folder, _, names in os.walk(registry):
        for name in names:
            status = os.stat(os.path.join(folder, name))
            if status.st_mtime_ns >= then:
                total += status.st_size
    return total


def milliseconds(times):
    return (
        f"{statistics.median(times) * 1e3:.0f} "
        f"({min(times) * 1e3:.0f} to {max(times) * 1e3:.0f})"
    )


def measure(twreg, entries, runs):
    registry = f"r{entries}"
    make(twreg, "first")
    run(twreg, "publish", "first", "--registry", registry, "--trust", "k.pub")
    fill(registry, entries)
    publish, written = [], 0
    for i in range(runs):
        make(twreg, "next", "--version", f"2.{i}", "--release", str(i + 2))
        then = time.time_ns()
        time.sleep(0.02)  # file systems round times down
        seconds, _, _ = run(
            twreg, "publish", "next", "--registry", registry, "--trust", "k.pub"
        )
        publish.append(seconds)
        written = written_since(registry, then)
    results = [run(twreg, "list", "--registry", registry) for _ in range(runs)]
    lists = [seconds for seconds, _, _ in results]
    work = statistics.median(seconds for _, _, seconds in results)
    print(
        f"| {entries:,} | {milliseconds(lists)} | {work * 1e3:.0f} "
        f"| {milliseconds(publish)} "
        f"| {written / 1000:,.1f} KB |",
        flush=True,
    )
    return statistics.median(lists)


def measure_artifact(twreg, megabytes, runs):
    # Piece by piece: what this process holds counts for its children too.
    line = (b"// " + b"x" * 60 + b"\n").hex()
    with open("big.hex", "w", encoding="ascii") as file:
        for _ in range((megabytes << 20) // (len(line) // 2)):
            file.write(line)
    subprocess.run(
        [sys.executable, MAKE, "big", "--contents-hex", "@big.hex"], check=True
    )
    run(twreg, "sign", "big", "--key", "k.key")
    hashing, verifying, peak = [], [], 0
    for _ in range(runs):
        hashing.append(run("sha256sum", "big")[0])
        seconds, memory, _ = run(twreg, "verify", "big", "--trust", "k.pub")
        verifying.append(seconds)
        peak = max(peak, memory)
    file_size = os.path.getsize("big")
    ratio = min(verifying) / min(hashing)
    print(
        f"\nverify of {file_size / 1e6:.1f} MB: {milliseconds(verifying)} ms, "
        f"sha256sum {milliseconds(hashing)} ms, {ratio:.2f} times; at most "
        f"{(peak - file_size) / 2**20:.1f} MiB of memory above the file"
    )
    return ratio, peak - file_size


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("twreg")
    parser.add_argument("--entries", default="10,1000,10000")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--limit-ms", type=float)
    parser.add_argument("--artifact", type=int)
    options = parser.parse_args()
    twreg = os.path.abspath(options.twreg)
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        os.environ["XDG_STATE_HOME"] = directory + "/state"
        run(twreg, "keygen", "k")
        print("| Entries | `list`, ms | of all cores | `publish`, ms | written |")
        print("|---|---|---|---|---|")
        for entries in map(int, options.entries.split(",")):
            median = measure(twreg, entries, options.runs)
        if options.artifact:
            measure_artifact(twreg, options.artifact, options.runs)
    if options.limit_ms and median * 1e3 > options.limit_ms:
        sys.exit(f"list took {median * 1e3:.0f} ms, more than {options.limit_ms:.0f}")


if __name__ == "__main__":
    main()
