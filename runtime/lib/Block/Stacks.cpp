//===- Stacks.cpp - stacks of a block's threads ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stacks.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <sys/mman.h>

using namespace twrun;
using namespace ptxbin;

/// Stacks that lie at multiples of a large power of two would all use the
/// same few lines of a cache: their tops are moved apart by so much.
static constexpr size_t colours = 64, colourBytes = 192;

static size_t roundUp(size_t bytes, size_t to) {
  return (bytes + to - 1) / to * to;
}

StackPool::StackPool(size_t bytes)
    : stackBytes(roundUp(bytes, hostPageSize())) {}

Expected<void> StackPool::add(size_t count) {
  if (made + count > maxStacks)
    return makeError(ErrorKind::IO,
                     "cannot run so many threads that wait for one another at "
                     "once: expected at most " +
                         std::to_string(maxStacks) + ", but got " +
                         std::to_string(made + count));
  const size_t guard = hostPageSize();
  const size_t each =
      guard + stackBytes + roundUp(colours * colourBytes, hostPageSize());
  Expected<HostMemory> slab = HostMemory::reserve(
      count * each, hostPageSize(), "the stacks of a block's threads");
  if (!slab)
    return slab.error();
  std::vector<Stack> added;
  for (size_t i = 0; i < count; ++i) {
    size_t offset = i * each + guard;
    if (!slab->protect(offset, each - guard, PROT_READ | PROT_WRITE))
      return makeError(ErrorKind::IO,
                       "cannot map " + std::to_string(count) +
                           " stacks of a block's threads: " + strerror(errno));
    uint8_t *end = slab->data() + offset + each - guard;
    added.push_back(
        {slab->data() + offset, end - (made + i) % colours * colourBytes});
  }
  // In reverse: the last that is given back, or was made, is the next taken.
  free.insert(free.end(), added.rbegin(), added.rend());
  slabs.push_back(std::move(*slab));
  made += count;
  return {};
}

Expected<std::vector<Stack>> StackPool::take(size_t count) {
  std::lock_guard lock(mutex);
  if (count > free.size())
    if (Expected<void> ok = add(count - free.size()); !ok)
      return ok.error();
  std::vector<Stack> taken(free.end() - ptrdiff_t(count), free.end());
  free.resize(free.size() - count);
  return taken;
}

void StackPool::giveBack(std::vector<Stack> stacks) {
  std::lock_guard lock(mutex);
  free.insert(free.end(), stacks.begin(), stacks.end());
}
