//===- stack.c - C that needs its stack in memory, run as grids -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each thread works on variables that lie in linear memory, at the same
// addresses as those of every other thread, and writes what it computed into
// its own elements of `out`. test/Execution/Inputs/stack.py computes the same.
//
//===----------------------------------------------------------------------===//

#include "tw.h"

#define NOINLINE __attribute__((noinline))
typedef unsigned char byte;

// A frame that escapes: the array is another function's to write and read.
NOINLINE static void fill(uint32_t *a, uint32_t n, uint32_t seed) {
  for (uint32_t i = 0; i < n; ++i)
    a[i] = seed = seed * 1664525u + 1013904223u;
}
NOINLINE static uint32_t mix(const uint32_t *a, uint32_t n) {
  uint32_t h = 2166136261u;
  for (uint32_t i = 0; i < n; ++i)
    h = (h ^ a[i]) * 16777619u;
  return h;
}
TW_KERNEL(escape)(uint32_t *out, uint32_t n) {
  uint32_t i = tw_global_id_x();
  uint32_t a[24];
  fill(a, 24, i);
  if (i < n)
    out[i] = mix(a, 24);
}

// A struct by value, whose frame nobody else sees.
struct pair {
  uint32_t sum, xor;
};
NOINLINE static struct pair combine(struct pair p, uint32_t x) {
  p.sum += x;
  p.xor ^= x * 2654435761u;
  return p;
}
TW_KERNEL(byvalue)(uint32_t *out, uint32_t n) {
  uint32_t i = tw_global_id_x();
  struct pair p = {i, ~i};
  for (uint32_t k = 0; k < 5; ++k)
    p = combine(p, i + k);
  if (i < n)
    out[i] = p.sum ^ p.xor;
}

// Recursion: quicksort of an array in the frame of its caller.
NOINLINE static void quicksort(int32_t *a, int32_t low, int32_t high) {
  if (low >= high)
    return;
  int32_t pivot = a[(low + high) / 2], i = low, j = high;
  volatile int32_t swapped; // in this activation's frame
  while (i <= j) {
    while (a[i] < pivot)
      ++i;
    while (a[j] > pivot)
      --j;
    if (i <= j) {
      swapped = a[i];
      a[i++] = a[j];
      a[j--] = swapped;
    }
  }
  quicksort(a, low, j);
  quicksort(a, i, high);
}
TW_KERNEL(sort)(int32_t *out, uint32_t n) {
  uint32_t i = tw_global_id_x();
  int32_t a[16];
  fill((uint32_t *)a, 16, i * 7919u);
  quicksort(a, 0, 15);
  if (i >= n)
    return;
  uint32_t h = 0;
  for (int k = 0; k < 16; ++k)
    h = h * 31 + (uint32_t)a[k];
  // 0 if it were not sorted.
  for (int k = 1; k < 16; ++k)
    if (a[k - 1] > a[k])
      h = 0;
  out[i] = (int32_t)h;
}

// A leaf function with little on its stack never moves the pointer, and every
// width is stored and loaded, misaligned too.
TW_KERNEL(bytes)(uint32_t *out, uint32_t n) {
  volatile byte b[20];
  uint32_t i = tw_global_id_x();
  for (uint32_t k = 0; k < 20; ++k)
    b[k] = (byte)(i * 5 + k * 3);
  uint32_t words;
  __builtin_memcpy(&words, (const byte *)b + i % 13, 4);
  if (i < n)
    out[i] = words + *(const volatile uint16_t *)(b + 6) + b[i % 20];
}

// Bulk operations within the stack, and between it and ordinary memory.
NOINLINE static void touch(byte *p) { __asm__ volatile("" : : "r"(p) : "memory"); }
TW_KERNEL(bulk)(byte *out, const byte *in, uint32_t n) {
  uint32_t i = tw_global_id_x();
  byte a[64], b[64];
  touch(a);
  touch(b);
  if (i >= n)
    return;
  __builtin_memset(a, (int)i, 64);
  __builtin_memcpy(a + 8, in + 32 * i, 32);
  __builtin_memmove(a + 4, a, 48);
  touch(a);
  __builtin_memcpy(b, a, 64);
  touch(b);
  __builtin_memcpy(out + 64 * i, b, 64);
}

// A frame whose size is not constant.
TW_KERNEL(variable)(uint32_t *out, uint32_t n) {
  uint32_t i = tw_global_id_x();
  uint32_t count = i % 9 + 1;
  uint32_t a[count];
  fill(a, count, i);
  if (i < n)
    out[i] = mix(a, count);
}

// Calls through a table, of functions that take an address of the stack.
typedef void (*step)(uint32_t *);
NOINLINE static void twice(uint32_t *x) { *x *= 2; }
NOINLINE static void increment(uint32_t *x) { *x += 1; }
NOINLINE static void square(uint32_t *x) { *x *= *x; }
static step const steps[] = {twice, increment, square};
TW_KERNEL(indirect)(uint32_t *out, uint32_t n) {
  uint32_t i = tw_global_id_x();
  uint32_t x = i + 3;
  for (uint32_t k = 0; k < 6; ++k)
    steps[(i + k) % 3](&x);
  if (i < n)
    out[i] = x;
}

// Atomics on an object that may be the thread's own or everybody's.
NOINLINE static uint32_t count(uint32_t *at, uint32_t more) {
  return __atomic_fetch_add(at, more, __ATOMIC_SEQ_CST);
}
NOINLINE static uint32_t replace(uint32_t *at, uint32_t expected, uint32_t by) {
  __atomic_compare_exchange_n(at, &expected, by, 0, __ATOMIC_SEQ_CST,
                              __ATOMIC_SEQ_CST);
  return expected;
}
TW_KERNEL(atomic)(uint32_t *out, uint32_t *shared, uint32_t n) {
  uint32_t i = tw_global_id_x();
  uint32_t own = i;
  count(&own, 5);
  uint32_t old = count(&own, 7);
  old += 3 * replace(&own, 40, 1);   // thread 28's
  old += 7 * replace(&own, i + 12, i ^ 21);
  if (i >= n)
    return;
  out[i] = old + 1000 * __atomic_exchange_n(&own, 2, __ATOMIC_SEQ_CST);
  out[i] += __atomic_load_n(&own, __ATOMIC_SEQ_CST);
  count(shared, i);
}

// More stack than there is: traps, in the thread that asks for it.
NOINLINE static uint32_t deep(uint32_t n, uint32_t *above) {
  volatile uint32_t here[8];
  here[n % 8] = *above + n;
  uint32_t copy = here[n % 8];
  return n ? deep(n - 1, &copy) + here[n % 8] : copy;
}
TW_KERNEL(overflow)(uint32_t *out, uint32_t n, uint32_t depth) {
  uint32_t i = tw_global_id_x(), x = i;
  if (i < n)
    out[i] = deep(i == 3 ? depth : 2, &x);
}
