//===- CudaMemories.cpp - the memories of an instance on CUDA -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Managed memory, device memory, or reservations, windows where isolated.
//
//===----------------------------------------------------------------------===//

#include "CudaInstance.h"

#include "Sink.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

MemoryKind CudaInstance::memoryKind(uint32_t index) const {
  return index < reservations.size() && reservations[index]
             ? MemoryKind::Reserved
             : options.memoryKind;
}

bool CudaInstance::hostReaches(uint32_t index) const {
  return index >= mirrors.size() || !mirrors[index];
}

Expected<void> CudaInstance::allocateMemories(Storage &storage) {
  const bool reserves = options.memoryKind == MemoryKind::Reserved;
  // One allocation for all that are in none of their own: each is a multiple
  // of 64 KiB.
  uint64_t bytes = 0;
  for (const MemoryPlan &memory : plan.memories)
    if (!memory.reach && !reserves)
      bytes += memory.capacity;
  CudaCopier copier{device, stream};
  if (bytes && options.memoryKind == MemoryKind::Device) {
    auto memory = DeviceMemory::allocate(device, bytes, "linear memory");
    if (!memory)
      return memory.error();
    ownLinear = std::move(*memory);
    if (Expected<void> ok =
            copier.zero(reinterpret_cast<CUdeviceptr>(ownLinear.data()), bytes);
        !ok)
      return ok;
  } else if (bytes) {
    auto memory = ManagedMemory::allocate(device, bytes, "linear memory");
    if (!memory)
      return memory.error();
    linear = std::move(*memory);
    if (Expected<void> ok = zero(linear); !ok)
      return ok;
  }
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
  uint8_t *base = ownLinear.size() ? ownLinear.data() : linear.data();
  const CudaWindow *first = nullptr;
  for (const MemoryPlan &memory : plan.memories) {
    // memory.grow makes no call to the runtime.
    const uint64_t usable = memory.grows ? memory.capacity : memory.minBytes;
    CudaReservation *reservation = nullptr;
    CudaWindow *window = nullptr;
    if (memory.reach) {
      auto made = std::make_unique<CudaWindow>(copier, sink, memory.reach);
      if (Expected<void> ok = made->create(usable); !ok)
        return ok;
      reservation = window = made.get();
      reservations.push_back(std::move(made));
      if (!first)
        first = window;
    } else if (reserves) {
      auto made =
          std::make_unique<CudaReservation>(copier, memory.capacity, nullptr);
      if (Expected<void> ok = made->create(usable); !ok)
        return ok;
      reservation = made.get();
      reservations.push_back(std::move(made));
    } else {
      reservations.push_back(nullptr);
    }
    windows.push_back(window);
    uint8_t *place = base;
    if (reservation)
      place = reinterpret_cast<uint8_t *>(reservation->address());
    else
      base += memory.capacity;
    storage.memories.push_back(place);
    std::unique_ptr<CudaMirror> mirror;
    if (reservation || options.memoryKind == MemoryKind::Device) {
      mirror = std::make_unique<CudaMirror>(
          copier, reinterpret_cast<CUdeviceptr>(place));
      if (Expected<void> ok = mirror->create(memory.capacity); !ok)
        return ok;
    }
    mirrors.push_back(std::move(mirror));
  }
  return first ? copier.toDevice(first->sinkAddress(), sinkPattern())
               : Expected<void>();
}

Expected<void> CudaInstance::commit(uint32_t index, uint64_t bytes) {
  CudaReservation *reservation = reservations[index].get();
  if (!reservation || bytes <= reservation->usableBytes())
    return {};
  CudaDevice::Current current(device);
  return reservation->resize(bytes);
}

std::span<uint8_t> CudaInstance::hostView(uint32_t index, uint64_t bytes) {
  if (!mirrors[index])
    return Instance::hostView(index, bytes);
  CudaDevice::Current current(device);
  Expected<std::span<uint8_t>> copy = mirrors[index]->pull(bytes, true);
  return copy ? *copy : std::span<uint8_t>();
}

std::span<const uint8_t> CudaInstance::readView(uint32_t index) {
  if (!mirrors[index])
    return Instance::readView(index);
  CudaDevice::Current current(device);
  Expected<std::span<uint8_t>> copy =
      mirrors[index]->pull(memorySize(index), false);
  return copy ? *copy : std::span<const uint8_t>();
}

void CudaInstance::peek(uint32_t index, uint64_t offset,
                        std::span<uint8_t> to) {
  if (!mirrors[index])
    return Instance::peek(index, offset, to);
  CudaDevice::Current current(device);
  // Not by way of the copy, which belongs to who submits calls.
  (void)CudaCopier{device, stream}.fromDevice(to, addressOf(index) + offset);
}

//===-- Copies ------------------------------------------------------------===//

Expected<std::unique_ptr<Transfer>>
CudaInstance::startCopyIn(uint64_t offset, std::span<const uint8_t> from,
                          uint32_t index) {
  CudaDevice::Current current(device);
  if (mirrors[index])
    if (Expected<void> ok = mirrors[index]->push(); !ok)
      return ok.error();
  auto transfer = std::make_unique<CudaTransfer>(device, stream);
  if (auto ok = transfer->toDevice(addressOf(index) + offset, from); !ok)
    return ok.error();
  return std::unique_ptr<Transfer>(std::move(transfer));
}

Expected<std::unique_ptr<Transfer>>
CudaInstance::startCopyOut(uint64_t offset, std::span<uint8_t> to,
                           uint32_t index) {
  CudaDevice::Current current(device);
  if (mirrors[index])
    if (Expected<void> ok = mirrors[index]->push(); !ok)
      return ok.error();
  auto transfer = std::make_unique<CudaTransfer>(device, stream);
  if (auto ok = transfer->fromDevice(to, addressOf(index) + offset); !ok)
    return ok.error();
  return std::unique_ptr<Transfer>(std::move(transfer));
}

//===-- Where managed memory is -------------------------------------------===//

/// Whether there is anything to tell the driver about `range`.
Expected<bool> CudaInstance::checkManaged(const MemoryRange &range) const {
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  if (Expected<void> ok = checkRangeOf(range); !ok)
    return ok.error();
  if (!hostReaches(range.memory))
    return makeError(ErrorKind::Incompatible,
                     "memory " + std::to_string(range.memory) + " is " +
                         toString(memoryKind(range.memory)) +
                         " memory, which stays where it is: expected managed "
                         "memory");
  return device.canPrefetch && range.bytes;
}

Expected<bool> CudaInstance::advise(Advice advice, const MemoryRange &range) {
  Expected<bool> can = checkManaged(range);
  if (!can || !*can)
    return can;
  struct Told {
    int advice;
    CUdevice device;
  };
  auto told = [&]() -> Told {
    const CUdevice host = CU_DEVICE_CPU, own = device.handle;
    switch (advice) {
    case Advice::ReadMostly:
      return {CU_MEM_ADVISE_SET_READ_MOSTLY, own};
    case Advice::NotReadMostly:
      return {CU_MEM_ADVISE_UNSET_READ_MOSTLY, own};
    case Advice::PreferDevice:
      return {CU_MEM_ADVISE_SET_PREFERRED_LOCATION, own};
    case Advice::PreferHost:
      return {CU_MEM_ADVISE_SET_PREFERRED_LOCATION, host};
    case Advice::NoPreference:
      return {CU_MEM_ADVISE_UNSET_PREFERRED_LOCATION, own};
    case Advice::AccessedByDevice:
      return {CU_MEM_ADVISE_SET_ACCESSED_BY, own};
    case Advice::AccessedByHost:
      return {CU_MEM_ADVISE_SET_ACCESSED_BY, host};
    case Advice::NotAccessedByDevice:
      return {CU_MEM_ADVISE_UNSET_ACCESSED_BY, own};
    case Advice::NotAccessedByHost:
      return {CU_MEM_ADVISE_UNSET_ACCESSED_BY, host};
    }
    return {0, own};
  }();
  if (!told.advice)
    return makeError(ErrorKind::Invalid, "no such advice on managed memory");
  CudaDevice::Current current(device);
  CUresult result =
      device.driver.MemAdvise(addressOf(range.memory) + range.offset,
                              range.bytes, told.advice, told.device);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot advise the driver on " +
                              std::to_string(range.bytes) +
                              " bytes of linear memory",
                          result);
  return true;
}

Expected<bool> CudaInstance::prefetch(Place to, const MemoryRange &range) {
  Expected<bool> can = checkManaged(range);
  if (!can || !*can)
    return can;
  CudaDevice::Current current(device);
  CUresult result = device.driver.MemPrefetchAsync(
      addressOf(range.memory) + range.offset, range.bytes,
      to == Place::Host ? CU_DEVICE_CPU : device.handle, stream);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot move " + std::to_string(range.bytes) +
                              " bytes of linear memory to the " +
                              (to == Place::Host ? "host" : "device"),
                          result);
  return true;
}

//===-- Stray stores ------------------------------------------------------===//

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
