# table.py - the results of bench-kernels.py as lines of text.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

from . import stats

HEAD = (f"{'kernel':14} {'form':9} {'median':>9} {'p10':>9} {'p90':>9}  "
        f"{'rate':>12}  {'regs':>4} {'local':>5} {'shared':>6} {'occ':>5}  "
        "ratio to its twin (p10 to p90)")


def micro(seconds):
    return f"{seconds * 1e6:.1f} us"


def twin_of(label):
    """The form that a form is compared with in the table."""
    for over, under in stats.PAIRS:
        if over == label:
            return under
    return None


def lines(report):
    """One line for each form of a kernel."""
    text = []
    for form in report["contestants"]:
        time = stats.spread(form["seconds"])
        ratio = stats.ratio(report, form["label"], twin_of(form["label"]))
        told = (f"{ratio['median']:.3f} ({ratio['p10']:.3f} to {ratio['p90']:.3f})"
                if ratio else "")
        text.append(
            f"{report['kernel'] if not text else '':14} {form['label']:9} "
            f"{micro(time['median']):>9} {micro(time['p10']):>9} "
            f"{micro(time['p90']):>9}  "
            f"{stats.rate(report, time['median']):>12}  {form['registers']:>4} "
            f"{form['localBytes']:>5} {form['sharedBytes']:>6} "
            f"{form['occupancy'] * 100:>4.0f}%  {told}")
    text += [f"  WRONG: {problem}" for problem in report["problems"]]
    return "\n".join(text)


def summary(results):
    """Means over all kernels, instructions, and what is missing."""
    text = [""]
    names = [f"{a}/{b}" for a, b in stats.PAIRS]
    for name in names:
        found = [stats.ratios(r)[name]["median"] for r in results["kernels"]
                 if name in stats.ratios(r)]
        if found:
            text.append(f"{name}: geometric mean of {len(found)} medians "
                        f"{stats.geometric_mean(found):.3f}, "
                        f"{min(found):.3f} to {max(found):.3f}")
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
