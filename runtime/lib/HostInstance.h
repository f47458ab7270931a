//===- HostInstance.h - an instance on the host's cores ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linear memory is reserved address space of which the current size is
// accessible; a grid's blocks are handed out to the device's workers.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_HOSTINSTANCE_H
#define TWRUN_LIB_HOSTINSTANCE_H

#include "HostDevice.h"
#include "HostImage.h"
#include "Instance.h"

namespace twrun {

class HostInstance : public Instance {
public:
  static Expected<std::unique_ptr<HostInstance>>
  create(HostDevice &device, const ptxbin::PtxBin &artifact,
         uint64_t extraPages);

  std::string describe() const override { return device.describe(); }

protected:
  Expected<Outcome> run(const ptxbin::KernelInfo &kernel, Dim3 grid, Dim3 block,
                        std::span<const Value> arguments) override;
  Expected<void> commit(uint64_t bytes) override;
  bool onGPU() const override { return false; }

private:
  HostInstance(HostDevice &device, const ptxbin::PtxBin &artifact,
               MemoryPlan plan)
      : Instance(artifact, plan), device(device) {}

  HostDevice &device;
  HostImage image;
  HostMemory linear; // with an inaccessible page at either end
  uint64_t committed = 0;
  std::vector<uint64_t> stateBlock, results;
};

} // namespace twrun

#endif // TWRUN_LIB_HOSTINSTANCE_H
