//===- histogram.c - how often each byte occurs -------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts the 256 values of n bytes. Each block counts in shared memory, with
// one histogram per warp against crowding, and adds its counts to the result;
// `bins` starts as zeros. Four bytes are read at once. Launch with blocks of
// 256 threads, as many as keep the device busy; `in` 4-byte aligned.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

enum { BINS = 256, WARPS = 8 };

struct Shared {
  uint32_t counts[WARPS][BINS];
};

TW_KERNEL(histogram)(const uint8_t *in, uint32_t *bins, uint32_t n) {
  // Shared memory starts as zeros.
  struct Shared *shared = TW_SHARED(struct Shared);
  uint32_t *counts = shared->counts[tw_warp_id()];
  const uint32_t *words = (const uint32_t *)in;
  for (uint32_t i = tw_global_id_x(); i < n / 4; i += tw_global_dim_x()) {
    uint32_t word = words[i];
    tw_atomic_add_u32(&counts[word & 255], 1);
    tw_atomic_add_u32(&counts[word >> 8 & 255], 1);
    tw_atomic_add_u32(&counts[word >> 16 & 255], 1);
    tw_atomic_add_u32(&counts[word >> 24], 1);
  }
  if (tw_global_id_x() < n % 4)
    tw_atomic_add_u32(&counts[in[n - 1 - tw_global_id_x()]], 1);
  tw_barrier();
  uint32_t bin = tw_thread_id_x(), count = 0;
  for (uint32_t i = 0; i < WARPS; ++i)
    count += shared->counts[i][bin];
  if (count)
    tw_atomic_add_u32(&bins[bin], count);
}
