//===- bitonic_sort.cu - sorts arrays of 1,024 keys ------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of bitonic_sort.c.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

namespace {
enum { KEYS = 1024 };
} // namespace

extern "C" __global__ void bitonic_sort(uint32_t *keys) {
  __shared__ uint32_t shared[KEYS];
  uint32_t thread = threadIdx.x;
  uint32_t *mine = &keys[blockIdx.x * KEYS + thread];
  uint32_t key = *mine;
  for (uint32_t size = 2; size <= KEYS; size *= 2) {
    for (uint32_t distance = size / 2; distance > 0; distance /= 2) {
      uint32_t other;
      if (distance < 32) {
        other = __shfl_xor_sync(~0u, key, distance);
      } else {
        shared[thread] = key;
        __syncthreads();
        other = shared[thread ^ distance];
        __syncthreads();
      }
      bool ascending = (thread & size) == 0, lower = (thread & distance) == 0;
      key = lower == ascending ? min(key, other) : max(key, other);
    }
  }
  *mine = key;
}
