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
#include <thread>

using namespace twc;

/// LLVM recurses over what it compiles: never less than a usual main thread.
static constexpr unsigned stackBytes = 16u << 20;

/// More threads than this have no parts to work on.
static constexpr unsigned maxJobs = 256;

/// 0: one per core.
static unsigned countJobs(unsigned jobs) {
  if (jobs == 0)
    jobs = std::max(1u, std::thread::hardware_concurrency());
  return std::min(jobs, maxJobs);
}

Workers::Workers(unsigned jobs) : jobs(countJobs(jobs)) {}

Workers::~Workers() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    over = true;
    --busy;
  }
  changed.notify_all();
  for (llvm::thread &thread : threads)
    thread.join();
}

void Workers::submit(Group &group, std::function<void()> task) {
  while (threads.size() < jobs)
    threads.emplace_back(std::optional<unsigned>(stackBytes),
                         [this] { work(); });
  {
    std::lock_guard<std::mutex> lock(mutex);
    ++group.unfinished;
    queue.push_back({&group, std::move(task)});
  }
  changed.notify_all();
}

void Workers::wait(Group &group) {
  std::unique_lock<std::mutex> lock(mutex);
  --busy;
  changed.notify_all();
  changed.wait(lock, [&] { return group.unfinished == 0; });
  ++busy;
}

void Workers::work() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    if (!queue.empty() && busy < jobs) {
      Task task = std::move(queue.front());
      queue.pop_front();
      ++busy;
      lock.unlock();
      task.run();
      task.run = nullptr; // what it holds goes before it counts as ended
      lock.lock();
      --busy;
      --task.group->unfinished;
      changed.notify_all();
    } else if (queue.empty() && over) {
      return;
    } else {
      changed.wait(lock);
    }
  }
}
