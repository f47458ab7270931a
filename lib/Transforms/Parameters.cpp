//===- Parameters.cpp - what is made of a kernel's parameters -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parameters are in constant memory, at hand for most instructions. What LLVM has
// read at the start, or added to it, ptxas keeps in registers for all of the
// kernel.
//
//===----------------------------------------------------------------------===//

#include "Parameters.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace twc;

static bool isParameter(const Value *value) {
  auto *load = dyn_cast<LoadInst>(value);
  auto *from = load && !load->isVolatile()
                   ? dyn_cast<Argument>(load->getPointerOperand()
                                            ->stripInBoundsConstantOffsets())
                   : nullptr;
  return from && from->hasByValAttr();
}

/// It costs at most one instruction to make it again.
static bool isCheap(const Instruction &i) {
  if (isParameter(&i))
    return true;
  if (!isParameter(i.getOperand(0)))
    return false;
  switch (i.getOpcode()) {
  case Instruction::Trunc:
    return true;
  case Instruction::Add:
  case Instruction::Sub:
  case Instruction::And:
  case Instruction::Or:
  case Instruction::Shl:
  case Instruction::LShr:
    return isa<Constant>(i.getOperand(1));
  default:
    return false;
  }
}

/// Copies `i` to the start of each block that uses it elsewhere.
static void recompute(Instruction &i, const LoopInfo &loops) {
  DenseMap<BasicBlock *, Instruction *> copies;
  for (Use &use : llvm::make_early_inc_range(i.uses())) {
    auto *user = cast<Instruction>(use.getUser());
    BasicBlock *block = user->getParent();
    if (isa<PHINode>(user) || block == i.getParent() ||
        loops.getLoopDepth(block) > loops.getLoopDepth(i.getParent()))
      continue;
    Instruction *&copy = copies[block];
    if (!copy) {
      copy = i.clone();
      copy->insertBefore(*block, block->getFirstInsertionPt());
    }
    use.set(copy);
  }
}

void twc::recomputeParameters(Function &kernel, const LoopInfo &loops) {
  // What nothing waits for is not kept long.
  if (loops.empty())
    return;
  SmallVector<Instruction *> found;
  for (BasicBlock &block : kernel)
    for (Instruction &i : block)
      if (i.getNumOperands() && isCheap(i))
        found.push_back(&i);
  // Sums first: their copies read a parameter in their own blocks.
  for (Instruction *i : llvm::reverse(found))
    recompute(*i, loops);
  for (Instruction *i : llvm::reverse(found))
    if (i->use_empty())
      i->eraseFromParent();
}
