//===- ProveGuards.cpp - guards that can never fail -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A table that is looked up with some bits of a number, a place in shared memory
// for each thread of a block: all values that such an index can have are in
// bounds, for a memory has the size at least that it begins with, and a block
// the shared memory that the kernel asks for. Both are assumed at the entry
// (lib/Conversion's EntryPoints.cpp); the runtime sees to them.
//
//===----------------------------------------------------------------------===//

#include "Remarks.h"

#include "twc/Transforms/Passes.h"

#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;
using namespace twc;

namespace {

class Prover {
public:
  Prover(Function &function, FunctionAnalysisManager &manager)
      : function(function),
        tree(manager.getResult<DominatorTreeAnalysis>(function)),
        assumptions(manager.getResult<AssumptionAnalysis>(function)),
        evolution(manager.getResult<ScalarEvolutionAnalysis>(function)) {}

  bool run();

private:
  ConstantRange getRange(const Limit &limit, const Instruction *at);
  bool isProven(const Guard &guard);

  Function &function;
  DominatorTree &tree;
  AssumptionCache &assumptions;
  ScalarEvolution &evolution;
};

} // namespace

ConstantRange Prover::getRange(const Limit &limit, const Instruction *at) {
  ConstantRange plus(APInt(64, limit.plus));
  if (!limit.value)
    return plus;
  // Limits are below 2^33: the sum does not wrap where the range is known.
  ConstantRange range =
      computeConstantRange(limit.value, /*ForSigned=*/false,
                           /*UseInstrInfo=*/true, &assumptions, at, &tree);
  return range.addWithNoWrap(plus, OverflowingBinaryOperator::NoUnsignedWrap);
}

bool Prover::isProven(const Guard &guard) {
  ConstantRange index =
      evolution.getUnsignedRange(evolution.getSCEV(guard.index));
  uint64_t first = index.getUnsignedMin().getZExtValue() + guard.offset;
  uint64_t last =
      index.getUnsignedMax().getZExtValue() + guard.offset + guard.bytes;
  return getRange(guard.high, guard.call).getUnsignedMin().uge(last) &&
         getRange(guard.low, guard.call).getUnsignedMax().ule(first);
}

bool Prover::run() {
  SmallVector<Guard> proven;
  for (BasicBlock &block : function)
    for (Instruction &instruction : block)
      if (std::optional<Guard> guard = Guard::match(instruction))
        if (isProven(*guard))
          proven.push_back(*guard);
  GuardRemarks remarks(function);
  for (const Guard &guard : proven) {
    remarks.proven(*guard.call);
    if (!guard.base) {
      guard.call->eraseFromParent();
      continue;
    }
    IRBuilder<> b(guard.call);
    Place::match(*guard.call)
        ->replaceBy(b.CreateGEP(
            b.getInt8Ty(),
            b.CreateGEP(b.getInt8Ty(), guard.base,
                        b.CreateZExt(guard.index, b.getInt64Ty())),
            b.getInt64(guard.offset - guard.bias)));
  }
  return !proven.empty();
}

PreservedAnalyses twc::ProveGuards::run(Function &function,
                                        FunctionAnalysisManager &manager) {
  if (!Prover(function, manager).run())
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
