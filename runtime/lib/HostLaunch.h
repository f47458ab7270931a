//===- HostLaunch.h - a grid on the host's cores ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A launch is a counter of blocks that the workers draw from. The threads of a
// block run one after the other; where the kernel is cooperative, they are
// fibers that take turns (docs/HostDevice.md).
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_HOSTLAUNCH_H
#define TWRUN_LIB_HOSTLAUNCH_H

#include "HostDevice.h"
#include "Instance.h"

#include <atomic>
#include <mutex>

namespace twrun {

class HostLaunch {
public:
  /// All that it is given must outlive it.
  HostLaunch(abi::HostEntry entry, const abi::Environment &env,
             const uint64_t *arguments, const Call &call,
             abi::TrapRecord &record)
      : entry(entry), env(env), arguments(arguments), grid(call.grid),
        block(call.block), cooperative(call.kernel.cooperative),
        record(record) {}

  /// Runs all of it. Fails when there is no memory for stacks or for shared
  /// memory, as a rule before anything has run. A caller that is a worker itself
  /// gives its stack limit: what one worker can do is done by the caller then.
  Expected<void> run(HostDevice &device,
                     std::optional<uint64_t> stackLimit = std::nullopt);

  /// Of a launch that gets all stacks that it wants.
  static StackUse stackUse(const ptxbin::KernelInfo &kernel, Dim3 grid,
                           Dim3 block, unsigned workers);

private:
  struct GuestThread;
  class BlockRunner;

  [[noreturn]] static void trap(abi::HostThread *self, uint32_t code,
                                uint32_t function, uint32_t offset);
  static uint64_t collective(abi::HostThread *self,
                             const abi::Collective *call);
  Expected<unsigned> reserveStacks(HostDevice &device, unsigned workers) const;
  void prepare(GuestThread &guest, uint64_t stackLimit, uint8_t *shared) const;
  void setBlock(abi::HostThread &thread, uint64_t index) const;
  static void runThreads(const HostLaunch &launch, GuestThread &guest);
  static void runThread(const HostLaunch &launch, GuestThread &guest);
  void work(StackPool &stacks, uint64_t stackLimit, uint8_t *shared);

  const abi::HostEntry entry;
  const abi::Environment &env;
  const uint64_t *const arguments;
  const Dim3 grid, block;
  const bool cooperative;
  abi::TrapRecord &record;
  uint64_t chunk = 1;
  std::atomic<uint64_t> nextBlock{0};
  std::atomic<unsigned> nextWorker{0};
  std::mutex mutex; // guards result
  Expected<void> result;
};

} // namespace twrun

#endif // TWRUN_LIB_HOSTLAUNCH_H
