//===- reduction.cu - sum of an array --------------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of reduction.c: the same algorithm and the same order of sums.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

namespace {
__shared__ float warps[32];
__shared__ uint32_t last;

__device__ float blockSum(float sum) {
  uint32_t lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  for (uint32_t delta = 16; delta > 0; delta /= 2)
    sum += __shfl_down_sync(~0u, sum, delta);
  if (lane == 0)
    warps[warp] = sum;
  __syncthreads();
  if (warp == 0) {
    sum = lane < blockDim.x / 32 ? warps[lane] : 0.0f;
    for (uint32_t delta = 16; delta > 0; delta /= 2)
      sum += __shfl_down_sync(~0u, sum, delta);
  }
  return sum;
}
} // namespace

extern "C" __global__ void reduction(const float *__restrict__ in,
                                     float *partials, uint32_t *done,
                                     float *out, uint32_t n) {
  float sum = 0.0f;
  for (uint32_t i = blockIdx.x * blockDim.x + threadIdx.x; i < n;
       i += gridDim.x * blockDim.x)
    sum += in[i];
  sum = blockSum(sum);

  if (threadIdx.x == 0) {
    partials[blockIdx.x] = sum;
    __threadfence();
    last = atomicAdd(done, 1) == gridDim.x - 1;
    __threadfence();
  }
  __syncthreads();
  if (!last)
    return;

  sum = 0.0f;
  for (uint32_t i = threadIdx.x; i < gridDim.x; i += blockDim.x)
    sum += partials[i];
  sum = blockSum(sum);
  if (threadIdx.x == 0) {
    *out = sum;
    *done = 0;
  }
}
