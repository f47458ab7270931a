# make-results.py - a run of bench-kernels.py with round numbers, for tests.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# make-results.py OUT.json [INSTRUCTIONS of saxpy as it ships]

import json
import sys


def form(label, kind, micros, instructions):
    return {"label": label, "kind": kind, "seconds": [m * 1e-6 for m in micros],
            "registers": 20, "localBytes": 0, "sharedBytes": 0,
            "occupancy": 0.5,
            "differences": [], "instructions": instructions}


def kernel(name, instructions, twin):
    # As it ships 100 us, but once 200 and once 50; without checks 80.
    return {
        "kernel": name, "grid": "4", "block": "256", "arguments": ["1", "2"],
        "amount": 1e6, "unit": "B", "elements": 1000, "problems": [],
        "contestants": [
            form("checked", "artifact", [100, 100, 100, 200, 50], instructions),
            form("none", "artifact", [80] * 5, instructions - 100),
            form("fast", "artifact", [100] * 5, instructions),
            form("twin", "cubin", [twin] * 5, 500),
            form("twin-fma", "cubin", [twin] * 5, 500)]}


count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
results = {
    "machine": {"name": "Test <GPU>", "driver_version": "1.2", "commit": "abc",
                "date": "2026-01-02T00:00:00Z"},
    "absent": ["isolate"], "counters": "by hand", "failed": {}, "skipped": [],
    "flags": {"checked": "twc", "none": "twc --bounds=none",
              "fast": "twc --fp-contract=fast", "twin": "nvcc -fmad=false",
              "twin-fma": "nvcc"},
    # Speeds 0.5 and 2: a mean of 1. The third is marked.
    "kernels": [kernel("saxpy", count, 50), kernel("matmul", 2000, 200),
                kernel("elementary", 3000, 100)]}
with open(sys.argv[1], "w") as file:
    json.dump(results, file)
