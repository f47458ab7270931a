// ranges.c - loops over arrays as C programs have them.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled at several levels: clang turns indices into pointers, pointers into
// offsets, counts downwards, unrolls, and leaves by `!=`. The callers choose
// addresses, so no array has a size that the compiler could know.

#include <stdint.h>

#define EXPORT(NAME) __attribute__((export_name(#NAME)))

EXPORT(fill) void fill(uint32_t *p, uint32_t n) {
  for (uint32_t i = 0; i < n; ++i)
    p[i] = i * 3;
}

EXPORT(fill_signed) void fillSigned(uint32_t *p, int n) {
  for (int i = 0; i < n; ++i)
    p[i] = 7;
}

EXPORT(walk) void walk(uint16_t *p, uint16_t *end, uint16_t value) {
  while (p != end)
    *p++ = value++;
}

EXPORT(backwards) void backwards(uint32_t *p, int n) {
  for (int i = n - 1; i >= 0; --i)
    p[i] = (uint32_t)i;
}

EXPORT(add) void add(float *c, const float *a, const float *b, int n) {
  for (int i = 0; i < n; ++i)
    c[i] = a[i] + b[i];
}

EXPORT(reverse) void reverse(uint8_t *p, uint32_t n) {
  for (uint32_t i = 0, j = n - 1; i < n / 2; ++i, --j) {
    uint8_t t = p[i];
    p[i] = p[j];
    p[j] = t;
  }
}

EXPORT(stencil) void stencil(int *to, const int *from, int n) {
  for (int i = 1; i < n - 1; ++i)
    to[i] = from[i - 1] + 2 * from[i] + from[i + 1];
}

EXPORT(multiply) void multiply(int *c, const int *a, const int *b, int n) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      int sum = 0;
      for (int k = 0; k < n; ++k)
        sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
}

EXPORT(triangle) uint32_t triangle(const uint32_t *p, int n) {
  uint32_t sum = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j)
      sum = sum * 31 + p[i * (i + 1) / 2 + j];
  return sum;
}

EXPORT(length) uint32_t length(const char *s) {
  uint32_t n = 0;
  while (s[n])
    ++n;
  return n;
}

struct Particle {
  float x, y, z;
  uint16_t kind;
  uint8_t alive;
};

EXPORT(move) void move(struct Particle *p, int n, int step) {
  for (int i = 0; i < n; i += step) {
    p[i].x += p[i].z;
    p[i].y -= 1.0f;
    if (p[i].alive)
      ++p[i].kind;
  }
}

EXPORT(histogram) void histogram(uint32_t *bins, const uint8_t *p, int n) {
  for (int i = 0; i < n; ++i)
    ++bins[p[i]];
}

EXPORT(gather) void gather(uint32_t *to, const uint32_t *from,
                           const uint32_t *at, int n) {
  for (int i = 0; i < n; ++i)
    to[i] = from[at[i]];
}

EXPORT(every) void every(uint8_t *p, uint32_t n, uint32_t step) {
  for (uint32_t i = 0; i != n; i += step)
    p[i] = (uint8_t)step;
}
