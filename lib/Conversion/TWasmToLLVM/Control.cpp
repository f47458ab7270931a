//===- Control.cpp - control patterns -------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Branches keep their blocks; calls pass the launch constants on. Calls through
// tables are in IndirectCalls.cpp.
//
//===----------------------------------------------------------------------===//

#include "TableAccess.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"

using namespace mlir;
using namespace twc;

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
    func::FuncOp callee = info.calleeOf(op, op.getCallee());
    if (!callee)
      return op.emitError("calls an import that is not provided on a device: ")
             << op.getCalleeAttr();
    rewriter.replaceOpWithNewOp<func::CallOp>(
        op, callee,
        withConstants(rewriter, op, callee, op.getArgs(), info));
    return success();
  }
  const ModuleInfo &info;
};

/// A tail call is marked, and the return of its results follows it: what makes
/// loops of cycles of them looks for that.
struct ReturnCall : OpRewritePattern<twasm::ReturnCallOp> {
  ReturnCall(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern(context), info(info) {}
  LogicalResult matchAndRewrite(twasm::ReturnCallOp op,
                                PatternRewriter &rewriter) const override {
    func::FuncOp callee = info.calleeOf(op, op.getCallee());
    if (!callee)
      return op.emitError("calls an import that is not provided on a device: ")
             << op.getCalleeAttr();
    auto call = func::CallOp::create(
        rewriter, op.getLoc(), callee,
        withConstants(rewriter, op, callee, op.getArgs(), info));
    call->setAttr(tailAttr, rewriter.getUnitAttr());
    rewriter.replaceOpWithNewOp<func::ReturnOp>(op, call.getResults());
    return success();
  }
  const ModuleInfo &info;
};

} // namespace

void twc::populateControlPatterns(RewritePatternSet &patterns,
                                  const ModuleInfo &info) {
  patterns.add<Br, BrIf, BrTable, Return, Unreachable>(patterns.getContext());
  patterns.add<Call, ReturnCall>(patterns.getContext(), info);
  populateIndirectCallPatterns(patterns, info);
}
