//===- nbody.c - gravity among n bodies ---------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accelerations of n bodies by each other's gravity, softened: for body i the
// sum over all j of m_j * r / (|r|^2 + 0.01)^(3/2), r from i to j. A body is
// four floats: x, y, z and its mass; an acceleration is x, y, z and 0. Each
// thread has a body of its own; the others pass through shared memory, a
// block's worth at a time. Square root and quotient are IEEE's. Launch with
// ceil(n / 128) blocks of 128 threads.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

enum { THREADS = 128 };

typedef float Tile[THREADS][4];

TW_KERNEL(nbody)(const float *bodies, float *accelerations, uint32_t n) {
  Tile *tile = TW_SHARED(Tile);
  uint32_t id = tw_global_id_x(), thread = tw_thread_id_x();
  tw_f32x4 own = tw_load_f32x4(&bodies[4 * (id < n ? id : n - 1)]);
  float ox = own[0], oy = own[1], oz = own[2];
  float ax = 0.0f, ay = 0.0f, az = 0.0f;
  for (uint32_t first = 0; first < n; first += THREADS) {
    uint32_t count = n - first < THREADS ? n - first : THREADS;
    if (thread < count)
      tw_store_f32x4((*tile)[thread],
                     tw_load_f32x4(&bodies[4 * (first + thread)]));
    tw_barrier();
    for (uint32_t j = 0; j < count; ++j) {
      tw_f32x4 other = tw_load_f32x4((*tile)[j]);
      float x = other[0] - ox, y = other[1] - oy, z = other[2] - oz;
      float squared = x * x + y * y + z * z + 0.01f;
      float inverse = 1.0f / tw_sqrtf(squared);
      float pull = other[3] * inverse * inverse * inverse;
      ax += x * pull;
      ay += y * pull;
      az += z * pull;
    }
    tw_barrier();
  }
  if (id < n)
    tw_store_f32x4(&accelerations[4 * id], (tw_f32x4){ax, ay, az, 0.0f});
}
