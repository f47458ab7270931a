//===- spmv.c - sparse matrix times vector ------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = A * x, A in compressed rows (CSR): the elements of row r are values[i] in
// column columns[i], for starts[r] <= i < starts[r + 1]. One warp per row: its
// lanes read neighbouring elements, and add up their sums in a fixed order.
// Launch with ceil(rows / 4) blocks of 128 threads.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

TW_KERNEL(spmv)
(const uint32_t *starts, const uint32_t *columns, const float *values,
 const float *x, float *y, uint32_t rows) {
  uint32_t row = tw_block_id_x() * 4 + tw_warp_id(), lane = tw_lane_id();
  if (row >= rows) // the same for all lanes of the warp
    return;
  uint32_t end = starts[row + 1];
  float sum = 0.0f;
  for (uint32_t i = starts[row] + lane; i < end; i += TW_WARP_SIZE)
    sum += values[i] * x[columns[i]];
  sum = tw_warp_reduce_add_f32(TW_ALL_LANES, sum);
  if (lane == 0)
    y[row] = sum;
}
