#!/usr/bin/env python3
# bench-report.py - writes the tables of docs/Benchmarks.md and their picture.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the generated parts of docs/Benchmarks.md, and the picture that they
show, from stored results: a run of bench-kernels.py on a GPU, of
bench-sizes.py, and, where the GPU's machine had no V8, of bench-scale.py.

To store a new run: copy its bench.json over docs/bench/h200.json and start
this. With --check nothing is written; fails if something would be.

Standard library only.
"""
import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from benchreport import page, plot, store

DOCS = os.path.normpath(os.path.join(HERE, "..", "docs"))


def scale_of(results, path):
    """What was measured with V8, of the run itself if it has it."""
    own = results.get("scale")
    if own and any("seconds" in k["v8"] for k in own["kernels"].values()):
        return own
    return store.read(path, "kernels", "processor", "flags")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, path in (("run", "bench/h200.json"),
                       ("sizes", "bench/sizes.json"),
                       ("scale", "bench/scale.json"),
                       ("page", "Benchmarks.md"), ("plot", "bench/speed.svg")):
        parser.add_argument("--" + name, default=os.path.join(DOCS, path),
                            metavar="FILE", help=f"(default docs/{path})")
    parser.add_argument("--check", action="store_true",
                        help="fail if the page or the picture is out of date")
    options = parser.parse_args()

    try:
        results = store.read(options.run, "kernels", "machine", "flags",
                             "absent", "counters", "failed", "skipped")
        picture = plot.picture(results)
        if not picture:
            raise store.Unusable(f"{options.run}: expected kernels beside "
                                 "their twins, but found none")
        with open(options.page) as file:
            text = file.read()
        link = os.path.relpath(options.plot, os.path.dirname(options.page))
        sizes = store.read(options.sizes, "kernels", "flags", "absent", "runs",
                           "commit", "processor", "ptxas")
        for name, part in (
                ("run", page.run(results, link)),
                ("cpu", page.cpu(results, scale_of(results, options.scale))),
                ("sizes", page.sizes(sizes))):
            text = page.insert(text, name, part, options.page)
    except (store.Unusable, OSError) as error:
        print(f"bench-report.py: {error}", file=sys.stderr)
        return 2

    stale = []
    for path, wanted in ((options.page, text), (options.plot, picture)):
        try:
            with open(path) as file:
                if file.read() == wanted:
                    continue
        except OSError:
            pass
        stale.append(path)
        if not options.check:
            with open(path, "w") as file:
                file.write(wanted)
    for path in stale:
        print(f"{path}: " + ("out of date: start scripts/bench-report.py"
                             if options.check else "written"))
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
