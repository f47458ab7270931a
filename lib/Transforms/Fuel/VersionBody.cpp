//===- VersionBody.cpp - one test of fuel for a whole function ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where all loops of a function are bounded at its start, one test there covers all
// that it can take. The bounds are those that the threads of a block agree about:
// all of them go the same way, and can meet there.
//
//===----------------------------------------------------------------------===//

#include "Fuel.h"
#include "FuelNeed.h"

#include "../Bounds/NestCopy.h"
#include "../CheckedAccess.h"

#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/LoopIterator.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;
using namespace twc;

/// A longer function is not copied.
static constexpr unsigned maxCopied = 6000;
/// Nor one for fewer tests, nor a long one for a part of them.
static constexpr size_t leastTests = 2;
static constexpr unsigned maxForSome = 400;

namespace {

/// Bounds of loops that are known at one place, and the same for all threads of
/// a block.
class EarlyTrips {
public:
  EarlyTrips(Instruction *at, ScalarEvolution &evolution,
             const DominatorTree &tree)
      : at(at), evolution(evolution), tree(tree),
        expander(evolution, "tw.fuel") {}

  std::optional<TripBound> get(Loop &loop) const;

private:
  bool isKnown(const SCEV *value) const {
    return isUniform(value) && isKnownAt(value, at, expander, tree);
  }

  Instruction *at;
  ScalarEvolution &evolution;
  const DominatorTree &tree;
  SCEVExpander expander;
};

} // namespace

std::optional<TripBound> EarlyTrips::get(Loop &loop) const {
  RangeAnalysis ranges(evolution, *loop.getOutermostLoop());
  std::optional<TripBound> bound = ranges.getTrips(loop);
  if (bound && bound->count && isKnown(bound->count))
    return bound;
  if ((bound = ranges.getStridedBound(loop)) && isKnown(bound->limit) &&
      isKnown(bound->stride)) {
    // From the least first value that there can be.
    if (!isKnown(bound->first))
      bound->first = evolution.getConstant(
          bound->isSigned ? evolution.getSignedRangeMin(bound->first)
                          : evolution.getUnsignedRangeMin(bound->first));
    return bound;
  }
  bound = ranges.getMostTrips(loop);
  if (bound && bound->count && isKnown(bound->count))
    return bound;
  return std::nullopt;
}

/// A block's sizes, and what else costs nothing to read, to where all can use it.
static void hoistBlockSizes(Function &function) {
  BasicBlock &entry = function.getEntryBlock();
  for (BasicBlock &block : function)
    for (Instruction &i : llvm::make_early_inc_range(block))
      if (auto *call = dyn_cast<IntrinsicInst>(&i);
          call && call->arg_empty() && isUniform(call))
        call->moveBefore(entry, entry.getFirstInsertionPt());
}

/// All that can run behind `start`; none if that can come from elsewhere too.
static SmallVector<BasicBlock *> getBehind(BasicBlock *start,
                                           const DominatorTree &tree) {
  SetVector<BasicBlock *> found(llvm::from_range, successors(start));
  for (size_t i = 0; i < found.size(); ++i) {
    BasicBlock *block = found[i];
    if (!tree.properlyDominates(start, block))
      return {};
    found.insert_range(successors(block));
  }
  return SmallVector<BasicBlock *>(found.begin(), found.end());
}

static SmallVector<BasicBlock *> copyBlocks(ArrayRef<BasicBlock *> blocks,
                                            ValueToValueMapTy &map) {
  SmallVector<BasicBlock *> copies;
  for (BasicBlock *block : blocks) {
    BasicBlock *copy =
        CloneBasicBlock(block, map, ".counted", block->getParent());
    map[block] = copy;
    copies.push_back(copy);
  }
  remapInstructionsInBlocks(copies, map);
  return copies;
}

static bool canCopy(Function &function) {
  if (function.getInstructionCount() > maxCopied)
    return false;
  for (BasicBlock &block : function) {
    if (isa<IndirectBrInst, CallBrInst>(block.getTerminator()) ||
        block.isEHPad())
      return false;
    for (Instruction &i : block) {
      auto *call = dyn_cast<CallBase>(&i);
      if ((call && call->cannotDuplicate()) ||
          isa<AllocaInst>(i))
        return false;
    }
  }
  return true;
}

namespace {

/// What one test at the start covers.
struct BodyPlan {
  FuelWeb web;
  SmallVector<FuelTest> tests;
  size_t all = 0; // tests of the function
  uint64_t most = 0; // cost
};

} // namespace

/// The first test of what a thread starts with.
static Instruction *findFirst(Function &function, const LoopInfo &loops) {
  for (BasicBlock &block : function)
    for (Instruction &i : block)
      if (std::optional<FuelTest> test = FuelTest::match(i)) {
        auto *root = dyn_cast<Instruction>(test->left);
        if (root && root->getParent() == &block && !isa<PHINode>(root) &&
            !getTaken(*root) && !loops.getLoopFor(&block))
          return &i;
      }
  return nullptr;
}

static BodyPlan makePlan(Function &function, Value *root, LoopInfo &loops,
                         const EarlyTrips &trips) {
  auto getTrips = [&](const Loop &loop) {
    return trips.get(const_cast<Loop &>(loop));
  };
  BodyPlan plan;
  plan.web.root = root;
  for (BasicBlock &block : function)
    for (Instruction &i : block)
      if (std::optional<FuelTest> test = FuelTest::match(i)) {
        ++plan.all;
        FuelWeb own;
        own.root = root;
        if (!own.add(test->left, [](const Instruction &) { return true; }) ||
            !FuelNeed(loops).add(own, nullptr, getTrips))
          continue;
        plan.web.members.insert_range(own.members);
        plan.most = std::max(plan.most, test->cost);
        plan.tests.push_back(*test);
      }
  return plan;
}

bool twc::versionBody(Function &function, LoopInfo &loops, DominatorTree &tree,
                      ScalarEvolution &evolution) {
  Instruction *first = findFirst(function, loops);
  // Other cycles than loops have no trips.
  ReversePostOrderTraversal<const Function *> order(&function);
  if (!first || containsIrreducibleCFG<const BasicBlock *>(order, loops))
    return false;
  hoistBlockSizes(function);
  Value *root = FuelTest::match(*first)->left;
  EarlyTrips trips(first, evolution, tree);
  BodyPlan plan = makePlan(function, root, loops, trips);
  FuelNeed need(loops);
  if (plan.tests.size() < leastTests || !canCopy(function) ||
      (plan.tests.size() < plan.all &&
       function.getInstructionCount() > maxForSome) ||
      !need.add(plan.web, nullptr, [&](const Loop &loop) {
        return trips.get(const_cast<Loop &>(loop));
      }) || (hasMeeting({function.begin(), function.end()}) && !isUniform(root)))
    return false;

  BasicBlock *start = first->getParent();
  SmallVector<BasicBlock *> behind = getBehind(start, tree);
  if (behind.empty() && succ_size(start) != 0)
    return false;
  Value *ok = nullptr;
  {
    IRBuilder<> b(first);
    SCEVExpander expander(evolution, "tw.fuel");
    RangeTest test(evolution, expander, first);
    Value *needed = b.CreateAdd(need.emit(test, b), b.getInt64(plan.most));
    test.require(b.CreateICmpUGE(root, needed));
    ok = test.get();
  }
  SmallVector<BasicBlock *> headers;
  for (Loop *loop : loops.getLoopsInPreorder())
    headers.push_back(loop->getHeader());
  const bool isOutlining = isWorthOutlining(function);
  BasicBlock *fast = SplitBlock(start, first->getIterator());
  behind.push_back(fast);
  ValueToValueMapTy map;
  SmallVector<BasicBlock *> copies = copyBlocks(behind, map);
  Instruction *end = start->getTerminator();
  IRBuilder<>(end).CreateCondBr(
      ok, fast, cast<BasicBlock>(map[fast]),
      MDBuilder(function.getContext()).createLikelyBranchWeights());
  end->eraseFromParent();
  for (const FuelTest &test : plan.tests)
    test.erase();
  setSeldom(copies, isOutlining);
  tree.recalculate(function);
  LoopInfo now(tree);
  for (BasicBlock *header : headers)
    if (BasicBlock *copy = cast_or_null<BasicBlock>(map.lookup(header)))
      addStringMetadataToLoop(now.getLoopFor(copy), "llvm.loop.unroll.disable",
                              1);
  return true;
}
