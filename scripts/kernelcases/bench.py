# bench.py - launches of the kernels that are worth timing.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# LARGE fills a GPU of 132 multiprocessors: kernels that stream move 256 MiB or
# more, the others compute for 0.2 ms or more. SMALL is what one thread of a CPU
# can do in a tenth of a second.
#
# Standard library only.

from dataclasses import dataclass, field
from typing import Callable, Dict, List

from . import benchinputs


@dataclass
class Benchmark:
    """A launch of a kernel. In `args`, {name} is a file that `inputs` writes;
    positions of arguments count from 1."""

    kernel: str
    grid: str
    block: str
    args: List[str]
    outputs: List[int]  # arguments that are compared
    elements: int  # that a launch makes, or reads if it makes few
    amount: float  # what it does: bytes moved at least, or operations
    unit: str = "B"
    resets: List[int] = field(default_factory=list)  # cleared before a launch
    inputs: Dict[str, Callable[[str], None]] = field(default_factory=dict)
    # How far the twin may be from the guest, as a part of the largest value. 0:
    # bit for bit. Not 0 where the twin has functions of its own.
    strict: float = 0
    # The same where multiplications and additions are contracted; and the part
    # of the elements that may be anything then.
    contracted: float = 1e-4
    loose: float = 0


def blocks(count, each):
    return (count + each - 1) // each


def random_singles(seed, shape):
    return f"@random:{seed}:f32:{shape}"


def streaming(kernel, n, inputs, scalar=None):
    """A thread per element; with a scalar, the last input is the output."""
    args = [random_singles(seed, n) for seed in range(1, inputs + 1)]
    args = [scalar, *args] if scalar else [*args, f"@zeros:f32:{n}"]
    return Benchmark(kernel, str(blocks(n, 256)), "256", [*args, str(n)],
                     [len(args)], n, 4 * n * (inputs + 1))


def matmul(kernel, n, tile):
    side = blocks(n, tile)
    return Benchmark(
        kernel, f"{side},{side}", "16,16",
        [random_singles(1, f"{n}x{n}"), random_singles(2, f"{n}x{n}"),
         f"@zeros:f32:{n}x{n}", str(n), str(n), str(n)],
        [3], n * n, 2 * n**3, "flop")


def matmul_wmma(n):
    def halves(seed):  # of any sign and fraction, below 2
        return benchinputs.raw(
            lambda: benchinputs.words(seed, n * n // 2, 0xbfffbfff))
    # Matrix units add in an order of their own.
    return Benchmark(
        "matmul_wmma", f"{n // 64},{n // 64}", "128",
        ["@{a}", "@{b}", f"@zeros:f32:{n}x{n}", str(n), str(n)], [3], n * n,
        2 * n**3, "flop", inputs={"a": halves(1), "b": halves(2)}, strict=1e-4)


def filtered(kernel, width, height, side, tile):
    return Benchmark(
        kernel, f"{blocks(width, tile[0])},{blocks(height, tile[1])}",
        f"{tile[0]},{tile[1]}",
        [random_singles(1, f"{height}x{width}"),
         random_singles(2, f"{side}x{side}"), f"@zeros:f32:{height}x{width}",
         str(width), str(height)], [3], width * height, 8 * width * height)


def mandelbrot(width, height, steps):
    # Contracted, points near the border of the set escape at other steps.
    return Benchmark(
        "mandelbrot", f"{blocks(width, 16)},{blocks(height, 16)}", "16,16",
        [f"@zeros:u32:{height}x{width}", str(width), str(height), str(steps)],
        [1], width * height, width * height, "pixel", loose=0.1)


def reduction(n, grid):
    return Benchmark("reduction", str(grid), "256",
                     [random_singles(1, n), f"@zeros:f32:{grid}", "@zeros:u32:1",
                      "@zeros:f32:1", str(n)], [4], n, 4 * n,
                     contracted=0)


def prefix_sum(n):
    tiles = blocks(n, 2048)
    return Benchmark("prefix_sum", str(tiles), "256",
                     [f"@random:1:u32:{n}", f"@zeros:u32:{n}",
                      f"@zeros:u64:{tiles}", "@zeros:u32:1", str(n)],
                     [2], n, 8 * n, resets=[3, 4], contracted=0)


def transpose(width, height):
    return Benchmark("transpose", f"{blocks(width, 32)},{blocks(height, 32)}",
                     "32,8", [random_singles(1, f"{height}x{width}"),
                              f"@zeros:f32:{width}x{height}", str(width),
                              str(height)], [2], width * height,
                     8 * width * height, contracted=0)


def histogram(n, grid):
    return Benchmark("histogram", str(grid), "256",
                     [f"@random:1:u8:{n}", "@zeros:u32:256", str(n)], [2], n, n,
                     resets=[2], contracted=0)


def bitonic_sort(arrays):
    return Benchmark("bitonic_sort", str(arrays), "1024",
                     [f"@random:1:u32:{arrays * 1024}"], [1], arrays * 1024,
                     arrays * 1024, "key", contracted=0)


def spmv(rows, most):
    inputs, elements = benchinputs.sparse(1, rows, rows, most)
    return Benchmark("spmv", str(blocks(rows, 4)), "128",
                     ["@{starts}", "@{columns}", "@{values}",
                      random_singles(2, rows), f"@zeros:f32:{rows}", str(rows)],
                     [5], elements, 8 * elements + 12 * rows, inputs=inputs)


def sha256(messages):
    return Benchmark("sha256", str(blocks(messages, 128)), "128",
                     [f"@random:1:u32:{messages * 16}",
                      f"@zeros:u32:{messages * 8}", str(messages), "64"], [2],
                     messages, 64 * messages, contracted=0)


def softmax(rows, columns):
    return Benchmark("softmax", str(rows), "256",
                     [random_singles(1, f"{rows}x{columns}"),
                      f"@zeros:f32:{rows}x{columns}", str(columns)], [2],
                     rows * columns, 8 * rows * columns, strict=1e-5)


def layer_norm(rows, columns):
    return Benchmark("layer_norm", str(blocks(rows, 4)), "128",
                     [random_singles(1, f"{rows}x{columns}"),
                      random_singles(2, columns), random_singles(3, columns),
                      f"@zeros:f32:{rows}x{columns}", str(rows), str(columns)],
                     [4], rows * columns, 8 * rows * columns)


def attention(queries, keys):
    return Benchmark("attention", str(blocks(queries, 32)), "128",
                     [random_singles(1, f"{queries}x64"),
                      random_singles(2, f"{keys}x64"),
                      random_singles(3, f"{keys}x64"), f"@zeros:f32:{queries}x64",
                      str(queries), str(keys)], [4], queries * 64,
                     256 * queries * keys, "flop", strict=1e-5)


def nbody(n):
    return Benchmark("nbody", str(blocks(n, 128)), "128",
                     [random_singles(1, f"{n}x4"), f"@zeros:f32:{n}x4", str(n)],
                     [2], n, n * n, "pair")


def black_scholes(n, grid):
    return Benchmark(
        "black_scholes", str(grid), "128",
        ["@{price}", "@{strike}", "@{years}", f"@zeros:f32:{n}",
         f"@zeros:f32:{n}", "0.02", "0.3", str(n)], [4, 5], n, 20 * n,
        inputs={"price": benchinputs.uniform(1, n, 5, 30),
                "strike": benchinputs.uniform(2, n, 1, 100),
                "years": benchinputs.uniform(3, n, 0.25, 10)}, strict=1e-5)


def elementary(n, grid):
    # Singles from 1/4 to 4, where no function has special work to do.
    return Benchmark(
        "elementary", str(grid), "128",
        ["@{in}", f"@zeros:f32:6x{n}", str(n)], [2], n, 28 * n,
        inputs={"in": benchinputs.raw(
            lambda: benchinputs.words(1, n, 0x01ffffff, 0x3e800000))},
        strict=1e-5)


LARGE = [
    streaming("vector_add", (1 << 25) + 3, 2),
    streaming("vector_mul", (1 << 25) + 3, 2),
    streaming("vector_fma", (1 << 25) + 3, 3),
    streaming("saxpy", (1 << 25) + 3, 2, "2.5"),
    matmul("matmul", 1024, 16),
    matmul("matmul_tiled", 2048, 64),
    matmul_wmma(4096),
    filtered("conv2d", 8192, 4096, 3, (16, 16)),
    filtered("conv2d_tiled", 8192, 4096, 5, (32, 8)),
    mandelbrot(3840, 2160, 500),
    reduction((1 << 26) + 3, 1056),
    prefix_sum((1 << 25) + 3),
    transpose(8192, 8192),
    histogram(1 << 28, 1056),
    bitonic_sort(16384),
    spmv(1 << 18, 64),
    sha256(1 << 21),
    softmax(16384, 2048),
    layer_norm(32768, 1024),
    attention(32768, 1024),
    nbody(1 << 16),
    black_scholes(1 << 24, 2112),
    elementary(1 << 22, 2112),
]

SMALL = [
    streaming("vector_add", 1 << 20, 2),
    streaming("vector_mul", 1 << 20, 2),
    streaming("vector_fma", 1 << 20, 3),
    streaming("saxpy", 1 << 20, 2, "2.5"),
    matmul("matmul", 256, 16),
    matmul("matmul_tiled", 256, 64),
    matmul_wmma(128),
    filtered("conv2d", 1024, 512, 3, (16, 16)),
    filtered("conv2d_tiled", 1024, 512, 5, (32, 8)),
    mandelbrot(480, 270, 500),
    reduction(1 << 20, 32),
    prefix_sum(1 << 18),
    transpose(1024, 1024),
    histogram(1 << 20, 32),
    bitonic_sort(64),
    spmv(1 << 14, 64),
    sha256(1 << 14),
    softmax(256, 2048),
    layer_norm(256, 1024),
    attention(512, 128),
    nbody(1 << 10),
    black_scholes(1 << 17, 32),
    elementary(1 << 15, 32),
]
