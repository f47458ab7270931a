//===- reduction.c - sum of an array ------------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums n floats in one launch: each thread adds up a grid-stride slice, a block
// its threads with warp shuffles and shared memory, and the block that finishes
// last adds up the blocks' sums. The order of the sum depends on the launch's
// shape alone, so every device gives the same bits.
//
// `partials` has one float per block. `done` is a counter that starts as 0 and
// is 0 again at the end. Launch with blocks of a multiple of 32 threads, as
// many as keep the device busy.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

struct Shared {
  float warps[32];
  uint32_t last;
};

/// The sum over the block, in thread 0: lanes by shuffles, warps by shared
/// memory and shuffles again.
TW_INLINE float blockSum(struct Shared *shared, float sum) {
  uint32_t lane = tw_lane_id(), warp = tw_warp_id();
  for (uint32_t delta = 16; delta > 0; delta /= 2)
    sum += tw_shuffle_down_f32(TW_ALL_LANES, sum, delta);
  if (lane == 0)
    shared->warps[warp] = sum;
  tw_barrier();
  if (warp == 0) {
    sum = lane < tw_block_dim_x() / 32 ? shared->warps[lane] : 0.0f;
    for (uint32_t delta = 16; delta > 0; delta /= 2)
      sum += tw_shuffle_down_f32(TW_ALL_LANES, sum, delta);
  }
  return sum;
}

TW_KERNEL(reduction)
(const float *in, float *partials, uint32_t *done, float *out, uint32_t n) {
  struct Shared *shared = TW_SHARED(struct Shared);
  float sum = 0.0f;
  for (uint32_t i = tw_global_id_x(); i < n; i += tw_global_dim_x())
    sum += in[i];
  sum = blockSum(shared, sum);

  uint32_t blocks = tw_grid_dim_x();
  if (tw_thread_id_x() == 0) {
    partials[tw_block_id_x()] = sum;
    // Release: the partial sum is there before the count. Acquire: the last
    // block sees all of them.
    shared->last = TW_ATOMIC(add_u32, acq_rel, device)(done, 1) == blocks - 1;
  }
  tw_barrier();
  if (!shared->last)
    return;

  sum = 0.0f;
  for (uint32_t i = tw_thread_id_x(); i < blocks; i += tw_block_dim_x())
    sum += partials[i];
  sum = blockSum(shared, sum);
  if (tw_thread_id_x() == 0) {
    *out = sum;
    *done = 0;
  }
}
