//===- black_scholes.c - prices of options ------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// European call and put options by the formula of Black and Scholes, with the
// normal distribution approximated as in Abramowitz and Stegun, "Handbook of
// Mathematical Functions", 26.2.17 (error below 7.5e-8). Grid-stride: launch
// with any number of blocks.
//
//===----------------------------------------------------------------------===//

#include "tw_math.h"

/// The probability that a standard normal variable is below d.
static float normal(float d) {
  float t = 1.0f / (1.0f + 0.2316419f * tw_fabsf(d));
  float tail =
      0.39894228f * tw_expf(-0.5f * d * d) *
      (t * (0.31938153f +
            t * (-0.356563782f +
                 t * (1.781477937f + t * (-1.821255978f + t * 1.330274429f)))));
  return d > 0.0f ? 1.0f - tail : tail;
}

TW_KERNEL(black_scholes)
(const float *price, const float *strike, const float *years, float *call,
 float *put, float rate, float volatility, uint32_t n) {
  for (uint32_t i = tw_global_id_x(); i < n; i += tw_global_dim_x()) {
    float root = tw_sqrtf(years[i]);
    float d1 = (tw_logf(price[i] / strike[i]) +
                (rate + 0.5f * volatility * volatility) * years[i]) /
               (volatility * root);
    float d2 = d1 - volatility * root;
    float n1 = normal(d1), n2 = normal(d2);
    float discounted = strike[i] * tw_expf(-rate * years[i]);
    call[i] = price[i] * n1 - discounted * n2;
    put[i] = discounted * (1.0f - n2) - price[i] * (1.0f - n1);
  }
}
