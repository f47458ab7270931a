//===- Instance.cpp - what instances on all devices share -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instantiation follows the Wasm core specification, section 4.5.4: globals,
// then active data segments in order, then the start function. A segment out
// of bounds or a trap in start fails it.
//
//===----------------------------------------------------------------------===//

#include "Instance.h"

#include "Quote.h"

#include <algorithm>
#include <cstring>

using namespace twrun;
using namespace ptxbin;

static uint64_t zeroExtended(ValueType type, uint64_t bits) {
  bool narrow = type == ValueType::I32 || type == ValueType::F32;
  return narrow ? uint32_t(bits) : bits;
}

static uint64_t *globalSlot(abi::InstanceState *state, uint64_t index) {
  return reinterpret_cast<uint64_t *>(reinterpret_cast<uint8_t *>(state) +
                                      abi::globalSlotOffset(index));
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
    results.push_back(
        {kernel.results[i], zeroExtended(kernel.results[i], slots[2 * i])});
  return results;
}

std::vector<uint64_t> twrun::argumentSlots(std::span<const Value> arguments) {
  std::vector<uint64_t> slots(2 * arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i)
    slots[2 * i] = zeroExtended(arguments[i].type, arguments[i].bits);
  return slots;
}

uint64_t Instance::stateBytes() const {
  return abi::globalSlotOffset(artifact.manifest().globals.size());
}

uint64_t Instance::resultsBytes() const {
  size_t most = 0;
  for (const KernelInfo &kernel : artifact.manifest().kernels)
    most = std::max(most, kernel.results.size());
  return 16 * most;
}

abi::Environment Instance::environment(const abi::TrapRecord *record,
                                       const uint64_t *results,
                                       uint64_t stackSize) const {
  abi::Environment env{};
  env.memoryBase = reinterpret_cast<uint64_t>(memoryBase);
  env.memorySize = state->memoryBytes;
  env.trapRecord = reinterpret_cast<uint64_t>(record);
  env.instanceState = reinterpret_cast<uint64_t>(state);
  env.results = reinterpret_cast<uint64_t>(results);
  env.stackSize = stackSize;
  return env;
}

Expected<void> Instance::initialise() {
  const Manifest &manifest = artifact.manifest();
  state->memoryBytes = plan.minBytes;
  state->memoryCapacity = plan.capacity;
  for (size_t i = 0; i < manifest.globals.size(); ++i)
    *globalSlot(state, i) =
        zeroExtended(manifest.globals[i].type, manifest.globals[i].bits);
  if (Expected<void> ok = copyData(); !ok)
    return ok;
  return runStart();
}

Expected<void> Instance::copyData() {
  const std::vector<DataInfo> &segments = artifact.manifest().data;
  if (segments.empty())
    return {};
  const std::vector<Section> &sections = artifact.sections();
  auto wasm =
      std::find_if(sections.begin(), sections.end(), [](const Section &s) {
        return s.key.type == SectionType::Wasm;
      });
  if (wasm == sections.end())
    return makeError(ErrorKind::Malformed,
                     "the manifest has data segments, but the artifact has no "
                     "WASM section");
  Expected<Bytes> module = artifact.raw(size_t(wasm - sections.begin()));
  if (!module)
    return module.error();
  for (size_t i = 0; i < segments.size(); ++i) {
    const DataInfo &data = segments[i];
    std::string name = "data segment " + std::to_string(i);
    if (data.moduleOffset > module->size() ||
        data.size > module->size() - data.moduleOffset)
      return makeError(ErrorKind::Malformed,
                       name + " lies outside the WASM section");
    if (data.memoryOffset > plan.minBytes ||
        data.size > plan.minBytes - data.memoryOffset)
      return makeError(ErrorKind::Invalid,
                       "instantiation trapped: out of bounds memory access: " +
                           name + " of " + std::to_string(data.size) +
                           " bytes at " + std::to_string(data.memoryOffset) +
                           " in a memory of " + std::to_string(plan.minBytes));
    if (data.size)
      memcpy(memoryBase + data.memoryOffset, module->data() + data.moduleOffset,
             data.size);
  }
  return {};
}

Expected<void> Instance::runStart() {
  const Manifest &manifest = artifact.manifest();
  if (!manifest.startSymbol)
    return {};
  KernelInfo start;
  start.name = "start";
  start.symbol = *manifest.startSymbol;
  // Where the start function is exported too, the export knows whether this
  // device can run it.
  for (const KernelInfo &kernel : manifest.kernels)
    if (kernel.symbol == start.symbol)
      start = kernel;
  if (!start.params.empty() || !start.results.empty())
    return makeError(ErrorKind::Malformed,
                     "the start function has parameters or results");
  Expected<Outcome> outcome = invoke(start, {});
  if (!outcome)
    return makeError(outcome.error().kind, "cannot run the start function: " +
                                               outcome.error().message);
  if (outcome->trap)
    return makeError(ErrorKind::Invalid,
                     "instantiation trapped in the start function: " +
                         describeTrap(*outcome->trap, manifest));
  return {};
}

std::span<uint8_t> Instance::memory() {
  if (!plan.exists || !accessible())
    return {};
  // The device writes memoryBytes; it must never widen the host's view.
  return {memoryBase, size_t(std::min(state->memoryBytes, plan.capacity))};
}

Expected<void> Instance::grow(uint64_t pages) {
  if (!plan.exists)
    return makeError(ErrorKind::Invalid, "the module has no memory to grow");
  if (!accessible())
    return makeError(ErrorKind::Device, "the device is lost");
  uint64_t size = memory().size();
  auto cannot = [&](const std::string &why) {
    return makeError(ErrorKind::Invalid,
                     "cannot grow memory by " + std::to_string(pages) +
                         " pages from " + std::to_string(size / pageBytes) +
                         ": " + why);
  };
  if (pages > plan.limitPages - size / pageBytes)
    return cannot("its maximum is " + std::to_string(plan.limitPages));
  uint64_t grown = size + pages * pageBytes;
  if (grown > plan.capacity)
    return cannot("instantiated with a capacity of " +
                  std::to_string(plan.capacity / pageBytes) +
                  "; ask for more extra pages");
  if (Expected<void> ok = commit(grown); !ok)
    return ok;
  state->memoryBytes = grown;
  return {};
}

uint64_t Instance::global(uint32_t index) const {
  const std::vector<GlobalInfo> &globals = artifact.manifest().globals;
  if (index >= globals.size() || !accessible())
    return 0;
  return zeroExtended(globals[index].type, *globalSlot(state, index));
}

Expected<void> Instance::checkCall(const KernelInfo &kernel,
                                   std::span<const Value> arguments) const {
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
  return run(kernel, Dim3{}, Dim3{}, arguments);
}

Expected<Outcome> Instance::launch(const KernelInfo &kernel, Dim3 grid,
                                   Dim3 block,
                                   std::span<const Value> arguments) {
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
  return run(kernel, grid, block, arguments);
}
