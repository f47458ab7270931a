# stats.py - medians, spreads and ratios of samples taken in turns.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import math

# Whose speed relative to whose is told: the second's time over the first's, so
# that 1 is as fast, and more is faster.
TWINS = [("checked", "twin"), ("isolate", "twin"), ("none", "twin"),
         ("fast", "twin-fma")]
# What the checks of accesses cost, and of fuel: 1 is nothing.
CHECKS = [("checked", "none"), ("isolate", "none"), ("fuel", "checked")]
PAIRS = TWINS + CHECKS

# What is asked of the speed relative to nvcc's, and of what checks cost.
GOAL_MEAN, GOAL_WORST = 0.95, 0.85
GOALS = {pair: (GOAL_MEAN, GOAL_WORST) for pair in TWINS} | {
    ("checked", "none"): (0.97, 0.90), ("fuel", "checked"): (0.95, 0.0)}

# Kernels that compare something else than two compilers on one algorithm. They
# count, and means are told without them too.
MARKS = {
    "elementary": "library functions: the guest's in Wasm, CUDA's in the twin",
    "matmul_wmma": "matrix units, by an interface of their own",
}


def quantile(values, part):
    """Between the two nearest values, by how near they are."""
    ordered = sorted(values)
    at = part * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def spread(values):
    """Median, 10th and 90th percentile."""
    return {"median": quantile(values, 0.5), "p10": quantile(values, 0.1),
            "p90": quantile(values, 0.9), "least": min(values)}


def form(report, label):
    """A form in the report of a kernel, or None."""
    for found in report["contestants"]:
        if found["label"] == label:
            return found
    return None


def speed(report, label, reference):
    """The spread of a form's speed relative to another's, round by round; None
    without both."""
    a, b = form(report, label), form(report, reference)
    if not a or not b:
        return None
    return spread([y / x for x, y in zip(a["seconds"], b["seconds"])])


def twin_of(label):
    """The form that a form is compared with, or None."""
    return dict(TWINS).get(label)


def medians(results, label, reference, marked=True):
    """{kernel: median of the speed}, of the kernels that have both forms."""
    found = {}
    for report in results["kernels"]:
        if marked or report["kernel"] not in MARKS:
            value = speed(report, label, reference)
            if value:
                found[report["kernel"]] = value["median"]
    return found


def overall(speeds):
    """(geometric mean, the slowest kernel and the fastest) of medians."""
    order = sorted(speeds, key=speeds.get)
    return geometric_mean(list(speeds.values())), order[0], order[-1]


def goal(speeds, pair=TWINS[0]):
    """Whether the goal is met, and how many kernels are too slow for it."""
    mean, worst = GOALS[pair]
    below = sum(value < worst for value in speeds.values())
    return overall(speeds)[0] >= mean and not below, below


def rate(report, seconds):
    """What was done in a second, with its unit, as text."""
    value = report["amount"] / seconds
    for prefix, size in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:.3g} {prefix}{report['unit']}/s"
    return f"{value:.3g} {report['unit']}/s"


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))
