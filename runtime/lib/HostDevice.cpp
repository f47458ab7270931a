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
  TraceSpan span("instantiate");
  Expected<std::unique_ptr<HostInstance>> instance =
      HostInstance::create(*this, artifact, options);
  if (!instance)
    return instance.error();
  return std::unique_ptr<Executor>(std::move(*instance));
}
