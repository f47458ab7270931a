//===- Stacks.h - stacks of a block's threads -------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The threads of a block that wait for one another each need a stack. They are
// reserved address space with an inaccessible page under each; a page of one
// costs nothing until it is touched, and stays with the pool afterwards.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_BLOCK_STACKS_H
#define TWRUN_LIB_BLOCK_STACKS_H

#include "lib/HostMemory.h"

#include <mutex>
#include <vector>

namespace twrun {

/// A stack: [low, top). 16 bytes aligned at both ends.
struct Stack {
  uint8_t *low = nullptr;
  uint8_t *top = nullptr;
};

/// Stacks of one size, handed out and taken back. Thread-safe.
class StackPool {
public:
  /// A guard splits a mapping in two, and Linux gives a process 65,530
  /// (vm.max_map_count): half of them for stacks.
  static constexpr size_t maxStacks = 16 * 1024;

  /// Each with `bytes` bytes, at least, between guard and top.
  explicit StackPool(size_t bytes);

  size_t bytes() const { return stackBytes; }

  /// Takes `count` stacks, new ones where too few are free; all or none.
  ptxbin::Expected<std::vector<Stack>> take(size_t count);
  void giveBack(std::vector<Stack> stacks);

private:
  ptxbin::Expected<void> add(size_t count);

  const size_t stackBytes;
  std::mutex mutex;
  std::vector<HostMemory> slabs;
  std::vector<Stack> free;
  size_t made = 0;
};

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_STACKS_H
