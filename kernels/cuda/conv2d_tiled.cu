//===- conv2d_tiled.cu - 5 x 5 filter through shared memory ----*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of conv2d_tiled.c.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

namespace {
enum { WIDTH = 32, HEIGHT = 8, RADIUS = 2, SIDE = 2 * RADIUS + 1 };
} // namespace

extern "C" __global__ void conv2d_tiled(const float *__restrict__ in,
                                        const float *__restrict__ weights,
                                        float *__restrict__ out, uint32_t width,
                                        uint32_t height) {
  __shared__ float samples[HEIGHT + 2 * RADIUS][WIDTH + 2 * RADIUS];
  __shared__ float sharedWeights[SIDE * SIDE];
  uint32_t tx = threadIdx.x, ty = threadIdx.y;
  uint32_t x0 = blockIdx.x * WIDTH, y0 = blockIdx.y * HEIGHT;
  uint32_t thread = ty * WIDTH + tx;
  if (thread < SIDE * SIDE)
    sharedWeights[thread] = weights[thread];
  for (uint32_t j = ty; j < HEIGHT + 2 * RADIUS; j += HEIGHT) {
    for (uint32_t i = tx; i < WIDTH + 2 * RADIUS; i += WIDTH) {
      uint32_t x = x0 + i - RADIUS, y = y0 + j - RADIUS;
      samples[j][i] = x < width && y < height ? in[y * width + x] : 0.0f;
    }
  }
  __syncthreads();

  uint32_t x = x0 + tx, y = y0 + ty;
  if (x >= width || y >= height)
    return;
  float sum = 0.0f;
#pragma unroll
  for (uint32_t j = 0; j < SIDE; ++j)
#pragma unroll
    for (uint32_t i = 0; i < SIDE; ++i)
      sum += samples[ty + j][tx + i] * sharedWeights[j * SIDE + i];
  out[y * width + x] = sum;
}
