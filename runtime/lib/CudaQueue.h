//===- CudaQueue.h - submitted calls on a CUDA device -----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The calls of an instance are in its stream, each with an event behind it that
// the completion thread asks for. What a call leaves its marks in, and its
// event, is one of a ring of slots: the stream ends calls in their order.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDAQUEUE_H
#define TWRUN_LIB_CUDAQUEUE_H

#include "Async/CompletionThread.h"
#include "Async/LaunchQueue.h"
#include "CudaDevice.h"

namespace twrun {

class CudaInstance;

/// What a slot's event tells of, and how long the like of it took.
class alignas(64) DurationEstimate {
public:
  /// Takes the shortest of the last ones as a guide: to look too early costs
  /// little, too late much.
  void note(AsyncClock::duration took);
  /// Nothing is known as long as this is zero.
  AsyncClock::duration least() const { return AsyncClock::duration(known); }

private:
  int64_t known = 0; // ticks
};

class CudaQueue : public LaunchQueue, public CompletionSource {
public:
  CudaQueue(uint32_t limit, CudaInstance &instance)
      : LaunchQueue(limit), instance(instance), limit(limit) {}
  ~CudaQueue() override;

  /// Frees events and slots, with the context current. After close().
  void release();
  Next poll(AsyncClock::time_point now) override;
  bool isUnderWay() const override { return head.load() != tail.load(); }

protected:
  Expected<void> start(const std::shared_ptr<LaunchState> &call) override;
  void look() override;

private:
  friend CudaInstance;
  struct alignas(128) Slot {
    cuda::CUevent ended = nullptr, started = nullptr; // started: if timed
    std::shared_ptr<LaunchState> call;
    AsyncClock::time_point begun;
    DurationEstimate *estimate = nullptr;
    abi::TrapRecord *record = nullptr;
    uint64_t *results = nullptr;
    abi::PrintBuffer *prints = nullptr;
  };
  Expected<void> prepareSlots();
  Expected<Outcome> outcomeOf(Slot &slot, cuda::CUresult status);
  Next whenToLook(const Slot &slot, AsyncClock::time_point now);

  CudaInstance &instance;
  const uint32_t limit;
  CompletionThread *watcher = nullptr;
  std::vector<Slot> slots; // a power of two
  /// Calls begun, and calls whose slot is free again.
  alignas(64) std::atomic<uint64_t> tail{0};
  alignas(64) std::atomic<uint64_t> head{0};
  // The completion thread's own.
  AsyncClock::time_point lastEnd{};
  uint64_t knownEnd = 0; // calls before this have ended
  uint64_t seenTail = 0; // at the last look
  std::recursive_mutex polling; // of the thread that ends calls
};

} // namespace twrun

#endif // TWRUN_LIB_CUDAQUEUE_H
