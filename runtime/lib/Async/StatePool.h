//===- StatePool.h - memory of calls, used again ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is allocated for a call on the thread that submits is freed, as a rule,
// on the completion thread, which the C library's allocator makes both pay for.
// Here a thread takes all that others have given back at once.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ASYNC_STATEPOOL_H
#define TWRUN_LIB_ASYNC_STATEPOOL_H

#include <atomic>
#include <cstddef>
#include <new>

namespace twrun {

/// Blocks of one size. Never destroyed: what was handed out may outlive all
/// else. Thread-safe.
template <size_t bytes, size_t alignment> class BlockPool {
public:
  static void *take() {
    Mine &list = mine();
    if (!list.first)
      list.first = shared().exchange(nullptr, std::memory_order_acquire);
    if (!list.first)
      return ::operator new(size, std::align_val_t(align));
    Free *block = list.first;
    list.first = block->next;
    return block;
  }
  static void giveBack(void *memory) {
    auto *block = static_cast<Free *>(memory);
    block->next = shared().load(std::memory_order_relaxed);
    while (!shared().compare_exchange_weak(block->next, block,
                                           std::memory_order_release))
      ;
  }

private:
  struct Free {
    Free *next;
  };
  static constexpr size_t align = alignment < 64 ? 64 : alignment;
  static constexpr size_t size = (bytes + align - 1) / align * align;
  /// What a thread took and has not used; given back when it ends.
  struct Mine {
    Free *first = nullptr;
    ~Mine() {
      while (Free *block = first) {
        first = block->next;
        giveBack(block);
      }
    }
  };
  static Mine &mine() {
    thread_local Mine list;
    return list;
  }
  static std::atomic<Free *> &shared() {
    alignas(64) static std::atomic<Free *> list{nullptr};
    return list;
  }
};

/// For std::allocate_shared: single objects only.
template <typename T> struct PoolAllocator {
  using value_type = T;
  PoolAllocator() = default;
  template <typename U> PoolAllocator(const PoolAllocator<U> &) {}
  T *allocate(size_t) {
    return static_cast<T *>(BlockPool<sizeof(T), alignof(T)>::take());
  }
  void deallocate(T *memory, size_t) {
    BlockPool<sizeof(T), alignof(T)>::giveBack(memory);
  }
  template <typename U> bool operator==(const PoolAllocator<U> &) const {
    return true;
  }
};

} // namespace twrun

#endif // TWRUN_LIB_ASYNC_STATEPOOL_H
