#!/usr/bin/env python3
# check-links.py - checks the relative links of the project's documents.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check-links.py ROOT. Reads README.md and every page under docs/.

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
pages = [root / "README.md", *sorted(root.glob("docs/**/*.md"))]
links = broken = 0
for page in pages:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        links += 1
        if not (page.parent / target).exists():
            broken += 1
            print(f"{page.relative_to(root)}: no such file: {target}")
if links < 10 or broken:
    sys.exit(f"{broken} of {links} links are broken")
