//===- FrameDepths.cpp - where a function's frame pointers point ----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A forward dataflow over the blocks: the state is the stack pointer's depth,
// and values get depths as they are made from it. Depths only ever go from
// unseen to known to unknown, so the iteration ends.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/StackPointer.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace twc::twasm;

static std::optional<int64_t> constantOf(Value value) {
  auto op = value.getDefiningOp<ConstOp>();
  if (!op)
    return std::nullopt;
  auto integer = dyn_cast<IntegerAttr>(op.getValue());
  if (!integer)
    return std::nullopt;
  return integer.getValue().getSExtValue();
}

FrameDepths::Depth FrameDepths::join(Depth a, Depth b) {
  if (a.kind == Depth::Unseen)
    return b;
  if (b.kind == Depth::Unseen || a == b)
    return a;
  return {Depth::Unknown, 0};
}

std::optional<int64_t> FrameDepths::of(Value value) const {
  Depth depth = depthOf(value);
  if (depth.kind != Depth::Known)
    return std::nullopt;
  return depth.bytes;
}

/// Depths of what `block` makes; the stack pointer's at its end.
FrameDepths::Depth FrameDepths::transfer(Block &block, Depth sp) {
  for (Operation &op : block) {
    if (auto get = dyn_cast<GlobalGetOp>(op)) {
      if (get.getGlobal() == global)
        depths[get] = sp;
    } else if (auto set = dyn_cast<GlobalSetOp>(op)) {
      if (set.getGlobal() == global) {
        sp = depthOf(set.getValue());
        if (sp.kind == Depth::Unseen)
          sp = {Depth::Unknown, 0};
      }
    } else if (isa<IAddOp, ISubOp>(op)) {
      Value base = op.getOperand(0), other = op.getOperand(1);
      if (isa<IAddOp>(op) && depthOf(base).kind == Depth::Unseen)
        std::swap(base, other);
      Depth depth = depthOf(base);
      if (depth.kind == Depth::Unseen)
        continue;
      std::optional<int64_t> constant = constantOf(other);
      // Sums stay small: no frame is deeper than memory is large.
      constexpr int64_t limit = int64_t(1) << 32;
      if (depth.kind == Depth::Known && constant) {
        depth.bytes += isa<ISubOp>(op) ? *constant : -*constant;
        if (depth.bytes < -limit || depth.bytes > limit)
          depth = {Depth::Unknown, 0};
      } else {
        depth = {Depth::Unknown, 0};
      }
      depths[op.getResult(0)] = depth;
    }
  }
  return sp;
}

bool FrameDepths::isDerived(Value value) const {
  llvm::SmallPtrSet<Value, 8> seen;
  SmallVector<Value> work{value};
  while (!work.empty()) {
    Value next = work.pop_back_val();
    if (!seen.insert(next).second)
      continue;
    if (auto get = next.getDefiningOp<GlobalGetOp>()) {
      if (get.getGlobal() == global)
        return true;
    } else if (Operation *op = next.getDefiningOp()) {
      if (isa<IAddOp, ISubOp, IAndOp>(op))
        llvm::append_range(work, op->getOperands());
      else if (isa<SelectOp>(op))
        llvm::append_range(work, op->getOperands());
    } else {
      auto argument = cast<BlockArgument>(next);
      for (auto it = argument.getOwner()->pred_begin(),
                end = argument.getOwner()->pred_end();
           it != end; ++it)
        if (auto branch = dyn_cast<BranchOpInterface>((*it)->getTerminator()))
          work.push_back(branch.getSuccessorOperands(
              it.getSuccessorIndex())[argument.getArgNumber()]);
    }
  }
  return false;
}

/// What is asked for, once all depths are final.
void FrameDepths::collect(Block &block, Depth sp) {
  auto known = [](Depth depth) -> std::optional<int64_t> {
    if (depth.kind != Depth::Known)
      return std::nullopt;
    return depth.bytes;
  };
  for (Operation &op : block) {
    for (Value result : op.getResults())
      if (std::optional<int64_t> depth = of(result))
        deepest = std::max(deepest, *depth);
    if (auto set = dyn_cast<GlobalSetOp>(op)) {
      if (set.getGlobal() != global)
        continue;
      sp = depthOf(set.getValue());
      derived &= sp.kind == Depth::Known || isDerived(set.getValue());
      dynamic |= sp.kind != Depth::Known;
      rises |= sp.kind == Depth::Known && sp.bytes < 0;
    } else if (isa<CallOp, CallIndirectOp>(op)) {
      calls.push_back({&op, known(sp)});
    } else if (isa<ReturnCallOp, ReturnCallIndirectOp>(op)) {
      calls.push_back({&op, known(sp)});
      balanced &= known(sp) == 0;
    } else if (isa<ReturnOp>(op)) {
      balanced &= known(sp) == 0;
    }
  }
}

bool FrameDepths::spoilMixed(Region &body) {
  bool changed = false;
  for (Block &block : body)
    for (auto it = block.pred_begin(), end = block.pred_end(); it != end; ++it) {
      auto branch = dyn_cast<BranchOpInterface>((*it)->getTerminator());
      if (!branch)
        continue;
      SuccessorOperands operands =
          branch.getSuccessorOperands(it.getSuccessorIndex());
      for (auto [j, argument] : llvm::enumerate(block.getArguments())) {
        if (depthOf(argument).kind != Depth::Known || !operands[j] ||
            depthOf(operands[j]).kind != Depth::Unseen)
          continue;
        depths[argument] = {Depth::Unknown, 0};
        changed = true;
      }
    }
  return changed;
}

FrameDepths::FrameDepths(FuncOp func, StringRef global)
    : func(func), global(global) {
  if (func.isExternal())
    return;
  func.walk([&](Operation *op) {
    if (auto get = dyn_cast<GlobalGetOp>(op))
      uses |= get.getGlobal() == global;
    else if (auto set = dyn_cast<GlobalSetOp>(op))
      writes |= set.getGlobal() == global;
  });
  uses |= writes;
  Region &body = func.getBody();
  entries[&body.front()] = {Depth::Known, 0};
  if (!uses) {
    for (Block &block : body)
      collect(block, {Depth::Known, 0});
    return;
  }
  llvm::ReversePostOrderTraversal<Region *> order(&body);
  for (bool changed = true; changed;) {
    changed = false;
    for (Block *block : order) {
      Depth end = transfer(*block, entries.lookup(block));
      for (auto [i, successor] : llvm::enumerate(block->getSuccessors())) {
        Depth &entry = entries[successor];
        Depth joined = join(entry, end);
        changed |= !(joined == entry);
        entry = joined;
        auto branch = dyn_cast<BranchOpInterface>(block->getTerminator());
        if (!branch)
          continue;
        SuccessorOperands operands = branch.getSuccessorOperands(i);
        for (auto [j, argument] : llvm::enumerate(successor->getArguments())) {
          if (!operands[j])
            continue;
          Depth old = depthOf(argument);
          Depth merged = join(old, depthOf(operands[j]));
          changed |= !(merged == old);
          depths[argument] = merged;
        }
      }
    }
    // A block argument that gets, on one of the ways, a value that has nothing
    // to do with the stack is not one frame's address: that value was unseen
    // to the end.
    if (!changed)
      changed = spoilMixed(body);
  }
  for (Block *block : order)
    collect(*block, entries.lookup(block));
}
