//===- Fuel.cpp - fuel is counted in the thread's counter -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The counter lies in the entry point's frame and is reached by a launch
// constant: no other thread can see it, so plain loads and stores do.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;

namespace {

struct ConsumeFuel : OpRewritePattern<twasm::ConsumeFuelOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::ConsumeFuelOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value counter = getLaunchConstant(op, ThreadPtr);
    Value cost = arith::ConstantOp::create(b, loc, op.getCostAttr());
    Value left = LLVM::LoadOp::create(b, loc, b.getI64Type(), counter, 8);
    // Unsigned: all ones is as good as no limit.
    Value exhausted =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, left, cost);
    trapIf(b, op, exhausted, twasm::TrapCode::FuelExhausted);
    Value rest = arith::SubIOp::create(b, loc, left, cost);
    LLVM::StoreOp::create(b, loc, rest, counter, 8);
    b.eraseOp(op);
    return success();
  }
};

} // namespace

void twc::populateFuelPatterns(RewritePatternSet &patterns) {
  patterns.add<ConsumeFuel>(patterns.getContext());
}
