//===- UnrollLoops.cpp - several trips of a loop at once ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A GPU's thread issues its instructions in order and waits for the first value
// that is not there yet: loads of several trips must come before the uses of
// the first, which only an unrolled loop allows. Innermost loops that count get
// a hint for LLVM's own pass, whose threshold is half of what CUDA's compiler
// takes.
//
// A loop that steps through `i < limit` by a stride other than one has no trip
// count, for `i` may wrap around in Wasm. It is unrolled here (Strides.h).
//
//===----------------------------------------------------------------------===//

#include "Strides.h"

#include "twc/Transforms/Passes.h"

#include "llvm/ADT/SmallSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;
using namespace twc;

/// As long as what CUDA's compiler unrolls by four.
static constexpr unsigned maxSize = 64;
/// As long as streams of data make them.
static constexpr unsigned maxStrided = 24;
/// Loops of at most so many trips are left to LLVM.
static constexpr unsigned fewTrips = 8;

/// Roughly, how many instructions of the GPU one is.
static unsigned measure(const Instruction &instruction) {
  if (isa<PHINode>(instruction) || isa<CastInst>(instruction) ||
      isa<ExtractElementInst>(instruction) ||
      isa<InsertElementInst>(instruction))
    return 0;
  if (auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction)) {
    if (intrinsic->isAssumeLikeIntrinsic() ||
        intrinsic->getIntrinsicID() == Intrinsic::arithmetic_fence)
      return 0;
    if (intrinsic->getIntrinsicID() == Intrinsic::sqrt)
      return 8;
  }
  unsigned lanes = 1;
  if (!instruction.mayReadOrWriteMemory())
    if (auto *vector = dyn_cast<FixedVectorType>(instruction.getType()))
      lanes = vector->getNumElements();
  switch (instruction.getOpcode()) {
  case Instruction::FDiv:
    return 8 * lanes;
  case Instruction::UDiv:
  case Instruction::SDiv:
  case Instruction::URem:
  case Instruction::SRem:
    return 16 * lanes;
  default:
    return lanes;
  }
}

/// How long one trip is; 0 if trips must not be copied, or gain nothing.
static unsigned measure(const Loop &loop) {
  unsigned size = 0;
  for (BasicBlock *block : loop.blocks())
    for (Instruction &instruction : *block) {
      if (auto *call = dyn_cast<CallBase>(&instruction))
        // Calls of functions are seldom paths, and long.
        if (!isa<IntrinsicInst>(call) || call->cannotDuplicate() ||
            call->isConvergent())
          return 0;
      size += measure(instruction);
    }
  return size;
}

/// Whether loads of the next trips can come before all that this one writes:
/// only in different memories, for guests may pass the same place twice.
static bool canLoadAhead(const Loop &loop) {
  SmallSet<unsigned, 4> loaded, written;
  for (BasicBlock *block : loop.blocks())
    for (Instruction &instruction : *block) {
      const Value *pointer = getLoadStorePointerOperand(&instruction);
      if (isa<LoadInst>(instruction))
        loaded.insert(pointer->getType()->getPointerAddressSpace());
      else if (isa<StoreInst>(instruction))
        written.insert(pointer->getType()->getPointerAddressSpace());
      else if (instruction.mayWriteToMemory() && !instruction.isDroppable())
        return false;
    }
  if (loaded.empty())
    return false;
  constexpr unsigned generic = 0;
  if (!written.empty() && (loaded.count(generic) || written.count(generic)))
    return false;
  return llvm::none_of(loaded,
                       [&](unsigned space) { return written.count(space); });
}

/// Whether LLVM or someone before us has said what is to become of it.
static bool hasHint(const Loop &loop) {
  MDNode *id = loop.getLoopID();
  return id &&
         llvm::any_of(
             llvm::drop_begin(id->operands()), [](const MDOperand &operand) {
               auto *node = dyn_cast<MDNode>(operand);
               auto *name = node && node->getNumOperands()
                                ? dyn_cast<MDString>(node->getOperand(0))
                                : nullptr;
               return name &&
                      name->getString().starts_with("llvm.loop.unroll.");
             });
}

PreservedAnalyses twc::UnrollLoops::run(Function &function,
                                        FunctionAnalysisManager &manager) {
  auto &loops = manager.getResult<LoopAnalysis>(function);
  auto &tree = manager.getResult<DominatorTreeAnalysis>(function);
  auto &evolution = manager.getResult<ScalarEvolutionAnalysis>(function);
  bool changed = false;
  for (Loop *loop : loops.getLoopsInPreorder()) {
    BasicBlock *latch = loop->getLoopLatch();
    if (!loop->isInnermost() || !loop->isLoopSimplifyForm() ||
        loop->getExitingBlock() != latch || hasHint(*loop))
      continue;
    unsigned size = measure(*loop);
    if (size == 0 || size > maxSize)
      continue;
    unsigned most = evolution.getSmallConstantMaxTripCount(loop);
    if (most && most <= fewTrips) {
      // Four at once never come; ptxas, which heeds this too, does not know.
      if (most < 4 && !evolution.getSmallConstantTripCount(loop)) {
        addStringMetadataToLoop(loop, "llvm.loop.unroll.disable", 1);
        changed = true;
      }
      continue;
    }
    if (!isa<SCEVCouldNotCompute>(evolution.getBackedgeTakenCount(loop))) {
      // LLVM unrolls what is short by eight.
      if (size > 8) {
        addStringMetadataToLoop(loop, "llvm.loop.unroll.count", 4);
        changed = true;
      }
      continue;
    }
    // Longer ones leave time for the loads of other threads, and need their
    // registers.
    if (size > maxStrided || !canLoadAhead(*loop))
      continue;
    if (std::optional<StridedLoop> strided =
            StridedLoop::match(*loop, evolution)) {
      strided->unroll(4, evolution, loops, tree);
      changed = true;
    }
  }
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
