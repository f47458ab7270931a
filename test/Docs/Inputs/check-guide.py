#!/usr/bin/env python3
# check-guide.py - compiles and runs the listings of a document.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check-guide.py DOCUMENT DIRECTORY. Each `c` block of the Markdown
# document begins with its name, `// NAME.c`, and is written to that file in
# DIRECTORY. Each `sh` block is run there and must succeed; the `text` block behind
# it is an excerpt of its output and errors: every line of it has to be found, in
# order, inside a line of them. Blanks count as one; `...` stands for anything
# within a line. Other kinds of blocks are an error.

import os
import re
import subprocess
import sys


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


def check(kind, body, following):
    """None, or what is wrong with a block."""
    if kind == "c":
        name = re.match(r"// (\w+\.c)\n", body)
        if not name:
            return f"a listing without a name: {body}"
        with open(name[1], "w", encoding="utf-8") as file:
            file.write(body)
        return None
    if kind == "text":
        return None
    if kind != "sh" or following is None or following[0] != "text":
        return f"not a listing, nor a command with an excerpt: {body}"
    result = subprocess.run(["bash", "-e", "-c", body], timeout=120, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            check=False)
    if result.returncode != 0:
        return f"{body}exit code {result.returncode}: {result.stdout}"
    line = missing(following[1], result.stdout)
    if line is not None:
        return f"{body}its output lacks, here or in this order: {line}\n" + (
            result.stdout)
    return None


def main():
    document, directory = sys.argv[1:]
    with open(document, encoding="utf-8") as file:
        blocks = re.findall(r"^```(\w*)\n(.*?)^```$", file.read(), re.M | re.S)
    os.makedirs(directory, exist_ok=True)
    os.chdir(directory)
    listed = {m for kind, body in blocks if kind == "c"
              for m in re.findall(r"// (\w+)\.c\n", body)}
    launched = set()
    for i, (kind, body) in enumerate(blocks):
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        problem = check(kind, body, following)
        if problem:
            return problem
        launched.update(re.findall(r"twrun launch (\w+)\.ptxbin", body))
    if not listed or listed - launched:
        return f"listings that no command launches: {sorted(listed - launched)}"
    return 0


sys.exit(main())
