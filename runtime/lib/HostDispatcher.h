//===- HostDispatcher.h - submitted calls on the host's cores ---*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One thread takes the calls of all instances in the order in which they may
// begin, and runs each on the device's workers, or itself what one worker can
// do. It runs guest code, so callbacks run elsewhere: on the completion thread.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_HOSTDISPATCHER_H
#define TWRUN_LIB_HOSTDISPATCHER_H

#include "Async/CompletionThread.h"
#include "Async/LaunchQueue.h"
#include "HostPool.h"

#include <deque>

namespace twrun {

class HostDevice;
class HostInstance;
class HostQueue;

/// Thread-safe.
class HostDispatcher : public CompletionSource,
                       public std::enable_shared_from_this<HostDispatcher> {
public:
  static Expected<std::shared_ptr<HostDispatcher>> create();
  ~HostDispatcher() override;
  /// Ends the threads. Nothing may be under way, but for a callback. Never in a
  /// forked child.
  void shutdown();

  /// Runs `call` of `instance`, behind what was posted before.
  void post(const std::shared_ptr<LaunchState> &call, HostInstance &instance);
  /// Takes back what was posted and has not begun; null for all of `queue`.
  std::vector<std::shared_ptr<LaunchState>>
  withdraw(const LaunchQueue &queue, const LaunchState *call);
  /// Ends what has run, if no other thread does.
  void look();
  Next poll(AsyncClock::time_point now) override;
  bool isUnderWay() const override;

  double cpuSeconds() const { return completion->cpuSeconds(); }
  uint64_t ended() const { return endedCalls; }

private:
  HostDispatcher() = default;
  void work(uint64_t stackLimit);

  struct Posted {
    std::shared_ptr<LaunchState> call;
    HostInstance *instance;
  };
  struct Ran {
    std::shared_ptr<LaunchState> call;
    Expected<Outcome> result;
  };
  mutable std::mutex mutex; // guards what follows
  std::condition_variable told;
  std::deque<Posted> posted;
  std::deque<Ran> ran;
  bool stopping = false;

  std::recursive_mutex polling; // of the thread that ends calls
  std::atomic<uint64_t> endedCalls{0};
  std::unique_ptr<CompletionThread> completion;
  std::function<void(uint64_t)> body;
  std::unique_ptr<HostPool> runner; // last: it must stop first
};

/// The calls of one instance.
class HostQueue : public LaunchQueue {
public:
  HostQueue(uint32_t limit, HostInstance &instance)
      : LaunchQueue(limit), instance(instance) {}

  using LaunchQueue::end;

protected:
  Expected<void> start(const std::shared_ptr<LaunchState> &call) override;
  bool withdraw(const std::shared_ptr<LaunchState> &call) override;
  std::vector<std::shared_ptr<LaunchState>> withdrawAll() override;
  void look() override;

private:
  HostInstance &instance;
  std::shared_ptr<HostDispatcher> dispatcher; // once something was started
};

} // namespace twrun

#endif // TWRUN_LIB_HOSTDISPATCHER_H
