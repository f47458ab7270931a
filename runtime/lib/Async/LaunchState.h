//===- LaunchState.h - what the handles of one call share -------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A submitted call: what is to be run, checked and copied, and what became of
// it. It ends once; whoever ends it runs its callbacks.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ASYNC_LAUNCHSTATE_H
#define TWRUN_LIB_ASYNC_LAUNCHSTATE_H

#include "twrun/Completion.h"

#include <atomic>
#include <boost/container/small_vector.hpp>
#include <mutex>

namespace twrun {

class LaunchQueue;

using CallbackExecutor = std::function<void(std::function<void()>)>;

class LaunchState : public std::enable_shared_from_this<LaunchState> {
public:
  using State = Completion::State;

  // What to run; constant once it was submitted.
  const ptxbin::KernelInfo *kernel = nullptr;
  const std::string *symbol = nullptr;
  Dim3 grid, block;
  uint64_t sharedBytes = 0;
  bool timed = false;
  /// It must run alone: nothing of its instance before it has ended.
  bool exclusive = false;
  /// 16 bytes for each argument (KernelABI.h).
  boost::container::small_vector<uint64_t, 16> slots;
  std::shared_ptr<LaunchQueue> queue;
  const CallbackExecutor *executor = nullptr; // the device's; null: none

  State state() const { return current.load(std::memory_order_acquire); }
  const Expected<Outcome> &result() const { return *ending; }

  void then(Completion::Callback callback);
  /// Once, by one thread. `queue` is not looked at.
  void end(State how, Expected<Outcome> result);
  void wait() const { current.wait(State::Pending, std::memory_order_acquire); }
  bool waitFor(std::chrono::nanoseconds time) const;

  /// Whether this thread is inside a callback of any call.
  static bool inCallback();
  /// How many callbacks of calls of `queue` this thread is inside.
  static unsigned callbacksHere(const LaunchQueue *queue);

private:
  void run(const Completion::Callback &callback);

  std::atomic<State> current{State::Pending};
  std::optional<Expected<Outcome>> ending;
  std::mutex mutex; // guards callbacks, until the call has ended
  boost::container::small_vector<Completion::Callback, 1> callbacks;
};

} // namespace twrun

#endif // TWRUN_LIB_ASYNC_LAUNCHSTATE_H
