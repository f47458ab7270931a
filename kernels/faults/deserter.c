//===- deserter.c - one thread that never reaches the barrier -----*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Thread `deserter` of the grid runs into `unreachable`, which ends it, while the
// others of its block wait for all that are left. Each then reads what its neighbour
// has left in shared memory: number + 1, or 0 from the one that was not there.
// With a `deserter` beyond the grid nobody traps.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

typedef struct {
  uint32_t marks[1024];
} Shared;

TW_KERNEL(deserter)(uint32_t *out, uint32_t n, uint32_t deserter) {
  Shared *shared = TW_SHARED(Shared);
  uint32_t thread = tw_thread_id_x(), i = tw_global_id_x();
  if (i == deserter)
    __builtin_trap();
  shared->marks[thread] = i + 1;
  tw_barrier();
  if (i < n)
    out[i] = shared->marks[(thread + 1) % tw_block_dim_x()];
}
