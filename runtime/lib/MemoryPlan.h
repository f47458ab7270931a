//===- MemoryPlan.h - how much linear memory an instance reserves *- C++
//-*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes of linear memory, decided once per instance and the same on every
// device, so that memory.grow answers alike on all of them.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_MEMORYPLAN_H
#define TWRUN_LIB_MEMORYPLAN_H

#include "Format/Error.h"
#include "Format/Manifest.h"

#include <cstdint>

namespace twrun {

inline constexpr uint64_t pageBytes = 64 * 1024; // Wasm spec, 4.2.8
inline constexpr uint64_t maxPages = 65536;      // of a 32-bit memory

/// To what size memory.grow can succeed in a module that declares no smaller
/// maximum and was given no larger capacity: 1 GiB.
inline constexpr uint64_t growablePages = 16384;

struct MemoryPlan {
  bool exists = false;
  bool grows = false;      // memory.grow may change the size on the device
  uint64_t minBytes = 0;   // size at instantiation
  uint64_t capacity = 0;   // bytes that are reserved
  uint64_t limitPages = 0; // the declared maximum, or maxPages
};

/// Checks the manifest's memory and sizes it: room for `extraPages` of
/// Executor::grow, and for memory.grow where the module contains it.
ptxbin::Expected<MemoryPlan> planMemory(const ptxbin::Manifest &manifest,
                                        uint64_t extraPages);

} // namespace twrun

#endif // TWRUN_LIB_MEMORYPLAN_H
