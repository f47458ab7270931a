//===- matmul_wmma.cu - C = A * B on matrix units --------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of matmul_wmma.c.
//
//===----------------------------------------------------------------------===//

#include <cstdint>
#include <cuda_pipeline.h>
#include <mma.h>

using namespace nvcuda::wmma;

namespace {
enum { TILE = 64, DEPTH = 32, THREADS = 128 };

struct Shared {
  half a[2][TILE][DEPTH + 8];
  half b[2][DEPTH][TILE + 8];
};

__device__ __forceinline__ void fetch(Shared &shared, uint32_t slot,
                                      const half *a, const half *b, uint32_t n,
                                      uint32_t k) {
  for (uint32_t i = threadIdx.x; i < TILE * DEPTH / 8; i += THREADS) {
    uint32_t r = i / (DEPTH / 8), s = i % (DEPTH / 8) * 8;
    __pipeline_memcpy_async(&shared.a[slot][r][s], &a[r * k + s], 16);
    r = i / (TILE / 8), s = i % (TILE / 8) * 8;
    __pipeline_memcpy_async(&shared.b[slot][r][s], &b[r * n + s], 16);
  }
}
} // namespace

extern "C" __global__ void matmul_wmma(const half *__restrict__ a,
                                       const half *__restrict__ b,
                                       float *__restrict__ c, uint32_t n,
                                       uint32_t k) {
  __shared__ __align__(128) Shared shared;
  uint32_t warp = threadIdx.x / 32, slot = 0;
  uint32_t row = warp / 2 * 32, column = warp % 2 * 32;
  a += blockIdx.y * TILE * k;
  b += blockIdx.x * TILE;
  c += blockIdx.y * TILE * n + blockIdx.x * TILE;

  fragment<accumulator, 16, 16, 16, float> sums[2][2];
  for (auto &line : sums)
    for (auto &sum : line)
      fill_fragment(sum, 0.0f);
  fetch(shared, 0, a, b, n, k);
  __pipeline_commit();
  for (uint32_t k0 = 0; k0 < k; k0 += DEPTH, slot ^= 1) {
    uint32_t next = k0 + DEPTH;
    if (next < k)
      fetch(shared, slot ^ 1, a + next, b + next * n, n, k);
    __pipeline_commit();
    __pipeline_wait_prior(1);
    __syncthreads();
    for (uint32_t d = 0; d < DEPTH; d += 16) {
      fragment<matrix_a, 16, 16, 16, half, row_major> left[2];
      fragment<matrix_b, 16, 16, 16, half, row_major> right[2];
      for (uint32_t i = 0; i < 2; ++i) {
        load_matrix_sync(left[i], &shared.a[slot][row + 16 * i][d], DEPTH + 8);
        load_matrix_sync(right[i], &shared.b[slot][d][column + 16 * i],
                         TILE + 8);
      }
      for (uint32_t i = 0; i < 2; ++i)
        for (uint32_t j = 0; j < 2; ++j)
          mma_sync(sums[i][j], left[i], right[j], sums[i][j]);
    }
    __syncthreads();
  }
  for (uint32_t i = 0; i < 2; ++i)
    for (uint32_t j = 0; j < 2; ++j)
      store_matrix_sync(&c[(row + 16 * i) * n + column + 16 * j], sums[i][j], n,
                        mem_row_major);
}
