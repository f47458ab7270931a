//===- OracleExecutor.cpp - WABT's interpreter as an Executor -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OracleExecutor.h"

#include "lib/Quote.h"

#include <algorithm>
#include <chrono>
#include <new>

namespace interp = wabt::interp;

namespace twrun {

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

ValueType fromWabt(wabt::Type type) {
  using enum ValueType;
  for (ValueType known : {I32, I64, F32, F64, V128, FuncRef})
    if (toWabt(known) == type)
      return known;
  return ExternRef;
}

bool sameTypes(const interp::ValueTypes &actual,
               const std::vector<ValueType> &expected) {
  if (actual.size() != expected.size())
    return false;
  for (size_t i = 0; i < actual.size(); ++i)
    if (actual[i] != toWabt(expected[i]))
      return false;
  return true;
}

void assign(uint32_t (&out)[3], Dim3 in) {
  out[0] = in.x;
  out[1] = in.y;
  out[2] = in.z;
}

/// Steps `at` to the next coordinate inside `size`, x fastest; false at the
/// end.
bool step(uint32_t (&at)[3], Dim3 size) {
  const uint32_t limit[3] = {size.x, size.y, size.z};
  for (int axis = 0; axis < 3; ++axis) {
    if (++at[axis] < limit[axis])
      return true;
    at[axis] = 0;
  }
  return false;
}

using Clock = std::chrono::steady_clock;
double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
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

std::string OracleExecutor::describe() const { return "interpreter"; }

std::span<uint8_t> OracleExecutor::memory(uint32_t index) {
  if (index >= memories.size() || !memories[index])
    return {};
  return {memories[index]->UnsafeData(), size_t(memories[index]->ByteSize())};
}

Expected<void> OracleExecutor::grow(uint64_t pages, uint32_t index) {
  if (pages == 0)
    return {};
  if (index >= memories.size() || !memories[index])
    return makeError(ErrorKind::Invalid, "the module has no memory to grow");
  interp::Memory &memory = *memories[index];
  try {
    // CanGrow adds without a check of its own.
    if (pages <= 65536 && wabt::Succeeded(memory.Grow(pages)))
      return {};
  } catch (const std::bad_alloc &) {
    return makeError(ErrorKind::IO, "not enough memory to grow by " +
                                        std::to_string(pages) +
                                        " pages in the interpreter");
  }
  return makeError(
      ErrorKind::Invalid,
      "memory cannot grow by " + std::to_string(pages) + " pages from " +
          std::to_string(memory.ByteSize() >> 16) + ": past its maximum");
}

Value OracleExecutor::global(uint32_t index) const {
  if (index >= globals.size() || !globals[index])
    return {};
  return references.fromInterpreter(fromWabt(globals[index]->type().type),
                                    globals[index]->Get());
}

std::vector<uint64_t> OracleExecutor::table(uint32_t index) const {
  std::vector<uint64_t> bits;
  if (index >= tables.size() || !tables[index])
    return bits;
  ValueType type = fromWabt(tables[index]->type().element);
  for (interp::Ref ref : tables[index]->elements())
    bits.push_back(references.fromInterpreter(type, ref));
  return bits;
}

Expected<interp::Func::Ptr>
OracleExecutor::findExport(const ptxbin::KernelInfo &kernel) const {
  if (kernel.module >= linked.size() || !linked[kernel.module].instance)
    return makeError(ErrorKind::Invalid,
                     "export " + quoteName(kernel.name) +
                         " cannot be called: its module is not instantiated");
  const Linked &from = linked[kernel.module];
  for (const interp::ExportDesc &e : from.module->desc().exports) {
    if (e.type.name != kernel.name ||
        e.type.type->kind != interp::ExternKind::Func)
      continue;
    auto function =
        store.UnsafeGet<interp::Func>(from.instance->funcs()[e.index]);
    if (!sameTypes(function->type().params, kernel.params) ||
        !sameTypes(function->type().results, kernel.results))
      return makeError(ErrorKind::Malformed,
                       "export " + quoteName(kernel.name) +
                           " has another type in the WASM section than in "
                           "the manifest");
    return function;
  }
  return makeError(ErrorKind::NotFound, "the WASM section has no function " +
                                            quoteName(kernel.name));
}

void OracleExecutor::freshThread() {
  thread.reset();
  thread = std::make_unique<interp::Thread>(store);
  framesOf(*thread).reserve(frameLimit);
}

/// Runs one activation at `position` with `parameters`; the results are left
/// in `results`.
Expected<std::optional<abi::TrapCode>>
OracleExecutor::runThread(interp::Func &function) {
  interp::Trap::Ptr trap;
  // An exported host function is called without WABT's own sizing.
  results.resize(function.type().results.size());
  // A trap in a tail-called host function is set, but not returned.
  if (wabt::Succeeded(function.Call(*thread, parameters, results, &trap)) &&
      !trap)
    return std::optional<abi::TrapCode>();

  // A trap leaves the thread's stacks as they were, and lives in the store
  // until it is collected.
  std::string message = trap ? trap->message() : "unknown trap";
  trap.reset();
  freshThread();
  if (++trapsSinceCollect == 256) {
    store.Collect();
    trapsSinceCollect = 0;
  }
  if (!missingImport.empty()) {
    std::string name = std::move(missingImport);
    missingImport.clear();
    return makeError(ErrorKind::Incompatible,
                     "import " + name + " is not provided by the interpreter");
  }
  std::optional<abi::TrapCode> code = trapCodeOf(message);
  if (!code)
    return makeError(ErrorKind::Incompatible,
                     "the interpreter cannot run this kernel: " + message);
  return code;
}

Expected<Outcome> OracleExecutor::invoke(const ptxbin::KernelInfo &kernel,
                                         std::span<const Value> arguments) {
  return launchThreads(kernel, Dim3(), Dim3(), arguments, nullptr);
}

Expected<Outcome> OracleExecutor::launch(const ptxbin::KernelInfo &kernel,
                                         Dim3 grid, Dim3 block,
                                         std::span<const Value> arguments) {
  if (!kernel.notLaunchable.empty())
    return makeError(
        ErrorKind::Incompatible,
        "kernel " + quoteName(kernel.name) +
            " cannot be launched: " + oneLine(kernel.notLaunchable));
  const ptxbin::StackWindow *window =
      kernel.stackWindow ? &*kernel.stackWindow : nullptr;
  interp::Value pointer{};
  if (window) {
    if (auto ok = checkWindow(*window); !ok)
      return ok.error();
    pointer = globals[window->global]->Get();
  }
  auto outcome = launchThreads(kernel, grid, block, arguments, window);
  if (window)
    globals[window->global]->UnsafeSet(pointer);
  if (outcome)
    outcome->results.clear(); // a grid has none, even one of a single thread
  return outcome;
}

/// What the manifest says of the stack holds of the module, as far as the
/// interpreter relies on it.
Expected<void>
OracleExecutor::checkWindow(const ptxbin::StackWindow &window) const {
  bool fits = window.memory < memories.size() && memories[window.memory] &&
              window.global < globals.size() && globals[window.global];
  if (fits) {
    const interp::GlobalType &type = globals[window.global]->type();
    fits = type.mut == interp::Mutability::Var && type.type == wabt::Type::I32 &&
           window.size <= UINT32_MAX && window.low <= UINT32_MAX &&
           window.low + window.size <= memories[window.memory]->ByteSize();
  }
  if (fits)
    return {};
  return makeError(ErrorKind::Malformed,
                   "the manifest's stack of a grid's threads does not fit the "
                   "WASM section");
}

/// Each thread of a grid has a stack of its own, empty and zero when it starts.
/// Threads run one after the other here, so one stack does for all.
void OracleExecutor::resetStack(const ptxbin::StackWindow &window) {
  globals[window.global]->UnsafeSet(
      interp::Value::Make(uint32_t(window.low + window.size)));
  std::fill_n(memories[window.memory]->UnsafeData() + window.low, window.size,
              0);
}

Expected<Outcome>
OracleExecutor::launchThreads(const ptxbin::KernelInfo &kernel, Dim3 grid,
                              Dim3 block, std::span<const Value> arguments,
                              const ptxbin::StackWindow *window) {
  if (auto checked = checkArguments(kernel, arguments); !checked)
    return checked.error();
  const uint64_t all = threadCount(grid, block);
  if (all == 0)
    return makeError(ErrorKind::Invalid,
                     "grid and block must be positive, with fewer than 2^64 "
                     "threads in all");
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
  position = ThreadPosition();
  assign(position.gridDim, grid);
  assign(position.blockDim, block);

  Outcome outcome;
  const Clock::time_point start = Clock::now();
  Clock::time_point reported = start;
  uint64_t done = 0;
  try {
    do {   // blocks
      do { // threads of the block; step() leaves threadId at 0 when done
        if (window)
          resetStack(*window);
        auto trapped = runThread(**function);
        if (!trapped)
          return trapped.error();
        if (*trapped) {
          trapLog.add(done, **trapped);
          if (!outcome.trap)
            outcome.trap = currentTrap(**trapped);
        }
        ++done;
        if (progress) {
          Clock::time_point now = Clock::now();
          if (now - reported >= std::chrono::milliseconds(100)) {
            reported = now;
            progress(done, all);
          }
        }
      } while (step(position.threadId, block));
    } while (step(position.blockId, grid));
  } catch (const std::bad_alloc &) {
    freshThread();
    return makeError(ErrorKind::IO, "not enough memory in the interpreter");
  }
  outcome.seconds = secondsSince(start);
  if (!outcome.trap && all == 1)
    for (size_t i = 0; i < kernel.results.size(); ++i)
      outcome.results.push_back(
          references.fromInterpreter(kernel.results[i], results[i]));
  return outcome;
}

Trap OracleExecutor::currentTrap(abi::TrapCode code) const {
  Trap trap;
  trap.code = code;
  trap.hasPlace = false;
  trap.block = {position.blockId[0], position.blockId[1], position.blockId[2]};
  trap.thread = {position.threadId[0], position.threadId[1],
                 position.threadId[2]};
  return trap;
}

abi::TrapCode OracleExecutor::trapOf(Dim3 block, Dim3 thread) const {
  auto linear = [](Dim3 at, Dim3 size) {
    return (uint64_t(at.z) * size.y + at.y) * size.x + at.x;
  };
  auto inside = [](Dim3 at, Dim3 size) {
    return at.x < size.x && at.y < size.y && at.z < size.z;
  };
  if (!inside(block, lastGrid) || !inside(thread, lastBlock))
    return abi::TrapCode::None;
  return trapLog.find(linear(block, lastGrid) * lastBlock.count() +
                      linear(thread, lastBlock));
}

} // namespace twrun
