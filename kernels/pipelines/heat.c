//===- heat.c - heat that spreads over a plate --------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernels of heat.toml, which `twrun run` puts in order. A plate is a
// row-major matrix of temperatures from 0 to 1. Explicit steps of the heat
// equation take it from one matrix to another, so that two change places from
// step to step. Launch with at least `width` threads in x and `height` in y,
// but for `heat_rows`: one thread a row.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

/// A hot disc in the middle of a cold plate, over what noise there is.
TW_KERNEL(heat_place)(float *plate, uint32_t width, uint32_t height) {
  uint32_t x = tw_global_id_x(), y = tw_global_id_y();
  if (x >= width || y >= height)
    return;
  float dx = (float)x - 0.5f * (float)width;
  float dy = (float)y - 0.5f * (float)height;
  float radius = 0.2f * (float)width;
  float *at = plate + y * width + x;
  *at = dx * dx + dy * dy < radius * radius ? 1.0f : *at * *at * 0.25f;
}

/// One step. `rate` is the share of the difference to the mean of its four
/// neighbours that a place takes over; outside the plate it is cold.
TW_KERNEL(heat_step)
(const float *from, float *to, uint32_t width, uint32_t height, float rate) {
  uint32_t x = tw_global_id_x(), y = tw_global_id_y();
  if (x >= width || y >= height)
    return;
  const float *at = from + y * width + x;
  float sum = 0.0f;
  if (x > 0)
    sum += at[-1];
  if (x + 1 < width)
    sum += at[1];
  if (y > 0)
    sum += *(at - width);
  if (y + 1 < height)
    sum += at[width];
  to[y * width + x] = *at + rate * (0.25f * sum - *at);
}

/// The sum of each row, in the order of its columns.
TW_KERNEL(heat_rows)
(const float *plate, float *sums, uint32_t width, uint32_t height) {
  uint32_t y = tw_global_id_x();
  if (y >= height)
    return;
  float sum = 0.0f;
  for (uint32_t x = 0; x < width; ++x)
    sum += plate[y * width + x];
  sums[y] = sum;
}

/// All heat of the plate, from the sums of its rows. To be invoked.
TW_EXPORT("heat_total") float heat_total(const float *sums, uint32_t height) {
  float sum = 0.0f;
  for (uint32_t y = 0; y < height; ++y)
    sum += sums[y];
  return sum;
}

/// Colours from black by red and yellow to white, packed 0xAABBGGRR.
TW_KERNEL(heat_colour)
(const float *plate, uint32_t *pixels, uint32_t width, uint32_t height) {
  uint32_t x = tw_global_id_x(), y = tw_global_id_y();
  if (x >= width || y >= height)
    return;
  float heat = plate[y * width + x] * 3.0f;
  uint32_t pixel = 0xff000000u;
  for (uint32_t channel = 0; channel < 3; ++channel) {
    float part = heat - (float)channel;
    part = part < 0.0f ? 0.0f : part > 1.0f ? 1.0f : part;
    pixel |= (uint32_t)(part * 255.0f) << (8 * channel);
  }
  pixels[y * width + x] = pixel;
}
