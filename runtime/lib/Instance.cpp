//===- Instance.cpp - what instances on all devices share -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls and what lies between them. Instantiation is in Instantiate.cpp.
//
//===----------------------------------------------------------------------===//

#include "Instance.h"

#include "Print.h"
#include "Quote.h"
#include "Trace.h"

#include <algorithm>
#include <cstring>

using namespace twrun;
using namespace ptxbin;

/// The lower half of a value's slot.
static uint64_t zeroExtended(ValueType type, uint64_t bits) {
  bool narrow = type == ValueType::I32 || type == ValueType::F32;
  return narrow ? uint32_t(bits) : bits;
}

/// The value in a 16-byte slot (KernelABI.h).
static Value readSlot(ValueType type, const uint64_t *slot) {
  return {type, zeroExtended(type, slot[0]),
          type == ValueType::V128 ? slot[1] : 0};
}

Expected<void> twrun::checkABI(const Manifest &manifest) {
  if (manifest.kernelABI == abi::kernelABIVersion)
    return {};
  return makeError(ErrorKind::Incompatible,
                   "expected kernel ABI version " +
                       std::to_string(abi::kernelABIVersion) +
                       ", but the artifact has version " +
                       std::to_string(manifest.kernelABI) +
                       "; recompile it with the twc of this release");
}

std::optional<Trap> twrun::readTrap(const abi::TrapRecord &record) {
  if (record.code == 0)
    return std::nullopt;
  Trap trap;
  trap.code = abi::TrapCode(record.code);
  trap.function = record.function;
  trap.offset = record.offset;
  trap.block = {record.block[0], record.block[1], record.block[2]};
  trap.thread = {record.thread[0], record.thread[1], record.thread[2]};
  return trap;
}

std::vector<Value> twrun::readResults(const KernelInfo &kernel,
                                      const uint64_t *slots) {
  std::vector<Value> results;
  for (size_t i = 0; i < kernel.results.size(); ++i)
    results.push_back(readSlot(kernel.results[i], slots + 2 * i));
  return results;
}

void twrun::fillSlots(std::span<const Value> arguments, uint64_t *slots) {
  for (const Value &argument : arguments) {
    *slots++ = zeroExtended(argument.type, argument.bits);
    *slots++ = argument.type == ValueType::V128 ? argument.high : 0;
  }
}

std::vector<uint64_t> twrun::argumentSlots(std::span<const Value> arguments) {
  std::vector<uint64_t> slots(2 * arguments.size());
  fillSlots(arguments, slots.data());
  return slots;
}

uint64_t Instance::resultsBytes() const {
  size_t most = 0;
  for (const KernelInfo &kernel : artifact.manifest().kernels)
    most = std::max(most, kernel.results.size());
  return 16 * most;
}

std::optional<size_t> twrun::findWasm(const PtxBin &artifact) {
  const std::vector<Section> &sections = artifact.sections();
  for (size_t i = 0; i < sections.size(); ++i)
    if (sections[i].key.type == SectionType::Wasm)
      return i;
  return std::nullopt;
}

abi::Environment Instance::environment(const Call &call, const Marks &marks,
                                       uint64_t stackSize) const {
  const KernelInfo &kernel = call.kernel;
  abi::Environment env{};
  if (kernel.memory && *kernel.memory < plan.memories.size()) {
    env.memoryBase =
        reinterpret_cast<uint64_t>(storage.memories[*kernel.memory]);
    env.memorySize = memorySize(*kernel.memory);
  }
  env.trapRecord = reinterpret_cast<uint64_t>(marks.record);
  env.instanceState = reinterpret_cast<uint64_t>(storage.state);
  env.results = reinterpret_cast<uint64_t>(marks.results);
  env.stackSize = stackSize;
  env.sharedBytes = call.sharedBytes;
  env.printBuffer = reinterpret_cast<uint64_t>(marks.prints);
  if (artifact.manifest().fuel)
    env.fuel = options.fuel.value_or(UINT64_MAX);
  return env;
}

uint64_t Instance::printBufferBytes() const {
  return sizeof(abi::PrintBuffer) +
         options.printRecords * sizeof(abi::PrintRecord);
}

void Instance::clearPrints(abi::PrintBuffer &buffer) const {
  buffer.capacity = options.printRecords;
  buffer.next = 0;
}

/// The kernel's own time, which ended just now, on its device's track.
static void traceKernel(const Call &call, double seconds,
                        const std::string &device) {
  TraceEvent event;
  event.name = call.kernel.name;
  event.track = traceTrack(device);
  event.end = traceNow();
  event.begin = event.end - uint64_t(seconds * 1e9);
  auto note = [&](const char *key, Dim3 d) {
    event.notes.push_back({key, std::to_string(d.x) + "," +
                                    std::to_string(d.y) + "," +
                                    std::to_string(d.z)});
  };
  note("grid", call.grid);
  note("block", call.block);
  traceEvent(std::move(event));
}

Expected<Outcome> Instance::outcome(const Call &call, const Marks &marks,
                                    double seconds) {
  if (isTracing())
    traceKernel(call, seconds, describe());
  Outcome outcome;
  outcome.seconds = seconds;
  outcome.trap = readTrap(*marks.record);
  if (plan.isolates()) {
    Expected<bool> stray = takeStrayStores();
    if (!stray)
      return stray.error();
    outcome.strayStore = *stray;
    if (*stray && !outcome.trap) {
      outcome.trap.emplace();
      outcome.trap->code = abi::TrapCode::StrayStore;
      outcome.trap->hasPlace = false;
    }
  }
  if (!outcome.trap)
    outcome.results = readResults(call.kernel, marks.results);
  else if (outcome.trap->code == abi::TrapCode::Aborted &&
           marks.record->message)
    outcome.trap->message =
        readMessage(marks.record->memory, marks.record->message);
  if (!marks.prints)
    return outcome;
  readPrints(
      *marks.prints, options.printRecords,
      [this](uint32_t index) {
        return index < plan.memories.size() && accessible()
                   ? readView(index)
                   : std::span<const uint8_t>();
      },
      outcome);
  if (options.print)
    for (const Printed &printed : outcome.printed)
      options.print(printed);
  return outcome;
}

void Instance::peek(uint32_t index, uint64_t offset, std::span<uint8_t> to) {
  if (!to.empty())
    memcpy(to.data(), storage.memories[index] + offset, to.size());
}

std::string Instance::readMessage(uint32_t index, uint64_t address) {
  if (index >= plan.memories.size() || !accessible() ||
      address >= memorySize(index))
    return "";
  std::vector<uint8_t> text(
      std::min<uint64_t>(memorySize(index) - address, maxPrintString));
  peek(index, address, text);
  return readString(text, 0);
}

uint64_t Instance::memorySize(uint32_t index) const {
  if (!plan.memories[index].grows)
    return sizes[index];
  return std::min(stateAt<abi::MemoryState>(plan.layout.memory(index)).bytes,
                  plan.memories[index].capacity);
}

uint64_t Instance::roomBytes(uint32_t index) const {
  const MemoryPlan &memory = plan.memories[index];
  if (!memory.reach || !memory.grows)
    return 0;
  return std::min(memory.capacity - memorySize(index), ptxbin::sinkBytes);
}

uint64_t Instance::tableSize(uint32_t index) const {
  return std::min(stateAt<abi::TableState>(plan.layout.table(index)).size,
                  plan.tables[index].capacity);
}

std::span<uint8_t> Instance::memory(uint32_t index) {
  if (index >= plan.memories.size() || !accessible())
    return {};
  return hostView(index, memorySize(index));
}

Expected<void> Instance::grow(uint64_t pages, uint32_t index) {
  if (index >= plan.memories.size())
    return makeError(ErrorKind::Invalid,
                     index ? "there is no memory " + std::to_string(index) +
                                 " to grow"
                           : std::string("the module has no memory to grow"));
  Expected<LaunchQueue::Turn> turn = queue->takeTurn();
  if (!turn)
    return turn.error();
  if (!accessible())
    return makeError(ErrorKind::DeviceLost, "the device is lost");
  const MemoryPlan &limits = plan.memories[index];
  uint64_t size = memorySize(index);
  auto cannot = [&](const std::string &why) {
    return makeError(ErrorKind::Invalid,
                     "cannot grow memory by " + std::to_string(pages) +
                         " pages from " + std::to_string(size / pageBytes) +
                         ": " + why);
  };
  if (pages > limits.limitPages - size / pageBytes)
    return cannot("its maximum is " + std::to_string(limits.limitPages));
  if (pages > (limits.capacity - size) / pageBytes)
    return cannot("instantiated with a capacity of " +
                  std::to_string(limits.capacity / pageBytes) +
                  "; ask for more extra pages");
  uint64_t grown = size + pages * pageBytes;
  if (Expected<void> ok = commit(index, grown); !ok)
    return ok;
  stateAt<abi::MemoryState>(plan.layout.memory(index)).bytes = grown;
  sizes[index] = grown;
  return {};
}

Value Instance::global(uint32_t index) const {
  const std::vector<GlobalInfo> &globals = artifact.manifest().globals;
  if (index >= globals.size() || !accessible())
    return {};
  return readSlot(globals[index].type,
                  &stateAt<uint64_t>(plan.layout.global(index)));
}

std::vector<uint64_t> Instance::table(uint32_t index) const {
  if (index >= plan.tables.size() || !accessible())
    return {};
  const uint64_t *elements = storage.tables[index];
  return {elements, elements + tableSize(index)};
}

std::string Instance::moduleName(uint32_t module) const {
  const std::string &name = artifact.manifest().modules[module].name;
  return "module " + std::to_string(module) +
         (name.empty() ? "" : " " + quoteName(name));
}

Expected<void> Instance::checkCall(const KernelInfo &kernel,
                                   std::span<const Value> arguments) const {
  if (kernel.module >= instantiated.size() || !instantiated[kernel.module])
    return makeError(ErrorKind::Invalid,
                     "export " + quoteName(kernel.name) +
                         " cannot be called: its module is not instantiated");
  if (isDamaged)
    return makeError(ErrorKind::Invalid,
                     "export " + quoteName(kernel.name) +
                         " cannot be called: a restore of the instance's state "
                         "has failed halfway; restore it again");
  if (!kernel.notOffloadable.empty())
    return makeError(
        ErrorKind::Incompatible,
        "export " + quoteName(kernel.name) +
            " is not offloadable: " + oneLine(kernel.notOffloadable));
  if (onGPU() && !kernel.notOnGPU.empty())
    return makeError(ErrorKind::Incompatible,
                     "export " + quoteName(kernel.name) +
                         " cannot run on a GPU: " + oneLine(kernel.notOnGPU));
  return checkArguments(kernel, arguments);
}

Expected<Outcome> Instance::invoke(const KernelInfo &kernel,
                                   std::span<const Value> arguments) {
  if (Expected<void> ok = checkCall(kernel, arguments); !ok)
    return ok.error();
  TraceSpan span("invoke");
  span.note("kernel", kernel.name);
  return runAlone({kernel, kernel.symbol, Dim3{}, Dim3{}, arguments});
}

Expected<Outcome> Instance::runAlone(const Call &call) {
  Expected<LaunchQueue::Turn> turn = queue->takeTurn();
  if (!turn)
    return turn.error();
  return run(call);
}

Expected<Call> Instance::checkLaunch(const KernelInfo &kernel, Dim3 grid,
                                     Dim3 block,
                                     std::span<const Value> arguments,
                                     const LaunchOptions &options) const {
  if (Expected<void> ok = checkCall(kernel, arguments); !ok)
    return ok.error();
  if (!kernel.results.empty())
    return makeError(ErrorKind::Invalid,
                     "export " + quoteName(kernel.name) +
                         " has results: launch "
                         "needs a function without results, use invoke");
  if (!kernel.notLaunchable.empty())
    return makeError(
        ErrorKind::Incompatible,
        "export " + quoteName(kernel.name) +
            " cannot be launched as a grid: " + oneLine(kernel.notLaunchable));
  if (Expected<void> ok = checkGrid(grid, block); !ok)
    return ok.error();
  Expected<uint64_t> shared = sharedBytesOf(kernel, options.sharedBytes);
  if (!shared)
    return shared.error();
  return Call{
      kernel,    kernel.gridSymbol.empty() ? kernel.symbol : kernel.gridSymbol,
      grid,      block,
      arguments, *shared};
}

Expected<Outcome> Instance::launch(const KernelInfo &kernel, Dim3 grid,
                                   Dim3 block, std::span<const Value> arguments,
                                   const LaunchOptions &options) {
  Expected<Call> call = checkLaunch(kernel, grid, block, arguments, options);
  if (!call)
    return call.error();
  TraceSpan span("launch");
  span.note("kernel", kernel.name);
  return runAlone(*call);
}

Expected<void> Instance::drain() { return queue->drain(); }
