//===- attention.c - one head of attention ------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// out = softmax(Q * K^T / 8) * V for one head of dimension 64: q, k, v and out
// have one row of 64 floats per token. Keys and values pass through shared
// memory in tiles of 32; the softmax is computed on the way, rescaling what is
// there whenever a score exceeds the maximum so far (Milakov and Gimelshein,
// "Online normalizer calculation for softmax", 2018), so the scores are never
// stored.
//
// Four lanes share a query, lane l has its dimensions 4 * i + l: what a warp
// reads of a key is in four neighbouring banks. Launch with ceil(queries / 32)
// blocks of 128 threads.
//
//===----------------------------------------------------------------------===//

#include "tw_math.h"

enum { DIMENSION = 64, LANES = 4, EACH = DIMENSION / LANES, KEYS = 32 };

struct Shared {
  float k[KEYS][DIMENSION];
  float v[KEYS][DIMENSION];
};

TW_KERNEL(attention)
(const float *q, const float *k, const float *v, float *out, uint32_t queries,
 uint32_t keys) {
  struct Shared *shared = TW_SHARED(struct Shared);
  uint32_t thread = tw_thread_id_x(), part = thread % LANES;
  uint32_t query = tw_block_id_x() * 32 + thread / LANES;
  uint32_t own = query < queries ? query : queries - 1;

  float scaled[EACH], sums[EACH];
#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i) {
    scaled[i] = q[own * DIMENSION + i * LANES + part] * 0.125f;
    sums[i] = 0.0f;
  }
  float max = -__builtin_inff(), weights = 0.0f;

  for (uint32_t first = 0; first < keys; first += KEYS) {
    uint32_t count = keys - first < KEYS ? keys - first : KEYS;
    tw_barrier(); // the tile before is not read any more
    for (uint32_t i = thread * 4; i < count * DIMENSION; i += 128 * 4) {
      tw_store_f32x4(&shared->k[0][0] + i,
                     tw_load_f32x4(&k[first * DIMENSION + i]));
      tw_store_f32x4(&shared->v[0][0] + i,
                     tw_load_f32x4(&v[first * DIMENSION + i]));
    }
    tw_barrier();

    for (uint32_t j = 0; j < count; ++j) {
      float score = 0.0f;
#pragma unroll
      for (uint32_t i = 0; i < EACH; ++i)
        score += scaled[i] * shared->k[j][i * LANES + part];
      score += tw_shuffle_xor_f32(TW_ALL_LANES, score, 2);
      score += tw_shuffle_xor_f32(TW_ALL_LANES, score, 1);
      if (score > max) {
        float shrink = tw_expf(max - score);
        max = score;
        weights *= shrink;
#pragma unroll
        for (uint32_t i = 0; i < EACH; ++i)
          sums[i] *= shrink;
      }
      float weight = tw_expf(score - max);
      weights += weight;
#pragma unroll
      for (uint32_t i = 0; i < EACH; ++i)
        sums[i] += weight * shared->v[j][i * LANES + part];
    }
  }

  if (query >= queries)
    return;
  float scale = 1.0f / weights;
#pragma unroll
  for (uint32_t i = 0; i < EACH; ++i)
    out[query * DIMENSION + i * LANES + part] = sums[i] * scale;
}
