// vectors.c - v128 by hand: clang's intrinsics and vector extensions.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Built with -msimd128 only.

#include <wasm_simd128.h>

typedef unsigned u32;
#define EXPORT(name) __attribute__((export_name(#name)))
enum { N = 1024 };
static float a[N], b[N], c[N];
static unsigned char bytes[4 * N];

EXPORT(dot) float dot(u32 seed) {
  for (u32 i = 0; i < N; ++i) {
    seed = seed * 1664525 + 1013904223;
    a[i] = (float)(seed >> 20) * 0x1p-10f, b[i] = (float)(seed & 0xfff) - 2048;
  }
  v128_t sum = wasm_f32x4_splat(0);
  for (u32 i = 0; i < N; i += 4) {
    v128_t x = wasm_v128_load(a + i), y = wasm_v128_load(b + i);
    v128_t bounded = wasm_f32x4_pmin(wasm_f32x4_max(y, wasm_f32x4_neg(x)),
                                     wasm_f32x4_splat(1000.f));
    sum = wasm_f32x4_add(sum, wasm_f32x4_mul(x, bounded));
    wasm_v128_store(c + i, wasm_f32x4_nearest(wasm_f32x4_sqrt(x)));
  }
  return wasm_f32x4_extract_lane(sum, 0) + wasm_f32x4_extract_lane(sum, 1) +
         wasm_f32x4_extract_lane(sum, 2) + wasm_f32x4_extract_lane(sum, 3) +
         c[seed % N];
}

// Hexadecimal digits through a table: swizzle, shifts, shuffles, bit masks.
EXPORT(hex) u32 hex(u32 seed) {
  const v128_t digits = wasm_i8x16_const('0', '1', '2', '3', '4', '5', '6', '7',
                                         '8', '9', 'a', 'b', 'c', 'd', 'e', 'f');
  u32 hash = 0;
  for (u32 i = 0; i < N; i += 16) {
    v128_t in = wasm_u32x4_make(seed, seed * 3, seed * 5, seed * 7);
    in = wasm_i16x8_q15mulr_sat(in, wasm_i32x4_splat((int)(seed ^ i)));
    v128_t high = wasm_i8x16_swizzle(digits, wasm_u8x16_shr(in, 4));
    v128_t low = wasm_i8x16_swizzle(
        digits, wasm_v128_and(in, wasm_i8x16_splat(15)));
    wasm_v128_store(bytes + 2 * i,
                    wasm_i8x16_shuffle(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4,
                                       20, 5, 21, 6, 22, 7, 23));
    wasm_v128_store(bytes + 2 * i + 16,
                    wasm_i8x16_shuffle(high, low, 8, 24, 9, 25, 10, 26, 11, 27,
                                       12, 28, 13, 29, 14, 30, 15, 31));
    v128_t letters = wasm_u8x16_gt(wasm_v128_load(bytes + 2 * i),
                                   wasm_i8x16_splat('9'));
    hash = hash * 33 + wasm_i8x16_bitmask(letters) +
           (wasm_v128_any_true(letters) ? 5 : 0) +
           (u32)wasm_i32x4_extract_lane(
               wasm_i32x4_dot_i16x8(high, wasm_u16x8_extend_low_u8x16(low)), 2);
    seed = seed * 1664525 + 1013904223;
  }
  return hash;
}

// Saturating and widening integer arithmetic, conversions, lanes of memory.
EXPORT(pixels) long long pixels(u32 seed) {
  v128_t sum = wasm_i64x2_splat(0);
  for (u32 i = 0; i < 4 * N; ++i)
    bytes[i] = (unsigned char)((seed + i) * 2654435761u >> 21);
  for (u32 i = 0; i + 32 <= 4 * N; i += 16) {
    v128_t x = wasm_v128_load(bytes + i), y = wasm_v128_load(bytes + i + 7);
    v128_t m = wasm_u8x16_avgr(wasm_u8x16_add_sat(x, y),
                               wasm_i8x16_sub_sat(x, y));
    v128_t w = wasm_u16x8_extmul_low_u8x16(m, y);
    v128_t p = wasm_i32x4_extadd_pairwise_i16x8(w);
    v128_t f = wasm_f32x4_div(wasm_f32x4_convert_i32x4(p),
                              wasm_f32x4_splat(3.f));
    v128_t q = wasm_u32x4_trunc_sat_f32x4(f);
    v128_t n = wasm_u8x16_narrow_i16x8(w, wasm_i16x8_narrow_i32x4(p, q));
    wasm_v128_store64_lane(bytes + i, n, 1);
    n = wasm_v128_load32_lane(bytes + i + 12, n, 3);
    sum = wasm_i64x2_add(sum, wasm_i64x2_extmul_high_i32x4(q, n));
    sum = wasm_v128_bitselect(
        sum, wasm_i64x2_shl(sum, 1),
        wasm_i64x2_gt(sum, wasm_v128_load32_splat(bytes + i + 3)));
    sum = wasm_v128_xor(sum, wasm_i8x16_popcnt(wasm_i8x16_min(m, n)));
  }
  return wasm_i64x2_extract_lane(sum, 0) ^ wasm_i64x2_extract_lane(sum, 1);
}

typedef double double2 __attribute__((vector_size(16)));
EXPORT(orbit) double orbit(u32 steps) {
  double2 p = {1, 0}, v = {0, 0.5};
  while (steps--) {
    double r = __builtin_sqrt(p[0] * p[0] + p[1] * p[1]);
    v -= p * (0x1p-7 / (r * r * r));
    p += v * 0x1p-7;
  }
  return p[0] * 1000 + p[1];
}
