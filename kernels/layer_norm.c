//===- layer_norm.c - layer normalization of rows -----------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// out = (in - mean) / sqrt(variance + 1e-5) * weight + bias, for each row of a
// row-major matrix; weight and bias have one element per column. One warp per
// row, which stays in registers between the passes: columns <= 1,024. Launch
// with ceil(rows / 4) blocks of 128 threads.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

enum {
  EACH = 32, // columns of a lane, at most
  AHEAD = 8
};

TW_KERNEL(layer_norm)
(const float *in, const float *weight, const float *bias, float *out,
 uint32_t rows, uint32_t columns) {
  uint32_t row = tw_block_id_x() * 4 + tw_warp_id(), lane = tw_lane_id();
  if (row >= rows) // the same for all lanes of the warp
    return;
  tw_assert(columns <= 32 * EACH);
  in += row * columns;
  out += row * columns;

  float values[EACH], sum = 0.0f;
#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i) {
    uint32_t column = i * 32 + lane;
    values[i] = column < columns ? in[column] : 0.0f;
    sum += values[i];
  }
  float mean = tw_warp_reduce_add_f32(TW_ALL_LANES, sum) / (float)columns;
  sum = 0.0f;
#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i) {
    float centred = i * 32 + lane < columns ? values[i] - mean : 0.0f;
    sum += centred * centred;
  }
  float variance = tw_warp_reduce_add_f32(TW_ALL_LANES, sum) / (float)columns;
  float scale = 1.0f / tw_sqrtf(variance + 1e-5f);
  // What a pointer's `restrict` tells CUDA's compiler, the order tells here: so
  // many loads ahead of the stores that they might otherwise have to follow.
#pragma unroll
  for (uint32_t first = 0; first < EACH; first += AHEAD) {
    float weights[AHEAD], biases[AHEAD];
#pragma unroll
    for (uint32_t i = 0; i < AHEAD; ++i) {
      uint32_t column = (first + i) * 32 + lane;
      weights[i] = column < columns ? weight[column] : 0.0f;
      biases[i] = column < columns ? bias[column] : 0.0f;
    }
#pragma unroll
    for (uint32_t i = 0; i < AHEAD; ++i) {
      uint32_t column = (first + i) * 32 + lane;
      if (column < columns)
        out[column] =
            (values[first + i] - mean) * scale * weights[i] + biases[i];
    }
  }
}
