//===- DropIsolatedGuards.cpp - accesses that need no check ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that base + zext(index) + offset can be is mapped, to the memory
// or to a sink. The checks have served the passes that widen addresses: their
// tests ask whether indices wrap, in the 32-bit window instead of the memory.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "Remarks.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Function.h"

using namespace llvm;
using namespace twc;

PreservedAnalyses twc::DropIsolatedGuards::run(Function &function,
                                               FunctionAnalysisManager &) {
  bool changed = false;
  GuardRemarks remarks(function);
  for (BasicBlock &block : function)
    for (Instruction &instruction : make_early_inc_range(block)) {
      std::optional<Guard> guard = Guard::match(instruction);
      auto *size = guard && !guard->base
                       ? dyn_cast<ConstantInt>(guard->high.value)
                       : nullptr;
      if (!size || size->getZExtValue() != runtime::isolatedSize)
        continue;
      remarks.omitted(*guard->call, "--bounds=isolate");
      instruction.eraseFromParent();
      changed = true;
    }
  if (!changed)
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
