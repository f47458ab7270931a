# runner.py - launches and invokes guests, and judges what comes back.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Each launch is judged twice: by twrun, against the interpreter, and here, by
# comparing the saved buffers with the references.

import json
import os
import struct
import subprocess

from guest import BUFFER, CODE, SIZE, TYPES, argument
from numeric import FORMAT, WIDTH


class Runner:
    def __init__(self, options, group):
        self.options, self.group = options, group
        self.artifact = os.path.join(options.dir, group.name + ".ptxbin")
        self.processes = 0

    def path(self, name):
        return os.path.join(self.options.out, f"{self.group.name}.{name}")

    def twrun(self, command, verify=True, timeout=300):
        """(exit code, report, standard error) of a run; the code is None if
        it did not end, negative if a signal ended it."""
        verb, export, *rest = command
        line = [self.options.twrun, verb, self.artifact, export,
                "--trust", self.options.trust, "--device", self.options.device,
                "--json"] + self.options.twrun_option + (
                    ["--verify"] if verify else []) + rest
        self.processes += 1
        try:
            done = subprocess.run(line, stdin=subprocess.DEVNULL, timeout=timeout,
                                  capture_output=True, text=True)
        except subprocess.TimeoutExpired:
            return None, {}, f"no end after {timeout} s"
        report = json.loads(done.stdout) if done.stdout.strip() else {}
        return done.returncode, report, done.stderr.strip()

    def windows(self):
        """Kernel -> (low, top) of its threads' stacks, if they have any."""
        done = subprocess.run(
            [self.options.twrun, "info", self.artifact, "--trust",
             self.options.trust, "--json"], stdin=subprocess.DEVNULL, timeout=60,
            capture_output=True, text=True, check=True)
        found = {}
        for one in json.loads(done.stdout)["kernels"]:
            window = one.get("stackWindow")
            if window and window["size"]:
                found[one["name"]] = (window["low"], window["low"] + window["size"])
        return found

    def kernel(self):
        """Runs K on all operands: a list of problems."""
        group = self.group
        if not group.tasks:
            return []
        n = group.threads
        files = {}
        for operand, name in enumerate("xy"):
            files[name] = self.path(name)
            with open(files[name], "wb") as file:
                file.write(group.input(operand))
        outputs = []
        for t in TYPES:
            files[t] = self.path(t)
            if os.path.exists(files[t]):
                os.remove(files[t])  # a file of an earlier run proves nothing
            count = max(len(group.results_of(t)) * n, 1)
            outputs.append(f"@zeros:{BUFFER[t]}:{count}={files[t]}")
        command = ["launch", "K", "--grid", str(-(-n // group.block)),
                   "--block", str(group.block), "--", "@" + files["x"],
                   "@" + files["y"], str(n)] + outputs
        code, report, error = self.twrun(command, group.verify)
        problems = []
        if code == 4:  # who is right, the device or the interpreter?
            problems.append(f"differs from the interpreter: {error}")
            code, report, error = self.twrun(command, False)
        elif code == 0 and group.verify:
            verification = report["verification"]
            if not verification["agrees"] or not verification["bytes"]:
                problems.append(f"not verified: {verification}")
        if code != 0:
            return problems + [f"K: exit code {code}, expected 0: {error}"]
        for t in TYPES:
            problems += self.compare(t, files[t])
        return problems

    def compare(self, t, path):
        """Every result of type t with the reference."""
        group, problems = self.group, []
        n, tasks = group.threads, group.results_of(t)
        with open(path, "rb") as file:
            data = file.read()
        count = max(len(tasks) * n, 1)
        if len(data) != count * SIZE[t]:
            return [f"{path}: {len(data)} bytes, expected {count * SIZE[t]}"]
        found = struct.unpack(f"<{count}{CODE[t]}", data)
        for k, task in enumerate(tasks):
            wrong = 0
            for i, args in enumerate(group.operands_of(task)):
                want = task.apply(*args)
                got = found[k * n + i]
                if got == want:
                    continue
                wrong += 1
                if wrong <= 3:
                    shown = ", ".join(map(hex, args))
                    problems.append(f"{task.name}({shown}) = {got:#x}, "
                                    f"expected {want:#x}")
            if wrong > 3:
                problems.append(f"{task.name}: {wrong} of {n} results are wrong")
        return problems

    def call(self, call):
        """Invokes an export: a list of problems."""
        shown = f"{call.export}({', '.join(argument(*a) for a in call.args)})"
        command = ["invoke", call.export, "--"] + [argument(*a) for a in call.args]
        code, report, error = self.twrun(command, call.verify, timeout=20)
        if isinstance(call.expect, str):
            if code != 3:
                return [f"{shown}: exit code {code}, expected 3: {error}"]
            trap = report["trap"]
            if trap["message"] != call.expect or call.expect not in error:
                return [f"{shown}: trap '{trap['message']}', expected "
                        f"'{call.expect}': {error}"]
        else:
            if code != 0:
                return [f"{shown}: exit code {code}, expected 0: {error}"]
            found = [int(r["bits"], 16) for r in report["results"]]
            if found != call.expect:
                return [f"{shown} = {[hex(b) for b in found]}, expected "
                        f"{[hex(b) for b in call.expect]}"]
        if call.verify and not report["verification"]["agrees"]:
            return [f"{shown}: the interpreter disagrees"]
        return []

    def run(self):
        """All of the group; prints its line. Whether all was well."""
        problems = self.kernel()
        for call in self.group.calls:
            problems += self.call(call)
        for check in self.group.checks:
            problems += check(self)
        results = len(self.group.tasks) * self.group.threads
        print(f"{self.group.name:16} {results:8} results "
              f"{len(self.group.calls):4} calls {len(self.group.checks):3} checks  "
              f"{'FAILED' if problems else 'as specified'}", flush=True)
        for problem in problems[:40]:
            print("  " + problem)
        if len(problems) > 40:
            print(f"  and {len(problems) - 40} more")
        if not (results or self.group.calls or self.group.checks):
            print("  nothing was tested")
            return False
        return not problems
