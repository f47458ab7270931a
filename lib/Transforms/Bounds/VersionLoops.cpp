//===- VersionLoops.cpp - one test ahead of a loop, no check inside -------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop nest gets a copy, with every check, for the case that the test ahead
// of it fails: there a trap comes exactly where Wasm says. Where the test holds
// no access can leave memory, wrap or be misaligned: the checks go, addresses
// become 64-bit recurrences, and accesses know their alignment.
//
//===----------------------------------------------------------------------===//

#include "../CheckedAccess.h"
#include "Groups.h"
#include "NestCopy.h"
#include "Remarks.h"

#include "twc/Transforms/Passes.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;
using namespace twc;

/// A nest with more instructions is left to its inner loops: its copy would
/// cost more than the test saves.
static constexpr unsigned maxCopied = 3000;
/// A long loop with few accesses is not copied for them: a branch at each group
/// of them costs nothing that counts (GroupGuards).
static constexpr unsigned longLoop = 600, perAccess = 64;
/// On a GPU 64-bit addresses that each move with the loop take two registers
/// each. So many are worth it, for they save two instructions of three.
static constexpr size_t maxPointers = 6;

namespace {

class Versioner {
public:
  Versioner(Function &function, FunctionAnalysisManager &manager,
            bool needsAlignment)
      : needsAlignment(needsAlignment),
        isOutlining(needsAlignment && isWorthOutlining(function)),
        function(function), loops(manager.getResult<LoopAnalysis>(function)),
        tree(manager.getResult<DominatorTreeAnalysis>(function)),
        evolution(manager.getResult<ScalarEvolutionAnalysis>(function)),
        remarks(function) {}

  bool run();

private:
  struct Plan {
    SmallVector<AccessGroup, 8> groups;
    bool complete = true; // has all checks of the nest
    bool canCopy = true;
    StringRef whyNot; // it cannot be copied
  };

  void visit(Loop &loop);
  Plan makePlan(Loop &nest);
  bool version(Loop &nest, Plan &plan);

  bool needsAlignment, isOutlining;
  Function &function;
  LoopInfo &loops;
  DominatorTree &tree;
  ScalarEvolution &evolution;
  GuardRemarks remarks;
  bool changed = false;
};

} // namespace

bool Versioner::run() {
  // The copies come into `loops` too, and are not looked at.
  for (Loop *loop : SmallVector<Loop *>(loops.begin(), loops.end()))
    visit(*loop);
  return changed;
}

void Versioner::visit(Loop &loop) {
  SmallVector<Loop *> inner(loop.begin(), loop.end());
  Plan plan = makePlan(loop);
  bool isWanted = plan.canCopy && (plan.complete || inner.empty());
  bool done = isWanted && !plan.groups.empty() && version(loop, plan);
  remarks.noteNest(loop, !plan.canCopy ? plan.whyNot
                         : isWanted    ? "no test of it can stand ahead of the "
                                         "loop"
                                       : "the loop has accesses that no test "
                                         "ahead of it covers");
  if (done)
    return;
  for (Loop *child : inner)
    visit(*child);
}

Versioner::Plan Versioner::makePlan(Loop &nest) {
  Plan plan;
  if (!nest.isLoopSimplifyForm() || !nest.isRecursivelyLCSSAForm(tree, loops) ||
      !nest.isSafeToClone()) {
    plan.canCopy = false;
    plan.whyNot = "the loop cannot be copied";
  }
  RangeAnalysis ranges(evolution, nest);
  unsigned instructions = 0, accesses = 0;
  for (BasicBlock *block : nest.blocks())
    for (Instruction &instruction : *block) {
      ++instructions;
      if (auto *call = dyn_cast<CallBase>(&instruction))
        if (call->isConvergent()) {
          plan.canCopy = false;
          plan.whyNot = "threads meet in the loop";
        }
      std::optional<Guard> guard = Guard::match(instruction);
      if (!guard || guard->isCold())
        continue;
      ++accesses;
      std::optional<AffineIndex> index;
      if (llvm::all_of(guard->operands(), [&](Value *operand) {
            return !operand || nest.isLoopInvariant(operand);
          }))
        index = ranges.getAffine(guard->index, block, guard->isShared);
      if (index) {
        addToGroups(plan.groups, evolution, *index, *guard);
      } else {
        plan.complete = false;
        remarks.noteIndex(*guard, nest, evolution);
      }
    }
  // The host's loop over the threads of a block, for one, brings accesses that
  // do not move with it: not worth a copy.
  if (instructions > maxCopied ||
      llvm::all_of(plan.groups, [](const AccessGroup &group) {
        return group.index.terms.empty();
      })) {
    plan.canCopy = false;
    if (plan.whyNot.empty())
      plan.whyNot = instructions > maxCopied
                        ? "the loop is too long to be copied"
                        : "the index does not move with the loop";
  }
  if (instructions > std::max(longLoop, perAccess * accesses)) {
    plan.canCopy = false;
    if (plan.whyNot.empty())
      plan.whyNot = "the loop is long beside its accesses";
  }
  if (needsAlignment)
    chooseAlignment(plan.groups);
  return plan;
}

bool Versioner::version(Loop &nest, Plan &plan) {
  BasicBlock *test = nest.getLoopPreheader();
  SCEVExpander expander(evolution, "tw.range");
  {
    RangeTest tests(evolution, expander, test->getTerminator());
    llvm::erase_if(plan.groups, [&](const AccessGroup &group) {
      return !tests.canTest(group.index);
    });
    if (plan.groups.empty())
      return false;
  }
  SplitBlock(test, test->getTerminator(), &tree, &loops, nullptr,
             nest.getHeader()->getName() + ".fast");
  Instruction *end = test->getTerminator();
  RangeTest tests(evolution, expander, end);
  for (const AccessGroup &group : plan.groups)
    tests.add(group);
  Value *ok = tests.get();
  remarks.aheadOfLoop(plan.groups, nest, loops);
  BasicBlock *fast = nest.getLoopPreheader();
  BasicBlock *slow = copySeldom(nest, test, loops, tree, isOutlining);
  BranchInst *choice = BranchInst::Create(fast, slow, ok, end->getIterator());
  choice->setMetadata(
      LLVMContext::MD_prof,
      MDBuilder(function.getContext()).createLikelyBranchWeights());
  end->eraseFromParent();
  applyGroups(nest.getBlocks(), plan.groups, evolution, expander, tree,
              /*widen=*/!needsAlignment || plan.groups.size() <= maxPointers);
  formDedicatedExitBlocks(&nest, &tree, &loops, nullptr, true);
  evolution.forgetTopmostLoop(&nest);
  changed = true;
  return true;
}

PreservedAnalyses twc::VersionLoops::run(Function &function,
                                         FunctionAnalysisManager &manager) {
  if (!Versioner(function, manager, needsAlignment).run())
    return PreservedAnalyses::all();
  return PreservedAnalyses::none();
}
