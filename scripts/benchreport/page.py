# page.py - the tables of docs/Benchmarks.md, as Markdown.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Parts stand between <!-- begin NAME --> and <!-- end NAME -->; the text around
# them is written by hand.

import re

from . import stats
from .counters import METRIC
from .store import Unusable

TITLES = {
    ("checked", "twin"): "as it ships, against nvcc `-fmad=false`",
    ("isolate", "twin"): "`--bounds=isolate`, against nvcc `-fmad=false`",
    ("none", "twin"): "`--bounds=none`, against nvcc `-fmad=false`",
    ("fast", "twin-fma"): "`--fp-contract=fast`, against nvcc",
    ("checked", "none"): "as it ships, against `--bounds=none`",
    ("isolate", "none"): "`--bounds=isolate`, against `--bounds=none`",
    ("fuel", "checked"): "`--fuel`, against as it ships",
}
SHORT = {
    ("checked", "twin"): "speed", ("isolate", "twin"): "isolate",
    ("none", "twin"): "none", ("fast", "twin-fma"): "fast",
    ("checked", "none"): "against none", ("fuel", "checked"): "fuel",
}


def table(head, rows, left=1):
    """A table whose first columns are aligned left and the others right."""
    lines = ["| " + " | ".join(head) + " |",
             "|" + "---|" * left + "--:|" * (len(head) - left)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def starred(kernel):
    return kernel + (" *" if kernel in stats.MARKS else "")


def marks(kernels):
    return [f"\\* {kernel} compares {why}."
            for kernel, why in stats.MARKS.items() if kernel in kernels]


def times(value):
    return f"{value:.2f}"


def means(results):
    """The table of means over all kernels, and over those not marked."""
    rows = []
    for pair in stats.PAIRS:
        speeds = stats.medians(results, *pair)
        if not speeds:
            continue
        mean, slowest, fastest = stats.overall(speeds)
        rest = stats.medians(results, *pair, marked=False)
        goal = ""
        if pair in stats.GOALS:
            met, below = stats.goal(speeds, pair)
            wanted, worst = stats.GOALS[pair]
            goal = f"{wanted}" + (f", each {worst}" if worst else "")
            goal += (": met" if met else
                     f": missed; {below} below" if below else ": missed")
        rows.append([
            TITLES[pair], str(len(speeds)), f"**{mean:.3f}**",
            f"{stats.overall(rest)[0]:.3f}" if rest else "",
            f"{starred(slowest)} {times(speeds[slowest])}",
            f"{starred(fastest)} {times(speeds[fastest])}", goal])
    return table(["speed", "kernels", "geometric mean", "without \\*",
                  "slowest", "fastest", "goal"], rows)


def each_kernel(results):
    """The table of kernels."""
    pairs = [p for p in SHORT if stats.medians(results, *p)]
    counted = any("instructions" in form for report in results["kernels"]
                  for form in report["contestants"])
    head = ["kernel", "twin", "rate"]
    head += [SHORT[p] for p in pairs] + ["registers", "occupancy"]
    head += ["executed"] if counted else []
    rows = []
    for report in results["kernels"]:
        ours, twin = stats.form(report, "checked"), stats.form(report, "twin")
        if not ours or not twin:
            continue
        median = stats.spread(twin["seconds"])["median"]
        row = [starred(report["kernel"]), f"{median * 1e6:,.0f} us",
               stats.rate(report, stats.spread(ours["seconds"])["median"])]
        for pair in pairs:
            speed = stats.speed(report, *pair)
            low, middle, high = (times(speed[part]) if speed else ""
                                 for part in ("p10", "median", "p90"))
            row.append(f"**{middle}** ({low} to {high})" if speed else "")
        row.append(f"{ours['registers']}, {twin['registers']}")
        row.append(f"{100 * ours['occupancy']:.0f}%, "
                   f"{100 * twin['occupancy']:.0f}%")
        if counted:
            known = "instructions" in ours and "instructions" in twin
            row.append(times(ours["instructions"] / twin["instructions"])
                       if known else "")
        rows.append(row)
    return table(head, rows)


def run(results, picture):
    """The part on a run of bench-kernels.py."""
    machine = results["machine"]
    facts = [f"{machine.get('name', 'unknown GPU')}",
             f"driver {machine.get('driver_version', 'unknown')}"]
    facts += [f"{what} up to {machine[key]}" for key, what in
              (("clocks.max.sm", "clock"), ("clocks.max.mem", "memory clock"),
               ("power.limit", "power")) if key in machine]
    rounds = sorted({len(form["seconds"]) for report in results["kernels"]
                     for form in report["contestants"]})
    text = [f"{', '.join(facts)}; commit {machine.get('commit', 'unknown')}, "
            f"{machine.get('date', 'unknown date')}; "
            f"{' to '.join(map(str, dict.fromkeys((rounds[0], rounds[-1]))))} "
            "rounds a kernel.", ""]
    text += [f"- {label}: `{flags}`"
             for label, flags in results["flags"].items()]
    text += [f"- {label}: absent from that run"
             if label not in ("twin", "twin-fma") else f"- {label}: absent"
             for label in results["absent"]]
    text += ["", f"![Speed of each kernel relative to nvcc]({picture})", "",
             means(results), "", each_kernel(results), "",
             *marks([r["kernel"] for r in results["kernels"]]), ""]
    text.append(f"Executed instructions of warps, `{METRIC}`: "
                f"{results['counters']}.")
    for kernel, why in results["failed"].items():
        text.append(f"\n**{kernel} failed: {why}**")
    for report in results["kernels"]:
        text += [f"\n**{report['kernel']}: {problem}**"
                 for problem in report["problems"]]
    if results["skipped"]:
        text.append("\nSkipped, out of time: " + ", ".join(results["skipped"]))
    return "\n".join(text)


def cpu(results, found):
    """The part on a CPU, beside the GPU's rates."""
    gpu = {}
    for report in results["kernels"]:
        ours = stats.form(report, "checked")
        if ours:
            median = stats.spread(ours["seconds"])["median"]
            gpu[report["kernel"]] = stats.rate(report, median)
    rows = []
    for kernel, sides in found["kernels"].items():
        cells = [stats.rate(sides, sides[side]["seconds"])
                 if "seconds" in sides[side] else "" for side in ("host", "v8")]
        rows.append([starred(kernel), gpu.get(kernel, ""), *cells])
    name = results["machine"].get("name", "GPU")
    text = [f"CPU: {found['processor']}, {found['threads']} threads. Host "
            f"device: `{found['flags']['host']}`; V8: "
            f"`{found['flags']['v8']}`.", "",
            table(["kernel", name, "host device", "V8"], rows)]
    text += [f"\n**{kernel}: {sides['problem']}**"
             for kernel, sides in found["kernels"].items()
             if "problem" in sides]
    return "\n".join(text)


def sizes(results):
    """The part on compile time and code size."""
    kernels = results["kernels"]
    labels = [label for label in ("checked", "none", "twin")
              if all(label in found for found in kernels.values())]
    head = ["kernel"]
    head += [f"compile ms, {label}" for label in labels]
    head += [f"{what}, {label}" for what in ("PTX", "SASS") for label in labels]
    columns = []
    for kernel, found in kernels.items():
        columns.append(
            [1000 * sum(found[label]["seconds"]) for label in labels] +
            [found[label][what] for what in ("ptx", "sass")
             for label in labels])
    rows = [[kernel, *(f"{value:,.0f}" for value in column)]
            for kernel, column in zip(kernels, columns)]
    # Each column over the first of its kind.
    ratios = []
    for at in range(len(head) - 1):
        first = at - at % len(labels)
        ratios.append("1" if at == first else times(stats.geometric_mean(
            [column[at] / column[first] for column in columns])))
    rows.append(["geometric mean, checked = 1", *ratios])
    text = [f"At {results['commit']}; {results['processor']}; medians of "
            f"{results['runs']} runs in turns; ptxas: {results['ptxas']}.", ""]
    text += [f"- {label}: `{results['flags'][label]}`" for label in labels]
    text += [f"- {label}: absent, {why}"
             for label, why in results["absent"].items()
             if label in ("none", "twin")]
    return "\n".join([*text, "", table(head, rows)])


def insert(text, name, part, path):
    """A page with a part of it replaced."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    found = re.search(re.escape(begin) + ".*?" + re.escape(end), text,
                      re.DOTALL)
    if not found:
        raise Unusable(f"{path}: expected {begin} and {end}, but found none")
    return (text[:found.start()] + f"{begin}\n{part}\n{end}" +
            text[found.end():])
