//===- PathConditions.cpp - whether a block will be reached ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Branch conditions are computed ahead of their branches, by copies of what they
// are made of. A copy makes no promise about overflow, for it may run where the
// code would not have.
//
//===----------------------------------------------------------------------===//

#include "Regions.h"

#include "llvm/Analysis/ValueTracking.h"

using namespace llvm;
using namespace twc;

static constexpr unsigned maxDepth = 8;

bool PathConditions::canCopy(Value *value, Instruction *at,
                             unsigned depth) const {
  auto *instruction = dyn_cast<Instruction>(value);
  if (!instruction || tree.dominates(instruction, at))
    return true;
  if (depth == 0 || isa<PHINode>(instruction) ||
      instruction->mayReadOrWriteMemory() ||
      !isSafeToSpeculativelyExecute(instruction))
    return false;
  return llvm::all_of(instruction->operands(), [&](Value *operand) {
    return canCopy(operand, at, depth - 1);
  });
}

Value *PathConditions::copy(Value *value, Instruction *at) {
  auto *instruction = dyn_cast<Instruction>(value);
  if (!instruction || tree.dominates(instruction, at))
    return value;
  if (Value *known = copies.lookup(value))
    return known;
  Instruction *made = instruction->clone();
  made->dropPoisonGeneratingAnnotations();
  for (Use &operand : made->operands())
    operand.set(copy(operand, at));
  made->insertBefore(at->getIterator());
  copies[value] = made;
  return made;
}

bool PathConditions::canCompute(BasicBlock *block, Instruction *at) const {
  DenseMap<BasicBlock *, bool> judged;
  return canCompute(block, at, judged);
}

/// Each block once: branch upon branch, there are very many paths. A block that
/// leads to itself has no condition.
bool PathConditions::canCompute(BasicBlock *block, Instruction *at,
                                DenseMap<BasicBlock *, bool> &judged) const {
  auto [entry, isNew] = judged.try_emplace(block, false);
  if (!isNew)
    return entry->second;
  for (BasicBlock *before : predecessors(block)) {
    auto *branch = dyn_cast<BranchInst>(before->getTerminator());
    if (!branch || (before != from && !inner.contains(before)))
      return false;
    if (branch->isConditional() &&
        !canCopy(branch->getCondition(), at, maxDepth))
      return false;
    if (before != from && !canCompute(before, at, judged))
      return false;
  }
  judged[block] = true;
  return true;
}

Value *PathConditions::compute(BasicBlock *block, Instruction *at) {
  IRBuilder<> b(at);
  if (block == from)
    return b.getTrue();
  if (Value *value = known.lookup(block))
    return value;
  Value *reached = nullptr;
  for (BasicBlock *before : predecessors(block)) {
    Value *way = compute(before, at);
    auto *branch = cast<BranchInst>(before->getTerminator());
    if (branch->isConditional() &&
        branch->getSuccessor(0) != branch->getSuccessor(1)) {
      Value *taken = copy(branch->getCondition(), at);
      b.SetInsertPoint(at);
      if (branch->getSuccessor(1) == block)
        taken = b.CreateNot(taken);
      // What is poison where the branch is not reached stays behind a select.
      way = b.CreateLogicalAnd(way, taken);
    }
    b.SetInsertPoint(at);
    reached = reached ? b.CreateLogicalOr(reached, way) : way;
  }
  known[block] = reached;
  return reached;
}
