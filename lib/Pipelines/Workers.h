//===- Workers.h - threads that share a queue -------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tasks come from one thread, which has other work until it waits for them. All
// tasks run on threads of their own: their memory comes from heaps that MLIR
// has not fragmented, which makes LLVM a fifth faster.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_PIPELINES_WORKERS_H
#define TWC_LIB_PIPELINES_WORKERS_H

#include "llvm/Support/thread.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace twc {

class Workers {
public:
  /// Tasks that are waited for together. Outlives them.
  struct Group {
    size_t unfinished = 0; // under the workers' mutex
  };

  /// At most `jobs` threads are busy at a time, the caller's included while it
  /// does not wait; 0: one per core.
  /// Threads start with the first task.
  explicit Workers(unsigned jobs);
  Workers(const Workers &) = delete;
  Workers &operator=(const Workers &) = delete;
  /// Lets the tasks that were submitted end.
  ~Workers();

  /// True if there is nothing to win by a task: the caller would wait.
  bool areOne() const { return jobs == 1; }

  void submit(Group &group, std::function<void()> task);
  /// Returns when all tasks of `group` have ended.
  void wait(Group &group);

private:
  struct Task {
    Group *group;
    std::function<void()> run;
  };
  void work();

  const unsigned jobs;
  std::mutex mutex;
  std::condition_variable changed; // a task came or ended, or all is over
  std::deque<Task> queue;
  bool over = false;
  size_t busy = 1; // the caller's thread at first
  std::vector<llvm::thread> threads;
};

} // namespace twc

#endif // TWC_LIB_PIPELINES_WORKERS_H
