//===- conv2d_tiled.c - 5 x 5 filter through shared memory --------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Filters a row-major image of one channel with 25 weights, as conv2d.c does
// with nine: same size, zeros outside, not mirrored. A block computes 32 x 8
// samples and keeps them in shared memory with the two samples around them that
// their neighbours need, so that each is read from memory about once. Launch
// with ceil(width / 32) blocks in x and ceil(height / 8) in y, of 32 x 8
// threads.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

enum { WIDTH = 32, HEIGHT = 8, RADIUS = 2, SIDE = 2 * RADIUS + 1 };

struct Shared {
  float samples[HEIGHT + 2 * RADIUS][WIDTH + 2 * RADIUS];
  float weights[SIDE * SIDE];
};

TW_KERNEL(conv2d_tiled)
(const float *in, const float *weights, float *out, uint32_t width,
 uint32_t height) {
  struct Shared *shared = TW_SHARED(struct Shared);
  uint32_t tx = tw_thread_id_x(), ty = tw_thread_id_y();
  uint32_t x0 = tw_block_id_x() * WIDTH, y0 = tw_block_id_y() * HEIGHT;
  uint32_t thread = ty * WIDTH + tx;
  if (thread < SIDE * SIDE)
    shared->weights[thread] = weights[thread];
  for (uint32_t j = ty; j < HEIGHT + 2 * RADIUS; j += HEIGHT) {
    for (uint32_t i = tx; i < WIDTH + 2 * RADIUS; i += WIDTH) {
      // Unsigned: left of and above the image wrap to huge values.
      uint32_t x = x0 + i - RADIUS, y = y0 + j - RADIUS;
      shared->samples[j][i] =
          x < width && y < height ? in[y * width + x] : 0.0f;
    }
  }
  tw_barrier();

  uint32_t x = x0 + tx, y = y0 + ty;
  if (x >= width || y >= height)
    return;
  float sum = 0.0f;
#pragma unroll
  for (uint32_t j = 0; j < SIDE; ++j)
#pragma unroll
    for (uint32_t i = 0; i < SIDE; ++i)
      sum += shared->samples[ty + j][tx + i] * shared->weights[j * SIDE + i];
  out[y * width + x] = sum;
}
