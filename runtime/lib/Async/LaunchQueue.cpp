//===- LaunchQueue.cpp - the calls of one instance ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The end of a call takes no lock as long as nobody waits, so that it does not
// stand in the way of a thread that submits.
//
//===----------------------------------------------------------------------===//

#include "LaunchQueue.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;

LaunchQueue::~LaunchQueue() = default;

static Error closedError() {
  return makeError(ErrorKind::Stopped, "the instance is being destroyed");
}

bool LaunchQueue::mayStart(const LaunchState &call) const {
  return grantedTurn == 0 && !alone.load() &&
         (!call.exclusive || running.load() == 0);
}

Expected<void> LaunchQueue::submit(const std::shared_ptr<LaunchState> &call,
                                   bool wait) {
  std::unique_lock lock(mutex);
  while (!closed && unfinished.load() >= limit) {
    if (!wait)
      return makeError(ErrorKind::WouldBlock,
                       std::to_string(limit) +
                           " calls of this instance are under way, as many as "
                           "it takes: wait for one, or ask for more in flight");
    if (LaunchState::inCallback())
      return makeError(ErrorKind::Busy, "a callback cannot wait for the end of "
                                        "other calls");
    lock.unlock();
    const uint32_t seen = unfinished.load();
    if (seen >= limit)
      unfinished.wait(seen);
    lock.lock();
  }
  if (closed)
    return closedError();
  unfinished.fetch_add(1);
  if (waiting.empty() && mayStart(*call)) {
    alone = call->exclusive;
    running.fetch_add(1);
    Expected<void> begun = start(call);
    if (!begun) {
      alone = false;
      running.fetch_sub(1);
      unfinished.fetch_sub(1);
      unfinished.notify_all();
    }
    return begun;
  }
  waiting.push_back({call});
  someWait = true;
  // What it waits for may have ended before it said so.
  Failures failed;
  advance(failed);
  lock.unlock();
  fail(std::move(failed));
  return {};
}

void LaunchQueue::advance(Failures &failed) {
  while (!waiting.empty() && grantedTurn == 0) {
    Waiting &front = waiting.front();
    if (!front.call) {
      if (running.load() != 0)
        break;
      grantedTurn = front.turn;
      waiting.pop_front();
      turnChanged.notify_all();
      break;
    }
    if (!mayStart(*front.call))
      break;
    std::shared_ptr<LaunchState> call = std::move(front.call);
    waiting.pop_front();
    alone = call->exclusive;
    running.fetch_add(1);
    if (Expected<void> begun = start(call); !begun) {
      alone = false;
      running.fetch_sub(1);
      failed.emplace_back(call, begun.error());
    }
  }
  someWait = !waiting.empty();
}

void LaunchQueue::fail(Failures failed) {
  for (auto &[call, error] : failed)
    finish(call, Completion::State::Error, std::move(error));
}

void LaunchQueue::finish(const std::shared_ptr<LaunchState> &call,
                         Completion::State how, Expected<Outcome> result) {
  call->end(how, std::move(result));
  unfinished.fetch_sub(1);
  unfinished.notify_all();
}

LaunchQueue::Failures LaunchQueue::leave(const LaunchState &call) {
  if (call.exclusive)
    alone = false;
  running.fetch_sub(1);
  Failures failed;
  if (someWait.load()) {
    std::lock_guard lock(mutex);
    advance(failed);
  }
  return failed;
}

void LaunchQueue::end(const std::shared_ptr<LaunchState> &call,
                      Expected<Outcome> result) {
  Failures failed = leave(*call);
  const auto how =
      result ? Completion::State::Value : Completion::State::Error;
  finish(call, how, std::move(result));
  fail(std::move(failed));
}

void LaunchQueue::stop(const std::shared_ptr<LaunchState> &call) {
  Failures failed;
  {
    std::unique_lock lock(mutex);
    auto found =
        std::find_if(waiting.begin(), waiting.end(),
                     [&](const Waiting &w) { return w.call == call; });
    if (found != waiting.end()) {
      waiting.erase(found);
    } else {
      if (!withdraw(call))
        return;
      lock.unlock();
      failed = leave(*call);
    }
  }
  finish(call, Completion::State::Stopped,
         makeError(ErrorKind::Stopped, "the call was stopped before it began"));
  fail(std::move(failed));
}

Expected<LaunchQueue::Turn> LaunchQueue::takeTurn() {
  if (LaunchState::inCallback())
    return makeError(ErrorKind::Busy,
                     "a callback cannot wait for calls under way: submit");
  std::unique_lock lock(mutex);
  if (closed)
    return closedError();
  const uint64_t mine = nextTurn++;
  waiting.push_back({nullptr, mine});
  someWait = true;
  Failures failed;
  advance(failed);
  if (!failed.empty()) {
    lock.unlock();
    fail(std::move(failed));
    lock.lock();
  }
  turnChanged.wait(lock, [&] { return grantedTurn == mine; });
  return Turn(this);
}

void LaunchQueue::endTurn() {
  Failures failed;
  {
    std::lock_guard lock(mutex);
    grantedTurn = 0;
    advance(failed);
  }
  fail(std::move(failed));
}

Expected<void> LaunchQueue::drain() {
  if (isIdle())
    return {};
  if (LaunchState::inCallback())
    return makeError(ErrorKind::Busy,
                     "a callback cannot wait for calls under way");
  while (uint32_t left = unfinished.load())
    unfinished.wait(left);
  return {};
}

void LaunchQueue::close() {
  std::deque<Waiting> stopped;
  {
    std::lock_guard lock(mutex);
    closed = true;
    stopped.swap(waiting);
    someWait = false;
  }
  for (const std::shared_ptr<LaunchState> &call : withdrawAll()) {
    (void)leave(*call); // nobody waits any more
    finish(call, Completion::State::Stopped, closedError());
  }
  for (const Waiting &one : stopped)
    if (one.call)
      finish(one.call, Completion::State::Stopped, closedError());
  const uint32_t mine = LaunchState::callbacksHere(this);
  while (true) {
    uint32_t left = unfinished.load();
    if (left <= mine)
      return;
    if (LaunchState::inCallback())
      look(); // this may be the thread that ends them
    else
      unfinished.wait(left);
  }
}
