//===- SimdMemory.cpp - patterns of vector loads and stores ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec section 4.4.7: the accesses that move less than a v128. What
// they read or write is one number of 1 to 8 bytes.
//
//===----------------------------------------------------------------------===//

#include "Simd.h"

using namespace mlir;
using namespace twc;

namespace {

template <typename Op> struct AccessPattern : OpRewritePattern<Op> {
  AccessPattern(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern<Op>(context), info(info) {}

  /// An integer; its alignment is only a hint.
  Value load(OpBuilder &b, Op op, unsigned bits) const {
    return loadGuest(b, op, b.getIntegerType(bits), op.getIndex(),
                     op.getOffset(), memoryOf(op, op.getMemory()), info);
  }
  const ModuleInfo &info;
};

template <typename Op, bool isSigned> struct LoadExt : AccessPattern<Op> {
  using AccessPattern<Op>::AccessPattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    unsigned bits = twasm::getLaneBits(op.getShape());
    Value loaded = this->load(b, op, 64);
    Value narrow = lanes.cast(
        loaded, VectorType::get({twasm::getLaneCount(op.getShape())},
                                b.getIntegerType(bits / 2)));
    b.replaceOp(op, lanes.v128(lanes.extend(narrow, bits, isSigned)));
    return success();
  }
};

struct LoadSplat : AccessPattern<twasm::VLoadSplatOp> {
  using AccessPattern::AccessPattern;
  LogicalResult matchAndRewrite(twasm::VLoadSplatOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value number = load(b, op, twasm::getLaneBits(op.getShape()));
    b.replaceOp(op,
                lanes.v128(lanes.splat(lanes.type(op.getShape()), number)));
    return success();
  }
};

struct LoadZero : AccessPattern<twasm::VLoadZeroOp> {
  using AccessPattern::AccessPattern;
  LogicalResult matchAndRewrite(twasm::VLoadZeroOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value number = load(b, op, twasm::getLaneBits(op.getShape()));
    Value zero = lanes.splat(lanes.type(op.getShape()), 0);
    b.replaceOp(op, lanes.v128(lanes.insert(zero, number, 0)));
    return success();
  }
};

struct LoadLane : AccessPattern<twasm::VLoadLaneOp> {
  using AccessPattern::AccessPattern;
  LogicalResult matchAndRewrite(twasm::VLoadLaneOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value number = load(b, op, twasm::getLaneBits(op.getShape()));
    Value vector = lanes.view(op.getVector(), op.getShape());
    b.replaceOp(op, lanes.v128(lanes.insert(vector, number, op.getLane())));
    return success();
  }
};

struct StoreLane : AccessPattern<twasm::VStoreLaneOp> {
  using AccessPattern::AccessPattern;
  LogicalResult matchAndRewrite(twasm::VStoreLaneOp op,
                                PatternRewriter &b) const override {
    Lanes lanes(b, op.getLoc());
    Value number = lanes.extract(lanes.view(op.getVector(), op.getShape()),
                                 op.getLane());
    storeGuest(b, op, number, op.getIndex(), op.getOffset(),
               memoryOf(op, op.getMemory()), info);
    b.eraseOp(op);
    return success();
  }
};

} // namespace

void twc::populateSimdMemoryPatterns(RewritePatternSet &patterns,
                                     const ModuleInfo &info) {
  patterns.add<LoadExt<twasm::VLoadExtSOp, true>,
               LoadExt<twasm::VLoadExtUOp, false>, LoadSplat, LoadZero,
               LoadLane, StoreLane>(patterns.getContext(), info);
}
