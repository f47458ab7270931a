//===- DropGuards.cpp - drop guards that others imply ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A structure's fields are read at one index with several offsets, and each
// access brings a bounds check. A check of [index, index + n) implies those of
// the same index up to n that it dominates, for a memory's size is a value too.
// One walk over the dominator tree finds them; every one that goes is a block,
// a call and a branch less for all that follows.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "Bounds/Remarks.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace {

class Walk {
public:
  Walk(Function &function, DominatorTree &tree)
      : tree(tree), remarks(function) {}

  bool run();

private:
  /// An index into a memory of a size.
  using Key = std::pair<Value *, Value *>;

  void visit(BasicBlock &block);
  void undo(size_t to);

  /// How many bytes from its index on are checked, and by what.
  struct Known {
    uint64_t end = 0;
    CallInst *by = nullptr;
  };

  DominatorTree &tree;
  twc::GuardRemarks remarks;
  DenseMap<Key, Known> checked;
  std::vector<std::pair<Key, Known>> before; // what `checked` held
  std::vector<CallInst *> covered;
};

} // namespace

/// How many bytes from its index on `call` checks; 0 if it is no bounds check,
/// or one that fails at every index (its end is beyond 2^64).
static uint64_t bytesChecked(const CallInst &call) {
  const Function *callee = call.getCalledFunction();
  if (!callee || (callee->getName() != twc::runtime::checkBounds &&
                  callee->getName() != twc::runtime::checkBounds64))
    return 0;
  auto *offset = dyn_cast<ConstantInt>(call.getArgOperand(2));
  auto *bytes = dyn_cast<ConstantInt>(call.getArgOperand(3));
  if (!offset || !bytes)
    return 0;
  uint64_t end = offset->getZExtValue() + bytes->getZExtValue();
  return end < offset->getZExtValue() ? 0 : end;
}

void Walk::visit(BasicBlock &block) {
  for (Instruction &i : block) {
    auto *call = dyn_cast<CallInst>(&i);
    uint64_t end = call ? bytesChecked(*call) : 0;
    if (!end)
      continue;
    Key key(call->getArgOperand(0), call->getArgOperand(1));
    Known &known = checked[key];
    if (end <= known.end) {
      remarks.implied(*call, *known.by);
      covered.push_back(call);
      continue;
    }
    before.push_back({key, known});
    known = {end, call};
  }
}

void Walk::undo(size_t to) {
  for (; before.size() > to; before.pop_back())
    checked[before.back().first] = before.back().second;
}

bool Walk::run() {
  // Not by recursion: the tree of a large function is deep.
  struct Step {
    DomTreeNode *node;
    DomTreeNode::iterator next;
    size_t mark;
  };
  std::vector<Step> path;
  auto enter = [&](DomTreeNode *node) {
    path.push_back({node, node->begin(), before.size()});
    visit(*node->getBlock());
  };
  enter(tree.getRootNode());
  while (!path.empty()) {
    Step &step = path.back();
    if (step.next != step.node->end()) {
      enter(*step.next++);
      continue;
    }
    undo(step.mark);
    path.pop_back();
  }
  for (CallInst *call : covered)
    call->eraseFromParent();
  return !covered.empty();
}

PreservedAnalyses twc::DropGuards::run(Function &function,
                                       FunctionAnalysisManager &manager) {
  if (!Walk(function, manager.getResult<DominatorTreeAnalysis>(function))
           .run())
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
