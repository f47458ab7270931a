//===- SimdLanes.cpp - patterns of bits and lanes -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec section 4.4.3: bitwise ops, tests, moves and widths of lanes.
// Vectors are handled with LLVM dialect ops: the vector dialect's conversion
// would only rename them, and costs every start of twc its libraries.
//
//===----------------------------------------------------------------------===//

#include "Simd.h"

using namespace mlir;
using namespace twc;
using twasm::Shape;

//===----------------------------------------------------------------------===//
// Helpers
//===----------------------------------------------------------------------===//

Value Lanes::cast(Value value, Type to) const {
  if (value.getType() == to)
    return value;
  return LLVM::BitcastOp::create(b, loc, to, value);
}

Value Lanes::splat(VectorType type, int64_t value) const {
  APInt bits(type.getElementTypeBitWidth(), value, /*isSigned=*/true,
             /*implicitTrunc=*/true);
  return arith::ConstantOp::create(b, loc,
                                   DenseElementsAttr::get(type, bits));
}

Value Lanes::splat(VectorType type, Value number) const {
  Value first = insert(LLVM::PoisonOp::create(b, loc, type), number, 0);
  return shuffle(first, first, SmallVector<int32_t>(type.getNumElements(), 0));
}

Value Lanes::shuffle(Value a, Value c, ArrayRef<int32_t> lanes) const {
  return LLVM::ShuffleVectorOp::create(b, loc, a, c, lanes);
}

Value Lanes::pick(Value a, unsigned first, unsigned count,
                  unsigned step) const {
  SmallVector<int32_t> lanes;
  for (unsigned i = 0; i < count; ++i)
    lanes.push_back(first + i * step);
  return shuffle(a, a, lanes);
}

Value Lanes::withZeros(Value a) const {
  auto type = mlir::cast<VectorType>(a.getType());
  Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
  SmallVector<int32_t> lanes;
  for (int32_t i = 0; i < 2 * type.getNumElements(); ++i)
    lanes.push_back(i);
  return shuffle(a, zero, lanes);
}

Value Lanes::extract(Value vector, unsigned lane) const {
  Value at = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(lane));
  return LLVM::ExtractElementOp::create(b, loc, vector, at);
}

Value Lanes::insert(Value vector, Value number, unsigned lane) const {
  Value at = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(lane));
  return LLVM::InsertElementOp::create(b, loc, vector, number, at);
}

Value Lanes::extend(Value vector, unsigned bits, bool isSigned) const {
  VectorType to = withBits(vector, bits);
  if (isSigned)
    return arith::ExtSIOp::create(b, loc, to, vector);
  return arith::ExtUIOp::create(b, loc, to, vector);
}

/// A number as it goes into a lane: cut to an 8- or 16-bit one.
static Value toLane(const Lanes &lanes, Value number, Shape shape) {
  Type lane = twasm::getLaneType(lanes.b.getContext(), shape);
  if (number.getType() == lane)
    return number;
  return arith::TruncIOp::create(lanes.b, lanes.loc, lane, number);
}

namespace {

template <typename From, typename To> struct Bitwise : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    b.replaceOpWithNewOp<To>(op, op.getLhs(), op.getRhs());
    return success();
  }
};

struct Not : OpRewritePattern<twasm::VNotOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VNotOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value ones = lanes.splat(lanes.type(Shape::I32x4), -1);
    b.replaceOpWithNewOp<arith::XOrIOp>(op, op.getValue(), ones);
    return success();
  }
};

struct AndNot : OpRewritePattern<twasm::VAndNotOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VAndNotOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value ones = lanes.splat(lanes.type(Shape::I32x4), -1);
    Value flipped =
        arith::XOrIOp::create(b, op.getLoc(), op.getRhs(), ones);
    b.replaceOpWithNewOp<arith::AndIOp>(op, op.getLhs(), flipped);
    return success();
  }
};

struct Select : OpRewritePattern<twasm::VSelectOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VSelectOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    Value ones = lanes.splat(lanes.type(Shape::I32x4), -1);
    Value unset = arith::XOrIOp::create(b, loc, op.getMask(), ones);
    Value first = arith::AndIOp::create(b, loc, op.getLhs(), op.getMask());
    Value second = arith::AndIOp::create(b, loc, op.getRhs(), unset);
    b.replaceOpWithNewOp<arith::OrIOp>(op, first, second);
    return success();
  }
};

struct AnyTrue : OpRewritePattern<twasm::VAnyTrueOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VAnyTrueOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value all = LLVM::vector_reduce_or::create(b, loc, b.getI32Type(),
                                               op.getValue());
    Value zero = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
    Value bit = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, all,
                                      zero);
    b.replaceOpWithNewOp<arith::ExtUIOp>(op, b.getI32Type(), bit);
    return success();
  }
};

struct AllTrue : OpRewritePattern<twasm::VAllTrueOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VAllTrueOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    VectorType type = lanes.type(op.getShape());
    Value set = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne,
                                      lanes.cast(op.getValue(), type),
                                      lanes.splat(type, 0));
    Value bit =
        LLVM::vector_reduce_and::create(b, loc, b.getI1Type(), set);
    b.replaceOpWithNewOp<arith::ExtUIOp>(op, b.getI32Type(), bit);
    return success();
  }
};

struct Bitmask : OpRewritePattern<twasm::VBitmaskOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VBitmaskOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    VectorType type = lanes.type(op.getShape());
    Value signs = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt,
                                        lanes.cast(op.getValue(), type),
                                        lanes.splat(type, 0));
    Value bits =
        lanes.cast(signs, b.getIntegerType(type.getNumElements()));
    b.replaceOpWithNewOp<arith::ExtUIOp>(op, b.getI32Type(), bits);
    return success();
  }
};

struct Shuffle : OpRewritePattern<twasm::VShuffleOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VShuffleOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    auto indices = llvm::to_vector_of<int32_t>(op.getLanes());
    b.replaceOp(op, lanes.v128(lanes.shuffle(
                        lanes.view(op.getLhs(), Shape::I8x16),
                        lanes.view(op.getRhs(), Shape::I8x16), indices)));
    return success();
  }
};

/// An index is used modulo 16, and its byte then cleared where it was too
/// large: extractelement of a lane that is not there is poison. x86's backend
/// makes one instruction of these extractions.
struct Swizzle : OpRewritePattern<twasm::VSwizzleOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VSwizzleOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    VectorType type = lanes.type(Shape::I8x16);
    Value bytes = lanes.view(op.getLhs(), Shape::I8x16);
    Value indices = lanes.view(op.getRhs(), Shape::I8x16);
    Value low =
        arith::AndIOp::create(b, loc, indices, lanes.splat(type, 15));
    Value moved = LLVM::PoisonOp::create(b, loc, type);
    for (unsigned i = 0; i < 16; ++i) {
      Value byte = LLVM::ExtractElementOp::create(b, loc, bytes,
                                                  lanes.extract(low, i));
      moved = lanes.insert(moved, byte, i);
    }
    Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                         indices, lanes.splat(type, 16));
    Value chosen = arith::SelectOp::create(b, loc, inside, moved,
                                           lanes.splat(type, 0));
    b.replaceOp(op, lanes.v128(chosen));
    return success();
  }
};

struct Splat : OpRewritePattern<twasm::VSplatOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VSplatOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value number = toLane(lanes, op.getValue(), op.getShape());
    b.replaceOp(op,
                lanes.v128(lanes.splat(lanes.type(op.getShape()), number)));
    return success();
  }
};

template <typename From, typename Extend>
struct ExtractLane : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value lane = lanes.extract(lanes.view(op.getValue(), op.getShape()),
                               op.getLane());
    if (lane.getType() == op.getType())
      b.replaceOp(op, lane);
    else
      b.replaceOpWithNewOp<Extend>(op, op.getType(), lane);
    return success();
  }
};

struct ReplaceLane : OpRewritePattern<twasm::VReplaceLaneOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::VReplaceLaneOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value number = toLane(lanes, op.getValue(), op.getShape());
    Value vector = lanes.view(op.getVector(), op.getShape());
    b.replaceOp(op, lanes.v128(lanes.insert(vector, number, op.getLane())));
    return success();
  }
};

/// The operands' lanes are signed either way.
template <typename From, bool isSigned>
struct Narrow : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Lanes lanes(b, loc);
    auto wide = Shape(uint32_t(op.getShape()) + 1);
    unsigned bits = twasm::getLaneBits(op.getShape());
    SmallVector<int32_t> all;
    for (unsigned i = 0; i < twasm::getLaneCount(op.getShape()); ++i)
      all.push_back(i);
    Value x = lanes.shuffle(lanes.view(op.getLhs(), wide),
                            lanes.view(op.getRhs(), wide), all);
    auto type = cast<VectorType>(x.getType());
    int64_t min = isSigned ? -(1 << (bits - 1)) : 0;
    int64_t max = (1 << (isSigned ? bits - 1 : bits)) - 1;
    x = arith::MaxSIOp::create(b, loc, x, lanes.splat(type, min));
    x = arith::MinSIOp::create(b, loc, x, lanes.splat(type, max));
    b.replaceOp(op, lanes.v128(arith::TruncIOp::create(
                        b, loc, lanes.type(op.getShape()), x)));
    return success();
  }
};

template <typename From, bool isHigh, bool isSigned>
struct Extend : OpRewritePattern<From> {
  using OpRewritePattern<From>::OpRewritePattern;
  LogicalResult matchAndRewrite(From op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    unsigned count = twasm::getLaneCount(op.getShape());
    Value half = lanes.pick(lanes.view(op.getValue(), halfOf(op.getShape())),
                            isHigh ? count : 0, count);
    b.replaceOp(op, lanes.v128(lanes.extend(
                        half, twasm::getLaneBits(op.getShape()), isSigned)));
    return success();
  }
};

} // namespace

void twc::populateSimdLanePatterns(RewritePatternSet &patterns) {
  patterns.add<
      Not, AndNot, Select, AnyTrue, AllTrue, Bitmask, Shuffle, Swizzle, Splat,
      ReplaceLane, Bitwise<twasm::VAndOp, arith::AndIOp>,
      Bitwise<twasm::VOrOp, arith::OrIOp>,
      Bitwise<twasm::VXorOp, arith::XOrIOp>,
      ExtractLane<twasm::VExtractLaneOp, arith::ExtSIOp>,
      ExtractLane<twasm::VExtractLaneSOp, arith::ExtSIOp>,
      ExtractLane<twasm::VExtractLaneUOp, arith::ExtUIOp>,
      Narrow<twasm::VNarrowSOp, true>, Narrow<twasm::VNarrowUOp, false>,
      Extend<twasm::VExtendLowSOp, false, true>,
      Extend<twasm::VExtendLowUOp, false, false>,
      Extend<twasm::VExtendHighSOp, true, true>,
      Extend<twasm::VExtendHighUOp, true, false>>(patterns.getContext());
}
