//===- Workers.h - threads that share a queue -------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tasks come from one thread, which works on them too while it waits. With one
// job there are no threads: a task runs as it is submitted.
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

  /// `jobs` threads in all, the caller's included; 0: one per core.
  explicit Workers(unsigned jobs);
  Workers(const Workers &) = delete;
  Workers &operator=(const Workers &) = delete;
  /// Lets the tasks that were submitted end.
  ~Workers();

  void submit(Group &group, std::function<void()> task);
  /// Returns when all tasks of `group` have ended.
  void wait(Group &group);

private:
  struct Task {
    Group *group;
    std::function<void()> run;
  };
  void work();
  void runNext(std::unique_lock<std::mutex> &lock);

  std::mutex mutex;
  std::condition_variable changed; // a task came or ended, or all is over
  std::deque<Task> queue;
  bool over = false;
  std::vector<llvm::thread> threads;
};

} // namespace twc

#endif // TWC_LIB_PIPELINES_WORKERS_H
