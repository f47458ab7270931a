//===- mandelbrot.c - the Mandelbrot set, in colour ---------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Paints the region [-2.2, 0.9] x [-1.1625, 1.1625] (scaled to the image) as
// 32-bit pixels, bytes in the order red, green, blue, alpha. Points of the set
// are black; the others are coloured by a smooth escape time: the iteration
// count plus a fraction from the logarithm of the logarithm of the final
// distance. The logarithm is a polynomial of our own, so that all arithmetic is
// IEEE addition, multiplication and division, and every device paints the same
// bits. The palette is a table in the data segment. Launch with at least
// `width` threads in x and `height` in y.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

/// Colours around the palette's cycle: deep blue, sky, white, amber, brown,
/// night. Cycling back to the first gives no visible seam.
#define PALETTE_COLORS 6
static const uint8_t palette[PALETTE_COLORS][3] = {
    {8, 24, 96},    {48, 128, 208}, {240, 252, 255},
    {255, 176, 16}, {128, 48, 8},   {8, 8, 32},
};

/// Palette colours per iteration: small, so that bands are wide.
static const float paletteSpeed = 0.25f;

/// Base-2 logarithm of a positive, normal float, to about 1e-3: the exponent,
/// and a quadratic through the mantissa's logarithm at 1, sqrt 2 and 2.
static float approximateLog2(float value) {
  union {
    float value;
    uint32_t bits;
  } pun = {value};
  float exponent = (float)((int32_t)(pun.bits >> 23) - 127);
  pun.bits = (pun.bits & 0x007fffffu) | 0x3f800000u;
  float fraction = pun.value - 1.0f;
  return exponent + fraction * (1.3465554f - 0.3465554f * fraction);
}

/// Red, green and blue of the palette at `position` >= 0, interpolated.
static uint32_t colorAt(float position) {
  uint32_t index = (uint32_t)position;
  uint32_t weight = (uint32_t)((position - (float)index) * 256.0f);
  const uint8_t *from = palette[index % PALETTE_COLORS];
  const uint8_t *to = palette[(index + 1) % PALETTE_COLORS];
  uint32_t color = 0xff000000u;
  for (uint32_t channel = 0; channel < 3; ++channel)
    color |= ((from[channel] * (256 - weight) + to[channel] * weight) >> 8)
             << (8 * channel);
  return color;
}

TW_KERNEL(mandelbrot)
(uint32_t *pixels, uint32_t width, uint32_t height, uint32_t iterations) {
  uint32_t column = tw_global_id_x();
  uint32_t row = tw_global_id_y();
  if (column >= width || row >= height)
    return;

  // Square pixels, and the region's centre in the middle of the image.
  float scale = 3.1f / (float)width;
  float cx = ((float)column - 0.5f * (float)width) * scale - 0.65f;
  float cy = ((float)row - 0.5f * (float)height) * scale;

  // A large radius makes the fraction below exact enough for smooth colours.
  const float escape = 65536.0f;
  float x = 0.0f, y = 0.0f, xx = 0.0f, yy = 0.0f;
  uint32_t n = 0;
  while (n < iterations && xx + yy < escape) {
    y = 2.0f * x * y + cy;
    x = xx - yy + cx;
    xx = x * x;
    yy = y * y;
    ++n;
  }

  uint32_t color = 0xff000000u;
  if (xx + yy >= escape) {
    // log2 |z|^2 is 16 at the radius and doubles with each iteration.
    float excess = approximateLog2(approximateLog2(xx + yy)) - 4.0f;
    float smooth = (float)n + 1.0f - excess;
    color = colorAt(smooth < 0.0f ? 0.0f : smooth * paletteSpeed);
  }
  pixels[row * width + column] = color;
}
