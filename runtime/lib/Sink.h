//===- Sink.h - where stray accesses of isolated memories end ---*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Behind the pages of an isolated memory one block of ptxbin::sinkBytes, the
// instance's own, is mapped again and again. It holds a known pattern before
// each call, and is compared with it afterwards: docs/Sandbox.md tells what
// that finds.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_SINK_H
#define TWRUN_LIB_SINK_H

#include "Format/Bounds.h"

#include <cstdint>
#include <span>

namespace twrun {

/// The pattern, of ptxbin::sinkBytes. No two of its words of 8 bytes are equal,
/// and none is 0: hardly a program stores these very bytes there.
std::span<const uint8_t> sinkPattern();

/// The part of the pattern that belongs at `address` of a memory, up to the
/// block's end.
inline std::span<const uint8_t> sinkPatternFrom(uint64_t address) {
  return sinkPattern().subspan(address % ptxbin::sinkBytes);
}

} // namespace twrun

#endif // TWRUN_LIB_SINK_H
