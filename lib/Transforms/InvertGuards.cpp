//===- InvertGuards.cpp - guards that CodeGenPrepare leaves alone ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For every compare `a > size` CodeGenPrepare looks through all uses of `size`
// for a subtraction to combine with (combineToUSubWithOverflow, LLVM 22.1.8),
// which is quadratic where thousands of guards compare with one memory's size.
// It does not look at `a <= size`. InstCombine turns that back, so this comes
// last; code is the same for both.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

/// Values of fewer uses are no trouble.
static constexpr unsigned manyUses = 64;

PreservedAnalyses twc::InvertGuards::run(Function &function,
                                         FunctionAnalysisManager &) {
  bool changed = false;
  for (BasicBlock &block : function) {
    auto *branch = dyn_cast<BranchInst>(block.getTerminator());
    if (!branch || !branch->isConditional())
      continue;
    auto *compare = dyn_cast<ICmpInst>(branch->getCondition());
    if (!compare || !compare->hasOneUse() ||
        compare->getPredicate() != CmpInst::ICMP_UGT ||
        !compare->getOperand(1)->hasNUsesOrMore(manyUses))
      continue;
    compare->setPredicate(CmpInst::ICMP_ULE);
    branch->swapSuccessors(); // and their weights
    changed = true;
  }
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
