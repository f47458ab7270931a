//===- LaunchQueue.h - the calls of one instance ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls begin in the order in which they came. As many as the device takes are
// begun ahead of one another's end; a call that must run alone, and a caller
// that waits for its own (Turn), hold up those behind them.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ASYNC_LAUNCHQUEUE_H
#define TWRUN_LIB_ASYNC_LAUNCHQUEUE_H

#include "LaunchState.h"

#include <condition_variable>
#include <deque>

namespace twrun {

/// Thread-safe. Lives as long as the instance and each of its calls.
class LaunchQueue : public std::enable_shared_from_this<LaunchQueue> {
public:
  explicit LaunchQueue(uint32_t limit) : limit(limit) {}
  LaunchQueue(const LaunchQueue &) = delete;
  virtual ~LaunchQueue();

  /// Begins `call`, or puts it behind others. On failure nothing has happened
  /// and no callback will come.
  Expected<void> submit(const std::shared_ptr<LaunchState> &call, bool wait);
  /// What could not begin, to be ended when no lock is held.
  using Failures = std::vector<std::pair<std::shared_ptr<LaunchState>, Error>>;
  /// Takes `call` back if it has not begun; then endStopped() must follow.
  bool takeBack(const std::shared_ptr<LaunchState> &call, Failures &failed);
  void endStopped(const std::shared_ptr<LaunchState> &call, Failures failed);

  /// The right to use the instance alone, until it is destroyed.
  class Turn {
  public:
    Turn(Turn &&other) noexcept : queue(std::exchange(other.queue, nullptr)) {}
    Turn &operator=(Turn &&) = delete;
    ~Turn() {
      if (queue)
        queue->endTurn();
    }

  private:
    friend LaunchQueue;
    explicit Turn(LaunchQueue *queue) : queue(queue) {}
    LaunchQueue *queue;
  };
  /// Waits for all calls that came before. ErrorKind::Busy in a callback.
  Expected<Turn> takeTurn();

  /// Whether the call that begins now, or the holder of the turn, is the only
  /// one.
  bool isFirst() const { return begun - left.load() <= 1; }
  /// Waits until nothing of what was submitted is under way.
  Expected<void> drain();
  /// Refuses what comes, stops what has not begun, and waits for the rest, all
  /// but the callbacks that this thread is in. Before the instance goes.
  void close();

protected:
  /// Has the device run `call`, which then ends by end(), exactly once. Under
  /// the mutex.
  virtual Expected<void> start(const std::shared_ptr<LaunchState> &call) = 0;
  /// Takes back what start() was given, if the device has not begun with it:
  /// whether it will not run, and end() not be called.
  virtual bool withdraw(const std::shared_ptr<LaunchState> &) { return false; }
  /// The same for all that there is.
  virtual std::vector<std::shared_ptr<LaunchState>> withdrawAll() {
    return {};
  }
  /// Ends what has ended, on the completion thread.
  virtual void look() = 0;
  /// What has begun is over: runs callbacks. On the completion thread.
  void end(const std::shared_ptr<LaunchState> &call, Expected<Outcome> result);

private:
  void endTurn();
  bool mayStart(const LaunchState &call) const;
  /// Begins what can be begun, under the mutex.
  void advance(Failures &failed);
  /// A begun call is over: the next may begin.
  Failures leave(const LaunchState &call);
  void finish(const std::shared_ptr<LaunchState> &call,
              Completion::State how, Expected<Outcome> result);
  void fail(Failures failed);
  uint64_t unfinished();

  // Who submits and who ends are two threads: each writes cache lines of its
  // own, and looks at the other's seldom.

  // Seldom written.
  alignas(64) const uint32_t limit;
  std::atomic<bool> alone{false}; // a call runs that must run by itself
  /// Whether the end of a call concerns anyone in `waiting`.
  std::atomic<bool> someWait{false};
  std::condition_variable turnChanged;

  // Those who submit.
  alignas(64) std::mutex mutex; // guards all of these
  uint64_t submitted = 0, begun = 0; // calls
  uint64_t finishedOnce = 0; // `finished` when it was last looked at
  struct Waiting {
    std::shared_ptr<LaunchState> call; // null: somebody's turn
    uint64_t turn = 0;
  };
  std::deque<Waiting> waiting;
  uint64_t nextTurn = 1, grantedTurn = 0; // granted: 0 if none
  bool closed = false;

  // Those who end.
  /// Calls that run no more, and those whose callbacks have returned.
  alignas(64) std::atomic<uint64_t> left{0}, finished{0};
};

} // namespace twrun

#endif // TWRUN_LIB_ASYNC_LAUNCHQUEUE_H
