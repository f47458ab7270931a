//===- Instance.h - what instances on all devices share ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An instance is linear memory, an instance state block (KernelABI.h) and the
// images' entry points. On every device the host can reach the first two, so
// instantiation, argument checks and the shape of calls are the same for all;
// a device brings the allocation and the running.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_INSTANCE_H
#define TWRUN_LIB_INSTANCE_H

#include "MemoryPlan.h"
#include "twrun/Runtime.h"

namespace twrun {

class Instance : public Executor {
public:
  std::span<uint8_t> memory() override;
  Expected<void> grow(uint64_t pages) override;
  uint64_t global(uint32_t index) const override;
  Expected<Outcome> invoke(const ptxbin::KernelInfo &kernel,
                           std::span<const Value> arguments) override;
  Expected<Outcome> launch(const ptxbin::KernelInfo &kernel, Dim3 grid,
                           Dim3 block,
                           std::span<const Value> arguments) override;

protected:
  Instance(const ptxbin::PtxBin &artifact, MemoryPlan plan)
      : artifact(artifact), plan(plan) {}

  /// Runs the entry `symbol`; everything about the call has been checked.
  virtual Expected<Outcome> run(const ptxbin::KernelInfo &kernel, Dim3 grid,
                                Dim3 block,
                                std::span<const Value> arguments) = 0;
  /// Makes linear memory up to `bytes`, at most plan.capacity, usable; it
  /// reads as zero.
  virtual Expected<void> commit(uint64_t bytes) = 0;
  virtual bool onGPU() const = 0;
  /// Whether the host may touch memory and state; false once a context died.
  virtual bool accessible() const { return true; }

  /// Bytes of the instance state block.
  uint64_t stateBytes() const;
  /// Bytes for the results of the widest export.
  uint64_t resultsBytes() const;
  /// Instantiates into `memoryBase` and `state`, which read as zero: sizes,
  /// globals, data segments, start function.
  Expected<void> initialise();

  /// An environment of this instance as it is now.
  abi::Environment environment(const abi::TrapRecord *record,
                               const uint64_t *results,
                               uint64_t stackSize) const;

  const ptxbin::PtxBin &artifact;
  const MemoryPlan plan;
  uint8_t *memoryBase = nullptr;
  abi::InstanceState *state = nullptr;

private:
  Expected<void> checkCall(const ptxbin::KernelInfo &kernel,
                           std::span<const Value> arguments) const;
  Expected<void> copyData();
  Expected<void> runStart();
};

/// Grid and block sizes within CUDA's limits, for every device alike.
Expected<void> checkGrid(Dim3 grid, Dim3 block);

/// The manifest's kernel ABI version is this runtime's.
Expected<void> checkABI(const ptxbin::Manifest &manifest);

/// What the record of an ended launch says.
std::optional<Trap> readTrap(const abi::TrapRecord &record);
/// Typed results from their 16-byte slots.
std::vector<Value> readResults(const ptxbin::KernelInfo &kernel,
                               const uint64_t *slots);
/// 16-byte argument slots, zero-extended.
std::vector<uint64_t> argumentSlots(std::span<const Value> arguments);

} // namespace twrun

#endif // TWRUN_LIB_INSTANCE_H
