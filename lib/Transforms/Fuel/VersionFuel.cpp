//===- VersionFuel.cpp - one test of the fuel ahead of a loop -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop nest whose trips are bounded ahead of it gets a copy: the nest itself
// need not ask for fuel if all that it can take is there. Else the copy counts and
// traps where the next trip cannot be paid. So a trap comes exactly where it came
// before, and what does not end has no bound, and keeps its tests.
//
// Threads that meet in a loop may part ahead of it only by what they agree about.
//
//===----------------------------------------------------------------------===//

#include "Fuel.h"
#include "FuelNeed.h"

#include "../Bounds/NestCopy.h"
#include "../CheckedAccess.h"

#include "twc/Transforms/Passes.h"

#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;
using namespace twc;

static constexpr unsigned maxCopied = 3000;

namespace {

/// A nest, and what it takes.
class NestPlan {
public:
  NestPlan(Loop &nest, LoopInfo &loops, ScalarEvolution &evolution)
      : need(loops), nest(nest), ranges(evolution, nest) {}

  /// Whether one test ahead of the nest can cover all that it has.
  bool make(DominatorTree &tree, LoopInfo &loops);
  /// Conjoins that what is left ahead of the nest is enough for it.
  void addTo(RangeTest &test, IRBuilder<> &b) {
    Value *needed = b.CreateAdd(need.emit(test, b), b.getInt64(most));
    test.require(b.CreateICmpUGE(web.root, needed));
  }

  FuelWeb web;
  FuelNeed need;
  SmallVector<FuelTest> tests;

private:
  Loop &nest;
  RangeAnalysis ranges;
  uint64_t most = 0; // cost
};

} // namespace

bool NestPlan::make(DominatorTree &tree, LoopInfo &loops) {
  if (!nest.isLoopSimplifyForm() || !nest.isRecursivelyLCSSAForm(tree, loops) ||
      !nest.isSafeToClone())
    return false;
  unsigned instructions = 0;
  auto isInside = [&](const Instruction &i) { return nest.contains(&i); };
  for (BasicBlock *block : nest.blocks())
    for (Instruction &i : *block) {
      if (++instructions > maxCopied)
        return false;
      std::optional<FuelTest> test = FuelTest::match(i);
      if (!test)
        continue;
      if (!web.add(test->left, isInside))
        return false;
      tests.push_back(*test);
      most = std::max(most, test->cost);
    }
  return !tests.empty() && nest.isLoopInvariant(web.root) &&
         need.add(web, &nest,
                  [&](const Loop &loop) { return ranges.getTrips(loop); }) &&
         (!hasMeeting(nest) || (isUniform(web.root) && need.isUniform()));
}

namespace {

class FuelVersioner {
public:
  FuelVersioner(Function &function, FunctionAnalysisManager &manager)
      : function(function), loops(manager.getResult<LoopAnalysis>(function)),
        tree(manager.getResult<DominatorTreeAnalysis>(function)),
        evolution(manager.getResult<ScalarEvolutionAnalysis>(function)) {}

  bool run() {
    // The copies come into `loops` too, and are not looked at.
    for (Loop *loop : SmallVector<Loop *>(loops.begin(), loops.end()))
      visit(*loop);
    return changed;
  }

private:
  void visit(Loop &loop);
  bool version(Loop &nest, NestPlan &plan);

  Function &function;
  LoopInfo &loops;
  DominatorTree &tree;
  ScalarEvolution &evolution;
  bool changed = false;
};

} // namespace

void FuelVersioner::visit(Loop &loop) {
  // Of a body that counts already.
  if (getBooleanLoopAttribute(&loop, "llvm.loop.unroll.disable"))
    return;
  SmallVector<Loop *> inner(loop.begin(), loop.end());
  NestPlan plan(loop, loops, evolution);
  if (plan.make(tree, loops) && version(loop, plan))
    return;
  for (Loop *child : inner)
    visit(*child);
}

bool FuelVersioner::version(Loop &nest, NestPlan &plan) {
  BasicBlock *test = nest.getLoopPreheader();
  SCEVExpander expander(evolution, "tw.fuel");
  if (!plan.need.canTest(
          RangeTest(evolution, expander, test->getTerminator())))
    return false;
  SplitBlock(test, test->getTerminator(), &tree, &loops, nullptr,
             nest.getHeader()->getName() + ".paid");
  Instruction *end = test->getTerminator();
  RangeTest tests(evolution, expander, end);
  IRBuilder<> b(end);
  plan.addTo(tests, b);
  Value *ok = tests.get();
  BasicBlock *fast = nest.getLoopPreheader();
  BasicBlock *slow =
      copySeldom(nest, test, loops, tree, isWorthOutlining(function));
  BranchInst *choice = BranchInst::Create(fast, slow, ok, end->getIterator());
  choice->setMetadata(
      LLVMContext::MD_prof,
      MDBuilder(function.getContext()).createLikelyBranchWeights());
  end->eraseFromParent();
  for (const FuelTest &paid : plan.tests)
    paid.erase();
  formDedicatedExitBlocks(&nest, &tree, &loops, nullptr, true);
  evolution.forgetTopmostLoop(&nest);
  closeExits(nest, plan.web, evolution);
  changed = true;
  return true;
}

PreservedAnalyses twc::VersionFuel::run(Function &function,
                                        FunctionAnalysisManager &manager) {
  bool changed =
      versionBody(function, manager.getResult<LoopAnalysis>(function),
                  manager.getResult<DominatorTreeAnalysis>(function),
                  manager.getResult<ScalarEvolutionAnalysis>(function));
  if (changed)
    manager.invalidate(function, PreservedAnalyses::none());
  changed |= FuelVersioner(function, manager).run();
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
