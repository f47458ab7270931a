//===- prefix_sum.c - inclusive prefix sum in one pass ------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// out[i] = in[0] + ... + in[i], modulo 2^32. Each block scans a tile of 2,048
// elements, eight per thread, with shuffles and shared memory, and gets the sum
// of all tiles before its own by looking back at them (Merrill and Garland,
// "Single-pass Parallel Prefix Scan with Decoupled Look-back", 2016).
//
// `tiles` has one 64-bit word per block: a state in the upper half, a sum in
// the lower. Blocks take their tiles in the order in which they start, by
// counting `started` up; so the tiles that a block waits for have blocks that
// run, which look-back needs to come to an end. Both arrays start as zeros.
// Launch with ceil(n / 2048) blocks of 256 threads; `in` and `out` 16-byte
// aligned.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

enum { THREADS = 256, ITEMS = 8, TILE = THREADS * ITEMS, WARPS = THREADS / 32 };

/// What a tile's word tells: nothing yet; the sum of the tile; the sum of all
/// elements up to its end.
enum { STATE_NONE = 0, STATE_TILE = 1, STATE_PREFIX = 2 };

struct Shared {
  uint32_t warps[WARPS];
  uint32_t tile, before;
};

static uint64_t pack(uint32_t state, uint32_t sum) {
  return (uint64_t)state << 32 | sum;
}

/// The sum of all tiles before `tile`; called by a whole warp, which looks at
/// 32 tiles at once.
static uint32_t lookBack(uint64_t *tiles, uint32_t tile) {
  uint32_t lane = tw_lane_id(), sum = 0;
  // Lane 0 looks at the nearest; below the first tile all is known to be 0.
  for (int32_t nearest = (int32_t)tile - 1; nearest >= 0; nearest -= 32) {
    int32_t mine = nearest - (int32_t)lane;
    uint64_t word = pack(STATE_PREFIX, 0);
    // The word carries the value itself, so that relaxed order is enough.
    do {
      if (mine >= 0)
        word = tw_atomic_load_u64(&tiles[mine]);
    } while (tw_vote_any(TW_ALL_LANES, word >> 32 == STATE_NONE));
    uint32_t known = tw_vote_ballot(TW_ALL_LANES, word >> 32 == STATE_PREFIX);
    // Up to the nearest prefix, which makes further tiles needless.
    uint32_t stop = known ? (uint32_t)__builtin_ctz(known) : 31;
    sum +=
        tw_warp_reduce_add_u32(TW_ALL_LANES, lane <= stop ? (uint32_t)word : 0);
    if (known)
      break;
  }
  return sum;
}

TW_KERNEL(prefix_sum)
(const uint32_t *in, uint32_t *out, uint64_t *tiles, uint32_t *started,
 uint32_t n) {
  struct Shared *shared = TW_SHARED(struct Shared);
  uint32_t thread = tw_thread_id_x(), lane = tw_lane_id(), warp = tw_warp_id();
  if (thread == 0)
    shared->tile = tw_atomic_add_u32(started, 1);
  tw_barrier();
  uint32_t tile = shared->tile;
  uint32_t first = tile * TILE + thread * ITEMS;

  // Eight in a row per thread, in registers.
  uint32_t items[ITEMS];
  if (first + ITEMS <= n) {
    tw_u32x4 low = tw_load_u32x4(&in[first]);
    tw_u32x4 high = tw_load_u32x4(&in[first + 4]);
#pragma unroll
    for (uint32_t i = 0; i < 4; ++i) {
      items[i] = low[i];
      items[i + 4] = high[i];
    }
  } else {
#pragma unroll
    for (uint32_t i = 0; i < ITEMS; ++i)
      items[i] = first + i < n ? in[first + i] : 0;
  }
#pragma unroll
  for (uint32_t i = 1; i < ITEMS; ++i)
    items[i] += items[i - 1];

  // Inclusive over the lanes, then the warps' sums.
  uint32_t sum = items[ITEMS - 1];
  for (uint32_t delta = 1; delta < 32; delta *= 2) {
    uint32_t lower = tw_shuffle_up_u32(TW_ALL_LANES, sum, delta);
    if (lane >= delta)
      sum += lower;
  }
  if (lane == 31)
    shared->warps[warp] = sum;
  tw_barrier();

  if (warp == 0) {
    uint32_t total = lane < WARPS ? shared->warps[lane] : 0;
    for (uint32_t delta = 1; delta < WARPS; delta *= 2) {
      uint32_t lower = tw_shuffle_up_u32(TW_ALL_LANES, total, delta);
      if (lane >= delta)
        total += lower;
    }
    if (lane < WARPS)
      shared->warps[lane] = total;
    uint32_t all = tw_shuffle_idx_u32(TW_ALL_LANES, total, WARPS - 1);
    if (lane == 0)
      tw_atomic_store_u64(&tiles[tile],
                          pack(tile ? STATE_TILE : STATE_PREFIX, all));
    uint32_t before = lookBack(tiles, tile);
    if (lane == 0) {
      if (tile)
        tw_atomic_store_u64(&tiles[tile], pack(STATE_PREFIX, before + all));
      shared->before = before;
    }
  }
  tw_barrier();

  uint32_t before = shared->before + (warp ? shared->warps[warp - 1] : 0) +
                    (sum - items[ITEMS - 1]);
#pragma unroll
  for (uint32_t i = 0; i < ITEMS; ++i)
    items[i] += before;
  if (first + ITEMS <= n) {
    tw_store_u32x4(&out[first],
                   (tw_u32x4){items[0], items[1], items[2], items[3]});
    tw_store_u32x4(&out[first + 4],
                   (tw_u32x4){items[4], items[5], items[6], items[7]});
  } else {
#pragma unroll
    for (uint32_t i = 0; i < ITEMS; ++i)
      if (first + i < n)
        out[first + i] = items[i];
  }
}
