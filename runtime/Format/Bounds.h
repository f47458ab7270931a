//===- Bounds.h - how accesses are kept inside linear memory ----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The bounds mode of an artifact (docs/Sandbox.md): what the compiler leaves
// out of the code and what the runtime does instead. Both sides compute with
// the numbers here.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_BOUNDS_H
#define TWRUN_FORMAT_BOUNDS_H

#include <cstdint>

namespace ptxbin {

enum class BoundsMode : uint8_t {
  Check,   // every access is checked
  Isolate, // plain accesses of 32-bit memories are not: all that they can
           // reach is mapped, to the memory or to a private sink
  None,    // nothing is checked, nothing protects
};
const char *toString(BoundsMode mode);

/// All that an index of 32 bits can say.
inline constexpr uint64_t windowBytes = uint64_t(1) << 32;
/// What is mapped at once: the granule of a GPU's virtual memory.
inline constexpr uint64_t sinkBytes = 2 << 20;
/// An access whose offset and width end beyond this keeps its check, so that
/// what must be mapped behind the 32-bit window stays small.
inline constexpr uint64_t maxUncheckedEnd = 64 << 20;

/// The bytes from a memory's base on that accesses reach whose offset and width
/// end at most at `end`: a multiple of sinkBytes.
constexpr uint64_t reachOf(uint64_t end) {
  return (windowBytes + end + sinkBytes - 1) / sinkBytes * sinkBytes;
}
inline constexpr uint64_t minReach = reachOf(1);
inline constexpr uint64_t maxReach = reachOf(maxUncheckedEnd);

} // namespace ptxbin

#endif // TWRUN_FORMAT_BOUNDS_H
