//===- black_scholes.cu - prices of options --------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of black_scholes.c, with CUDA's own expf and logf.
//
//===----------------------------------------------------------------------===//

#include <cmath>
#include <cstdint>

namespace {
__device__ float normal(float d) {
  float t = 1.0f / (1.0f + 0.2316419f * fabsf(d));
  float tail =
      0.39894228f * expf(-0.5f * d * d) *
      (t * (0.31938153f +
            t * (-0.356563782f +
                 t * (1.781477937f + t * (-1.821255978f + t * 1.330274429f)))));
  return d > 0.0f ? 1.0f - tail : tail;
}
} // namespace

extern "C" __global__ void black_scholes(const float *__restrict__ price,
                                         const float *__restrict__ strike,
                                         const float *__restrict__ years,
                                         float *__restrict__ call,
                                         float *__restrict__ put, float rate,
                                         float volatility, uint32_t n) {
  for (uint32_t i = blockIdx.x * blockDim.x + threadIdx.x; i < n;
       i += gridDim.x * blockDim.x) {
    float root = sqrtf(years[i]);
    float d1 = (logf(price[i] / strike[i]) +
                (rate + 0.5f * volatility * volatility) * years[i]) /
               (volatility * root);
    float d2 = d1 - volatility * root;
    float n1 = normal(d1), n2 = normal(d2);
    float discounted = strike[i] * expf(-rate * years[i]);
    call[i] = price[i] * n1 - discounted * n2;
    put[i] = discounted * (1.0f - n2) - price[i] * (1.0f - n1);
  }
}
