//===- CudaInstance.h - an instance on a CUDA device ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instance state, results and trap record live in managed memory: the host
// reads and writes them in place between calls. So do memories, unless they are
// of another kind (MemoryKind), or isolated (CudaWindow.h).
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDAINSTANCE_H
#define TWRUN_LIB_CUDAINSTANCE_H

#include "CudaAllocation.h"
#include "CudaDevice.h"
#include "CudaMirror.h"
#include "CudaQueue.h"
#include "CudaWindow.h"
#include "Instance.h"

namespace twrun {

/// From this size on, memory is moved to the device ahead of a launch and
/// zeroed there, instead of being faulted in.
inline constexpr uint64_t bulkBytes = 1 << 20;

class CudaInstance : public Instance {
public:
  /// An entry, and what was found out about it once for all calls.
  struct Entry {
    CudaModule::Kernel code;  // function: null if it was not looked for yet
    uint64_t threadBytes = 0; // that the driver sets aside for each thread
    uint64_t sharedBytes = 0; // that it was told the entry may ask for
  };
  /// A call about which everything is checked and known but when it runs.
  struct Prepared {
    const Entry *entry = nullptr;
    DurationEstimate *estimate = nullptr;
    Dim3 grid, block;
    uint64_t sharedBytes = 0; // of each block, beside the entry's own
    abi::Environment env;
    Marks marks;
  };
  /// What cuLaunchKernel takes: `env`, then 16 bytes in `slots` for each
  /// argument. Both must stay where they are.
  static boost::container::small_vector<void *, 16>
  parameters(abi::Environment &env, uint64_t *slots, size_t arguments);

  static Expected<std::unique_ptr<CudaInstance>>
  create(CudaDevice &device, const ptxbin::PtxBin &artifact,
         const InstanceOptions &options);
  ~CudaInstance() override;

  std::string describe() const override { return device.describe(); }
  Expected<StackUse> stackUse(const ptxbin::KernelInfo &kernel, Dim3 grid,
                              Dim3 block) override;

  MemoryKind memoryKind(uint32_t index = 0) const override;
  bool hostReaches(uint32_t index = 0) const override;
  Expected<bool> advise(Advice advice, const MemoryRange &range) override;
  Expected<bool> prefetch(Place to, const MemoryRange &range) override;

  /// For benchmarks, which time launches of their own: what launch() would
  /// run. No managed memory is moved; memory must not grow until then.
  Expected<Prepared> prepareLaunch(const ptxbin::KernelInfo &kernel, Dim3 grid,
                                   Dim3 block, std::span<const Value> arguments,
                                   const LaunchOptions &options = {});
  /// The trap of what ran since the last preparation; nothing may run now.
  std::optional<Trap> trapped() const;

protected:
  Expected<Outcome> run(const Call &call) override;
  /// The whole capacity is allocated and zeroed from the start, but for
  /// memories in reservations.
  Expected<void> commit(uint32_t index, uint64_t bytes) override;
  Expected<void> retract(uint32_t index, uint64_t bytes) override;
  std::span<uint8_t> hostView(uint32_t index, uint64_t bytes) override;
  std::span<const uint8_t> readView(uint32_t index) override;
  void peek(uint32_t index, uint64_t offset, std::span<uint8_t> to) override;
  Expected<std::unique_ptr<Transfer>> startCopyIn(uint64_t offset,
                                                  std::span<const uint8_t> from,
                                                  uint32_t index) override;
  Expected<std::unique_ptr<Transfer>>
  startCopyOut(uint64_t offset, std::span<uint8_t> to, uint32_t index) override;
  Expected<std::shared_ptr<SavedMemory>> save(Place place) override;
  Expected<void> checkLoad(const SavedMemory &saved) const override;
  Expected<void> load(const std::shared_ptr<SavedMemory> &saved) override;
  Expected<bool> takeStrayStores() override;
  bool onGPU() const override { return true; }
  bool accessible() const override { return !device.isLost(); }
  const CallbackExecutor *callbackExecutor() const override {
    return &device.executor;
  }
  bool mustRunAlone(const ptxbin::KernelInfo &kernel) const override;
  Expected<std::shared_ptr<RecordedCalls>>
  recordCalls(std::vector<std::shared_ptr<LaunchState>> calls) override;

private:
  CudaInstance(CudaDevice &device, const ptxbin::PtxBin &artifact,
               InstancePlan plan, const InstanceOptions &options)
      : Instance(artifact, std::move(plan), options), device(device) {}
  Expected<void> allocateAll();
  Expected<void> allocateMemories(Storage &storage);
  Expected<void> place(Storage &storage, uint8_t *tables, uint8_t *segments);
  Expected<void> zero(const ManagedMemory &memory);
  friend CudaQueue;
  /// The context must be current, here and below.
  Expected<Entry *> entryOf(const Call &call);
  Expected<Prepared> prepare(const Call &call, Marks marks);
  Expected<void> checkBlock(const Call &call,
                            const CudaModule::Kernel &entry) const;
  /// Brings memory to where `call` will want it.
  Expected<void> beforeCall(const Call &call, const abi::Environment &env);
  /// In the instance's stream, or in `into`.
  cuda::CUresult enqueue(Prepared &prepared, uint64_t *slots, size_t arguments,
                         cuda::CUstream into = nullptr);
  Expected<abi::PrintBuffer *> printBuffer();

  CudaDevice &device;
  std::shared_ptr<CudaModule> module;
  /// What the memories that are in no reservation are parts of; of MemoryKind
  /// Device `ownLinear`.
  ManagedMemory linear;
  DeviceMemory ownLinear;
  ManagedMemory control, prints;
  ManagedMemory slots; // of the queue
  /// Of the kernel at i in the manifest: 2 * i its own, 2 * i + 1 its grids'.
  std::vector<Entry> entries;
  Entry foreignEntry; // of a kernel that is not the manifest's
  /// By entry, then that of foreignEntry; the completion thread's.
  std::vector<DurationEstimate> durations;
  uint64_t stackBytes = 0;
  CudaPages sink;
  /// Moves what the host wrote into copies of memories to the device.
  Expected<void> pushWindows();
  Expected<bool> checkManaged(const MemoryRange &range) const;
  cuda::CUdeviceptr addressOf(uint32_t index) const {
    return reinterpret_cast<cuda::CUdeviceptr>(memoryBase(index));
  }

  /// By memory; null where it is in none, or is not isolated.
  std::vector<std::unique_ptr<CudaReservation>> reservations;
  std::vector<CudaWindow *> windows;
  /// By memory; null where the host reaches it.
  std::vector<std::unique_ptr<CudaMirror>> mirrors;
  abi::TrapRecord *record = nullptr;
  uint64_t *results = nullptr;
  cuda::CUstream stream = nullptr;
  cuda::CUevent started = nullptr, ended = nullptr;
};

} // namespace twrun

#endif // TWRUN_LIB_CUDAINSTANCE_H
