//===- HostInstance.cpp - an instance on the host's cores -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A launch is a counter of blocks that the workers draw from. A thread that
// traps leaves the image by longjmp; its block goes on with the next thread,
// since on a GPU too the others of a block run to their end.
//
//===----------------------------------------------------------------------===//

#include "HostInstance.h"

#include "Quote.h"
#include "Select.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csetjmp>
#include <cstring>
#include <sys/mman.h>

using namespace twrun;
using namespace ptxbin;

namespace {

/// HostThread with what its trap handler needs behind it.
struct GuestThread {
  abi::HostThread thread; // first: the handler gets a pointer to it
  abi::TrapRecord *record;
  jmp_buf leave;
};

struct Launch {
  abi::HostEntry entry;
  const abi::Environment &env;
  const uint64_t *arguments;
  Dim3 grid, block;
  uint64_t chunk;
  std::atomic<uint64_t> nextBlock{0};
};

} // namespace

/// HostThread::trap. The first thread to fault in a launch wins the record.
[[noreturn]] static void trap(abi::HostThread *self, uint32_t code,
                              uint32_t function, uint32_t offset) {
  auto *guest = reinterpret_cast<GuestThread *>(self);
  std::atomic_ref<uint32_t> winner(guest->record->code);
  uint32_t none = 0;
  if (winner.compare_exchange_strong(none, code)) {
    guest->record->function = function;
    guest->record->offset = offset;
    std::copy_n(self->blockId, 3, guest->record->block);
    std::copy_n(self->threadId, 3, guest->record->thread);
  }
  // _longjmp leaves the signal mask alone. No frame it skips owns anything.
  _longjmp(guest->leave, 1);
}

/// Steps to the thread after the current one; false at the block's end.
static bool stepThread(abi::HostThread &thread) {
  for (int i = 0; i < 3; ++i) {
    if (++thread.threadId[i] < thread.blockDim[i])
      return true;
    thread.threadId[i] = 0;
  }
  return false;
}

/// Everything that changes between setjmp and longjmp lives behind `guest`
/// and `launch`, which do not: locals that change would be indeterminate.
[[gnu::noinline]] static void runBlock(const Launch &launch,
                                       GuestThread &guest) {
  if (_setjmp(guest.leave) && !stepThread(guest.thread))
    return;
  launch.entry(&launch.env, launch.arguments, &guest.thread);
}

static void runBlocks(Launch &launch, abi::TrapRecord &record,
                      uint64_t stackLimit) {
  GuestThread guest{};
  guest.record = &record;
  guest.thread.stackLimit = stackLimit;
  guest.thread.trap = trap;
  uint32_t *blockDim = guest.thread.blockDim, *gridDim = guest.thread.gridDim;
  blockDim[0] = launch.block.x, blockDim[1] = launch.block.y,
  blockDim[2] = launch.block.z;
  gridDim[0] = launch.grid.x, gridDim[1] = launch.grid.y,
  gridDim[2] = launch.grid.z;
  const uint64_t blocks = launch.grid.count();
  while (true) {
    uint64_t first = launch.nextBlock.fetch_add(launch.chunk);
    if (first >= blocks)
      return;
    uint64_t end = std::min(first + launch.chunk, blocks);
    for (uint64_t i = first; i < end; ++i) {
      guest.thread.blockId[0] = uint32_t(i % launch.grid.x);
      guest.thread.blockId[1] = uint32_t(i / launch.grid.x % launch.grid.y);
      guest.thread.blockId[2] = uint32_t(i / launch.grid.x / launch.grid.y);
      std::fill_n(guest.thread.threadId, 3, 0);
      runBlock(launch, guest);
    }
  }
}

Expected<std::unique_ptr<HostInstance>>
HostInstance::create(HostDevice &device, const PtxBin &artifact,
                     const InstanceOptions &options) {
  if (Expected<void> ok = checkABI(artifact.manifest()); !ok)
    return ok.error();
  if (Expected<void> ok = checkOptions(artifact.manifest(), options); !ok)
    return ok.error();
  Expected<InstancePlan> plan =
      planInstance(artifact.manifest(), options.extraPages);
  if (!plan)
    return plan.error();
  Expected<size_t> section =
      selectHostImage(artifact.sections(), hostCpuFeatures());
  if (!section)
    return section.error();
  Expected<Bytes> elf = artifact.raw(*section);
  if (!elf)
    return elf.error();
  Expected<HostImage> image = HostImage::load(*elf);
  if (!image)
    return image.error();

  std::unique_ptr<HostInstance> instance(
      new HostInstance(device, artifact, std::move(*plan), options));
  instance->image = std::move(*image);
  if (Expected<void> ok = instance->allocate(); !ok)
    return ok.error();
  return instance;
}

Expected<void> HostInstance::allocate() {
  Storage storage;
  constexpr uint64_t guard = pageBytes;
  if (!plan.memories.empty()) {
    Expected<HostMemory> space = HostMemory::reserve(
        plan.memoryBytes() + guard * (plan.memories.size() + 1), pageBytes,
        "linear memory");
    if (!space)
      return space.error();
    linear = std::move(*space);
  }
  uint64_t offset = guard;
  committed.resize(plan.memories.size());
  for (size_t i = 0; i < plan.memories.size(); ++i) {
    const MemoryPlan &memory = plan.memories[i];
    offsets.push_back(offset);
    storage.memories.push_back(linear.data() + offset);
    offset += memory.capacity + guard;
    // memory.grow makes no call to the runtime, so what it can reach is
    // accessible from the start; untouched, it costs nothing and is zero.
    if (Expected<void> ok = commit(uint32_t(i), memory.grows ? memory.capacity
                                                             : memory.minBytes);
        !ok)
      return ok;
  }

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

Expected<void> HostInstance::commit(uint32_t index, uint64_t bytes) {
  if (bytes <= committed[index])
    return {};
  if (!linear.protect(offsets[index], bytes, PROT_READ | PROT_WRITE))
    return makeError(ErrorKind::IO,
                     "cannot map " + std::to_string(bytes) +
                         " bytes of linear memory: " + strerror(errno));
  committed[index] = bytes;
  return {};
}

Expected<Outcome> HostInstance::run(const KernelInfo &kernel,
                                    const std::string &symbol, Dim3 grid,
                                    Dim3 block,
                                    std::span<const Value> arguments) {
  const void *address = image.function(symbol);
  if (!address)
    return makeError(ErrorKind::NotFound, "the host image has no entry " +
                                              quoteName(symbol) +
                                              " for " + quoteName(kernel.name));
  abi::TrapRecord record{};
  // A kernel of another artifact may have more results than any of this one.
  results.assign(std::max(results.size(), 2 * kernel.results.size()), 0);
  abi::Environment env =
      environment(kernel, &record, results.empty() ? nullptr : results.data(),
                  hostStackSize);
  std::vector<uint64_t> slots = argumentSlots(arguments);

  // Chunks so that a block of few instructions does not drown in atomics,
  // yet several per worker so that uneven blocks even out.
  unsigned workers = device.pool().size();
  uint64_t blocks = grid.count();
  Launch launch{
      reinterpret_cast<abi::HostEntry>(reinterpret_cast<uintptr_t>(address)),
      env,
      slots.data(),
      grid,
      block,
      std::clamp<uint64_t>(blocks / (8 * workers), 1, 1024)};
  auto start = std::chrono::steady_clock::now();
  device.pool().run(
      unsigned(std::min<uint64_t>(workers, blocks)),
      [&](uint64_t stackLimit) { runBlocks(launch, record, stackLimit); });
  std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - start;

  Outcome outcome;
  outcome.seconds = taken.count();
  outcome.trap = readTrap(record);
  if (!outcome.trap)
    outcome.results = readResults(kernel, results.data());
  return outcome;
}
