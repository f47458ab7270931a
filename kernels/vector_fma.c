//===- vector_fma.c - out = fma(a, b, c) --------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Multiplies and adds three vectors of n elements with one rounding, through
// the import tw.fma_f32: the sum that a device must not get by rounding twice.
// Launch with at least n threads in x.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

TW_KERNEL(vector_fma)
(const float *a, const float *b, const float *c, float *out, uint32_t n) {
  uint32_t i = tw_global_id_x();
  if (i < n)
    out[i] = tw_fmaf(a[i], b[i], c[i]);
}
