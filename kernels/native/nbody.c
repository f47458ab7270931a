//===- nbody.c - gravity among n bodies, natively -----------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What ../nbody.c computes, bit for bit, as one writes it for a CPU: there is
// no tile that the threads of a block fill together, since a cache does its
// work, and hence no barrier. All else is the guest's text.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

TW_KERNEL(nbody)(const float *bodies, float *accelerations, uint32_t n) {
  uint32_t id = tw_global_id_x();
  if (id >= n)
    return;
  const float *own = &bodies[4 * (uint64_t)id];
  float ox = own[0], oy = own[1], oz = own[2];
  float ax = 0.0f, ay = 0.0f, az = 0.0f;
  for (uint32_t j = 0; j < n; ++j) {
    const float *other = &bodies[4 * (uint64_t)j];
    float x = other[0] - ox, y = other[1] - oy, z = other[2] - oz;
    float squared = x * x + y * y + z * z + 0.01f;
    float inverse = 1.0f / tw_sqrtf(squared);
    float pull = other[3] * inverse * inverse * inverse;
    ax += x * pull;
    ay += y * pull;
    az += z * pull;
  }
  float *result = &accelerations[4 * (uint64_t)id];
  result[0] = ax;
  result[1] = ay;
  result[2] = az;
  result[3] = 0.0f;
}
