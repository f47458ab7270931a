//===- GroupGuards.cpp - one test for a run of accesses -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Outside of loops, in loops that cannot be copied (threads meet in them), and
// where a loop's index has no formula: regions without loops (Regions.h).
// Fields of a structure and the neighbours of a stencil become one range each;
// accesses at unrelated addresses still share the branch. Behind the test there
// is neither check nor question of alignment; a copy of the region has both
// (RegionTests.h, RegionCopy.h).
//
//===----------------------------------------------------------------------===//

#include "../CheckedAccess.h"
#include "RegionCopy.h"
#include "RegionTests.h"
#include "Remarks.h"

#include "twc/Transforms/Passes.h"

#include "llvm/IR/MDBuilder.h"

using namespace llvm;
using namespace twc;

/// More blocks that may come or not would make a second test too long.
static constexpr size_t maxDepending = 12;

namespace {

class Grouper {
public:
  Grouper(Function &function, FunctionAnalysisManager &manager,
          bool needsAlignment)
      : needsAlignment(needsAlignment), style{needsAlignment,
                                              needsAlignment &&
                                                  isWorthOutlining(function)},
        function(function), loops(manager.getResult<LoopAnalysis>(function)),
        tree(manager.getResult<DominatorTreeAnalysis>(function)),
        ends(manager.getResult<PostDominatorTreeAnalysis>(function)),
        evolution(manager.getResult<ScalarEvolutionAnalysis>(function)),
        expander(evolution, "tw.range"),
        tests(loops, tree, evolution, expander, needsAlignment),
        remarks(function) {}

  bool run();

private:
  using Asks = RegionTests::Asks;

  void split(GuardRegion &region);

  bool needsAlignment;
  CopyStyle style;
  Function &function;
  LoopInfo &loops;
  DominatorTree &tree;
  PostDominatorTree &ends;
  ScalarEvolution &evolution;
  SCEVExpander expander;
  RegionTests tests;
  GuardRemarks remarks;
};

} // namespace

/// Ends `block` with a branch that most likely goes to `often`.
static void branch(BasicBlock *block, Value *condition, BasicBlock *often,
                   BasicBlock *seldom) {
  Instruction *end = block->getTerminator();
  IRBuilder<> b(end);
  b.CreateCondBr(condition, often, seldom,
                 MDBuilder(b.getContext()).createLikelyBranchWeights());
  end->eraseFromParent();
}

void Grouper::split(GuardRegion &region) {
  BasicBlock *head = region.first->getParent();
  BasicBlock *tail = isolateRegion(region, tree, loops);
  BasicBlock *fast = region.blocks.front();
  tests.clear();

  SmallVector<const GuardRegion::Member *> ahead, here, all;
  SmallPtrSet<BasicBlock *, 8> depending;
  for (const GuardRegion::Member &member : region.members) {
    (tests.findNest(member.guard) ? ahead : here).push_back(&member);
    all.push_back(&member);
    if (BasicBlock *block = member.under())
      depending.insert(block);
  }
  remarks.grouped(region, [&](const Guard &guard) {
    return tests.findNest(guard) != nullptr;
  });
  // First as if all came: that is one range where the indices are neighbours.
  bool once = depending.empty() || depending.size() > maxDepending;
  Instruction *end = head->getTerminator();
  Value *ok = ahead.empty() ? nullptr : tests.testAhead(ahead, end);
  if (!here.empty()) {
    Value *holds =
        tests.testHere(region, here, once ? Asks::All : Asks::Near, end);
    ok = ok ? IRBuilder<>(end).CreateAnd(ok, holds) : holds;
  }
  if (!ahead.empty()) {
    // Tests at different places say nothing of the distance between them.
    if (Value *apart = tests.testApart(tests.groupHere(region, once), end))
      ok = IRBuilder<>(end).CreateAnd(ok, apart);
  }
  if (once) {
    BasicBlock *slow = copyRegion(region, head, head, tail, style, tree, loops);
    branch(head, ok, fast, slow);
  } else {
    // Then of those that come.
    BasicBlock *test = BasicBlock::Create(
        function.getContext(), fast->getName() + ".test", &function, fast);
    BranchInst::Create(fast, test);
    tree.addNewBlock(test, head);
    if (Loop *loop = loops.getLoopFor(head))
      loop->addBasicBlockToLoop(test, loops);
    branch(head, ok, fast, test);
    Value *holds =
        tests.testHere(region, all, Asks::Each, test->getTerminator());
    if (Value *apart = tests.testApart(tests.groupHere(region, once),
                                       test->getTerminator()))
      holds = IRBuilder<>(test->getTerminator()).CreateAnd(holds, apart);
    BasicBlock *slow = copyRegion(region, head, test, tail, style, tree, loops);
    branch(test, holds, fast, slow);
  }
  applyGroups(region.blocks.getArrayRef(), tests.groupHere(region, once),
              evolution, expander, tree);
}

bool Grouper::run() {
  // Worth a copy: it spares a branch at least.
  std::vector<GuardRegion> regions = findGuardRegions(
      function, loops, tree, ends, evolution, expander,
      [&](const GuardRegion &region) {
        return region.members.size() > 1 ||
               (needsAlignment && region.members.front().guard.bytes > 1);
      });
  // From the last to the first: the values of a region that others use get new
  // names, which no later step may have to know.
  for (GuardRegion &region : llvm::reverse(regions)) {
    // It knows what it made by the instruction before which it was, and some of
    // these are gone.
    expander.clear();
    split(region);
  }
  return !regions.empty();
}

PreservedAnalyses twc::GroupGuards::run(Function &function,
                                        FunctionAnalysisManager &manager) {
  if (!Grouper(function, manager, needsAlignment).run())
    return PreservedAnalyses::all();
  return PreservedAnalyses::none();
}
