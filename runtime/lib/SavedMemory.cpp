//===- SavedMemory.cpp - the bytes of memories in a snapshot --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pages of a file in memory that are never written take no space.
//
//===----------------------------------------------------------------------===//

#include "SavedMemory.h"

#include <cstring>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace twrun;
using namespace ptxbin;

SavedMemory::~SavedMemory() = default;

uint64_t SavedMemory::bytes() const {
  uint64_t all = 0;
  for (uint64_t size : sizes)
    all += size;
  return all;
}

HostSaved::~HostSaved() {
  if (file >= 0)
    close(file);
}

Expected<std::shared_ptr<HostSaved>>
HostSaved::create(std::vector<uint64_t> sizes) {
  std::shared_ptr<HostSaved> saved(new HostSaved(std::move(sizes)));
  uint64_t end = 0;
  for (uint64_t size : saved->sizes) {
    saved->offsets.push_back(end);
    end += size;
  }
  saved->used.resize(saved->sizes.size());
  if (!end)
    return saved;
  auto failure = [&] {
    return hostMemoryFailure("have " + std::to_string(end) +
                             " bytes for a snapshot");
  };
  saved->file = memfd_create("twrun-snapshot", MFD_CLOEXEC);
  if (saved->file < 0 || ftruncate(saved->file, off_t(end)) != 0)
    return failure();
  Expected<HostMemory> space =
      HostMemory::reserve(end, hostPageSize(), "a snapshot");
  if (!space)
    return space.error();
  saved->view = std::move(*space);
  if (!saved->view.mapFile(0, end, saved->file, 0))
    return failure();
  return saved;
}

uint64_t twrun::usedBytes(std::span<const uint8_t> bytes) {
  const size_t page = hostPageSize();
  size_t end = bytes.size();
  while (end > 0) {
    const size_t start = (end - 1) / page * page;
    const uint8_t *at = bytes.data() + start;
    // All are zero if the first is, and each equals the next.
    if (*at != 0 || memcmp(at, at + 1, end - start - 1) != 0)
      break;
    end = start;
  }
  return end;
}
