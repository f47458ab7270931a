# check-security.py - the tables of malicious inputs name tests that exist.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check-security.py TREE DOCUMENT

import glob
import os
import re
import sys

tree, document = sys.argv[1:]
known = set()
for path in glob.glob(os.path.join(tree, "unittests/*/*.cpp")):
    with open(path, encoding="utf-8") as file:
        for match in re.finditer(r"^TEST(?:_[FP])?\((\w+),\s*(\w+)\)", file.read(), re.M):
            known.add(f"{match[1]}.{match[2]}")

with open(document, encoding="utf-8") as file:
    text = file.read().split("\n## Malicious inputs\n")[1].split("\n## ")[0]
rows = failures = 0
for line in text.splitlines():
    if not line.startswith("| ") or line.startswith("| Input |"):
        continue
    rows += 1
    tests = re.findall(r"`([^`]+)`", line.rstrip(" |").rsplit("|", 1)[1])
    if not tests:
        print(f"names no test: {line}")
        failures += 1
    for test in tests:
        if test not in known and not os.path.exists(os.path.join(tree, "test", test)):
            print(f"no such test: {test}")
            failures += 1
print(f"{rows} rows name tests")
sys.exit(failures != 0 or rows == 0)
