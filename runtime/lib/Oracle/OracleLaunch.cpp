//===- OracleLaunch.cpp - calls and grids in the interpreter --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A grid runs block by block, all of its blocks or some that were chosen.
//
//===----------------------------------------------------------------------===//

#include "OracleRunning.h"

#include "lib/Print.h"
#include "lib/Quote.h"

#include <new>

namespace interp = wabt::interp;

namespace twrun {

using abi::TrapCode;

namespace {

void assign(uint32_t (&out)[3], Dim3 in) {
  out[0] = in.x;
  out[1] = in.y;
  out[2] = in.z;
}

/// Product of all six dimensions, or 0 when one is zero or 2^64 is passed.
uint64_t threadCount(Dim3 grid, Dim3 block) {
  uint64_t count = 1;
  for (uint32_t d : {grid.x, grid.y, grid.z, block.x, block.y, block.z})
    if (__builtin_mul_overflow(count, uint64_t(d), &count))
      return 0;
  return count;
}

} // namespace

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
                              std::optional<uint64_t> sharedBytes) {
  const bool isGrid = sharedBytes.has_value();
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
  prints.clear();
  printCalls = 0;
  device.print = nullptr;
  if (kernel.prints)
    device.print = [this](const abi::PrintRecord &record) {
      if (printCalls++ >= printCapacity)
        return false;
      prints.push_back(record);
      return true;
    };
  device.kernelMemory = kernel.memory && *kernel.memory < memories.size() &&
                                memories[*kernel.memory]
                            ? memories[*kernel.memory].ref()
                            : interp::Ref::Null;

  const Clock::time_point start = Clock::now();
  Running run{kernel, **function, grid, block, all, start};
  Outcome outcome;
  try {
    auto done = isGrid ? openWindows(run, *sharedBytes) : Expected<void>();
    if (done)
      done = runBlocks(run, cooperative);
    device.sharedBytes = 0;
    device.stackTop = 0;
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
  // The windows are closed by now: what is read is linear memory.
  run.stacks.reset();
  run.shared.reset();
  finishOutput(outcome, run.trapped);
  if (!outcome.trap && !isGrid)
    for (size_t i = 0; i < kernel.results.size(); ++i)
      outcome.results.push_back(
          references.fromInterpreter(kernel.results[i], results[i]));
  return outcome;
}

/// Formats what was printed, and reads an abort's message.
void OracleExecutor::finishOutput(Outcome &outcome, const ThreadEnd &trapped) {
  auto read = [this](uint32_t index) -> std::span<const uint8_t> {
    return memory(index);
  };
  for (const abi::PrintRecord &record : prints)
    outcome.printed.push_back(formatRecord(record, read));
  outcome.lostPrints = printCalls - prints.size();
  if (trapped.trap == TrapCode::Aborted && trapped.message)
    outcome.trap->message = readString(memory(trapped.memory), trapped.message);
}

/// Puts the stacks and the shared memory of a grid in place. What the manifest
/// says of them must hold of the module, as far as the interpreter relies on
/// it.
Expected<void> OracleExecutor::openWindows(Running &run, uint64_t sharedBytes) {
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
    device.stackMemory = in->self();
    device.stackTop = window->size ? window->low + window->size : 0;
  }
  if (const auto &window = run.kernel.shared) {
    interp::Memory *in = memory(window->memory);
    if (!in)
      return makeError(ErrorKind::Malformed,
                       "the manifest's shared memory does not fit the WASM "
                       "section");
    if (abi::sharedBase + sharedBytes > in->ByteSize())
      return makeError(ErrorKind::Incompatible,
                       "the interpreter keeps shared memory in linear memory: "
                       "expected at least " +
                           std::to_string(abi::sharedBase + sharedBytes) +
                           " bytes of it, but got " +
                           std::to_string(in->ByteSize()));
    run.shared = std::make_unique<SharedWindow>(*in, sharedBytes);
    device.windowMemory = in->self();
    device.sharedBytes = uint32_t(sharedBytes);
  }
  return {};
}

} // namespace twrun
