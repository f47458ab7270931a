//===- HostDevice.cpp - the host's cores as a device ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instances share the pool; whatever else they need is their own.
//
//===----------------------------------------------------------------------===//

#include "HostDevice.h"

#include "HostInstance.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;

Expected<std::unique_ptr<HostDevice>> HostDevice::open() {
  Expected<std::unique_ptr<HostPool>> pool = HostPool::create(usableCores());
  if (!pool)
    return pool.error();
  return std::unique_ptr<HostDevice>(new HostDevice(std::move(*pool)));
}

std::string HostDevice::describe() const {
  return "host (" + std::to_string(workers->size()) +
         (workers->size() == 1 ? " thread)" : " threads)");
}

Expected<std::unique_ptr<Executor>>
HostDevice::instantiate(const PtxBin &artifact,
                        const InstanceOptions &options) {
  Expected<std::unique_ptr<HostInstance>> instance =
      HostInstance::create(*this, artifact, options);
  if (!instance)
    return instance.error();
  return std::unique_ptr<Executor>(std::move(*instance));
}

namespace {
class PlainBuffer : public HostBuffer {
public:
  static Expected<std::unique_ptr<HostBuffer>> create(uint64_t size) {
    Expected<HostMemory> space = HostMemory::reserve(
        std::max<uint64_t>(size, 1), hostPageSize(), "a host buffer");
    if (!space)
      return space.error();
    auto buffer = std::make_unique<PlainBuffer>();
    buffer->memory = std::move(*space);
    if (!buffer->memory.mapZeros(0, buffer->memory.size()))
      return hostMemoryFailure("map " + std::to_string(size) +
                               " bytes for a host buffer");
    buffer->bytes = buffer->memory.data();
    buffer->length = size;
    return std::unique_ptr<HostBuffer>(std::move(buffer));
  }

private:
  HostMemory memory;
};
} // namespace

Expected<std::unique_ptr<HostBuffer>> HostDevice::hostBuffer(uint64_t bytes) {
  return PlainBuffer::create(bytes);
}
