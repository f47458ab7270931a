//===- CanonicalizeNaNs.cpp - the deterministic NaN profile ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each float and vector is classified: `Made` by arithmetic (a NaN may have any
// bits; of a vector, in lanes of one shape), `Exact` (its bits mean something:
// loaded, reinterpreted, passed), or neither yet. Block arguments and selects
// join what flows in; one that gets both becomes exact, and its made inputs
// are canonicalised where they enter. Then every use that can see bits gets a
// canonical operand. Of a vector, all uses can except arithmetic, comparisons
// and conversions that read it in the shape in which it was made.
//
//===----------------------------------------------------------------------===//

#include "NaNBits.h"

#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace twc::twasm {
#define GEN_PASS_DEF_CANONICALIZENANS
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"
} // namespace twc::twasm

using namespace mlir;
using namespace twc;
using twasm::NaNBits;

namespace {

class Classifier {
public:
  explicit Classifier(twasm::FuncOp func) : func(func) {
    // Few passes in practice: states only rise, twice at most.
    for (bool changed = true; changed;) {
      changed = false;
      for (Block &block : func.getBody())
        changed |= updateArguments(block);
      func.walk([&](twasm::SelectOp op) {
        changed |= raise(op.getResult(), twasm::join(stateOf(op.getTrueValue()),
                                              stateOf(op.getFalseValue())));
      });
    }
  }

  NaNBits stateOf(Value value) const {
    if (!twasm::mayHoldNaN(value.getType()))
      return NaNBits::Exact;
    auto joined = states.find(value);
    if (joined != states.end())
      return joined->second;
    Operation *op = value.getDefiningOp();
    if (!op)
      return cast<BlockArgument>(value).getOwner()->isEntryBlock()
                 ? NaNBits::Exact
                 : NaNBits::Unknown;
    if (auto constant = dyn_cast<twasm::ConstOp>(op))
      return twasm::holdsNaN(constant.getValue()) ? NaNBits::Exact
                                           : NaNBits::Unknown;
    if (isa<twasm::SelectOp>(op))
      return NaNBits::Unknown;
    if (isa<VectorType>(value.getType()))
      return twasm::vectorMadeBy(op);
    // Conversions from integers make no NaN.
    if (isa<twasm::ConvertSOp, twasm::ConvertUOp>(op))
      return NaNBits::Unknown;
    return twasm::scalarMadeBy(op);
  }

private:
  bool raise(Value value, NaNBits state) {
    if (!twasm::mayHoldNaN(value.getType()) || state == NaNBits::Unknown)
      return false;
    NaNBits &old = states[value];
    NaNBits joined = twasm::join(old, state);
    return joined != std::exchange(old, joined);
  }

  bool updateArguments(Block &block) {
    bool changed = false;
    auto branch = dyn_cast<BranchOpInterface>(block.getTerminator());
    if (!branch)
      return false;
    for (unsigned i = 0, e = branch->getNumSuccessors(); i < e; ++i) {
      Block *target = branch->getSuccessor(i);
      SuccessorOperands operands = branch.getSuccessorOperands(i);
      for (unsigned k = 0; k < operands.size(); ++k)
        changed |= raise(target->getArgument(k), stateOf(operands[k]));
    }
    return changed;
  }

  twasm::FuncOp func;
  DenseMap<Value, NaNBits> states;
};

struct CanonicalizeNaNs : twasm::impl::CanonicalizeNaNsBase<CanonicalizeNaNs> {
  void runOnOperation() override {
    getOperation().walk([&](twasm::FuncOp func) {
      if (!func.isExternal())
        runOnFunction(func);
    });
  }

  void runOnFunction(twasm::FuncOp func) {
    Classifier classifier(func);
    SmallVector<OpOperand *> observed;
    auto observe = [&](OpOperand &use) {
      if (twasm::isMade(classifier.stateOf(use.get())))
        observed.push_back(&use);
    };
    func.walk([&](Operation *op) {
      // A sign that is part of the arithmetic behind it.
      if (op->getNumOperands() == 1 &&
          twasm::negatesNumbers(op, classifier.stateOf(op->getOperand(0))))
        return;
      // Where bits can be seen. A call's arguments count: the callee takes
      // its parameters as exact.
      if (isa<twasm::StoreOp, twasm::ReinterpretOp, twasm::ReturnOp,
              twasm::CallOp, twasm::CallIndirectOp, twasm::ReturnCallOp,
              twasm::ReturnCallIndirectOp, twasm::GlobalSetOp, twasm::FNegOp,
              twasm::ShuffleOp,
              twasm::FAbsOp, twasm::FCopysignOp, twasm::VSplatOp,
              twasm::VReplaceLaneOp, twasm::ScopedStoreOp, twasm::ScopedRmwOp,
              twasm::ScopedCmpxchgOp>(op)) {
        for (OpOperand &use : op->getOpOperands())
          observe(use);
      } else if (auto select = dyn_cast<twasm::SelectOp>(op)) {
        if (classifier.stateOf(select) == NaNBits::Exact)
          for (OpOperand &use : op->getOpOperands())
            observe(use);
      } else if (auto branch = dyn_cast<BranchOpInterface>(op)) {
        for (unsigned i = 0, e = op->getNumSuccessors(); i < e; ++i) {
          SuccessorOperands operands = branch.getSuccessorOperands(i);
          for (unsigned k = 0; k < operands.size(); ++k)
            if (classifier.stateOf(op->getSuccessor(i)->getArgument(k)) ==
                NaNBits::Exact)
              observe(op->getOpOperand(operands.getOperandIndex(k)));
        }
      } else {
        for (OpOperand &use : op->getOpOperands())
          if (isa<VectorType>(use.get().getType()) &&
              !twasm::readsNumbers(op, classifier.stateOf(use.get())))
            observe(use);
      }
    });

    // One canonicalisation per value, right behind it.
    DenseMap<Value, Value> canonical;
    for (OpOperand *use : observed) {
      Value value = use->get();
      Value &made = canonical[value];
      if (!made) {
        OpBuilder builder(func.getContext());
        builder.setInsertionPointAfterValue(value);
        NaNBits bits = classifier.stateOf(value);
        if (bits == NaNBits::Made)
          made = twasm::CanonicalizeNaNOp::create(builder, value.getLoc(),
                                                  value.getType(), value);
        else
          made = twasm::VCanonicalizeNaNOp::create(
              builder, value.getLoc(),
              bits == NaNBits::MadeF32x4 ? twasm::Shape::F32x4
                                         : twasm::Shape::F64x2,
              value);
        ++numInserted;
      }
      use->set(made);
    }
  }
};

} // namespace
