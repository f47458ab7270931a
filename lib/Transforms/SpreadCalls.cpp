//===- SpreadCalls.cpp - copies of helpers with many callers --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's NVPTX backend walks all uses of the callee for every call that it
// lowers (Function::hasAddressTaken): a helper that a large module calls
// 100,000 times takes 10^10 steps. A copy for each hundred calls or so keeps
// that linear.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

static constexpr size_t callsPerCopy = 128;

PreservedAnalyses twc::SpreadCalls::run(Module &module,
                                        ModuleAnalysisManager &) {
  SmallVector<Function *> helpers;
  // Not those in which threads must meet.
  for (Function &f : module)
    if (f.hasLocalLinkage() && !f.isDeclaration() && !f.isConvergent() &&
        f.getName().starts_with("__tw_"))
      helpers.push_back(&f);
  bool changed = false;
  for (Function *helper : helpers) {
    SmallVector<CallBase *> calls;
    for (User *user : helper->users())
      if (auto *call = dyn_cast<CallBase>(user))
        calls.push_back(call);
    Function *copy = nullptr;
    for (size_t i = callsPerCopy; i < calls.size(); ++i) {
      if (i % callsPerCopy == 0) {
        ValueToValueMapTy map;
        copy = CloneFunction(helper, map);
        copy->setName(helper->getName() + "_copy" + Twine(i / callsPerCopy));
      }
      calls[i]->setCalledFunction(copy);
      changed = true;
    }
  }
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
