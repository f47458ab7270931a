//===- Numeric.cpp - numeric and parametric patterns ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm's operators as arith and math ops. Where Wasm defines what LLVM leaves
// undefined (shift counts, division), the pattern says how it is kept away.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace twc;

namespace {

/// One op to one op with the same operands and result.
template <typename From, typename To>
struct Direct : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<To>(op, op->getResultTypes(),
                                    op->getOperands());
    return success();
  }
};

Value constant(OpBuilder &b, Location loc, Type type, int64_t value) {
  return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
}

struct Const : OpRewritePattern<twasm::ConstOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::ConstOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, op.getValue());
    return success();
  }
};

/// ishl, ishr: Wasm takes the count modulo N; arith leaves counts >= N
/// undefined and PTX clamps them.
template <typename From, typename To> struct Shift : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    Value mask = constant(rewriter, op.getLoc(), type,
                          type.getIntOrFloatBitWidth() - 1);
    Value count =
        arith::AndIOp::create(rewriter, op.getLoc(), op.getRhs(), mask);
    rewriter.replaceOpWithNewOp<To>(op, op.getLhs(), count);
    return success();
  }
};

/// Funnel shifts take the count modulo N by definition.
template <typename From, typename To> struct Rotate : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<To>(op, op.getType(), op.getLhs(), op.getLhs(),
                                    op.getRhs());
    return success();
  }
};

/// Division and remainder: both LLVM and PTX leave a zero divisor and
/// INT_MIN / -1 undefined, so the guard comes first.
template <typename From, typename To, bool isSigned, bool isRem>
struct Division : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type type = op.getType();
    Value lhs = op.getLhs(), rhs = op.getRhs();
    Value zero = constant(rewriter, loc, type, 0);
    Value isZero = rewriter.createOrFold<arith::CmpIOp>(
        loc, arith::CmpIPredicate::eq, rhs, zero);
    trapIf(rewriter, op, isZero, twasm::TrapCode::IntegerDivideByZero);
    if (isSigned) {
      unsigned width = type.getIntOrFloatBitWidth();
      Value minusOne = constant(rewriter, loc, type, -1);
      Value byMinusOne = rewriter.createOrFold<arith::CmpIOp>(
          loc, arith::CmpIPredicate::eq, rhs, minusOne);
      if (isRem) {
        // x % -1 is 0 for every x; dividing by 1 instead gives that.
        Value one = constant(rewriter, loc, type, 1);
        rhs = rewriter.createOrFold<arith::SelectOp>(loc, byMinusOne, one, rhs);
      } else {
        Value min = arith::ConstantOp::create(
            rewriter, loc,
            rewriter.getIntegerAttr(type, APInt::getSignedMinValue(width)));
        Value isMin = rewriter.createOrFold<arith::CmpIOp>(
            loc, arith::CmpIPredicate::eq, lhs, min);
        Value overflow =
            rewriter.createOrFold<arith::AndIOp>(loc, isMin, byMinusOne);
        trapIf(rewriter, op, overflow, twasm::TrapCode::IntegerOverflow);
      }
    }
    rewriter.replaceOpWithNewOp<To>(op, lhs, rhs);
    return success();
  }
};

template <typename From> struct IntCompare : OpRewritePattern<From> {
  IntCompare(MLIRContext *context, arith::CmpIPredicate predicate)
      : OpRewritePattern<From>(context), predicate(predicate) {}
  LogicalResult matchAndRewrite(From op,
                                PatternRewriter &rewriter) const override {
    Value bit = arith::CmpIOp::create(rewriter, op.getLoc(), predicate,
                                      op.getLhs(), op.getRhs());
    rewriter.replaceOpWithNewOp<arith::ExtUIOp>(op, op.getType(), bit);
    return success();
  }
  arith::CmpIPredicate predicate;
};

template <typename From> struct FloatCompare : OpRewritePattern<From> {
  FloatCompare(MLIRContext *context, arith::CmpFPredicate predicate)
      : OpRewritePattern<From>(context), predicate(predicate) {}
  LogicalResult matchAndRewrite(From op,
                                PatternRewriter &rewriter) const override {
    Value bit = arith::CmpFOp::create(rewriter, op.getLoc(), predicate,
                                      op.getLhs(), op.getRhs());
    rewriter.replaceOpWithNewOp<arith::ExtUIOp>(op, op.getType(), bit);
    return success();
  }
  arith::CmpFPredicate predicate;
};

struct Eqz : OpRewritePattern<twasm::IEqzOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::IEqzOp op,
                                PatternRewriter &rewriter) const override {
    Value zero =
        constant(rewriter, op.getLoc(), op.getValue().getType(), 0);
    Value bit = arith::CmpIOp::create(rewriter, op.getLoc(),
                                      arith::CmpIPredicate::eq, op.getValue(),
                                      zero);
    rewriter.replaceOpWithNewOp<arith::ExtUIOp>(op, op.getType(), bit);
    return success();
  }
};

struct Select : OpRewritePattern<twasm::SelectOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::SelectOp op,
                                PatternRewriter &rewriter) const override {
    Value zero = constant(rewriter, op.getLoc(), rewriter.getI32Type(), 0);
    Value bit = arith::CmpIOp::create(rewriter, op.getLoc(),
                                      arith::CmpIPredicate::ne,
                                      op.getCondition(), zero);
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, bit, op.getTrueValue(),
                                                 op.getFalseValue());
    return success();
  }
};

/// LLVM folds `x < 0 ? NaN : sqrt(x)` to `sqrt(x)`, any NaN being as good as
/// any other to it, and so undoes the canonicalisation of a negative operand's
/// result. It does not look through the fence.
struct Sqrt : OpRewritePattern<twasm::FSqrtOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::FSqrtOp op,
                                PatternRewriter &rewriter) const override {
    Value root =
        math::SqrtOp::create(rewriter, op.getLoc(), op.getValue());
    rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
        op, op.getType(), rewriter.getStringAttr("llvm.arithmetic.fence"),
        ValueRange{root});
    return success();
  }
};

/// Chosen among integers: LLVM has fewer folds for those than for selects
/// between floats.
struct CanonicalizeNaN : OpRewritePattern<twasm::CanonicalizeNaNOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::CanonicalizeNaNOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    bool single = op.getType().isF32();
    Type bitsType = single ? rewriter.getI32Type() : rewriter.getI64Type();
    Value isNaN = arith::CmpFOp::create(
        rewriter, loc, arith::CmpFPredicate::UNO, op.getValue(), op.getValue());
    Value bits =
        arith::BitcastOp::create(rewriter, loc, bitsType, op.getValue());
    Value canonical = constant(rewriter, loc, bitsType,
                               single ? 0x7fc00000 : 0x7ff8000000000000);
    Value chosen =
        arith::SelectOp::create(rewriter, loc, isNaN, canonical, bits);
    rewriter.replaceOpWithNewOp<arith::BitcastOp>(op, op.getType(), chosen);
    return success();
  }
};

} // namespace

void twc::populateNumericPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<
      Const, Eqz, Select, CanonicalizeNaN, Sqrt,
      Direct<twasm::IAddOp, arith::AddIOp>,
      Direct<twasm::ISubOp, arith::SubIOp>,
      Direct<twasm::IMulOp, arith::MulIOp>,
      Direct<twasm::IAndOp, arith::AndIOp>, Direct<twasm::IOrOp, arith::OrIOp>,
      Direct<twasm::IXorOp, arith::XOrIOp>,
      Direct<twasm::IClzOp, math::CountLeadingZerosOp>,
      Direct<twasm::ICtzOp, math::CountTrailingZerosOp>,
      Direct<twasm::IPopcntOp, math::CtPopOp>,
      Shift<twasm::IShlOp, arith::ShLIOp>,
      Shift<twasm::IShrSOp, arith::ShRSIOp>,
      Shift<twasm::IShrUOp, arith::ShRUIOp>,
      Rotate<twasm::IRotlOp, LLVM::FshlOp>,
      Rotate<twasm::IRotrOp, LLVM::FshrOp>,
      Division<twasm::IDivSOp, arith::DivSIOp, true, false>,
      Division<twasm::IDivUOp, arith::DivUIOp, false, false>,
      Division<twasm::IRemSOp, arith::RemSIOp, true, true>,
      Division<twasm::IRemUOp, arith::RemUIOp, false, true>,
      Direct<twasm::FAbsOp, math::AbsFOp>,
      Direct<twasm::FNegOp, arith::NegFOp>,
      Direct<twasm::FCeilOp, math::CeilOp>,
      Direct<twasm::FFloorOp, math::FloorOp>,
      Direct<twasm::FTruncOp, math::TruncOp>,
      Direct<twasm::FNearestOp, math::RoundEvenOp>,
      Direct<twasm::FAddOp, arith::AddFOp>,
      Direct<twasm::FSubOp, arith::SubFOp>,
      Direct<twasm::FMulOp, arith::MulFOp>,
      Direct<twasm::FDivOp, arith::DivFOp>,
      Direct<twasm::FMinOp, arith::MinimumFOp>,
      Direct<twasm::FMaxOp, arith::MaximumFOp>,
      Direct<twasm::FCopysignOp, math::CopySignOp>,
      Direct<twasm::FmaOp, math::FmaOp>>(context);

  using IP = arith::CmpIPredicate;
  patterns.add<IntCompare<twasm::IEqOp>>(context, IP::eq);
  patterns.add<IntCompare<twasm::INeOp>>(context, IP::ne);
  patterns.add<IntCompare<twasm::ILtSOp>>(context, IP::slt);
  patterns.add<IntCompare<twasm::ILtUOp>>(context, IP::ult);
  patterns.add<IntCompare<twasm::IGtSOp>>(context, IP::sgt);
  patterns.add<IntCompare<twasm::IGtUOp>>(context, IP::ugt);
  patterns.add<IntCompare<twasm::ILeSOp>>(context, IP::sle);
  patterns.add<IntCompare<twasm::ILeUOp>>(context, IP::ule);
  patterns.add<IntCompare<twasm::IGeSOp>>(context, IP::sge);
  patterns.add<IntCompare<twasm::IGeUOp>>(context, IP::uge);
  // Wasm: a comparison with a NaN is false, except fne.
  using FP = arith::CmpFPredicate;
  patterns.add<FloatCompare<twasm::FEqOp>>(context, FP::OEQ);
  patterns.add<FloatCompare<twasm::FNeOp>>(context, FP::UNE);
  patterns.add<FloatCompare<twasm::FLtOp>>(context, FP::OLT);
  patterns.add<FloatCompare<twasm::FGtOp>>(context, FP::OGT);
  patterns.add<FloatCompare<twasm::FLeOp>>(context, FP::OLE);
  patterns.add<FloatCompare<twasm::FGeOp>>(context, FP::OGE);
}
