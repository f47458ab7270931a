# plot.py - the speeds of bench-kernels.py as an SVG picture.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A row for each kernel, and in it a mark for each pair of forms: the median of
# the speed, and a whisker from the 10th to the 90th percentile. The axis is
# logarithmic, as half as fast and twice as fast are equally far from 1. The
# picture has a ground of its own, light or dark as the reader's system is;
# marks differ in shape as well as in colour.

import math
from xml.sax.saxutils import escape

from . import stats

# Form, reference, shape, and what the legend says.
SERIES = [
    ("checked", "twin", "circle", "as it ships, against nvcc -fmad=false"),
    ("isolate", "twin", "square", "--bounds=isolate, against nvcc -fmad=false"),
    ("none", "twin", "diamond", "--bounds=none, against nvcc -fmad=false"),
    ("fast", "twin-fma", "triangle", "--fp-contract=fast, against nvcc"),
]
STYLE = """
svg { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif }
.ground { fill: #ffffff } .ink { fill: #1f2328 } .quiet { fill: #59636e }
.band { fill: #f3f5f7 } .grid { stroke: #d1d9e0 } .one { stroke: #1f2328 }
.goal { stroke: #59636e; stroke-dasharray: 4 4 } .digits { font-size: 12px }
.checked { fill: #0969da; stroke: #0969da }
.isolate { fill: #8250df; stroke: #8250df }
.none { fill: #bc4c00; stroke: #bc4c00 }
.fast { fill: #1a7f37; stroke: #1a7f37 }
@media (prefers-color-scheme: dark) {
 .ground { fill: #0d1117 } .ink { fill: #e6edf3 } .quiet { fill: #9198a1 }
 .band { fill: #161b22 } .grid { stroke: #30363d } .one { stroke: #e6edf3 }
 .goal { stroke: #9198a1 }
 .checked { fill: #58a6ff; stroke: #58a6ff }
 .isolate { fill: #bc8cff; stroke: #bc8cff }
 .none { fill: #f0883e; stroke: #f0883e }
 .fast { fill: #3fb950; stroke: #3fb950 }
}
"""
LEFT, RIGHT, WIDTH = 150, 70, 900  # of the axis, and of the whole
STEP, PAD = 13, 9  # height of a mark's line, and around those of a row


def shape(kind, x, y, r=4.5):
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>'
    corners = {"square": [(-4, -4), (4, -4), (4, 4), (-4, 4)],
               "diamond": [(0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)],
               "triangle": [(0, -5.5), (5, 4), (-5, 4)]}[kind]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{points}"/>'


def text(x, y, words, kind="ink", anchor="start"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" '
            f'text-anchor="{anchor}">{escape(words)}</text>')


def line(x1, y1, x2, y2, kind, width=1):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'class="{kind}" stroke-width="{width}"/>')


class Axis:
    """Where a speed is, on a logarithmic axis that ends at powers of two."""

    def __init__(self, values):
        self.low = math.floor(math.log2(min([*values, 0.5])))
        self.high = math.ceil(math.log2(max([*values, 2])))

    def at(self, value):
        part = (math.log2(value) - self.low) / (self.high - self.low)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def ticks(self):
        for power in range(self.low, self.high + 1):
            name = f"1/{2**-power}" if power < 0 else str(2**power)
            yield 2.0**power, name


def rows_of(results):
    """[(kernel, [(series, spread)])], the fastest first, then the means."""
    rows = []
    for report in results["kernels"]:
        marks = [(s, stats.speed(report, s[0], s[1])) for s in SERIES]
        marks = [(s, spread) for s, spread in marks if spread]
        if marks:
            star = " *" if report["kernel"] in stats.MARKS else ""
            rows.append((report["kernel"] + star, marks))
    rows.sort(key=lambda row: -row[1][0][1]["median"])
    means = []
    for series in SERIES:
        speeds = stats.medians(results, series[0], series[1])
        if speeds:
            mean = stats.overall(speeds)[0]
            means.append((series, {"median": mean, "p10": mean, "p90": mean}))
    return [*rows, ("geometric mean", means)] if rows else []


def mark(series, spread, axis, y):
    """A whisker and its mark, with the numbers for who points at it."""
    label, reference, kind, _ = series
    told = (f"{label} against {reference}: {spread['median']:.3f} "
            f"({spread['p10']:.3f} to {spread['p90']:.3f})")
    left, right = axis.at(spread["p10"]), axis.at(spread["p90"])
    return (f'<g class="{label}"><title>{escape(told)}</title>'
            + line(left, y, right, y, label, 2)
            + line(left, y - 3, left, y + 3, label)
            + line(right, y - 3, right, y + 3, label)
            + shape(kind, axis.at(spread["median"]), y) + "</g>")


def legend(used, y):
    parts = []
    for series in used:
        drawn = shape(series[2], LEFT + 6, y - 4)
        parts.append(f'<g class="{series[0]}">{drawn}</g>'
                     + text(LEFT + 18, y, series[3]))
        y += 18
    return parts


def picture(results):
    """The whole SVG file; None without anything to show."""
    rows = rows_of(results)
    if not rows:
        return None
    used = [s for s in SERIES if any(s is m[0] for _, ms in rows for m in ms)]
    axis = Axis([spread[edge] for _, marks in rows for _, spread in marks
                 for edge in ("p10", "p90")])
    machine = results["machine"]
    about = ", ".join(filter(None, [
        machine.get("name"),
        f"driver {machine.get('driver_version', 'unknown')}",
        f"commit {machine.get('commit', 'unknown')}",
        machine.get("date", "")[:10]]))
    title = "Speed relative to nvcc: the CUDA twin's time over the guest's"
    parts = [text(20, 30, title), text(20, 50, about, "quiet")]
    parts += legend(used, 76)
    top = 76 + 18 * len(used) + 20
    y = top
    for index, (name, marks) in enumerate(rows):
        last = index == len(rows) - 1
        height = 2 * PAD + STEP * (len(marks) - 1) + 4
        if index % 2 == 0:
            parts.append(f'<rect x="20" y="{y}" width="{WIDTH - 40}" '
                         f'height="{height}" class="band"/>')
        if last:
            parts.append(line(20, y, WIDTH - 20, y, "one"))
        y += height
    bottom = y
    for value, name in axis.ticks():
        x = axis.at(value)
        parts.append(line(x, top, x, bottom, "one" if value == 1 else "grid",
                          1.5 if value == 1 else 1))
        parts.append(text(x, top - 6, name, "quiet", "middle"))
        parts.append(text(x, bottom + 16, name, "quiet", "middle"))
    goal = axis.at(stats.GOAL_WORST)
    parts.append(line(goal, top, goal, bottom, "goal"))
    y = top
    for name, marks in rows:
        height = 2 * PAD + STEP * (len(marks) - 1) + 4
        parts.append(text(LEFT - 12, y + height / 2 + 4, name, "ink", "end"))
        for index, (series, spread) in enumerate(marks):
            at = y + PAD + 2 + STEP * index
            parts.append(mark(series, spread, axis, at))
            parts.append(text(WIDTH - 26, at + 4, f"{spread['median']:.2f}",
                              "quiet digits", "end"))
        y += height
    notes = [f"1: as fast; more is faster. Dashed: {stats.GOAL_WORST}, the "
             f"goal for the slowest; the goal for the mean is {stats.GOAL_MEAN}. "
             "Whiskers: 10th to 90th percentile.",
             *(f"* compares more than compilers. {kernel}: {why}"
               for kernel, why in stats.MARKS.items())]
    for index, note in enumerate(notes):
        parts.append(text(20, bottom + 42 + 18 * index, note, "quiet digits"))
    height = bottom + 42 + 18 * len(notes)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
            f'height="{height}" viewBox="0 0 {WIDTH} {height}" role="img">\n'
            f"<title>Speed of kernels relative to their CUDA twins</title>\n"
            f"<style>{STYLE}</style>\n"
            f'<rect width="{WIDTH}" height="{height}" class="ground"/>\n'
            + "\n".join(parts) + "\n</svg>\n")
