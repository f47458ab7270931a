//===- HostMemories.cpp - the memories of an instance on the host ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reserved address space, of which the part that is in use is accessible. A
// memory that was restored from a snapshot is a private mapping of the
// snapshot's file: to restore it again is to forget the pages that were
// written.
//
//===----------------------------------------------------------------------===//

#include "HostInstance.h"

#include <algorithm>
#include <sys/mman.h>

using namespace twrun;
using namespace ptxbin;

Expected<void> HostInstance::allocateMemories(Storage &storage) {
  // Isolated memories begin at multiples of the sink's size.
  const uint64_t guard = plan.isolates() ? sinkBytes : pageBytes;
  if (!plan.memories.empty()) {
    uint64_t bytes = guard;
    for (const MemoryPlan &memory : plan.memories)
      bytes += (memory.span() + 2 * guard - 1) / guard * guard;
    Expected<HostMemory> space =
        HostMemory::reserve(bytes, guard, "linear memory");
    if (!space)
      return space.error();
    linear = std::move(*space);
  }
  if (plan.isolates())
    if (Expected<void> ok = sink.create(); !ok)
      return ok;
  uint64_t offset = guard;
  committed.resize(plan.memories.size());
  for (size_t i = 0; i < plan.memories.size(); ++i) {
    const MemoryPlan &memory = plan.memories[i];
    offsets.push_back(offset);
    storage.memories.push_back(linear.data() + offset);
    offset += (memory.span() + 2 * guard - 1) / guard * guard;
    // memory.grow makes no call to the runtime, so what it can reach is
    // accessible from the start; untouched, it costs nothing and is zero.
    if (Expected<void> ok = commit(uint32_t(i), memory.grows ? memory.capacity
                                                             : memory.minBytes);
        !ok)
      return ok;
    if (memory.reach)
      if (Expected<void> ok =
              sink.map(linear, offsets[i], offsets[i] + committed[i],
                       memory.reach - committed[i]);
          !ok)
        return ok;
  }
  return {};
}

Expected<void> HostInstance::commit(uint32_t index, uint64_t bytes) {
  if (bytes <= committed[index])
    return {};
  // In place of sink, or of what is reserved.
  if (!linear.mapZeros(offsets[index] + committed[index],
                       bytes - committed[index]))
    return hostMemoryFailure("map " + std::to_string(bytes) +
                             " bytes of linear memory");
  committed[index] = bytes;
  return {};
}

Expected<void> HostInstance::retract(uint32_t index, uint64_t bytes) {
  const MemoryPlan &memory = plan.memories[index];
  const uint64_t end = committed[index];
  // Untouched behind its size, but for what stray stores have left.
  if (bytes == end ||
      (memory.grows && !memory.reach && bytes == memorySize(index)))
    return {};
  if (!linear.mapZeros(offsets[index] + bytes, end - bytes))
    return hostMemoryFailure("take linear memory back");
  // memory.grow makes no call to the runtime: what it can reach stays.
  if (memory.grows)
    return {};
  committed[index] = bytes;
  if (memory.reach)
    return sink.map(linear, offsets[index], offsets[index] + bytes,
                    end - bytes);
  if (!linear.protect(offsets[index] + bytes, end - bytes, PROT_NONE))
    return hostMemoryFailure("take linear memory back");
  return {};
}

Expected<std::shared_ptr<SavedMemory>> HostInstance::save(Place) {
  std::vector<uint64_t> sizes;
  for (uint32_t i = 0; i < plan.memories.size(); ++i)
    sizes.push_back(memorySize(i));
  auto saved = HostSaved::create(std::move(sizes));
  if (!saved)
    return saved.error();
  for (uint32_t i = 0; i < plan.memories.size(); ++i) {
    std::span<const uint8_t> bytes(memoryBase(i), memorySize(i));
    const uint64_t used = usedBytes(bytes);
    std::copy_n(bytes.begin(), used, (*saved)->bytesOf(i).begin());
    (*saved)->setUsed(i, used);
  }
  return std::shared_ptr<SavedMemory>(std::move(*saved));
}

/// From this size on a memory is mapped instead of copied. Measured: to forget
/// and write again costs 1.5 us a page, to copy all of it 40 us a MiB; so
/// mapping wins where less than a tenth was written, and in large memories by a
/// hundred times.
static constexpr uint64_t mapBytes = 1 << 20;

Expected<void> HostInstance::load(const std::shared_ptr<SavedMemory> &saved) {
  auto &source = static_cast<HostSaved &>(*saved);
  const bool again = mapped == saved;
  mapped = nullptr;
  bool maps = false;
  for (uint32_t i = 0; i < plan.memories.size(); ++i) {
    const uint64_t size = source.sizes[i];
    std::span<const uint8_t> used = source.usedOf(i);
    uint8_t *to = memoryBase(i);
    bool done = true;
    if (size < mapBytes) {
      std::copy(used.begin(), used.end(), to);
      std::fill_n(to + used.size(), size - used.size(), 0);
    } else if (again) {
      maps = true;
      done = madvise(to, size, MADV_DONTNEED) == 0;
    } else {
      maps = true;
      done = linear.mapCopy(offsets[i], used.size(), source.descriptor(),
                            source.offsetOf(i)) &&
             linear.mapZeros(offsets[i] + used.size(), size - used.size());
    }
    if (!done)
      return hostMemoryFailure("map " + std::to_string(size) +
                               " bytes of a snapshot");
  }
  if (maps)
    mapped = saved;
  return {};
}

Expected<bool> HostInstance::takeStrayStores() {
  bool found = sink.takeChanges();
  for (uint32_t i = 0; i < plan.memories.size(); ++i) {
    uint8_t *room = linear.data() + offsets[i] + memorySize(i);
    const uint64_t bytes = roomBytes(i);
    if (std::any_of(room, room + bytes, [](uint8_t b) { return b != 0; })) {
      std::fill_n(room, bytes, 0);
      found = true;
    }
  }
  return found;
}
