//===- Instantiate.cpp - from an artifact to an instance ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instantiation follows the Wasm core specification, section 4.5.4, module
// after module: imports are matched, active element segments are copied in
// order, then active data segments, then the start function runs. What was
// copied before a failure stays. Memories, tables and globals of all modules
// are made at once; nothing can see those of a module before its turn.
//
//===----------------------------------------------------------------------===//

#include "Instance.h"

#include "Quote.h"

#include <cstring>

using namespace twrun;
using namespace ptxbin;

Expected<void> twrun::checkOptions(const Manifest &manifest,
                                   const InstanceOptions &options) {
  if (options.fuel && !manifest.fuel)
    return makeError(ErrorKind::Invalid,
                     "the artifact does not count fuel: recompile it so that "
                     "it does, or set none");
  if (manifest.bounds == BoundsMode::None && !options.allowUnchecked)
    return makeError(ErrorKind::Untrusted,
                     "the artifact was compiled with --bounds=none: its code "
                     "can read and write all that this process can; allow "
                     "that (--allow-unchecked) if you trust it as such");
  if (options.memoryKind > MemoryKind::Reserved)
    return makeError(ErrorKind::Invalid,
                     "there is no memory of kind " +
                         std::to_string(unsigned(options.memoryKind)));
  if (options.printRecords > maxPrintRecords)
    return makeError(ErrorKind::Invalid,
                     "expected at most " + std::to_string(maxPrintRecords) +
                         " print records, but got " +
                         std::to_string(options.printRecords));
  if (options.maxInFlight < 1 || options.maxInFlight > maxCallsInFlight)
    return makeError(ErrorKind::Invalid,
                     "expected from 1 to " + std::to_string(maxCallsInFlight) +
                         " calls in flight, but got " +
                         std::to_string(options.maxInFlight));
  return {};
}

Expected<void> Instance::initialise(Storage made) {
  storage = std::move(made);
  const Manifest &manifest = artifact.manifest();
  const abi::StateLayout &layout = plan.layout;
  for (size_t i = 0; i < plan.memories.size(); ++i) {
    stateAt<abi::MemoryState>(layout.memory(i)) = {
        reinterpret_cast<uint64_t>(storage.memories[i]),
        plan.memories[i].minBytes, plan.memories[i].capacity, 0};
    sizes.push_back(plan.memories[i].minBytes);
  }
  for (size_t i = 0; i < plan.tables.size(); ++i)
    stateAt<abi::TableState>(layout.table(i)) = {
        reinterpret_cast<uint64_t>(storage.tables[i]), plan.tables[i].minSize,
        plan.tables[i].capacity, 0};
  for (size_t i = 0; i < manifest.data.size(); ++i)
    stateAt<abi::SegmentState>(layout.dataSegment(i)) = {
        reinterpret_cast<uint64_t>(storage.data[i]), manifest.data[i].size};
  for (size_t i = 0; i < manifest.elems.size(); ++i)
    stateAt<abi::SegmentState>(layout.elemSegment(i)) = {
        reinterpret_cast<uint64_t>(storage.elems[i]),
        manifest.elems[i].references.size()};
  for (size_t i = 0; i < manifest.globals.size(); ++i) {
    uint64_t *slot = &stateAt<uint64_t>(layout.global(i));
    slot[0] = manifest.globals[i].bits;
    slot[1] = manifest.globals[i].highBits;
  }
  if (!options.stepwise)
    while (instantiated.size() < manifest.modules.size())
      if (Expected<void> ok = instantiateNext(); !ok)
        return ok;
  return {};
}

Expected<void> Instance::instantiateNext() {
  if (instantiated.size() >= artifact.manifest().modules.size())
    return makeError(ErrorKind::NotFound,
                     "there is no further module to instantiate");
  if (!accessible())
    return makeError(ErrorKind::Device, "the device is lost");
  uint32_t module = uint32_t(instantiated.size());
  instantiated.push_back(false);
  if (Expected<void> ok = checkImports(module); !ok)
    return ok;
  if (Expected<void> ok = copyElems(module); !ok)
    return ok;
  if (Expected<void> ok = copyData(module); !ok)
    return ok;
  if (Expected<void> ok = runStart(module); !ok)
    return ok;
  instantiated[module] = true;
  return {};
}

Expected<void> Instance::checkImports(uint32_t module) const {
  const ModuleInfo &info = artifact.manifest().modules[module];
  auto check = [&](const ImportedMinimum &import, uint64_t size,
                   const char *kind, const char *unit) -> Expected<void> {
    if (size >= import.minimum)
      return {};
    return makeError(ErrorKind::Invalid,
                     "incompatible import type: " + moduleName(module) +
                         " imports " + kind + " " +
                         std::to_string(import.index) + " with at least " +
                         std::to_string(import.minimum) + " " + unit +
                         ", but it has " + std::to_string(size));
  };
  for (const ImportedMinimum &import : info.memoryImports)
    if (auto ok = check(import, memorySize(import.index) / pageBytes, "memory",
                        "pages");
        !ok)
      return ok;
  for (const ImportedMinimum &import : info.tableImports)
    if (auto ok = check(import, tableSize(import.index), "table", "elements");
        !ok)
      return ok;
  return {};
}

Expected<void> Instance::copyElems(uint32_t module) {
  const std::vector<ElemInfo> &elems = artifact.manifest().elems;
  for (size_t i = 0; i < elems.size(); ++i) {
    const ElemInfo &elem = elems[i];
    if (elem.module != module || !elem.active)
      continue;
    const uint64_t count = elem.references.size();
    const uint64_t size = tableSize(elem.table);
    if (elem.tableOffset > size || count > size - elem.tableOffset)
      return makeError(ErrorKind::Invalid,
                       "instantiation trapped: out of bounds table access: "
                       "element segment " +
                           std::to_string(i) + " of " + std::to_string(count) +
                           " elements at " + std::to_string(elem.tableOffset) +
                           " in a table of " + std::to_string(size));
    if (count)
      memcpy(storage.tables[elem.table] + elem.tableOffset, storage.elems[i],
             8 * count);
    stateAt<abi::SegmentState>(plan.layout.elemSegment(i)).size = 0;
  }
  return {};
}

Expected<void> Instance::copyData(uint32_t module) {
  const std::vector<DataInfo> &segments = artifact.manifest().data;
  for (size_t i = 0; i < segments.size(); ++i) {
    const DataInfo &data = segments[i];
    if (data.module != module || !data.active)
      continue;
    const uint64_t size = memorySize(data.memory);
    if (data.memoryOffset > size || data.size > size - data.memoryOffset)
      return makeError(ErrorKind::Invalid,
                       "instantiation trapped: out of bounds memory access: "
                       "data segment " +
                           std::to_string(i) + " of " +
                           std::to_string(data.size) + " bytes at " +
                           std::to_string(data.memoryOffset) +
                           " in a memory of " + std::to_string(size));
    if (data.size) {
      std::span<uint8_t> bytes = hostView(data.memory, size);
      if (bytes.empty())
        return makeError(ErrorKind::Device, "the device is lost");
      memcpy(bytes.data() + data.memoryOffset, storage.data[i], data.size);
    }
    stateAt<abi::SegmentState>(plan.layout.dataSegment(i)).size = 0;
  }
  return {};
}

/// The manifest's memory that is memory 0 of `module`: imports come first in
/// its index space (Wasm spec 2.5).
static std::optional<uint32_t> firstMemory(const Manifest &manifest,
                                           uint32_t module) {
  if (!manifest.modules[module].memoryImports.empty())
    return manifest.modules[module].memoryImports.front().index;
  for (size_t i = 0; i < manifest.memories.size(); ++i)
    if (manifest.memories[i].module == module)
      return uint32_t(i);
  return std::nullopt;
}

Expected<void> Instance::runStart(uint32_t module) {
  const Manifest &manifest = artifact.manifest();
  const std::optional<std::string> &symbol =
      manifest.modules[module].startSymbol;
  if (!symbol)
    return {};
  KernelInfo start;
  start.name = "start";
  start.module = module;
  start.symbol = *symbol;
  start.memory = firstMemory(manifest, module);
  // Nothing tells what it calls.
  start.cooperative = true;
  for (const KernelInfo &kernel : manifest.kernels)
    start.prints |= kernel.prints;
  // Where the start function is exported too, the export knows whether this
  // device can run it.
  for (const KernelInfo &kernel : manifest.kernels)
    if (kernel.symbol == start.symbol)
      start = kernel;
  if (!start.params.empty() || !start.results.empty())
    return makeError(ErrorKind::Malformed,
                     "the start function has parameters or results");
  // It is the only function of its module that may run yet.
  start.module = module;
  instantiated[module] = true;
  Expected<Outcome> outcome = invoke(start, {});
  instantiated[module] = false;
  if (!outcome)
    return makeError(outcome.error().kind, "cannot run the start function: " +
                                               outcome.error().message);
  if (outcome->trap)
    return makeError(
        ErrorKind::Invalid,
        "instantiation trapped: " + describeTrap(*outcome->trap, manifest) +
            ", in the start function");
  return {};
}
