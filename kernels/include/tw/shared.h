//===- tw/shared.h - a block's shared memory ----------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a grid the addresses [1024, 1024 + size) of the kernel's memory are the
// block's own, fast on a GPU: zero when the block starts, seen by its threads
// alone, gone at its end. What linear memory has there stays untouched.
// Pointers to it are plain pointers. An access that begins in the window and
// ends outside of it traps.
//
// The window has to fit below the stack, which lies at the bottom of memory:
// tw.cfg makes that 256 KiB. In a function that is invoked, and not launched,
// there is no window: the same addresses are linear memory.
//
//===----------------------------------------------------------------------===//

#ifndef TW_SHARED_H
#define TW_SHARED_H

#include "base.h"

//===-- The window -------------------------------------------------------===//

/// Bytes of shared memory that this kernel has at least; `bytes` must be a
/// constant, at most 227 KiB (GPUs differ; a launch that asks for too much is
/// refused). Returns the window's first byte, the same for every call in a
/// kernel: unlike CUDA's __shared__ variables, two calls share their bytes. Put
/// all of a kernel's shared data into one struct.
TW_IMPORT("shared") void *tw_shared(uint32_t bytes);

/// The block's shared memory as a `type`, whose size is reserved:
///
///   struct Tiles { float a[16][17], b[16][16]; };
///   struct Tiles *tiles = TW_SHARED(struct Tiles);
///
/// 16-byte aligned at least (128 on all of today's devices).
#define TW_SHARED(type) ((type *)tw_shared((uint32_t)sizeof(type)))

/// The same memory where the launch gives the size (twrun launch
/// --shared=BYTES), as `extern __shared__` in CUDA. The window has the larger
/// of the two sizes.
TW_IMPORT("shared_base") void *tw_shared_base(void);
#define TW_SHARED_DYNAMIC(type) ((type *)tw_shared_base())

/// Bytes of the window in this launch, a multiple of 16.
TW_IMPORT("shared_size") uint32_t tw_shared_size(void);

//===-- Asynchronous copies ----------------------------------------------===//
//
// Copies 4, 8 or 16 bytes from linear into shared memory while the thread goes
// on; complete only after a wait, and for other threads after a barrier behind
// it. Both addresses multiples of the size, else the copy is done at once. GPUs
// before sm_80, the host device and the interpreter copy at once always.

TW_IMPORT_EFFECT("copy_async_4")
void tw_copy_async_4(void *to, const void *from);
TW_IMPORT_EFFECT("copy_async_8")
void tw_copy_async_8(void *to, const void *from);
TW_IMPORT_EFFECT("copy_async_16")
void tw_copy_async_16(void *to, const void *from);

/// Closes a group of this thread's copies.
TW_IMPORT_EFFECT("copy_async_commit") void tw_copy_async_commit(void);

/// Waits until at most `groups` of the last groups are open. A constant;
/// anything else waits for all.
TW_IMPORT_EFFECT("copy_async_wait") void tw_copy_async_wait(uint32_t groups);

#endif // TW_SHARED_H
