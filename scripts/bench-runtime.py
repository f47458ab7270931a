#!/usr/bin/env python3
# bench-runtime.py - what the runtime's own work costs on a GPU.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs twbench-runtime and stores what it measured; or writes the tables of
docs/Benchmarks.md ("The runtime's own work") from what was stored.

  bench-runtime.py measure --tool bin/twbench-runtime --artifact runtime.ptxbin
      [--trust KEY.pub] --out runtime.json [--launches 10000000]
  bench-runtime.py report [--results docs/bench/runtime.json]

Standard library only.
"""
import argparse
import datetime
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DOCS = os.path.normpath(os.path.join(HERE, "..", "docs"))
PARTS = ["submit", "completion", "memory", "grow", "copy", "snapshot", "soak"]


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True,
                              timeout=60).stdout.strip()
    except OSError:
        return ""


def measure(options):
    results = {
        "commit": options.commit,
        "date": datetime.datetime.now(datetime.timezone.utc).strftime(
            "%Y-%m-%dT%H:%M:%SZ"),
        "gpu": output("nvidia-smi", "--query-gpu=name,driver_version",
                      "--format=csv,noheader"),
        "processor": next((line.split(":")[1].strip() for line in
                           output("lscpu").splitlines()
                           if line.startswith("Model name")), ""),
        "cores": os.cpu_count(),
        "parts": {},
    }
    failed = 0
    for part in options.parts:
        command = [options.tool, options.artifact, part, "--rounds",
                   str(options.rounds), "--launches", str(options.launches)]
        for key in options.trust:
            command += ["--trust", key]
        try:
            run = subprocess.run(command, stdout=subprocess.PIPE, text=True,
                                 timeout=options.timeout)
            done = run.returncode == 0
        except subprocess.TimeoutExpired:
            done = False
        print(f"{part}: {'measured' if done else 'FAILED'}", flush=True)
        if done:
            results["parts"][part] = json.loads(run.stdout)
        failed += not done
        with open(options.out, "w") as file:
            json.dump(results, file, indent=1)
    return 1 if failed else 0


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |",
             "|---|" + "--:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def spread(summary, digits=1):
    return (f"{summary['median']:.{digits}f} "
            f"({summary['p10']:.{digits}f} to {summary['p90']:.{digits}f})")


def verdict(holds):
    return "met" if holds else "**missed**"


def submit_table(part):
    rows = [["`cuLaunchKernel` and `cuEventRecord`", spread(part["raw"], 2), ""]]
    for name, key, ratio in (("`submit`", "submit", "ratio"),
                             ("`submit` with a callback", "submitWithCallback",
                              "ratioWithCallback")):
        rows.append([name, spread(part[key], 2), spread(part[ratio], 2)])
    return ("**Submitting**, µs a call, in batches of "
            f"{part['launchesInABatch']}: goal at most 1.1 times the driver's "
            f"calls: {verdict(part['ratio']['median'] <= 1.1)}.\n\n" +
            table(["", "µs", "ratio"], rows))


WAYS = [("callback", "the callback"), ("spin", "spinning `cuEventQuery`"),
        ("synchronize", "`cuStreamSynchronize`"),
        ("poll50us", "polling every 50 µs"),
        ("hostFunction", "`cuLaunchHostFunc`")]


def completion_tables(part):
    kernels = part["kernels"]
    head = ["kernel, µs"] + [f"{k['nanoseconds'] // 1000}" for k in kernels]
    late = [[name] + [f"{k[way]['late']['median']:.1f} / "
                      f"{k[way]['late']['p99']:.0f}" for k in kernels]
            for way, name in WAYS]
    late.append(["callback over spinning"] +
                [f"{k['ratio']:.2f}" for k in kernels])
    late.append(["the callback after a rest"] +
                [f"{k['callback']['first']['median']:.0f}" for k in kernels])
    cpu = [[name] + [f"{k[way]['cpu']['median']:.0f}" for k in kernels]
           for way, name in WAYS]
    holds = all(k["ratio"] <= 1.5 and k["callback"]["late"]["p99"] < 50
                for k in kernels)
    return ("**Seeing the end**, µs beyond the kernel's own time, from before "
            "the launch to the first instruction that knows: median / p99. "
            "Goal: at most 1.5 times a spinning query, p99 under 50 µs: "
            f"{verdict(holds)}.\n\n" + table(head, late) +
            "\n\nCPU time burned meanwhile, µs:\n\n" + table(head, cpu))


def memory_table(part):
    kinds = part["kinds"]
    names = {"device": "device", "managed": "managed, prefetched",
             "managedPreferred": "managed, prefetched, device preferred",
             "reserved": "reserved"}
    rows = [[names[k], f"{v['gigabytesPerSecond']:.0f}",
             spread(v["bandwidthToDevice"], 3)] for k, v in kinds.items()]
    ratio = kinds["managed"]["bandwidthToDevice"]["median"]
    return (f"**Memory**: a kernel that moves {part['bytesMoved'] >> 20} MiB. "
            "Goal: managed at least 0.97 of device memory: "
            f"{verdict(ratio >= 0.97)}. Prefetching what the host has written: "
            f"{part['prefetchGigabytesPerSecond']:.0f} GB/s.\n\n" +
            table(["kind", "GB/s", "of device memory"], rows))


def grow_table(part):
    rows = [[kind] + [f"{v[k]['median']:.1f}" for k in
                      ("instantiate", "grow1GiB", "grow16MiB")]
            for kind, v in part["kinds"].items()]
    return ("**Growing in place**, µs (64 MiB of data keep their place and "
            "value; nothing is copied):\n\n" +
            table(["kind", "instantiate for 2 GiB more", "grow by 1 GiB",
                   "by 16 MiB"], rows))


def copy_table(part):
    ways = [("inStaged", "in, `copyIn`"), ("inPinned", "in, pinned"),
            ("inDriver", "in, driver from pageable"),
            ("outStaged", "out, `copyOut`"), ("outPinned", "out, pinned"),
            ("outDriver", "out, driver to pageable")]
    rows = [[name] + [f"{s[way]['gigabytesPerSecond']:.1f}"
                      for s in part["sizes"]] for way, name in ways]
    sizes = [f"{s['bytes'] >> 10} KiB" for s in part["sizes"]]
    return "**Copies**, GB/s:\n\n" + table([""] + sizes, rows)


def soak_text(part):
    return (f"**Endurance**: {part['launches']:,} launches over "
            f"{part['instances']} instances, each with a callback: "
            f"{part['lost']} lost, {part['doubled']} doubled, "
            f"{part['launchesPerSecond']:,.0f} a second; memory of the process "
            f"grew by {part['residentBytesGrown'] >> 10} KiB, of the device by "
            f"{part['deviceBytesGrown'] >> 10} KiB.")


RENDER = {"submit": submit_table, "completion": completion_tables,
          "memory": memory_table, "grow": grow_table, "copy": copy_table,
          "soak": soak_text}


def report(options):
    with open(options.results) as file:
        results = json.load(file)
    text = (f"{results['gpu']}, {results['processor']} with "
            f"{results['cores']} cores; commit {results['commit']}, "
            f"{results['date']}.\n\n")
    text += "\n\n".join(RENDER[p](results["parts"][p]) for p in PARTS
                        if p in RENDER and p in results["parts"])
    with open(options.page) as file:
        page = file.read()
    new = re.sub(r"(<!-- begin runtime -->\n).*?(<!-- end runtime -->)",
                 lambda m: m.group(1) + text + "\n" + m.group(2), page,
                 flags=re.S)
    if new == page and text not in page:
        sys.exit(f"{options.page}: no <!-- begin runtime --> part")
    if options.check:
        return 0 if new == page else 1
    with open(options.page, "w") as file:
        file.write(new)
    return 0


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("measure")
    run.add_argument("--tool", required=True)
    run.add_argument("--artifact", required=True)
    run.add_argument("--trust", action="append", default=[])
    run.add_argument("--out", required=True)
    run.add_argument("--commit", default="unknown")
    run.add_argument("--rounds", type=int, default=300)
    run.add_argument("--launches", type=int, default=10_000_000)
    run.add_argument("--timeout", type=float, default=300)
    run.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS)
    write = commands.add_parser("report")
    write.add_argument("--results",
                       default=os.path.join(DOCS, "bench", "runtime.json"))
    write.add_argument("--page", default=os.path.join(DOCS, "Benchmarks.md"))
    write.add_argument("--check", action="store_true",
                       help="fail if the page is out of date")
    options = parser.parse_args()
    return {"measure": measure, "report": report}[options.command](options)


if __name__ == "__main__":
    sys.exit(main())
