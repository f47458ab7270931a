//===- Conversions.cpp - conversion patterns ------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm spec section 4.3.4. Trapping truncations are guarded before the
// conversion: fptosi of a value out of range is poison.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;

namespace {

template <typename From, typename To> struct Cast : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<To>(op, op.getType(), op.getValue());
    return success();
  }
};

template <typename From, unsigned bits>
struct ExtendN : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op,
                                PatternRewriter &rewriter) const override {
    Value low = arith::TruncIOp::create(rewriter, op.getLoc(),
                                        rewriter.getIntegerType(bits),
                                        op.getValue());
    rewriter.replaceOpWithNewOp<arith::ExtSIOp>(op, op.getType(), low);
    return success();
  }
};

/// The open interval of floats of `semantics` whose truncation fits: the
/// values just outside it are lo and hi, or lo itself fits (`loIncluded`).
struct Range {
  APFloat lo, hi;
  bool loIncluded;
};

Range truncRange(const llvm::fltSemantics &semantics, unsigned bits,
                 bool isSigned) {
  auto fromDouble = [&](double value, bool &exact) {
    APFloat f(value);
    bool lost = false;
    f.convert(semantics, APFloat::rmTowardZero, &lost);
    exact = !lost;
    return f;
  };
  bool exact = true;
  double hi = std::ldexp(1.0, isSigned ? bits - 1 : bits);
  APFloat high = fromDouble(hi, exact);
  if (!isSigned)
    return {fromDouble(-1.0, exact), high, false};
  // -2^(N-1) - 1 is the first value that does not fit. Where it is not a
  // float, no float lies between it and -2^(N-1), which fits.
  double below = -hi - 1.0;
  bool representable = below != -hi;
  APFloat low = fromDouble(below, exact);
  if (representable && exact)
    return {low, high, false};
  return {fromDouble(-hi, exact), high, true};
}

template <typename From, typename To, bool isSigned>
struct TrappingTrunc : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = op.getValue();
    auto floatType = cast<FloatType>(x.getType());
    Range range = truncRange(floatType.getFloatSemantics(),
                             op.getType().getIntOrFloatBitWidth(), isSigned);
    auto literal = [&](const APFloat &value) -> Value {
      return arith::ConstantOp::create(rewriter, loc,
                                       FloatAttr::get(floatType, value));
    };
    auto compare = [&](arith::CmpFPredicate p, Value a, Value b) -> Value {
      return arith::CmpFOp::create(rewriter, loc, p, a, b);
    };
    using P = arith::CmpFPredicate;
    trapIf(rewriter, op, compare(P::UNO, x, x),
           twasm::TrapCode::InvalidConversion);
    Value low = compare(range.loIncluded ? P::OLT : P::OLE, x,
                        literal(range.lo));
    Value high = compare(P::OGE, x, literal(range.hi));
    trapIf(rewriter, op, arith::OrIOp::create(rewriter, loc, low, high),
           twasm::TrapCode::IntegerOverflow);
    rewriter.replaceOpWithNewOp<To>(op, op.getType(), x);
    return success();
  }
};

/// LLVM's saturating conversions have Wasm's meaning, 0 for NaN included; MLIR
/// has no op of its own for them.
template <typename From> struct TruncSat : OpRewritePattern<From> {
  TruncSat(MLIRContext *context, StringRef intrinsic)
      : OpRewritePattern<From>(context), intrinsic(intrinsic) {}
  LogicalResult matchAndRewrite(From op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
        op, op.getType(), rewriter.getStringAttr(intrinsic),
        ValueRange{op.getValue()});
    return success();
  }
  StringRef intrinsic;
};

} // namespace

void twc::populateConversionPatterns(RewritePatternSet &patterns) {
  patterns
      .add<Cast<twasm::WrapOp, arith::TruncIOp>,
           Cast<twasm::ExtendSOp, arith::ExtSIOp>,
           Cast<twasm::ExtendUOp, arith::ExtUIOp>,
           ExtendN<twasm::Extend8SOp, 8>, ExtendN<twasm::Extend16SOp, 16>,
           ExtendN<twasm::Extend32SOp, 32>,
           TrappingTrunc<twasm::TruncSOp, arith::FPToSIOp, true>,
           TrappingTrunc<twasm::TruncUOp, arith::FPToUIOp, false>,
           Cast<twasm::ConvertSOp, arith::SIToFPOp>,
           Cast<twasm::ConvertUOp, arith::UIToFPOp>,
           Cast<twasm::DemoteOp, arith::TruncFOp>,
           Cast<twasm::PromoteOp, arith::ExtFOp>,
           Cast<twasm::ReinterpretOp, arith::BitcastOp>>(
          patterns.getContext());
  patterns.add<TruncSat<twasm::TruncSatSOp>>(patterns.getContext(),
                                             "llvm.fptosi.sat");
  patterns.add<TruncSat<twasm::TruncSatUOp>>(patterns.getContext(),
                                             "llvm.fptoui.sat");
}
