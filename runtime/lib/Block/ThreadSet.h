//===- ThreadSet.h - a set of a block's threads -----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// By warp and lane, so that a warp's part of it is a mask.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_BLOCK_THREADSET_H
#define TWRUN_LIB_BLOCK_THREADSET_H

#include "Block.h"

#include <array>
#include <bit>

namespace twrun {

inline constexpr unsigned maxWarps = maxBlockThreads / warpSize;

struct ThreadSet {
  std::array<uint32_t, maxWarps> lanes{};

  void add(unsigned i) { lanes[i / warpSize] |= 1u << i % warpSize; }
  void remove(unsigned i) { lanes[i / warpSize] &= ~(1u << i % warpSize); }
  bool has(unsigned i) const { return lanes[i / warpSize] >> i % warpSize & 1; }

  /// The first of the set that is not before `from`; maxBlockThreads if none.
  unsigned next(unsigned from) const {
    for (unsigned warp = from / warpSize; warp < maxWarps; ++warp) {
      uint32_t left = lanes[warp];
      if (warp == from / warpSize)
        left &= ~0u << from % warpSize;
      if (left)
        return warp * warpSize + unsigned(std::countr_zero(left));
    }
    return maxBlockThreads;
  }
  template <typename Function> void each(Function function) const {
    for (unsigned i = next(0); i < maxBlockThreads; i = next(i + 1))
      function(i);
  }
};

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_THREADSET_H
