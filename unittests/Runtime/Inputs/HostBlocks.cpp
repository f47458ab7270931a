//===- HostBlocks.cpp - threads that meet, by hand ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the compiler would generate for the imports of `tw` on the host: the
// part of the test image whose threads wait for one another, print and abort.
//
//===----------------------------------------------------------------------===//

#include "Format/KernelABI.h"

using namespace twrun::abi;

#define ENTRY extern "C" [[gnu::visibility("default"), gnu::used]] void

static uint32_t *wordsOf(const Environment *env) {
  return reinterpret_cast<uint32_t *>(env->memoryBase);
}

static uint32_t threadsOf(const HostThread *t) {
  return t->blockDim[0] * t->blockDim[1] * t->blockDim[2];
}

static uint32_t linear(const HostThread *t) {
  return (t->threadId[2] * t->blockDim[1] + t->threadId[1]) * t->blockDim[0] +
         t->threadId[0];
}

static uint64_t meet(HostThread *t, CollectiveOp op, uint64_t value = 0,
                     uint32_t mask = 0, uint32_t a = 0, uint32_t b = 0) {
  const Collective call{op, mask, value, a, b, 2, 0x40};
  return t->collective(t, &call);
}

/// Cooperative. (i32 trapping): shared[i] += i; barrier; the thread's word of
/// memory is its neighbour's shared[i + 1]. Thread `trapping` of each block
/// faults in function 1 at 0x50 before.
ENTRY tw_rotate_grid(const Environment *env, const uint64_t *args,
                     HostThread *t) {
  const uint32_t i = linear(t), count = threadsOf(t);
  if (i == uint32_t(args[0]))
    t->trap(t, uint32_t(TrapCode::IntegerOverflow), 1, 0x50);
  auto *shared = reinterpret_cast<uint32_t *>(t->shared);
  shared[i] += i; // zero at first
  meet(t, CollectiveOp::Barrier);
  wordsOf(env)[t->blockId[0] * count + i] = shared[(i + 1) % count];
}
/// An invocation has no window.
ENTRY tw_rotate(const Environment *env, const uint64_t *, HostThread *t) {
  meet(t, CollectiveOp::Barrier);
  wordsOf(env)[0] = uint32_t(env->sharedBytes) + (t->shared ? 1 : 2);
}

/// Cooperative. () each warp's sum of its threads' numbers, in their words;
/// word 1000 + block: the block's; word 2000: the bytes of shared memory.
ENTRY tw_sums(const Environment *env, const uint64_t *, HostThread *t) {
  const uint32_t i = linear(t);
  const uint32_t add = uint32_t(ReduceKind::Add),
                 i32 = uint32_t(ReduceType::I32);
  wordsOf(env)[i] =
      uint32_t(meet(t, CollectiveOp::WarpReduce, i, ~0u, add, i32));
  wordsOf(env)[1000 + t->blockId[0]] =
      uint32_t(meet(t, CollectiveOp::BlockReduce, i, 0, add, i32));
  wordsOf(env)[2000] = uint32_t(env->sharedBytes);
}

/// Cooperative. () the odd lanes wait at a barrier, the others for all lanes;
/// those that get by mark their words.
ENTRY tw_diverge(const Environment *env, const uint64_t *, HostThread *t) {
  if (linear(t) % 2)
    meet(t, CollectiveOp::Barrier);
  else
    meet(t, CollectiveOp::VoteBallot, 1, ~0u);
  wordsOf(env)[linear(t)] = 1;
}

[[gnu::noinline]] static uint64_t descend(HostThread *t, uint64_t n) {
  char frame[512];
  if (reinterpret_cast<uint64_t>(__builtin_frame_address(0)) - sizeof(frame) <
      t->stackLimit)
    t->trap(t, uint32_t(TrapCode::CallStackExhausted), 3, 0x20);
  if (n % 64 == 0) // as deep as this, all threads have stacks in use
    meet(t, CollectiveOp::Barrier);
  uint64_t reached = n == 0 ? 0 : 1 + descend(t, n - 1);
  asm volatile("" : : "r"(frame) : "memory");
  return reached;
}

/// Cooperative. (i32 depth): all threads of a block go so deep together; what
/// they reached, in their words.
ENTRY tw_together(const Environment *env, const uint64_t *args, HostThread *t) {
  wordsOf(env)[linear(t)] = uint32_t(descend(t, uint32_t(args[0])));
}

/// (i32 format): prints it for every thread, with its number in the block and
/// 2.5 as arguments; its word is what printf returned.
ENTRY tw_print(const Environment *env, const uint64_t *args, HostThread *t) {
  for (; t->threadId[0] < t->blockDim[0]; ++t->threadId[0]) {
    auto *buffer = reinterpret_cast<PrintBuffer *>(env->printBuffer);
    uint32_t &word =
        wordsOf(env)[t->blockId[0] * t->blockDim[0] + t->threadId[0]];
    word = 0;
    if (!buffer)
      continue;
    uint64_t at = __atomic_fetch_add(&buffer->next, 1, __ATOMIC_RELAXED);
    if (at >= buffer->capacity)
      continue;
    PrintRecord &record = reinterpret_cast<PrintRecord *>(buffer + 1)[at];
    for (int k = 0; k < 3; ++k) {
      record.block[k] = t->blockId[k];
      record.thread[k] = t->threadId[k];
    }
    record.memory = 0;
    record.format = uint32_t(args[0]);
    record.argumentSize = 16;
    *reinterpret_cast<uint32_t *>(record.arguments) = t->threadId[0];
    *reinterpret_cast<double *>(record.arguments + 8) = 2.5;
    word = 1;
  }
}

/// (i32 message): aborts with it, in function 2 at 0x60.
ENTRY tw_abort(const Environment *, const uint64_t *args, HostThread *t) {
  t->message = uint32_t(args[0]);
  t->memory = 0;
  t->trap(t, uint32_t(TrapCode::Aborted), 2, 0x60);
}

/// (f32 x) -> (f32 tanh x, i64 nanoseconds).
ENTRY tw_fast(const Environment *env, const uint64_t *args, HostThread *t) {
  auto *results = reinterpret_cast<uint64_t *>(env->results);
  uint32_t bits = uint32_t(args[0]);
  float x = t->math(MathOp::Tanh, *reinterpret_cast<float *>(&bits));
  results[0] = *reinterpret_cast<uint32_t *>(&x);
  results[2] = t->timer();
}
