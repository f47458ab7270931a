#!/usr/bin/env python3
# bench-scale.py - the kernels on a CPU: on the host device and in V8.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times every kernel on a CPU, on smaller data than a GPU gets: on the host
device, with all threads, and in V8 (node) with one. bench-kernels.py does the
same on the GPU's machine; this is for where node is, if it is not there.

Standard library only.
"""
import argparse
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from benchreport import scale, store, table
from kernelcases.bench import SMALL


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    build = os.path.join(HERE, "..", "build")
    parser.add_argument("--dir", default=os.path.join(build, "kernels"),
                        help="folder of .wasm and .ptxbin files")
    parser.add_argument("--twrun", default=os.path.join(build, "bin", "twrun"))
    parser.add_argument("--trust", help="public key of the artifacts' signer; "
                        "without it they may be unsigned")
    parser.add_argument("--node", default="auto",
                        help="Node.js; auto looks for it, none does without")
    parser.add_argument("--only", default="",
                        help="only kernels whose name contains this")
    parser.add_argument("--timeout", type=float, default=120,
                        help="seconds for one process")
    parser.add_argument("--out", default="scale.json")
    options = parser.parse_args()
    options.trust = (["--trust", options.trust] if options.trust
                     else ["--allow-unsigned"])
    options.node = scale.find_node(options.node)
    options.late = lambda: False

    chosen = [b for b in SMALL if options.only in b.kernel]
    if not chosen:
        parser.error(f"no kernel has {options.only!r} in its name")
    with tempfile.TemporaryDirectory() as folder:
        results = scale.all_of(chosen, folder, options)
    store.write(options.out, results)
    print(table.scale(results))
    wrong = any("problem" in found or "absent" in found["host"]
                for found in results["kernels"].values())
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
