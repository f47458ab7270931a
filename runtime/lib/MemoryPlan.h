//===- MemoryPlan.h - how much an instance reserves -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes of memories and tables, decided once per instance and the same on
// every device, so that memory.grow and table.grow answer alike on all of
// them. docs/KernelABI.md tells the policy.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_MEMORYPLAN_H
#define TWRUN_LIB_MEMORYPLAN_H

#include "Format/Error.h"
#include "Format/KernelABI.h"
#include "Format/Manifest.h"

#include <cstdint>
#include <vector>

namespace twrun {

inline constexpr uint64_t pageBytes = 64 * 1024;          // Wasm spec, 4.2.8
inline constexpr uint64_t maxPages = 65536;               // of a 32-bit memory
inline constexpr uint64_t maxPages64 = uint64_t(1) << 48; // of a 64-bit one

/// What can be reserved for one memory at all: 64 TiB, half of what user
/// space has of addresses.
inline constexpr uint64_t reservablePages = uint64_t(1) << 30;

/// To what size memory.grow can succeed in a module that declares no smaller
/// maximum and was given no larger capacity: 1 GiB.
inline constexpr uint64_t growablePages = 16384;
/// An artifact of more memories than this gets `sparePages` (64 MiB) beyond
/// each one's minimum instead: on a GPU what is reserved is allocated.
inline constexpr size_t fewMemories = 4;
inline constexpr uint64_t sparePages = 1024;

/// The largest minimum of a table: 80 MB of references.
inline constexpr uint64_t maxTableElements = 10'000'000;
/// What a table can grow by beyond its minimum.
inline constexpr uint64_t spareElements = 65536;

struct MemoryPlan {
  bool grows = false;      // memory.grow may change the size on the device
  uint64_t minBytes = 0;   // size at instantiation
  uint64_t capacity = 0;   // bytes that are reserved
  uint64_t limitPages = 0; // the declared maximum, or that of its index type
  /// Isolated: bytes from its base that must be mapped; 0: it is not. What is
  /// not `capacity` of it goes to a sink (Sink.h).
  uint64_t reach = 0;

  /// Bytes of address space that it takes.
  uint64_t span() const { return reach ? reach : capacity; }
  bool operator==(const MemoryPlan &) const = default;
};

struct TablePlan {
  uint64_t minSize = 0;  // elements at instantiation
  uint64_t capacity = 0; // elements that are reserved
  bool operator==(const TablePlan &) const = default;
};

struct InstancePlan {
  std::vector<MemoryPlan> memories;
  std::vector<TablePlan> tables;
  abi::StateLayout layout;

  /// Address space of all memories, one after another.
  uint64_t memoryBytes() const;
  /// Bytes of all tables, one after another.
  uint64_t tableBytes() const;
  /// Some memory is isolated.
  bool isolates() const;
};

/// Checks the manifest's memories and tables and sizes them: room for
/// `extraPages` of Executor::grow, and for memory.grow and table.grow where
/// they occur.
ptxbin::Expected<InstancePlan> planInstance(const ptxbin::Manifest &manifest,
                                            uint64_t extraPages);

} // namespace twrun

#endif // TWRUN_LIB_MEMORYPLAN_H
