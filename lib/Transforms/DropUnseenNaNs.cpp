//===- DropUnseenNaNs.cpp - canonical NaNs that nobody sees ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalizeNaNs (lib/Dialect/TWasm/Transforms) makes NaNs canonical where
// Wasm's types do not tell who reads them: a lane that is taken out of a
// vector may be multiplied or stored, an argument too. On LLVM IR, with calls
// inlined and lanes apart, most turn out to go into arithmetic, which takes the
// value as it is. Only uses are redirected; what something else still sees is
// made canonical for that alone.
//
// Then LLVM's passes must not see any NaN as canonical because its operands
// were. They do not: what arithmetic gives may be any NaN to them.
//
//===----------------------------------------------------------------------===//

#include "SeenNaNs.h"

#include "twc/Transforms/Passes.h"

#include "llvm/IR/Function.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace llvm::PatternMatch;
using namespace twc;

/// What ClampNaNs makes, as it is again.
static void dropClamp(Instruction &i) {
  auto *clamp = dyn_cast<IntrinsicInst>(&i);
  if (!clamp || clamp->getIntrinsicID() != Intrinsic::smin ||
      !match(clamp->getArgOperand(1), m_SpecificInt(0x7fc00000)))
    return;
  clamp->replaceAllUsesWith(clamp->getArgOperand(0));
  clamp->eraseFromParent();
}

PreservedAnalyses twc::DropUnseenNaNs::run(Function &function,
                                           FunctionAnalysisManager &) {
  if (all)
    for (Instruction &i : make_early_inc_range(instructions(function)))
      dropClamp(i);
  SmallVector<CanonicalNaN> canonical;
  for (Instruction &i : instructions(function))
    if (std::optional<CanonicalNaN> match = matchCanonicalNaN(&i))
      canonical.push_back(*match);
  if (canonical.empty())
    return all ? PreservedAnalyses::none() : PreservedAnalyses::all();

  SeenNaNs nans(function);
  // Decided before anything changes: a use that is redirected can hide what it
  // was from the pattern.
  SmallVector<std::pair<Use *, Value *>> unseen;
  for (const CanonicalNaN &each : canonical)
    for (Use &use : each.select->uses())
      if (all || !nans.isSeen(use))
        unseen.push_back({&use, each.value});
  if (unseen.empty())
    return PreservedAnalyses::all();
  for (auto [use, value] : unseen)
    use->set(value);
  SmallVector<WeakTrackingVH> dead;
  for (const CanonicalNaN &each : canonical)
    dead.push_back(each.select);
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(dead);

  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
