//===- HostSink.cpp - the sink of an instance on the host -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Faults need no handling, for there are none: signals would be the process's,
// not a library's.
//
//===----------------------------------------------------------------------===//

#include "HostSink.h"

#include "Sink.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace twrun;
using namespace ptxbin;

static Error failure(const std::string &what) {
  return makeError(ErrorKind::IO, "cannot " + what + ": " + strerror(errno));
}

HostSink::~HostSink() {
  if (file >= 0)
    close(file);
}

Expected<void> HostSink::create() {
  file = memfd_create("twrun-sink", MFD_CLOEXEC);
  if (file < 0 || ftruncate(file, sinkBytes) != 0)
    return failure("make the sink of isolated memories");
  Expected<HostMemory> space =
      HostMemory::reserve(sinkBytes, hostPageSize(), "a sink");
  if (!space)
    return space.error();
  view = std::move(*space);
  if (Expected<void> ok = map(view, 0, 0, sinkBytes); !ok)
    return ok;
  std::span<const uint8_t> pattern = sinkPattern();
  std::copy(pattern.begin(), pattern.end(), view.data());
  return {};
}

Expected<void> HostSink::map(HostMemory &space, uint64_t base, uint64_t offset,
                             uint64_t size) const {
  for (uint64_t end = offset + size; offset < end;) {
    uint64_t phase = (offset - base) % sinkBytes;
    uint64_t part = std::min(sinkBytes - phase, end - offset);
    if (!space.mapFile(offset, part, file, phase))
      return failure("map " + std::to_string(size) +
                     " bytes of sink behind linear memory (the kernel limits "
                     "mappings: vm.max_map_count)");
    offset += part;
  }
  return {};
}

bool HostSink::takeChanges() {
  std::span<const uint8_t> pattern = sinkPattern();
  if (std::equal(pattern.begin(), pattern.end(), view.data()))
    return false;
  std::copy(pattern.begin(), pattern.end(), view.data());
  return true;
}
