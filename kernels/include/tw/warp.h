//===- tw/warp.h - what threads do together -----------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Barriers of a block, and operations of a warp. Do not call them where only
// some of the threads that must take part come by.
//
//===----------------------------------------------------------------------===//

#ifndef TW_WARP_H
#define TW_WARP_H

#include "base.h"

//===-- Block barrier and fences -----------------------------------------===//

/// Waits until all live threads of the block have arrived at a barrier, not
/// necessarily at this place in the code. What each wrote before to linear or
/// shared memory, all see after it. Every live thread must arrive: on a GPU the
/// launch hangs else; the host device and the interpreter trap where all of a
/// block's threads wait for one another ("barrier not reached by all threads").
TW_IMPORT_TOGETHER("barrier") void tw_barrier(void);

/// A barrier that also tells how many of the arriving threads have a predicate
/// other than 0; whether all have (1 or 0); whether any has. Do not mix with
/// tw_barrier: all threads arrive at the same kind.
TW_IMPORT_TOGETHER("barrier_count")
uint32_t tw_barrier_count(int32_t predicate);
TW_IMPORT_TOGETHER("barrier_and") int32_t tw_barrier_and(int32_t predicate);
TW_IMPORT_TOGETHER("barrier_or") int32_t tw_barrier_or(int32_t predicate);

/// Waits for the live threads of the warp that `mask` names, and orders their
/// accesses to memory: those before in each with those after in all.
TW_IMPORT_TOGETHER("warp_sync") void tw_warp_sync(uint32_t mask);

/// Orders this thread's accesses before with those after, sequentially
/// consistent, as seen by the block, by the device, or by host and all devices.
/// Waits for nobody.
TW_IMPORT_EFFECT("fence_block") void tw_fence_block(void);
TW_IMPORT_EFFECT("fence_device") void tw_fence_device(void);
TW_IMPORT_EFFECT("fence_system") void tw_fence_system(void);

//===-- Warp operations --------------------------------------------------===//
//
// `mask` names lanes, bit i is lane i. All live threads in it call the same
// operation with the same mask; lanes that have exited, or that the warp does
// not have, count as absent. A thread that is not in its own mask traps
// ("thread is not in its warp mask").

#define TW_ALL_LANES 0xffffffffu

//===-- Shuffles ---------------------------------------------------------===//
//
//   tw_shuffle_idx_T(mask, v, lane)    v of that lane
//   tw_shuffle_up_T(mask, v, delta)    v of the lane that is delta lower
//   tw_shuffle_down_T(mask, v, delta)  v of the lane that is delta higher
//   tw_shuffle_xor_T(mask, v, lanes)   v of lane (own xor lanes)
//
// T is i32, u32, i64, u64, f32 or f64. A lane outside of the warp gives the own
// v. The value of an absent lane is unspecified on a GPU; elsewhere it is the
// own v. The variants with `_width` divide the warp into parts of `width`
// lanes, a power of two, whose lanes count from 0: PTX's shfl.sync with c =
// ((32 - width) & 31) << 8 | 31 (for up without the 31), which tells what any
// other width or lane does (PTX ISA, "shfl.sync").

#define TW_SHUFFLE(kind, T, type, wasm, third)                                 \
  TW_IMPORT_TOGETHER("shuffle_" #kind "_" wasm)                                \
  type tw_shuffle_##kind##_##T##_width(uint32_t mask, type v, uint32_t third,  \
                                       uint32_t width);                        \
  TW_INLINE type tw_shuffle_##kind##_##T(uint32_t mask, type v,                \
                                         uint32_t third) {                     \
    return tw_shuffle_##kind##_##T##_width(mask, v, third, 32);                \
  }
#define TW_SHUFFLES(T, type, wasm)                                             \
  TW_SHUFFLE(idx, T, type, wasm, lane)                                         \
  TW_SHUFFLE(up, T, type, wasm, delta)                                         \
  TW_SHUFFLE(down, T, type, wasm, delta)                                       \
  TW_SHUFFLE(xor, T, type, wasm, lanes)

TW_SHUFFLES(i32, int32_t, "i32")
TW_SHUFFLES(u32, uint32_t, "i32")
TW_SHUFFLES(i64, int64_t, "i64")
TW_SHUFFLES(u64, uint64_t, "i64")
TW_SHUFFLES(f32, float, "f32")
TW_SHUFFLES(f64, double, "f64")

#undef TW_SHUFFLES
#undef TW_SHUFFLE

//===-- Votes and matches ------------------------------------------------===//

/// Whether the predicate is other than 0 in all, or in any, of the
/// participants: 1 or 0. The ballot is the mask of those where it is.
TW_IMPORT_TOGETHER("vote_all") int32_t tw_vote_all(uint32_t mask, int32_t p);
TW_IMPORT_TOGETHER("vote_any") int32_t tw_vote_any(uint32_t mask, int32_t p);
TW_IMPORT_TOGETHER("vote_ballot")
uint32_t tw_vote_ballot(uint32_t mask, int32_t p);

/// The participants that have the same v as this one.
TW_IMPORT_TOGETHER("match_any_i32")
uint32_t tw_match_any_i32(uint32_t mask, int32_t v);
TW_IMPORT_TOGETHER("match_any_i64")
uint32_t tw_match_any_i64(uint32_t mask, int64_t v);

/// The participants if all of them have the same v, else 0.
TW_IMPORT_TOGETHER("match_all_i32")
uint32_t tw_match_all_i32(uint32_t mask, int32_t v);
TW_IMPORT_TOGETHER("match_all_i64")
uint32_t tw_match_all_i64(uint32_t mask, int64_t v);

//===-- Reductions -------------------------------------------------------===//
//
//   tw_warp_reduce_OP_T(mask, v)  over the participants
//   tw_block_reduce_OP_T(v)       over the live threads of the block: all of
//                                 them must call it; it is a barrier too
//
// OP is add, min, max, and for integers also and, or, xor. Every participant
// gets the result. Sums of integers wrap; min and max of floats are
// WebAssembly's (a NaN wins, -0 < +0). The order is fixed, so that floats give
// the same bits everywhere: a full warp does v = v OP v(lane xor k), k = 16, 8,
// 4, 2, 1; one with fewer participants goes from the lowest lane up; a block
// takes the results of its warps from the lowest up.

#define TW_REDUCE(OP, T, type, wasm)                                           \
  TW_IMPORT_TOGETHER("warp_reduce_" wasm)                                      \
  type tw_warp_reduce_##OP##_##T(uint32_t mask, type v);                       \
  TW_IMPORT_TOGETHER("block_reduce_" wasm)                                     \
  type tw_block_reduce_##OP##_##T(type v);
#define TW_REDUCES(T, type, wasm, sign)                                        \
  TW_REDUCE(add, T, type, "add_" wasm)                                         \
  TW_REDUCE(min, T, type, "min" sign "_" wasm)                                 \
  TW_REDUCE(max, T, type, "max" sign "_" wasm)
#define TW_REDUCES_BITS(T, type, wasm)                                         \
  TW_REDUCE(and, T, type, "and_" wasm)                                         \
  TW_REDUCE(or, T, type, "or_" wasm)                                           \
  TW_REDUCE(xor, T, type, "xor_" wasm)

TW_REDUCES(i32, int32_t, "i32", "_s")
TW_REDUCES(u32, uint32_t, "i32", "_u")
TW_REDUCES(i64, int64_t, "i64", "_s")
TW_REDUCES(u64, uint64_t, "i64", "_u")
TW_REDUCES(f32, float, "f32", "")
TW_REDUCES(f64, double, "f64", "")
TW_REDUCES_BITS(i32, int32_t, "i32")
TW_REDUCES_BITS(u32, uint32_t, "i32")
TW_REDUCES_BITS(i64, int64_t, "i64")
TW_REDUCES_BITS(u64, uint64_t, "i64")

#undef TW_REDUCES_BITS
#undef TW_REDUCES
#undef TW_REDUCE

#endif // TW_WARP_H
