//===- tw/base.h - how kernels and imports are declared -----------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The macros that the other headers of the SDK are made of, and the two that
// kernels use: TW_KERNEL and TW_EXPORT.
//
//===----------------------------------------------------------------------===//

#ifndef TW_BASE_H
#define TW_BASE_H

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

#define TW_IMPORT_WITH(name, ...)                                              \
  TW_EXTERN_C                                                                  \
      __attribute__((import_module("tw"), import_name(name), __VA_ARGS__))

/// A function of module "tw" whose result depends on its arguments and on the
/// calling thread only (`const`), so that the compiler may merge its calls and
/// drop those without use.
#define TW_IMPORT(name) TW_IMPORT_WITH(name, const, nothrow)

/// One that reads or writes memory, or whose calls must stay as they are.
#define TW_IMPORT_EFFECT(name) TW_IMPORT_WITH(name, nothrow)

/// One that threads call together. `convergent` forbids the compiler to make
/// such a call depend on a condition that it did not depend on before: threads
/// that were to call it together would call it apart. Callers are treated so
/// too (-fconvergent-functions in tw.cfg).
#define TW_IMPORT_TOGETHER(name) TW_IMPORT_WITH(name, convergent, nothrow)

#define TW_INLINE static inline __attribute__((always_inline, unused))

#endif // TW_BASE_H
