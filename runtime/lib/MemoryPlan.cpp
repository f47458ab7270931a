//===- MemoryPlan.cpp - how much linear memory an instance reserves -------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All arithmetic is in pages, where nothing can overflow: every count is
// bounded by maxPages before it is added or multiplied.
//
//===----------------------------------------------------------------------===//

#include "MemoryPlan.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;

Expected<MemoryPlan> twrun::planMemory(const Manifest &manifest,
                                       uint64_t extraPages) {
  MemoryPlan plan;
  if (manifest.memories.empty())
    return plan;
  if (manifest.memories.size() > 1)
    return makeError(ErrorKind::Incompatible,
                     "expected at most one memory, but the manifest has " +
                         std::to_string(manifest.memories.size()));
  const MemoryInfo &info = manifest.memories.front();
  if (info.minPages > maxPages)
    return makeError(ErrorKind::Malformed,
                     "the manifest's memory has " +
                         std::to_string(info.minPages) +
                         " pages, more than the limit of 65536");
  if (info.maxPages && *info.maxPages < info.minPages)
    return makeError(ErrorKind::Malformed,
                     "the manifest's memory has a maximum of " +
                         std::to_string(*info.maxPages) +
                         " pages, below its minimum of " +
                         std::to_string(info.minPages));

  plan.exists = true;
  plan.grows = info.grows;
  plan.limitPages = std::min(info.maxPages.value_or(maxPages), maxPages);
  uint64_t wanted = info.minPages + std::min(extraPages, maxPages);
  if (info.grows)
    wanted = std::max(wanted, growablePages);
  plan.minBytes = info.minPages * pageBytes;
  plan.capacity = std::min(wanted, plan.limitPages) * pageBytes;
  return plan;
}
