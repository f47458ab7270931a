//===- CompletionThread.h - watches launches, runs callbacks ----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One thread of a device sees calls end and runs their callbacks, since handing
// over to a thread that sleeps takes up to 200 us (docs/Runtime.md has the
// measurements). It spins as long as an end is near, sleeps while one is known
// to be far, and rests when nothing is under way.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ASYNC_COMPLETIONTHREAD_H
#define TWRUN_LIB_ASYNC_COMPLETIONTHREAD_H

#include "twrun/Runtime.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace twrun {

using AsyncClock = std::chrono::steady_clock;

/// What has calls under way.
class CompletionSource {
public:
  virtual ~CompletionSource();

  struct Next {
    bool idle = false; ///< nothing is under way
    /// Otherwise: do not look before.
    AsyncClock::time_point earliest = {};
  };
  /// Ends what has ended. One thread at a time.
  virtual Next poll(AsyncClock::time_point now) = 0;
  /// Whether something is under way. Asked after `watched` was cleared, by a
  /// sequentially consistent store; watch() follows such a one of what is asked.
  virtual bool isUnderWay() const = 0;

  /// Set while the thread looks at it without being told.
  alignas(64) std::atomic<bool> watched{false};
};

/// For how long to look out for the next call after the last has ended: a
/// system call to wake the thread costs the one who submits 2 to 5 us, and the
/// end of that call is seen later.
inline constexpr std::chrono::microseconds lingeringForCalls{50};

class CompletionThread {
public:
  /// `enter` and `leave` are called on the thread, first and last.
  static ptxbin::Expected<std::unique_ptr<CompletionThread>>
  start(std::function<void()> enter = nullptr,
        std::function<void()> leave = nullptr,
        std::chrono::microseconds lingering = {});
  /// Nothing may be under way, but for the callback that this is called in; or
  /// the process is a forked child, in which there is no such thread.
  ~CompletionThread();
  CompletionThread(const CompletionThread &) = delete;

  /// Has the thread look at `source` until that is idle. Thread-safe.
  void watch(const std::shared_ptr<CompletionSource> &source) {
    if (!source->watched.exchange(true))
      add(source);
  }
  double cpuSeconds() const;

private:
  CompletionThread() = default;
  void add(const std::shared_ptr<CompletionSource> &source);

  /// Outlives the object where that is destroyed on the thread itself.
  struct Shared {
    std::mutex mutex; // guards added, stopping, resting
    std::condition_variable told;
    std::vector<std::shared_ptr<CompletionSource>> added;
    bool stopping = false, resting = false;
    alignas(64) std::atomic<bool> hasAdded{false};
    std::chrono::microseconds lingering{};

    /// What it looks at; the thread's own.
    struct Watched {
      std::shared_ptr<CompletionSource> source;
      AsyncClock::time_point notBefore, lastBusy;
    };
    std::vector<Watched> active;

    void main();
    void takeAdded(AsyncClock::time_point now);
    /// Waits for something to do; false when the thread is to end.
    bool rest(AsyncClock::time_point until);
    /// Whether to go on with this one.
    bool look(Watched &watched, AsyncClock::time_point now,
              AsyncClock::time_point &earliest);
  };
  const std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  std::thread thread;
  uint64_t forks = 0; // when it was started
};

/// How often this process, or one before it, was forked since the library was
/// loaded: a child's number is its parent's plus one.
uint64_t forkCount();

} // namespace twrun

#endif // TWRUN_LIB_ASYNC_COMPLETIONTHREAD_H
