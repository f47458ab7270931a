//===- matmul.c - C = A * B, one thread per element ---------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The naive product of an m x k by a k x n matrix, row-major: thread (x, y)
// runs the inner loop for element (row y, column x). Products and sums round
// separately, in order of the inner index, so that every device gives the same
// bits. Launch with at least n threads in x and m in y.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

TW_KERNEL(matmul)
(const float *a, const float *b, float *c, uint32_t m, uint32_t n, uint32_t k) {
  uint32_t column = tw_global_id_x();
  uint32_t row = tw_global_id_y();
  if (row >= m || column >= n)
    return;
  float sum = 0.0f;
  for (uint32_t i = 0; i < k; ++i)
    sum += a[row * k + i] * b[i * n + column];
  c[row * n + column] = sum;
}
