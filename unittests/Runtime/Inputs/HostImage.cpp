//===- HostImage.cpp - a host image written by hand -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the compiler would generate, in freestanding C++: entries that keep to
// the ABI of Format/KernelABI.h. Compiled into a shared object by
// ../CMakeLists.txt, loaded by the tests.
//
//===----------------------------------------------------------------------===//

#include "Format/KernelABI.h"

using namespace twrun::abi;

/// What testManifest() makes.
static constexpr StateLayout layout{1, 0, 1, 0, 1};

#define ENTRY extern "C" [[gnu::visibility("default"), gnu::used]] void

/// Runs `body(global thread number)` for the rest of the block.
template <typename Body> static void forThreads(HostThread *t, Body body) {
  while (true) {
    uint64_t block =
        t->blockId[0] +
        uint64_t(t->gridDim[0]) *
            (t->blockId[1] + uint64_t(t->gridDim[1]) * t->blockId[2]);
    uint64_t inBlock =
        t->threadId[0] +
        t->blockDim[0] *
            (t->threadId[1] + uint64_t(t->blockDim[1]) * t->threadId[2]);
    uint64_t inAll = uint64_t(t->blockDim[0]) * t->blockDim[1] * t->blockDim[2];
    body(block * inAll + inBlock);
    if (++t->threadId[0] < t->blockDim[0])
      continue;
    t->threadId[0] = 0;
    if (++t->threadId[1] < t->blockDim[1])
      continue;
    t->threadId[1] = 0;
    if (++t->threadId[2] < t->blockDim[2])
      continue;
    t->threadId[2] = 0;
    return;
  }
}

/// (i32 trapping): memory[i32 at 4 * id] += 1, except that thread `trapping`
/// faults in function 1 at 0xb0 before it.
ENTRY tw_mark(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t id) {
    if (id == uint32_t(args[0]))
      t->trap(t, uint32_t(TrapCode::OutOfBoundsMemoryAccess), 1, 0xb0);
    if (4 * id + 4 > env->memorySize)
      t->trap(t, uint32_t(TrapCode::OutOfBoundsMemoryAccess), 1, 0xc0);
    __atomic_fetch_add(reinterpret_cast<uint32_t *>(env->memoryBase) + id, 1,
                       __ATOMIC_RELAXED);
  });
}

/// () every thread traps with "unreachable".
ENTRY tw_all_trap(const Environment *, const uint64_t *, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    t->trap(t, uint32_t(TrapCode::Unreachable), 2, 0x10);
  });
}

/// (i32 a, i64 b, f64 c) -> (i64 a + b, f64 c, i32 ~a).
ENTRY tw_mixed(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    auto *results = reinterpret_cast<uint64_t *>(env->results);
    results[0] = args[0] + args[2];
    results[2] = args[4];
    results[4] = uint32_t(~args[0]);
  });
}

/// (i32 pages) -> i32: memory.grow, then writes 7 to the last byte there is.
ENTRY tw_grow(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    auto *state = reinterpret_cast<MemoryState *>(env->instanceState);
    auto *results = reinterpret_cast<uint64_t *>(env->results);
    uint64_t old = state->bytes, more = args[0] << 16;
    if (more > state->capacity - old) {
      results[0] = 0xffffffff;
      return;
    }
    state->bytes = old + more;
    results[0] = old >> 16;
    if (old + more)
      reinterpret_cast<uint8_t *>(env->memoryBase)[old + more - 1] += 7;
  });
}

/// The code of a recursive function: compares the stack pointer with the
/// limit before it goes deeper, through a frame of 1 KiB.
[[gnu::noinline]] static uint64_t descend(HostThread *t, uint64_t n) {
  char frame[1024];
  if (reinterpret_cast<uint64_t>(__builtin_frame_address(0)) - sizeof(frame) <
      t->stackLimit)
    t->trap(t, uint32_t(TrapCode::CallStackExhausted), 3, 0x20);
  uint64_t reached = n == 0 ? 0 : 1 + descend(t, n - 1);
  // The frame is in use to the end, or the compiler would make a loop of it.
  asm volatile("" : : "r"(frame) : "memory");
  return reached;
}

/// (i32 depth) -> i32 depth, recursing that deep.
ENTRY tw_deep(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    *reinterpret_cast<uint64_t *>(env->results) = descend(t, uint32_t(args[0]));
  });
}

/// () a start function: global 0 += 1, and memory[0] = its new value.
ENTRY tw_start(const Environment *env, const uint64_t *, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    auto *global =
        reinterpret_cast<uint64_t *>(env->instanceState + layout.global(0));
    *global = uint32_t(*global + 1);
    *reinterpret_cast<uint8_t *>(env->memoryBase) = uint8_t(*global);
  });
}

/// A table of addresses: something to relocate. (i32 index) -> i32.
static uint32_t one() { return 1; }
static uint32_t two() { return 2; }
using Function = uint32_t (*)();
[[gnu::used]] static const Function functionTable[] = {one, two};
ENTRY tw_table(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    const Function *volatile table = functionTable;
    *reinterpret_cast<uint64_t *>(env->results) = table[args[0] & 1]();
  });
}

/// (i64 offset) -> i64: a word of the instance state.
ENTRY tw_peek(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    *reinterpret_cast<uint64_t *>(env->results) =
        *reinterpret_cast<uint64_t *>(env->instanceState + args[0]);
  });
}

/// (i64 offset, i64 value): sets a word of the instance state.
ENTRY tw_poke(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    *reinterpret_cast<uint64_t *>(env->instanceState + args[0]) = args[2];
  });
}

/// (i64 address) -> i64: a byte wherever the state says that something is.
ENTRY tw_load(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    *reinterpret_cast<uint64_t *>(env->results) =
        *reinterpret_cast<uint8_t *>(args[0]);
  });
}

/// (i64 offset, i64 value): sets the byte at memory base + offset, unchecked.
ENTRY tw_put(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    reinterpret_cast<volatile uint8_t *>(env->memoryBase)[args[0]] =
        uint8_t(args[2]);
  });
}

/// (i64 offset) -> i64: the byte at memory base + offset, unchecked.
ENTRY tw_get(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    *reinterpret_cast<uint64_t *>(env->results) =
        reinterpret_cast<volatile uint8_t *>(env->memoryBase)[args[0]];
  });
}

/// (i64 nanoseconds): takes that long, and adds 1 to memory[i32 at 0].
ENTRY tw_delay(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    const uint64_t begin = t->timer();
    while (t->timer() - begin < args[0])
      ;
    __atomic_fetch_add(reinterpret_cast<uint32_t *>(env->memoryBase), 1,
                       __ATOMIC_RELAXED);
  });
}

/// (i32 value): writes it behind what was written so, counted at 0.
ENTRY tw_append(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    auto *words = reinterpret_cast<uint32_t *>(env->memoryBase);
    words[1 + words[0]] = uint32_t(args[0]);
    words[0] += 1;
  });
}

/// () -> (i64 memory base, i64 memory size, i64 fuel).
ENTRY tw_environment(const Environment *env, const uint64_t *, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    auto *results = reinterpret_cast<uint64_t *>(env->results);
    results[0] = env->memoryBase;
    results[2] = env->memorySize;
    results[4] = env->fuel;
  });
}

/// (v128 a, f32 b, funcref c, externref d) -> (d, c, b, a): whole slots.
ENTRY tw_turn(const Environment *env, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) {
    auto *results = reinterpret_cast<uint64_t *>(env->results);
    for (int i = 0; i < 4; ++i) {
      results[2 * i] = args[2 * (3 - i)];
      results[2 * i + 1] = args[2 * (3 - i) + 1];
    }
  });
}

/// (i32 code): traps with it, in function 1 at 0x30.
ENTRY tw_trap(const Environment *, const uint64_t *args, HostThread *t) {
  forThreads(t, [&](uint64_t) { t->trap(t, uint32_t(args[0]), 1, 0x30); });
}
