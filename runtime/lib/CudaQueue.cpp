//===- CudaQueue.cpp - submitted calls on a CUDA device -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Submitting is to cost little more than the two calls of the driver that it
// makes: what is the same for each call of a kernel was asked once, trap records
// are cleared only when one was written, and no system call is made.
//
//===----------------------------------------------------------------------===//

#include "CudaQueue.h"

#include "CudaRecording.h"
#include "Quote.h"

#include <algorithm>
#include <bit>
#include <cstring>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;
using namespace std::chrono_literals;

/// Between looks at a stream that is being filled. A call takes at least 2 us
/// to submit, and 5 to run.
static constexpr auto politePause = 4us;

/// Shorter ones the completion thread does not take.
static constexpr auto shortestSleep = 600us;

CudaQueue::~CudaQueue() = default;

void DurationEstimate::note(AsyncClock::duration took) {
  // Down at once, up by an eighth: one slow run is no rule.
  const int64_t ticks = std::max<int64_t>(took.count(), 1);
  known = known == 0 || ticks < known ? ticks : known + (ticks - known) / 8;
}

Expected<void> CudaQueue::prepareSlots() {
  const uint64_t count = std::bit_ceil(uint64_t(limit));
  const uint64_t each =
      (sizeof(abi::TrapRecord) + instance.resultsBytes() + 63) / 64 * 64;
  auto memory = ManagedMemory::allocate(instance.device, count * each,
                                        "trap records of calls in flight");
  if (!memory)
    return memory.error();
  instance.slots = std::move(*memory);
  // By the host, where the pages stay: devices write records of traps only.
  std::memset(instance.slots.data(), 0, instance.slots.size());
  std::vector<Slot> made(count);
  for (uint64_t i = 0; i < count; ++i) {
    uint8_t *at = instance.slots.data() + i * each;
    made[i].record = reinterpret_cast<abi::TrapRecord *>(at);
    made[i].results = reinterpret_cast<uint64_t *>(at + sizeof(abi::TrapRecord));
  }
  slots = std::move(made);
  return {};
}

void CudaQueue::release() {
  for (Slot &slot : slots)
    for (CUevent event : {slot.ended, slot.started})
      if (event)
        instance.device.driver.EventDestroy(event);
  slots.clear();
}

Expected<void> CudaQueue::start(const std::shared_ptr<LaunchState> &call) {
  CudaDevice &device = instance.device;
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok;
  if (!watcher) {
    Expected<CompletionThread *> thread = device.completion();
    if (!thread)
      return thread.error();
    watcher = *thread;
  }
  CudaDevice::Current current(device);
  if (slots.empty()) {
    if (Expected<void> ok = prepareSlots(); !ok)
      return ok;
  }
  const Driver &driver = device.driver;
  const uint64_t position = tail.load(std::memory_order_relaxed);
  Slot &slot = slots[position & (slots.size() - 1)];
  CUresult result = CUDA_SUCCESS;
  if (!slot.ended)
    result = driver.EventCreate(&slot.ended,
                                call->timed ? 0 : CU_EVENT_DISABLE_TIMING);
  if (result == CUDA_SUCCESS && call->timed && !slot.started) {
    // Both must be of the kind that can tell the time.
    driver.EventDestroy(std::exchange(slot.ended, nullptr));
    result = driver.EventCreate(&slot.ended, 0);
    if (result == CUDA_SUCCESS)
      result = driver.EventCreate(&slot.started, 0);
  }
  if (result != CUDA_SUCCESS)
    return device.failure("cannot create an event", result);

  const Call what{*call->kernel, *call->symbol,     call->grid,
                  call->block,   {}, call->sharedBytes};
  slot.prints = nullptr;
  auto *recording = static_cast<CudaRecording *>(call->recorded.get());
  Expected<CudaInstance::Prepared> prepared = instance.prepare(
      what, {recording ? recording->record() : slot.record, slot.results});
  if (!prepared)
    return prepared.error();
  slot.prints = const_cast<abi::PrintBuffer *>(prepared->marks.prints);
  if (Expected<void> ok = instance.beforeCall(what, prepared->env); !ok)
    return ok;

  if (call->timed)
    result = driver.EventRecord(slot.started, instance.stream);
  if (result == CUDA_SUCCESS)
    result = recording
                 ? driver.GraphLaunch(recording->graph, instance.stream)
                 : instance.enqueue(*prepared, call->slots.data(),
                                    call->slots.size() / 2);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot launch " + quoteName(call->kernel->name),
                          result);
  result = driver.EventRecord(slot.ended, instance.stream);
  if (result != CUDA_SUCCESS) {
    // It runs, and nobody would see its end: see it here.
    (void)driver.StreamSynchronize(instance.stream);
    return device.failure("cannot watch " + quoteName(call->kernel->name),
                          result);
  }
  slot.call = call;
  slot.begun = AsyncClock::now();
  slot.estimate = recording ? &recording->duration : prepared->estimate;
  // Both sequentially consistent, like their counterparts in the completion
  // thread: either that sees this call, or this thread sees that it does not
  // look.
  tail.store(position + 1);
  if (!watched.load())
    watcher->watch(
        std::static_pointer_cast<CudaQueue>(LaunchQueue::shared_from_this()));
  return {};
}

Expected<Outcome> CudaQueue::outcomeOf(Slot &slot, CUresult status) {
  CudaDevice &device = instance.device;
  const LaunchState &call = *slot.call;
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  float milliseconds = 0;
  if (status == CUDA_SUCCESS && call.timed)
    status = device.driver.EventElapsedTime(&milliseconds, slot.started,
                                            slot.ended);
  if (status != CUDA_SUCCESS)
    return device.failure(quoteName(call.kernel->name) + " failed on the device",
                          status);
  const Call what{*call.kernel, *call.symbol,     call.grid,
                  call.block,   {}, call.sharedBytes};
  const abi::TrapRecord *record =
      call.recorded
          ? static_cast<CudaRecording &>(*call.recorded).record()
          : slot.record;
  return instance.outcome(what, {record, slot.results, slot.prints},
                          double(milliseconds) / 1000);
}

CompletionSource::Next CudaQueue::whenToLook(const Slot &slot,
                                             AsyncClock::time_point now) {
  // Somebody submits: not to take the driver's lock from them all the time.
  // A single call is not, and its end may be near.
  const uint64_t submitted = tail.load(std::memory_order_relaxed);
  if (std::exchange(seenTail, submitted) != submitted &&
      submitted - head.load(std::memory_order_relaxed) > 1)
    return {false, now + politePause};
  const auto begun = std::max(slot.begun, lastEnd);
  const auto least = slot.estimate->least();
  // A tenth early, since kernels do not always take the same time. Only where
  // that allows to sleep: who never looks early never learns of a shorter one.
  const auto expected = begun + least - least / 10;
  if (expected > now + shortestSleep)
    return {false, expected};
  // Late, or unknown: the longer it takes, the less does a delay matter.
  const auto waited = now - begun;
  if (waited > 20ms)
    return {false, now + waited / 16};
  return {};
}

CompletionSource::Next CudaQueue::poll(AsyncClock::time_point now) {
  std::lock_guard consumer(polling);
  CudaDevice &device = instance.device;
  while (true) {
    const uint64_t first = head.load(std::memory_order_relaxed);
    if (first == tail.load())
      return {true, {}};
    Slot &slot = slots[first & (slots.size() - 1)];
    CUresult status = CUDA_SUCCESS;
    if (device.isLost())
      status = CUDA_ERROR_CONTEXT_IS_DESTROYED;
    else if (first >= knownEnd)
      status = device.driver.EventQuery(slot.ended);
    if (status == CUDA_ERROR_NOT_READY)
      return whenToLook(slot, now);
    // The stream ends calls in order: if the newest has ended, all have.
    const uint64_t newest = tail.load() - 1;
    if (status == CUDA_SUCCESS && first >= knownEnd && newest > first &&
        device.driver.EventQuery(
            slots[newest & (slots.size() - 1)].ended) == CUDA_SUCCESS)
      knownEnd = newest + 1;
    const auto seen = AsyncClock::now();
    slot.estimate->note(seen - std::max(slot.begun, lastEnd));
    lastEnd = seen;
    Expected<Outcome> outcome = outcomeOf(slot, status);
    std::shared_ptr<LaunchState> call = std::move(slot.call);
    // The slot is free from here on. A callback may destroy the instance, which
    // leaves the ring empty; this object stays as long as it is looked at.
    device.noteEnded();
    head.store(first + 1);
    end(call, std::move(outcome));
  }
}

void CudaQueue::look() {
  if (polling.try_lock()) {
    CudaDevice::Current current(instance.device);
    (void)poll(AsyncClock::now());
    polling.unlock();
  }
  std::this_thread::yield();
}
