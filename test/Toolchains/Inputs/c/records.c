// records.c - structs by value, function pointers, recursion, a heap.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Struct copies become memory.copy and memory.fill, qsort's comparison and the
// operators of the expression tree become call_indirect. Every export takes a
// size and returns a digest of what it computed.

typedef unsigned char u8;
typedef unsigned u32;
typedef unsigned long long u64;
#define EXPORT(name) __attribute__((export_name(#name)))

static u64 seed;
static u32 nextRandom(void) {
  seed = seed * 6364136223846793005ull + 1442695040888963407ull;
  return (u32)(seed >> 33);
}

extern u8 __heap_base;
static u8 *heapTop;

// A bump allocator over memory.grow.
static void *allocate(u32 size) {
  if (!heapTop)
    heapTop = &__heap_base;
  u8 *result = (u8 *)(((u32)heapTop + 15) & ~15u);
  heapTop = result + size;
  u32 end = (u32)heapTop, have = __builtin_wasm_memory_size(0) * 65536;
  if (end > have &&
      __builtin_wasm_memory_grow(0, (end - have + 65535) / 65536) == -1ul)
    __builtin_trap();
  return result;
}

struct Record {
  u32 key;
  double weight;
  char name[28];
  struct { short x, y; } place[5];
};

typedef int (*Compare)(const struct Record *, const struct Record *);

static int byKey(const struct Record *a, const struct Record *b) {
  return a->key < b->key ? -1 : a->key > b->key;
}
static int byWeight(const struct Record *a, const struct Record *b) {
  return a->weight < b->weight ? 1 : a->weight > b->weight ? -1 : byKey(a, b);
}
static int byName(const struct Record *a, const struct Record *b) {
  for (u32 i = 0; i < sizeof a->name; ++i)
    if (a->name[i] != b->name[i])
      return a->name[i] - b->name[i];
  return byKey(a, b);
}
static Compare const comparisons[] = {byKey, byWeight, byName};

static void swap(struct Record *a, struct Record *b) {
  struct Record t = *a;
  *a = *b;
  *b = t;
}

static void quickSort(struct Record *v, int n, Compare compare) {
  if (n < 2)
    return;
  struct Record pivot = v[n / 2];
  int i = 0, j = n - 1;
  while (i <= j) {
    while (compare(&v[i], &pivot) < 0)
      ++i;
    while (compare(&v[j], &pivot) > 0)
      --j;
    if (i <= j)
      swap(&v[i++], &v[j--]);
  }
  quickSort(v, j + 1, compare);
  quickSort(v + i, n - i, compare);
}

static struct Record makeRecord(u32 i) {
  struct Record r = {.key = nextRandom() % 1000, .weight = nextRandom() / 7.0};
  for (u32 k = 0; k < 8; ++k)
    r.name[k] = 'a' + (nextRandom() >> k) % 3;
  for (int k = 0; k < 5; ++k)
    r.place[k].x = (short)(i * k), r.place[k].y = (short)-k;
  return r;
}

static u64 digest(const void *data, u32 size) {
  u64 hash = 0xcbf29ce484222325ull;
  for (const u8 *p = data; size--; ++p)
    hash = (hash ^ *p) * 0x100000001b3ull;
  return hash;
}

EXPORT(sort_records) u64 sortRecords(u32 n, u32 order) {
  seed = n;
  struct Record *v = allocate(n * sizeof *v);
  __builtin_memset(v, 0, n * sizeof *v);
  for (u32 i = 0; i < n; ++i)
    v[i] = makeRecord(i);
  quickSort(v, (int)n, comparisons[order]); // an order past the end traps
  u64 hash = 0;
  for (u32 i = 0; i < n; ++i)
    hash = hash * 31 + v[i].key + (u64)v[i].name[1] + (u64)v[i].place[2].x;
  return hash;
}

struct Node {
  double (*operate)(double, double); // null: a leaf
  struct Node *left, *right;
  double value;
};
static double add(double a, double b) { return a + b; }
static double subtract(double a, double b) { return a - b; }
static double multiply(double a, double b) { return a * b; }
static double larger(double a, double b) { return a > b ? a : b; }
static double (*const operators[])(double, double) = {add, subtract, multiply,
                                                      larger};

static struct Node *build(u32 depth) {
  struct Node *node = allocate(sizeof *node);
  *node = (struct Node){0};
  node->value = (int)(nextRandom() % 2001) / 1000.0 - 1;
  if (depth == 0 || nextRandom() % 8 == 0)
    return node;
  node->operate = operators[nextRandom() % 4];
  node->left = build(depth - 1);
  node->right = build(depth - 1);
  return node;
}
static double evaluate(const struct Node *n) {
  return n->operate ? n->operate(evaluate(n->left), evaluate(n->right))
                    : n->value;
}
EXPORT(expression) double expression(u32 start, u32 depth) {
  seed = start;
  return evaluate(build(depth));
}

EXPORT(ackermann) u32 ackermann(u32 m, u32 n) {
  if (m == 0)
    return n + 1;
  return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static int sum(int count, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, count);
  int total = 0;
  while (count--)
    total = total * 3 + __builtin_va_arg(list, int);
  __builtin_va_end(list);
  return total;
}

// A little machine with a jump table.
EXPORT(interpret) int interpret(u32 start, int steps) {
  int stack[16] = {1, 2, 3}, top = 3;
  seed = start;
  while (steps-- > 0) {
    switch (nextRandom() % 9) {
    case 0: stack[top & 15] = (int)nextRandom(); top = (top + 1) & 15; break;
    case 1: stack[top & 15] += stack[(top + 15) & 15]; break;
    case 2: stack[top & 15] *= 3; break;
    case 3: stack[(top + 2) & 15] ^= stack[top & 15] >> 3; break;
    case 4: top = (top + 7) & 15; break;
    case 5: stack[top & 15] = sum(3, stack[0], stack[1], stack[2]); break;
    case 6: stack[5] = stack[6] / (stack[7] > 3 ? 3 : 1); break;
    case 7: stack[8] = (int)((u32)stack[9] << (stack[10] & 31)); break;
    default: stack[top & 15] = __builtin_popcount((u32)stack[1]); break;
    }
  }
  return (int)digest(stack, sizeof stack);
}
