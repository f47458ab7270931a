//===- SimdInteger.cpp - integer vector patterns --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec section 4.4.3: arith and math ops on vectors of lanes, and
// LLVM's saturating intrinsics, which MLIR has no op of its own for.
//
//===----------------------------------------------------------------------===//

#include "Simd.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace twc;
using twasm::Shape;

namespace {

/// Two operands, one op on their lanes.
template <typename From, typename To> struct Binary : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value result = To::create(b, op.getLoc(), lanes.type(op.getShape()),
                              lanes.view(op.getLhs(), op.getShape()),
                              lanes.view(op.getRhs(), op.getShape()));
    b.replaceOp(op, lanes.v128(result));
    return success();
  }
};

struct Abs : OpRewritePattern<twasm::VIAbsOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VIAbsOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value x = lanes.view(op.getValue(), op.getShape());
    b.replaceOp(op, lanes.v128(math::AbsIOp::create(b, op.getLoc(), x)));
    return success();
  }
};

struct Neg : OpRewritePattern<twasm::VINegOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VINegOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value zero = lanes.splat(lanes.type(op.getShape()), 0);
    Value x = lanes.view(op.getValue(), op.getShape());
    b.replaceOp(op,
                lanes.v128(arith::SubIOp::create(b, op.getLoc(), zero, x)));
    return success();
  }
};

struct Popcnt : OpRewritePattern<twasm::VPopcntOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VPopcntOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value x = lanes.view(op.getValue(), Shape::I8x16);
    b.replaceOp(op, lanes.v128(math::CtPopOp::create(b, op.getLoc(), x)));
    return success();
  }
};

/// (a + b + 1) / 2 in lanes of twice the width, where nothing wraps.
struct AvgrU : OpRewritePattern<twasm::VAvgrUOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VAvgrUOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    unsigned bits = twasm::getLaneBits(op.getShape());
    auto wide = [&](Value v) {
      return lanes.extend(lanes.view(v, op.getShape()), 2 * bits, false);
    };
    Value sum =
        arith::AddIOp::create(b, loc, wide(op.getLhs()), wide(op.getRhs()));
    Value one = lanes.splat(cast<VectorType>(sum.getType()), 1);
    sum = arith::AddIOp::create(b, loc, sum, one);
    Value half = arith::ShRUIOp::create(b, loc, sum, one);
    b.replaceOp(op, lanes.v128(arith::TruncIOp::create(
                        b, loc, lanes.type(op.getShape()), half)));
    return success();
  }
};

/// Only -2^15 * -2^15 leaves the range, above.
struct Q15MulrSat : OpRewritePattern<twasm::VQ15MulrSatSOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VQ15MulrSatSOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    auto wide = [&](Value v) {
      return lanes.extend(lanes.view(v, Shape::I16x8), 32, true);
    };
    Value product =
        arith::MulIOp::create(b, loc, wide(op.getLhs()), wide(op.getRhs()));
    auto type = cast<VectorType>(product.getType());
    Value rounded = arith::AddIOp::create(b, loc, product,
                                          lanes.splat(type, 0x4000));
    Value shifted =
        arith::ShRSIOp::create(b, loc, rounded, lanes.splat(type, 15));
    Value clamped =
        arith::MinSIOp::create(b, loc, shifted, lanes.splat(type, 0x7fff));
    b.replaceOp(op, lanes.v128(arith::TruncIOp::create(
                        b, loc, lanes.type(Shape::I16x8), clamped)));
    return success();
  }
};

/// Wasm takes the count modulo N; arith leaves counts >= N undefined.
template <typename From, typename To> struct Shift : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    unsigned bits = twasm::getLaneBits(op.getShape());
    Value mask = arith::ConstantOp::create(b, loc,
                                           b.getI32IntegerAttr(bits - 1));
    Value count = arith::AndIOp::create(b, loc, op.getCount(), mask);
    if (bits < 32)
      count = arith::TruncIOp::create(b, loc, b.getIntegerType(bits), count);
    else if (bits > 32)
      count = arith::ExtUIOp::create(b, loc, b.getIntegerType(bits), count);
    Value counts = lanes.splat(lanes.type(op.getShape()), count);
    Value x = lanes.view(op.getValue(), op.getShape());
    b.replaceOp(op, lanes.v128(To::create(b, loc, x, counts)));
    return success();
  }
};

template <typename From> struct Compare : OpRewritePattern<From> {
  Compare(MLIRContext *context, arith::CmpIPredicate predicate)
      : OpRewritePattern<From>(context), predicate(predicate) {}
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value bits = arith::CmpIOp::create(
        b, op.getLoc(), predicate, lanes.view(op.getLhs(), op.getShape()),
        lanes.view(op.getRhs(), op.getShape()));
    Value mask = arith::ExtSIOp::create(b, op.getLoc(),
                                        lanes.type(op.getShape()), bits);
    b.replaceOp(op, lanes.v128(mask));
    return success();
  }
  arith::CmpIPredicate predicate;
};

/// Half the lanes of each operand, twice as wide, multiplied.
template <typename From, bool isHigh, bool isSigned>
struct Extmul : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    unsigned count = twasm::getLaneCount(op.getShape());
    auto wide = [&](Value v) {
      Value half = lanes.pick(lanes.view(v, halfOf(op.getShape())),
                              isHigh ? count : 0, count);
      return lanes.extend(half, twasm::getLaneBits(op.getShape()), isSigned);
    };
    Value product = arith::MulIOp::create(b, op.getLoc(), wide(op.getLhs()),
                                          wide(op.getRhs()));
    b.replaceOp(op, lanes.v128(product));
    return success();
  }
};

/// `x`'s lanes, of twice the width, first + second + ...
Value sumPairs(const Lanes &lanes, Value x, bool isSigned) {
  auto type = cast<VectorType>(x.getType());
  unsigned count = type.getNumElements() / 2;
  unsigned bits = 2 * type.getElementTypeBitWidth();
  Value even = lanes.extend(lanes.pick(x, 0, count, 2), bits, isSigned);
  Value odd = lanes.extend(lanes.pick(x, 1, count, 2), bits, isSigned);
  return arith::AddIOp::create(lanes.b, lanes.loc, even, odd);
}

template <typename From, bool isSigned>
struct Extadd : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value x = lanes.view(op.getValue(), halfOf(op.getShape()));
    b.replaceOp(op, lanes.v128(sumPairs(lanes, x, isSigned)));
    return success();
  }
};

/// Products of signed lanes of `shape`, in twice the width, added in pairs
/// modulo 2^N.
Value dot(const Lanes &lanes, Value lhs, Value rhs, Shape shape) {
  unsigned bits = 2 * twasm::getLaneBits(shape);
  unsigned count = twasm::getLaneCount(shape) / 2;
  auto product = [&](unsigned first) -> Value {
    auto wide = [&](Value v) {
      return lanes.extend(lanes.pick(lanes.view(v, shape), first, count, 2),
                          bits, true);
    };
    return arith::MulIOp::create(lanes.b, lanes.loc, wide(lhs), wide(rhs));
  };
  Value even = product(0), odd = product(1);
  return arith::AddIOp::create(lanes.b, lanes.loc, even, odd);
}

template <typename From, Shape shape> struct Dot : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    b.replaceOp(op, lanes.v128(dot(lanes, op.getLhs(), op.getRhs(), shape)));
    return success();
  }
};

struct DotAdd : OpRewritePattern<twasm::VDotI7AddSOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VDotI7AddSOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value pairs = dot(lanes, op.getLhs(), op.getRhs(), Shape::I8x16);
    b.replaceOpWithNewOp<arith::AddIOp>(op, sumPairs(lanes, pairs, true),
                                        op.getAcc());
    return success();
  }
};

} // namespace

void twc::populateSimdIntegerPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<
      Abs, Neg, Popcnt, AvgrU, Q15MulrSat, DotAdd,
      Binary<twasm::VIAddOp, arith::AddIOp>,
      Binary<twasm::VISubOp, arith::SubIOp>,
      Binary<twasm::VIMulOp, arith::MulIOp>,
      Binary<twasm::VAddSatSOp, LLVM::SAddSat>,
      Binary<twasm::VAddSatUOp, LLVM::UAddSat>,
      Binary<twasm::VSubSatSOp, LLVM::SSubSat>,
      Binary<twasm::VSubSatUOp, LLVM::USubSat>,
      Binary<twasm::VIMinSOp, arith::MinSIOp>,
      Binary<twasm::VIMinUOp, arith::MinUIOp>,
      Binary<twasm::VIMaxSOp, arith::MaxSIOp>,
      Binary<twasm::VIMaxUOp, arith::MaxUIOp>,
      Shift<twasm::VIShlOp, arith::ShLIOp>,
      Shift<twasm::VIShrSOp, arith::ShRSIOp>,
      Shift<twasm::VIShrUOp, arith::ShRUIOp>,
      Extmul<twasm::VExtmulLowSOp, false, true>,
      Extmul<twasm::VExtmulLowUOp, false, false>,
      Extmul<twasm::VExtmulHighSOp, true, true>,
      Extmul<twasm::VExtmulHighUOp, true, false>,
      Extadd<twasm::VExtaddSOp, true>, Extadd<twasm::VExtaddUOp, false>,
      Dot<twasm::VDotSOp, Shape::I16x8>,
      Dot<twasm::VDotI7SOp, Shape::I8x16>>(context);

  using P = arith::CmpIPredicate;
  patterns.add<Compare<twasm::VIEqOp>>(context, P::eq);
  patterns.add<Compare<twasm::VINeOp>>(context, P::ne);
  patterns.add<Compare<twasm::VILtSOp>>(context, P::slt);
  patterns.add<Compare<twasm::VILtUOp>>(context, P::ult);
  patterns.add<Compare<twasm::VIGtSOp>>(context, P::sgt);
  patterns.add<Compare<twasm::VIGtUOp>>(context, P::ugt);
  patterns.add<Compare<twasm::VILeSOp>>(context, P::sle);
  patterns.add<Compare<twasm::VILeUOp>>(context, P::ule);
  patterns.add<Compare<twasm::VIGeSOp>>(context, P::sge);
  patterns.add<Compare<twasm::VIGeUOp>>(context, P::uge);
}
