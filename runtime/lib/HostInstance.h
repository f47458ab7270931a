//===- HostInstance.h - an instance on the host's cores ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Memories are reserved address space of which the current size is
// accessible; a grid's blocks are handed out to the device's workers.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_HOSTINSTANCE_H
#define TWRUN_LIB_HOSTINSTANCE_H

#include "HostDevice.h"
#include "HostImage.h"
#include "HostSink.h"
#include "Instance.h"

namespace twrun {

class HostInstance : public Instance {
public:
  static Expected<std::unique_ptr<HostInstance>>
  create(HostDevice &device, const ptxbin::PtxBin &artifact,
         const InstanceOptions &options);

  ~HostInstance() override;

  std::string describe() const override { return device.describe(); }
  /// A submitted call, on the dispatcher's thread; `stackLimit` is that's.
  Expected<Outcome> execute(const LaunchState &call, uint64_t stackLimit);
  Expected<StackUse> stackUse(const ptxbin::KernelInfo &kernel, Dim3 grid,
                              Dim3 block) override;

protected:
  Expected<Outcome> run(const Call &call) override;
  Expected<void> commit(uint32_t index, uint64_t bytes) override;
  Expected<void> retract(uint32_t index, uint64_t bytes) override;
  Expected<std::shared_ptr<SavedMemory>> save(Place place) override;
  Expected<void> load(const std::shared_ptr<SavedMemory> &saved) override;
  bool onGPU() const override { return false; }
  const CallbackExecutor *callbackExecutor() const override {
    return &device.executor;
  }
  /// None: the dispatcher runs one after the other.
  bool mustRunAlone(const ptxbin::KernelInfo &) const override { return false; }
  Expected<bool> takeStrayStores() override;

private:
  friend HostQueue;
  Expected<Outcome> run(const Call &call, const uint64_t *slots,
                        std::optional<uint64_t> stackLimit);
  Expected<void> allocateAll();
  Expected<void> allocateMemories(Storage &storage);
  HostInstance(HostDevice &device, const ptxbin::PtxBin &artifact,
               InstancePlan plan, const InstanceOptions &options)
      : Instance(artifact, std::move(plan), options), device(device) {}

  HostDevice &device;
  HostImage image;
  HostSink sink; // of isolated memories
  /// All memories, with inaccessible pages before, between and behind them.
  HostMemory linear;
  std::vector<uint64_t> offsets;   // of each memory in `linear`
  std::vector<uint64_t> committed; // bytes of each that are accessible
  /// Whose pages the memories are private copies of; null if of none.
  std::shared_ptr<SavedMemory> mapped;
  HostMemory tables;
  ptxbin::Bytes wasm; // data segments point into it
  std::vector<uint64_t> stateBlock, results, prints;
};

} // namespace twrun

#endif // TWRUN_LIB_HOSTINSTANCE_H
