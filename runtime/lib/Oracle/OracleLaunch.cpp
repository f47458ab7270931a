//===- OracleLaunch.cpp - calls and grids in the interpreter --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A grid runs block by block. The threads of a block run one after the other,
// or, if they can wait for one another, as fibers of the block engine, each
// with an interpreter thread of its own.
//
//===----------------------------------------------------------------------===//

#include "GridWindows.h"
#include "OracleExecutor.h"

#include "lib/Quote.h"

#include <chrono>
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

void assign(uint32_t (&out)[3], Dim3 in) {
  out[0] = in.x;
  out[1] = in.y;
  out[2] = in.z;
}

/// The coordinates of linear index `at`, x fastest.
void locate(uint32_t (&out)[3], uint64_t at, Dim3 size) {
  out[0] = uint32_t(at % size.x);
  out[1] = uint32_t(at / size.x % size.y);
  out[2] = uint32_t(at / size.x / size.y);
}

using Clock = std::chrono::steady_clock;

/// Product of all six dimensions, or 0 when one is zero or 2^64 is passed.
uint64_t threadCount(Dim3 grid, Dim3 block) {
  uint64_t count = 1;
  for (uint32_t d : {grid.x, grid.y, grid.z, block.x, block.y, block.z})
    if (__builtin_mul_overflow(count, uint64_t(d), &count))
      return 0;
  return count;
}

} // namespace

/// What the launch under way needs beside the device context.
struct OracleExecutor::Running {
  const ptxbin::KernelInfo &kernel;
  interp::Func &function;
  Dim3 grid, block;
  uint64_t allThreads;
  Clock::time_point reported; // when progress was told last
  std::unique_ptr<StackWindows> stacks = nullptr;
  std::unique_ptr<SharedWindow> shared = nullptr;
  uint64_t firstThread = 0; // of the block, in the whole grid
  std::optional<Trap> trap = std::nullopt; // of the lowest thread
  std::optional<Error> error = std::nullopt;
};

std::unique_ptr<interp::Thread> OracleExecutor::makeThread() {
  auto made = std::make_unique<interp::Thread>(store);
  framesOf(*made).reserve(frameLimit);
  return made;
}

/// Runs one activation on `thread`, which is made anew after a trap: that
/// leaves its stacks as they were.
OracleExecutor::ThreadEnd
OracleExecutor::runThread(interp::Func &function,
                          std::unique_ptr<interp::Thread> &thread,
                          interp::Values &results) {
  if (!thread)
    thread = makeThread();
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
    ends[index] = runThread(run.function, fibers[index], ignored);
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

/// All blocks, or those that were chosen, in ascending order.
Expected<void> OracleExecutor::runBlocks(Running &run, bool cooperative) {
  const uint64_t threads = run.block.count();
  const uint64_t all =
      chosenBlocks.empty() ? run.grid.count() : chosenBlocks.size();
  for (uint64_t i = 0; i < all; ++i) {
    const uint64_t linear = chosenBlocks.empty() ? i : chosenBlocks[i];
    if (linear >= run.grid.count())
      break;
    locate(device.position.blockId, linear, run.grid);
    run.firstThread = linear * threads;
    if (run.shared)
      run.shared->startBlock();
    if (!cooperative)
      runPlain(run);
    else if (auto ran = runCooperative(run); !ran)
      return ran;
    if (run.error)
      return *run.error;
    if (trapsSinceCollect >= 256) {
      // A trap lives in the store until it is collected.
      store.Collect();
      trapsSinceCollect = 0;
    }
  }
  return {};
}

Expected<Outcome>
OracleExecutor::launchThreads(const ptxbin::KernelInfo &kernel, Dim3 grid,
                              Dim3 block, std::span<const Value> arguments,
                              bool isGrid) {
  if (auto checked = checkArguments(kernel, arguments); !checked)
    return checked.error();
  const uint64_t all = threadCount(grid, block);
  if (all == 0)
    return makeError(ErrorKind::Invalid,
                     "grid and block must be positive, with fewer than 2^64 "
                     "threads in all");
  const bool cooperative = isGrid && kernel.cooperative && block.count() > 1;
  if (cooperative && block.count() > maxBlockThreads)
    return makeError(ErrorKind::Invalid,
                     "a block has at most " + std::to_string(maxBlockThreads) +
                         " threads, but got " + std::to_string(block.count()));
  auto function = findExport(kernel);
  if (!function)
    return function.error();
  parameters.clear();
  for (const Value &argument : arguments) {
    auto value = references.toInterpreter(argument);
    if (!value)
      return value.error();
    parameters.push_back(*value);
  }

  trapLog.clear();
  lastGrid = grid;
  lastBlock = block;
  device.position = ThreadPosition();
  assign(device.position.gridDim, grid);
  assign(device.position.blockDim, block);
  device.kernelMemory = kernel.memory && *kernel.memory < memories.size() &&
                                memories[*kernel.memory]
                            ? memories[*kernel.memory].ref()
                            : interp::Ref::Null;

  const Clock::time_point start = Clock::now();
  Running run{kernel, **function, grid, block, all, start};
  Outcome outcome;
  try {
    auto done = isGrid ? openWindows(run) : Expected<void>();
    if (done)
      done = runBlocks(run, cooperative);
    device.sharedBytes = 0;
    device.collective = [this](const abi::Collective &call) {
      return collectAlone(call);
    };
    if (!done)
      return done.error();
  } catch (const std::bad_alloc &) {
    thread.reset();
    fibers.clear();
    return makeError(ErrorKind::IO, "not enough memory in the interpreter");
  }
  outcome.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  outcome.trap = run.trap;
  if (!outcome.trap && !isGrid)
    for (size_t i = 0; i < kernel.results.size(); ++i)
      outcome.results.push_back(
          references.fromInterpreter(kernel.results[i], results[i]));
  return outcome;
}

/// Puts the stacks and the shared memory of a grid in place. What the manifest
/// says of them must hold of the module, as far as the interpreter relies on
/// it.
Expected<void> OracleExecutor::openWindows(Running &run) {
  auto memory = [&](uint32_t index) {
    return index < memories.size() ? memories[index].get() : nullptr;
  };
  if (const auto &window = run.kernel.stackWindow) {
    interp::Memory *in = memory(window->memory);
    interp::Global *pointer = window->global < globals.size()
                                  ? globals[window->global].get()
                                  : nullptr;
    if (!in || !pointer || pointer->type().mut != interp::Mutability::Var ||
        pointer->type().type != wabt::Type::I32 || window->size > UINT32_MAX ||
        window->low > UINT32_MAX || window->low + window->size > in->ByteSize())
      return makeError(ErrorKind::Malformed,
                       "the manifest's stack of a grid's threads does not fit "
                       "the WASM section");
    run.stacks = std::make_unique<StackWindows>(*in, *pointer, *window);
  }
  if (const auto &window = run.kernel.shared) {
    interp::Memory *in = memory(window->memory);
    const uint64_t bytes = (window->size + 15) / 16 * 16;
    if (!in || bytes > abi::maxSharedBytes)
      return makeError(ErrorKind::Malformed,
                       "the manifest's shared memory does not fit the WASM "
                       "section");
    if (abi::sharedBase + bytes > in->ByteSize())
      return makeError(ErrorKind::Incompatible,
                       "the interpreter keeps shared memory in linear memory: "
                       "expected at least " +
                           std::to_string(abi::sharedBase + bytes) +
                           " bytes of it, but got " +
                           std::to_string(in->ByteSize()));
    run.shared = std::make_unique<SharedWindow>(*in, bytes);
    device.windowMemory = in->self();
    device.sharedBytes = uint32_t(bytes);
  }
  return {};
}

} // namespace twrun
