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
// The functions below are imports of the module "tw"; an engine that runs the
// module elsewhere has to provide them. None of them traps, and none touches
// memory. Indices and extents are unsigned and count from zero; x varies
// fastest among the threads of a block.
//
// What a kernel may rely on, and what it may not:
//  - Threads run in no particular order. Two threads that access the same byte
//    of memory, one of them writing, race: what either sees is unspecified, but
//    it is always some byte, and never one outside linear memory.
//  - An access outside linear memory, a division by zero and the like stop the
//    thread that did it and fail the launch with a trap; the other threads run
//    to their end.
//  - Static variables are shared by all threads, as in a C program.
//
//===----------------------------------------------------------------------===//

#ifndef TW_H
#define TW_H

#include <stdint.h>

/// Defines a kernel and exports it under its own name:
///
///   TW_KERNEL(saxpy)(float a, const float *x, float *y, uint32_t n) {
///     uint32_t i = tw_global_id_x();
///     if (i < n)
///       y[i] = a * x[i] + y[i];
///   }
///
/// Parameters are what WebAssembly passes by value: int32_t, uint32_t, float
/// (and pointers) as 32 bits; int64_t, uint64_t, double as 64. Everything else
/// goes through memory. A kernel returns nothing.
#define TW_KERNEL(name) TW_EXPORT(#name) void name

/// Exports a definition of any type, under any name, to be invoked in a single
/// thread:
///
///   TW_EXPORT("checksum") uint32_t checksum(const uint8_t *p, uint32_t n) {
#define TW_EXPORT(name) TW_EXTERN_C __attribute__((export_name(name)))

#ifdef __cplusplus
#define TW_EXTERN_C extern "C"
#else
#define TW_EXTERN_C
#endif

/// A function of module "tw" whose result depends on its arguments and on the
/// calling thread only (`const`), so that the compiler may merge its calls.
#define TW_IMPORT(name)                                                        \
  TW_EXTERN_C __attribute__((import_module("tw"), import_name(name), const))

#define TW_INLINE static inline __attribute__((always_inline))

//===-- Where this thread is ----------------------------------------------===//

/// Index of this thread in its block: 0 <= thread_id < block_dim.
TW_IMPORT("thread_id_x") uint32_t tw_thread_id_x(void);
TW_IMPORT("thread_id_y") uint32_t tw_thread_id_y(void);
TW_IMPORT("thread_id_z") uint32_t tw_thread_id_z(void);

/// Index of this thread's block in the grid: 0 <= block_id < grid_dim.
TW_IMPORT("block_id_x") uint32_t tw_block_id_x(void);
TW_IMPORT("block_id_y") uint32_t tw_block_id_y(void);
TW_IMPORT("block_id_z") uint32_t tw_block_id_z(void);

/// Threads in a block, as given to the launch.
TW_IMPORT("block_dim_x") uint32_t tw_block_dim_x(void);
TW_IMPORT("block_dim_y") uint32_t tw_block_dim_y(void);
TW_IMPORT("block_dim_z") uint32_t tw_block_dim_z(void);

/// Blocks in the grid, as given to the launch.
TW_IMPORT("grid_dim_x") uint32_t tw_grid_dim_x(void);
TW_IMPORT("grid_dim_y") uint32_t tw_grid_dim_y(void);
TW_IMPORT("grid_dim_z") uint32_t tw_grid_dim_z(void);

/// Index of this thread in the whole grid. A launch is rounded up to whole
/// blocks, so compare it with the problem's size before use. Wraps in a
/// dimension of more than 2^32 threads.
TW_INLINE uint32_t tw_global_id_x(void) {
  return tw_block_id_x() * tw_block_dim_x() + tw_thread_id_x();
}
TW_INLINE uint32_t tw_global_id_y(void) {
  return tw_block_id_y() * tw_block_dim_y() + tw_thread_id_y();
}
TW_INLINE uint32_t tw_global_id_z(void) {
  return tw_block_id_z() * tw_block_dim_z() + tw_thread_id_z();
}

/// Threads in the whole grid: the stride of a grid-stride loop.
TW_INLINE uint32_t tw_global_dim_x(void) {
  return tw_grid_dim_x() * tw_block_dim_x();
}
TW_INLINE uint32_t tw_global_dim_y(void) {
  return tw_grid_dim_y() * tw_block_dim_y();
}
TW_INLINE uint32_t tw_global_dim_z(void) {
  return tw_grid_dim_z() * tw_block_dim_z();
}

//===-- Arithmetic --------------------------------------------------------===//

/// a * b + c with one rounding, exactly IEEE 754 fusedMultiplyAdd. WebAssembly
/// has no such instruction, and a * b + c written out is never fused: it
/// rounds twice on every device.
TW_IMPORT("fma_f32") float tw_fmaf(float a, float b, float c);
TW_IMPORT("fma_f64") double tw_fma(double a, double b, double c);

#endif // TW_H
