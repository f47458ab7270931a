//===- transpose.cu - transpose of a matrix --------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of transpose.c.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

namespace {
enum { TILE = 32, ROWS = 8 };
} // namespace

extern "C" __global__ void transpose(const float *__restrict__ in,
                                     float *__restrict__ out, uint32_t width,
                                     uint32_t height) {
  __shared__ float tile[TILE][TILE + 1];
  uint32_t tx = threadIdx.x, ty = threadIdx.y;
  uint32_t x = blockIdx.x * TILE + tx, y = blockIdx.y * TILE + ty;
  for (uint32_t i = 0; i < TILE; i += ROWS)
    if (x < width && y + i < height)
      tile[ty + i][tx] = in[(y + i) * width + x];
  __syncthreads();
  x = blockIdx.y * TILE + tx, y = blockIdx.x * TILE + ty;
  for (uint32_t i = 0; i < TILE; i += ROWS)
    if (x < height && y + i < width)
      out[(y + i) * height + x] = tile[tx][ty + i];
}
