//===- tw/arith.h - arithmetic beyond the operators of C ----------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What C's operators do not say and a device has an instruction for. Operators
// are IEEE 754, each rounded to nearest even by itself; a NaN that becomes
// observable has one pattern on all devices.
//
//===----------------------------------------------------------------------===//

#ifndef TW_ARITH_H
#define TW_ARITH_H

#include "base.h"

//===-- Exact ------------------------------------------------------------===//

/// a * b + c with one rounding, exactly IEEE 754 fusedMultiplyAdd. WebAssembly
/// has no such instruction, and a * b + c written out is never fused: it
/// rounds twice on every device.
TW_IMPORT("fma_f32") float tw_fmaf(float a, float b, float c);
TW_IMPORT("fma_f64") double tw_fma(double a, double b, double c);

/// 1 / sqrt(x): of a float computed in double precision and rounded once; of a
/// double, square root and quotient each rounded.
TW_IMPORT("rsqrt_f32") float tw_rsqrtf(float x);
TW_IMPORT("rsqrt_f64") double tw_rsqrt(double x);

/// Single WebAssembly instructions, hence the same bits everywhere.
TW_INLINE float tw_sqrtf(float x) { return __builtin_sqrtf(x); }
TW_INLINE double tw_sqrt(double x) { return __builtin_sqrt(x); }
TW_INLINE float tw_fabsf(float x) { return __builtin_fabsf(x); }
TW_INLINE float tw_floorf(float x) { return __builtin_floorf(x); }
TW_INLINE float tw_rintf(float x) { return __builtin_rintf(x); }
TW_INLINE float tw_copysignf(float x, float sign) {
  return __builtin_copysignf(x, sign);
}
/// A NaN wins, -0 < +0: unlike C's fminf, which prefers the number.
TW_INLINE float tw_minf(float a, float b) {
  return __builtin_wasm_min_f32(a, b);
}
TW_INLINE float tw_maxf(float a, float b) {
  return __builtin_wasm_max_f32(a, b);
}

/// The bits of a float as an integer, and back.
TW_INLINE uint32_t tw_float_as_uint(float x) {
  return __builtin_bit_cast(uint32_t, x);
}
TW_INLINE float tw_uint_as_float(uint32_t bits) {
  return __builtin_bit_cast(float, bits);
}

//===-- Fast -------------------------------------------------------------===//
//
// The GPU's `.approx` instructions, with the errors that the PTX ISA states for
// them; elsewhere the function, rounded to float. So results differ between
// devices: verify them with a tolerance. tw_math.h has functions that do not.

/// 1 / x.
TW_IMPORT("fast_rcp_f32") float tw_fast_rcpf(float x);
/// square root.
TW_IMPORT("fast_sqrt_f32") float tw_fast_sqrtf(float x);
/// 1 / sqrt(x).
TW_IMPORT("fast_rsqrt_f32") float tw_fast_rsqrtf(float x);
/// sine, of radians.
TW_IMPORT("fast_sin_f32") float tw_fast_sinf(float x);
/// cosine.
TW_IMPORT("fast_cos_f32") float tw_fast_cosf(float x);
/// 2 to the x.
TW_IMPORT("fast_exp2_f32") float tw_fast_exp2f(float x);
/// base-2 logarithm.
TW_IMPORT("fast_log2_f32") float tw_fast_log2f(float x);
/// hyperbolic tangent.
TW_IMPORT("fast_tanh_f32") float tw_fast_tanhf(float x);

/// a / b, by div.approx.f32: 2 ulp for 2^-126 <= |b| <= 2^126.
TW_IMPORT("fast_div_f32") float tw_fast_divf(float a, float b);

//===-- Four at once -----------------------------------------------------===//

/// Four numbers that are loaded and stored at once (v128; compile with
/// -msimd128). On a GPU one 16-byte access, if the address is a multiple of 16;
/// those named unaligned take any multiple of 4.
typedef float tw_f32x4 __attribute__((vector_size(16)));
typedef uint32_t tw_u32x4 __attribute__((vector_size(16)));

// The empty asm keeps clang from loading the elements one by one where they are
// used one by one.
#define TW_FOUR_AT_ONCE(T, type)                                               \
  typedef tw_##T##x4 tw_##T##x4_unaligned __attribute__((aligned(4)));         \
  TW_INLINE tw_##T##x4 tw_load_##T##x4(const type *p) {                        \
    tw_##T##x4 v = *(const tw_##T##x4 *)__builtin_assume_aligned(p, 16);       \
    __asm__("" : "+r"(v));                                                     \
    return v;                                                                  \
  }                                                                            \
  TW_INLINE tw_##T##x4 tw_load_##T##x4_unaligned(const type *p) {              \
    tw_##T##x4 v = *(const tw_##T##x4_unaligned *)p;                           \
    __asm__("" : "+r"(v));                                                     \
    return v;                                                                  \
  }                                                                            \
  TW_INLINE void tw_store_##T##x4(type *p, tw_##T##x4 v) {                     \
    *(tw_##T##x4 *)__builtin_assume_aligned(p, 16) = v;                        \
  }                                                                            \
  TW_INLINE void tw_store_##T##x4_unaligned(type *p, tw_##T##x4 v) {           \
    *(tw_##T##x4_unaligned *)p = v;                                            \
  }

TW_FOUR_AT_ONCE(f32, float)
TW_FOUR_AT_ONCE(u32, uint32_t)

#undef TW_FOUR_AT_ONCE

#endif // TW_ARITH_H
