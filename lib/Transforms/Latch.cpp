//===- Latch.cpp - the compare at the end of a loop -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Latch.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace twc;

std::optional<Latch> Latch::match(const Loop &loop) {
  BasicBlock *latch = loop.getLoopLatch();
  auto *branch = latch ? dyn_cast<BranchInst>(latch->getTerminator()) : nullptr;
  if (!branch || !branch->isConditional() || !loop.isLoopExiting(latch))
    return std::nullopt;
  auto *compare = dyn_cast<ICmpInst>(branch->getCondition());
  if (!compare || !compare->getOperand(0)->getType()->isIntegerTy(32))
    return std::nullopt;
  CmpInst::Predicate predicate = branch->getSuccessor(0) == loop.getHeader()
                                     ? compare->getPredicate()
                                     : compare->getInversePredicate();
  Latch found{compare->getOperand(0), compare->getOperand(1), false};
  if (predicate == CmpInst::ICMP_UGT || predicate == CmpInst::ICMP_SGT) {
    std::swap(found.less, found.more);
    predicate = CmpInst::getSwappedPredicate(predicate);
  }
  if (predicate != CmpInst::ICMP_ULT && predicate != CmpInst::ICMP_SLT)
    return std::nullopt;
  found.isSigned = predicate == CmpInst::ICMP_SLT;
  return found;
}
