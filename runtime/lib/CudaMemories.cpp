//===- CudaMemories.cpp - the memories of an instance on CUDA -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Managed memory, or windows of virtual memory where they are isolated.
//
//===----------------------------------------------------------------------===//

#include "CudaInstance.h"

#include "Sink.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;

Expected<void> CudaInstance::allocateMemories(Storage &storage) {
  // One allocation for all that are not isolated: each is a multiple of 64 KiB.
  uint64_t bytes = 0;
  for (const MemoryPlan &memory : plan.memories)
    if (!memory.reach)
      bytes += memory.capacity;
  if (bytes) {
    auto memory = ManagedMemory::allocate(device, bytes, "linear memory");
    if (!memory)
      return memory.error();
    linear = std::move(*memory);
    if (Expected<void> ok = zero(linear); !ok)
      return ok;
  }
  CudaCopier copier{device, stream};
  if (plan.isolates()) {
    if (!device.hasVirtualMemory)
      return makeError(ErrorKind::Incompatible,
                       "isolated memory needs virtual memory management, which "
                       "this device does not have");
    Expected<CudaPages> made = CudaPages::create(device, sinkBytes, "a sink");
    if (!made)
      return made.error();
    sink = std::move(*made);
  }
  uint8_t *base = linear.data();
  const CudaWindow *first = nullptr;
  for (const MemoryPlan &memory : plan.memories) {
    if (!memory.reach) {
      windows.push_back(nullptr);
      storage.memories.push_back(base);
      base += memory.capacity;
      continue;
    }
    windows.push_back(std::make_unique<CudaWindow>(copier, sink, memory.reach));
    CudaWindow &window = *windows.back();
    // memory.grow makes no call to the runtime.
    if (Expected<void> ok = window.create(
            memory.grows ? memory.capacity : memory.minBytes, memory.capacity);
        !ok)
      return ok;
    storage.memories.push_back(reinterpret_cast<uint8_t *>(window.address()));
    if (!first)
      first = &window;
  }
  return first ? copier.toDevice(first->sinkAddress(), sinkPattern())
               : Expected<void>();
}

Expected<void> CudaInstance::commit(uint32_t index, uint64_t bytes) {
  if (!windows[index])
    return {};
  CudaDevice::Current current(device);
  return windows[index]->grow(bytes);
}

std::span<uint8_t> CudaInstance::view(uint32_t index, uint64_t bytes) {
  if (!windows[index])
    return Instance::view(index, bytes);
  CudaDevice::Current current(device);
  Expected<std::span<uint8_t>> copy = windows[index]->pull(bytes);
  return copy ? *copy : std::span<uint8_t>();
}

Expected<bool> CudaInstance::takeStrayStores() {
  CudaCopier copier{device, stream};
  bool found = false, sinkSeen = false;
  for (uint32_t i = 0; i < windows.size(); ++i) {
    if (!windows[i])
      continue;
    CudaWindow &window = *windows[i];
    if (!sinkSeen) {
      sinkSeen = true;
      std::vector<uint8_t> seen(sinkBytes);
      if (Expected<void> ok = copier.fromDevice(seen, window.sinkAddress());
          !ok)
        return ok.error();
      std::span<const uint8_t> pattern = sinkPattern();
      if (!std::equal(seen.begin(), seen.end(), pattern.begin())) {
        found = true;
        if (Expected<void> ok = copier.toDevice(window.sinkAddress(), pattern);
            !ok)
          return ok.error();
      }
    }
    Expected<bool> changed = window.takeChanges(memorySize(i), roomBytes(i));
    if (!changed)
      return changed;
    found |= *changed;
  }
  return found;
}
