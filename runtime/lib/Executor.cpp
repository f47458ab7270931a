//===- Executor.cpp - what all executors can do with memory ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// By way of Executor::memory() where an executor has no better way: in the
// interpreter, and on the host device.
//
//===----------------------------------------------------------------------===//

#include "MemoryPlan.h"
#include "twrun/Runtime.h"

#include <bit>
#include <cstring>

using namespace twrun;
using namespace ptxbin;

Executor::~Executor() = default;
Snapshot::~Snapshot() = default;
HostBuffer::~HostBuffer() = default;

Expected<StackUse> Executor::stackUse(const KernelInfo &, Dim3, Dim3) {
  return StackUse();
}

const char *twrun::toString(MemoryKind kind) {
  switch (kind) {
  case MemoryKind::Managed:
    return "managed";
  case MemoryKind::Device:
    return "device";
  case MemoryKind::Reserved:
    return "reserved";
  }
  return "unknown";
}

Expected<void> twrun::checkRange(uint64_t size, uint64_t offset, uint64_t bytes,
                                 uint32_t index) {
  if (offset <= size && bytes <= size - offset)
    return {};
  return makeError(ErrorKind::Invalid,
                   "expected a range within the " + std::to_string(size) +
                       " bytes of memory " + std::to_string(index) +
                       ", but got " + std::to_string(bytes) + " bytes at " +
                       std::to_string(offset));
}

uint64_t Executor::memoryBytes(uint32_t index) { return memory(index).size(); }

MemoryKind Executor::memoryKind(uint32_t) const { return MemoryKind::Managed; }

bool Executor::hostReaches(uint32_t) const { return true; }

Expected<uint8_t *> Executor::viewBytes(uint64_t offset, uint64_t count,
                                        uint64_t size, uint64_t alignment,
                                        uint32_t index) {
  if (!hostReaches(index))
    return makeError(ErrorKind::Incompatible,
                     "the host does not reach memory " + std::to_string(index) +
                         ", which is " + toString(memoryKind(index)) +
                         " memory: copy out what is to be viewed");
  if (count > UINT64_MAX / size)
    return makeError(ErrorKind::Invalid,
                     "a view of " + std::to_string(count) + " elements of " +
                         std::to_string(size) + " bytes has no size");
  std::span<uint8_t> bytes = memory(index);
  if (Expected<void> ok = checkRange(bytes.size(), offset, count * size, index);
      !ok)
    return ok.error();
  uint8_t *at = bytes.data() + offset;
  // The base is at a multiple of a page, but for the interpreter's.
  if (reinterpret_cast<uintptr_t>(at) % alignment != 0)
    return makeError(ErrorKind::Invalid,
                     "expected the offset of a view to be a multiple of " +
                         std::to_string(alignment) + ", but got " +
                         std::to_string(offset));
  return at;
}

Expected<void> Executor::copyIn(uint64_t offset, std::span<const uint8_t> from,
                                uint32_t index) {
  std::span<uint8_t> bytes = memory(index);
  if (Expected<void> ok = checkRange(bytes.size(), offset, from.size(), index);
      !ok)
    return ok;
  if (!from.empty())
    memcpy(bytes.data() + offset, from.data(), from.size());
  return {};
}

Expected<void> Executor::copyOut(uint64_t offset, std::span<uint8_t> to,
                                 uint32_t index) {
  std::span<uint8_t> bytes = memory(index);
  if (Expected<void> ok = checkRange(bytes.size(), offset, to.size(), index);
      !ok)
    return ok;
  if (!to.empty())
    memcpy(to.data(), bytes.data() + offset, to.size());
  return {};
}

Expected<bool> Executor::advise(Advice, const MemoryRange &range) {
  if (Expected<void> ok = checkRange(memoryBytes(range.memory), range.offset,
                                     range.bytes, range.memory);
      !ok)
    return ok.error();
  return false;
}

Expected<bool> Executor::prefetch(Place, const MemoryRange &range) {
  return advise(Advice::NoPreference, range);
}

static std::optional<uint64_t> alignUp(uint64_t value, uint64_t alignment) {
  uint64_t raised = 0;
  if (__builtin_add_overflow(value, alignment - 1, &raised))
    return std::nullopt;
  return raised & ~(alignment - 1);
}

Expected<uint64_t> Executor::allocate(uint64_t bytes, uint64_t alignment,
                                      uint32_t index) {
  if (!std::has_single_bit(alignment))
    return makeError(ErrorKind::Invalid,
                     "expected an alignment that is a power of two, but got " +
                         std::to_string(alignment));
  const uint64_t size = memoryBytes(index);
  // What is set aside goes on behind the last, unless others (the guest, or
  // grow()) have taken the pages there.
  Reserve known = reserves[index];
  if (known.end == 0 || known.end > size)
    known = {size, size};
  std::optional<uint64_t> start = alignUp(known.next, alignment);
  bool fits = start && *start <= known.end && bytes <= known.end - *start;
  if (!fits && known.end != size)
    start = alignUp(size, alignment);
  uint64_t end = 0;
  if (!start || __builtin_add_overflow(*start, bytes, &end))
    return makeError(ErrorKind::Invalid,
                     "cannot set " + std::to_string(bytes) +
                         " bytes of memory aside: no memory is as large");
  if (!fits && end > size) {
    const uint64_t more = end - size;
    if (Expected<void> ok =
            grow(more / pageBytes + (more % pageBytes != 0), index);
        !ok)
      return makeError(ok.error().kind,
                       "cannot set " + std::to_string(bytes) +
                           " bytes of memory aside: " + ok.error().message);
  }
  reserves[index] = {end, fits ? known.end : memoryBytes(index)};
  return *start;
}

Expected<std::unique_ptr<Snapshot>> Executor::snapshot(Place) {
  return makeError(ErrorKind::Incompatible,
                   "snapshots are made of instances on a device, not in the "
                   "interpreter");
}

Expected<void> Executor::restore(const Snapshot &) {
  return snapshot().error();
}
