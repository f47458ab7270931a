//===- layer_norm.cu - layer normalization of rows -------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of layer_norm.c.
//
//===----------------------------------------------------------------------===//

#include "block_reduce.h"

#include <cmath>

namespace {
enum { EACH = 32 };
} // namespace

extern "C" __global__ void layer_norm(const float *__restrict__ in,
                                      const float *__restrict__ weight,
                                      const float *__restrict__ bias,
                                      float *__restrict__ out, uint32_t rows,
                                      uint32_t columns) {
  uint32_t row = blockIdx.x * 4 + threadIdx.x / 32, lane = threadIdx.x % 32;
  if (row >= rows)
    return;
  in += row * columns;
  out += row * columns;

  float values[EACH], sum = 0.0f;
#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i) {
    uint32_t column = i * 32 + lane;
    values[i] = column < columns ? in[column] : 0.0f;
    sum += values[i];
  }
  float mean = warpReduce(sum, Add()) / columns;
  sum = 0.0f;
#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i) {
    float centred = i * 32 + lane < columns ? values[i] - mean : 0.0f;
    sum += centred * centred;
  }
  float variance = warpReduce(sum, Add()) / columns;
  float scale = 1.0f / sqrtf(variance + 1e-5f);
#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i) {
    uint32_t column = i * 32 + lane;
    if (column < columns)
      out[column] = (values[i] - mean) * scale * weight[column] + bias[column];
  }
}
