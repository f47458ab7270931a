//===- HostPool.cpp - worker threads for guest code -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// pthreads rather than std::thread, because only they take a stack of ours.
//
//===----------------------------------------------------------------------===//

#include "HostPool.h"

#include <algorithm>
#include <cfenv>
#include <csignal>
#include <cstring>
#include <sched.h>
#include <sys/mman.h>
#include <thread>

using namespace twrun;
using namespace ptxbin;

unsigned twrun::usableCores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0)
    return std::max(1, CPU_COUNT(&set));
  return std::max(1u, std::thread::hardware_concurrency());
}

void *HostPool::main(void *argument) {
  auto &self = *static_cast<Worker *>(argument);
  HostPool &pool = *self.pool;
  // Rounding and flush-to-zero modes are inherited from the thread that
  // opened the device, and would change results.
  fesetenv(FE_DFL_ENV);
  std::unique_lock lock(pool.mutex);
  while (true) {
    self.wake.wait(lock, [&] { return self.hasWork || pool.stopping; });
    if (!self.hasWork)
      return nullptr;
    const std::function<void(uint64_t)> &body = *pool.body;
    lock.unlock();
    body(self.stackLimit);
    lock.lock();
    self.hasWork = false;
    if (--pool.running == 0)
      pool.done.notify_one();
  }
}

Expected<void> HostPool::startWorker() {
  auto worker = std::make_unique<Worker>();
  worker->pool = this;
  size_t guard = std::max<size_t>(hostPageSize(), 64 * 1024);
  Expected<HostMemory> stack = HostMemory::reserve(
      guard + hostStackBytes, hostPageSize(), "a worker's stack");
  if (!stack)
    return stack.error();
  worker->stack = std::move(*stack);
  if (!worker->stack.protect(guard, hostStackBytes, PROT_READ | PROT_WRITE))
    return makeError(ErrorKind::IO, "cannot map a worker's stack");
  uint8_t *lowest = worker->stack.data() + guard;
  worker->stackLimit = reinterpret_cast<uint64_t>(lowest) + hostStackMargin;

  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  int failed = pthread_attr_setstack(&attributes, lowest, hostStackBytes);
  if (!failed) {
    // Faults of guest code must still be seen as such; everything else goes
    // to the application's threads.
    sigset_t all, old;
    sigfillset(&all);
    for (int signal :
         {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGPROF})
      sigdelset(&all, signal);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    failed = pthread_create(&worker->thread, &attributes, main, worker.get());
    pthread_sigmask(SIG_SETMASK, &old, nullptr);
  }
  pthread_attr_destroy(&attributes);
  if (failed)
    return makeError(ErrorKind::IO,
                     std::string("cannot start a thread: ") + strerror(failed));
  workers.push_back(std::move(worker));
  return {};
}

Expected<std::unique_ptr<HostPool>> HostPool::create(unsigned count) {
  std::unique_ptr<HostPool> pool(new HostPool);
  pool->workers.reserve(count);
  for (unsigned i = 0; i < count; ++i)
    if (Expected<void> ok = pool->startWorker(); !ok) {
      if (pool->workers.empty())
        return ok.error();
      break;
    }
  return pool;
}

HostPool::~HostPool() {
  {
    std::lock_guard lock(mutex);
    stopping = true;
    for (auto &worker : workers)
      worker->wake.notify_one();
  }
  for (auto &worker : workers)
    pthread_join(worker->thread, nullptr);
}

void HostPool::run(unsigned count, const std::function<void(uint64_t)> &work) {
  std::lock_guard myTurn(turn);
  std::unique_lock lock(mutex);
  body = &work;
  running = std::min(count, size());
  for (unsigned i = 0; i < running; ++i) {
    workers[i]->hasWork = true;
    workers[i]->wake.notify_one();
  }
  done.wait(lock, [&] { return running == 0; });
  body = nullptr;
}

void HostPool::begin(const std::function<void(uint64_t)> &work) {
  std::lock_guard lock(mutex);
  body = &work;
  running = 1;
  workers.front()->hasWork = true;
  workers.front()->wake.notify_one();
}
