# threads.py - launches of kernels whose threads do not meet, and of the faulty.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#

from .case import Case, check_elements, f32, matmul_element

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
         [vector(5), vector(6), vector(7), f"@zeros:f32:{N}", str(N)]),
    # In place: the array that is read is not there afterwards, so y starts as
    # zeros, and the sum is tested by vector_add and matmul.
    Case("saxpy", GRID1, "256", ["2.5", vector(8, "a"), OUT1, str(N)],
         check=lambda arrays: check_elements(
             arrays, lambda i: f32(2.5 * arrays["a"][i]), N), arrays=["a", "out"]),
    Case("saxpy", GRID1, "256", ["-0.3", vector(9), vector(10), str(N)],
         label="saxpy in place"),
    Case("matmul", f"{(COLUMNS + 15) // 16},{(M + 15) // 16}", "16,16",
         [f"@random:11:f32:{M}x{INNER}={{a}}",
          f"@random:12:f32:{INNER}x{COLUMNS}={{b}}",
          f"@zeros:f32:{M}x{COLUMNS}={{out}}", str(M), str(COLUMNS), str(INNER)],
         check=check_matmul, arrays=ABO),
    Case("conv2d", GRID2, "16,16",
         [f"@random:13:f32:{HEIGHT}x{WIDTH}", "@random:14:f32:3x3",
          f"@zeros:f32:{HEIGHT}x{WIDTH}", str(WIDTH), str(HEIGHT)]),
    Case("mandelbrot", GRID2, "16,16",
         [f"@zeros:u32:{HEIGHT}x{WIDTH}={{picture}}", str(WIDTH), str(HEIGHT), "100"],
         picture=True),
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
