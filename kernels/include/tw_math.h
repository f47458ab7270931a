//===- tw_math.h - elementary functions in plain C ----------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of <math.h> for kernels: IEEE operations and fused multiply-adds in
// a fixed order, so that all devices give the same bits. The polynomials
// interpolate at Chebyshev nodes. Largest errors against a double-precision
// reference, over all floats (in units in the last place of the result):
//
//   tw_expf   1.09    tw_logf   0.91     tw_sinf, tw_cosf  0.51
//   tw_powf   0.51 (samples)             tw_erff           1.26
//
// The test `math` (test/Kernels) samples them and fails above these; the kernel
// `elementary` shows that devices agree. Below the normal range the unit is
// that of subnormal numbers. Special values are those of C's Annex F. sinf,
// cosf and powf compute in double.
//
// The header compiles natively as well, for such tests.
//
//===----------------------------------------------------------------------===//

#ifndef TW_TW_MATH_H
#define TW_TW_MATH_H

#ifdef __wasm__
#include "tw.h"
#else
#include <stdint.h>
#define TW_INLINE static inline __attribute__((always_inline, unused))
TW_INLINE float tw_fmaf(float a, float b, float c) {
  return __builtin_fmaf(a, b, c);
}
TW_INLINE double tw_fma(double a, double b, double c) {
  return __builtin_fma(a, b, c);
}
// Of b and the constant a, which is no zero. A NaN wins, as in tw.h.
TW_INLINE float tw_minf(float b, float a) { return a < b ? a : b; }
TW_INLINE float tw_maxf(float b, float a) { return a > b ? a : b; }
TW_INLINE uint32_t tw_float_as_uint(float x) {
  return __builtin_bit_cast(uint32_t, x);
}
TW_INLINE float tw_uint_as_float(uint32_t bits) {
  return __builtin_bit_cast(float, bits);
}
#endif

/// e to the f, less 1, for |f| up to about log(2) / 2.
TW_INLINE float tw_exp_less_1_(float f) {
  float p = tw_fmaf(0x1.6d110ap-10f, f, 0x1.120b6ep-7f);
  p = tw_fmaf(p, f, 0x1.55551ap-5f);
  p = tw_fmaf(p, f, 0x1.5554dcp-3f);
  p = tw_fmaf(p, f, 0.5f);
  return tw_fmaf(p * f, f, f);
}

/// Adding 1.5 * 2^23 to a float leaves the nearest integer in the low bits.
#define TW_SHIFT_ 0x1.8p+23f

/// x - n * log(2) for a whole n of at most 8 bits.
TW_INLINE float tw_exp_rest_(float x, float n) {
  float f = tw_fmaf(n, -0x1.62e4p-1f, x); // exact
  return tw_fmaf(n, -0x1.7f7d1cp-20f, f);
}

/// e to the x.
TW_INLINE float tw_expf(float x) {
  // Below -104 the result rounds to zero. A NaN stays.
  x = tw_maxf(x, -104.0f);
  // n is at most 129: above that f makes the result infinite, or a NaN. As
  // signed integers all floats that are larger are so, and NaNs.
  const float shift = TW_SHIFT_ + 254.0f;
  const int32_t most = 0x4b400000 + 254 + 129;
  int32_t bits =
      (int32_t)tw_float_as_uint(tw_fmaf(x, 0x1.715476p+0f, shift));
  bits = bits > most ? most : bits;
  float f = tw_exp_rest_(x, tw_uint_as_float((uint32_t)bits) - shift);
  // 2^n as two factors, so that both are normal and only the last one rounds.
  // The first one's exponent is the difference: of 254 each one has 127.
  float last = x < 0.0f ? 0x1p-32f : 4.0f;
  float first =
      tw_uint_as_float(((uint32_t)bits << 23) - tw_float_as_uint(last));
  return tw_fmaf(tw_exp_less_1_(f), first, first) * last;
}

/// The natural logarithm.
TW_INLINE float tw_logf(float x) {
  // Subnormal, zero or negative.
  int isSmall = x < 0x1p-126f;
  float scale = isSmall ? -23.0f : 0.0f;
  x = isSmall ? x * 0x1p+23f : x;
  // x = 2^n * (1 + f) with 2/3 <= 1 + f < 4/3.
  uint32_t bits = tw_float_as_uint(x);
  uint32_t exponent = (bits - 0x3f2aaaab) & 0xff800000;
  float f = tw_uint_as_float(bits - exponent) - 1.0f;
  float n = tw_fmaf((float)(int32_t)exponent, 0x1p-23f, scale);
  float p = tw_fmaf(0x1.d01a22p-4f, f, -0x1.fcd036p-4f);
  p = tw_fmaf(p, f, 0x1.bf1afp-4f);
  p = tw_fmaf(p, f, -0x1.f75896p-4f);
  p = tw_fmaf(p, f, 0x1.24b28cp-3f);
  p = tw_fmaf(p, f, -0x1.557832p-3f);
  p = tw_fmaf(p, f, 0x1.999954p-3f);
  p = tw_fmaf(p, f, -0x1.ffffb6p-3f);
  p = tw_fmaf(p, f, 0x1.555556p-2f);
  p = tw_fmaf(p, f, -0.5f);
  p = tw_fmaf(p, f * f, f);
  p = tw_fmaf(n, 0x1.62e43p-1f, p);
  // What has no finite logarithm: infinity stays, all else is or becomes a NaN
  // but for zeros.
  float special = tw_fmaf(x, __builtin_inff(), __builtin_inff());
  p = bits >= 0x7f800000 ? special : p;
  return x == 0.0f ? -__builtin_inff() : p;
}

/// The error function, odd: 2 / sqrt(pi) times the integral of e^(-t^2) from 0.
TW_INLINE float tw_erff(float x) {
  float a = __builtin_fabsf(x);
  if (!(a >= 1.0f)) { // NaN too
    float u = x * x;
    float p = tw_fmaf(0x1.4a5698p-14f, u, -0x1.a45088p-11f);
    p = tw_fmaf(p, u, 0x1.54127p-8f);
    p = tw_fmaf(p, u, -0x1.b7fabap-6f);
    p = tw_fmaf(p, u, 0x1.ce2d1p-4f);
    p = tw_fmaf(p, u, -0x1.81273ep-2f);
    p = tw_fmaf(p, u, 0x1.06eba8p-3f); // 2 / sqrt(pi) - 1
    return tw_fmaf(p, x, x);
  }
  // 1 - e^-q, where q interpolates -log(1 - erf(a)); 1 from 4 on.
  a = tw_minf(a, 4.0f);
  float q = tw_fmaf(-0x1.b7783p-20f, a, 0x1.825ce4p-15f);
  q = tw_fmaf(q, a, -0x1.38e5e6p-11f);
  q = tw_fmaf(q, a, 0x1.37ecc6p-8f);
  q = tw_fmaf(q, a, -0x1.b0e246p-6f);
  q = tw_fmaf(q, a, 0x1.c2e356p-4f);
  q = tw_fmaf(q, a, 0x1.437eb4p-1f);
  q = tw_fmaf(q, a, 0x1.2156fap+0f);
  q = tw_fmaf(q, a, -0x1.4fb068p-12f);
  // At most 18: 2^n is a normal number.
  const float shift = TW_SHIFT_ + 127.0f;
  float shifted = tw_fmaf(q, -0x1.715476p+0f, shift);
  float f = tw_exp_rest_(-q, shifted - shift);
  float power = tw_uint_as_float(tw_float_as_uint(shifted) << 23);
  return __builtin_copysignf(
      1.0f - tw_fmaf(tw_exp_less_1_(f), power, power), x);
}

/// For |x| >= 2^28: |x| * 2/pi modulo 4, as a fraction of 2^64 times 4. The
/// product of the 24-bit significand with those 96 bits of 2/pi that matter
/// (Payne and Hanek, "Radian reduction for trigonometric functions", 1983).
static __attribute__((noinline, unused)) uint64_t
tw_reduce_large_(uint32_t magnitude) {
  static const uint32_t twoOverPi[7] = {0xa2f9836e, 0x4e441529, 0xfc2757d1,
                                        0xf534ddc0, 0xdb629599, 0x3c439041,
                                        0xfe5163ab};
  uint64_t significand = (magnitude & 0x7fffff) | 0x800000;
  // x = significand * 2^e; bits of 2/pi above position e - 2 are multiples of
  // 4.
  uint32_t position = (magnitude >> 23) - 150 - 2;
  // At most 3 as it is; said again, it shows where the table is read.
  const uint32_t *from = twoOverPi + (position >> 5 & 3);
  uint32_t shift = position & 31, words[3];
#pragma unroll
  for (uint32_t i = 0; i < 3; ++i)
    words[i] =
        (uint32_t)(((uint64_t)from[i] << 32 | from[i + 1]) << shift >> 32);
  return (significand * words[0] << 32) + significand * words[1] +
         (significand * words[2] >> 32);
}

/// sin(x + quadrant * pi/2).
TW_INLINE float tw_sin_(float x, uint32_t quadrant) {
  double shifted = tw_fma(x, 0x1.45f306dc9c883p-1, 0x1.8p+52);
  uint32_t n = (uint32_t)__builtin_bit_cast(uint64_t, shifted);
  double count = shifted - 0x1.8p+52;
  // Exact: x and the product are multiples of 2^-52, and less than 1 is left.
  double r = tw_fma(count, -0x1.921fb54442d18p+0, x);
  r = tw_fma(count, -0x1.1a62633145c07p-54, r);
  if (!(__builtin_fabsf(x) < 0x1p+28f)) {
    uint64_t product = tw_reduce_large_(tw_float_as_uint(x) & 0x7fffffff);
    uint64_t nearest = (product + (1ull << 61)) >> 62;
    r = (double)(int64_t)(product - (nearest << 62)) *
        (0x1.921fb54442d18p+0 * 0x1p-62);
    n = (uint32_t)nearest;
    if (x < 0.0f) {
      r = -r;
      n = 0 - n;
    }
    r += x - x; // a NaN for infinity and NaN
  }
  n += quadrant;
  // Both: neighbouring threads want one each. A product last keeps -0.
  double s = r * r;
  double sine = tw_fma(s, 0x1.6cd859833954ap-19, -0x1.a00f9dab7ec59p-13);
  sine = tw_fma(sine, s, 0x1.111108965275fp-7);
  sine = tw_fma(sine, s, -0x1.5555554cb9f64p-3);
  sine = tw_fma(sine, s, 1.0) * r;
  double cosine = tw_fma(s, 0x1.99340330f7e04p-16, -0x1.6c087dcfc37e9p-10);
  cosine = tw_fma(cosine, s, 0x1.55553e0ea461ap-5);
  cosine = tw_fma(cosine, s, -0x1.ffffffd0c16e6p-2);
  cosine = tw_fma(cosine, s, 1.0);
  float sign = tw_uint_as_float((n << 30 & 0x80000000) | 0x3f800000);
  return (float)(n & 1 ? cosine : sine) * sign;
}

/// Sine and cosine of radians, for every float.
TW_INLINE float tw_sinf(float x) { return tw_sin_(x, 0); }
TW_INLINE float tw_cosf(float x) { return tw_sin_(x, 1); }

/// x to the y times 2^(k * y) for normal, positive x and finite y, in double:
/// e^(y * log(x * 2^k)).
TW_INLINE double tw_power_(float x, int32_t k, float y) {
  uint32_t bits = tw_float_as_uint(x);
  uint32_t exponent = (bits - 0x3f3504f3) & 0xff800000;
  float m = tw_uint_as_float(bits - exponent); // sqrt(1/2) to sqrt(2)
  // Adding a number to 2^52 + 2^31 leaves it in the low bits.
  uint32_t n = (uint32_t)(((int32_t)exponent >> 23) + k) ^ 0x80000000;
  double count =
      __builtin_bit_cast(double, 0x4330000000000000 | n) - 0x1.000008p+52;
  // log m = 2 artanh s, s = (m - 1) / (m + 1): one step of Newton's from the
  // quotient as a float, to 46 bits.
  double wide = m, divisor = wide + 1.0, quotient = 1.0f / (m + 1.0f);
  quotient = tw_fma(tw_fma(-divisor, quotient, 1.0), quotient, quotient);
  double s = (wide - 1.0) * quotient, u = s * s;
  double p = tw_fma(u, 0x1.e2f726c9fcde8p-3, 0x1.2438d2b8e8c9ep-2);
  p = tw_fma(p, u, 0x1.999a7a9d52189p-2);
  p = tw_fma(p, u, 0x1.555554fd92fecp-1);
  p = tw_fma(p, u, 2.0);
  double z = y * tw_fma(count, 0x1.62e42fefa39efp-1, p * s);
  // Far beyond what a float can hold is as good as infinite or zero.
  z = z > 200.0 ? 200.0 : z;
  z = z < -200.0 ? -200.0 : z;
  double shifted = tw_fma(z, 0x1.71547652b82fep+0, 0x1.8p+52);
  double f = tw_fma(shifted - 0x1.8p+52, -0x1.62e42fefa39efp-1, z);
  p = tw_fma(f, 0x1.a1b8aeec6c39fp-13, 0x1.6d97351b8c767p-10);
  p = tw_fma(p, f, 0x1.11107c72ddeeep-7);
  p = tw_fma(p, f, 0x1.55547f92cba99p-5);
  p = tw_fma(p, f, 0x1.555555985917fp-3);
  p = tw_fma(p, f, 0x1.0000004348092p-1);
  p = tw_fma(p, f, 1.0);
  p = tw_fma(p, f, 1.0);
  uint32_t high = (uint32_t)__builtin_bit_cast(uint64_t, shifted) + 1023;
  return p * __builtin_bit_cast(double, (uint64_t)(high << 20) << 32);
}

/// x to the y.
TW_INLINE float tw_powf(float x, float y) {
  const float infinity = __builtin_inff();
  float sign = 1.0f;
  int32_t k = 0;
  if (!(x >= 0x1p-126f && x < infinity && __builtin_fabsf(y) < infinity)) {
    if (y == 0.0f || x == 1.0f)
      return 1.0f;
    if (x != x || y != y)
      return __builtin_nanf("");
    float a = __builtin_fabsf(x), b = __builtin_fabsf(y);
    // From 2^24 on all floats are even integers.
    int whole = __builtin_floorf(b) == b;
    int odd = whole && b < 0x1p+24f && (int32_t)b % 2 == 1;
    if (b == infinity) {
      if (a == 1.0f)
        return 1.0f;
      return (a > 1.0f) == (y > 0.0f) ? infinity : 0.0f;
    }
    if (a == 0.0f || a == infinity) {
      float result = (a == 0.0f) == (y > 0.0f) ? 0.0f : infinity;
      return odd ? __builtin_copysignf(result, x) : result;
    }
    if (x < 0.0f && !whole)
      return __builtin_nanf("");
    sign = odd && x < 0.0f ? -1.0f : 1.0f;
    x = a;
    if (a < 0x1p-126f) {
      x = a * 0x1p+23f;
      k = -23;
    }
  }
  return (float)tw_power_(x, k, y) * sign;
}

#endif // TW_TW_MATH_H
