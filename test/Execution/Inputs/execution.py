# execution.py - builds and runs the executed tests of Wasm's semantics.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: execution.py build SUITE --dir DIR --twc TWC --twreg TWREG --key KEY
#        execution.py run SUITE --dir DIR --twrun TWRUN --trust PUB --device D
#
# `build` writes the suite's modules as text, or compiles them from C, compiles
# and signs them; `run`
# needs twrun only, so that a GPU machine without a compiler can do it. Both
# make the same inputs: there is nothing else to carry. --only picks groups
# whose name contains a string. Exits with 0 if every result is as specified.
#
# Standard library only.

import argparse
import contextlib
import io
import multiprocessing
import os
import shutil
import subprocess
import sys
import time

from groups import suites
from guest import module
from runner import Runner


HERE = os.path.dirname(os.path.abspath(__file__))


def build(options, groups):
    os.makedirs(options.dir, exist_ok=True)
    good = True
    for group in groups:
        stem = os.path.join(options.dir, group.name)
        source, compile_guest = stem + ".wat", []
        kept = []
        if group.guest:
            source = stem + ".wasm"
            compile_guest = [
                [options.guest_cc, "--config=" + options.guest_config, "-Wall",
                 "-Werror", os.path.join(HERE, group.guest), "-o", source] +
                group.guest_flags]
        else:
            with open(source, "w") as file:
                file.write(module(group))
            if group.keep_module:
                text = source
                if group.other_source is not None:
                    text = stem + ".other.wat"
                    with open(text, "w") as file:
                        file.write(group.other_source)
                kept = [[options.wat2wasm, "--enable-all", text, "-o",
                         stem + ".module"]]
        start = time.monotonic()
        for command in (
                *compile_guest, *kept,
                [options.twc, source, "-o", stem + ".ptxbin"] +
                group.twc_flags + options.twc_option,
                [options.twreg, "sign", stem + ".ptxbin", "--key", options.key]):
            try:
                done = subprocess.run(command, capture_output=True, text=True,
                                      timeout=300)
                code, error = done.returncode, done.stderr.strip()
            except subprocess.TimeoutExpired:
                code, error = None, "no end after 300 s"
            if code != 0:
                print(f"{group.name}: {os.path.basename(command[0])} failed "
                      f"({code}): {error}")
                good = False
                break
        if good and group.guest and group.keep_module:
            shutil.copyfile(source, stem + ".module")
        if options.times:
            print(f"{group.name}: {time.monotonic() - start:.2f} s")
    return good


def run_one(index):
    """Of the process's options and groups: whether it is right, and what was
    printed. Groups hold functions, which only a forked process can be given."""
    options, groups = run_one.work
    text, start = io.StringIO(), time.monotonic()
    with contextlib.redirect_stdout(text):
        good = Runner(options, groups[index]).run()
        if options.times:
            print(f"  {time.monotonic() - start:.2f} s")
    return good, text.getvalue()


def run(options, groups):
    options.out = options.out or options.dir
    os.makedirs(options.out, exist_ok=True)
    run_one.work = options, groups
    passed = 0
    with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
        for good, text in pool.imap(run_one, range(len(groups)), 1):
            passed += good
            print(text, end="", flush=True)
    print(f"{passed} of {len(groups)} groups as specified")
    return passed == len(groups)


def main():
    parser = argparse.ArgumentParser(description="Executed tests of semantics.")
    parser.add_argument("action", choices=["build", "run"])
    parser.add_argument("suite", choices=[*suites(), "all"])
    parser.add_argument("--dir", required=True, help="folder of the artifacts")
    parser.add_argument("--only", default="", help="groups whose name contains this")
    parser.add_argument("--times", action="store_true", help="print times")
    parser.add_argument("--twc", default="twc")
    parser.add_argument("--twc-option", action="append", default=[])
    parser.add_argument("--guest-cc", default="clang-22",
                        help="clang with the WebAssembly target")
    parser.add_argument("--guest-config", default=os.path.join(
        HERE, "..", "..", "..", "kernels", "tw.cfg"),
                        help="its configuration file for guests")
    parser.add_argument("--wat2wasm", default="wat2wasm", help="WABT's assembler")
    parser.add_argument("--twreg", default="twreg")
    parser.add_argument("--key", help="secret key to sign with")
    parser.add_argument("--twrun", default="twrun")
    parser.add_argument("--twrun-option", action="append", default=[])
    parser.add_argument("--twreplay", default="twreplay")
    parser.add_argument("--trust", help="public key of the signer")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--out", help="folder for results (default: --dir)")
    parser.add_argument("--jobs", type=int, default=1,
                        help="groups to run at a time (default 1)")
    options = parser.parse_args()
    if options.action == "build" and not options.key:
        parser.error("build needs --key")
    if options.action == "run" and not options.trust:
        parser.error("run needs --trust")
    chosen = [make for name, make in suites().items()
              if options.suite in (name, "all" if "sabotaged" not in name else name)]
    groups = [g for make in chosen for g in make() if options.only in g.name]
    if options.jobs < 1:
        parser.error("--jobs must be at least 1")
    if not groups:
        parser.error(f"no group has {options.only!r} in its name")
    return build(options, groups) if options.action == "build" else run(options, groups)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
