//===- Memory.h - kinds of memory, copies, snapshots ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What Executor's functions about linear memory are given and give. What each
// kind of memory guarantees and costs is in docs/Memory.md.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_MEMORY_H
#define TWRUN_MEMORY_H

#include "Format/Error.h"

#include <cstdint>
#include <memory>

namespace twrun {

/// Where linear memory lives on a GPU. On the host device it is the host's own
/// memory, whichever is asked for.
enum class MemoryKind : uint8_t {
  /// The host and the device both reach it; pages move to where they are
  /// touched, or to where prefetch() says. Addresses for the whole capacity
  /// are set aside, pages are there once touched.
  Managed,
  /// The device's own, allocated for the whole capacity. The host copies.
  Device,
  /// The device's own, in granules of 2 MiB that are mapped as memory grows
  /// into addresses that are reserved for the whole capacity. The host copies.
  Reserved,
};

/// "managed", "device", "reserved".
const char *toString(MemoryKind kind);

/// Bytes of a memory: `offset` counts from its base. The range must lie within
/// the memory's present size.
struct MemoryRange {
  uint64_t offset = 0, bytes = 0;
  uint32_t memory = 0; // a position in Manifest::memories
};

/// Where pages of managed memory can be.
enum class Place : uint8_t { Device, Host };

/// What a program knows of the use of a range of managed memory (CUDA Driver
/// API, cuMemAdvise). None of it changes what the bytes are.
enum class Advice : uint8_t {
  ReadMostly,       // copies for all who read; a write drops them
  NotReadMostly,    //
  PreferDevice,     // where the pages should stay
  PreferHost,       //
  NoPreference,     //
  AccessedByDevice, // keep it mapped there, wherever the pages are
  AccessedByHost,   //
  NotAccessedByDevice,
  NotAccessedByHost,
};

/// The state of an instance between two calls: its memories (sizes and bytes),
/// globals, tables, and which segments are dropped. Executor::snapshot() makes
/// one and Executor::restore() brings it back, in the same instance or in any
/// other of the same artifact that was instantiated with the same capacities,
/// on whatever device if it is kept on the host. Immutable: threads may restore
/// from it at the same time. One that is kept on a device must not outlive it.
class Snapshot {
public:
  virtual ~Snapshot();
  /// Bytes of linear memory that it holds, all memories together.
  virtual uint64_t memoryBytes() const = 0;
  /// Where they are kept.
  virtual Place place() const = 0;
};

/// Memory of the host from which and to which a device copies without staging:
/// pinned where the device is a GPU. Must not outlive the device.
class HostBuffer {
public:
  virtual ~HostBuffer();
  uint8_t *data() const { return bytes; }
  uint64_t size() const { return length; }

protected:
  uint8_t *bytes = nullptr;
  uint64_t length = 0;
};

/// Succeeds if [offset, offset + bytes) lies within a memory of `size` bytes;
/// `index` is for the message.
ptxbin::Expected<void> checkRange(uint64_t size, uint64_t offset,
                                  uint64_t bytes, uint32_t index = 0);

} // namespace twrun

#endif // TWRUN_MEMORY_H
