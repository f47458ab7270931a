//===- Pool.h - instances that are ready before they are asked for *- C++
//-*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instances of one artifact on one device, kept for the next one who needs
// one. An instance that comes back is reset to the state that it had when it
// was new; one that cannot be reset, or whose device is lost, is never handed
// out again.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_POOL_H
#define TWRUN_POOL_H

#include "twrun/Runtime.h"

#include <chrono>

namespace twrun {

struct PoolPolicy {
  /// Idle instances that the pool makes ahead of being asked, and keeps.
  size_t minIdle = 1;
  /// Those that it keeps at most; what comes back beyond is destroyed.
  size_t maxIdle = 8;
  /// Instances at most, those in use included.
  size_t maxTotal = 16;
  /// How long one may be idle, beyond minIdle, before it is destroyed.
  std::chrono::milliseconds idleTime{60'000};
  /// Where the initial state is kept, of which there is one for all.
  Place snapshot = Place::Device;
};

struct PoolStats {
  size_t idle = 0, inUse = 0;       // now; being made or reset counts as in use
  uint64_t made = 0;                // instances, in all
  uint64_t acquired = 0, ready = 0; // handed out; of which none had to be made
  uint64_t resets = 0;              // that succeeded
  uint64_t dropped = 0;             // could not be reset, or were lost
  uint64_t evicted = 0;             // by the policy
  uint64_t refused = 0;             // asked for in vain
};

/// Thread-safe. Device and artifact must outlive it; it must outlive what was
/// acquired from it.
class InstancePool {
public:
  using Clock = std::chrono::steady_clock;

  /// An instance of the pool's, the caller's alone until this is destroyed.
  /// Then it is reset, by the destroying thread, which waits for its calls that
  /// are under way, and goes back. In a callback, which may not wait, it is
  /// destroyed instead.
  class Lease {
  public:
    Lease() = default;
    Lease(Lease &&other) noexcept { *this = std::move(other); }
    Lease &operator=(Lease &&other) noexcept;
    ~Lease() { release(); }
    Executor &operator*() const { return *executor; }
    Executor *operator->() const { return executor.get(); }
    explicit operator bool() const { return executor != nullptr; }
    /// Gives it back now.
    void release();
    /// Destroys the instance now: it is not to be used again.
    void discard();

  private:
    friend class InstancePool;
    std::unique_ptr<Executor> executor;
    InstancePool *pool = nullptr;
  };

  /// Makes the first instance, so that what is wrong with the artifact, or too
  /// large for the device, is told here, and a thread that keeps to the policy.
  static Expected<std::unique_ptr<InstancePool>>
  create(Device &device, const ptxbin::PtxBin &artifact,
         const InstanceOptions &options = {}, const PoolPolicy &policy = {});
  ~InstancePool();
  InstancePool(const InstancePool &) = delete;

  /// Waits while maxTotal are in use, first come, first served. Fails if an
  /// instance has to be made and cannot.
  Expected<Lease> acquire();
  /// WouldBlock where acquire() would wait.
  Expected<Lease> tryAcquire();
  /// WouldBlock if it has waited until `deadline`.
  Expected<Lease> acquireUntil(Clock::time_point deadline);

  PoolStats stats() const;

private:
  struct State;
  InstancePool();
  std::unique_ptr<State> state;
};

} // namespace twrun

#endif // TWRUN_POOL_H
