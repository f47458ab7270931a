//===- OracleBlock.cpp - the threads of a block in the interpreter --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The threads of a block run one after the other, or, if they can wait for one
// another, as fibers of the block engine, each with an interpreter thread of
// its own.
//
//===----------------------------------------------------------------------===//

#include "OracleRunning.h"

#include "lib/Quote.h"

#include <algorithm>
#include <new>

namespace interp = wabt::interp;

namespace twrun {

using abi::TrapCode;

namespace {

// WABT 1.0.32 ignores Thread::Options and stops calls at a depth of 1,638,
// which real recursion passes. The limit is the capacity of Thread's frame
// vector, a private member. An explicit instantiation may name it ([temp.spec]
// paragraph 6), so this needs no change to WABT.
std::vector<interp::Frame> &framesOf(interp::Thread &thread);
template <std::vector<interp::Frame> interp::Thread::*Member>
struct FrameAccess {
  friend std::vector<interp::Frame> &framesOf(interp::Thread &thread) {
    return thread.*Member;
  }
};
template struct FrameAccess<&interp::Thread::frames_>;

} // namespace

std::unique_ptr<interp::Thread> OracleExecutor::makeThread(size_t deepest) {
  auto made = std::make_unique<interp::Thread>(store);
  framesOf(*made).reserve(std::min(frameLimit, deepest));
  return made;
}

/// Runs one activation on `thread`, which is made anew after a trap: that
/// leaves its stacks as they were.
OracleExecutor::ThreadEnd
OracleExecutor::runThread(interp::Func &function,
                          std::unique_ptr<interp::Thread> &thread,
                          interp::Values &results, size_t deepest) {
  if (!thread)
    thread = makeThread(deepest);
  interp::Trap::Ptr trap;
  // An exported host function is called without WABT's own sizing.
  results.resize(function.type().results.size());
  ThreadEnd end;
  // A trap in a tail-called host function is set, but not returned.
  if (wabt::Succeeded(function.Call(*thread, parameters, results, &trap)) &&
      !trap)
    return end;

  const std::string message = trap ? trap->message() : "unknown trap";
  trap.reset();
  thread.reset();
  ++trapsSinceCollect;
  if (!refusal.empty()) {
    end.error = makeError(ErrorKind::Incompatible, refusal);
    refusal.clear();
  } else if (std::optional<TrapCode> code = trapCodeOf(message)) {
    end.trap = *code;
    end.message = device.abortMessage;
    end.memory = device.abortMemory;
  } else {
    end.error = makeError(ErrorKind::Incompatible,
                          "the interpreter cannot run this kernel: " + message);
  }
  return end;
}

/// Adds what became of the thread whose place `device.position` is, in
/// ascending order.
void OracleExecutor::note(Running &run, const ThreadEnd &end, uint64_t thread) {
  if (end.error && !run.error)
    run.error = end.error;
  if (end.trap == TrapCode::None)
    return;
  trapLog.add(thread, end.trap);
  if (run.trap)
    return;
  const ThreadPosition &at = device.position;
  Trap trap;
  trap.code = end.trap;
  trap.hasPlace = false;
  trap.block = {at.blockId[0], at.blockId[1], at.blockId[2]};
  trap.thread = {at.threadId[0], at.threadId[1], at.threadId[2]};
  run.trap = trap;
  run.trapped = end;
}

/// The threads of a block one after the other, on one stack.
void OracleExecutor::runPlain(Running &run) {
  const uint64_t threads = run.block.count();
  // A thread alone has nobody to wait for.
  device.collective = [&](const abi::Collective &call) {
    if (threads == 1)
      return collectAlone(call);
    refusal = "kernel " + quoteName(run.kernel.name) +
              " waits for other threads, but the manifest says that it does "
              "not";
    return CollectiveResult{TrapCode::Unreachable, 0};
  };
  for (uint64_t i = 0; i < threads && !run.error; ++i) {
    locate(device.position.threadId, i, run.block);
    if (run.stacks) {
      run.stacks->startBlock(1);
      run.stacks->enter(0);
    }
    const ThreadEnd end = runThread(run.function, thread, results);
    if (run.stacks)
      run.stacks->leave(0);
    note(run, end, run.firstThread + i);
    tellProgress(run, run.firstThread + i + 1);
  }
}

/// How deep calls may nest in each of up to 1,024 threads at once: 1.3 GiB of
/// address space for the frames of all.
constexpr size_t deepestInBlock = 1u << 15;

/// The threads of a block by turns.
Expected<void> OracleExecutor::runCooperative(Running &run) {
  const unsigned threads = unsigned(run.block.count());
  fibers.resize(std::max<size_t>(fibers.size(), threads));
  std::vector<ThreadEnd> ends(threads);
  if (run.stacks)
    run.stacks->startBlock(threads);
  device.collective = [this](const abi::Collective &call) {
    return engine.collective(call);
  };
  BlockThreads of;
  of.count = threads;
  of.body = [&](unsigned index, uint8_t *) {
    interp::Values ignored;
    ends[index] =
        runThread(run.function, fibers[index], ignored, deepestInBlock);
  };
  of.enter = [&](unsigned index) {
    locate(device.position.threadId, index, run.block);
    if (run.stacks)
      run.stacks->enter(index);
  };
  of.leave = [&](unsigned index) {
    if (run.stacks)
      run.stacks->leave(index);
  };
  if (auto ran = engine.run(of); !ran)
    return ran;
  for (unsigned i = 0; i < threads; ++i) {
    locate(device.position.threadId, i, run.block);
    note(run, ends[i], run.firstThread + i);
  }
  tellProgress(run, run.firstThread + threads);
  return {};
}

/// An operation that a thread alone takes part in.
CollectiveResult OracleExecutor::collectAlone(const abi::Collective &call) {
  CollectiveResult result;
  BlockThreads of;
  of.body = [&](unsigned, uint8_t *) { result = engine.collective(call); };
  if (!engine.run(of))
    throw std::bad_alloc();
  return result;
}

void OracleExecutor::tellProgress(Running &run, uint64_t done) {
  if (!progress)
    return;
  const Clock::time_point now = Clock::now();
  if (now - run.reported < std::chrono::milliseconds(100))
    return;
  run.reported = now;
  progress(done, run.allThreads);
}

} // namespace twrun
