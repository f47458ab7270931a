//===- GridWindows.h - memory that is not all threads' ----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a grid, each thread has a stack of its own and each block shared memory
// of its own, at addresses of linear memory (docs/DeviceInterface.md). The
// interpreter knows one memory: what belongs to the running thread and block is
// put there, and what was there before is put back when the grid has ended.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ORACLE_GRIDWINDOWS_H
#define TWRUN_LIB_ORACLE_GRIDWINDOWS_H

#include "Format/Manifest.h"

#include <wabt/interp/interp.h>

#include <cstdint>
#include <vector>

namespace twrun {

/// The stacks of a block's threads. Between their turns the window is zero and
/// each thread's stack is kept as the stretch of it that is not.
class StackWindows {
public:
  /// What the manifest tells must have been checked.
  StackWindows(wabt::interp::Memory &memory, wabt::interp::Global &pointer,
               const ptxbin::StackWindow &window);
  ~StackWindows();
  StackWindows(const StackWindows &) = delete;

  /// All `threads` of a block have an empty stack, zero.
  void startBlock(unsigned threads);
  /// Around each turn of a thread, by its linear index.
  void enter(unsigned thread);
  void leave(unsigned thread);

private:
  struct Saved {
    wabt::interp::Value pointer;
    uint64_t offset = 0;        // of `bytes` in the window
    std::vector<uint8_t> bytes; // the rest is zero
  };
  uint8_t *data() const { return memory.UnsafeData() + low; }

  wabt::interp::Memory &memory;
  wabt::interp::Global &pointer;
  const uint64_t low, size;
  const wabt::interp::Value empty, oldPointer;
  std::vector<uint8_t> oldBytes;
  std::vector<Saved> stacks;
};

/// The shared memory of the blocks, one after the other.
class SharedWindow {
public:
  /// `bytes` from abi::sharedBase on must be in the memory.
  SharedWindow(wabt::interp::Memory &memory, uint64_t bytes);
  ~SharedWindow();
  SharedWindow(const SharedWindow &) = delete;

  void startBlock();

private:
  wabt::interp::Memory &memory;
  std::vector<uint8_t> old;
};

} // namespace twrun

#endif // TWRUN_LIB_ORACLE_GRIDWINDOWS_H
