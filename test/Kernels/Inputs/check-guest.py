# check-guest.py - results of the kernels in Rust and AssemblyScript.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check-guest.py SOURCE-TREE KERNEL DIRECTORY. Recomputes what the comment at
# the top of the kernel says, in singles, from the arrays in DIRECTORY.

import itertools
import os
import sys

tree, kernel, directory = sys.argv[1:]
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(tree, "scripts"))
from kernelcases.case import compare, f32, read_npy, split_mix


def array(name):
    return read_npy(os.path.join(directory, name + ".npy"))


def smooth():
    values, out = array("in"), array("out")

    def mean(i):
        samples = values[max(i - 2, 0) : i + 3]
        total = 0.0
        for sample in samples:
            total = f32(total + sample)
        return f32(total / len(samples))

    return compare(out, mean) or compare(
        array("highest"), lambda b: max(out[b * 256 : b * 256 + 256])
    )


def normalize():
    # In place: the largest of each row is 1 afterwards, or -1, and none is larger.
    numbers = itertools.islice(split_mix(1), 7 * 300)
    values = [(number >> 40) * 2**-23 - 1 for number in numbers]
    rows = [values[i : i + 300] for i in range(0, len(values), 300)]
    most = [max(abs(v) for v in row) for row in rows]
    return compare(array("out"), lambda i: f32(values[i] / most[i // 300]))


sys.exit({"smooth": smooth, "normalize": normalize}[kernel]())
