//===- histogram.cu - how often each byte occurs ---------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of histogram.c.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

namespace {
enum { BINS = 256, WARPS = 8 };
} // namespace

extern "C" __global__ void histogram(const uint8_t *__restrict__ in,
                                     uint32_t *__restrict__ bins, uint32_t n) {
  __shared__ uint32_t shared[WARPS][BINS];
  for (uint32_t i = 0; i < WARPS; ++i)
    shared[i][threadIdx.x] = 0;
  __syncthreads();
  uint32_t *counts = shared[threadIdx.x / 32];
  const uint32_t *words = reinterpret_cast<const uint32_t *>(in);
  uint32_t id = blockIdx.x * blockDim.x + threadIdx.x;
  for (uint32_t i = id; i < n / 4; i += gridDim.x * blockDim.x) {
    uint32_t word = words[i];
    atomicAdd(&counts[word & 255], 1);
    atomicAdd(&counts[word >> 8 & 255], 1);
    atomicAdd(&counts[word >> 16 & 255], 1);
    atomicAdd(&counts[word >> 24], 1);
  }
  if (id < n % 4)
    atomicAdd(&counts[in[n - 1 - id]], 1);
  __syncthreads();
  uint32_t bin = threadIdx.x, count = 0;
  for (uint32_t i = 0; i < WARPS; ++i)
    count += shared[i][bin];
  if (count)
    atomicAdd(&bins[bin], count);
}
