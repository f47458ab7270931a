//===- SimdFloat.cpp - float vector patterns ------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec section 4.4.3. Signs, selections and canonicalisation work on
// integer lanes, so that no bit of a NaN is lost on the way.
//
//===----------------------------------------------------------------------===//

#include "Simd.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace twc;
using twasm::Shape;

/// The integer shape with lanes of the same width.
static Shape bitsOf(Shape shape) {
  return shape == Shape::F32x4 ? Shape::I32x4 : Shape::I64x2;
}

namespace {

/// All operands viewed in the op's shape, then one op.
template <typename From, typename To> struct Lanewise : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(lanes.view(operand, op.getShape()));
    Value result =
        To::create(b, op.getLoc(), TypeRange(lanes.type(op.getShape())),
                   operands)
            ->getResult(0);
    b.replaceOp(op, lanes.v128(result));
    return success();
  }
};

/// Sign bits cleared or flipped.
template <typename From, typename To> struct Sign : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Shape shape = bitsOf(op.getShape());
    unsigned width = twasm::getLaneBits(shape);
    APInt sign = APInt::getSignMask(width);
    bool clears = std::is_same_v<To, arith::AndIOp>;
    Value mask = lanes.splat(lanes.type(shape),
                             (clears ? ~sign : sign).getSExtValue());
    Value x = lanes.view(op.getValue(), shape);
    b.replaceOp(op, lanes.v128(To::create(b, op.getLoc(), x, mask)));
    return success();
  }
};

/// Behind a fence, for the reason that the scalar pattern gives.
struct Sqrt : OpRewritePattern<twasm::VFSqrtOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VFSqrtOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value root = math::SqrtOp::create(
        b, op.getLoc(), lanes.view(op.getValue(), op.getShape()));
    auto fenced = LLVM::CallIntrinsicOp::create(
        b, op.getLoc(), root.getType(),
        b.getStringAttr("llvm.arithmetic.fence"), ValueRange{root});
    b.replaceOp(op, lanes.v128(fenced->getResult(0)));
    return success();
  }
};

/// pmin: b < a ? b : a. pmax: a < b ? b : a. With a NaN, a.
template <typename From, bool isMin>
struct PseudoMinMax : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    Value x = lanes.view(op.getLhs(), op.getShape());
    Value y = lanes.view(op.getRhs(), op.getShape());
    Value takesB = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT,
                                         isMin ? y : x, isMin ? x : y);
    Shape shape = bitsOf(op.getShape());
    Value chosen = arith::SelectOp::create(
        b, loc, takesB, lanes.view(op.getRhs(), shape),
        lanes.view(op.getLhs(), shape));
    b.replaceOp(op, lanes.v128(chosen));
    return success();
  }
};

/// c - a * b with one rounding is (-a) * b + c: negation is exact.
struct NegatedFma : OpRewritePattern<twasm::VFNmaddOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VFNmaddOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    Value negated = arith::NegFOp::create(
        b, loc, lanes.view(op.getA(), op.getShape()));
    Value result = math::FmaOp::create(b, loc, negated,
                                       lanes.view(op.getB(), op.getShape()),
                                       lanes.view(op.getC(), op.getShape()));
    b.replaceOp(op, lanes.v128(result));
    return success();
  }
};

struct CanonicalizeNaN : OpRewritePattern<twasm::VCanonicalizeNaNOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VCanonicalizeNaNOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    Value x = lanes.view(op.getValue(), op.getShape());
    Value isNaN =
        arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, x, x);
    Shape shape = bitsOf(op.getShape());
    Value canonical =
        lanes.splat(lanes.type(shape), op.getShape() == Shape::F32x4
                                           ? 0x7fc00000
                                           : 0x7ff8000000000000);
    Value chosen = arith::SelectOp::create(
        b, loc, isNaN, canonical, lanes.view(op.getValue(), shape));
    b.replaceOp(op, lanes.v128(chosen));
    return success();
  }
};

template <typename From> struct Compare : OpRewritePattern<From> {
  Compare(MLIRContext *context, arith::CmpFPredicate predicate)
      : OpRewritePattern<From>(context), predicate(predicate) {}
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value bits = arith::CmpFOp::create(
        b, op.getLoc(), predicate, lanes.view(op.getLhs(), op.getShape()),
        lanes.view(op.getRhs(), op.getShape()));
    Value mask = arith::ExtSIOp::create(
        b, op.getLoc(), lanes.type(bitsOf(op.getShape())), bits);
    b.replaceOp(op, lanes.v128(mask));
    return success();
  }
  arith::CmpFPredicate predicate;
};

/// LLVM's saturating conversions have Wasm's meaning, 0 for NaN included.
template <typename From> struct TruncSat : OpRewritePattern<From> {
  TruncSat(MLIRContext *context, StringRef intrinsic)
      : OpRewritePattern<From>(context), intrinsic(intrinsic) {}
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value x = lanes.view(op.getValue(), op.getShape());
    Value numbers =
        LLVM::CallIntrinsicOp::create(b, op.getLoc(), Lanes::withBits(x, 32),
                                      b.getStringAttr(intrinsic),
                                      ValueRange{x})
            ->getResult(0);
    if (op.getShape() == Shape::F64x2)
      numbers = lanes.withZeros(numbers);
    b.replaceOp(op, numbers);
    return success();
  }
  StringRef intrinsic;
};

template <typename From, typename To> struct Convert : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value x = op.getValue();
    if (op.getShape() == Shape::F64x2)
      x = lanes.pick(x, 0, 2);
    b.replaceOp(op, lanes.v128(To::create(b, op.getLoc(),
                                          lanes.type(op.getShape()), x)));
    return success();
  }
};

struct Demote : OpRewritePattern<twasm::VDemoteOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VDemoteOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value x = lanes.view(op.getValue(), Shape::F64x2);
    Value narrow = arith::TruncFOp::create(
        b, op.getLoc(), VectorType::get({2}, b.getF32Type()), x);
    b.replaceOp(op, lanes.v128(lanes.withZeros(narrow)));
    return success();
  }
};

struct Promote : OpRewritePattern<twasm::VPromoteOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VPromoteOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value low = lanes.pick(lanes.view(op.getValue(), Shape::F32x4), 0, 2);
    b.replaceOp(op, lanes.v128(arith::ExtFOp::create(
                        b, op.getLoc(), lanes.type(Shape::F64x2), low)));
    return success();
  }
};

} // namespace

void twc::populateSimdFloatPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<
      Sqrt, NegatedFma, CanonicalizeNaN, Demote, Promote,
      Sign<twasm::VFAbsOp, arith::AndIOp>, Sign<twasm::VFNegOp, arith::XOrIOp>,
      PseudoMinMax<twasm::VFPMinOp, true>, PseudoMinMax<twasm::VFPMaxOp, false>,
      Lanewise<twasm::VFCeilOp, math::CeilOp>,
      Lanewise<twasm::VFFloorOp, math::FloorOp>,
      Lanewise<twasm::VFTruncOp, math::TruncOp>,
      Lanewise<twasm::VFNearestOp, math::RoundEvenOp>,
      Lanewise<twasm::VFAddOp, arith::AddFOp>,
      Lanewise<twasm::VFSubOp, arith::SubFOp>,
      Lanewise<twasm::VFMulOp, arith::MulFOp>,
      Lanewise<twasm::VFDivOp, arith::DivFOp>,
      Lanewise<twasm::VFMinOp, arith::MinimumFOp>,
      Lanewise<twasm::VFMaxOp, arith::MaximumFOp>,
      Lanewise<twasm::VFMaddOp, math::FmaOp>,
      Convert<twasm::VConvertSOp, arith::SIToFPOp>,
      Convert<twasm::VConvertUOp, arith::UIToFPOp>>(context);
  patterns.add<TruncSat<twasm::VTruncSatSOp>>(context, "llvm.fptosi.sat");
  patterns.add<TruncSat<twasm::VTruncSatUOp>>(context, "llvm.fptoui.sat");

  // A comparison with a NaN is false, except ne.
  using P = arith::CmpFPredicate;
  patterns.add<Compare<twasm::VFEqOp>>(context, P::OEQ);
  patterns.add<Compare<twasm::VFNeOp>>(context, P::UNE);
  patterns.add<Compare<twasm::VFLtOp>>(context, P::OLT);
  patterns.add<Compare<twasm::VFGtOp>>(context, P::OGT);
  patterns.add<Compare<twasm::VFLeOp>>(context, P::OLE);
  patterns.add<Compare<twasm::VFGeOp>>(context, P::OGE);
}
