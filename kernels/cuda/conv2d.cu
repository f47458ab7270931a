//===- conv2d.cu - 3 x 3 filter --------------------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of conv2d.c.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

extern "C" __global__ void conv2d(const float *__restrict__ in,
                                  const float *__restrict__ weights,
                                  float *__restrict__ out, uint32_t width,
                                  uint32_t height) {
  uint32_t x = blockIdx.x * blockDim.x + threadIdx.x;
  uint32_t y = blockIdx.y * blockDim.y + threadIdx.y;
  if (x >= width || y >= height)
    return;
  float sum = 0.0f;
  for (uint32_t j = 0; j < 3; ++j) {
    for (uint32_t i = 0; i < 3; ++i) {
      // Unsigned: left of and above the image wrap to huge values.
      uint32_t sampleX = x + i - 1;
      uint32_t sampleY = y + j - 1;
      if (sampleX < width && sampleY < height)
        sum += in[sampleY * width + sampleX] * weights[j * 3 + i];
    }
  }
  out[y * width + x] = sum;
}
