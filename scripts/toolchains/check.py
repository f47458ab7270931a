# check.py - compiles a module for both targets, and replays calls of it.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Time and memory are those of the twc process, one per target.

import json
import os
import re
import resource
import subprocess
import time
from dataclasses import dataclass, field
from typing import Dict, List

import wasm


@dataclass
class Result:
    group: str
    name: str
    source: str
    skipped: str = ""
    bytes: int = 0
    functions: int = 0
    exports: int = 0
    imports: int = 0
    offloadable: int = 0  # exports, without stand-ins for imports
    # Of each target: seconds, peak MiB, bytes of the output.
    compiled: Dict[str, List[float]] = field(default_factory=dict)
    replay: str = ""  # twreplay's line
    ended: str = ""  # why the recording has no more calls
    errors: List[str] = field(default_factory=list)

    def failed(self):
        return bool(self.errors)


def limited(command, timeout):
    """Runs a command; its exit code, output, seconds and peak MiB."""
    begin = time.monotonic()
    # wait4 tells this child's memory, where getrusage tells the largest yet.
    with open(os.devnull) as nothing, subprocess.Popen(
        ["timeout", "--kill-after=5", str(timeout), *command],
        stdin=nothing, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:
        output = process.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode == 124:
        output += f"\nno end after {timeout} s"
    # The usage of `timeout` includes that of the child it waited for.
    return (process.returncode, output, time.monotonic() - begin,
            usage.ru_maxrss / 1024)


def first_error(output):
    lines = [line for line in output.splitlines() if "warning:" not in line]
    for line in lines:
        if re.search(r"error|ERROR|no end after", line):
            return line.strip()[:400]
    return (lines or ["no message"])[-1].strip()[:400]


def describe(result, made, options):
    """Counts; which exports can run if nothing stands in for imports."""
    module = wasm.read(made.wasm, made.answers)
    result.bytes = os.path.getsize(made.wasm)
    result.functions = module.functions
    result.exports = len(module.exports)
    result.imports = len(module.imports)
    twc = os.path.join(options.bin, "twc")
    done = subprocess.run(["timeout", str(options.timeout), twc, "--report",
                           "--json", made.wasm], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode == 0:
        kernels = json.loads(done.stdout)["kernels"]
        result.offloadable = sum(kernel["offloadable"] for kernel in kernels)
    elif not module.imports:
        result.errors.append("report: " + first_error(done.stderr))
    return module


def check(made, options):
    result = Result(made.group, made.name, made.source, made.skipped)
    if made.error:
        result.errors.append(made.error)
    if made.skipped or made.error:
        return result
    stem = os.path.join(made.directory,
                        os.path.splitext(os.path.basename(made.wasm))[0])
    module = describe(result, made, options)
    links = wasm.write_stand_ins(module, stem)
    guest = made.wasm
    if made.export_all:
        guest = stem + ".all.wasm"
        wasm.export_all(made.wasm, guest, module)
    artifacts = {}
    for target in (options.gpu, "host"):
        artifact = f"{stem}.{target}.ptxbin"
        if os.path.exists(artifact):
            os.unlink(artifact)
        code, output, seconds, mib = limited(
            [os.path.join(options.bin, "twc"), f"--target={target}", *links,
             guest, "-o", artifact], options.timeout)
        if code:
            result.errors.append(f"{target}: {first_error(output)}")
            continue
        result.compiled[target] = [seconds, mib, os.path.getsize(artifact)]
        artifacts[target] = artifact
    if not made.calls:
        return result
    with open(made.calls) as file:
        result.ended = json.load(file).get("ended", "")
    artifact = artifacts.get("host" if options.device == "host" else options.gpu)
    if artifact:
        code, output, _, _ = limited(
            [os.path.join(options.bin, "twreplay"), "--allow-unsigned",
             "--device", options.device, artifact, made.calls], options.timeout)
        result.replay = first_error(output) if code else output.strip()
        if code:
            result.errors.append("replay: " + result.replay)
    return result
