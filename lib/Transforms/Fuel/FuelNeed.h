//===- FuelNeed.h - how much fuel code takes at most ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of all that takes from the fuel: how much at once, and how often the loops go
// round that it is in.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_FUEL_FUELNEED_H
#define TWC_LIB_TRANSFORMS_FUEL_FUELNEED_H

#include "FuelWeb.h"

#include "../Bounds/Ranges.h"

#include "llvm/ADT/MapVector.h"

namespace twc {

class FuelNeed {
public:
  using Trips =
      llvm::function_ref<std::optional<TripBound>(const llvm::Loop &)>;

  explicit FuelNeed(const llvm::LoopInfo &loops) : loops(loops) {}

  /// Adds what the web's members take, in loops inside `nest`, or anywhere if
  /// that is null. `getTrips` bounds each of these. False if one has no bound, or
  /// the sum might leave 63 bits; then it is of no use.
  bool add(const FuelWeb &web, const llvm::Loop *nest, Trips getTrips);

  /// i64, and conjoins to `test` that it is right.
  llvm::Value *emit(RangeTest &test, llvm::IRBuilder<> &b);

  bool canTest(const RangeTest &test) const {
    return llvm::all_of(bounds, [&](const auto &entry) {
      return test.canTest(entry.second);
    });
  }
  /// All threads of a block have the same bounds.
  bool isUniform() const;

private:
  llvm::Value *emit(const llvm::Loop &loop, RangeTest &test,
                    llvm::IRBuilder<> &b);

  const llvm::LoopInfo &loops;
  /// What is taken in one trip, outside inner loops; null: outside all loops.
  llvm::MapVector<const llvm::Loop *, uint64_t> direct;
  llvm::MapVector<const llvm::Loop *, TripBound> bounds;
  llvm::SmallSetVector<const llvm::Loop *, 4> outermost;
  unsigned depth = 0; // of loops whose trips are no constants
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_FUEL_FUELNEED_H
