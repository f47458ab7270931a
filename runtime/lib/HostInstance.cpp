//===- HostInstance.cpp - an instance on the host's cores -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Allocation and calls. How a grid runs is in HostLaunch.cpp.
//
//===----------------------------------------------------------------------===//

#include "HostInstance.h"

#include "HostLaunch.h"
#include "Quote.h"
#include "Select.h"
#include "Trace.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <sys/mman.h>

using namespace twrun;
using namespace ptxbin;

Expected<std::unique_ptr<HostInstance>>
HostInstance::create(HostDevice &device, const PtxBin &artifact,
                     const InstanceOptions &options) {
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  if (Expected<void> ok = checkABI(artifact.manifest()); !ok)
    return ok.error();
  if (Expected<void> ok = checkOptions(artifact.manifest(), options); !ok)
    return ok.error();
  Expected<InstancePlan> plan =
      planInstance(artifact.manifest(), options.extraPages);
  if (!plan)
    return plan.error();
  if (options.finalized)
    return makeError(ErrorKind::Incompatible,
                     "a finalized image runs on a GPU, and this is the host");
  Expected<size_t> section =
      selectHostImage(artifact.sections(), hostCpuFeatures());
  if (!section)
    return section.error();
  Expected<Bytes> elf = artifact.raw(*section);
  if (!elf)
    return elf.error();
  TraceSpan span("map host image");
  span.note("bytes", uint64_t(elf->size()));
  Expected<HostImage> image = HostImage::load(*elf);
  span.end();
  if (!image)
    return image.error();

  std::unique_ptr<HostInstance> instance(
      new HostInstance(device, artifact, std::move(*plan), options));
  instance->image = std::move(*image);
  instance->queue = std::make_shared<HostQueue>(options.maxInFlight, *instance);
  if (Expected<void> ok = instance->allocateAll(); !ok)
    return ok.error();
  return instance;
}

Expected<void> HostInstance::allocateAll() {
  Storage storage;
  if (Expected<void> ok = allocateMemories(storage); !ok)
    return ok;
  if (uint64_t bytes = plan.tableBytes()) {
    Expected<HostMemory> space =
        HostMemory::reserve(bytes, hostPageSize(), "tables");
    if (!space)
      return space.error();
    tables = std::move(*space);
    if (!tables.protect(0, tables.size(), PROT_READ | PROT_WRITE))
      return makeError(ErrorKind::IO,
                       "cannot map " + std::to_string(bytes) +
                           " bytes of tables: " + strerror(errno));
  }
  auto *elements = reinterpret_cast<uint64_t *>(tables.data());
  for (const TablePlan &table : plan.tables) {
    storage.tables.push_back(elements);
    elements += table.capacity;
  }

  // Segments are read where they are: in the WASM section and the manifest.
  const Manifest &manifest = artifact.manifest();
  if (!manifest.data.empty())
    if (std::optional<size_t> section = findWasm(artifact)) {
      Expected<Bytes> bytes = artifact.raw(*section);
      if (!bytes)
        return bytes.error();
      wasm = std::move(*bytes);
    }
  for (size_t i = 0; i < manifest.data.size(); ++i) {
    const DataInfo &data = manifest.data[i];
    if (data.moduleOffset > wasm.size() ||
        data.size > wasm.size() - data.moduleOffset)
      return makeError(ErrorKind::Malformed,
                       "data segment " + std::to_string(i) +
                           " lies outside the WASM section");
    storage.data.push_back(wasm.data() + data.moduleOffset);
  }
  for (const ElemInfo &elem : manifest.elems)
    storage.elems.push_back(elem.references.data());

  stateBlock.resize(plan.layout.size() / 8);
  storage.state = reinterpret_cast<uint8_t *>(stateBlock.data());
  results.resize(resultsBytes() / 8);
  return initialise(std::move(storage));
}

HostInstance::~HostInstance() {
  // In a forked child nothing that is under way can be waited for.
  if (queue && device.checkAlive())
    queue->close();
}

Expected<Outcome> HostInstance::run(const Call &call) {
  return run(call, argumentSlots(call.arguments).data(), std::nullopt);
}

Expected<Outcome> HostInstance::execute(const LaunchState &call,
                                        uint64_t stackLimit) {
  auto runOne = [&](const LaunchState &one) {
    return run({*one.kernel,
                *one.symbol,
                one.grid,
                one.block,
                {},
                one.sharedBytes},
               one.slots.data(), stackLimit);
  };
  Expected<Outcome> outcome = runOne(call.recorded ? *call.recorded->calls[0]
                                                   : call);
  for (size_t i = 1; outcome && call.recorded &&
                     i < call.recorded->calls.size();
       ++i) {
    Expected<Outcome> next = runOne(*call.recorded->calls[i]);
    if (!next)
      return next;
    outcome->seconds += next->seconds;
    if (!outcome->trap)
      outcome->trap = next->trap;
  }
  if (outcome && !call.timed)
    outcome->seconds = 0; // the same on all devices
  return outcome;
}

Expected<Outcome> HostInstance::run(const Call &call, const uint64_t *slots,
                                    std::optional<uint64_t> stackLimit) {
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  const void *address = image.function(call.symbol);
  if (!address)
    return makeError(ErrorKind::NotFound, "the host image has no entry " +
                                              quoteName(call.symbol) + " for " +
                                              quoteName(call.kernel.name));
  abi::TrapRecord record{};
  // A kernel of another artifact may have more results than any of this one.
  results.assign(std::max(results.size(), 2 * call.kernel.results.size()), 0);
  Marks marks{&record, results.empty() ? nullptr : results.data()};
  if (call.kernel.prints) {
    if (prints.empty())
      prints.resize(printBufferBytes() / 8);
    auto *buffer = reinterpret_cast<abi::PrintBuffer *>(prints.data());
    clearPrints(*buffer);
    marks.prints = buffer;
  }
  const uint64_t threads = call.block.count();
  const abi::Environment env = environment(
      call, marks,
      call.kernel.cooperative && threads > 1 ? hostFiberSize : hostStackSize);
  HostLaunch launch(
      reinterpret_cast<abi::HostEntry>(reinterpret_cast<uintptr_t>(address)),
      env, slots, call, record);
  auto start = std::chrono::steady_clock::now();
  if (Expected<void> ok = launch.run(device, stackLimit); !ok)
    return ok.error();
  std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - start;
  return outcome(call, marks, taken.count());
}

Expected<StackUse> HostInstance::stackUse(const KernelInfo &kernel, Dim3 grid,
                                          Dim3 block) {
  if (Expected<void> ok = checkGrid(grid, block); !ok)
    return ok.error();
  return HostLaunch::stackUse(kernel, grid, block, device.pool().size());
}
