//===- HostGuest.cpp - a guest's host image written by hand ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The host image that belongs to the modules in ../RunTest.cpp and
// ../OutputTest.cpp, as the compiler would make it. Two kernels are wrong on
// purpose: --verify must find out.
//
//===----------------------------------------------------------------------===//

#include "Format/KernelABI.h"

using namespace twrun::abi;

#define ENTRY extern "C" [[gnu::visibility("default"), gnu::used]] void

/// Runs `body(global x)` for the rest of a block of one dimension.
template <typename Body> static void forThreads(HostThread *t, Body body) {
  for (; t->threadId[0] < t->blockDim[0]; ++t->threadId[0])
    body(t->blockId[0] * t->blockDim[0] + t->threadId[0]);
}

static uint32_t *word(const Environment *env, uint64_t address) {
  return reinterpret_cast<uint32_t *>(env->memoryBase + address);
}

/// (i32 out, i32 n): out[i] = i * i for i < n; traps past n.
ENTRY tw_squares(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint32_t i) {
    if (i >= uint32_t(args[2]))
      t->trap(t, uint32_t(TrapCode::Unreachable), 1, 0x40);
    *word(env, uint32_t(args[0]) + 4 * i) = i * i;
  });
}

/// Like squares, with element 3 wrong.
ENTRY tw_wrong(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint32_t i) {
    *word(env, uint32_t(args[0]) + 4 * i) = i == 3 ? 10 : i * i;
  });
}

/// (f32) -> (i32, f32): 7 and a NaN, which the module makes another way.
ENTRY tw_pair(const Environment *env, const uint64_t *, HostThread *t) {
  uint64_t *results = reinterpret_cast<uint64_t *>(env->results);
  results[0] = 7;
  results[2] = 0x7fc00000;
  ++t->threadId[0];
}

/// (i32) -> (i32): one too many.
ENTRY tw_off(const Environment *env, const uint64_t *args, HostThread *t) {
  reinterpret_cast<uint64_t *>(env->results)[0] = uint32_t(args[0] + 1);
  ++t->threadId[0];
}

/// (v128, externref, funcref) -> (externref, v128, funcref to function 8).
ENTRY tw_turn(const Environment *env, const uint64_t *args, HostThread *t) {
  uint64_t *results = reinterpret_cast<uint64_t *>(env->results);
  results[0] = args[2];
  results[2] = args[0];
  results[3] = args[1];
  results[4] = 8 + 1;
  ++t->threadId[0];
}

/// () -> (i64): the fuel that it was given.
ENTRY tw_fuel(const Environment *env, const uint64_t *, HostThread *t) {
  reinterpret_cast<uint64_t *>(env->results)[0] = env->fuel;
  ++t->threadId[0];
}

/// (i32 format): prints it, with the thread's number as argument.
ENTRY tw_say(const Environment *env, const uint64_t *args, HostThread *t) {
  auto *buffer = reinterpret_cast<PrintBuffer *>(env->printBuffer);
  forThreads(t, [&](uint32_t) {
    const uint32_t i = t->threadId[0];
    *word(env, 69000 + 16 * i) = i;
    uint64_t at = __atomic_fetch_add(&buffer->next, 1, __ATOMIC_RELAXED);
    if (at >= buffer->capacity)
      return;
    PrintRecord &record = reinterpret_cast<PrintRecord *>(buffer + 1)[at];
    for (int k = 0; k < 3; ++k) {
      record.block[k] = t->blockId[k];
      record.thread[k] = t->threadId[k];
    }
    record.memory = 0;
    record.format = uint32_t(args[0]);
    record.argumentSize = 4;
    *reinterpret_cast<uint32_t *>(record.arguments) = i;
  });
}

/// (i32 message): aborts with it.
ENTRY tw_give_up(const Environment *, const uint64_t *args, HostThread *t) {
  t->message = uint32_t(args[0]);
  t->trap(t, uint32_t(TrapCode::Aborted), 7, 0x20);
}

/// Cooperative. (i32 out): out[i] = its neighbour's number, by way of shared
/// memory, and out[threads] the size of that.
ENTRY tw_spread_grid(const Environment *env, const uint64_t *args,
                     HostThread *t) {
  const uint32_t i = t->threadId[0], out = uint32_t(args[0]);
  auto *shared = reinterpret_cast<uint32_t *>(t->shared);
  shared[i] = i;
  const Collective barrier{CollectiveOp::Barrier, 0, 0, 0, 0, 8, 0x30};
  t->collective(t, &barrier);
  *word(env, out + 4 * i) = shared[(i + 1) % t->blockDim[0]];
  *word(env, out + 4 * t->blockDim[0]) = uint32_t(env->sharedBytes);
}
