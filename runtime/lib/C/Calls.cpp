//===- Calls.cpp - the C interface: calls and their outcomes --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// twrun/twrun.h, "Calls".
//
//===----------------------------------------------------------------------===//

#include "Handles.h"

using namespace twrun;
using namespace twrun::c;
using namespace ptxbin;

namespace {

/// A call whose arguments live here.
struct Checked {
  std::vector<Value> arguments;
  Request request;
};

Expected<ValueType> typeOf(uint32_t code) {
  switch (code) {
  case TWRUN_I32:
    return ValueType::I32;
  case TWRUN_I64:
    return ValueType::I64;
  case TWRUN_F32:
    return ValueType::F32;
  case TWRUN_F64:
    return ValueType::F64;
  case TWRUN_V128:
    return ValueType::V128;
  case TWRUN_FUNCREF:
    return ValueType::FuncRef;
  case TWRUN_EXTERNREF:
    return ValueType::ExternRef;
  }
  return makeError(ErrorKind::Invalid,
                   "unknown value type " + std::to_string(code));
}

Expected<void> readCall(const twrun_instance &instance, const twrun_call *given,
                        Checked &checked) {
  Expected<twrun_call> call = sized(given, "twrun_call");
  if (!call)
    return call.error();
  // The handle is an address: one of another artifact is not followed.
  const std::vector<KernelInfo> &kernels = instance.file->manifest().kernels;
  const KernelInfo *kernel = kernelOf(call->kernel);
  if (!kernel || std::less<>()(kernel, kernels.data()) ||
      !std::less<>()(kernel, kernels.data() + kernels.size()))
    return makeError(ErrorKind::Invalid,
                     "the kernel is not of the instance's artifact");
  if (call->argument_count > 1000 || (call->argument_count && !call->arguments))
    return makeError(ErrorKind::Invalid, "the arguments are null, or too many");
  constexpr uint32_t known = TWRUN_INVOKE | TWRUN_TIMED | TWRUN_WAIT;
  if (call->flags & ~known)
    return makeError(ErrorKind::Incompatible,
                     "unknown flags " + std::to_string(call->flags & ~known));
  for (size_t i = 0; i < call->argument_count; ++i) {
    const twrun_value &value = call->arguments[i];
    Expected<ValueType> type = typeOf(value.type);
    if (!type)
      return type.error();
    checked.arguments.push_back({*type, value.bits, value.high});
  }
  auto size = [](const uint32_t *xyz) {
    return Dim3{std::max(xyz[0], 1u), std::max(xyz[1], 1u),
                std::max(xyz[2], 1u)};
  };
  Request &request = checked.request;
  request.kernel = kernel;
  request.grid = size(call->grid);
  request.block = size(call->block);
  request.arguments = checked.arguments;
  request.options.sharedBytes = call->shared_bytes;
  request.invoke = call->flags & TWRUN_INVOKE;
  request.timed = call->flags & TWRUN_TIMED;
  request.wait = call->flags & TWRUN_WAIT;
  return {};
}

twrun_outcome *outcomeHandle(const Outcome &outcome, const PtxBin &file) {
  auto made = std::make_unique<twrun_outcome>();
  made->outcome = outcome;
  if (outcome.trap)
    made->trapText = describeTrap(*outcome.trap, file.manifest());
  return made.release();
}

} // namespace

twrun_status twrun_run(twrun_instance *instance, const twrun_call *call,
                       twrun_outcome **outcome, twrun_error **error) {
  if (!instance || !call)
    return invalid("twrun_run: an instance or a call is null", error);
  return guarded(error, [&]() -> twrun_status {
    Checked checked;
    if (Expected<void> ok = readCall(*instance, call, checked); !ok)
      return fail(ok.error(), error);
    const Request &request = checked.request;
    Executor &executor = *instance->executor;
    auto result =
        request.invoke
            ? executor.invoke(*request.kernel, request.arguments)
            : executor.launch(*request.kernel, request.grid, request.block,
                              request.arguments, request.options);
    if (!result)
      return fail(result.error(), error);
    if (outcome)
      *outcome = outcomeHandle(*result, *instance->file);
    return TWRUN_OK;
  });
}

twrun_status twrun_submit(twrun_instance *instance, const twrun_call *call,
                          twrun_callback callback, void *user,
                          twrun_completion **completion, twrun_error **error) {
  if (!instance || !call)
    return invalid("twrun_submit: an instance or a call is null", error);
  return guarded(error, [&]() -> twrun_status {
    Checked checked;
    if (Expected<void> ok = readCall(*instance, call, checked); !ok)
      return fail(ok.error(), error);
    std::unique_ptr<twrun_completion> handle;
    std::function<void(const Completion &)> ended;
    if (callback)
      ended = [callback, user, file = instance->file](const Completion &c) {
        twrun_completion lent{c, file};
        callback(user, &lent);
      };
    auto submitted =
        instance->executor->submit(checked.request, std::move(ended));
    if (!submitted)
      return fail(submitted.error(), error);
    if (completion)
      *completion = new twrun_completion{*submitted, instance->file};
    return TWRUN_OK;
  });
}

twrun_status twrun_completion_status(const twrun_completion *completion) {
  switch (completion->completion.state()) {
  case Completion::State::Pending:
    return TWRUN_PENDING;
  case Completion::State::Value:
    return TWRUN_OK;
  case Completion::State::Stopped:
    return TWRUN_STOPPED;
  case Completion::State::Error:
    break;
  }
  return statusOf(completion->completion.result().error().kind);
}

twrun_status twrun_completion_wait(const twrun_completion *completion,
                                   uint64_t nanoseconds, twrun_error **error) {
  return guarded(error, [&]() -> twrun_status {
    // Longer than that is for ever.
    constexpr uint64_t year = 31'536'000'000'000'000;
    if (nanoseconds > year) {
      auto waited = completion->completion.wait();
      return waited ? TWRUN_OK : fail(waited.error(), error);
    }
    auto ended = completion->completion.waitFor(
        std::chrono::nanoseconds(int64_t(nanoseconds)));
    if (!ended)
      return fail(ended.error(), error);
    return *ended ? TWRUN_OK : TWRUN_PENDING;
  });
}

twrun_status twrun_completion_outcome(const twrun_completion *completion,
                                      twrun_outcome **outcome,
                                      twrun_error **error) {
  if (!outcome)
    return invalid("twrun_completion_outcome: the outcome is null", error);
  return guarded(error, [&]() -> twrun_status {
    if (!completion->completion.ended())
      return TWRUN_PENDING;
    const Expected<Outcome> &result = completion->completion.result();
    if (!result)
      return fail(result.error(), error);
    *outcome = outcomeHandle(*result, *completion->file);
    return TWRUN_OK;
  });
}

int32_t twrun_completion_stop(const twrun_completion *completion) {
  return completion->completion.stop();
}
void twrun_completion_free(twrun_completion *completion) { delete completion; }

size_t twrun_outcome_result_count(const twrun_outcome *outcome) {
  return outcome->outcome.results.size();
}

int32_t twrun_outcome_trap(const twrun_outcome *outcome, twrun_trap *trap) {
  if (!outcome->outcome.trap)
    return 0;
  if (!trap)
    return 1;
  const Trap &from = *outcome->outcome.trap;
  const twrun_trap told = {sizeof(twrun_trap),
                           uint32_t(from.code),
                           from.hasPlace,
                           from.function,
                           from.offset,
                           {from.block.x, from.block.y, from.block.z},
                           {from.thread.x, from.thread.y, from.thread.z}};
  // As much as the caller knows of.
  const size_t size = std::min(trap->size, sizeof(told));
  if (size > sizeof(size_t))
    std::memcpy(reinterpret_cast<char *>(trap) + sizeof(size_t),
                reinterpret_cast<const char *>(&told) + sizeof(size_t),
                size - sizeof(size_t));
  return 1;
}

const char *twrun_outcome_trap_text(const twrun_outcome *outcome) {
  return outcome->trapText.c_str();
}
double twrun_outcome_seconds(const twrun_outcome *outcome) {
  return outcome->outcome.seconds;
}
void twrun_outcome_free(twrun_outcome *outcome) { delete outcome; }
