#!/usr/bin/env python3
# check-walkthrough.py - runs the commands of a document and compares.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check-walkthrough.py DOCUMENT DIRECTORY. In the section "Walk-through"
# of the Markdown document the `wat` block is written to halve.wat; each `sh`
# block is run in DIRECTORY, and the block behind it is an excerpt of its
# output: every line of it has to be found, in order, inside a line of the
# output. Blanks count as one; `...` stands for anything within a line.

import os
import re
import shutil
import subprocess
import sys

PHASES = "twasm std llvm-dialect llvm ptx cubin host".split()


def words(line):
    return " ".join(line.split())


def missing(excerpt, output):
    """The first line of the excerpt that the output lacks, or None."""
    lines = iter([words(line) for line in output.splitlines()])
    for wanted in excerpt.splitlines():
        parts = [re.escape(p.strip()) for p in words(wanted).split("...")]
        pattern = re.compile(r".*".join(parts))
        if not any(pattern.search(line) for line in lines):
            return wanted
    return None


def main():
    document, directory = sys.argv[1:]
    with open(document, encoding="utf-8") as file:
        text = file.read().split("\n## Walk-through\n")[1]
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)
    os.makedirs(directory, exist_ok=True)
    os.chdir(directory)

    kinds = [kind for kind, _ in blocks]
    if kinds.count("wat") != 1 or kinds[0] != "wat":
        return "expected one wat block, first"
    with open("halve.wat", "w", encoding="utf-8") as file:
        file.write(blocks[0][1])
    pairs = list(zip(blocks[1::2], blocks[2::2]))
    if len(blocks) != 1 + 2 * len(pairs):
        return "a command without an excerpt"

    done = set()
    for (kind, command), (_, excerpt) in pairs:
        if kind != "sh" or not excerpt.strip():
            return f"not a command with an excerpt: {command}"
        match = re.search(r"--emit=([\w-]+)", command)
        done.add(match[1] if match else "ptxbin")
        if "--emit=cubin" in command and not shutil.which("ptxas"):
            continue
        result = subprocess.run(
            command,
            shell=True,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if result.returncode != 0 or result.stderr:
            return f"{command}exit code {result.returncode}: {result.stderr}"
        line = missing(excerpt, result.stdout)
        if line is not None:
            return f"{command}its output lacks, here or in this order: {line}"
    if done != {*PHASES, "ptxbin"}:
        return f"phases shown: {sorted(done)}"
    return 0


sys.exit(main())
