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
  return std::unique_ptr<HostDevice>(new HostDevice(std::move(*pool), options.executor));
}

HostDevice::~HostDevice() {
  if (made)
    made->shutdown();
  if (!checkAlive())
    (void)workers.release(); // its threads stayed with the parent
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
  Expected<std::unique_ptr<HostInstance>> instance =
      HostInstance::create(*this, artifact, options);
  if (!instance)
    return instance.error();
  return std::unique_ptr<Executor>(std::move(*instance));
}
