//===- elementary.cu - elementary functions --------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of elementary.c, with CUDA's own functions: other polynomials
// and other errors (CUDA C++ Programming Guide, "Mathematical Functions"), so
// that this pair compares libraries.
//
//===----------------------------------------------------------------------===//

#include <cmath>
#include <cstdint>

extern "C" __global__ void elementary(const uint32_t *__restrict__ in,
                                      float *__restrict__ out, uint32_t n) {
  for (uint32_t i = blockIdx.x * blockDim.x + threadIdx.x; i < n;
       i += gridDim.x * blockDim.x) {
    float x = __uint_as_float(in[i]), y = __uint_as_float(in[i ? i - 1 : i]);
    out[i] = expf(x);
    out[n + i] = logf(x);
    out[2 * n + i] = erff(x);
    out[3 * n + i] = sinf(x);
    out[4 * n + i] = cosf(x);
    out[5 * n + i] = powf(x, y);
  }
}
