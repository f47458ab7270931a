//===- tw/atomic.h - atomic operations ----------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Atomic operations on linear and shared memory. T is i32, u32, i64, u64, f32
// or f64:
//
//   T    tw_atomic_add_T(T *p, T v)      *p = *p + v, integers wrap
//   T    tw_atomic_min_T(T *p, T v)      the smaller; of floats WebAssembly's
//   T    tw_atomic_max_T(T *p, T v)        f32.min: a NaN wins, -0 < +0
//   T    tw_atomic_and_T(T *p, T v)      integers only, as are `or` and `xor`
//   T    tw_atomic_xchg_T(T *p, T v)     *p = v
//   T    tw_atomic_cmpxchg_T(T *p, T expected, T replacement)
//                                        if *p has the bits of `expected`
//   T    tw_atomic_load_T(const T *p)
//   void tw_atomic_store_T(T *p, T v)
//
// Those with a result return what was there before. As written they are
// relaxed, among the threads of the device, like CUDA's atomicAdd and its like:
// they order no other access. Each also comes with an order and a scope in its
// name:
//
//   tw_atomic_add_i32_acq_rel_block(p, v)
//
// with the orders relaxed, acquire, release, acq_rel and seq_cst (loads:
// relaxed, acquire, seq_cst; stores: relaxed, release, seq_cst) and the scopes
// block, device, and system (host and all devices).
//
// The address must be a multiple of T's size; else the thread traps ("unaligned
// atomic"). In which order threads come is open: sums of floats differ from run
// to run in their last bits. On a GPU tw_atomic_add_f32 may flush subnormal
// numbers to zero in linear memory. The host device and the interpreter run the
// threads of a block by turns and change only at barriers and warp operations:
// a thread that spins until another thread of its block has stored waits for
// ever there.
//
//===----------------------------------------------------------------------===//

#ifndef TW_ATOMIC_H
#define TW_ATOMIC_H

#include "base.h"

#define TW_ATOMIC_READ_WRITE_(NAME, type, wasm, order, scope)                  \
  TW_IMPORT_EFFECT("atomic_" wasm "_" #order "_" #scope)                       \
  type tw_atomic_##NAME##_##order##_##scope(type *p, type v);
#define TW_ATOMIC_CMPXCHG_(NAME, type, wasm, order, scope)                     \
  TW_IMPORT_EFFECT("atomic_" wasm "_" #order "_" #scope)                       \
  type tw_atomic_##NAME##_##order##_##scope(type *p, type expected,            \
                                            type replacement);
#define TW_ATOMIC_LOAD_(NAME, type, wasm, order, scope)                        \
  TW_IMPORT_EFFECT("atomic_" wasm "_" #order "_" #scope)                       \
  type tw_atomic_##NAME##_##order##_##scope(const type *p);
#define TW_ATOMIC_STORE_(NAME, type, wasm, order, scope)                       \
  TW_IMPORT_EFFECT("atomic_" wasm "_" #order "_" #scope)                       \
  void tw_atomic_##NAME##_##order##_##scope(type *p, type v);

#define TW_SCOPES_(M, NAME, type, wasm, order)                                 \
  M(NAME, type, wasm, order, block)                                            \
  M(NAME, type, wasm, order, device)                                           \
  M(NAME, type, wasm, order, system)
#define TW_ORDERS_(M, NAME, type, wasm)                                        \
  TW_SCOPES_(M, NAME, type, wasm, relaxed)                                     \
  TW_SCOPES_(M, NAME, type, wasm, acquire)                                     \
  TW_SCOPES_(M, NAME, type, wasm, release)                                     \
  TW_SCOPES_(M, NAME, type, wasm, acq_rel)                                     \
  TW_SCOPES_(M, NAME, type, wasm, seq_cst)

#define TW_ATOMIC_READ_WRITE(NAME, type, wasm)                                 \
  TW_ORDERS_(TW_ATOMIC_READ_WRITE_, NAME, type, wasm)                          \
  TW_INLINE type tw_atomic_##NAME(type *p, type v) {                           \
    return tw_atomic_##NAME##_relaxed_device(p, v);                            \
  }
#define TW_ATOMIC_OF_ALL(T, type, wasm)                                        \
  TW_ATOMIC_READ_WRITE(add_##T, type, "add_" wasm)                             \
  TW_ATOMIC_READ_WRITE(xchg_##T, type, "xchg_" wasm)                           \
  TW_ORDERS_(TW_ATOMIC_CMPXCHG_, cmpxchg_##T, type, "cmpxchg_" wasm)           \
  TW_INLINE type tw_atomic_cmpxchg_##T(type *p, type expected,                 \
                                       type replacement) {                     \
    return tw_atomic_cmpxchg_##T##_relaxed_device(p, expected, replacement);   \
  }                                                                            \
  TW_SCOPES_(TW_ATOMIC_LOAD_, load_##T, type, "load_" wasm, relaxed)           \
  TW_SCOPES_(TW_ATOMIC_LOAD_, load_##T, type, "load_" wasm, acquire)           \
  TW_SCOPES_(TW_ATOMIC_LOAD_, load_##T, type, "load_" wasm, seq_cst)           \
  TW_INLINE type tw_atomic_load_##T(const type *p) {                           \
    return tw_atomic_load_##T##_relaxed_device(p);                             \
  }                                                                            \
  TW_SCOPES_(TW_ATOMIC_STORE_, store_##T, type, "store_" wasm, relaxed)        \
  TW_SCOPES_(TW_ATOMIC_STORE_, store_##T, type, "store_" wasm, release)        \
  TW_SCOPES_(TW_ATOMIC_STORE_, store_##T, type, "store_" wasm, seq_cst)        \
  TW_INLINE void tw_atomic_store_##T(type *p, type v) {                        \
    tw_atomic_store_##T##_relaxed_device(p, v);                                \
  }
#define TW_ATOMIC_MIN_MAX(T, type, wasm, sign)                                 \
  TW_ATOMIC_READ_WRITE(min_##T, type, "min" sign "_" wasm)                     \
  TW_ATOMIC_READ_WRITE(max_##T, type, "max" sign "_" wasm)
#define TW_ATOMIC_BITS(T, type, wasm)                                          \
  TW_ATOMIC_READ_WRITE(and_##T, type, "and_" wasm)                             \
  TW_ATOMIC_READ_WRITE(or_##T, type, "or_" wasm)                               \
  TW_ATOMIC_READ_WRITE(xor_##T, type, "xor_" wasm)

#define TW_ATOMIC_INTEGER(T, type, wasm, sign)                                 \
  TW_ATOMIC_OF_ALL(T, type, wasm)                                              \
  TW_ATOMIC_MIN_MAX(T, type, wasm, sign)                                       \
  TW_ATOMIC_BITS(T, type, wasm)
#define TW_ATOMIC_FLOAT(T, type, wasm)                                         \
  TW_ATOMIC_OF_ALL(T, type, wasm)                                              \
  TW_ATOMIC_MIN_MAX(T, type, wasm, "")

TW_ATOMIC_INTEGER(i32, int32_t, "i32", "_s")
TW_ATOMIC_INTEGER(u32, uint32_t, "i32", "_u")
TW_ATOMIC_INTEGER(i64, int64_t, "i64", "_s")
TW_ATOMIC_INTEGER(u64, uint64_t, "i64", "_u")
TW_ATOMIC_FLOAT(f32, float, "f32")
TW_ATOMIC_FLOAT(f64, double, "f64")

#undef TW_ATOMIC_FLOAT
#undef TW_ATOMIC_INTEGER
#undef TW_ATOMIC_BITS
#undef TW_ATOMIC_MIN_MAX
#undef TW_ATOMIC_OF_ALL
#undef TW_ATOMIC_READ_WRITE
#undef TW_ORDERS_
#undef TW_SCOPES_
#undef TW_ATOMIC_STORE_
#undef TW_ATOMIC_LOAD_
#undef TW_ATOMIC_CMPXCHG_
#undef TW_ATOMIC_READ_WRITE_

/// Names an operation with an order and a scope:
///
///   TW_ATOMIC(load_u32, acquire, device)(&flag)
#define TW_ATOMIC(operation, order, scope)                                     \
  tw_atomic_##operation##_##order##_##scope

#endif // TW_ATOMIC_H
