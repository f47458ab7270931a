//===- vector_fma.cu - fused multiply-add of vectors -----------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of vector_fma.c. fmaf fuses whatever -fmad says.
//
//===----------------------------------------------------------------------===//

#include <cmath>
#include <cstdint>

extern "C" __global__ void vector_fma(const float *__restrict__ a,
                                      const float *__restrict__ b,
                                      const float *__restrict__ c,
                                      float *__restrict__ out, uint32_t n) {
  uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    out[i] = fmaf(a[i], b[i], c[i]);
}
