//===- ArtifactContestant.cpp - a kernel of an artifact -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linear memory is what the runtime allocates, managed memory or an isolated
// window, and lies on the device before anything is timed.
//
//===----------------------------------------------------------------------===//

#include "Contestant.h"
#include "CudaInstance.h"

using namespace twrun;
using namespace twrun::bench;

namespace {

class ArtifactContestant : public Contestant {
public:
  ArtifactContestant(const Gpu &gpu, const Task &task,
                     const ptxbin::PtxBin &artifact, const std::string &label)
      : Contestant(gpu, task, label), artifact(artifact) {
    InstanceOptions options;
    // Measured, not deployed: what checks cost is one of the questions.
    options.allowUnchecked = true;
    options.extraPages = task.arguments.extraPages;
    instance =
        valueOf(CudaInstance::create(gpu.device(), artifact, options), label);
    placement = valueOf(cli::place(task.arguments, *instance), label);
    const ptxbin::KernelInfo &kernel =
        *valueOf(findKernel(artifact.manifest(), task.kernel), label);
    prepared = valueOf(instance->prepareLaunch(kernel, task.grid, task.block,
                                               placement.values),
                       label);
    function = prepared.entry->code.function;
    slots = argumentSlots(placement.values);
    auto pointers = CudaInstance::parameters(prepared.env, slots.data(),
                                             placement.values.size());
    parameters.assign(pointers.begin(), pointers.end());
    dynamicShared = prepared.sharedBytes;
    isolates = artifact.manifest().bounds == ptxbin::BoundsMode::Isolate;
    for (const cli::Buffer &buffer : task.arguments.buffers)
      addresses.push_back(prepared.env.memoryBase + placement.base +
                          buffer.offset);
    ready();
  }

  std::string kind() const override { return "artifact"; }
  std::string memory() const override {
    return isolates ? "cuMemCreate" : "cuMemAllocManaged";
  }
  std::string trap() const override {
    std::optional<Trap> trap = instance->trapped();
    return trap ? describeTrap(*trap, artifact.manifest()) : "";
  }

protected:
  void moveToDevice() override {
    // Isolated memory is there already.
    const abi::Environment &env = prepared.env;
    if (gpu.device().canPrefetch && env.memorySize && !isolates)
      gpu.check(gpu.driver().MemPrefetchAsync(env.memoryBase, env.memorySize,
                                              gpu.device().handle,
                                              gpu.stream()),
                "move linear memory to the device");
  }

private:
  const ptxbin::PtxBin &artifact;
  std::unique_ptr<CudaInstance> instance;
  cli::Placement placement;
  CudaInstance::Prepared prepared;
  std::vector<uint64_t> slots; // of the arguments
  bool isolates = false;
};

} // namespace

std::unique_ptr<Contestant>
twrun::bench::makeArtifact(const Gpu &gpu, const Task &task,
                           const ptxbin::PtxBin &artifact,
                           const std::string &label) {
  return std::make_unique<ArtifactContestant>(gpu, task, artifact, label);
}
