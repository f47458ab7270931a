# blocks.py - launches of kernels whose threads meet, with exact results.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Sums of floats are repeated here in the kernels' order of operations.

import hashlib
import itertools
import random
import struct
from collections import Counter

from .case import Case, compare, f32, matmul_element, split_mix, uniform

LANES = 32


def shuffled_sum(values):
    """A warp's sum by shuffle_down: lane i adds that of lane i + delta."""
    values = list(values)
    for delta in (16, 8, 4, 2, 1):
        values = [f32(v + values[i + delta]) if i + delta < LANES else f32(v + v)
                  for i, v in enumerate(values)]
    return values[0]


def butterfly_sum(values):
    """tw_warp_reduce_add_f32 of a full warp."""
    for k in (16, 8, 4, 2, 1):
        values = [f32(v + values[i ^ k]) for i, v in enumerate(values)]
    return values[0]


def in_turn(values):
    total = 0.0
    for value in values:
        total = f32(total + value)
    return total


REDUCE_N, REDUCE_BLOCKS, REDUCE_THREADS = 100_003, 12, 256


def check_reduction(arrays):
    def block_sum(sums):
        warps = [shuffled_sum(sums[i:i + LANES])
                 for i in range(0, REDUCE_THREADS, LANES)]
        return shuffled_sum(warps + [0.0] * (LANES - len(warps)))

    threads = REDUCE_BLOCKS * REDUCE_THREADS
    sums = [in_turn(arrays["in"][i::threads]) for i in range(threads)]
    partials = [block_sum(sums[i:i + REDUCE_THREADS])
                for i in range(0, threads, REDUCE_THREADS)]
    total = block_sum(partials + [0.0] * (REDUCE_THREADS - REDUCE_BLOCKS))
    return compare(arrays["out"], lambda i: total)


SCAN_N, SCAN_TILE = 50_003, 2048
SCAN_BLOCKS = (SCAN_N + SCAN_TILE - 1) // SCAN_TILE


def check_prefix_sum(arrays):
    sums = list(itertools.accumulate(arrays["in"]))
    return compare(arrays["out"], lambda i: sums[i] & 0xffffffff)


M, COLUMNS, INNER = 100, 90, 75


def check_matmul_tiled(arrays):
    return compare(arrays["out"],
                   lambda i: matmul_element(arrays, INNER, COLUMNS, i))


TWIDTH, THEIGHT = 301, 203


def check_transpose(arrays):
    return compare(arrays["out"], lambda i: arrays["in"][
        i % THEIGHT * TWIDTH + i // THEIGHT])


BYTES = 100_003


def check_histogram(arrays):
    counts = Counter(arrays["in"])
    return compare(arrays["out"], lambda i: counts[i])


CWIDTH, CHEIGHT = 101, 59


def check_conv2d_tiled(arrays):
    def element(at):
        y, x = divmod(at, CWIDTH)
        total = 0.0
        for j, i in itertools.product(range(5), range(5)):
            row, column = y + j - 2, x + i - 2
            inside = 0 <= row < CHEIGHT and 0 <= column < CWIDTH
            sample = arrays["in"][row * CWIDTH + column] if inside else 0.0
            total = f32(total + f32(sample * arrays["weights"][j * 5 + i]))
        return total

    return compare(arrays["out"], element)


SORTS = 3


def check_bitonic_sort(arrays):
    # In place: the keys before are drawn here once more.
    numbers = itertools.islice(split_mix(23), SORTS * 1024)
    keys = [number >> 32 for number in numbers]
    expected = [key for i in range(0, len(keys), 1024)
                for key in sorted(keys[i:i + 1024])]
    return compare(arrays["out"], lambda i: expected[i])


ROWS, VECTOR = 301, 500


def sparse_matrix():
    """Rows of 0 to 100 elements, some empty: starts, columns, values."""
    generator = random.Random(24)
    starts, columns = [0], []
    for _ in range(ROWS):
        count = generator.choice([0, 1, 5, 31, 32, 33, 100])
        columns += sorted(generator.sample(range(VECTOR), count))
        starts.append(len(columns))
    return {"starts": ("u4", starts), "columns": ("u4", columns),
            "values": ("f4", uniform(25, len(columns)))}


def check_spmv(arrays):
    def element(row):
        begin, end = arrays["starts"][row], arrays["starts"][row + 1]
        products = [f32(v * arrays["x"][c]) for v, c in zip(
            arrays["values"][begin:end], arrays["columns"][begin:end])]
        return butterfly_sum([in_turn(products[i::LANES]) for i in range(LANES)])

    return compare(arrays["out"], element)


MESSAGES = 150


def check_sha256(length):
    def check(arrays):
        data = struct.pack(f"<{MESSAGES * length // 4}I", *arrays["in"])
        found = struct.pack(f"<{MESSAGES * 8}I", *arrays["out"])
        for i in range(MESSAGES):
            digest = hashlib.sha256(data[i * length:(i + 1) * length]).digest()
            if found[i * 32:i * 32 + 32] != digest:
                return f"digest {i} is wrong"
        return None

    return check


def sha256(length):
    return Case("sha256", "2", "96",
                [f"@random:26:u32:{MESSAGES * length // 4}={{in}}",
                 f"@zeros:u32:{MESSAGES * 8}={{out}}", str(MESSAGES), str(length)],
                label=f"sha256, {length}", check=check_sha256(length),
                arrays=["in", "out"])


INOUT = ["in", "out"]
CASES = [
    Case("reduction", str(REDUCE_BLOCKS), str(REDUCE_THREADS),
         [f"@random:20:f32:{REDUCE_N}={{in}}", f"@zeros:f32:{REDUCE_BLOCKS}",
          "@zeros:u32:1", "@zeros:f32:1={out}", str(REDUCE_N)],
         check=check_reduction, arrays=INOUT),
    Case("prefix_sum", str(SCAN_BLOCKS), "256",
         [f"@random:21:u32:{SCAN_N}={{in}}", f"@zeros:u32:{SCAN_N}={{out}}",
          f"@zeros:u64:{SCAN_BLOCKS}", "@zeros:u32:1", str(SCAN_N)],
         check=check_prefix_sum, arrays=INOUT),
    Case("matmul_tiled", f"{(COLUMNS + 63) // 64},{(M + 63) // 64}", "16,16",
         [f"@random:11:f32:{M}x{INNER}={{a}}",
          f"@random:12:f32:{INNER}x{COLUMNS}={{b}}",
          f"@zeros:f32:{M}x{COLUMNS}={{out}}", str(M), str(COLUMNS), str(INNER)],
         check=check_matmul_tiled, arrays=["a", "b", "out"]),
    Case("transpose", f"{(TWIDTH + 31) // 32},{(THEIGHT + 31) // 32}", "32,8",
         [f"@random:22:f32:{THEIGHT}x{TWIDTH}={{in}}",
          f"@zeros:f32:{TWIDTH}x{THEIGHT}={{out}}", str(TWIDTH), str(THEIGHT)],
         check=check_transpose, arrays=INOUT),
    Case("histogram", "7", "256",
         [f"@random:23:u8:{BYTES}={{in}}", "@zeros:u32:256={out}", str(BYTES)],
         check=check_histogram, arrays=INOUT),
    Case("conv2d_tiled", f"{(CWIDTH + 31) // 32},{(CHEIGHT + 7) // 8}", "32,8",
         [f"@random:13:f32:{CHEIGHT}x{CWIDTH}={{in}}",
          "@random:14:f32:5x5={weights}", f"@zeros:f32:{CHEIGHT}x{CWIDTH}={{out}}",
          str(CWIDTH), str(CHEIGHT)],
         check=check_conv2d_tiled, arrays=["in", "weights", "out"]),
    Case("bitonic_sort", str(SORTS), "1024",
         [f"@random:23:u32:{SORTS * 1024}={{out}}"], check=check_bitonic_sort,
         arrays=["out"]),
    Case("spmv", str((ROWS + 3) // 4), "128",
         ["@{starts}", "@{columns}", "@{values}", f"@random:27:f32:{VECTOR}={{x}}",
          f"@zeros:f32:{ROWS}={{out}}", str(ROWS)],
         check=check_spmv, arrays=["x", "out"], inputs=sparse_matrix()),
    sha256(64),
    sha256(116),  # the length does not fit behind the rest: one more block
]
