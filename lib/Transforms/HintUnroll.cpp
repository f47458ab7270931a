//===- HintUnroll.cpp - short loops that are to be unrolled ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM takes a guard for a call of eight or thirteen instructions, and lets a
// loop with a few of them alone. Most guards leave nothing but a share in one
// test: here they count for one. Guests come with their loops rolled up (clang's
// -fno-unroll-loops), for what is unrolled too early hides its ranges.
//
//===----------------------------------------------------------------------===//

#include "Bounds/Guard.h"

#include "twc/Transforms/Passes.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;
using namespace twc;

/// What CUDA's own compiler unrolls is about as long.
static constexpr unsigned maxTrips = 64, maxUnrolled = 1200;

/// Roughly, how many instructions a loop has; 0 if it must not be copied.
static unsigned measure(const Loop &loop) {
  unsigned size = 0;
  for (BasicBlock *block : loop.blocks())
    for (Instruction &instruction : *block) {
      if (isa<PHINode>(instruction))
        continue;
      auto *call = dyn_cast<CallBase>(&instruction);
      Function *callee = call ? call->getCalledFunction() : nullptr;
      if (call && call->cannotDuplicate())
        return 0;
      bool isCheap = !call || (callee && (callee->isIntrinsic() ||
                                          callee->getName() ==
                                              runtime::trapIf)) ||
                     Guard::match(instruction);
      size += isCheap ? 1 : 20;
    }
  return size;
}

PreservedAnalyses twc::HintUnroll::run(Loop &loop, LoopAnalysisManager &,
                                       LoopStandardAnalysisResults &results,
                                       LPMUpdater &) {
  unsigned trips = results.SE.getSmallConstantTripCount(&loop);
  if (trips < 2 || trips > maxTrips || !loop.isLoopSimplifyForm() ||
      getBooleanLoopAttribute(&loop, "llvm.loop.unroll.full") ||
      getBooleanLoopAttribute(&loop, "llvm.loop.unroll.disable"))
    return PreservedAnalyses::all();
  unsigned size = measure(loop);
  if (size == 0 || size * trips > maxUnrolled)
    return PreservedAnalyses::all();
  addStringMetadataToLoop(&loop, "llvm.loop.unroll.full", 1);
  return PreservedAnalyses::all();
}
