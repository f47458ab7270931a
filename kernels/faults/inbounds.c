//===- inbounds.c - the twin of oob.c that stays inside -----------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As oob.c, but `culprit` stores to the first element of `out`'s second half,
// which no other thread writes: `out` has 2 * n elements. A runtime that
// reports a trap for every launch passes oob.c's test and fails this one.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

TW_KERNEL(inbounds)(uint32_t *out, uint32_t n, uint32_t culprit) {
  uint32_t i = tw_global_id_x();
  if (i >= n)
    return;
  uint32_t *target = i == culprit ? &out[n] : &out[i];
  *target = i;
}
