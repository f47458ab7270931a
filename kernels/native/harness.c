//===- harness.c - launches a kernel compiled natively ------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program per kernel, compiled by scripts/bench-host.py with -DTW_SOURCE, the
// kernel's file, and -DTW_NAME, its name:
//
//   PROGRAM GRID BLOCK REPEAT ARGUMENT...
//
// Arguments are twrun's: numbers, @random:SEED:f32:SHAPE and @zeros:TYPE:SHAPE
// of 4-byte types, a buffer with =FILE to save it at the end. Blocks are shared
// out among the cores by OpenMP, OMP_SCHEDULE says how; the threads of a block
// are a loop. Prints the seconds of each launch as JSON. Buffers are filled by
// one thread, as twrun fills them.
//
//===----------------------------------------------------------------------===//

#include TW_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

union argument {
  void *buffer;
  uint32_t word;
  float single;
};

// How a kernel is called, by its name.
#define CALL_vector_add(s, a)                                                  \
  vector_add(s, a[0].buffer, a[1].buffer, a[2].buffer, a[3].word)
#define TYPES_vector_add "pppu"
#define CALL_saxpy(s, a)                                                       \
  saxpy(s, a[0].single, a[1].buffer, a[2].buffer, a[3].word)
#define TYPES_saxpy "fppu"
#define CALL_matmul(s, a)                                                      \
  matmul(s, a[0].buffer, a[1].buffer, a[2].buffer, a[3].word, a[4].word,       \
         a[5].word)
#define TYPES_matmul "pppuuu"
#define CALL_nbody(s, a) nbody(s, a[0].buffer, a[1].buffer, a[2].word)
#define TYPES_nbody "ppu"
#define CALL_mandelbrot(s, a)                                                  \
  mandelbrot(s, a[0].buffer, a[1].word, a[2].word, a[3].word)
#define TYPES_mandelbrot "puuu"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define CALL(s, a) JOIN(CALL_, TW_NAME)(s, a)

enum { MAX_ARGUMENTS = 8 };
static const char types[] = JOIN(TYPES_, TW_NAME);

static void fail(const char *what, const char *where) {
  fprintf(stderr, "harness: %s: '%s'\n", what, where);
  exit(2);
}

static void launch(struct tw_dims grid, struct tw_dims block,
                   const union argument *given) {
  const int64_t blocks = (int64_t)grid.x * grid.y * grid.z;
  union argument a[MAX_ARGUMENTS];
  memcpy(a, given, sizeof(a));
#pragma omp parallel for schedule(runtime) firstprivate(a)
  for (int64_t i = 0; i < blocks; ++i) {
    const struct tw_dims at = {(uint32_t)(i % grid.x),
                               (uint32_t)(i / grid.x % grid.y),
                               (uint32_t)(i / grid.x / grid.y)};
    for (uint32_t z = 0; z < block.z; ++z)
      for (uint32_t y = 0; y < block.y; ++y)
        for (uint32_t x = 0; x < block.x; ++x) {
          const struct tw_place self = {{x, y, z}, at, block, grid};
          CALL(self, a);
        }
  }
}

static struct tw_dims parseDims(const char *text) {
  unsigned long n[3] = {1, 1, 1};
  const char *rest = text;
  for (int i = 0; i < 3; ++i) {
    char *end;
    n[i] = strtoul(rest, &end, 10);
    if (end == rest || n[i] == 0 || n[i] > 0x7fffffff)
      fail("expected X[,Y[,Z]], but got", text);
    if (!*end)
      return (struct tw_dims){(uint32_t)n[0], (uint32_t)n[1], (uint32_t)n[2]};
    if (*end != ',')
      break;
    rest = end + 1;
  }
  fail("expected X[,Y[,Z]], but got", text);
  return (struct tw_dims){0, 0, 0};
}

/// Elements of a shape such as 16x4, which the text ends with.
static size_t parseShape(const char *text) {
  size_t count = 1;
  const char *rest = text;
  while (1) {
    char *end;
    unsigned long n = strtoul(rest, &end, 10);
    if (end == rest || n == 0 || n > ((size_t)1 << 32) / count)
      fail("expected a shape of up to 2^32 elements, but got", text);
    count *= n;
    if (!*end)
      return count;
    if (*end != 'x')
      fail("expected a shape, but got", text);
    rest = end + 1;
  }
}

/// twrun's random numbers: a hash of the seed plus i steps.
static void fillRandom(uint64_t state, float *data, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    data[i] = (float)(z >> 40) * 0x1p-23f - 1.0f;
  }
}

/// A buffer, of `*count` elements.
static void *makeBuffer(const char *text, size_t *count) {
  uint64_t seed = 0;
  const char *rest = text;
  int isRandom = strncmp(text, "@random:", 8) == 0;
  if (isRandom) {
    char *end;
    seed = strtoull(text + 8, &end, 10);
    if (strncmp(end, ":f32:", 5) != 0)
      fail("expected @random:SEED:f32:SHAPE, but got", text);
    rest = end + 5;
  } else if (strncmp(text, "@zeros:f32:", 11) == 0 ||
             strncmp(text, "@zeros:u32:", 11) == 0) {
    rest = text + 11;
  } else {
    fail("expected @random:... or @zeros:..., but got", text);
  }
  *count = parseShape(rest);
  size_t bytes = (4 * *count + 4095) / 4096 * 4096;
  void *buffer = aligned_alloc(4096, bytes);
  if (!buffer)
    fail("out of memory", text);
  if (isRandom)
    fillRandom(seed, buffer, *count);
  else
    memset(buffer, 0, bytes);
  return buffer;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv) {
  const int wanted = (int)strlen(types);
  if (argc != 4 + wanted) {
    fprintf(stderr,
            "usage: %s GRID BLOCK REPEAT ARGUMENT... (%d arguments)\n", argv[0],
            wanted);
    return 2;
  }
  const struct tw_dims grid = parseDims(argv[1]), block = parseDims(argv[2]);
  const long repeat = strtol(argv[3], NULL, 10);
  if (repeat < 1 || repeat > 1000000)
    fail("expected a number of launches, but got", argv[3]);

  union argument arguments[MAX_ARGUMENTS] = {{0}};
  size_t counts[MAX_ARGUMENTS] = {0};
  const char *sinks[MAX_ARGUMENTS] = {0};
  for (int i = 0; i < wanted; ++i) {
    char *text = argv[4 + i], *end = NULL;
    switch (types[i]) {
    case 'p': {
      char *sink = strchr(text, '=');
      if (sink) {
        *sink = 0;
        sinks[i] = sink + 1;
      }
      arguments[i].buffer = makeBuffer(text, &counts[i]);
      continue;
    }
    case 'f':
      arguments[i].single = strtof(text, &end);
      break;
    default:
      arguments[i].word = (uint32_t)strtoul(text, &end, 10);
    }
    if (end == text || *end)
      fail("expected a number, but got", text);
  }

  printf("{\"seconds\": [");
  for (long i = 0; i < repeat; ++i) {
    double start = now();
    launch(grid, block, arguments);
    printf("%s%.9f", i ? ", " : "", now() - start);
  }
  printf("]}\n");

  for (int i = 0; i < wanted; ++i) {
    if (!sinks[i])
      continue;
    FILE *file = fopen(sinks[i], "wb");
    if (!file ||
        fwrite(arguments[i].buffer, 4, counts[i], file) != counts[i] ||
        fclose(file) != 0)
      fail("cannot write", sinks[i]);
  }
  return 0;
}
