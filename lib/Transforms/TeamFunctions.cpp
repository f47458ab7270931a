//===- TeamFunctions.cpp - reductions over a warp and a block -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Defines what a module calls of the reductions of docs/DeviceInterface.md on a
// GPU, and keeps what threads do together from being taken apart.
//
//===----------------------------------------------------------------------===//

#include "ReductionBuilder.h"

#include "twc/Transforms/Passes.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;
using namespace twc;

static void finish(Function &f) {
  f.setLinkage(GlobalValue::InternalLinkage);
  f.setConvergent();
  f.setDoesNotThrow();
}

void twc::defineTeamFunctions(Module &module, const TargetMachine &machine) {
  bool hasRedux = getComputeCapability(machine) >= 80;
  SmallVector<Function *> blocks, warps;
  for (Function &f : module)
    if (f.getName().starts_with(runtime::blockReduce))
      blocks.push_back(&f);
  for (Function *f : blocks) {
    StringRef suffix = f->getName().drop_front(runtime::blockReduce.size());
    ReductionBuilder(*f, suffix.rsplit('_').first, hasRedux).buildBlock();
    finish(*f);
    // One copy: its threads meet whichever call they come from.
    f->addFnAttr(Attribute::NoInline);
  }
  for (Function &f : module)
    if (f.getName().starts_with(runtime::warpReduce))
      warps.push_back(&f);
  for (Function *f : warps) {
    StringRef suffix = f->getName().drop_front(runtime::warpReduce.size());
    ReductionBuilder(*f, suffix.rsplit('_').first, hasRedux).buildWarp();
    finish(*f);
  }
}

void twc::keepTeamsTogether(Module &module) {
  // LLVM finds for itself which functions cannot reach such an instruction,
  // and never that one can.
  bool any = false;
  for (Function &f : module)
    any |= f.isConvergent();
  if (!any)
    return;
  for (Function &f : module) {
    if (f.isDeclaration())
      continue;
    f.setConvergent();
    for (BasicBlock &block : f)
      for (Instruction &i : block)
        if (auto *call = dyn_cast<CallBase>(&i))
          if (!call->getCalledFunction() && !call->isInlineAsm())
            call->setConvergent();
  }
}
