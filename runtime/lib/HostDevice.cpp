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
#include "Trace.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;

Expected<std::unique_ptr<HostDevice>>
HostDevice::open(const DeviceOptions &options) {
  if (options.context != ContextChoice::Primary || options.adopted)
    return makeError(ErrorKind::Invalid,
                     "a CUDA context was chosen for the host device");
  Expected<std::unique_ptr<HostPool>> pool = HostPool::create(usableCores());
  if (!pool)
    return pool.error();
  return std::unique_ptr<HostDevice>(
      new HostDevice(std::move(*pool), options.executor));
}

HostDevice::~HostDevice() {
  if (checkAlive()) {
    if (made)
      made->shutdown();
    return;
  }
  // The threads stayed with the parent, and with them what they wait at.
  (void)workers.release();
  (void)new std::shared_ptr<HostDispatcher>(std::move(made));
}

Expected<void> HostDevice::checkAlive() const {
  if (forks == forkCount())
    return {};
  return makeError(ErrorKind::Device,
                   "the device was opened before this process was forked off: "
                   "open it anew here");
}

Expected<std::shared_ptr<HostDispatcher>> HostDevice::dispatcher() {
  std::lock_guard lock(mutex);
  if (!made) {
    auto fresh = HostDispatcher::create();
    if (!fresh)
      return fresh.error();
    made = std::move(*fresh);
  }
  return made;
}

CompletionStats HostDevice::completionStats() const {
  std::lock_guard lock(mutex);
  if (!made)
    return {};
  return {made->ended(), made->cpuSeconds()};
}

std::string HostDevice::describe() const {
  return "host (" + std::to_string(workers->size()) +
         (workers->size() == 1 ? " thread)" : " threads)");
}

Expected<std::unique_ptr<Executor>>
HostDevice::instantiate(const PtxBin &artifact,
                        const InstanceOptions &options) {
  TraceSpan span("instantiate");
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
