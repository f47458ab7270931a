//===- softmax.cu - softmax of the rows of a matrix ------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of softmax.c, with CUDA's own expf.
//
//===----------------------------------------------------------------------===//

#include "block_reduce.h"

#include <cmath>

extern "C" __global__ void softmax(const float *__restrict__ in,
                                   float *__restrict__ out, uint32_t columns) {
  in += blockIdx.x * columns;
  out += blockIdx.x * columns;

  float max = -INFINITY, sum = 0.0f;
  for (uint32_t i = threadIdx.x; i < columns; i += blockDim.x) {
    float value = in[i];
    if (value > max) {
      sum *= expf(max - value);
      max = value;
    }
    sum += expf(value - max);
  }
  float all = blockReduce(max, Max());
  sum = sum == 0.0f ? 0.0f : sum * expf(max - all);
  sum = blockReduce(sum, Add());

  float scale = 1.0f / sum;
  for (uint32_t i = threadIdx.x; i < columns; i += blockDim.x)
    out[i] = expf(in[i] - all) * scale;
}
