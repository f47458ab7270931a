//===- LaunchState.cpp - what the handles of one call share ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Completion, and the end of a call.
//
//===----------------------------------------------------------------------===//

#include "LaunchState.h"

#include "LaunchQueue.h"
#include "lib/Trace.h"

#include <cassert>

using namespace twrun;
using namespace ptxbin;

namespace {
/// A callback that this thread is inside, and the one around it.
struct Frame {
  const LaunchQueue *queue;
  Frame *outer;
};
} // namespace
static thread_local Frame *innermost = nullptr;

bool LaunchState::inCallback() { return innermost; }

unsigned LaunchState::callbacksHere(const LaunchQueue *queue) {
  unsigned count = 0;
  for (const Frame *frame = innermost; frame; frame = frame->outer)
    count += frame->queue == queue;
  return count;
}

void LaunchState::run(const Completion::Callback &callback,
                      const LaunchQueue *of) {
  Completion handle(shared_from_this());
  if (executor && *executor) {
    (*executor)([handle, callback] { callback(handle); });
    return;
  }
  Frame frame{of, innermost};
  innermost = &frame;
  TraceSpan span("callback");
  callback(handle);
  innermost = frame.outer;
}

void LaunchState::then(Completion::Callback callback) {
  {
    std::lock_guard lock(mutex);
    if (state() == State::Pending) {
      callbacks.push_back(std::move(callback));
      return;
    }
  }
  if (executor && *executor)
    run(callback, nullptr);
  else // here, where waiting harms nobody
    callback(Completion(shared_from_this()));
}

void LaunchState::end(State how, Expected<Outcome> result) {
  assert(state() == State::Pending && "a call ends once");
  ending.emplace(std::move(result));
  decltype(callbacks) mine;
  LaunchQueue *of;
  {
    std::lock_guard lock(mutex);
    mine.swap(callbacks);
    of = std::exchange(queue, nullptr);
    current.store(how, std::memory_order_release);
  }
  // First: to wake somebody takes longer than all that was done so far.
  for (const Completion::Callback &callback : mine)
    run(callback, of);
  current.notify_all();
}

bool LaunchState::stop() {
  LaunchQueue *of;
  LaunchQueue::Failures failed;
  {
    // As long as it has not ended, its queue is there.
    std::lock_guard lock(mutex);
    of = queue;
    if (!of || !of->takeBack(shared_from_this(), failed))
      return state() == State::Stopped;
  }
  of->endStopped(shared_from_this(), std::move(failed));
  return true;
}

void LaunchState::wait() const {
  spinBriefly([&] { return state() != State::Pending; });
  current.wait(State::Pending, std::memory_order_acquire);
}

bool LaunchState::waitFor(std::chrono::nanoseconds time) const {
  // std::atomic waits without a limit only: sleep in steps that grow with what
  // was waited already, at most a tenth of it.
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  while (state() == State::Pending) {
    const auto waited = Clock::now() - begin;
    if (waited >= time)
      return false;
    if (waited > std::chrono::microseconds(20))
      std::this_thread::sleep_for(
          std::min<std::chrono::nanoseconds>(waited / 10, time - waited));
  }
  return true;
}

static Expected<void> mayWait() {
  if (LaunchState::inCallback())
    return makeError(ErrorKind::Busy,
                     "a callback cannot wait: what it waits for may end only "
                     "after it has returned; use then()");
  return {};
}

Completion::State Completion::state() const { return shared->state(); }

Expected<void> Completion::wait() const {
  if (ended())
    return {};
  if (Expected<void> ok = mayWait(); !ok)
    return ok;
  shared->wait();
  return {};
}

Expected<bool> Completion::waitFor(std::chrono::nanoseconds time) const {
  if (ended())
    return true;
  if (time.count() > 0)
    if (Expected<void> ok = mayWait(); !ok)
      return ok.error();
  return shared->waitFor(time);
}

const Expected<Outcome> &Completion::result() const {
  assert(ended() && "a call has no result before its end");
  return shared->result();
}

void Completion::then(Callback callback) const {
  shared->then(std::move(callback));
}

std::future<Expected<Outcome>> Completion::future() const {
  auto promise = std::make_shared<std::promise<Expected<Outcome>>>();
  std::future<Expected<Outcome>> future = promise->get_future();
  then([promise](const Completion &ended) {
    promise->set_value(ended.result());
  });
  return future;
}

bool Completion::stop() const { return shared->stop(); }
