//===- CompletionThread.cpp - watches launches, runs callbacks ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// When to look, and when to sleep.
//
//===----------------------------------------------------------------------===//

#include "CompletionThread.h"

#include "Relax.h"

#include <csignal>
#include <ctime>
#include <pthread.h>
#include <sched.h>
#include <system_error>

using namespace twrun;
using namespace ptxbin;
using namespace std::chrono_literals;

/// A sleep may end this much late on a virtual machine (measured: 180 to
/// 200 us), so shorter ones are not worth it.
static constexpr auto oversleep = 300us;
/// The longest sleep: an estimate may be wrong.
static constexpr auto longestSleep = 20ms;

CompletionSource::~CompletionSource() = default;

static std::atomic<uint64_t> forkedTimes{0};

uint64_t twrun::forkCount() {
  static const bool registered = [] {
    return pthread_atfork(nullptr, nullptr, [] { forkedTimes.fetch_add(1); }) ==
           0;
  }();
  (void)registered;
  return forkedTimes.load(std::memory_order_relaxed);
}

Expected<std::unique_ptr<CompletionThread>>
CompletionThread::start(std::function<void()> enter,
                        std::function<void()> leave,
                        std::chrono::microseconds lingering) {
  std::unique_ptr<CompletionThread> made(new CompletionThread);
  made->forks = forkCount();
  made->shared->lingering = lingering;
  // The application's signals go to the application's threads.
  sigset_t all, old;
  sigfillset(&all);
  for (int fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS,
                    SIGPROF})
    sigdelset(&all, fault);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  std::string failure;
  try {
    made->thread = std::thread(
        [self = made->shared, enter = std::move(enter), leave = std::move(leave)] {
          pthread_setname_np(pthread_self(), "twrun-complete");
          if (enter)
            enter();
          self->main();
          if (leave)
            leave();
        });
  } catch (const std::system_error &error) {
    failure = error.what();
  }
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
  if (!failure.empty())
    return makeError(ErrorKind::IO,
                     "cannot start the completion thread: " + failure);
  return made;
}

CompletionThread::~CompletionThread() {
  if (!thread.joinable())
    return;
  if (forks != forkCount()) {
    // It stayed with the parent. To destroy what it waits at would wait for it.
    thread.detach();
    (void)new std::shared_ptr<Shared>(shared);
    return;
  }
  {
    std::lock_guard lock(shared->mutex);
    shared->stopping = true;
  }
  shared->hasAdded = true;
  shared->told.notify_one();
  if (thread.get_id() == std::this_thread::get_id())
    thread.detach(); // it ends when the callback has returned
  else
    thread.join();
}

void CompletionThread::add(const std::shared_ptr<CompletionSource> &source) {
  bool asleep;
  {
    std::lock_guard lock(shared->mutex);
    shared->added.push_back(source);
    asleep = shared->resting;
  }
  // After the lock was given back: the thread would run into it.
  shared->hasAdded = true;
  if (asleep)
    shared->told.notify_one();
}

void CompletionThread::Shared::takeAdded(AsyncClock::time_point now) {
  for (auto &source : added)
    active.push_back({std::move(source), {}, now});
  added.clear();
  hasAdded = false;
}

bool CompletionThread::Shared::rest(AsyncClock::time_point until) {
  std::unique_lock lock(mutex);
  auto something = [&] { return stopping || !added.empty(); };
  resting = true;
  if (until == AsyncClock::time_point::max())
    told.wait(lock, something);
  else
    told.wait_until(lock, until, something);
  resting = false;
  takeAdded(AsyncClock::now());
  return !stopping;
}

bool CompletionThread::Shared::look(Watched &watched,
                                    AsyncClock::time_point now,
                                    AsyncClock::time_point &earliest) {
  if (watched.notBefore <= now) {
    CompletionSource &source = *watched.source;
    const CompletionSource::Next next = source.poll(now);
    watched.notBefore = next.idle ? AsyncClock::time_point{} : next.earliest;
    if (!next.idle) {
      watched.lastBusy = now;
    } else if (now - watched.lastBusy >= lingering) {
      source.watched = false;
      // Whoever has submitted since then has added it again.
      if (!source.isUnderWay() || source.watched.exchange(true))
        return false;
    }
  }
  earliest = std::min(earliest, watched.notBefore);
  return true;
}

void CompletionThread::Shared::main() {
  unsigned rounds = 0;
  while (true) {
    const auto now = AsyncClock::now();
    if (hasAdded.load() && mutex.try_lock()) {
      takeAdded(now);
      const bool ending = stopping;
      mutex.unlock();
      if (ending)
        return;
    }
    auto earliest = AsyncClock::time_point::max();
    for (size_t i = 0; i < active.size();) {
      if (look(active[i], now, earliest)) {
        ++i;
        continue;
      }
      active[i] = std::move(active.back());
      active.pop_back();
    }
    if (active.empty()) {
      if (!rest(AsyncClock::time_point::max()))
        return;
    } else if (earliest > now + 2 * oversleep) {
      if (!rest(std::min(earliest - oversleep, now + longestSleep)))
        return;
    }
    // Others may be ready to run on this core.
    if (++rounds % 64 == 0)
      sched_yield();
    relaxProcessor();
  }
}

double CompletionThread::cpuSeconds() const {
  clockid_t clock;
  timespec time;
  auto handle = const_cast<std::thread &>(thread).native_handle();
  if (forks != forkCount() || pthread_getcpuclockid(handle, &clock) != 0 ||
      clock_gettime(clock, &time) != 0)
    return 0;
  return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}
