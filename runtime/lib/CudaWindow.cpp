//===- CudaWindow.cpp - isolated memories of a CUDA device ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tail, from the memory's end to that of its pages, is shorter than a
// sink, unless a restore has made the memory smaller than its pages.
//
//===----------------------------------------------------------------------===//

#include "CudaWindow.h"

#include "Sink.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;

Expected<void> CudaWindow::fillTail() {
  for (uint64_t at = usable; at < backed;) {
    std::span<const uint8_t> pattern = sinkPatternFrom(at);
    pattern = pattern.first(std::min<uint64_t>(pattern.size(), backed - at));
    if (Expected<void> ok = copier.toDevice(base + at, pattern); !ok)
      return ok;
    at += pattern.size();
  }
  return {};
}

Expected<void> CudaWindow::create(uint64_t bytes) {
  if (Expected<void> ok = CudaReservation::create(bytes); !ok)
    return ok;
  return fillTail();
}

Expected<void> CudaWindow::resize(uint64_t bytes) {
  if (Expected<void> ok = CudaReservation::resize(bytes); !ok)
    return ok;
  return fillTail();
}

Expected<bool> CudaWindow::takeChanges(uint64_t size, uint64_t room) {
  std::vector<uint8_t> seen(
      std::max(std::min(backed - usable, sinkBytes), room));
  bool found = false;
  for (uint64_t at = usable; at < backed;) {
    std::span<const uint8_t> pattern = sinkPatternFrom(at);
    pattern = pattern.first(std::min<uint64_t>(pattern.size(), backed - at));
    std::span<uint8_t> tail(seen.data(), pattern.size());
    if (Expected<void> ok = copier.fromDevice(tail, base + at); !ok)
      return ok.error();
    found |= !std::equal(tail.begin(), tail.end(), pattern.begin());
    at += pattern.size();
  }
  if (found)
    if (Expected<void> ok = fillTail(); !ok)
      return ok.error();
  std::span<uint8_t> zeros(seen.data(), room);
  if (Expected<void> ok = copier.fromDevice(zeros, base + size); !ok)
    return ok.error();
  if (std::any_of(zeros.begin(), zeros.end(), [](uint8_t b) { return b; })) {
    found = true;
    if (Expected<void> ok = copier.zero(base + size, room); !ok)
      return ok.error();
  }
  return found;
}
