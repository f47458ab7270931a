//===- Instance.h - what instances on all devices share ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An instance is its memories and tables, an instance state block
// (KernelABI.h) and the images' entry points. On every device the host can
// reach the first three, so instantiation, argument checks and the shape of
// calls are the same for all; a device brings the allocation and the running.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_INSTANCE_H
#define TWRUN_LIB_INSTANCE_H

#include "Async/LaunchQueue.h"
#include "Async/Recorded.h"
#include "MemoryPlan.h"
#include "SavedMemory.h"
#include "Transfer.h"
#include "twrun/Runtime.h"

namespace twrun {

/// A call about which everything has been checked.
struct Call {
  const ptxbin::KernelInfo &kernel;
  const std::string &symbol; // the kernel's entry, or that of its grids
  Dim3 grid, block;
  std::span<const Value> arguments;
  uint64_t sharedBytes = 0; // of each block
};

class Instance : public Executor {
public:
  Expected<void> instantiateNext() override;
  std::span<uint8_t> memory(uint32_t index = 0) override;
  Expected<void> grow(uint64_t pages, uint32_t index = 0) override;
  uint64_t memoryBytes(uint32_t index = 0) override;
  Expected<void> copyIn(uint64_t offset, std::span<const uint8_t> from,
                        uint32_t index = 0) override;
  Expected<void> copyOut(uint64_t offset, std::span<uint8_t> to,
                         uint32_t index = 0) override;
  Expected<std::unique_ptr<Snapshot>>
  snapshot(Place place = Place::Host) override;
  Expected<void> restore(const Snapshot &snapshot) override;
  bool isUsable() const override { return accessible() && !isDamaged; }
  Value global(uint32_t index) const override;
  std::vector<uint64_t> table(uint32_t index) const override;
  Expected<Outcome> invoke(const ptxbin::KernelInfo &kernel,
                           std::span<const Value> arguments) override;
  Expected<Outcome> launch(const ptxbin::KernelInfo &kernel, Dim3 grid,
                           Dim3 block, std::span<const Value> arguments,
                           const LaunchOptions &options = {}) override;
  Expected<Completion>
  submit(const Request &request,
         std::function<void(const Completion &)> callback = nullptr) override;
  Expected<Recording> record(std::span<const Request> requests) override;
  Expected<Completion>
  submit(const Recording &recording, const RecordingOptions &options = {},
         std::function<void(const Completion &)> callback = nullptr) override;
  Expected<void> drain() override;

protected:
  Instance(const ptxbin::PtxBin &artifact, InstancePlan plan,
           const InstanceOptions &options)
      : artifact(artifact), plan(std::move(plan)), options(options) {}

  /// Nothing else of this instance is under way.
  virtual Expected<Outcome> run(const Call &call) = 0;
  /// Set by create(); closed ahead of everything else when the instance goes.
  std::shared_ptr<LaunchQueue> queue;
  /// Where callbacks of this instance run; null: on the completion thread.
  virtual const CallbackExecutor *callbackExecutor() const = 0;
  /// Makes of checked calls what their submission needs.
  virtual Expected<std::shared_ptr<RecordedCalls>>
  recordCalls(std::vector<std::shared_ptr<LaunchState>> calls);
  /// Whether this call can run only by itself.
  virtual bool mustRunAlone(const ptxbin::KernelInfo &kernel) const = 0;
  /// What launch() checks before it runs. The call refers to `kernel` and
  /// `arguments`.
  Expected<Call> checkLaunch(const ptxbin::KernelInfo &kernel, Dim3 grid,
                             Dim3 block, std::span<const Value> arguments,
                             const LaunchOptions &options) const;
  /// The first `bytes` of memory `index` as the host may read and write them
  /// until the next call; empty if they cannot be had.
  virtual std::span<uint8_t> hostView(uint32_t index, uint64_t bytes) {
    return {storage.memories[index], size_t(bytes)};
  }
  /// All of memory `index` to be read, when nothing is under way.
  virtual std::span<const uint8_t> readView(uint32_t index) {
    return hostView(index, memorySize(index));
  }
  /// Reads within the memory, though other calls may be under way. What cannot
  /// be read stays as it is.
  virtual void peek(uint32_t index, uint64_t offset, std::span<uint8_t> to);
  /// Whether anything was stored outside of the isolated memories since this
  /// was last asked; forgets it.
  virtual Expected<bool> takeStrayStores() = 0;
  /// Makes memory `index` up to `bytes`, at most its capacity, usable; it
  /// reads as zero.
  virtual Expected<void> commit(uint32_t index, uint64_t bytes) = 0;
  /// Makes all of memory `index` from `bytes`, at most its size, on zeros, and
  /// takes back what commit() has made usable of it.
  virtual Expected<void> retract(uint32_t index, uint64_t bytes) = 0;

  /// Copies within the present size, which is checked. What they begin is
  /// ended by finish().
  virtual Expected<std::unique_ptr<Transfer>>
  startCopyIn(uint64_t offset, std::span<const uint8_t> from, uint32_t index);
  virtual Expected<std::unique_ptr<Transfer>>
  startCopyOut(uint64_t offset, std::span<uint8_t> to, uint32_t index);
  /// There is such a memory, it can be accessed, and the range lies in it.
  Expected<void> checkRangeOf(const MemoryRange &range) const;

  /// The bytes of all memories as they are.
  virtual Expected<std::shared_ptr<SavedMemory>> save(Place place);
  /// Whether load() can read `saved`.
  virtual Expected<void> checkLoad(const SavedMemory &saved) const;
  /// Writes `saved` to the memories, which have the sizes it tells.
  virtual Expected<void> load(const std::shared_ptr<SavedMemory> &saved) = 0;

  virtual bool onGPU() const = 0;
  /// Whether the host may touch memory and state; false once a context died.
  virtual bool accessible() const { return true; }

  /// Bytes for the results of the widest export.
  uint64_t resultsBytes() const;
  /// Where the device keeps what. All but `data` and `elems` reads as zero at
  /// first.
  struct Storage {
    uint8_t *state = nullptr;            // plan.layout.size() bytes
    std::vector<uint8_t *> memories;     // the device's addresses of them
    std::vector<uint64_t *> tables;      // likewise
    std::vector<const uint8_t *> data;   // the bytes of each segment
    std::vector<const uint64_t *> elems; // the references of each
  };
  /// Takes what create() allocated, fills in the instance state and, unless
  /// that is to be done stepwise, instantiates all modules.
  Expected<void> initialise(Storage storage);

  /// What a call leaves its marks in.
  struct Marks {
    const abi::TrapRecord *record = nullptr;
    const uint64_t *results = nullptr;
    const abi::PrintBuffer *prints = nullptr;
  };
  /// An environment of this instance as it is now, for `call`.
  abi::Environment environment(const Call &call, const Marks &marks,
                               uint64_t stackSize) const;
  /// What the marks of an ended call say, and the sinks; tells what was
  /// printed.
  Expected<Outcome> outcome(const Call &call, const Marks &marks,
                            double seconds);
  /// Bytes of a print buffer, and its preparation for a call.
  uint64_t printBufferBytes() const;
  void clearPrints(abi::PrintBuffer &buffer) const;

  /// Current size. The device writes the state; it must never widen the
  /// host's view, so nothing past the capacity is believed.
  uint64_t memorySize(uint32_t index) const;
  /// Bytes of an isolated memory that may be all zero behind its size, since
  /// memory.grow can make them part of it, and of which stores are looked for.
  uint64_t roomBytes(uint32_t index) const;
  /// The device's address of a memory.
  uint8_t *memoryBase(uint32_t index) const { return storage.memories[index]; }

  const ptxbin::PtxBin &artifact;
  const InstancePlan plan;
  const InstanceOptions options;

private:
  template <typename T> T &stateAt(uint64_t offset) const {
    return *reinterpret_cast<T *>(storage.state + offset);
  }
  uint64_t tableSize(uint32_t index) const;
  std::string readMessage(uint32_t index, uint64_t address);
  std::string moduleName(uint32_t module) const;

  Expected<void> checkCall(const ptxbin::KernelInfo &kernel,
                           std::span<const Value> arguments) const;
  Expected<Outcome> runAlone(const Call &call);
  /// A call with its arguments, ready to be submitted but for its callback.
  Expected<std::shared_ptr<LaunchState>> checkRequest(const Request &request);
  Expected<Completion> submitState(std::shared_ptr<LaunchState> state,
                                   Completion::Callback callback, bool wait);
  Expected<void> checkImports(uint32_t module) const;
  Expected<void> copyElems(uint32_t module);
  Expected<void> copyData(uint32_t module);
  Expected<void> runStart(uint32_t module);

  void writeAddresses();

  Storage storage;
  std::vector<bool> instantiated; // by module, as far as it was tried
  bool isDamaged = false;         // by a restore that failed
  /// By memory, where nothing on the device changes it: to read the state can
  /// cost a page fault.
  std::vector<uint64_t> sizes;
};

/// What can be said about `options` before anything is allocated.
Expected<void> checkOptions(const ptxbin::Manifest &manifest,
                            const InstanceOptions &options);

/// Index of the artifact's WASM section, if it has one.
std::optional<size_t> findWasm(const ptxbin::PtxBin &artifact);

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
/// The same into `slots`, which has 2 for each argument.
void fillSlots(std::span<const Value> arguments, uint64_t *slots);

} // namespace twrun

#endif // TWRUN_LIB_INSTANCE_H
