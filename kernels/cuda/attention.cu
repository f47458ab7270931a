//===- attention.cu - one head of attention --------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of attention.c, with CUDA's own expf.
//
//===----------------------------------------------------------------------===//

#include <cmath>
#include <cstdint>

namespace {
enum { DIMENSION = 64, LANES = 4, EACH = DIMENSION / LANES, KEYS = 32 };
} // namespace

extern "C" __global__ void attention(const float *__restrict__ q,
                                     const float *__restrict__ k,
                                     const float *__restrict__ v,
                                     float *__restrict__ out, uint32_t queries,
                                     uint32_t keys) {
  __shared__ __align__(16) float sharedK[KEYS][DIMENSION];
  __shared__ __align__(16) float sharedV[KEYS][DIMENSION];
  uint32_t thread = threadIdx.x, part = thread % LANES;
  uint32_t query = blockIdx.x * 32 + thread / LANES;
  uint32_t own = query < queries ? query : queries - 1;

  float scaled[EACH], sums[EACH];
#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i) {
    scaled[i] = q[own * DIMENSION + i * LANES + part] * 0.125f;
    sums[i] = 0.0f;
  }
  float max = -INFINITY, weights = 0.0f;

  for (uint32_t first = 0; first < keys; first += KEYS) {
    uint32_t count = keys - first < KEYS ? keys - first : KEYS;
    __syncthreads();
    for (uint32_t i = thread * 4; i < count * DIMENSION; i += 128 * 4) {
      *reinterpret_cast<float4 *>(&sharedK[0][0] + i) =
          *reinterpret_cast<const float4 *>(&k[first * DIMENSION + i]);
      *reinterpret_cast<float4 *>(&sharedV[0][0] + i) =
          *reinterpret_cast<const float4 *>(&v[first * DIMENSION + i]);
    }
    __syncthreads();

    for (uint32_t j = 0; j < count; ++j) {
      float score = 0.0f;
#pragma unroll
      for (uint32_t i = 0; i < EACH; ++i)
        score += scaled[i] * sharedK[j][i * LANES + part];
      score += __shfl_xor_sync(~0u, score, 2);
      score += __shfl_xor_sync(~0u, score, 1);
      if (score > max) {
        float shrink = expf(max - score);
        max = score;
        weights *= shrink;
#pragma unroll
        for (uint32_t i = 0; i < EACH; ++i)
          sums[i] *= shrink;
      }
      float weight = expf(score - max);
      weights += weight;
#pragma unroll
      for (uint32_t i = 0; i < EACH; ++i)
        sums[i] += weight * sharedV[j][i * LANES + part];
    }
  }

  if (query >= queries)
    return;
  float scale = 1.0f / weights;
#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i)
    out[query * DIMENSION + i * LANES + part] = sums[i] * scale;
}
