//===- RecomputeConditions.cpp - conditions where they are used -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A GPU's thread has seven predicates. Unrolled code that asks `i + 32 k < n`
// in several places has one condition for each k, which LLVM computes once and
// ptxas then keeps in bits of registers, or in registers of their own; or it
// keeps all the sums. To compute both again from `i` and `n` costs less.
//
// Regions of guards (GroupGuards) are copied, with the conditions in them: what
// comes together behind them is one condition again where it is the same in all
// copies.
//
// An operand goes through an empty assembly statement, or LLVM's code generator
// would find the earlier condition again.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

/// What predicates hold. More conditions of the same values than this are made
/// anew.
static constexpr size_t fewConditions = 7;

namespace {

/// A value and what constants make of it: at most one operation.
struct Term {
  explicit Term(Value *value) : leaf(value) {
    auto *operation = dyn_cast<BinaryOperator>(value);
    if (!operation || !isa<ConstantInt>(operation->getOperand(1)))
      return;
    switch (operation->getOpcode()) {
    case Instruction::Add:
    case Instruction::Or:
    case Instruction::And:
    case Instruction::Xor:
    case Instruction::Shl:
    case Instruction::LShr:
      made = operation;
      leaf = operation->getOperand(0);
      break;
    default:
      break;
    }
  }

  bool operator==(const Term &other) const {
    if (leaf != other.leaf || !made != !other.made)
      return false;
    return !made || (made->getOpcode() == other.made->getOpcode() &&
                     made->getOperand(1) == other.made->getOperand(1));
  }

  Value *build(IRBuilder<> &b, Value *newLeaf) const {
    return made ? b.CreateBinOp(made->getOpcode(), newLeaf,
                                made->getOperand(1))
                : newLeaf;
  }

  Value *leaf;
  BinaryOperator *made = nullptr;
};

struct Condition {
  explicit Condition(ICmpInst &compare)
      : predicate(compare.getPredicate()), left(compare.getOperand(0)),
        right(compare.getOperand(1)) {}

  bool operator==(const Condition &other) const {
    return predicate == other.predicate && left == other.left &&
           right == other.right;
  }
  std::pair<Value *, Value *> leaves() const {
    return {left.leaf, right.leaf};
  }
  Value *build(IRBuilder<> &b, Value *leftLeaf) const {
    return b.CreateICmp(predicate, left.build(b, leftLeaf),
                        right.build(b, right.leaf));
  }

  CmpInst::Predicate predicate;
  Term left, right;
};

class Recomputer {
public:
  Recomputer(Function &function, FunctionAnalysisManager &manager)
      : function(function), loops(manager.getResult<LoopAnalysis>(function)),
        tree(manager.getResult<DominatorTreeAnalysis>(function)) {}

  bool run() {
    bool changed = joinPhis();
    changed |= recompute();
    return changed;
  }

private:
  bool joinPhis();
  bool recompute();
  /// A copy of `leaf` in `block` that LLVM does not know for one.
  Value *hide(Value *leaf, BasicBlock &block);
  bool isElsewhere(BasicBlock *from, BasicBlock *to);
  SmallVector<Use *> usesToMove(ICmpInst &compare);
  bool hasFarOperand(ICmpInst &compare);
  void recompute(ICmpInst &compare);

  Function &function;
  LoopInfo &loops;
  DominatorTree &tree;
  DenseMap<std::pair<Value *, BasicBlock *>, Value *> hidden;
};

} // namespace

/// The condition that all incoming values of `phi` are.
static std::optional<Condition> getCommon(PHINode &phi) {
  std::optional<Condition> common;
  for (Value *value : phi.incoming_values()) {
    auto *compare = dyn_cast<ICmpInst>(value);
    if (!compare || !compare->getOperand(0)->getType()->isIntegerTy())
      return std::nullopt;
    Condition condition(*compare);
    if (common && !(*common == condition))
      return std::nullopt;
    common = condition;
  }
  return common;
}

bool Recomputer::joinPhis() {
  bool changed = false;
  // In this order, what a phi takes from another is joined already.
  ReversePostOrderTraversal<Function *> order(&function);
  for (BasicBlock *block : order)
    for (PHINode &phi : make_early_inc_range(block->phis())) {
      if (!phi.getType()->isIntegerTy(1))
        continue;
      std::optional<Condition> common = getCommon(phi);
      auto isKnown = [&](Value *value) {
        auto *instruction = dyn_cast<Instruction>(value);
        return !instruction || tree.properlyDominates(instruction->getParent(),
                                                      block);
      };
      if (!common || !isKnown(common->left.leaf) ||
          !isKnown(common->right.leaf))
        continue;
      IRBuilder<> b(block, block->getFirstInsertionPt());
      SmallVector<WeakTrackingVH> dead(phi.incoming_values());
      phi.replaceAllUsesWith(common->build(b, common->left.leaf));
      phi.eraseFromParent();
      RecursivelyDeleteTriviallyDeadInstructionsPermissive(dead);
      changed = true;
    }
  return changed;
}

Value *Recomputer::hide(Value *leaf, BasicBlock &block) {
  Value *&copy = hidden[{leaf, &block}];
  if (!copy) {
    Type *type = leaf->getType();
    IRBuilder<> b(&block, block.getFirstInsertionPt());
    // As the register of the operand: no text. With effects, or statements that
    // look alike would be one.
    copy = b.CreateCall(InlineAsm::get(FunctionType::get(type, type, false), "",
                                       type->isIntegerTy(64) ? "=l,0" : "=r,0",
                                       /*hasSideEffects=*/true),
                        leaf);
  }
  return copy;
}

/// Whether what `from` has may be computed again in `to`: it is elsewhere, and
/// not in a loop that would repeat it.
bool Recomputer::isElsewhere(BasicBlock *from, BasicBlock *to) {
  return from != to && loops.getLoopDepth(to) <= loops.getLoopDepth(from);
}

/// Those that are to get the condition anew.
SmallVector<Use *> Recomputer::usesToMove(ICmpInst &compare) {
  SmallVector<Use *> uses;
  for (Use &use : compare.uses()) {
    auto *user = cast<Instruction>(use.getUser());
    if (!isa<PHINode>(user) &&
        isElsewhere(compare.getParent(), user->getParent()))
      uses.push_back(&use);
  }
  return uses;
}

/// Whether `compare` needs what was made of a value elsewhere.
bool Recomputer::hasFarOperand(ICmpInst &compare) {
  Term left(compare.getOperand(0));
  return left.made && isElsewhere(left.made->getParent(), compare.getParent());
}

void Recomputer::recompute(ICmpInst &compare) {
  Condition condition(compare);
  Value *leaf = condition.left.leaf;
  SmallMapVector<BasicBlock *, SmallVector<Use *>, 4> byBlock;
  for (Use *use : usesToMove(compare))
    byBlock[cast<Instruction>(use->getUser())->getParent()].push_back(use);
  for (auto &[block, uses] : byBlock) {
    auto *first = cast<Instruction>(uses.front()->getUser());
    for (Use *use : drop_begin(uses))
      if (auto *user = cast<Instruction>(use->getUser());
          user->comesBefore(first))
        first = user;
    IRBuilder<> b(first);
    Value *again = condition.build(b, hide(leaf, *block));
    for (Use *use : uses)
      use->set(again);
  }
  if (RecursivelyDeleteTriviallyDeadInstructions(&compare) ||
      !hasFarOperand(compare))
    return;
  IRBuilder<> b(&compare);
  compare.setOperand(0,
                     condition.left.build(b, hide(leaf, *compare.getParent())));
  RecursivelyDeleteTriviallyDeadInstructions(condition.left.made);
}

bool Recomputer::recompute() {
  MapVector<std::pair<Value *, Value *>, SmallVector<ICmpInst *>> groups;
  for (BasicBlock &block : function)
    for (Instruction &instruction : block) {
      auto *compare = dyn_cast<ICmpInst>(&instruction);
      if (!compare || (usesToMove(*compare).empty() && !hasFarOperand(*compare)))
        continue;
      Type *type = compare->getOperand(0)->getType();
      Condition condition(*compare);
      if ((type->isIntegerTy(32) || type->isIntegerTy(64)) &&
          !isa<Constant>(condition.left.leaf))
        groups[condition.leaves()].push_back(compare);
    }
  bool changed = false;
  for (auto &[leaves, compares] : groups) {
    if (compares.size() <= fewConditions)
      continue;
    for (ICmpInst *compare : compares)
      recompute(*compare);
    changed = true;
  }
  return changed;
}

PreservedAnalyses
twc::RecomputeConditions::run(Function &function,
                              FunctionAnalysisManager &manager) {
  if (!Recomputer(function, manager).run())
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
