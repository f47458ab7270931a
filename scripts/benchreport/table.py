# table.py - the results of bench-kernels.py as lines of text.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

from . import stats

HEAD = (f"{'kernel':14} {'form':9} {'median':>9} {'p10':>9} {'p90':>9}  "
        f"{'rate':>12}  {'regs':>4} {'local':>5} {'shared':>6} {'occ':>5}  "
        "speed, twin = 1 (p10 to p90)")


def micro(seconds):
    return f"{seconds * 1e6:.1f} us"


def lines(report):
    """One line for each form of a kernel."""
    text = []
    for form in report["contestants"]:
        time = stats.spread(form["seconds"])
        speed = stats.speed(report, form["label"], stats.twin_of(form["label"]))
        told = (f"{speed['median']:.3f} ({speed['p10']:.3f} to "
                f"{speed['p90']:.3f})" if speed else "")
        text.append(
            f"{report['kernel'] if not text else '':14} {form['label']:9} "
            f"{micro(time['median']):>9} {micro(time['p10']):>9} "
            f"{micro(time['p90']):>9}  "
            f"{stats.rate(report, time['median']):>12}  {form['registers']:>4} "
            f"{form['localBytes']:>5} {form['sharedBytes']:>6} "
            f"{form['occupancy'] * 100:>4.0f}%  {told}")
    text += [f"  WRONG: {problem}" for problem in report["problems"]]
    return "\n".join(text)


def means(results, label, reference):
    """Lines on one pair of forms: of all kernels, and of those not marked."""
    speeds = stats.medians(results, label, reference)
    if not speeds:
        return []
    text = []
    for what, chosen in (
            ("", speeds),
            (" without " + " and ".join(stats.MARKS),
             stats.medians(results, label, reference, marked=False))):
        if what and len(chosen) in (0, len(speeds)):
            continue
        mean, slowest, fastest = stats.overall(chosen)
        text.append(
            f"{label} against {reference}{what}: geometric mean of "
            f"{len(chosen)} medians {mean:.3f}, {slowest} "
            f"{chosen[slowest]:.3f} to {fastest} {chosen[fastest]:.3f}")
    pair = label, reference
    if pair in stats.GOALS:
        met, below = stats.goal(speeds, pair)
        mean, worst = stats.GOALS[pair]
        text.append(f"  goal of {mean} on average and {worst} at least: "
                    + ("met" if met
                       else f"missed, {below} kernels are below {worst}"))
    return text


def summary(results):
    """Means over all kernels, instructions, and what is missing."""
    text = ["", "speed of one form relative to another's: times of the other "
            "over times of the one"]
    for label, reference in stats.PAIRS:
        text += means(results, label, reference)
    for label, flags in results["flags"].items():
        text.append(f"{label}: {flags}")
    for label in results["absent"]:
        text.append(f"{label}: absent, not in this bundle")
    for kernel in results["skipped"]:
        text.append(f"{kernel}: skipped, out of time")
    counted = [r for r in results["kernels"]
               if any("instructions" in c for c in r["contestants"])]
    text.append(f"executed instructions of warps: {results['counters']}")
    for report in counted:
        parts = [f"{c['label']} {c['instructions']:,}"
                 for c in report["contestants"] if "instructions" in c]
        text.append(f"  {report['kernel']:14} " + ", ".join(parts))
    return "\n".join(text)


def scale(results):
    """Lines on the kernels on a CPU."""
    text = [f"on {results['processor']}, {results['threads']} threads"]
    text += [f"  {side}: {flags}" for side, flags in results["flags"].items()]
    for kernel, found in results["kernels"].items():
        cells = [stats.rate(found, found[side]["seconds"])
                 if "seconds" in found[side] else "-"
                 for side in ("host", "v8")]
        text.append(f"  {kernel:14} host {cells[0]:>14}   V8 {cells[1]:>14}"
                    + "".join(f"   ({side}: {found[side]['absent']})"
                              for side in ("host", "v8")
                              if "absent" in found[side])
                    + (f"   WRONG: {found['problem']}" if "problem" in found
                       else ""))
    return "\n".join(text)
