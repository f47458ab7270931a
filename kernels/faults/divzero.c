//===- divzero.c - integer division by an argument ----------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Divides by a launch argument: with zero every thread below n faults, and the
// launch must fail with "integer divide by zero"; with anything else it
// succeeds.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

TW_KERNEL(divzero)(uint32_t *out, uint32_t n, uint32_t divisor) {
  uint32_t i = tw_global_id_x();
  if (i < n)
    out[i] = (1000 + i) / divisor;
}
