//===- tw.h - guest kernels as native functions -------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes the place of include/tw.h where a guest's source is compiled for the
// machine itself: a kernel becomes an inline function with one parameter more,
// which says where the thread is. Pointers are the machine's own and nothing is
// checked. Has what a kernel needs whose threads do not meet; those of others
// (barriers, shared memory) do not compile with it.
//
//===----------------------------------------------------------------------===//

#ifndef TW_NATIVE_H
#define TW_NATIVE_H

#include <stdint.h>

struct tw_dims {
  uint32_t x, y, z;
};

/// Where a thread is. Passed by value and made of loop variables, so that it
/// stays in registers once the kernel is inlined.
struct tw_place {
  struct tw_dims thread, block, block_dim, grid_dim;
};

#define TW_INLINE static inline __attribute__((always_inline, unused))

// TW_KERNEL(name)(parameters...): the second macro takes the parameters, which
// follow its name only once the first has been replaced.
#define TW_KERNEL(name) TW_INLINE void name TW_NATIVE_PARAMETERS
#define TW_NATIVE_PARAMETERS(...) (struct tw_place tw_self, __VA_ARGS__)

#define tw_thread_id_x() tw_self.thread.x
#define tw_thread_id_y() tw_self.thread.y
#define tw_block_dim_x() tw_self.block_dim.x
#define tw_block_dim_y() tw_self.block_dim.y
#define tw_global_id_x()                                                       \
  (tw_self.block.x * tw_self.block_dim.x + tw_self.thread.x)
#define tw_global_id_y()                                                       \
  (tw_self.block.y * tw_self.block_dim.y + tw_self.thread.y)

TW_INLINE float tw_sqrtf(float x) { return __builtin_sqrtf(x); }

#endif // TW_NATIVE_H
