//===- Memory.cpp - memory and variable patterns --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Guest addresses become base + zext(index) + offset behind a bounds check
// that is one opaque op. No `inbounds`, no `nuw`: nothing is promised that the
// check has not proven.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "Format/KernelABI.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;

/// `base` plus a constant number of bytes.
static Value offsetBy(OpBuilder &b, Location loc, Value base, uint64_t bytes) {
  return LLVM::GEPOp::create(b, loc, base.getType(), b.getI8Type(), base,
                             ArrayRef<LLVM::GEPArg>{int32_t(bytes)});
}

namespace {

template <typename Op> struct MemoryPattern : OpRewritePattern<Op> {
  MemoryPattern(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern<Op>(context), info(info) {}

  /// Checks the access and returns its address.
  Value translate(PatternRewriter &b, Operation *op, Value index,
                  uint64_t offset, unsigned bytes) const {
    Location loc = op->getLoc();
    Value size = getMemorySize(b, op, info);
    auto [function, at] = getPlaceAttrs(b, op);
    twasm::RtCheckBoundsOp::create(b, loc, index, size,
                                   getLaunchConstant(op, RuntimePtr),
                                   b.getI64IntegerAttr(offset),
                                   b.getI32IntegerAttr(bytes), function, at);
    Value wide =
        arith::ExtUIOp::create(b, loc, b.getI64Type(), index);
    Value base = getLaunchConstant(op, MemoryBase);
    Value address = LLVM::GEPOp::create(b, loc, base.getType(), b.getI8Type(),
                                        base, ArrayRef<LLVM::GEPArg>{wide});
    if (offset == 0)
      return address;
    Value distance =
        arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(offset));
    return LLVM::GEPOp::create(b, loc, base.getType(), b.getI8Type(), address,
                               ArrayRef<LLVM::GEPArg>{distance});
  }

  static std::pair<IntegerAttr, IntegerAttr> getPlaceAttrs(OpBuilder &b,
                                                           Operation *op) {
    auto [function, at] = getPlace(op);
    return {b.getI32IntegerAttr(function), b.getI32IntegerAttr(at)};
  }

  const ModuleInfo &info;
};

struct Load : MemoryPattern<twasm::LoadOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::LoadOp op,
                                PatternRewriter &rewriter) const override {
    Value address =
        translate(rewriter, op, op.getIndex(), op.getOffset(),
                  op.getType().getIntOrFloatBitWidth() / 8);
    // Alignment 1: the immediate is only a hint (spec 4.4.7).
    rewriter.replaceOpWithNewOp<LLVM::LoadOp>(op, op.getType(), address, 1);
    return success();
  }
};

template <typename Op, typename Extend> struct LoadN : MemoryPattern<Op> {
  using MemoryPattern<Op>::MemoryPattern;
  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    Value address = this->translate(rewriter, op, op.getIndex(),
                                    op.getOffset(), op.getBits() / 8);
    Value narrow = LLVM::LoadOp::create(
        rewriter, op.getLoc(), rewriter.getIntegerType(op.getBits()), address,
        1);
    rewriter.replaceOpWithNewOp<Extend>(op, op.getType(), narrow);
    return success();
  }
};

struct Store : MemoryPattern<twasm::StoreOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::StoreOp op,
                                PatternRewriter &rewriter) const override {
    Value address = translate(
        rewriter, op, op.getIndex(), op.getOffset(),
        op.getValue().getType().getIntOrFloatBitWidth() / 8);
    rewriter.replaceOpWithNewOp<LLVM::StoreOp>(op, op.getValue(), address, 1);
    return success();
  }
};

struct StoreN : MemoryPattern<twasm::StoreNOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::StoreNOp op,
                                PatternRewriter &rewriter) const override {
    Value address = translate(rewriter, op, op.getIndex(), op.getOffset(),
                              op.getBits() / 8);
    Value narrow = arith::TruncIOp::create(
        rewriter, op.getLoc(), rewriter.getIntegerType(op.getBits()),
        op.getValue());
    rewriter.replaceOpWithNewOp<LLVM::StoreOp>(op, narrow, address, 1);
    return success();
  }
};

struct MemorySizePattern : MemoryPattern<twasm::MemorySizeOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::MemorySizeOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value size = getMemorySize(b, op, info);
    Value shift = arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(16));
    Value pages = arith::ShRUIOp::create(b, loc, size, shift);
    b.replaceOpWithNewOp<arith::TruncIOp>(op, op.getType(), pages);
    return success();
  }
};

/// A loop of compare-exchange on the size in the instance state, so that
/// several threads of a grid can grow one memory.
struct MemoryGrow : MemoryPattern<twasm::MemoryGrowOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::MemoryGrowOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type i64 = b.getI64Type(), i32 = b.getI32Type();
    Value state = getLaunchConstant(op, StatePtr);
    Value capacity = LLVM::LoadOp::create(
        b, loc, i64,
        offsetBy(b, loc, state, offsetof(twrun::abi::InstanceState,
                                         memoryCapacity)), 8);
    Value shift = arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(16));
    Value wide = arith::ExtUIOp::create(b, loc, i64, op.getPages());
    Value more = arith::ShLIOp::create(b, loc, wide, shift);
    Value first = getMemorySize(b, op, info);

    Block *before = op->getBlock();
    Block *after = b.splitBlock(before, op->getIterator());
    Region *region = before->getParent();
    Block *attempt = b.createBlock(region, after->getIterator(), i64, loc);
    Block *exchange = b.createBlock(region, after->getIterator());
    after->addArgument(i32, loc);

    b.setInsertionPointToEnd(before);
    LLVM::BrOp::create(b, loc, ValueRange{first}, attempt);

    b.setInsertionPointToStart(attempt);
    Value old = attempt->getArgument(0);
    // Both are at most 2^48: the sum does not wrap.
    Value sum = arith::AddIOp::create(b, loc, old, more);
    Value fits = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ule, sum,
                                       capacity);
    Value failed = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(-1));
    LLVM::CondBrOp::create(b, loc, fits, exchange, ValueRange{}, after,
                           ValueRange{failed});

    b.setInsertionPointToStart(exchange);
    Value pair = LLVM::AtomicCmpXchgOp::create(
        b, loc, state, old, sum, LLVM::AtomicOrdering::seq_cst,
        LLVM::AtomicOrdering::seq_cst);
    Value seen = LLVM::ExtractValueOp::create(b, loc, pair, 0);
    Value done = LLVM::ExtractValueOp::create(b, loc, pair, 1);
    Value pages = arith::TruncIOp::create(
        b, loc, i32, arith::ShRUIOp::create(b, loc, old, shift));
    LLVM::CondBrOp::create(b, loc, done, after, ValueRange{pages}, attempt,
                           ValueRange{seen});

    b.replaceOp(op, after->getArgument(0));
    return success();
  }
};

template <typename Op> struct GlobalPattern : MemoryPattern<Op> {
  using MemoryPattern<Op>::MemoryPattern;
  Value slot(OpBuilder &b, Operation *op, twasm::GlobalOp global) const {
    return offsetBy(b, op->getLoc(), getLaunchConstant(op, StatePtr),
                    twrun::abi::globalSlotOffset(global.getGlobalIndex()));
  }
};

struct GlobalGet : GlobalPattern<twasm::GlobalGetOp> {
  using GlobalPattern::GlobalPattern;
  LogicalResult matchAndRewrite(twasm::GlobalGetOp op,
                                PatternRewriter &rewriter) const override {
    twasm::GlobalOp global = info.globals.lookup(op.getGlobal());
    if (!global.getIsMutable()) {
      rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, global.getInit());
      return success();
    }
    rewriter.replaceOpWithNewOp<LLVM::LoadOp>(
        op, op.getType(), slot(rewriter, op, global), 8);
    return success();
  }
};

struct GlobalSet : GlobalPattern<twasm::GlobalSetOp> {
  using GlobalPattern::GlobalPattern;
  LogicalResult matchAndRewrite(twasm::GlobalSetOp op,
                                PatternRewriter &rewriter) const override {
    twasm::GlobalOp global = info.globals.lookup(op.getGlobal());
    rewriter.replaceOpWithNewOp<LLVM::StoreOp>(
        op, op.getValue(), slot(rewriter, op, global), 8);
    return success();
  }
};

} // namespace

Value twc::getMemorySize(OpBuilder &builder, Operation *op,
                         const ModuleInfo &info) {
  if (!info.memoryGrows)
    return getLaunchConstant(op, MemorySize);
  static_assert(offsetof(twrun::abi::InstanceState, memoryBytes) == 0);
  // Atomic: another thread of the grid may be growing the memory.
  return LLVM::LoadOp::create(
      builder, op->getLoc(), builder.getI64Type(),
      getLaunchConstant(op, StatePtr), /*alignment=*/8, /*isVolatile=*/false,
      /*isNonTemporal=*/false, /*isInvariant=*/false,
      /*isInvariantGroup=*/false, LLVM::AtomicOrdering::monotonic);
}

void twc::populateMemoryPatterns(RewritePatternSet &patterns,
                                 const ModuleInfo &info) {
  patterns.add<Load, LoadN<twasm::LoadSOp, arith::ExtSIOp>,
               LoadN<twasm::LoadUOp, arith::ExtUIOp>, Store, StoreN,
               MemorySizePattern, MemoryGrow, GlobalGet, GlobalSet>(
      patterns.getContext(), info);
}
