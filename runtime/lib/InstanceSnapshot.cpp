//===- InstanceSnapshot.cpp - copies, and the state of an instance --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A snapshot holds no address but those in the state block, which restore()
// writes anew: so every instance of the same artifact and plan can take it.
//
//===----------------------------------------------------------------------===//

#include "Instance.h"

#include <cstring>

using namespace twrun;
using namespace ptxbin;

//===-- Copies ------------------------------------------------------------===//

Expected<void> Instance::checkRangeOf(const MemoryRange &range) const {
  if (range.memory >= plan.memories.size())
    return makeError(ErrorKind::Invalid,
                     "there is no memory " + std::to_string(range.memory));
  if (!accessible())
    return makeError(ErrorKind::DeviceLost, "the device is lost");
  return checkRange(memorySize(range.memory), range.offset, range.bytes,
                    range.memory);
}

uint64_t Instance::memoryBytes(uint32_t index) {
  return index < plan.memories.size() && accessible() ? memorySize(index) : 0;
}

namespace {
/// A copy that ended as it began.
class Ended : public Transfer {
public:
  Expected<void> finish() override { return {}; }
};
} // namespace

Expected<std::unique_ptr<Transfer>>
Instance::startCopyIn(uint64_t offset, std::span<const uint8_t> from,
                      uint32_t index) {
  if (!from.empty())
    memcpy(memoryBase(index) + offset, from.data(), from.size());
  return std::unique_ptr<Transfer>(new Ended);
}

Expected<std::unique_ptr<Transfer>>
Instance::startCopyOut(uint64_t offset, std::span<uint8_t> to, uint32_t index) {
  if (!to.empty())
    memcpy(to.data(), memoryBase(index) + offset, to.size());
  return std::unique_ptr<Transfer>(new Ended);
}

static Expected<void> finish(Expected<std::unique_ptr<Transfer>> transfer) {
  if (!transfer)
    return transfer.error();
  return (*transfer)->finish();
}

Expected<void> Instance::copyIn(uint64_t offset, std::span<const uint8_t> from,
                                uint32_t index) {
  Expected<LaunchQueue::Turn> turn = queue->takeTurn();
  if (!turn)
    return turn.error();
  if (Expected<void> ok = checkRangeOf({offset, from.size(), index}); !ok)
    return ok;
  return finish(startCopyIn(offset, from, index));
}

Expected<void> Instance::copyOut(uint64_t offset, std::span<uint8_t> to,
                                 uint32_t index) {
  Expected<LaunchQueue::Turn> turn = queue->takeTurn();
  if (!turn)
    return turn.error();
  if (Expected<void> ok = checkRangeOf({offset, to.size(), index}); !ok)
    return ok;
  return finish(startCopyOut(offset, to, index));
}

//===-- Snapshots ---------------------------------------------------------===//

namespace {
class InstanceSnapshot : public Snapshot {
public:
  uint64_t memoryBytes() const override { return memory->bytes(); }
  Place place() const override { return memory->place(); }

  Digest artifact;
  std::vector<MemoryPlan> memories;
  std::vector<TablePlan> tables;
  std::vector<uint8_t> state;
  std::vector<std::vector<uint64_t>> elements; // of each table
  std::vector<bool> instantiated;
  std::map<uint32_t, std::pair<uint64_t, uint64_t>> reserves;
  std::shared_ptr<SavedMemory> memory;
};
} // namespace

Expected<std::shared_ptr<SavedMemory>> Instance::save(Place) {
  std::vector<uint64_t> sizes;
  for (uint32_t i = 0; i < plan.memories.size(); ++i)
    sizes.push_back(memorySize(i));
  Expected<std::shared_ptr<HostSaved>> saved =
      HostSaved::create(std::move(sizes));
  if (!saved)
    return saved.error();
  for (uint32_t i = 0; i < plan.memories.size(); ++i) {
    std::span<uint8_t> bytes = (*saved)->bytesOf(i);
    if (Expected<void> ok = finish(startCopyOut(0, bytes, i)); !ok)
      return ok.error();
    (*saved)->setUsed(i, usedBytes(bytes));
  }
  return std::shared_ptr<SavedMemory>(std::move(*saved));
}

Expected<void> Instance::checkLoad(const SavedMemory &saved) const {
  if (saved.place() == Place::Host)
    return {};
  return makeError(ErrorKind::Incompatible,
                   "the snapshot is kept on a GPU, and the instance is on the "
                   "host");
}

Expected<std::unique_ptr<Snapshot>> Instance::snapshot(Place place) {
  Expected<LaunchQueue::Turn> turn = queue->takeTurn();
  if (!turn)
    return turn.error();
  if (!isUsable())
    return makeError(accessible() ? ErrorKind::Invalid : ErrorKind::DeviceLost,
                     accessible() ? "a restore of the instance's state has "
                                    "failed halfway: restore it again"
                                  : "the device is lost");
  auto made = std::make_unique<InstanceSnapshot>();
  made->artifact = artifact.contentId();
  made->memories = plan.memories;
  made->tables = plan.tables;
  Expected<std::shared_ptr<SavedMemory>> saved = save(place);
  if (!saved)
    return saved.error();
  made->memory = std::move(*saved);
  made->state.assign(storage.state, storage.state + plan.layout.size());
  for (uint32_t i = 0; i < plan.tables.size(); ++i)
    made->elements.push_back(table(i));
  made->instantiated = instantiated;
  for (const auto &[index, reserve] : reserves)
    made->reserves[index] = {reserve.next, reserve.end};
  return std::unique_ptr<Snapshot>(std::move(made));
}

Expected<void> Instance::restore(const Snapshot &given) {
  const auto *snapshot = dynamic_cast<const InstanceSnapshot *>(&given);
  if (!snapshot || snapshot->artifact != artifact.contentId())
    return makeError(ErrorKind::Incompatible,
                     "the snapshot is of an instance of another artifact");
  if (snapshot->memories != plan.memories || snapshot->tables != plan.tables)
    return makeError(ErrorKind::Incompatible,
                     "the snapshot is of an instance with other capacities: "
                     "instantiate with the same extra pages");
  Expected<LaunchQueue::Turn> turn = queue->takeTurn();
  if (!turn)
    return turn.error();
  if (!accessible())
    return makeError(ErrorKind::DeviceLost, "the device is lost");
  if (Expected<void> ok = checkLoad(*snapshot->memory); !ok)
    return ok;

  isDamaged = true;
  for (uint32_t i = 0; i < plan.memories.size(); ++i) {
    const uint64_t size = snapshot->memory->sizes[i];
    Expected<void> ok =
        size > memorySize(i) ? commit(i, size) : retract(i, size);
    if (!ok)
      return ok;
    stateAt<abi::MemoryState>(plan.layout.memory(i)).bytes = size;
    sizes[i] = size;
  }
  if (Expected<void> ok = load(snapshot->memory); !ok)
    return ok;
  for (uint32_t i = 0; i < plan.tables.size(); ++i) {
    const std::vector<uint64_t> &elements = snapshot->elements[i];
    const uint64_t size = tableSize(i);
    std::copy(elements.begin(), elements.end(), storage.tables[i]);
    if (size > elements.size())
      std::fill_n(storage.tables[i] + elements.size(), size - elements.size(),
                  abi::nullReference);
  }
  memcpy(storage.state, snapshot->state.data(), snapshot->state.size());
  writeAddresses();
  instantiated = snapshot->instantiated;
  reserves.clear();
  for (const auto &[index, reserve] : snapshot->reserves)
    reserves[index] = {reserve.first, reserve.second};
  isDamaged = false;
  return {};
}

/// What the state block tells of this instance's places.
void Instance::writeAddresses() {
  const abi::StateLayout &layout = plan.layout;
  for (size_t i = 0; i < plan.memories.size(); ++i) {
    auto &memory = stateAt<abi::MemoryState>(layout.memory(i));
    memory.base = reinterpret_cast<uint64_t>(storage.memories[i]);
    memory.capacity = plan.memories[i].capacity;
  }
  for (size_t i = 0; i < plan.tables.size(); ++i) {
    auto &table = stateAt<abi::TableState>(layout.table(i));
    table.elements = reinterpret_cast<uint64_t>(storage.tables[i]);
    table.capacity = plan.tables[i].capacity;
  }
  for (size_t i = 0; i < storage.data.size(); ++i)
    stateAt<abi::SegmentState>(layout.dataSegment(i)).address =
        reinterpret_cast<uint64_t>(storage.data[i]);
  for (size_t i = 0; i < storage.elems.size(); ++i)
    stateAt<abi::SegmentState>(layout.elemSegment(i)).address =
        reinterpret_cast<uint64_t>(storage.elems[i]);
}
