# stats.py - medians, spreads and ratios of samples taken in turns.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# Of what the ratios are told: a form's time over another's.
PAIRS = [("checked", "twin"), ("isolate", "twin"), ("none", "twin"),
         ("fast", "twin-fma"), ("checked", "none")]


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


def ratio(report, over, under):
    """The spread of a ratio, round by round; None without both."""
    a, b = form(report, over), form(report, under)
    if not a or not b:
        return None
    return spread([x / y for x, y in zip(a["seconds"], b["seconds"])])


def ratios(report):
    """{"checked/twin": spread} of all pairs that are there."""
    found = {f"{a}/{b}": ratio(report, a, b) for a, b in PAIRS}
    return {name: value for name, value in found.items() if value}


def rate(report, seconds):
    """What was done in a second, with its unit, as text."""
    value = report["amount"] / seconds
    for prefix, size in (("T", 1e12), ("G", 1e9), ("M", 1e6)):
        if value >= size:
            return f"{value / size:.3g} {prefix}{report['unit']}/s"
    return f"{value:.3g} {report['unit']}/s"


def geometric_mean(values):
    product = 1.0
    for value in values:
        product *= value ** (1 / len(values))
    return product
