//===- vector_mul.cu - product of two vectors ------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of vector_mul.c.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

extern "C" __global__ void vector_mul(const float *__restrict__ a,
                                      const float *__restrict__ b,
                                      float *__restrict__ out, uint32_t n) {
  uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    out[i] = a[i] * b[i];
}
