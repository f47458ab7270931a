//===- saxpy.c - y = a * x + y ------------------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The BLAS routine on n elements, with a scalar argument and an array that is
// read and written in place. The product and the sum round separately. Launch
// with at least n threads in x.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

TW_KERNEL(saxpy)(float a, const float *x, float *y, uint32_t n) {
  uint32_t i = tw_global_id_x();
  if (i < n)
    y[i] = a * x[i] + y[i];
}
