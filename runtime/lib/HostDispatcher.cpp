//===- HostDispatcher.cpp - submitted calls on the host's cores -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a call that was posted to one that has ended.
//
//===----------------------------------------------------------------------===//

#include "HostDispatcher.h"

#include "HostInstance.h"

using namespace twrun;
using namespace ptxbin;

Expected<std::shared_ptr<HostDispatcher>> HostDispatcher::create() {
  std::shared_ptr<HostDispatcher> made(new HostDispatcher);
  auto completion = CompletionThread::start();
  if (!completion)
    return completion.error();
  made->completion = std::move(*completion);
  auto runner = HostPool::create(1);
  if (!runner)
    return runner.error();
  made->runner = std::move(*runner);
  made->body = [self = made.get()](uint64_t stackLimit) {
    self->work(stackLimit);
  };
  made->runner->begin(made->body);
  return made;
}

HostDispatcher::~HostDispatcher() { shutdown(); }

void HostDispatcher::shutdown() {
  {
    std::lock_guard lock(mutex);
    stopping = true;
    told.notify_one();
  }
  runner.reset();
  completion.reset();
}

void HostDispatcher::post(const std::shared_ptr<LaunchState> &call,
                          HostInstance &instance) {
  {
    std::lock_guard lock(mutex);
    posted.push_back({call, &instance});
  }
  told.notify_one();
}

std::vector<std::shared_ptr<LaunchState>>
HostDispatcher::withdraw(const LaunchQueue &queue, const LaunchState *call) {
  std::vector<std::shared_ptr<LaunchState>> taken;
  std::lock_guard lock(mutex);
  std::erase_if(posted, [&](Posted &one) {
    if (call ? one.call.get() != call : one.call->queue != &queue)
      return false;
    taken.push_back(std::move(one.call));
    return true;
  });
  return taken;
}

void HostDispatcher::work(uint64_t stackLimit) {
  std::unique_lock lock(mutex);
  while (true) {
    told.wait(lock, [&] { return stopping || !posted.empty(); });
    if (posted.empty())
      return;
    Posted next = std::move(posted.front());
    posted.pop_front();
    lock.unlock();
    Expected<Outcome> result = next.instance->execute(*next.call, stackLimit);
    lock.lock();
    ran.push_back({std::move(next.call), std::move(result)});
    completion->watch(shared_from_this());
  }
}

CompletionSource::Next HostDispatcher::poll(AsyncClock::time_point) {
  std::lock_guard consumer(polling);
  std::unique_lock lock(mutex);
  // One at a time: a callback may destroy an instance, which then waits here
  // for the end of its other calls.
  while (!ran.empty()) {
    Ran next = std::move(ran.front());
    ran.pop_front();
    lock.unlock();
    ++endedCalls;
    // Taken along: a callback may destroy the instance.
    auto queue = next.call->queue->shared_from_this();
    static_cast<HostQueue &>(*queue).end(next.call, std::move(next.result));
    lock.lock();
  }
  return {true, {}};
}

bool HostDispatcher::isUnderWay() const {
  std::lock_guard lock(mutex);
  return !ran.empty();
}

void HostDispatcher::look() {
  if (polling.try_lock()) {
    (void)poll(AsyncClock::now());
    polling.unlock();
  }
  std::this_thread::yield();
}

Expected<void> HostQueue::start(const std::shared_ptr<LaunchState> &call) {
  if (Expected<void> ok = instance.device.checkAlive(); !ok)
    return ok;
  if (!dispatcher) {
    Expected<std::shared_ptr<HostDispatcher>> made =
        instance.device.dispatcher();
    if (!made)
      return made.error();
    dispatcher = std::move(*made);
  }
  dispatcher->post(call, instance);
  return {};
}

bool HostQueue::withdraw(const std::shared_ptr<LaunchState> &call) {
  return dispatcher && !dispatcher->withdraw(*this, call.get()).empty();
}

std::vector<std::shared_ptr<LaunchState>> HostQueue::withdrawAll() {
  if (!dispatcher)
    return {};
  return dispatcher->withdraw(*this, nullptr);
}

void HostQueue::look() { dispatcher->look(); }
