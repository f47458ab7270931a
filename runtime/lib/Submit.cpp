//===- Submit.cpp - calls that end later ----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a request to a call in the instance's queue, and recordings of several.
//
//===----------------------------------------------------------------------===//

#include "Instance.h"
#include "Quote.h"
#include "Trace.h"

using namespace twrun;
using namespace ptxbin;

static constexpr size_t maxRecordedCalls = 1 << 16;

Expected<std::shared_ptr<LaunchState>>
Instance::checkRequest(const Request &request) {
  if (!request.kernel)
    return makeError(ErrorKind::Invalid, "a call without a kernel");
  const KernelInfo &kernel = *request.kernel;
  std::shared_ptr<LaunchState> state = LaunchState::create();
  state->kernel = &kernel;
  state->symbol = &kernel.symbol;
  if (request.invoke) {
    if (Expected<void> ok = checkCall(kernel, request.arguments); !ok)
      return ok.error();
  } else {
    Expected<Call> call = checkLaunch(kernel, request.grid, request.block,
                                      request.arguments, request.options);
    if (!call)
      return call.error();
    state->symbol = &call->symbol;
    state->grid = call->grid;
    state->block = call->block;
    state->sharedBytes = call->sharedBytes;
  }
  state->timed = request.timed;
  state->exclusive = mustRunAlone(kernel);
  state->slots.resize(2 * request.arguments.size(),
                      boost::container::default_init);
  fillSlots(request.arguments, state->slots.data());
  return state;
}

Expected<Completion> Instance::submitState(std::shared_ptr<LaunchState> state,
                                           Completion::Callback callback,
                                           bool wait) {
  state->queue = queue.get();
  state->executor = callbackExecutor();
  if (callback)
    state->setCallback(std::move(callback));
  if (Expected<void> ok = queue->submit(state, wait); !ok)
    return ok.error();
  return Completion(std::move(state));
}

Expected<Completion>
Instance::submit(const Request &request,
                 std::function<void(const Completion &)> callback) {
  TraceSpan span("submit");
  if (span && request.kernel)
    span.note("kernel", request.kernel->name);
  Expected<std::shared_ptr<LaunchState>> state = checkRequest(request);
  if (!state)
    return state.error();
  return submitState(std::move(*state), std::move(callback), request.wait);
}

Expected<std::shared_ptr<RecordedCalls>>
Instance::recordCalls(std::vector<std::shared_ptr<LaunchState>> calls) {
  auto recorded = std::make_shared<RecordedCalls>();
  recorded->calls = std::move(calls);
  return recorded;
}

Expected<Recording> Instance::record(std::span<const Request> requests) {
  if (requests.empty() || requests.size() > maxRecordedCalls)
    return makeError(ErrorKind::Invalid,
                     "expected from 1 to " + std::to_string(maxRecordedCalls) +
                         " calls to record, but got " +
                         std::to_string(requests.size()));
  if (plan.isolates())
    return makeError(ErrorKind::Incompatible,
                     "calls of an isolated artifact cannot be recorded: stores "
                     "outside of memory are looked for after each");
  std::vector<std::shared_ptr<LaunchState>> calls;
  for (const Request &request : requests) {
    Expected<std::shared_ptr<LaunchState>> call = checkRequest(request);
    if (!call)
      return makeError(call.error().kind,
                       "call " + std::to_string(calls.size()) + ": " +
                           call.error().message);
    if (request.invoke || request.kernel->prints)
      return makeError(ErrorKind::Incompatible,
                       "call " + std::to_string(calls.size()) + " of " +
                           quoteName(request.kernel->name) +
                           " cannot be recorded: only grids that do not print "
                           "can");
    calls.push_back(std::move(*call));
  }
  // What is under way may change the sizes that are kept.
  Expected<LaunchQueue::Turn> turn = queue->takeTurn();
  if (!turn)
    return turn.error();
  Expected<std::shared_ptr<RecordedCalls>> recorded =
      recordCalls(std::move(calls));
  if (!recorded)
    return recorded.error();
  (*recorded)->instance = this;
  for (uint32_t i = 0; i < plan.memories.size(); ++i)
    (*recorded)->sizes.push_back(memorySize(i));
  return Recording(std::move(*recorded));
}

Expected<Completion>
Instance::submit(const Recording &recording, const RecordingOptions &options,
                 std::function<void(const Completion &)> callback) {
  TraceSpan span("submit");
  const std::shared_ptr<RecordedCalls> &recorded = recording.shared;
  if (!recorded || recorded->instance != this)
    return makeError(ErrorKind::Invalid,
                     "the recording is not of this instance");
  for (uint32_t i = 0; i < plan.memories.size(); ++i)
    if (!plan.memories[i].grows && recorded->sizes[i] != memorySize(i))
      return makeError(ErrorKind::Invalid,
                       "memory " + std::to_string(i) + " had " +
                           std::to_string(recorded->sizes[i]) +
                           " bytes when the calls were recorded and has " +
                           std::to_string(memorySize(i)) +
                           " now: record them again");
  std::shared_ptr<LaunchState> state = LaunchState::create();
  const LaunchState &first = *recorded->calls.front();
  state->kernel = first.kernel;
  state->symbol = first.symbol;
  state->grid = first.grid;
  state->block = first.block;
  state->sharedBytes = first.sharedBytes;
  state->timed = options.timed;
  state->exclusive = true; // its calls share one trap record
  state->recorded = recorded;
  return submitState(std::move(state), std::move(callback), options.wait);
}
