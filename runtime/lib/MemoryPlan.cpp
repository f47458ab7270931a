//===- MemoryPlan.cpp - how much an instance reserves ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All arithmetic is in pages and elements, where nothing can overflow: every
// count is bounded before it is added or multiplied. A manifest of 1 MiB holds
// fewer than 2^14 memories or tables, so that their sums are bounded too.
//
//===----------------------------------------------------------------------===//

#include "MemoryPlan.h"

#include <algorithm>
#include <string>

using namespace twrun;
using namespace ptxbin;

uint64_t InstancePlan::memoryBytes() const {
  uint64_t bytes = 0;
  for (const MemoryPlan &memory : memories)
    bytes += memory.span();
  return bytes;
}

bool InstancePlan::isolates() const {
  return std::any_of(memories.begin(), memories.end(),
                     [](const MemoryPlan &memory) { return memory.reach; });
}

uint64_t InstancePlan::tableBytes() const {
  uint64_t elements = 0;
  for (const TablePlan &table : tables)
    elements += table.capacity;
  return 8 * elements;
}

static Expected<MemoryPlan> planMemory(const MemoryInfo &info, size_t index,
                                       size_t count, uint64_t extraPages) {
  const std::string name = "the manifest's memory " + std::to_string(index);
  const uint64_t limit = info.index64 ? maxPages64 : maxPages;
  if (info.minPages > limit)
    return makeError(ErrorKind::Malformed,
                     name + " has " + std::to_string(info.minPages) +
                         " pages, more than the limit of " +
                         std::to_string(limit));
  if (info.maxPages && *info.maxPages < info.minPages)
    return makeError(ErrorKind::Malformed, name + " has a maximum of " +
                                               std::to_string(*info.maxPages) +
                                               " pages, below its minimum of " +
                                               std::to_string(info.minPages));
  if (info.minPages > reservablePages)
    return makeError(
        ErrorKind::Incompatible,
        name + " asks for " + std::to_string(info.minPages) +
            " pages of 64 KiB at instantiation: expected at most " +
            std::to_string(reservablePages));
  MemoryPlan plan;
  plan.grows = info.grows;
  plan.limitPages = std::min(info.maxPages.value_or(limit), limit);
  uint64_t wanted = info.minPages + std::min(extraPages, reservablePages);
  if (info.grows)
    wanted =
        std::max(wanted, count <= fewMemories ? growablePages
                                              : info.minPages + sparePages);
  plan.minBytes = info.minPages * pageBytes;
  plan.capacity =
      std::min({wanted, plan.limitPages, reservablePages}) * pageBytes;
  return plan;
}

static Expected<TablePlan> planTable(const TableInfo &info, size_t index) {
  const std::string name = "the manifest's table " + std::to_string(index);
  if (info.maxSize && *info.maxSize < info.minSize)
    return makeError(
        ErrorKind::Malformed,
        name + " has a maximum of " + std::to_string(*info.maxSize) +
            " elements, below its minimum of " + std::to_string(info.minSize));
  if (info.minSize > maxTableElements)
    return makeError(ErrorKind::Incompatible,
                     name + " asks for " + std::to_string(info.minSize) +
                         " elements at instantiation: expected at most " +
                         std::to_string(maxTableElements));
  TablePlan plan;
  plan.minSize = plan.capacity = info.minSize;
  if (info.grows)
    plan.capacity = std::min(info.maxSize.value_or(UINT32_MAX),
                             info.minSize + spareElements);
  return plan;
}

Expected<InstancePlan> twrun::planInstance(const Manifest &manifest,
                                           uint64_t extraPages) {
  InstancePlan plan;
  const size_t memories = manifest.memories.size();
  for (size_t i = 0; i < memories; ++i) {
    auto memory = planMemory(manifest.memories[i], i, memories, extraPages);
    if (!memory)
      return memory.error();
    // The compiler checks accesses of 64-bit memories in every mode.
    if (!manifest.memories[i].index64)
      memory->reach = manifest.reach;
    plan.memories.push_back(*memory);
  }
  for (size_t i = 0; i < manifest.tables.size(); ++i) {
    auto table = planTable(manifest.tables[i], i);
    if (!table)
      return table.error();
    plan.tables.push_back(*table);
  }
  plan.layout = {memories, manifest.tables.size(), manifest.data.size(),
                 manifest.elems.size(), manifest.globals.size()};
  return plan;
}
