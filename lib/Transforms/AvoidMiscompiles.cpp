//===- AvoidMiscompiles.cpp - workarounds for LLVM's NVPTX backend --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM 22.1.8 selects `sext(shl nsw x, 31)` as mul.wide.s32 by -2147483648,
// which yields +2^31 for x = -1. Without the flag the pattern does not match.
// Keep the flags off every shift: they buy nothing this late.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "llvm/IR/Function.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

PreservedAnalyses twc::AvoidMiscompiles::run(Function &function,
                                             FunctionAnalysisManager &) {
  bool changed = false;
  for (Instruction &i : instructions(function))
    if (i.getOpcode() == Instruction::Shl &&
        (i.hasNoSignedWrap() || i.hasNoUnsignedWrap())) {
      i.setHasNoSignedWrap(false);
      i.setHasNoUnsignedWrap(false);
      changed = true;
    }
  if (!changed)
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
