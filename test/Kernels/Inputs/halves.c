//===- halves.c - conversions of f16 and bf16 ---------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Usage: halves STEP. Runs natively: every f16 and bf16 to float and back, and
// every STEP-th float to both. The reference for f16 is the compiler's
// _Float16; for bf16 the nearer neighbour, by distances in double precision.
//
//===----------------------------------------------------------------------===//

#include "tw/matrix.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static float asFloat(uint32_t bits) { return __builtin_bit_cast(float, bits); }

static tw_bf16 nearest(float x) {
  if (isnan(x))
    return 0x7fc0;
  uint32_t low = __builtin_bit_cast(uint32_t, x) & 0xffff0000;
  // The next one away from zero; after the largest comes 2^128.
  double above = low + 0x10000;
  double up = (low & 0x7fff0000) == 0x7f7f0000
                  ? copysign(0x1p128, x)
                  : (double)asFloat((uint32_t)above);
  if (isinf(x))
    return (tw_bf16)(low >> 16);
  double down = fabs((double)x - asFloat(low)), over = fabs(up - (double)x);
  int take = over < down || (over == down && (low >> 16 & 1));
  return (tw_bf16)((low >> 16) + (uint32_t)take);
}

int main(int argc, char **argv) {
  uint64_t step = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;
  if (step == 0) {
    fprintf(stderr, "usage: halves STEP\n");
    return 2;
  }
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    float half = tw_f16_to_f32((tw_f16)bits);
    float wanted = (float)__builtin_bit_cast(_Float16, (uint16_t)bits);
    if (isnan(wanted) ? !isnan(half) : half != wanted) {
      printf("f16 0x%04x is %a, expected %a\n", bits, half, wanted);
      return 1;
    }
    if (!isnan(half) && tw_f32_to_f16(half) != bits) {
      printf("f16 0x%04x comes back as 0x%04x\n", bits, tw_f32_to_f16(half));
      return 1;
    }
    float wide = tw_bf16_to_f32((tw_bf16)bits);
    if (!isnan(wide) && tw_f32_to_bf16(wide) != bits) {
      printf("bf16 0x%04x comes back as 0x%04x\n", bits, tw_f32_to_bf16(wide));
      return 1;
    }
  }
  for (uint64_t bits = 0; bits < 1ull << 32; bits += step) {
    float x = asFloat((uint32_t)bits);
    uint16_t wanted =
        isnan(x) ? 0x7e00 : __builtin_bit_cast(uint16_t, (_Float16)x);
    if (tw_f32_to_f16(x) != wanted) {
      printf("%a is f16 0x%04x, expected 0x%04x\n", x, tw_f32_to_f16(x),
             wanted);
      return 1;
    }
    if (tw_f32_to_bf16(x) != nearest(x)) {
      printf("%a is bf16 0x%04x, expected 0x%04x\n", x, tw_f32_to_bf16(x),
             nearest(x));
      return 1;
    }
  }
  printf("all conversions agree\n");
  return 0;
}
