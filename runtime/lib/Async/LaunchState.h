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

#include "Relax.h"
#include "StatePool.h"
#include "twrun/Completion.h"

#include <atomic>
#include <boost/container/small_vector.hpp>
#include <mutex>

namespace twrun {

class LaunchQueue;
class RecordedCalls;

/// Spins for a little while, at most until `ended()`: what is nearly over should
/// not have to wake a thread, which takes the one who does it 5 to 15 us.
template <typename Ended> void spinBriefly(Ended ended) {
  const auto begin = std::chrono::steady_clock::now();
  while (!ended() && std::chrono::steady_clock::now() - begin <
                         std::chrono::microseconds(20))
    relaxProcessor();
}

using CallbackExecutor = std::function<void(std::function<void()>)>;

class LaunchState : public std::enable_shared_from_this<LaunchState> {
public:
  using State = Completion::State;

  static std::shared_ptr<LaunchState> create() {
    return std::allocate_shared<LaunchState>(PoolAllocator<LaunchState>());
  }

  // What to run; constant once it was submitted.
  const ptxbin::KernelInfo *kernel = nullptr;
  const std::string *symbol = nullptr;
  Dim3 grid, block;
  uint64_t sharedBytes = 0;
  bool timed = false;
  /// It must run alone: nothing of its instance before it has ended.
  bool exclusive = false;
  const CallbackExecutor *executor = nullptr; // the device's; null: none
  /// Where it is under way. Null from its end on.
  LaunchQueue *queue = nullptr;
  /// Instead of one call all of these; `kernel` is the first one's.
  std::shared_ptr<RecordedCalls> recorded;
  /// 16 bytes for each argument (KernelABI.h).
  boost::container::small_vector<uint64_t, 8> slots;

  State state() const { return current.load(std::memory_order_acquire); }
  const Expected<Outcome> &result() const { return *ending; }

  /// Ahead of its submission.
  void setCallback(Completion::Callback callback) {
    callbacks.push_back(std::move(callback));
  }
  void then(Completion::Callback callback);
  /// Once, by one thread.
  void end(State how, Expected<Outcome> result);
  /// Ends it as stopped if it has not begun; whether it ended so.
  bool stop();
  void wait() const;
  bool waitFor(std::chrono::nanoseconds time) const;

  /// Whether this thread is inside a callback of any call.
  static bool inCallback();
  /// How many callbacks of calls of `queue` this thread is inside.
  static unsigned callbacksHere(const LaunchQueue *queue);

private:
  void run(const Completion::Callback &callback, const LaunchQueue *of);

  std::atomic<State> current{State::Pending};
  std::mutex mutex; // guards queue and callbacks, until the call has ended
  boost::container::small_vector<Completion::Callback, 1> callbacks;
  std::optional<Expected<Outcome>> ending;
};

} // namespace twrun

#endif // TWRUN_LIB_ASYNC_LAUNCHSTATE_H
