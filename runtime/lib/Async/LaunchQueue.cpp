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
         (!call.exclusive || begun == left.load());
}

Expected<void> LaunchQueue::submit(const std::shared_ptr<LaunchState> &call,
                                   bool wait) {
  std::unique_lock lock(mutex);
  while (!closed && submitted - finishedOnce >= limit) {
    finishedOnce = finished.load();
    if (submitted - finishedOnce < limit)
      break;
    if (!wait)
      return makeError(ErrorKind::WouldBlock,
                       std::to_string(limit) +
                           " calls of this instance are under way, as many as "
                           "it takes: wait for one, or ask for more in flight");
    if (LaunchState::inCallback())
      return makeError(ErrorKind::Busy, "a callback cannot wait for the end of "
                                        "other calls");
    const uint64_t seen = finishedOnce;
    lock.unlock();
    finished.wait(seen);
    lock.lock();
  }
  if (closed)
    return closedError();
  ++submitted;
  if (waiting.empty() && mayStart(*call)) {
    if (call->exclusive)
      alone = true;
    ++begun;
    Expected<void> started = start(call);
    if (!started) {
      if (call->exclusive)
        alone = false;
      --begun;
      --submitted;
    }
    return started;
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
      if (begun != left.load())
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
    if (call->exclusive)
      alone = true;
    ++begun;
    if (Expected<void> started = start(call); !started) {
      if (call->exclusive)
        alone = false;
      --begun;
      failed.emplace_back(call, started.error());
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
  finished.fetch_add(1);
  finished.notify_all();
}

LaunchQueue::Failures LaunchQueue::leave(const LaunchState &call) {
  if (call.exclusive)
    alone = false;
  left.fetch_add(1);
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

bool LaunchQueue::takeBack(const std::shared_ptr<LaunchState> &call,
                           Failures &failed) {
  std::unique_lock lock(mutex);
  auto found = std::find_if(waiting.begin(), waiting.end(),
                            [&](const Waiting &w) { return w.call == call; });
  if (found != waiting.end()) {
    waiting.erase(found);
    return true;
  }
  if (!withdraw(call))
    return false;
  lock.unlock();
  failed = leave(*call);
  return true;
}

void LaunchQueue::endStopped(const std::shared_ptr<LaunchState> &call,
                             Failures failed) {
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

uint64_t LaunchQueue::unfinished() {
  std::lock_guard lock(mutex);
  return submitted - finished.load();
}

Expected<void> LaunchQueue::drain() {
  uint64_t all;
  {
    std::lock_guard lock(mutex);
    all = submitted;
  }
  uint64_t seen = finished.load();
  if (seen < all && LaunchState::inCallback())
    return makeError(ErrorKind::Busy,
                     "a callback cannot wait for calls under way");
  spinBriefly([&] { return finished.load() >= all; });
  while ((seen = finished.load()) < all)
    finished.wait(seen);
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
  const unsigned mine = LaunchState::callbacksHere(this);
  while (true) {
    const uint64_t seen = finished.load();
    if (unfinished() <= mine)
      return;
    if (LaunchState::inCallback())
      look(); // this may be the thread that ends them
    else
      finished.wait(seen);
  }
}
