//===- conv2d.c - 3 x 3 filter of an image ------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Filters a row-major image of one channel with nine weights. The output has
// the input's size: samples outside the image count as zero. The filter is
// applied as it stands (cross-correlation, as in machine learning; not
// mirrored). Launch with at least `width` threads in x and `height` in y.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

TW_KERNEL(conv2d)
(const float *in, const float *weights, float *out, uint32_t width,
 uint32_t height) {
  uint32_t x = tw_global_id_x();
  uint32_t y = tw_global_id_y();
  if (x >= width || y >= height)
    return;
  float sum = 0.0f;
  for (uint32_t j = 0; j < 3; ++j) {
    for (uint32_t i = 0; i < 3; ++i) {
      // Unsigned: left of and above the image wrap to huge values, so one
      // comparison per direction tells outside from inside.
      uint32_t sampleX = x + i - 1;
      uint32_t sampleY = y + j - 1;
      if (sampleX < width && sampleY < height)
        sum += in[sampleY * width + sampleX] * weights[j * 3 + i];
    }
  }
  out[y * width + x] = sum;
}
