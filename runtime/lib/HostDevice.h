//===- HostDevice.h - the host's cores as a device --------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs host images on a pool of worker threads, one for each usable core.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_HOSTDEVICE_H
#define TWRUN_LIB_HOSTDEVICE_H

#include "Block/Stacks.h"
#include "HostDispatcher.h"
#include "HostPool.h"
#include "twrun/Runtime.h"

#include <mutex>

namespace twrun {

class HostDevice : public Device {
public:
  static Expected<std::unique_ptr<HostDevice>>
  open(const DeviceOptions &options = {});
  ~HostDevice() override;

  std::string describe() const override;
  bool isGPU() const override { return false; }
  DeviceInfo info() const override;
  CompletionStats completionStats() const override;
  Expected<std::unique_ptr<Executor>>
  instantiate(const ptxbin::PtxBin &artifact,
              const InstanceOptions &options) override;

  Expected<std::unique_ptr<HostBuffer>> hostBuffer(uint64_t bytes) override;

  HostPool &pool() { return *workers; }
  /// For threads that wait for one another.
  StackPool &stacks() { return fiberStacks; }
  std::mutex launching; // held while a launch uses stacks()
  /// What runs submitted calls; made when it is first asked for.
  Expected<std::shared_ptr<HostDispatcher>> dispatcher();
  /// Fails in a forked child.
  Expected<void> checkAlive() const;
  const CallbackExecutor executor;

private:
  HostDevice(std::unique_ptr<HostPool> workers, CallbackExecutor executor)
      : executor(std::move(executor)), workers(std::move(workers)) {}
  std::unique_ptr<HostPool> workers;
  StackPool fiberStacks{hostFiberBytes};
  mutable std::mutex mutex; // guards made
  std::shared_ptr<HostDispatcher> made;
  const uint64_t forks = forkCount();
};

} // namespace twrun

#endif // TWRUN_LIB_HOSTDEVICE_H
