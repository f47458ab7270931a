//===- FuelNeed.cpp - how much fuel code takes at most --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sum fits in 63 bits: so much by constants, times the trips of so many loops
// around one another, each of which is tested to be below a power of two where
// there are several.
//
//===----------------------------------------------------------------------===//

#include "FuelNeed.h"

#include "Fuel.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace twc;

static constexpr uint64_t maxConstant = uint64_t(1) << 20;
static constexpr unsigned maxDepth = 3, tripBits = 42;

bool FuelNeed::add(const FuelWeb &web, const Loop *nest, Trips getTrips) {
  for (Instruction *member : web.members)
    if (std::optional<uint64_t> taken = getTaken(*member))
      direct[loops.getLoopFor(member->getParent())] += *taken;
  uint64_t constant = 0;
  for (auto [inner, taken] : direct) {
    unsigned around = 0;
    for (const Loop *loop = inner; loop; loop = loop->getParentLoop()) {
      if (!bounds.contains(loop)) {
        std::optional<TripBound> bound = getTrips(*loop);
        if (!bound)
          return false;
        bounds.insert({loop, *bound});
      }
      auto *count = dyn_cast_or_null<SCEVConstant>(bounds[loop].count);
      if (!count)
        ++around;
      else if (count->getAPInt().ugt(maxConstant))
        return false;
      else
        taken = SaturatingMultiply(taken, count->getAPInt().getZExtValue() + 1);
      if (loop == nest || !loop->getParentLoop()) {
        outermost.insert(loop);
        break;
      }
    }
    depth = std::max(depth, around);
    constant = SaturatingAdd(constant, taken);
  }
  return depth <= maxDepth && constant <= maxConstant;
}

bool FuelNeed::isUniform() const {
  return llvm::all_of(bounds, [](const auto &entry) {
    const TripBound &bound = entry.second;
    return llvm::all_of(
        std::array{bound.count, bound.first, bound.limit, bound.stride},
        [](const SCEV *value) { return !value || twc::isUniform(value); });
  });
}

/// What all trips of `loop` take.
Value *FuelNeed::emit(const Loop &loop, RangeTest &test, IRBuilder<> &b) {
  Value *sum = b.getInt64(direct.lookup(&loop));
  for (const Loop *inner : loop)
    if (bounds.contains(inner))
      sum = b.CreateAdd(sum, emit(*inner, test, b));
  Value *back = test.getTrips(bounds[&loop]);
  if (depth > 1 && !isa<ConstantInt>(back))
    test.require(
        b.CreateICmpULT(back, b.getInt64(uint64_t(1) << (tripBits / depth))));
  return b.CreateMul(sum, b.CreateAdd(back, b.getInt64(1)));
}

Value *FuelNeed::emit(RangeTest &test, IRBuilder<> &b) {
  Value *sum = b.getInt64(direct.lookup(nullptr));
  for (const Loop *loop : outermost)
    sum = b.CreateAdd(sum, emit(*loop, test, b));
  return sum;
}
