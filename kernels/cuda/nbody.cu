//===- nbody.cu - gravity among n bodies -----------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of nbody.c.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

namespace {
enum { THREADS = 128 };
} // namespace

extern "C" __global__ void nbody(const float4 *__restrict__ bodies,
                                 float4 *__restrict__ accelerations,
                                 uint32_t n) {
  __shared__ float4 tile[THREADS];
  uint32_t id = blockIdx.x * blockDim.x + threadIdx.x, thread = threadIdx.x;
  float4 own = bodies[id < n ? id : n - 1];
  float ax = 0.0f, ay = 0.0f, az = 0.0f;
  for (uint32_t first = 0; first < n; first += THREADS) {
    uint32_t count = n - first < THREADS ? n - first : THREADS;
    if (thread < count)
      tile[thread] = bodies[first + thread];
    __syncthreads();
    for (uint32_t j = 0; j < count; ++j) {
      float4 other = tile[j];
      float x = other.x - own.x, y = other.y - own.y, z = other.z - own.z;
      float squared = x * x + y * y + z * z + 0.01f;
      float inverse = 1.0f / sqrtf(squared);
      float pull = other.w * inverse * inverse * inverse;
      ax += x * pull;
      ay += y * pull;
      az += z * pull;
    }
    __syncthreads();
  }
  if (id < n)
    accelerations[id] = make_float4(ax, ay, az, 0.0f);
}
