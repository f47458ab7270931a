//===- tw/matrix.h - matrix units ---------------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of small matrices by the whole warp: tensor cores on a GPU.
//
//===----------------------------------------------------------------------===//

#ifndef TW_MATRIX_H
#define TW_MATRIX_H

#include "base.h"

//===-- Elements ---------------------------------------------------------===//

/// IEEE 754 binary16 and bfloat16 as they lie in memory. clang for WebAssembly
/// computes with neither without a library; these convert.
typedef uint16_t tw_f16;
typedef uint16_t tw_bf16;

/// Rounds to nearest even; overflows to infinity; a NaN becomes 0x7e00.
TW_INLINE tw_f16 tw_f32_to_f16(float value) {
  uint32_t bits = __builtin_bit_cast(uint32_t, value);
  uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return 0x7e00;
  if (magnitude >= 0x477ff000) // rounds to 65536 or more
    return (tw_f16)(sign | 0x7c00);
  if (magnitude < 0x38800000) {
    // Subnormal: adding 0.5 rounds to multiples of 2^-24, the last bit.
    float shifted = __builtin_bit_cast(float, magnitude) + 0.5f;
    return (tw_f16)(sign |
                    (__builtin_bit_cast(uint32_t, shifted) - 0x3f000000));
  }
  magnitude += 0xfff + (magnitude >> 13 & 1);
  return (tw_f16)(sign | (magnitude - 0x38000000) >> 13);
}

/// Exact; NaNs keep their payload.
TW_INLINE float tw_f16_to_f32(tw_f16 half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, magnitude = half & 0x7fff;
  if (magnitude >= 0x7c00)
    return __builtin_bit_cast(float, sign | 0x7f800000 | magnitude << 13);
  // 2^112 is the quotient of the formats' exponent biases.
  float scaled = __builtin_bit_cast(float, magnitude << 13) * 0x1p112f;
  return __builtin_bit_cast(float, sign | __builtin_bit_cast(uint32_t, scaled));
}

/// Rounds to nearest even; a NaN becomes 0x7fc0.
TW_INLINE tw_bf16 tw_f32_to_bf16(float value) {
  uint32_t bits = __builtin_bit_cast(uint32_t, value);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return 0x7fc0;
  return (tw_bf16)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/// Exact.
TW_INLINE float tw_bf16_to_f32(tw_bf16 value) {
  return __builtin_bit_cast(float, (uint32_t)value << 16);
}

//===-- Operations -------------------------------------------------------===//
//
// Each thread has eight fragments of A (0 to 7), eight of B (0 to 7) and
// sixteen accumulators of float (0 to 15), named by constants. All three are 16
// x 16; with tf32 A is 16 x 8 and B 8 x 16. In CUDA these are wmma::fragment
// variables.
//
// All 32 lanes of the warp call an operation together, with the same arguments.
// `from` and `to` are multiples of 32 bytes, stride * element size is one of 16
// ("unaligned matrix" else), and every element is in bounds. `row`: elements of
// a row follow one another, and rows are `stride` elements apart; `col`:
// columns.
//
// A fragment is zero until it is set. An operand must have been loaded with the
// element type that multiplies it.
//
// A GPU rounds its sums in an order of its own: for one product, results differ
// from the exact sum rounded once, which the host device and the interpreter
// give, by at most 2^-22 * (K + 1) * (|C| + sum |a * b|), K = 16, or 8 for
// tf32. bf16 and tf32 need sm_80.

/// Every element of accumulator `c` becomes `value`.
TW_IMPORT_TOGETHER("matrix_fill_f32")
void tw_matrix_fill_f32(uint32_t c, float value);

/// Loads a fragment of A or B. tf32 is stored as float; its low 13 bits count
/// for nothing.
TW_IMPORT_TOGETHER("matrix_load_a_f16_row")
void tw_matrix_load_a_f16_row(uint32_t a, const tw_f16 *from, uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_a_f16_col")
void tw_matrix_load_a_f16_col(uint32_t a, const tw_f16 *from, uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_a_bf16_row")
void tw_matrix_load_a_bf16_row(uint32_t a, const tw_bf16 *from,
                               uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_a_bf16_col")
void tw_matrix_load_a_bf16_col(uint32_t a, const tw_bf16 *from,
                               uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_a_tf32_row")
void tw_matrix_load_a_tf32_row(uint32_t a, const float *from, uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_a_tf32_col")
void tw_matrix_load_a_tf32_col(uint32_t a, const float *from, uint32_t stride);

TW_IMPORT_TOGETHER("matrix_load_b_f16_row")
void tw_matrix_load_b_f16_row(uint32_t b, const tw_f16 *from, uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_b_f16_col")
void tw_matrix_load_b_f16_col(uint32_t b, const tw_f16 *from, uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_b_bf16_row")
void tw_matrix_load_b_bf16_row(uint32_t b, const tw_bf16 *from,
                               uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_b_bf16_col")
void tw_matrix_load_b_bf16_col(uint32_t b, const tw_bf16 *from,
                               uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_b_tf32_row")
void tw_matrix_load_b_tf32_row(uint32_t b, const float *from, uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_b_tf32_col")
void tw_matrix_load_b_tf32_col(uint32_t b, const float *from, uint32_t stride);

/// Loads an accumulator.
TW_IMPORT_TOGETHER("matrix_load_f32_row")
void tw_matrix_load_f32_row(uint32_t c, const float *from, uint32_t stride);
TW_IMPORT_TOGETHER("matrix_load_f32_col")
void tw_matrix_load_f32_col(uint32_t c, const float *from, uint32_t stride);

/// C[d] = A[a] * B[b] + C[c].
TW_IMPORT_TOGETHER("matrix_mma_f16")
void tw_matrix_mma_f16(uint32_t d, uint32_t a, uint32_t b, uint32_t c);
TW_IMPORT_TOGETHER("matrix_mma_bf16")
void tw_matrix_mma_bf16(uint32_t d, uint32_t a, uint32_t b, uint32_t c);
TW_IMPORT_TOGETHER("matrix_mma_tf32")
void tw_matrix_mma_tf32(uint32_t d, uint32_t a, uint32_t b, uint32_t c);

/// Stores an accumulator.
TW_IMPORT_TOGETHER("matrix_store_f32_row")
void tw_matrix_store_f32_row(uint32_t c, float *to, uint32_t stride);
TW_IMPORT_TOGETHER("matrix_store_f32_col")
void tw_matrix_store_f32_col(uint32_t c, float *to, uint32_t stride);

#endif // TW_MATRIX_H
