//===- matmul.cu - C = A * B, one thread per element -----------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of matmul.c. Compiled with -fmad=false, products and sums round
// separately here too.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

extern "C" __global__ void matmul(const float *__restrict__ a,
                                  const float *__restrict__ b,
                                  float *__restrict__ c, uint32_t m, uint32_t n,
                                  uint32_t k) {
  uint32_t column = blockIdx.x * blockDim.x + threadIdx.x;
  uint32_t row = blockIdx.y * blockDim.y + threadIdx.y;
  if (row >= m || column >= n)
    return;
  float sum = 0.0f;
  for (uint32_t i = 0; i < k; ++i)
    sum += a[row * k + i] * b[i * n + column];
  c[row * n + column] = sum;
}
