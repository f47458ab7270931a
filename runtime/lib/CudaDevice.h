//===- CudaDevice.h - one CUDA device ---------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Retains the device's primary context, the one that CUDA's runtime library
// uses too, so that a program may use both. The context is made current only
// for the time of a call, and the caller's is restored.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDADEVICE_H
#define TWRUN_LIB_CUDADEVICE_H

#include "Async/CompletionThread.h"
#include "Async/LaunchState.h"
#include "CudaCopy.h"
#include "CudaModule.h"
#include "Driver.h"
#include "Select.h"
#include "twrun/Runtime.h"

#include <atomic>
#include <map>
#include <mutex>

namespace twrun {

/// Stack that a GPU thread is given, at the least, once a module with recursion
/// is there: CUDA's default of 1 KiB is gone at depth 16. The driver sets it
/// aside at once for every thread that the device can hold (measured: 4 GB on
/// an H200), so that modules without recursion must not pay for it.
inline constexpr uint64_t gpuStackBytes = 16 * 1024;

/// Fails if a device that keeps `kept` bytes for each thread, and has `free`
/// bytes of memory, cannot have those stacks. `purpose` begins the message.
Expected<void> checkStacksFit(const StackUse &stacks, uint64_t kept,
                              uint64_t free, const std::string &purpose);

class CudaDevice : public Device {
public:
  static Expected<std::unique_ptr<CudaDevice>>
  open(int ordinal, const DeviceOptions &options = {});
  ~CudaDevice() override;

  std::string describe() const override { return description; }
  bool isGPU() const override { return true; }
  DeviceInfo info() const override;
  CompletionStats completionStats() const override;
  Expected<std::unique_ptr<Executor>>
  instantiate(const ptxbin::PtxBin &artifact,
              const InstanceOptions &options) override;
  Expected<std::unique_ptr<HostBuffer>> hostBuffer(uint64_t bytes) override;

  /// The context, current on this thread while the object lives.
  class Current {
  public:
    explicit Current(const CudaDevice &device);
    ~Current();
    Current(const Current &) = delete;

  private:
    const CudaDevice *device;
  };

  /// The module of `artifact`, loaded once for all its instances.
  Expected<std::shared_ptr<CudaModule>>
  module(const ptxbin::PtxBin &artifact,
         const ptxbin::Finalized *finalized = nullptr);

  /// What the driver makes of the PTX that it would be given of `artifact`.
  struct Linked {
    ptxbin::FinalizedInfo info;
    ptxbin::Bytes cubin;
  };
  Expected<Linked> finalize(const ptxbin::PtxBin &artifact);

  /// An Error from a driver call's result: "cannot <what>: ...". Remembers
  /// that the context is lost when the result says so.
  Error failure(const std::string &what, cuda::CUresult result);
  /// Fails when the context is lost, or stayed with the parent of this process.
  Expected<void> checkAlive() const;
  bool isLost() const { return lost || forked(); }
  bool forked() const { return forks != forkCount(); }

  /// What watches submitted calls; made when it is first asked for.
  Expected<CompletionThread *> completion();
  void noteEnded() { endedCalls.fetch_add(1, std::memory_order_relaxed); }
  const CallbackExecutor executor;
  /// Pinned memory that copies go through.
  CudaStaging &staging() { return *pinned; }

  const cuda::Driver &driver;
  const cuda::CUdevice handle;
  /// Whether prefetching managed memory works (not on WSL and some boards).
  bool canPrefetch = false;
  /// Whether addresses can be reserved and mapped, as isolated memory needs.
  bool hasVirtualMemory = false;
  /// The most shared memory that a block can be given.
  uint64_t maxSharedBytes = 0;
  /// Raises the context's stack limit to gpuStackBytes, if it is lower, and by
  /// what recursion takes that fills `window`, the stack window in the frame of
  /// a grid's entry: as far as the device's free memory goes. Fails where it
  /// does not hold even the window beside gpuStackBytes. The context must be
  /// current, here and below.
  Expected<void> reserveStack(uint64_t window);
  /// What a thread may use now. Asked for at every launch, for the context is
  /// shared with the application, and code that trusted an older, larger limit
  /// would leave its stack.
  uint64_t stackBytes() const;
  /// Fails if the device cannot have `bytes` of memory for each thread that it
  /// can run at once, which is what the driver sets aside for a kernel.
  Expected<void> checkThreadMemory(uint64_t bytes,
                                   const std::string &purpose) const;
  /// Tells that a kernel has run for which that was set aside.
  void noteThreadMemory(uint64_t bytes);
  uint64_t threadsAtOnce = 0;

private:
  CudaDevice(const cuda::Driver &driver, cuda::CUdevice handle,
             const DeviceOptions &options)
      : executor(options.executor), driver(driver), handle(handle),
        choice(options.context) {}
  Expected<void> enterContext(const DeviceOptions &options);

  /// "12 of 34 bytes are free on the device"; "" if that cannot be told.
  std::string tellFreeMemory() const;

  const ContextChoice choice;
  const uint64_t forks = forkCount();
  cuda::CUcontext context = nullptr;
  std::unique_ptr<CudaStaging> pinned = std::make_unique<CudaStaging>(*this);
  std::string description;
  std::atomic<uint64_t> mostThreadMemory = 0;
  GPUTarget target;
  std::atomic<bool> lost = false;
  alignas(64) std::atomic<uint64_t> endedCalls{0}; // the completion thread's
  alignas(64) mutable std::mutex threadMutex; // guards watcher
  std::unique_ptr<CompletionThread> watcher;
  std::mutex mutex; // guards modules
  std::map<ptxbin::Digest, std::weak_ptr<CudaModule>> modules;
};

} // namespace twrun

#endif // TWRUN_LIB_CUDADEVICE_H
