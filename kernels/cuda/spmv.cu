//===- spmv.cu - sparse matrix times vector --------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of spmv.c.
//
//===----------------------------------------------------------------------===//

#include "block_reduce.h"

extern "C" __global__ void spmv(const uint32_t *__restrict__ starts,
                                const uint32_t *__restrict__ columns,
                                const float *__restrict__ values,
                                const float *__restrict__ x,
                                float *__restrict__ y, uint32_t rows) {
  uint32_t row = blockIdx.x * 4 + threadIdx.x / 32, lane = threadIdx.x % 32;
  if (row >= rows)
    return;
  uint32_t end = starts[row + 1];
  float sum = 0.0f;
  for (uint32_t i = starts[row] + lane; i < end; i += 32)
    sum += values[i] * x[columns[i]];
  sum = warpReduce(sum, Add());
  if (lane == 0)
    y[row] = sum;
}
