//===- RangeTest.cpp - that all accesses of a range are in place ----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without loops one compare of 32 bits; with them, exact sums of 64 bits.
//
//===----------------------------------------------------------------------===//

#include "Groups.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;
using namespace twc;

bool RangeTest::canTest(const TripBound &bound) const {
  return llvm::all_of(
      std::array{bound.count, bound.first, bound.limit, bound.stride},
      [&](const SCEV *value) {
        return !value || expander.isSafeToExpandAt(value, at);
      });
}

bool RangeTest::canTest(const AffineIndex &index) const {
  return expander.isSafeToExpandAt(index.start, at) &&
         llvm::all_of(index.terms, [&](const AffineIndex::Term &term) {
           return expander.isSafeToExpandAt(term.step, at) &&
                  canTest(term.bound);
         });
}

void RangeTest::require(Value *condition) {
  ok = ok ? b.CreateAnd(ok, condition) : condition;
}

Value *RangeTest::expand(const SCEV *value) {
  Value *result = expander.expandCodeFor(value, value->getType(), at);
  b.SetInsertPoint(at);
  return result;
}

/// As i64, below 2^32.
Value *RangeTest::getCount(const SCEV *count) {
  Type *i64 = b.getInt64Ty();
  Value *taken = expand(count);
  if (taken->getType()->getIntegerBitWidth() > 32) {
    taken = b.CreateZExtOrTrunc(taken, i64);
    require(b.CreateICmpULT(taken, b.getInt64(uint64_t(1) << 32)));
  }
  return b.CreateZExt(taken, i64);
}

/// From the first value to the limit, less than a stride more; and the stride.
/// As i64.
std::pair<Value *, Value *> RangeTest::getDistance(const TripBound &bound) {
  Type *i64 = b.getInt64Ty();
  auto extend = [&](const SCEV *value) {
    Value *narrow = expand(value);
    return bound.isSigned ? b.CreateSExt(narrow, i64)
                          : b.CreateZExt(narrow, i64);
  };
  Value *limit = extend(bound.limit), *first = extend(bound.first);
  Value *stride = b.CreateSExt(expand(bound.stride), i64);
  require(b.CreateICmpSGT(stride, b.getInt64(0)));
  require(
      b.CreateICmpSLE(b.CreateAdd(limit, stride),
                      b.getInt64(int64_t(1) << (bound.isSigned ? 31 : 32))));
  Value *distance = b.CreateAdd(b.CreateSub(limit, first),
                                b.CreateSub(stride, b.getInt64(1)));
  return {b.CreateBinaryIntrinsic(Intrinsic::smax, distance, b.getInt64(0)),
          stride};
}

Value *RangeTest::getTrips(const TripBound &bound) {
  if (bound.count)
    return getCount(bound.count);
  auto [distance, stride] = getDistance(bound);
  // Where the stride is not positive the test has failed already. Else it is at
  // least the power of two that it begins with: no division.
  Value *positive = b.CreateTrunc(
      b.CreateBinaryIntrinsic(Intrinsic::smax, stride, b.getInt64(1)),
      b.getInt32Ty());
  Value *log = b.CreateSub(
      b.getInt32(31),
      b.CreateBinaryIntrinsic(Intrinsic::ctlz, positive, b.getTrue()));
  return b.CreateLShr(distance, b.CreateZExt(log, b.getInt64Ty()));
}

/// step * (largest iteration number), or something further from zero.
Value *RangeTest::travel(const AffineIndex::Term &term, Value *step) {
  const TripBound &bound = term.bound;
  if (bound.count)
    return b.CreateMul(step, getCount(bound.count));
  auto [distance, stride] = getDistance(bound);
  // Without a division where the index steps by a multiple of the stride.
  for (int64_t factor : {1, 2, 4, 8, 16, 32, 64, -1, -2, -4, -8, -16})
    if (evolution.getMulExpr(
            bound.stride, evolution.getConstant(bound.stride->getType(), factor,
                                                true)) == term.step) {
      // They are equal modulo 2^32; this makes them equal.
      require(b.CreateICmpSLT(
          stride, b.getInt64((int64_t(1) << 31) / std::abs(factor))));
      return b.CreateMul(distance, b.getInt64(factor));
    }
  // Where the stride is not positive the test has failed already, but a
  // division by zero must not happen.
  Value *divisor =
      b.CreateBinaryIntrinsic(Intrinsic::smax, stride, b.getInt64(1));
  return b.CreateMul(step, b.CreateUDiv(distance, divisor));
}

Value *RangeTest::get(const Limit &limit) {
  Value *plus = b.getInt64(limit.plus);
  if (!limit.value)
    return plus;
  return limit.plus ? b.CreateAdd(limit.value, plus, "", true, true)
                    : limit.value;
}

void RangeTest::requireAligned(const AccessGroup &group, Value *start) {
  if (!group.aligned || group.alignment == 1)
    return;
  // All members agree about the low bits of their constant parts.
  const AccessGroup::Member &member = group.members.front();
  auto number = [&](uint64_t value) {
    return ConstantInt::get(start->getType(), value);
  };
  Value *first =
      b.CreateAdd(start, number((member.delta + member.guard.offset) &
                                (group.alignment - 1)));
  require(b.CreateICmpEQ(b.CreateAnd(first, number(group.alignment - 1)),
                         number(0)));
}

/// An index that no loop moves: one compare of 32 bits, the rest is the same
/// for all threads. What may begin an access of the group is at most 2^32 - 1.
void RangeTest::addFixed(const AccessGroup &group, uint64_t end,
                         ArrayRef<Extent> extents) {
  const Guard &guard = group.members.front().guard;
  Value *start = expand(group.index.start);
  if (!group.needsRange()) {
    requireAligned(group, start);
    return;
  }
  Type *i32 = b.getInt32Ty();
  Value *high = get(guard.high);
  require(b.CreateICmpUGE(high, b.getInt64(end)));
  Value *last = b.CreateSub(high, b.getInt64(end));
  if (guard.low.value || guard.low.plus) {
    Value *first = b.CreateBinaryIntrinsic(Intrinsic::usub_sat, get(guard.low),
                                           b.getInt64(group.begin));
    require(b.CreateICmpULE(first, last));
    start = b.CreateSub(start, b.CreateTrunc(first, i32));
    last = b.CreateSub(last, first);
  }
  if (extents.empty()) {
    require(b.CreateICmpULE(start, b.CreateTrunc(last, i32)));
  } else {
    // Places that begin above 0 have less than 2^32 places to begin in.
    Value *beyond = b.getInt32(0);
    for (const Extent &extent : extents)
      beyond =
          b.CreateSelect(extent.comes, b.getInt32(extent.end - end), beyond);
    Value *starts = b.CreateAdd(b.CreateTrunc(last, i32), b.getInt32(1));
    require(b.CreateICmpULT(
        start, b.CreateBinaryIntrinsic(Intrinsic::usub_sat, starts, beyond)));
  }
  requireAligned(group, expand(group.index.start));
}

void RangeTest::add(const AccessGroup &group, uint64_t end,
                    ArrayRef<Extent> extents) {
  addFixed(group, end, extents);
}

void RangeTest::add(const AccessGroup &group) {
  if (group.index.terms.empty()) {
    addFixed(group, group.end, {});
    return;
  }
  Type *i64 = b.getInt64Ty();
  Value *zero = b.getInt64(0);
  Value *start = b.CreateZExt(expand(group.index.start), i64);
  Value *low = start, *high = start;
  uint64_t mask = group.aligned ? group.alignment - 1 : 0;
  bool goesDown = false;
  for (const AffineIndex::Term &term : group.index.terms) {
    Value *step = b.CreateSExt(expand(term.step), i64);
    auto *constant = dyn_cast<ConstantInt>(step);
    if (!constant)
      require(
          b.CreateICmpULT(b.CreateAdd(step, b.getInt64(AffineIndex::maxStep)),
                          b.getInt64(2 * AffineIndex::maxStep)));
    Value *way = travel(term, step);
    if (!constant || !constant->isNegative())
      high = b.CreateAdd(
          high,
          constant ? way : b.CreateBinaryIntrinsic(Intrinsic::smax, way, zero));
    if (!constant || constant->isNegative()) {
      goesDown = true;
      low = b.CreateAdd(
          low,
          constant ? way : b.CreateBinaryIntrinsic(Intrinsic::smin, way, zero));
    }
    if (mask && !(constant && !(constant->getZExtValue() & mask)))
      require(b.CreateICmpEQ(b.CreateAnd(step, mask), zero));
  }
  // The index itself must not wrap. Where the place begins above its offsets,
  // the next condition says that too.
  const Guard &guard = group.members.front().guard;
  bool hasLow = guard.low.value || guard.low.plus;
  if (goesDown && (!hasLow || group.begin))
    require(b.CreateICmpSGE(low, zero));
  if (hasLow)
    require(b.CreateICmpSGE(b.CreateAdd(low, b.getInt64(group.begin)),
                            get(guard.low)));
  require(b.CreateICmpSLE(b.CreateAdd(high, b.getInt64(group.end)),
                          get(guard.high)));
  requireAligned(group, start);
}
