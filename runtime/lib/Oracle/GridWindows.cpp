//===- GridWindows.cpp - memory that is not all threads' ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A turn costs what the thread has on its stack, not what the stack could hold.
//
//===----------------------------------------------------------------------===//

#include "GridWindows.h"

#include "Format/KernelABI.h"

#include <algorithm>
#include <cstring>

namespace interp = wabt::interp;

namespace twrun {

namespace {

/// The stretch of [data, data + size) that is not zero, to a page.
struct Stretch {
  uint64_t begin, end;
};
Stretch findNonZero(const uint8_t *data, uint64_t size) {
  constexpr uint64_t chunk = 4096;
  // Compared with itself, a byte on: the C library does that fastest.
  auto isZero = [&](uint64_t from, uint64_t to) {
    return data[from] == 0 &&
           !std::memcmp(data + from, data + from + 1, to - from - 1);
  };
  uint64_t begin = 0, end = size;
  while (begin < end && isZero(begin, std::min(begin + chunk, end)))
    begin += chunk;
  if (begin >= end)
    return {0, 0};
  while (end - begin > chunk && isZero(end - chunk, end))
    end -= chunk;
  return {begin, end};
}

} // namespace

StackWindows::StackWindows(interp::Memory &memory, interp::Global &pointer,
                           const ptxbin::StackWindow &window)
    : memory(memory), pointer(pointer), low(window.low), size(window.size),
      empty(interp::Value::Make(uint32_t(low + size))),
      oldPointer(pointer.Get()), oldBytes(data(), data() + size) {
  std::fill_n(data(), size, 0);
}

StackWindows::~StackWindows() {
  std::copy(oldBytes.begin(), oldBytes.end(), data());
  pointer.UnsafeSet(oldPointer);
}

void StackWindows::startBlock(unsigned threads) {
  stacks.resize(threads);
  for (Saved &stack : stacks) {
    stack.pointer = empty;
    stack.bytes.clear();
  }
}

void StackWindows::enter(unsigned thread) {
  const Saved &stack = stacks[thread];
  pointer.UnsafeSet(stack.pointer);
  std::copy(stack.bytes.begin(), stack.bytes.end(), data() + stack.offset);
}

void StackWindows::leave(unsigned thread) {
  Saved &stack = stacks[thread];
  stack.pointer = pointer.Get();
  const Stretch used = findNonZero(data(), size);
  stack.offset = used.begin;
  stack.bytes.assign(data() + used.begin, data() + used.end);
  std::fill(data() + used.begin, data() + used.end, 0);
}

SharedWindow::SharedWindow(interp::Memory &memory, uint64_t bytes)
    : memory(memory), old(memory.UnsafeData() + abi::sharedBase,
                          memory.UnsafeData() + abi::sharedBase + bytes) {}

SharedWindow::~SharedWindow() {
  std::copy(old.begin(), old.end(), memory.UnsafeData() + abi::sharedBase);
}

void SharedWindow::startBlock() {
  std::fill_n(memory.UnsafeData() + abi::sharedBase, old.size(), 0);
}

} // namespace twrun
