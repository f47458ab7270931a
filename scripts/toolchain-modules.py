#!/usr/bin/env python3
# toolchain-modules.py - compiles and runs what other compilers made.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# C by clang, Rust, AssemblyScript, and modules from npm packages, as
# test/Toolchains/modules.json lists them. Each module is compiled to PTX and to
# a host image; calls that were recorded under V8 are replayed on a device and
# in the interpreter, and everything is compared after each. docs/Toolchains.md
# tells more.
#
# What is not installed or cannot be downloaded is skipped by name. Exits with 0
# if nothing failed, else with 1.

import argparse
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "toolchains"))
import check
import obtain
import report

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GROUPS = ["c", "rust", "assemblyscript", "npm"]


def parse_arguments():
    parser = argparse.ArgumentParser(description="Compiles and runs modules "
                                     "that other compilers made.")
    parser.add_argument("groups", nargs="*", metavar="GROUP",
                        help=f"of {', '.join(GROUPS)}; all by default")
    parser.add_argument("--filter", default="",
                        help="only modules whose name contains this")
    parser.add_argument("--bin", default=os.path.join(ROOT, "build", "bin"),
                        help="where twc and twreplay are")
    parser.add_argument("--work", default=os.path.join(ROOT, "build",
                                                       "toolchains"),
                        help="for packages, modules and artifacts")
    parser.add_argument("--device", default="host", help="host, cuda, cuda:N")
    parser.add_argument("--gpu", default="sm_80", help="target of the PTX")
    parser.add_argument("--timeout", type=int, default=120,
                        help="seconds for each compilation or replay")
    parser.add_argument("--guest-cc", default="clang-22",
                        help="a clang with the wasm32 target")
    parser.add_argument("--offline", action="store_true",
                        help="download nothing")
    parser.add_argument("--json", metavar="FILE", help="write results there")
    parser.add_argument("--markdown", metavar="FILE",
                        help="write the tables of docs/Toolchains.md there")
    options = parser.parse_args()
    for group in options.groups:
        if group not in GROUPS:
            parser.error(f"no group '{group}': expected {', '.join(GROUPS)}")
    options.groups = options.groups or GROUPS
    options.work = os.path.abspath(options.work)
    options.scripts = os.path.join(ROOT, "scripts", "toolchains")
    options.inputs = os.path.join(ROOT, "test", "Toolchains", "Inputs")
    return options


def main():
    options = parse_arguments()
    with open(os.path.join(ROOT, "test", "Toolchains", "modules.json")) as file:
        groups = json.load(file)
    results = []
    for group in options.groups:
        for made in obtain.obtain(group, groups[group], options):
            result = check.check(made, options)
            print(report.line(result), flush=True)
            results.append(result)
            if options.json:
                with open(options.json, "w") as file:
                    json.dump([vars(r) for r in results], file, indent=1)
    if options.markdown:
        with open(options.markdown, "w") as file:
            file.write(report.markdown(results))
    print(report.summary(results))
    if not results:
        print("toolchain-modules: nothing is named like that", file=sys.stderr)
    return 1 if not results or any(r.failed() for r in results) else 0


if __name__ == "__main__":
    sys.exit(main())
