//===- tw/thread.h - where this thread is -------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The place of a thread in its block and in the grid. Indices and extents are
// unsigned and count from zero; x varies fastest among the threads of a block.
// An invocation is a grid of one thread. None of these traps or touches memory.
//
//===----------------------------------------------------------------------===//

#ifndef TW_THREAD_H
#define TW_THREAD_H

#include "base.h"

//===-- Indices and extents ----------------------------------------------===//

/// Index of this thread in its block: 0 <= thread_id < block_dim.
TW_IMPORT("thread_id_x") uint32_t tw_thread_id_x(void);
TW_IMPORT("thread_id_y") uint32_t tw_thread_id_y(void);
TW_IMPORT("thread_id_z") uint32_t tw_thread_id_z(void);

/// Index of this thread's block in the grid: 0 <= block_id < grid_dim.
TW_IMPORT("block_id_x") uint32_t tw_block_id_x(void);
TW_IMPORT("block_id_y") uint32_t tw_block_id_y(void);
TW_IMPORT("block_id_z") uint32_t tw_block_id_z(void);

/// Threads in a block, as given to the launch; at most 1,024 in all.
TW_IMPORT("block_dim_x") uint32_t tw_block_dim_x(void);
TW_IMPORT("block_dim_y") uint32_t tw_block_dim_y(void);
TW_IMPORT("block_dim_z") uint32_t tw_block_dim_z(void);

/// Blocks in the grid, as given to the launch.
TW_IMPORT("grid_dim_x") uint32_t tw_grid_dim_x(void);
TW_IMPORT("grid_dim_y") uint32_t tw_grid_dim_y(void);
TW_IMPORT("grid_dim_z") uint32_t tw_grid_dim_z(void);

/// Index of this thread in the whole grid, in one dimension. A launch is
/// rounded up to whole blocks, so compare it with the problem's size before
/// use. Wraps in a dimension of more than 2^32 threads.
TW_INLINE uint32_t tw_global_id_x(void) {
  return tw_block_id_x() * tw_block_dim_x() + tw_thread_id_x();
}
TW_INLINE uint32_t tw_global_id_y(void) {
  return tw_block_id_y() * tw_block_dim_y() + tw_thread_id_y();
}
TW_INLINE uint32_t tw_global_id_z(void) {
  return tw_block_id_z() * tw_block_dim_z() + tw_thread_id_z();
}

/// Threads in the whole grid, in one dimension: the stride of a grid-stride
/// loop.
TW_INLINE uint32_t tw_global_dim_x(void) {
  return tw_grid_dim_x() * tw_block_dim_x();
}
TW_INLINE uint32_t tw_global_dim_y(void) {
  return tw_grid_dim_y() * tw_block_dim_y();
}
TW_INLINE uint32_t tw_global_dim_z(void) {
  return tw_grid_dim_z() * tw_block_dim_z();
}

//===-- Linear order -----------------------------------------------------===//

/// Number of this thread in the grid, over all dimensions: the linear index of
/// its block (x fastest, then y, then z) times the threads of a block, plus its
/// linear index in the block.
TW_IMPORT("global_id") uint64_t tw_global_id(void);

/// A warp is 32 threads of a block that follow one another in its linear order;
/// the last may have fewer. These are the linear index of the thread in its
/// block modulo and divided by 32.
TW_IMPORT("lane_id") uint32_t tw_lane_id(void);
TW_IMPORT("warp_id") uint32_t tw_warp_id(void);

/// 32, everywhere; TW_WARP_SIZE where a constant is needed.
TW_IMPORT("warp_size") uint32_t tw_warp_size(void);
#define TW_WARP_SIZE 32

#endif // TW_THREAD_H
