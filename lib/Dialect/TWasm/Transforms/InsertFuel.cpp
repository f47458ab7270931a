//===- InsertFuel.cpp - functions and loops consume fuel ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes each function's blocks in depth-first order. The target of an edge to
// a block that is still open is the head of a loop: every cycle has such an
// edge, in any graph. Without these edges the graph is acyclic, and the least
// cost of going on from a block follows from its successors'.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace twc::twasm {
#define GEN_PASS_DEF_INSERTFUEL
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"
} // namespace twc::twasm

using namespace mlir;
using namespace twc;

namespace {

/// Where a function consumes fuel, and how much at least from each block on.
class FuelPlan {
public:
  explicit FuelPlan(Region &body) {
    Block *entry = &body.front();
    points.insert(entry);
    traverse(entry);
    for (Block *block : postOrder)
      costs[block] = costOf(block);
  }

  /// In an order that depends on the function alone.
  ArrayRef<Block *> getPoints() const { return points.getArrayRef(); }
  int64_t getCost(Block *block) const { return costs.lookup(block); }

private:
  /// Finds the loops' heads and the post-order. Iterative: a function may
  /// have a million blocks.
  void traverse(Block *entry) {
    enum class State : uint8_t { New, Open, Done };
    DenseMap<Block *, State> states;
    std::vector<std::pair<Block *, unsigned>> stack; // with next successor
    auto open = [&](Block *block) {
      states[block] = State::Open;
      stack.push_back({block, 0});
    };
    open(entry);
    while (!stack.empty()) {
      auto &[block, next] = stack.back();
      if (next == block->getNumSuccessors()) {
        states[block] = State::Done;
        postOrder.push_back(block);
        stack.pop_back();
        continue;
      }
      Block *successor = block->getSuccessor(next++);
      State state = states.lookup(successor);
      if (state == State::Open)
        points.insert(successor);
      else if (state == State::New)
        open(successor);
    }
  }

  /// The ops of `block`, then the cheapest way on to a point or an end.
  int64_t costOf(Block *block) const {
    int64_t ops = std::distance(block->begin(), block->end());
    std::optional<int64_t> cheapest;
    for (Block *successor : block->getSuccessors()) {
      int64_t cost = points.contains(successor) ? 0 : getCost(successor);
      cheapest = std::min(cost, cheapest.value_or(cost));
    }
    return ops + cheapest.value_or(0);
  }

  llvm::SetVector<Block *> points;
  std::vector<Block *> postOrder;
  DenseMap<Block *, int64_t> costs;
};

struct InsertFuel : twasm::impl::InsertFuelBase<InsertFuel> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<twasm::FuncOp>()) {
      if (func.isExternal())
        continue;
      FuelPlan plan(func.getBody());
      for (Block *block : plan.getPoints()) {
        // The trap names the function's place, or the loop's first op's.
        Location loc =
            block->isEntryBlock() ? func.getLoc() : block->front().getLoc();
        OpBuilder b = OpBuilder::atBlockBegin(block);
        twasm::ConsumeFuelOp::create(b, loc, plan.getCost(block));
        ++numInserted;
      }
    }
  }
};

} // namespace
