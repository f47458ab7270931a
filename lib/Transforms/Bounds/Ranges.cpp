//===- Ranges.cpp - where the accesses of a loop go -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scalar evolution gives indices and trip counts; what it cannot count, loops
// of a variable stride, is bounded by a condition that the test checks.
//
//===----------------------------------------------------------------------===//

#include "../Latch.h"
#include "Groups.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;
using namespace twc;

bool AffineIndex::hasSameTerms(const AffineIndex &other) const {
  return std::equal(terms.begin(), terms.end(), other.terms.begin(),
                    other.terms.end(), [](const Term &a, const Term &b) {
                      return a.loop == b.loop && a.step == b.step;
                    });
}

const SCEV *AffineIndex::exact(ScalarEvolution &evolution,
                               int64_t delta) const {
  Type *i64 = Type::getInt64Ty(evolution.getContext());
  const SCEV *sum = evolution.getZeroExtendExpr(start, i64);
  for (const Term &term : llvm::reverse(terms))
    sum = evolution.getAddRecExpr(sum,
                                  evolution.getSignExtendExpr(term.step, i64),
                                  term.loop, SCEV::FlagNSW);
  if (delta)
    sum = evolution.getAddExpr(
        sum, evolution.getConstant(i64, uint64_t(delta), /*isSigned=*/true));
  return sum;
}

/// The loop goes on at its latch while a recurrence with an invariant stride is
/// below a limit. Scalar evolution needs to know that it does not wrap, which
/// Wasm does not say.
std::optional<TripBound> RangeAnalysis::getStridedBound(const Loop &loop) {
  std::optional<Latch> latch = Latch::match(loop);
  if (!latch)
    return std::nullopt;
  auto *recurrence = dyn_cast<SCEVAddRecExpr>(evolution.getSCEV(latch->less));
  if (!recurrence || recurrence->getLoop() != &loop || !recurrence->isAffine())
    return std::nullopt;
  TripBound bound;
  bound.first = recurrence->getStart();
  bound.stride = recurrence->getStepRecurrence(evolution);
  bound.limit = evolution.getSCEV(latch->more);
  bound.isSigned = latch->isSigned;
  for (const SCEV *value : {bound.first, bound.stride, bound.limit})
    if (!evolution.isLoopInvariant(value, &nest))
      return std::nullopt;
  return bound;
}

std::optional<TripBound> RangeAnalysis::getBound(const Loop &loop) {
  auto [it, isNew] = bounds.try_emplace(&loop);
  if (!isNew)
    return it->second;
  const SCEV *count = evolution.getBackedgeTakenCount(&loop);
  if (isa<SCEVCouldNotCompute>(count))
    count = evolution.getSymbolicMaxBackedgeTakenCount(&loop);
  if (!isa<SCEVCouldNotCompute>(count) &&
      evolution.isLoopInvariant(count, &nest)) {
    TripBound bound;
    bound.count = count;
    it->second = bound;
  } else {
    it->second = getStridedBound(loop);
  }
  return it->second;
}

/// Of a loop of a few trips whose number is not constant.
std::optional<TripBound> RangeAnalysis::getMostTrips(const Loop &loop) {
  constexpr uint64_t few = 1024;
  auto *most = dyn_cast<SCEVConstant>(
      evolution.getConstantMaxBackedgeTakenCount(&loop));
  if (!most || most->getAPInt().uge(few))
    return getBound(loop);
  TripBound bound;
  bound.count = most;
  return bound;
}

std::optional<TripBound> RangeAnalysis::getTrips(const Loop &loop) {
  std::optional<TripBound> bound = getBound(loop);
  return bound ? bound : getMostTrips(loop);
}

std::optional<AffineIndex>
RangeAnalysis::getAffine(Value *index, const BasicBlock *block, bool inTile) {
  AffineIndex result;
  const SCEV *rest = evolution.getSCEV(index);
  while (auto *recurrence = dyn_cast<SCEVAddRecExpr>(rest)) {
    const Loop *loop = recurrence->getLoop();
    if (!nest.contains(loop))
      break;
    const SCEV *step = recurrence->getStepRecurrence(evolution);
    if (!loop->contains(block) || !recurrence->isAffine() ||
        !evolution.isLoopInvariant(step, &nest) ||
        result.terms.size() == AffineIndex::maxTerms)
      return std::nullopt;
    if (auto *constant = dyn_cast<SCEVConstant>(step))
      if (constant->getAPInt().abs().ugt(AffineIndex::maxStep))
        return std::nullopt;
    std::optional<TripBound> bound =
        inTile ? getMostTrips(*loop) : getBound(*loop);
    if (!bound)
      return std::nullopt;
    result.terms.push_back({loop, step, *bound});
    rest = recurrence->getStart();
  }
  if (!evolution.isLoopInvariant(rest, &nest))
    return std::nullopt;
  result.start = rest;
  return result;
}

bool twc::isKnownAt(const SCEV *value, const Instruction *at,
                    const SCEVExpander &expander, const DominatorTree &tree) {
  return expander.isSafeToExpand(value) &&
         !SCEVExprContains(value, [&](const SCEV *part) {
           if (auto *recurrence = dyn_cast<SCEVAddRecExpr>(part))
             return !tree.dominates(recurrence->getLoop()->getHeader(),
                                    at->getParent());
           auto *unknown = dyn_cast<SCEVUnknown>(part);
           auto *made =
               unknown ? dyn_cast<Instruction>(unknown->getValue()) : nullptr;
           return made && !tree.dominates(made, at);
         });
}
