//===- Guest.cpp - patterns of tw imports of a single thread --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is the same on each target: the thread's number, exact arithmetic, and
// which bytes output reads. Time and approximate arithmetic are the next
// pass's (Device.cpp).
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace twc;

static Value constant(OpBuilder &b, Location loc, uint64_t value) {
  return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}

/// x + dimX * (y + dimY * z), of the thread in its block or of the block in its
/// grid, in the width of `type`.
template <typename Index, typename Extent>
static Value linear(OpBuilder &b, Location loc, Type type) {
  auto read = [&](auto make, twasm::Dim dim) -> Value {
    Value value = make(dim);
    return type.isInteger(32)
               ? value
               : arith::ExtUIOp::create(b, loc, type, value).getResult();
  };
  auto index = [&](twasm::Dim dim) -> Value {
    return Index::create(b, loc, b.getI32Type(), dim);
  };
  auto extent = [&](twasm::Dim dim) -> Value {
    return Extent::create(b, loc, b.getI32Type(), dim);
  };
  Value result = read(index, twasm::Dim::z);
  for (twasm::Dim dim : {twasm::Dim::y, twasm::Dim::x}) {
    result = arith::MulIOp::create(b, loc, result, read(extent, dim));
    result = arith::AddIOp::create(b, loc, result, read(index, dim));
  }
  return result;
}

static Value linearThread(OpBuilder &b, Location loc, Type type) {
  return linear<twasm::ThreadIdOp, twasm::BlockDimOp>(b, loc, type);
}

namespace {

struct GlobalId : OpRewritePattern<twasm::GlobalIdOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::GlobalIdOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type i64 = b.getI64Type();
    Value result =
        linear<twasm::BlockIdOp, twasm::GridDimOp>(b, loc, i64);
    for (twasm::Dim dim : {twasm::Dim::x, twasm::Dim::y, twasm::Dim::z}) {
      Value extent =
          twasm::BlockDimOp::create(b, loc, b.getI32Type(), dim);
      result = arith::MulIOp::create(
          b, loc, result, arith::ExtUIOp::create(b, loc, i64, extent));
    }
    b.replaceOpWithNewOp<arith::AddIOp>(op, result,
                                        linearThread(b, loc, i64));
    return success();
  }
};

struct WarpId : OpRewritePattern<twasm::WarpIdOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::WarpIdOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value five = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(5));
    b.replaceOpWithNewOp<arith::ShRUIOp>(
        op, linearThread(b, loc, b.getI32Type()), five);
    return success();
  }
};

struct Rsqrt : OpRewritePattern<twasm::RsqrtOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::RsqrtOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    bool isSingle = op.getType().isF32();
    Type f64 = b.getF64Type();
    Value x = op.getValue();
    if (isSingle)
      x = arith::ExtFOp::create(b, loc, f64, x);
    Value root = math::SqrtOp::create(b, loc, x);
    Value one = arith::ConstantOp::create(b, loc, b.getF64FloatAttr(1));
    Value result = arith::DivFOp::create(b, loc, one, root);
    if (isSingle)
      result = arith::TruncFOp::create(b, loc, op.getType(), result);
    b.replaceOp(op, result);
    return success();
  }
};

/// The argument area may begin anywhere, also where nothing is: as many of its
/// bytes as are in the memory are taken, from the thread's stack, from the
/// block's shared memory or from linear memory, never from two of them.
struct Printf : OpRewritePattern<twasm::PrintfOp> {
  Printf(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern(context), info(info) {}
  LogicalResult matchAndRewrite(twasm::PrintfOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    StringRef memory = memoryOf(op, op.getMemory());
    Value start = arith::ExtUIOp::create(b, loc, b.getI64Type(), op.getArgs());
    Value end = getMemorySize(b, op, memory, info);
    Value base = getMemoryBase(b, op, memory, info);
    Value address = toGeneric(b, loc, addBytes(b, loc, base, start));
    Value bytes = left(b, loc, start, end);
    const Window *window = info.windowOf(op);
    if (window && window->stack && window->memory == memory) {
      Value low = constant(b, loc, window->low),
            top = constant(b, loc, window->top);
      Value inStack = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                            start, top);
      // Nothing is below the stack.
      Value below = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                          start, low);
      Value onStack = arith::SelectOp::create(
          b, loc, below, constant(b, loc, 0), left(b, loc, start, top));
      bytes = arith::SelectOp::create(b, loc, inStack, onStack, bytes);
      Value distance = arith::SelectOp::create(
          b, loc, below, constant(b, loc, 0),
          arith::SubIOp::create(b, loc, start, low));
      address = LLVM::SelectOp::create(
          b, loc, inStack, addBytes(b, loc, window->stack, distance), address);
    }
    if (hasSharedWindow(op, memory, info))
      lookInShared(b, loc, *window, start, address, bytes);
    Value most = constant(b, loc, sizeof(twrun::abi::PrintRecord::arguments));
    bytes = arith::MinUIOp::create(b, loc, bytes, most);
    b.replaceOpWithNewOp<twasm::RtPrintfOp>(
        op, b.getI32Type(), op.getFormat(), address, bytes,
        getLaunchConstant(op, ThreadPtr), getLaunchConstant(op, RuntimePtr),
        info.memory(memory).index);
    return success();
  }

private:
  /// Of what begins in shared memory, the bytes that are in it; of what begins
  /// below, those before it.
  static void lookInShared(OpBuilder &b, Location loc, const Window &window,
                           Value start, Value &address, Value &bytes) {
    Value base = constant(b, loc, twrun::abi::sharedBase);
    Value zero = constant(b, loc, 0);
    Value distance = arith::SubIOp::create(b, loc, start, base);
    Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                         distance, window.sharedBytes);
    distance = arith::SelectOp::create(b, loc, inside, distance, zero);
    address = LLVM::SelectOp::create(
        b, loc, inside,
        toGeneric(b, loc, addBytes(b, loc, window.shared, distance)), address);
    Value exists = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne,
                                         window.sharedBytes, zero);
    Value below = arith::AndIOp::create(
        b, loc, exists,
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, start, base));
    bytes = arith::SelectOp::create(
        b, loc, below,
        arith::MinUIOp::create(b, loc, bytes, left(b, loc, start, base)),
        bytes);
    bytes = arith::SelectOp::create(
        b, loc, inside,
        arith::SubIOp::create(b, loc, window.sharedBytes, distance), bytes);
  }

  /// end - start, or 0 if that is less.
  static Value left(OpBuilder &b, Location loc, Value start, Value end) {
    Value reaches = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                          start, end);
    return arith::SelectOp::create(b, loc, reaches,
                                   arith::SubIOp::create(b, loc, end, start),
                                   constant(b, loc, 0));
  }
  const ModuleInfo &info;
};

struct Abort : OpRewritePattern<twasm::AbortOp> {
  Abort(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern(context), info(info) {}
  LogicalResult matchAndRewrite(twasm::AbortOp op,
                                PatternRewriter &b) const override {
    auto [function, at] = getPlace(op);
    b.replaceOpWithNewOp<twasm::RtAbortOp>(
        op, op.getMessage(), getLaunchConstant(op, RuntimePtr),
        info.memory(memoryOf(op, op.getMemory())).index, function, at);
    return success();
  }
  const ModuleInfo &info;
};

} // namespace

void twc::populateGuestPatterns(RewritePatternSet &patterns,
                                const ModuleInfo &info) {
  patterns.add<GlobalId, WarpId, Rsqrt>(patterns.getContext());
  patterns.add<Printf, Abort>(patterns.getContext(), info);
}
