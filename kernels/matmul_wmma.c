//===- matmul_wmma.c - C = A * B on matrix units ------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The product of an m x k by a k x n matrix of f16, row-major, as f32. A block
// of 128 threads computes 64 x 64 elements, each of its four warps 32 x 32 with
// four accumulators; slices of A and B, 32 wide, pass through shared memory,
// fetched asynchronously while the one before is multiplied. m and n are
// multiples of 64, k of 32; all arrays 32-byte aligned. Launch with n / 64
// blocks in x and m / 64 in y.
//
// Tensor cores add in an order of their own and truncate: per element the
// result is within 2^-22 * 17 * (k / 16) * sum |a * b| of the host's and the
// interpreter's (docs/DeviceInterface.md, "Matrix units"; each of the k / 16
// operations adds its bound, and |C| is at most the sum).
//
//===----------------------------------------------------------------------===//

#include "tw.h"

enum { TILE = 64, DEPTH = 32, THREADS = 128 };

/// Two slices of each, one in use and one on its way. Rows are 16 bytes longer
/// than needed: eight rows of a fragment then lie in different banks.
struct Shared {
  tw_f16 a[2][TILE][DEPTH + 8];
  tw_f16 b[2][DEPTH][TILE + 8];
};

/// Starts to copy the slices that begin at `a` and `b`.
TW_INLINE void fetch(struct Shared *shared, uint32_t slot, const tw_f16 *a,
                     const tw_f16 *b, uint32_t n, uint32_t k) {
  for (uint32_t i = tw_thread_id_x(); i < TILE * DEPTH / 8; i += THREADS) {
    uint32_t r = i / (DEPTH / 8), s = i % (DEPTH / 8) * 8;
    tw_copy_async_16(&shared->a[slot][r][s], &a[r * k + s]);
    r = i / (TILE / 8), s = i % (TILE / 8) * 8;
    tw_copy_async_16(&shared->b[slot][r][s], &b[r * n + s]);
  }
}

TW_KERNEL(matmul_wmma)
(const tw_f16 *a, const tw_f16 *b, float *c, uint32_t n, uint32_t k) {
  struct Shared *shared = TW_SHARED(struct Shared);
  uint32_t warp = tw_warp_id(), slot = 0;
  uint32_t row = warp / 2 * 32, column = warp % 2 * 32;
  a += tw_block_id_y() * TILE * k;
  b += tw_block_id_x() * TILE;
  c += tw_block_id_y() * TILE * n + tw_block_id_x() * TILE;

  tw_matrix_fill_f32(0, 0.0f);
  tw_matrix_fill_f32(1, 0.0f);
  tw_matrix_fill_f32(2, 0.0f);
  tw_matrix_fill_f32(3, 0.0f);
  fetch(shared, 0, a, b, n, k);
  tw_copy_async_commit();
  for (uint32_t k0 = 0; k0 < k; k0 += DEPTH, slot ^= 1) {
    uint32_t next = k0 + DEPTH;
    if (next < k)
      fetch(shared, slot ^ 1, a + next, b + next * n, n, k);
    tw_copy_async_commit();
    tw_copy_async_wait(1); // all but the group just closed
    tw_barrier();
    for (uint32_t d = 0; d < DEPTH; d += 16) {
      const tw_f16 *left = &shared->a[slot][row][d];
      const tw_f16 *right = &shared->b[slot][d][column];
      tw_matrix_load_a_f16_row(0, left, DEPTH + 8);
      tw_matrix_load_a_f16_row(1, left + 16 * (DEPTH + 8), DEPTH + 8);
      tw_matrix_load_b_f16_row(0, right, TILE + 8);
      tw_matrix_load_b_f16_row(1, right + 16, TILE + 8);
      tw_matrix_mma_f16(0, 0, 0, 0);
      tw_matrix_mma_f16(1, 0, 1, 1);
      tw_matrix_mma_f16(2, 1, 0, 2);
      tw_matrix_mma_f16(3, 1, 1, 3);
    }
    tw_barrier(); // before this slot is fetched into again
  }
  c += row * n + column;
  tw_matrix_store_f32_row(0, c, n);
  tw_matrix_store_f32_row(1, c + 16, n);
  tw_matrix_store_f32_row(2, c + 16 * n, n);
  tw_matrix_store_f32_row(3, c + 16 * n + 16, n);
}
