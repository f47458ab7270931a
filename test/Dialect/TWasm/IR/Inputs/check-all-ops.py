#!/usr/bin/env python3
# check-all-ops.py - checks that the round-trip tests cover every op.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check-all-ops.py REFERENCE DIRECTORY. The reference has a heading per
# op: ### `twasm.iadd`.

import pathlib
import re
import sys

reference = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
ops = set(re.findall(r"^###? `twasm\.([\w.]+)`", reference, re.MULTILINE))
tested = set()
for test in pathlib.Path(sys.argv[2]).glob("roundtrip-*.mlir"):
    for line in test.read_text(encoding="utf-8").splitlines():
        if not line.lstrip().startswith("//"):
            tested.update(re.findall(r"\btwasm\.([a-z][\w.]*)", line))
if len(ops) < 80:
    sys.exit(f"only {len(ops)} ops in the reference")
if ops - tested:
    sys.exit(f"not in a round-trip test: {sorted(ops - tested)}")
