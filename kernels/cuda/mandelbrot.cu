//===- mandelbrot.cu - the Mandelbrot set as a picture ---------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of mandelbrot.c. Compiled with -fmad=false it paints the same
// bits.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

namespace {
enum { PALETTE_COLORS = 6 };
__constant__ uint8_t palette[PALETTE_COLORS][3] = {
    {8, 24, 96},    {48, 128, 208}, {240, 252, 255},
    {255, 176, 16}, {128, 48, 8},   {8, 8, 32},
};
constexpr float paletteSpeed = 0.25f;

__device__ float approximateLog2(float value) {
  uint32_t bits = __float_as_uint(value);
  float exponent = static_cast<int32_t>(bits >> 23) - 127;
  float fraction = __uint_as_float((bits & 0x007fffffu) | 0x3f800000u) - 1.0f;
  return exponent + fraction * (1.3465554f - 0.3465554f * fraction);
}

__device__ uint32_t colorAt(float position) {
  uint32_t index = static_cast<uint32_t>(position);
  uint32_t weight = static_cast<uint32_t>((position - index) * 256.0f);
  const uint8_t *from = palette[index % PALETTE_COLORS];
  const uint8_t *to = palette[(index + 1) % PALETTE_COLORS];
  uint32_t color = 0xff000000u;
  for (uint32_t channel = 0; channel < 3; ++channel)
    color |= ((from[channel] * (256 - weight) + to[channel] * weight) >> 8)
             << (8 * channel);
  return color;
}
} // namespace

extern "C" __global__ void mandelbrot(uint32_t *pixels, uint32_t width,
                                      uint32_t height, uint32_t iterations) {
  uint32_t column = blockIdx.x * blockDim.x + threadIdx.x;
  uint32_t row = blockIdx.y * blockDim.y + threadIdx.y;
  if (column >= width || row >= height)
    return;

  float scale = 3.1f / width;
  float cx = (column - 0.5f * width) * scale - 0.65f;
  float cy = (row - 0.5f * height) * scale;

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
    float excess = approximateLog2(approximateLog2(xx + yy)) - 4.0f;
    float smooth = n + 1.0f - excess;
    color = colorAt(smooth < 0.0f ? 0.0f : smooth * paletteSpeed);
  }
  pixels[row * width + column] = color;
}
