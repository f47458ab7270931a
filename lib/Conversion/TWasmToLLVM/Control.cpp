//===- Control.cpp - control patterns -------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Branches keep their blocks. call_indirect is devirtualised: this version's
// tables are constant after instantiation, so it becomes a switch over the
// elements that have the right type.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"

using namespace mlir;
using namespace twc;

/// The launch constants of `inside`'s function, then `arguments`.
static SmallVector<Value> withConstants(Operation *inside,
                                        ValueRange arguments) {
  SmallVector<Value> all;
  for (unsigned i = 0; i < NumLaunchConstants; ++i)
    all.push_back(getLaunchConstant(inside, LaunchConstant(i)));
  llvm::append_range(all, arguments);
  return all;
}

/// Leaves the thread for good at the builder's insertion point.
static void trap(OpBuilder &b, Operation *op, twasm::TrapCode code) {
  auto [function, at] = getPlace(op);
  twasm::RtTrapOp::create(b, op->getLoc(), getLaunchConstant(op, RuntimePtr),
                          code, function, at);
}

namespace {

struct Br : OpRewritePattern<twasm::BrOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::BrOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<cf::BranchOp>(op, op.getDest(),
                                              op.getDestOperands());
    return success();
  }
};

struct BrIf : OpRewritePattern<twasm::BrIfOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::BrIfOp op,
                                PatternRewriter &rewriter) const override {
    Value zero = arith::ConstantOp::create(rewriter, op.getLoc(),
                                           rewriter.getI32IntegerAttr(0));
    Value bit = arith::CmpIOp::create(rewriter, op.getLoc(),
                                      arith::CmpIPredicate::ne,
                                      op.getCondition(), zero);
    rewriter.replaceOpWithNewOp<cf::CondBranchOp>(
        op, bit, op.getTrueDest(), op.getTrueOperands(), op.getFalseDest(),
        op.getFalseOperands());
    return success();
  }
};

struct BrTable : OpRewritePattern<twasm::BrTableOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::BrTableOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getCaseDests().empty()) {
      rewriter.replaceOpWithNewOp<cf::BranchOp>(op, op.getDefaultDest(),
                                                op.getDefaultOperands());
      return success();
    }
    SmallVector<int32_t> values(op.getCaseDests().size());
    std::iota(values.begin(), values.end(), 0);
    SmallVector<ValueRange> operands;
    for (OperandRange range : op.getCaseOperands())
      operands.push_back(range);
    rewriter.replaceOpWithNewOp<cf::SwitchOp>(
        op, op.getIndex(), op.getDefaultDest(), op.getDefaultOperands(),
        ArrayRef<int32_t>(values), op.getCaseDests(), operands);
    return success();
  }
};

struct Return : OpRewritePattern<twasm::ReturnOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::ReturnOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<func::ReturnOp>(op, op.getValues());
    return success();
  }
};

struct Unreachable : OpRewritePattern<twasm::UnreachableOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::UnreachableOp op,
                                PatternRewriter &rewriter) const override {
    trap(rewriter, op, twasm::TrapCode::Unreachable);
    rewriter.eraseOp(op);
    return success();
  }
};

struct Call : OpRewritePattern<twasm::CallOp> {
  Call(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern(context), info(info) {}
  LogicalResult matchAndRewrite(twasm::CallOp op,
                                PatternRewriter &rewriter) const override {
    func::FuncOp callee = info.functions.lookup(op.getCallee());
    if (!callee)
      return op.emitError("calls an import that is not provided on a device: ")
             << op.getCalleeAttr();
    rewriter.replaceOpWithNewOp<func::CallOp>(
        op, callee, withConstants(op, op.getArgs()));
    return success();
  }
  const ModuleInfo &info;
};

struct CallIndirect : OpRewritePattern<twasm::CallIndirectOp> {
  CallIndirect(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern(context), info(info) {}

  LogicalResult matchAndRewrite(twasm::CallIndirectOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    const TableContents &table = info.tables.find(op.getTable())->second;
    SmallVector<Type> signature(launchConstantTypes(b.getContext()));
    llvm::append_range(signature, op.getArgs().getTypes());
    FunctionType type = b.getFunctionType(signature, op->getResultTypes());

    Block *before = op->getBlock();
    Block *after = b.splitBlock(before, op->getIterator());
    for (Type result : op->getResultTypes())
      after->addArgument(result, loc);
    Region *region = before->getParent();
    auto block = [&] { return b.createBlock(region, after->getIterator()); };

    // Spec 4.4.8, call_indirect: range, then null, then type. Only elements
    // that are there are cases: a table may have millions of slots.
    Block *nothing = block();
    Value size = arith::ConstantOp::create(
        b, loc, b.getI32IntegerAttr(static_cast<int32_t>(table.size)));
    Value outside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::uge,
                                          op.getIndex(), size);
    trapIf(b, op, outside, twasm::TrapCode::UndefinedElement);
    trap(b, op, twasm::TrapCode::UninitializedElement);
    Block *mismatch = nullptr;
    llvm::MapVector<Operation *, Block *> calls;
    SmallVector<int32_t> cases;
    SmallVector<Block *> dests;
    for (auto [i, element] : table.elements) {
      func::FuncOp callee = element;
      if (!callee) // pruned: no call of a live function can reach it
        continue;
      cases.push_back(i);
      if (callee.getFunctionType() != type) {
        if (!mismatch) {
          mismatch = block();
          trap(b, op, twasm::TrapCode::IndirectCallMismatch);
        }
        dests.push_back(mismatch);
        continue;
      }
      Block *&target = calls[callee];
      if (!target) {
        target = block();
        auto call = func::CallOp::create(b, loc, callee,
                                         withConstants(op, op.getArgs()));
        cf::BranchOp::create(b, loc, after, call.getResults());
      }
      dests.push_back(target);
    }
    b.setInsertionPointToEnd(before);
    if (cases.empty())
      cf::BranchOp::create(b, loc, nothing);
    else
      cf::SwitchOp::create(b, loc, op.getIndex(), nothing, ValueRange(),
                           ArrayRef<int32_t>(cases), dests,
                           SmallVector<ValueRange>(dests.size()));
    b.replaceOp(op, after->getArguments());
    return success();
  }
  const ModuleInfo &info;
};

} // namespace

void twc::populateControlPatterns(RewritePatternSet &patterns,
                                  const ModuleInfo &info) {
  patterns.add<Br, BrIf, BrTable, Return, Unreachable>(patterns.getContext());
  patterns.add<Call, CallIndirect>(patterns.getContext(), info);
}
