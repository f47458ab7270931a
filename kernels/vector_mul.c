//===- vector_mul.c - out = a * b ---------------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Multiplies two vectors of n elements, element by element. Launch with at
// least n threads in x.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

TW_KERNEL(vector_mul)(const float *a, const float *b, float *out, uint32_t n) {
  uint32_t i = tw_global_id_x();
  if (i < n)
    out[i] = a[i] * b[i];
}
