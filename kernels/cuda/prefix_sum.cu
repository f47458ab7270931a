//===- prefix_sum.cu - inclusive prefix sum in one pass --------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of prefix_sum.c: decoupled look-back over tiles of 2,048.
//
//===----------------------------------------------------------------------===//

#include <cstdint>
#include <cuda/atomic>

namespace {
enum { THREADS = 256, ITEMS = 8, TILE = THREADS * ITEMS, WARPS = THREADS / 32 };
enum { STATE_NONE = 0, STATE_TILE = 1, STATE_PREFIX = 2 };

using Word = cuda::atomic_ref<unsigned long long, cuda::thread_scope_device>;

__device__ unsigned long long pack(uint32_t state, uint32_t sum) {
  return static_cast<unsigned long long>(state) << 32 | sum;
}

__device__ uint32_t warpSum(uint32_t v) {
  for (uint32_t k = 16; k > 0; k /= 2)
    v += __shfl_xor_sync(~0u, v, k);
  return v;
}

__device__ uint32_t lookBack(unsigned long long *tiles, uint32_t tile) {
  uint32_t lane = threadIdx.x % 32, sum = 0;
  for (int32_t nearest = static_cast<int32_t>(tile) - 1; nearest >= 0;
       nearest -= 32) {
    int32_t mine = nearest - static_cast<int32_t>(lane);
    unsigned long long word = pack(STATE_PREFIX, 0);
    do {
      if (mine >= 0)
        word = Word(tiles[mine]).load(cuda::memory_order_relaxed);
    } while (__any_sync(~0u, word >> 32 == STATE_NONE));
    uint32_t known = __ballot_sync(~0u, word >> 32 == STATE_PREFIX);
    uint32_t stop = known ? __ffs(known) - 1 : 31;
    sum += warpSum(lane <= stop ? static_cast<uint32_t>(word) : 0);
    if (known)
      break;
  }
  return sum;
}
} // namespace

extern "C" __global__ void prefix_sum(const uint32_t *__restrict__ in,
                                      uint32_t *__restrict__ out,
                                      unsigned long long *tiles,
                                      uint32_t *started, uint32_t n) {
  __shared__ uint32_t warps[WARPS];
  __shared__ uint32_t sharedTile, sharedBefore;
  uint32_t thread = threadIdx.x, lane = thread % 32, warp = thread / 32;
  if (thread == 0)
    sharedTile = atomicAdd(started, 1);
  __syncthreads();
  uint32_t tile = sharedTile;
  uint32_t first = tile * TILE + thread * ITEMS;

  uint32_t items[ITEMS];
  if (first + ITEMS <= n) {
    uint4 low = *reinterpret_cast<const uint4 *>(&in[first]);
    uint4 high = *reinterpret_cast<const uint4 *>(&in[first + 4]);
    items[0] = low.x, items[1] = low.y, items[2] = low.z, items[3] = low.w;
    items[4] = high.x, items[5] = high.y, items[6] = high.z, items[7] = high.w;
  } else {
#pragma unroll
    for (uint32_t i = 0; i < ITEMS; ++i)
      items[i] = first + i < n ? in[first + i] : 0;
  }
#pragma unroll
  for (uint32_t i = 1; i < ITEMS; ++i)
    items[i] += items[i - 1];

  uint32_t sum = items[ITEMS - 1];
  for (uint32_t delta = 1; delta < 32; delta *= 2) {
    uint32_t lower = __shfl_up_sync(~0u, sum, delta);
    if (lane >= delta)
      sum += lower;
  }
  if (lane == 31)
    warps[warp] = sum;
  __syncthreads();

  if (warp == 0) {
    uint32_t total = lane < WARPS ? warps[lane] : 0;
    for (uint32_t delta = 1; delta < WARPS; delta *= 2) {
      uint32_t lower = __shfl_up_sync(~0u, total, delta);
      if (lane >= delta)
        total += lower;
    }
    if (lane < WARPS)
      warps[lane] = total;
    uint32_t all = __shfl_sync(~0u, total, WARPS - 1);
    if (lane == 0)
      Word(tiles[tile])
          .store(pack(tile ? STATE_TILE : STATE_PREFIX, all),
                 cuda::memory_order_relaxed);
    uint32_t before = lookBack(tiles, tile);
    if (lane == 0) {
      if (tile)
        Word(tiles[tile])
            .store(pack(STATE_PREFIX, before + all),
                   cuda::memory_order_relaxed);
      sharedBefore = before;
    }
  }
  __syncthreads();

  uint32_t before =
      sharedBefore + (warp ? warps[warp - 1] : 0) + (sum - items[ITEMS - 1]);
#pragma unroll
  for (uint32_t i = 0; i < ITEMS; ++i)
    items[i] += before;
  if (first + ITEMS <= n) {
    *reinterpret_cast<uint4 *>(&out[first]) =
        make_uint4(items[0], items[1], items[2], items[3]);
    *reinterpret_cast<uint4 *>(&out[first + 4]) =
        make_uint4(items[4], items[5], items[6], items[7]);
  } else {
#pragma unroll
    for (uint32_t i = 0; i < ITEMS; ++i)
      if (first + i < n)
        out[first + i] = items[i];
  }
}
