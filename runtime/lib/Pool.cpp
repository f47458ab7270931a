//===- Pool.cpp - instances that are ready before they are asked for ------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing is made, reset or destroyed under the lock: those take as long as
// the memory is large. Meanwhile the instance counts as in use.
//
//===----------------------------------------------------------------------===//

#include "twrun/Pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

using namespace twrun;
using namespace ptxbin;

struct InstancePool::State {
  State(Device &device, const PtxBin &artifact, const InstanceOptions &options,
        const PoolPolicy &policy)
      : device(device), artifact(artifact), options(options), policy(policy) {}

  Device &device;
  const PtxBin &artifact;
  const InstanceOptions options;
  const PoolPolicy policy;
  std::unique_ptr<Snapshot> initial;

  struct Idle {
    std::unique_ptr<Executor> executor;
    Clock::time_point since;
  };
  std::mutex mutex;
  std::condition_variable changed;  // for who waits for an instance
  std::condition_variable due;      // for the keeper
  std::deque<Idle> idle;            // the longest idle first
  std::deque<const void *> waiting; // tickets, the first to come first
  PoolStats stats;
  size_t total = 0; // idle and in use
  bool ending = false;
  /// Making one ahead has failed: not again before something has come back.
  bool pausing = false;
  std::thread keeper;

  Expected<Lease> acquire(InstancePool &pool,
                          std::optional<Clock::time_point> deadline);
  Expected<std::unique_ptr<Executor>> make();
  void giveBack(std::unique_ptr<Executor> executor, bool discards);
  void keep();
};

InstancePool::InstancePool() = default;

/// A new instance, which counts already. Without the lock.
Expected<std::unique_ptr<Executor>> InstancePool::State::make() {
  Expected<std::unique_ptr<Executor>> made =
      device.instantiate(artifact, options);
  std::lock_guard lock(mutex);
  if (made) {
    ++stats.made;
    return made;
  }
  --total;
  changed.notify_all(); // another may try, or be told so
  return made;
}

Expected<InstancePool::Lease>
InstancePool::State::acquire(InstancePool &pool,
                             std::optional<Clock::time_point> deadline) {
  std::unique_ptr<Executor> found;
  std::vector<Idle> lost; // destroyed last, without the lock
  {
    std::unique_lock lock(mutex);
    const char ticket = 0;
    waiting.push_back(&ticket);
    auto leave = [&] {
      std::erase(waiting, &ticket);
      changed.notify_all();
    };
    auto isMyTurn = [&] {
      return waiting.front() == &ticket &&
             (!idle.empty() || total < policy.maxTotal);
    };
    while (true) {
      bool can = isMyTurn();
      if (!can && deadline) {
        can = Clock::now() < *deadline &&
              changed.wait_until(lock, *deadline, isMyTurn);
      } else if (!can) {
        changed.wait(lock, isMyTurn);
        can = true;
      }
      if (!can) {
        ++stats.refused;
        leave();
        return makeError(ErrorKind::WouldBlock,
                         "all " + std::to_string(policy.maxTotal) +
                             " instances of the pool are in use");
      }
      if (idle.empty())
        break;
      // The last that came back: its pages are the warmest.
      Idle last = std::move(idle.back());
      idle.pop_back();
      if (last.executor->isUsable()) {
        found = std::move(last.executor);
        break;
      }
      ++stats.dropped;
      --total;
      lost.push_back(std::move(last));
    }
    if (found) {
      ++stats.acquired;
      ++stats.ready;
    } else {
      ++total;
    }
    leave();
    due.notify_all();
  }
  if (!found) {
    Expected<std::unique_ptr<Executor>> made = make();
    std::lock_guard lock(mutex);
    if (!made) {
      ++stats.refused;
      return made.error();
    }
    ++stats.acquired;
    found = std::move(*made);
  }
  Lease lease;
  lease.executor = std::move(found);
  lease.pool = &pool;
  return lease;
}

void InstancePool::State::giveBack(std::unique_ptr<Executor> executor,
                                   bool discards) {
  bool good = !discards && executor->isUsable() && executor->restore(*initial);
  std::unique_lock lock(mutex);
  if (good)
    ++stats.resets;
  else
    ++stats.dropped;
  if (good && (idle.size() < policy.maxIdle || !waiting.empty())) {
    idle.push_back({std::move(executor), Clock::now()});
  } else {
    stats.evicted += good;
    // Its memory is back before another takes its place.
    lock.unlock();
    executor.reset();
    lock.lock();
    --total;
  }
  pausing = false;
  changed.notify_all();
  due.notify_all();
}

/// The keeper: makes what is missing and destroys what is idle for too long.
void InstancePool::State::keep() {
  std::unique_lock lock(mutex);
  while (!ending) {
    const size_t floor = std::min(policy.minIdle, policy.maxIdle);
    if (idle.size() < floor && total < policy.maxTotal && !pausing) {
      ++total;
      lock.unlock();
      Expected<std::unique_ptr<Executor>> made = make();
      lock.lock();
      if (made) {
        // The longest idle are the first to go: it has not been used at all.
        idle.push_back({std::move(*made), Clock::now()});
        changed.notify_all();
      } else {
        pausing = true;
      }
      continue;
    }
    if (idle.size() <= floor) {
      due.wait(lock);
      continue;
    }
    const Clock::time_point end = idle.front().since + policy.idleTime;
    if (Clock::now() < end) {
      due.wait_until(lock, end);
      continue;
    }
    Idle old = std::move(idle.front());
    idle.pop_front();
    ++stats.evicted;
    lock.unlock();
    old.executor.reset();
    lock.lock();
    --total;
    changed.notify_all();
  }
}

Expected<std::unique_ptr<InstancePool>>
InstancePool::create(Device &device, const PtxBin &artifact,
                     const InstanceOptions &options, const PoolPolicy &policy) {
  if (policy.maxTotal == 0 || policy.minIdle > policy.maxTotal)
    return makeError(ErrorKind::Invalid,
                     "expected a pool of at least " +
                         std::to_string(std::max<size_t>(policy.minIdle, 1)) +
                         " instances, but at most " +
                         std::to_string(policy.maxTotal) + " are allowed");
  if (policy.idleTime.count() < 0 ||
      policy.idleTime > std::chrono::hours(24 * 365))
    return makeError(ErrorKind::Invalid,
                     "expected an idle time of up to a year");
  if (options.stepwise)
    return makeError(ErrorKind::Invalid,
                     "instances of a pool are instantiated in one step");
  std::unique_ptr<InstancePool> pool(new InstancePool);
  pool->state = std::make_unique<State>(device, artifact, options, policy);
  State &state = *pool->state;
  ++state.total;
  Expected<std::unique_ptr<Executor>> first = state.make();
  if (!first)
    return first.error();
  Expected<std::unique_ptr<Snapshot>> initial =
      (*first)->snapshot(policy.snapshot);
  if (!initial)
    return initial.error();
  state.initial = std::move(*initial);
  state.idle.push_back({std::move(*first), Clock::now()});
  state.keeper = std::thread([&state] { state.keep(); });
  return pool;
}

InstancePool::~InstancePool() {
  if (!state || !state->keeper.joinable())
    return;
  {
    std::lock_guard lock(state->mutex);
    state->ending = true;
    state->due.notify_all();
  }
  state->keeper.join();
}

Expected<InstancePool::Lease> InstancePool::acquire() {
  return state->acquire(*this, std::nullopt);
}

Expected<InstancePool::Lease> InstancePool::tryAcquire() {
  return state->acquire(*this, Clock::time_point::min());
}

Expected<InstancePool::Lease>
InstancePool::acquireUntil(Clock::time_point deadline) {
  return state->acquire(*this, deadline);
}

PoolStats InstancePool::stats() const {
  std::lock_guard lock(state->mutex);
  PoolStats stats = state->stats;
  stats.idle = state->idle.size();
  stats.inUse = state->total - stats.idle;
  return stats;
}

InstancePool::Lease &InstancePool::Lease::operator=(Lease &&other) noexcept {
  if (this == &other)
    return *this;
  release();
  executor = std::move(other.executor);
  pool = other.pool;
  return *this;
}

void InstancePool::Lease::release() {
  if (executor)
    pool->state->giveBack(std::move(executor), false);
}

void InstancePool::Lease::discard() {
  if (executor)
    pool->state->giveBack(std::move(executor), true);
}
