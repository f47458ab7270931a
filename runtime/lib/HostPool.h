//===- HostPool.h - worker threads for guest code ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Guest code runs on threads of ours only: each has a stack with a guard page
// under it, the floating-point environment of a fresh process, and takes no
// signals that are meant for the application.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_HOSTPOOL_H
#define TWRUN_LIB_HOSTPOOL_H

#include "HostMemory.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <vector>

namespace twrun {

/// Each worker's stack, without its guard. Pages of it cost nothing until
/// they are touched.
inline constexpr uint64_t hostStackBytes = 16ull << 20;
/// What lies under HostThread::stackLimit: room for image functions that do
/// not check the limit, and for the trap handler.
inline constexpr uint64_t hostStackMargin = 256 * 1024;
/// What lies over the first guest frame: libc's and the pool's own frames.
inline constexpr uint64_t hostStackTop = 256 * 1024;
/// What a guest thread may use.
inline constexpr uint64_t hostStackSize =
    hostStackBytes - hostStackMargin - hostStackTop;

/// The stack of a thread that waits for others of its block, and what guest
/// code may use of it: there are up to 1,024 of them on each worker.
inline constexpr uint64_t hostFiberBytes = 1ull << 20;
inline constexpr uint64_t hostFiberSize = hostFiberBytes - hostStackMargin;

/// A fixed set of threads that run one body at a time. Thread-safe: run() of
/// several callers take turns.
class HostPool {
public:
  /// Starts `count` workers, or as many as can be had, at least one.
  static ptxbin::Expected<std::unique_ptr<HostPool>> create(unsigned count);
  ~HostPool();
  HostPool(const HostPool &) = delete;

  unsigned size() const { return unsigned(workers.size()); }

  /// Runs `body` on the first `count` workers (at most size()) at once and
  /// returns when all have; it gets the worker's HostThread::stackLimit.
  void run(unsigned count, const std::function<void(uint64_t)> &body);

  /// Has the first worker run `body`, which must outlive the pool, and returns.
  /// Once, instead of run(); the pool's destructor waits for its end.
  void begin(const std::function<void(uint64_t)> &body);

private:
  struct Worker {
    HostPool *pool = nullptr;
    HostMemory stack;
    pthread_t thread{};
    uint64_t stackLimit = 0;
    std::condition_variable wake;
    bool hasWork = false;
  };
  HostPool() = default;
  ptxbin::Expected<void> startWorker();
  static void *main(void *worker);

  std::vector<std::unique_ptr<Worker>> workers;
  std::mutex turn;  // held by the caller whose body is running
  std::mutex mutex; // guards everything below, and hasWork
  std::condition_variable done;
  const std::function<void(uint64_t)> *body = nullptr;
  unsigned running = 0;
  bool stopping = false;
};

/// How many cores this process may use.
unsigned usableCores();

} // namespace twrun

#endif // TWRUN_LIB_HOSTPOOL_H
