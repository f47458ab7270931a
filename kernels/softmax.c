//===- softmax.c - softmax of the rows of a matrix ----------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// out = e^(in - max) / sum of e^(in - max), for each row of a row-major matrix.
// One block per row: its threads find maximum and sum of their columns in one
// pass over memory, rescaling the sum whenever the maximum grows; the block
// combines them by reductions in a fixed order. Launch with one block per row,
// of a multiple of 32 threads.
//
//===----------------------------------------------------------------------===//

#include "tw_math.h"

TW_KERNEL(softmax)(const float *in, float *out, uint32_t columns) {
  in += tw_block_id_x() * columns;
  out += tw_block_id_x() * columns;

  float max = -__builtin_inff(), sum = 0.0f;
  for (uint32_t i = tw_thread_id_x(); i < columns; i += tw_block_dim_x()) {
    float value = in[i];
    if (value > max) {
      sum *= tw_expf(max - value);
      max = value;
    }
    sum += tw_expf(value - max);
  }
  float all = tw_block_reduce_max_f32(max);
  // A thread without a column has no part in the sum (-inf minus -inf is a
  // NaN).
  sum = sum == 0.0f ? 0.0f : sum * tw_expf(max - all);
  sum = tw_block_reduce_add_f32(sum);

  float scale = 1.0f / sum;
  for (uint32_t i = tw_thread_id_x(); i < columns; i += tw_block_dim_x())
    out[i] = tw_expf(in[i] - all) * scale;
}
