//===- bitonic_sort.c - sorts arrays of 1,024 keys ----------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sorts a batch of arrays of 1,024 unsigned keys in place, one block each, by
// Batcher's bitonic network. Steps over a distance below 32 stay within a warp
// and exchange keys by shuffles; the others go through shared memory. Launch
// with one block of 1,024 threads per array.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

enum { KEYS = 1024 };

typedef uint32_t Keys[KEYS];

TW_KERNEL(bitonic_sort)(uint32_t *keys) {
  Keys *shared = TW_SHARED(Keys);
  uint32_t thread = tw_thread_id_x();
  uint32_t *mine = &keys[tw_block_id_x() * KEYS + thread];
  uint32_t key = *mine;
  for (uint32_t size = 2; size <= KEYS; size *= 2) {
    for (uint32_t distance = size / 2; distance > 0; distance /= 2) {
      uint32_t other;
      if (distance < TW_WARP_SIZE) {
        other = tw_shuffle_xor_u32(TW_ALL_LANES, key, distance);
      } else {
        (*shared)[thread] = key;
        tw_barrier();
        other = (*shared)[thread ^ distance];
        tw_barrier();
      }
      // Runs of `size` keys alternate between ascending and descending.
      int ascending = (thread & size) == 0, lower = (thread & distance) == 0;
      uint32_t small = key < other ? key : other;
      uint32_t large = key < other ? other : key;
      key = lower == ascending ? small : large;
    }
  }
  *mine = key;
}
