#!/usr/bin/env python3
# run-spec-suite.py - runs the official WebAssembly test suite.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Each .wast file goes through wast2json (of WABT), twc-wast and twrun-wast;
# the reports become one. On the host each file runs in a process of its own,
# so that one that crashes or hangs takes no other along; on CUDA all share one
# process and context. A file that cannot be prepared counts with all of its
# commands as failed. --prepare stops before running: twrun-wast alone can run
# the directory `scripts` that it leaves, on another machine.
#
# Exits with 0 if nothing failed, 1 if something did, 2 on wrong usage, and 77,
# CTest's sign for a skipped test, if there is no suite. Standard library only.

import argparse
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

REPO = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# wast2json 1.0.32 lacks f32x4.relaxed_dot_bf16x8_add_f32x4, which the proposal
# dropped before it was finished. Converted and run as soon as it converts.
UNCONVERTIBLE = {"proposals/relaxed-simd/relaxed_dot_product"}

# Assertions that contradict their specification, by line. The suite at commit
# 3a04b2c expects fma(x, y, -z) of relaxed_nmadd(x, y, z), which the proposal
# defines as fma(-x, y, z), or the result with two roundings, 0.
NMADD = "the suite expects +2^-n of relaxed_nmadd, which is fma(-x, y, z) = -2^-n"
DEFECTS = {"proposals/relaxed-simd/relaxed_madd_nmadd": {38: NMADD, 73: NMADD}}


def run(command, timeout):
    """(exit code or None, what went wrong in one line)."""
    try:
        done = subprocess.run(command, capture_output=True, text=True,
                              errors="replace", timeout=timeout)
    except subprocess.TimeoutExpired:
        return None, f"no end after {timeout} s"
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    last = lines[0] if lines else "no message"
    if done.returncode < 0:
        last = f"killed by signal {-done.returncode}: {lines[-1] if lines else ''}"
    return done.returncode, last


def write_json(path, value):
    with open(path, "w") as file:
        json.dump(value, file)


class Suite:
    def __init__(self, options):
        self.options = options
        self.scripts = os.path.join(options.out, "scripts")
        self.reports = os.path.join(options.out, "reports")
        for path in (self.scripts, self.reports):
            os.makedirs(path, exist_ok=True)
            for name in os.listdir(path):
                os.remove(os.path.join(path, name))

    def tool(self, name):
        return os.path.join(self.options.build, "bin", name)

    def files(self):
        """Names of the suite's files: their paths without .wast."""
        names = []
        for folder, _, files in os.walk(self.options.suite):
            for file in files:
                path = os.path.join(folder, file)
                if file.endswith(".wast"):
                    names.append(os.path.relpath(path, self.options.suite)[:-5])
        return sorted(n for n in names if self.options.filter in n)

    @staticmethod
    def stem(name):
        return re.sub("[^a-z0-9_.]", "-", name.lower())

    def script(self, name):
        return os.path.join(self.scripts, self.stem(name) + ".json")

    def write_script(self, name, commands=(), **more):
        write_json(self.script(name), {
            "schema": 1, "name": name, "source": name + ".wast",
            "commands": list(commands), **more})

    def prepare(self, name):
        """Leaves a script in any case: what fails is in it."""
        wast = os.path.join(self.options.suite, name + ".wast")
        folder = os.path.join(self.options.out, "wast", self.stem(name))
        os.makedirs(folder, exist_ok=True)
        converted = os.path.join(folder, "script.json")
        parts = name.split("/")
        proposals = parts[1:2] if parts[0] == "proposals" else []
        code, message = run(
            ["wast2json", wast, "-o", converted] +
            [f"--enable-{p}" for p in proposals], self.options.timeout)
        if code != 0:
            message = "wast2json: " + message.replace(wast, name + ".wast")
            skip = name in UNCONVERTIBLE
            self.write_script(name, **{"skip" if skip else "error": message})
            return
        command = [self.tool("twc-wast"), converted, "-o", self.scripts,
                   "--name", name, "--target", self.options.target,
                   f"-O{self.options.O}"]
        for proposal in proposals:
            command += ["--enable", proposal]
        for line, reason in DEFECTS.get(name, {}).items():
            command += ["--skip", f"{line}={reason}"]
        if self.options.sign:
            command += ["--sign", self.options.sign]
        code, message = run(command, self.options.timeout)
        if code != 0:
            with open(converted) as file:
                commands = json.load(file)["commands"]
            self.write_script(name, [
                {"type": c["type"], "line": c["line"],
                 "verdict": {"status": "failed", "got": "twc-wast: " + message}}
                for c in commands if c["type"] != "register"])

    def runner(self, inputs, *reports):
        command = [self.tool("twrun-wast"), *inputs,
                   "--device", self.options.device]
        if self.options.trust:
            command += ["--trust", self.options.trust]
        else:
            command += ["--allow-unsigned"]
        for report in reports:
            command += ["--report", report]
        return command

    def run_one(self, name):
        """Runs a script in its own process; a report in any case."""
        report = os.path.join(self.reports, self.stem(name) + ".json")
        command = self.runner([self.script(name)], report)
        code, message = run(command, self.options.timeout)
        if code in (0, 1):
            return
        with open(self.script(name)) as file:
            script = json.load(file)
        script["error"] = "twrun-wast: " + message
        write_json(self.script(name), script)
        code, message = run(command, self.options.timeout)
        if code not in (0, 1):
            raise RuntimeError(f"{name}: twrun-wast: {message}")

    def each(self, names, work, what):
        watched = sys.stderr.isatty()
        with ThreadPoolExecutor(self.options.jobs) as pool:
            for i, _ in enumerate(pool.map(work, names)):
                if watched:
                    print(f"\r\x1b[K[{i + 1}/{len(names)}] {what} {names[i]}",
                          end="", file=sys.stderr, flush=True)
        if watched:
            print("\r\x1b[K", end="", file=sys.stderr)

    def run_all(self, names):
        """The exit code of the run with the report on everything."""
        if self.options.device != "host":
            command = self.runner([self.script(n) for n in names],
                                  *self.options.report)
            return subprocess.run(command).returncode
        self.each(names, self.run_one, "run")
        command = [self.tool("twrun-wast"), "--merge"]
        for report in self.options.report:
            command += ["--report", report]
        command += [os.path.join(self.reports, self.stem(n) + ".json")
                    for n in names]
        return subprocess.run(command).returncode


def default_suite(build):
    """What CMake was told, or would have assumed."""
    try:
        with open(os.path.join(build, "CMakeCache.txt")) as cache:
            for line in cache:
                if line.startswith("TWC_SPEC_TESTSUITE:"):
                    return line.split("=", 1)[1].strip()
    except OSError:
        pass
    return os.path.join(REPO, "..", "shared", "spec-testsuite")


def parse_options():
    parser = argparse.ArgumentParser(
        description="Runs the official WebAssembly test suite.")
    parser.add_argument("--build", default=os.path.join(REPO, "build"),
                        help="the build directory")
    parser.add_argument("--suite", help="a checkout of the suite; by default "
                        "the build's TWC_SPEC_TESTSUITE")
    parser.add_argument("--out", help="working directory (BUILD/spec)")
    parser.add_argument("--device", default="host", help="host, cuda, cuda:N")
    parser.add_argument("--target", help="for twc-wast; by default what the "
                        "device needs")
    parser.add_argument("-O", type=int, choices=range(4), default=2,
                        help="optimisation level")
    parser.add_argument("--filter", default="",
                        help="only files whose name contains this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--timeout", type=int, default=600,
                        help="seconds that one step of one file may take")
    parser.add_argument("--report", action="append", default=[],
                        help="also write FILE.md or FILE.json")
    parser.add_argument("--sign", help="secret key to sign artifacts with")
    parser.add_argument("--trust", help="its public half, to run them")
    parser.add_argument("--prepare", action="store_true",
                        help="prepare the scripts, run nothing")
    options = parser.parse_args()
    options.suite = options.suite or default_suite(options.build)
    options.out = options.out or os.path.join(options.build, "spec")
    if not options.target:
        options.target = "host" if options.device == "host" else "sm_80,host"
    if options.sign and not options.trust and not options.prepare:
        parser.error("--sign needs --trust: a signed artifact runs only with "
                     "a trusted key")
    return options


def main():
    options = parse_options()
    if not os.path.isdir(options.suite):
        print(f"skipped: no test suite in '{options.suite}' (set "
              "TWC_SPEC_TESTSUITE or --suite)")
        return 77
    suite = Suite(options)
    for tool in ("twc-wast", "twrun-wast"):
        if not os.access(suite.tool(tool), os.X_OK):
            print(f"error: no {tool} in {options.build}/bin: build it first")
            return 2
    names = suite.files()
    if not names:
        print(f"error: no .wast file in '{options.suite}' whose name contains "
              f"'{options.filter}'")
        return 2
    suite.each(names, suite.prepare, "prepare")
    return 0 if options.prepare else suite.run_all(names)


if __name__ == "__main__":
    sys.exit(main())
