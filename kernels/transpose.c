//===- transpose.c - transpose of a matrix ------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Transposes a row-major matrix of floats through tiles of 32 x 32 in shared
// memory, so that both reads and writes run along rows. A row of the tile is
// one element longer: the threads of a warp then read a column from 32
// different banks. Launch with ceil(width / 32) blocks in x and ceil(height /
// 32) in y, of 32 x 8 threads.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

enum { TILE = 32, ROWS = 8 };

typedef float Tile[TILE][TILE + 1];

TW_KERNEL(transpose)
(const float *in, float *out, uint32_t width, uint32_t height) {
  Tile *tile = TW_SHARED(Tile);
  uint32_t tx = tw_thread_id_x(), ty = tw_thread_id_y();
  uint32_t x = tw_block_id_x() * TILE + tx, y = tw_block_id_y() * TILE + ty;
  for (uint32_t i = 0; i < TILE; i += ROWS)
    if (x < width && y + i < height)
      (*tile)[ty + i][tx] = in[(y + i) * width + x];
  tw_barrier();
  x = tw_block_id_y() * TILE + tx, y = tw_block_id_x() * TILE + ty;
  for (uint32_t i = 0; i < TILE; i += ROWS)
    if (x < height && y + i < width)
      out[(y + i) * height + x] = (*tile)[tx][ty + i];
}
