//===- saxpy.cu - y = a * x + y --------------------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of saxpy.c.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

extern "C" __global__ void saxpy(float a, const float *__restrict__ x,
                                 float *__restrict__ y, uint32_t n) {
  uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = a * x[i] + y[i];
}
