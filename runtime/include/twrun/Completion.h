//===- Completion.h - launches under way ------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What Executor::submit hands out: a call that runs, or waits to, while its
// caller goes on. It ends exactly once, in one of three ways, which are those of
// a sender (P2300, "std::execution"): with a value, with an error, or stopped.
//
//   auto launch = instance->submit({.kernel = kernel, .grid = {64}});
//   launch->then([](const Completion &ended) { use(ended.result()); });
//
// How it is watched, and what that costs: docs/Runtime.md.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_COMPLETION_H
#define TWRUN_COMPLETION_H

#include "twrun/Runtime.h"

#include <chrono>
#include <future>

namespace twrun {

class LaunchState;

/// A handle to one call; copies are of the same call. Thread-safe, and usable
/// after its instance and device are gone.
class Completion {
public:
  enum class State {
    Pending, ///< not ended
    Value,   ///< result() has an Outcome: it ran, and perhaps trapped
    Error,   ///< result() has an Error
    Stopped, ///< it never began; result() has an Error of that kind
  };
  using Callback = std::function<void(const Completion &)>;

  explicit Completion(std::shared_ptr<LaunchState> state)
      : shared(std::move(state)) {}

  State state() const;
  bool ended() const { return state() != State::Pending; }

  /// Returns when the call has ended. Refused with ErrorKind::Busy in a
  /// callback, which may be what the call waits for.
  Expected<void> wait() const;
  /// The same, at most so long; whether it has ended.
  Expected<bool> waitFor(std::chrono::nanoseconds time) const;

  /// What became of it. Only once it has ended.
  const Expected<Outcome> &result() const;

  /// Runs `callback` when the call has ended: exactly once, in the order in
  /// which callbacks were given, on the device's completion thread or where
  /// DeviceOptions::executor puts it; at once and here if the call has ended
  /// already. It may submit, and destroy instances; it may not wait, and must
  /// not throw.
  void then(Callback callback) const;

  /// For code that is written around futures; waits as wait() does.
  std::future<Expected<Outcome>> future() const;

  /// Calls one of receiver.set_value(const Outcome &), set_error(Error) and
  /// set_stopped() when the call has ended, as a P2300 operation state does.
  template <typename Receiver> void connect(Receiver receiver) const {
    then([receiver = std::move(receiver)](const Completion &ended) mutable {
      if (ended.state() == State::Stopped)
        receiver.set_stopped();
      else if (ended.state() == State::Error)
        receiver.set_error(ended.result().error());
      else
        receiver.set_value(*ended.result());
    });
  }

  /// Asks that the call not begin. Whether that came in time: true if it ends,
  /// or has ended, as Stopped. What runs on a device runs to its end.
  bool stop() const;

private:
  std::shared_ptr<LaunchState> shared;
};

class RecordedCalls;

/// Calls that Executor::record() has checked, to be submitted as one, again and
/// again: on a GPU they are a CUDA graph, and cost its driver one call in all.
/// Copies are of the same. To be gone before its instance is.
class Recording {
public:
  explicit Recording(std::shared_ptr<RecordedCalls> calls)
      : shared(std::move(calls)) {}

private:
  friend class Instance;
  std::shared_ptr<RecordedCalls> shared;
};

} // namespace twrun

#endif // TWRUN_COMPLETION_H
