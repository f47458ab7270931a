# threads.py - launches of kernels whose threads do not meet, and of the faulty.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#

import struct

from .case import (Case, check_elements, f32, fma, matmul_element,
                   random_single)

N = 1_000_003  # not a multiple of any block: the last block is partly idle
M, COLUMNS, INNER = 144, 150, 155
WIDTH, HEIGHT = 640, 480


def check_matmul(arrays):
    return check_elements(
        arrays, lambda i: matmul_element(arrays, INNER, COLUMNS, i), M * COLUMNS)


def elementwise(function):
    """A check of out[i] = function(a[i], b[i])."""
    return lambda arrays: check_elements(
        arrays, lambda i: function(arrays["a"][i], arrays["b"][i]), N
    )


def check_conv2d(arrays):
    weights = [random_single(14, i) for i in range(9)]

    def element(at):
        y, x = divmod(at, WIDTH)
        total = 0.0
        for j in range(3):
            for i in range(3):
                row, column = y + j - 1, x + i - 1
                if 0 <= row < HEIGHT and 0 <= column < WIDTH:
                    sample = random_single(13, row * WIDTH + column)
                    total = f32(total + f32(sample * weights[j * 3 + i]))
        return total

    return check_elements(arrays, element, WIDTH * HEIGHT)


SWIDTH, SHEIGHT, STEPS = 96, 72, 60  # a picture that is small enough for here
PALETTE = [(8, 24, 96), (48, 128, 208), (240, 252, 255), (255, 176, 16),
           (128, 48, 8), (8, 8, 32)]


def check_mandelbrot(arrays):
    def log2(value):
        bits = struct.unpack("<I", struct.pack("<f", value))[0]
        fraction = struct.unpack(
            "<f", struct.pack("<I", bits & 0x7fffff | 0x3f800000))[0] - 1
        slope = f32(f32(1.3465554) - f32(f32(0.3465554) * fraction))
        return f32((bits >> 23) - 127 + f32(fraction * slope))

    def element(at):
        row, column = divmod(at, SWIDTH)
        scale = f32(f32(3.1) / SWIDTH)
        cx = f32(f32((column - SWIDTH / 2) * scale) - f32(0.65))
        cy = f32((row - SHEIGHT / 2) * scale)
        x = y = xx = yy = 0.0
        n = 0
        while n < STEPS and f32(xx + yy) < 65536:
            y = f32(f32(2 * x * y) + cy)
            x = f32(f32(xx - yy) + cx)
            xx, yy = f32(x * x), f32(y * y)
            n += 1
        if f32(xx + yy) < 65536:
            return 0xff000000
        smooth = f32(n + 1 - f32(log2(log2(f32(xx + yy))) - 4))
        position = max(f32(smooth * 0.25), 0.0)
        index = int(position)
        weight = int((position - index) * 256)
        mixed = [(a * (256 - weight) + b * weight) >> 8 for a, b in
                 zip(PALETTE[index % 6], PALETTE[(index + 1) % 6])]
        return 0xff000000 | mixed[0] | mixed[1] << 8 | mixed[2] << 16

    return check_elements(arrays, element, SWIDTH * SHEIGHT)


def vector(seed, name=None):
    return f"@random:{seed}:f32:{N}" + (f"={{{name}}}" if name else "")


GRID1 = str((N + 255) // 256)
GRID2 = f"{(WIDTH + 15) // 16},{(HEIGHT + 15) // 16}"
OUT1 = f"@zeros:f32:{N}={{out}}"
ABO = ["a", "b", "out"]
CASES = [
    Case("vector_add", GRID1, "256", [vector(1, "a"), vector(2, "b"), OUT1, str(N)],
         check=elementwise(lambda a, b: f32(a + b)), arrays=ABO),
    Case("vector_mul", GRID1, "256", [vector(3, "a"), vector(4, "b"), OUT1, str(N)],
         check=elementwise(lambda a, b: f32(a * b)), arrays=ABO),
    Case("vector_fma", GRID1, "256",
         [vector(5), vector(6), vector(7), OUT1, str(N)], arrays=["out"],
         check=lambda arrays: check_elements(arrays, lambda i: fma(
             *(random_single(seed, i) for seed in (5, 6, 7))), N)),
    Case("saxpy", GRID1, "256", ["2.5", vector(8, "a"), OUT1, str(N)],
         check=lambda arrays: check_elements(
             arrays, lambda i: f32(2.5 * arrays["a"][i]), N), arrays=["a", "out"]),
    Case("saxpy", GRID1, "256", ["-0.3", vector(9), vector(10, "out"), str(N)],
         label="saxpy in place", arrays=["out"],
         check=lambda arrays: check_elements(arrays, lambda i: f32(
             f32(f32(-0.3) * random_single(9, i)) + random_single(10, i)), N)),
    Case("matmul", f"{(COLUMNS + 15) // 16},{(M + 15) // 16}", "16,16",
         [f"@random:11:f32:{M}x{INNER}={{a}}",
          f"@random:12:f32:{INNER}x{COLUMNS}={{b}}",
          f"@zeros:f32:{M}x{COLUMNS}={{out}}", str(M), str(COLUMNS), str(INNER)],
         check=check_matmul, arrays=ABO),
    Case("conv2d", GRID2, "16,16",
         [f"@random:13:f32:{HEIGHT}x{WIDTH}", "@random:14:f32:3x3",
          f"@zeros:f32:{HEIGHT}x{WIDTH}={{out}}", str(WIDTH), str(HEIGHT)],
         check=check_conv2d, arrays=["out"]),
    Case("mandelbrot", GRID2, "16,16",
         [f"@zeros:u32:{HEIGHT}x{WIDTH}={{picture}}", str(WIDTH), str(HEIGHT), "100"],
         picture=True),
    Case("mandelbrot", f"{SWIDTH // 16},{(SHEIGHT + 15) // 16}", "16,16",
         [f"@zeros:u32:{SHEIGHT}x{SWIDTH}={{out}}", str(SWIDTH), str(SHEIGHT),
          str(STEPS)],
         label="mandelbrot, small", check=check_mandelbrot, arrays=["out"]),
    Case("oob", "8", "128", ["@zeros:u32:1000", "1000", "517"],
         label="oob, thread 517",
         trap={"message": "out of bounds memory access",
               "block": [4, 0, 0], "thread": [5, 0, 0]}),
    Case("inbounds", "8", "128", ["@zeros:u32:2000", "1000", "517"]),
    Case("divzero", "8", "128", ["@zeros:u32:1000", "1000", "0"],
         label="divzero by 0", trap={"message": "integer divide by zero"}),
    Case("divzero", "8", "128", ["@zeros:u32:1000", "1000", "7"],
         label="divzero by 7"),
    Case("deserter", "8", "128", ["@zeros:u32:1024", "1024", "517"],
         label="deserter, thread 517",
         trap={"message": "unreachable",
               "block": [4, 0, 0], "thread": [5, 0, 0]}),
]
