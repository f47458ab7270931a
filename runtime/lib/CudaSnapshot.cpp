//===- CudaSnapshot.cpp - the state of an instance on CUDA ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A snapshot on the device is a copy of the device's own memory, made and
// brought back at the device's bandwidth, whatever kind of memory the instance
// has.
//
//===----------------------------------------------------------------------===//

#include "CudaInstance.h"

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

namespace {
class CudaSaved : public SavedMemory {
public:
  explicit CudaSaved(const CudaDevice &device, std::vector<uint64_t> sizes)
      : SavedMemory(std::move(sizes)), device(device) {}
  Place place() const override { return Place::Device; }

  const CudaDevice &device;
  DeviceMemory memory;
};
} // namespace

Expected<std::shared_ptr<SavedMemory>> CudaInstance::save(Place place) {
  CudaDevice::Current current(device);
  if (Expected<void> ok = pushWindows(); !ok)
    return ok.error();
  if (place == Place::Host)
    return Instance::save(place);
  std::vector<uint64_t> sizes;
  for (uint32_t i = 0; i < plan.memories.size(); ++i)
    sizes.push_back(memorySize(i));
  auto saved = std::make_shared<CudaSaved>(device, std::move(sizes));
  if (uint64_t bytes = saved->bytes()) {
    auto memory = DeviceMemory::allocate(device, bytes, "a snapshot");
    if (!memory)
      return memory.error();
    saved->memory = std::move(*memory);
  }
  CudaCopier copier{device, stream};
  auto at = reinterpret_cast<CUdeviceptr>(saved->memory.data());
  for (uint32_t i = 0; i < plan.memories.size(); ++i) {
    if (Expected<void> ok = copier.within(at, addressOf(i), saved->sizes[i]);
        !ok)
      return ok.error();
    at += saved->sizes[i];
  }
  return std::shared_ptr<SavedMemory>(std::move(saved));
}

Expected<void> CudaInstance::checkLoad(const SavedMemory &saved) const {
  if (saved.place() == Place::Host ||
      &static_cast<const CudaSaved &>(saved).device == &device)
    return {};
  return makeError(ErrorKind::Incompatible,
                   "the snapshot is kept on another device");
}

Expected<void> CudaInstance::load(const std::shared_ptr<SavedMemory> &saved) {
  CudaDevice::Current current(device);
  CudaCopier copier{device, stream};
  for (const std::unique_ptr<CudaMirror> &mirror : mirrors)
    if (mirror)
      mirror->drop();
  CUdeviceptr at = 0;
  if (saved->place() == Place::Device)
    at = reinterpret_cast<CUdeviceptr>(
        static_cast<const CudaSaved &>(*saved).memory.data());
  for (uint32_t i = 0; i < plan.memories.size(); ++i) {
    const uint64_t size = saved->sizes[i];
    if (saved->place() == Place::Device) {
      if (Expected<void> ok = copier.within(addressOf(i), at, size); !ok)
        return ok;
      at += size;
      continue;
    }
    std::span<const uint8_t> used =
        static_cast<const HostSaved &>(*saved).usedOf(i);
    if (Expected<void> ok = copier.toDevice(addressOf(i), used); !ok)
      return ok;
    if (Expected<void> ok =
            copier.zero(addressOf(i) + used.size(), size - used.size());
        !ok)
      return ok;
  }
  return {};
}

Expected<void> CudaInstance::retract(uint32_t index, uint64_t bytes) {
  CudaDevice::Current current(device);
  const MemoryPlan &memory = plan.memories[index];
  if (mirrors[index])
    mirrors[index]->drop();
  // Where the module grows its memory the pages stay, and must be zero. Of
  // those of isolated memories nobody knows what stray stores have left there.
  if (reservations[index] && !memory.grows)
    return reservations[index]->resize(bytes);
  const uint64_t end = memory.reach ? memory.capacity : memorySize(index);
  return CudaCopier{device, stream}.zero(addressOf(index) + bytes, end - bytes);
}
