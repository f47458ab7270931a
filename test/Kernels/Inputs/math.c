//===- math.c - errors of tw_math.h against double precision ------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Usage: math STEP. Runs natively, with the C library's double-precision
// functions as reference: every STEP-th float through each function (1: all of
// them), pairs for powf. Prints the largest error of each in units in the last
// place, and fails above the bounds that tw_math.h states. Special values must
// be what C's Annex F says: where the reference rounds to a NaN, an infinity or
// a zero, the result must be that, with its sign.
//
//===----------------------------------------------------------------------===//

#include "tw_math.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/// Distance in units in the last place of the reference as a float; infinity
/// if one of both is special and the other is not the same.
static double difference(float got, double reference) {
  float rounded = (float)reference;
  if (isnan(rounded))
    return isnan(got) ? 0 : INFINITY;
  if (isinf(rounded) || rounded == 0.0f) {
    if (got == rounded && signbit(got) == signbit(rounded))
      return 0;
    // Where rounding decides between the last float and infinity or zero.
    int near = isinf(rounded) ? isfinite(got) && fabsf(got) > 3.4028233e38f
                              : fabsf(got) < 2e-45f;
    return near && reference != 0 && !isinf(reference) ? 1 : INFINITY;
  }
  int exponent;
  frexp(reference, &exponent);
  exponent = exponent < -125 ? -125 : exponent;
  return fabs(got - reference) / ldexp(1.0, exponent - 24);
}

typedef struct {
  const char *name;
  float (*function)(float);
  double (*reference)(double);
  double bound;
} Function;

static float expfOf(float x) { return tw_expf(x); }
static float logfOf(float x) { return tw_logf(x); }
static float sinfOf(float x) { return tw_sinf(x); }
static float cosfOf(float x) { return tw_cosf(x); }
static float erffOf(float x) { return tw_erff(x); }

static const Function functions[] = {
    {"expf", expfOf, exp, 1.09}, {"logf", logfOf, log, 0.91},
    {"sinf", sinfOf, sin, 0.51}, {"cosf", cosfOf, cos, 0.51},
    {"erff", erffOf, erf, 1.26},
};
static const double powBound = 0.51;

static int report(const char *name, double worst, const char *where,
                  double bound) {
  printf("%s: %.3f ulp at %s\n", name, worst, where);
  if (worst <= bound)
    return 0;
  printf("%s: more than the %.2f that tw_math.h states\n", name, bound);
  return 1;
}

int main(int argc, char **argv) {
  uint64_t step = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;
  if (step == 0) {
    fprintf(stderr, "usage: math STEP\n");
    return 2;
  }
  int failed = 0;
  char where[64] = "";
  for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i) {
    const Function *f = &functions[i];
    double worst = 0;
    for (uint64_t bits = 0; bits < 1ull << 32; bits += step) {
      float x = tw_uint_as_float((uint32_t)bits);
      double error = difference(f->function(x), f->reference(x));
      if (!(error <= worst)) {
        worst = error;
        snprintf(where, sizeof where, "%a", x);
      }
    }
    static const float special[] = {0.0f,     -0.0f,     1.0f, -1.0f,
                                    INFINITY, -INFINITY, NAN,  0x1p-149f};
    for (size_t k = 0; k < sizeof special / sizeof *special; ++k)
      if (!(difference(f->function(special[k]), f->reference(special[k])) <=
            f->bound)) {
        worst = INFINITY;
        snprintf(where, sizeof where, "%a", special[k]);
      }
    failed |= report(f->name, worst, where, f->bound);
  }

  static const float special[] = {
      0.0f,     -0.0f,      1.0f,       -1.0f,          2.0f,
      -2.0f,    3.0f,       -3.0f,      0.5f,           -0.5f,
      INFINITY, -INFINITY,  NAN,        0x1p-149f,      1e38f,
      -7.0f,    16777215.f, 16777216.f, 0x1.fffffep-1f, 0x1.000002p+0f};
  const size_t specials = sizeof special / sizeof *special;
  double worst = 0;
  uint64_t state = 1, samples = (1ull << 32) / step;
  for (uint64_t i = 0; i < samples + specials * specials; ++i) {
    float x, y;
    if (i < specials * specials) {
      x = special[i % specials], y = special[i / specials];
    } else {
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      x = tw_uint_as_float((uint32_t)(state >> 32) & 0x7fffffff);
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      y = tw_uint_as_float((uint32_t)(state >> 32));
      // Half of the samples where results are neither zero nor infinite.
      if (i % 2)
        y = (float)((double)(int32_t)(state >> 32) * 0x1p-31 * 100 /
                    fmax(fabs(log((double)x)), 1e-3));
    }
    double error = difference(tw_powf(x, y), pow(x, y));
    if (!(error <= worst)) {
      worst = error;
      snprintf(where, sizeof where, "(%a, %a)", x, y);
    }
  }
  return failed | report("powf", worst, where, powBound);
}
