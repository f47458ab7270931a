//===- Bulk.cpp - patterns of memory.copy, fill and init ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm spec 4.4.7. A range is checked in 64-bit arithmetic that cannot wrap,
// for 32-bit and 64-bit memories alike, and before anything is written: a bulk
// operation that traps has changed nothing. What remains is a runtime call.
//
//===----------------------------------------------------------------------===//

#include "TableAccess.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;

namespace {

template <typename Op> struct BulkPattern : OpRewritePattern<Op> {
  BulkPattern(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern<Op>(context), info(info) {}

  /// i1: whether `count` bytes from `start` (both i64) are not all there.
  Value isOutsideMemory(OpBuilder &b, Operation *op, StringRef memory,
                        Value start, Value count) const {
    return isOutside(b, op->getLoc(), start, count,
                     getMemorySize(b, op, memory, info));
  }
  const ModuleInfo &info;
};

/// Both generic, if one is.
void createCopy(OpBuilder &b, Location loc, Value to, Value from,
                Value count) {
  if (to.getType() != from.getType()) {
    to = toGeneric(b, loc, to);
    from = toGeneric(b, loc, from);
  }
  twasm::RtCopyOp::create(b, loc, to, from, count);
}

struct MemoryCopy : BulkPattern<twasm::MemoryCopyOp> {
  using BulkPattern::BulkPattern;
  LogicalResult matchAndRewrite(twasm::MemoryCopyOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    StringRef dstMemory = memoryOf(op, op.getDstMemory());
    StringRef srcMemory = memoryOf(op, op.getSrcMemory());
    Value dst = widen(b, loc, op.getDst());
    Value src = widen(b, loc, op.getSrc());
    Value count = widen(b, loc, op.getCount());
    Value noSource = isOutsideMemory(b, op, srcMemory, src, count);
    Value noTarget = isOutsideMemory(b, op, dstMemory, dst, count);
    trapIf(b, op, arith::OrIOp::create(b, loc, noSource, noTarget),
           twasm::TrapCode::OutOfBoundsMemory);
    Value to = translateRange(b, op, dst, count, dstMemory, info);
    Value from = translateRange(b, op, src, count, srcMemory, info);
    createCopy(b, loc, to, from, count);
    b.eraseOp(op);
    return success();
  }
};

struct MemoryFill : BulkPattern<twasm::MemoryFillOp> {
  using BulkPattern::BulkPattern;
  LogicalResult matchAndRewrite(twasm::MemoryFillOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    StringRef memory = memoryOf(op, op.getMemory());
    Value dst = widen(b, loc, op.getDst());
    Value count = widen(b, loc, op.getCount());
    trapIf(b, op, isOutsideMemory(b, op, memory, dst, count),
           twasm::TrapCode::OutOfBoundsMemory);
    twasm::RtFillOp::create(b, loc,
                            translateRange(b, op, dst, count, memory, info),
                            op.getValue(), count);
    b.eraseOp(op);
    return success();
  }
};

struct MemoryInit : BulkPattern<twasm::MemoryInitOp> {
  using BulkPattern::BulkPattern;
  LogicalResult matchAndRewrite(twasm::MemoryInitOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    StringRef memory = memoryOf(op, op.getMemory());
    Value dst = widen(b, loc, op.getDst());
    Value src = widen(b, loc, op.getSrc());
    Value count = widen(b, loc, op.getCount());
    Segment segment = loadSegment(
        b, op,
        info.layout.dataSegment(info.dataSegments.lookup(op.getSegment())));
    Value noSource = isOutside(b, loc, src, count, segment.size);
    Value noTarget = isOutsideMemory(b, op, memory, dst, count);
    trapIf(b, op, arith::OrIOp::create(b, loc, noSource, noTarget),
           twasm::TrapCode::OutOfBoundsMemory);
    Value to = translateRange(b, op, dst, count, memory, info);
    Value from = addBytes(b, loc, segment.address, src);
    createCopy(b, loc, to, from, count);
    b.eraseOp(op);
    return success();
  }
};

struct DataDrop : BulkPattern<twasm::DataDropOp> {
  using BulkPattern::BulkPattern;
  LogicalResult matchAndRewrite(twasm::DataDropOp op,
                                PatternRewriter &b) const override {
    dropSegment(b, op,
                info.layout.dataSegment(
                    info.dataSegments.lookup(op.getSegment())));
    b.eraseOp(op);
    return success();
  }
};

} // namespace

void twc::populateBulkPatterns(RewritePatternSet &patterns,
                               const ModuleInfo &info) {
  patterns.add<MemoryCopy, MemoryFill, MemoryInit, DataDrop>(
      patterns.getContext(), info);
}
