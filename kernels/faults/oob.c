//===- oob.c - one thread stores out of bounds --------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every thread below n stores its index, except `culprit`, which stores to the
// last four bytes of the 32-bit address space: outside any memory of less than
// 4 GiB. The launch must fail with "out of bounds memory access" and name that
// thread; the other elements must be there all the same. inbounds.c is the twin
// without the fault.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

TW_KERNEL(oob)(uint32_t *out, uint32_t n, uint32_t culprit) {
  uint32_t i = tw_global_id_x();
  if (i >= n)
    return;
  uint32_t *target = i == culprit ? (uint32_t *)0xfffffffcu : &out[i];
  *target = i;
}
