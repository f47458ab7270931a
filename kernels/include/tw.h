//===- tw.h - the guest's view of the device ----------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The device SDK of a guest module, for C and C++. A kernel is an exported
// function that the runtime launches as a grid: a grid of blocks, a block of
// threads, each thread one WebAssembly activation of the function, all of them
// on the same linear memory. Compile with the options in tw.cfg:
//
//   clang-22 --config=<sdk>/tw.cfg saxpy.c -o saxpy.wasm
//
// The functions are imports of the module "tw", or inline functions made of
// them; an engine that runs the module elsewhere has to provide them.
// docs/DeviceInterface.md defines each import; docs/WritingKernels.md is the
// guide. All have one meaning on a GPU, on the host device and in the
// interpreter that checks them; the comments say where there are exceptions.
//
//   tw/thread.h  kernels, and where a thread is
//   tw/warp.h    barriers and fences; shuffles, votes, reductions
//   tw/shared.h  the block's shared memory, asynchronous copies into it
//   tw/atomic.h  atomic operations with an order and a scope
//   tw/arith.h   fused multiply-add, the GPU's fast functions, f32x4
//   tw/matrix.h  matrix units
//   tw/print.h   printf, abort, clocks
//   tw_math.h    (not included here) expf, logf, sinf ... in plain C
//
// What a kernel may rely on, and what it may not:
//  - Threads run in no particular order, and meet only in the operations of
//    tw/warp.h. Two threads that access the same byte of memory without such
//    an operation in between, one of them writing and not both by tw/atomic.h,
//    race: what either sees is unspecified, but it is always some byte that
//    was written there, and never one outside linear memory.
//  - An access outside linear memory, a division by zero and the like stop the
//    thread that did it and fail the launch with a trap; the other threads run
//    to their end, and wait for the stopped one no longer.
//  - Static variables are shared by all threads, as in a C program; local ones
//    are the thread's own, also when their address is taken.
//
//
//===----------------------------------------------------------------------===//

#ifndef TW_H
#define TW_H

#include <stdint.h>

#include "tw/base.h"

#include "tw/arith.h"
#include "tw/atomic.h"
#include "tw/matrix.h"
#include "tw/print.h"
#include "tw/shared.h"
#include "tw/thread.h"
#include "tw/warp.h"

#endif // TW_H
