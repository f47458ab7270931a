//===- matmul_tiled.cu - C = A * B through shared memory -------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of matmul_tiled.c. Compiled with -fmad=false, products and sums
// round separately here too.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

namespace {
enum { TILE = 64, DEPTH = 16, EACH = 4 };
} // namespace

extern "C" __global__ void matmul_tiled(const float *__restrict__ a,
                                        const float *__restrict__ b,
                                        float *__restrict__ c, uint32_t m,
                                        uint32_t n, uint32_t k) {
  __shared__ __align__(16) float sharedA[DEPTH][TILE + 4];
  __shared__ __align__(16) float sharedB[DEPTH][TILE];
  uint32_t x = threadIdx.x, y = threadIdx.y;
  uint32_t thread = y * 16 + x;
  uint32_t row0 = blockIdx.y * TILE, column0 = blockIdx.x * TILE;
  float sums[EACH][EACH] = {};

  for (uint32_t k0 = 0; k0 < k; k0 += DEPTH) {
#pragma unroll
    for (uint32_t i = 0; i < EACH; ++i) {
      uint32_t row = thread / DEPTH + 16 * i, depth = thread % DEPTH;
      bool inside = row0 + row < m && k0 + depth < k;
      sharedA[depth][row] = inside ? a[(row0 + row) * k + k0 + depth] : 0.0f;
      uint32_t column = thread % TILE;
      depth = thread / TILE + 4 * i;
      inside = k0 + depth < k && column0 + column < n;
      sharedB[depth][column] =
          inside ? b[(k0 + depth) * n + column0 + column] : 0.0f;
    }
    __syncthreads();

    uint32_t depths = k - k0 < DEPTH ? k - k0 : DEPTH;
    for (uint32_t depth = 0; depth < depths; ++depth) {
      float4 l = *reinterpret_cast<float4 *>(&sharedA[depth][y * EACH]);
      float4 r = *reinterpret_cast<float4 *>(&sharedB[depth][x * EACH]);
      float left[EACH] = {l.x, l.y, l.z, l.w};
      float right[EACH] = {r.x, r.y, r.z, r.w};
#pragma unroll
      for (uint32_t i = 0; i < EACH; ++i)
#pragma unroll
        for (uint32_t j = 0; j < EACH; ++j)
          sums[i][j] += left[i] * right[j];
    }
    __syncthreads();
  }

#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i) {
    uint32_t row = row0 + y * EACH + i;
#pragma unroll
    for (uint32_t j = 0; j < EACH; ++j) {
      uint32_t column = column0 + x * EACH + j;
      if (row < m && column < n)
        c[row * n + column] = sums[i][j];
    }
  }
}
