//===- matmul_tiled.c - C = A * B through shared memory -----------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The product of an m x k by a k x n matrix, row-major. A block computes 64 x
// 64 elements, each of its 16 x 16 threads 4 x 4 of them in registers; slices
// of A and B, 16 wide, pass through shared memory. Products and sums round
// separately and each element adds up in order of the inner index, as in
// matmul.c: the bits are the same. Launch with ceil(n / 64) blocks in x and
// ceil(m / 64) in y, of 16 x 16 threads.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

enum { TILE = 64, DEPTH = 16, EACH = 4 };

/// A is stored by columns, so that a thread's four rows follow one another; the
/// padding keeps the stores of a column in different banks.
struct Shared {
  float a[DEPTH][TILE + 4];
  float b[DEPTH][TILE];
};

TW_KERNEL(matmul_tiled)
(const float *a, const float *b, float *c, uint32_t m, uint32_t n, uint32_t k) {
  struct Shared *shared = TW_SHARED(struct Shared);
  uint32_t x = tw_thread_id_x(), y = tw_thread_id_y();
  uint32_t thread = y * 16 + x;
  uint32_t row0 = tw_block_id_y() * TILE, column0 = tw_block_id_x() * TILE;

  float sums[EACH][EACH];
#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i)
#pragma unroll
    for (uint32_t j = 0; j < EACH; ++j)
      sums[i][j] = 0.0f;

  for (uint32_t k0 = 0; k0 < k; k0 += DEPTH) {
    // 1,024 elements of each matrix, four per thread; zeros outside.
#pragma unroll
    for (uint32_t i = 0; i < EACH; ++i) {
      uint32_t row = thread / DEPTH + 16 * i, depth = thread % DEPTH;
      int inside = row0 + row < m && k0 + depth < k;
      shared->a[depth][row] = inside ? a[(row0 + row) * k + k0 + depth] : 0.0f;
      uint32_t column = thread % TILE;
      depth = thread / TILE + 4 * i;
      inside = k0 + depth < k && column0 + column < n;
      shared->b[depth][column] =
          inside ? b[(k0 + depth) * n + column0 + column] : 0.0f;
    }
    tw_barrier();

    uint32_t depths = k - k0 < DEPTH ? k - k0 : DEPTH;
    for (uint32_t depth = 0; depth < depths; ++depth) {
      tw_f32x4 left = tw_load_f32x4(&shared->a[depth][y * EACH]);
      tw_f32x4 right = tw_load_f32x4(&shared->b[depth][x * EACH]);
#pragma unroll
      for (uint32_t i = 0; i < EACH; ++i)
#pragma unroll
        for (uint32_t j = 0; j < EACH; ++j)
          sums[i][j] += left[i] * right[j];
    }
    tw_barrier();
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
