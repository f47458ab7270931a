//===- Workers.cpp - threads that share a queue ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// First come, first served. The order in which tasks end is nobody's concern:
// each writes its own result.
//
//===----------------------------------------------------------------------===//

#include "Workers.h"

#include <algorithm>

using namespace twc;

/// LLVM recurses over what it compiles: never less than a usual main thread.
static constexpr unsigned stackBytes = 16u << 20;

/// More threads than this have no parts to work on.
static constexpr unsigned maxJobs = 256;

Workers::Workers(unsigned jobs) {
  if (jobs == 0)
    jobs = std::max(1u, llvm::thread::hardware_concurrency());
  jobs = std::min(jobs, maxJobs);
  for (unsigned i = 1; i < jobs; ++i)
    threads.emplace_back(std::optional<unsigned>(stackBytes),
                         [this] { work(); });
}

Workers::~Workers() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    over = true;
  }
  changed.notify_all();
  for (llvm::thread &thread : threads)
    thread.join();
}

void Workers::submit(Group &group, std::function<void()> task) {
  if (threads.empty())
    return task();
  {
    std::lock_guard<std::mutex> lock(mutex);
    ++group.unfinished;
    queue.push_back({&group, std::move(task)});
  }
  changed.notify_all();
}

void Workers::runNext(std::unique_lock<std::mutex> &lock) {
  Task task = std::move(queue.front());
  queue.pop_front();
  lock.unlock();
  task.run();
  task.run = nullptr; // what it holds goes before it counts as ended
  lock.lock();
  --task.group->unfinished;
  changed.notify_all();
}

void Workers::wait(Group &group) {
  std::unique_lock<std::mutex> lock(mutex);
  while (group.unfinished) {
    if (queue.empty())
      changed.wait(lock);
    else
      runNext(lock);
  }
}

void Workers::work() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    if (!queue.empty())
      runNext(lock);
    else if (over)
      return;
    else
      changed.wait(lock);
  }
}
