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

#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;
using twrun::abi::MemoryState;

namespace {

template <typename Op> struct MemoryPattern : OpRewritePattern<Op> {
  MemoryPattern(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern<Op>(context), info(info) {}

  /// The address of the op's place in the function's own frame, where no
  /// access can miss; null if it has none there.
  Value frameAddress(PatternRewriter &b, Op op) const {
    auto place = op->template getAttrOfType<IntegerAttr>(twasm::frameAttr);
    if (!place)
      return {};
    return addBytes(
        b, op.getLoc(),
        info.frames.lookup(op->template getParentOfType<func::FuncOp>()),
        arith::ConstantOp::create(b, op.getLoc(),
                                  b.getI64IntegerAttr(place.getInt())));
  }
  Value load(PatternRewriter &b, Op op, Type type) const {
    if (Value address = frameAddress(b, op))
      return LLVM::LoadOp::create(b, op.getLoc(), type, address, 1);
    return loadGuest(b, op, type, op.getIndex(), op.getOffset(),
                     memoryOf(op, op.getMemory()), info);
  }
  void store(PatternRewriter &b, Op op, Value value) const {
    if (Value address = frameAddress(b, op))
      LLVM::StoreOp::create(b, op.getLoc(), value, address, 1);
    else
      storeGuest(b, op, value, op.getIndex(), op.getOffset(),
                 memoryOf(op, op.getMemory()), info);
  }

  const ModuleInfo &info;
};

struct Load : MemoryPattern<twasm::LoadOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::LoadOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, load(rewriter, op, op.getType()));
    return success();
  }
};

template <typename Op, typename Extend> struct LoadN : MemoryPattern<Op> {
  using MemoryPattern<Op>::MemoryPattern;
  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    Value narrow =
        this->load(rewriter, op, rewriter.getIntegerType(op.getBits()));
    rewriter.replaceOpWithNewOp<Extend>(op, op.getType(), narrow);
    return success();
  }
};

struct Store : MemoryPattern<twasm::StoreOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::StoreOp op,
                                PatternRewriter &rewriter) const override {
    store(rewriter, op, op.getValue());
    rewriter.eraseOp(op);
    return success();
  }
};

struct StoreN : MemoryPattern<twasm::StoreNOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::StoreNOp op,
                                PatternRewriter &rewriter) const override {
    Value narrow = arith::TruncIOp::create(
        rewriter, op.getLoc(), rewriter.getIntegerType(op.getBits()),
        op.getValue());
    store(rewriter, op, narrow);
    rewriter.eraseOp(op);
    return success();
  }
};

/// A count of bytes as pages of the memory's address type.
Value toPages(OpBuilder &b, Location loc, Value bytes, Type type) {
  Value shift = arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(16));
  Value pages = arith::ShRUIOp::create(b, loc, bytes, shift);
  return type.isInteger(64)
             ? pages
             : arith::TruncIOp::create(b, loc, type, pages).getResult();
}

struct MemorySizePattern : MemoryPattern<twasm::MemorySizeOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::MemorySizeOp op,
                                PatternRewriter &b) const override {
    Value size = getMemorySize(b, op, memoryOf(op, op.getMemory()), info);
    b.replaceOp(op, toPages(b, op.getLoc(), size, op.getType()));
    return success();
  }
};

struct MemoryGrow : MemoryPattern<twasm::MemoryGrowOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::MemoryGrowOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type i64 = b.getI64Type(), type = op.getType();
    StringRef memory = memoryOf(op, op.getMemory());
    uint64_t state = info.layout.memory(info.memory(memory).index);
    Value capacity = loadState(b, op, i64,
                               state + offsetof(MemoryState, capacity), true);
    Value first = getMemorySize(b, op, memory, info);
    Value bytes = stateAddress(b, op, state + offsetof(MemoryState, bytes));
    Value pages = widen(b, loc, op.getPages());
    Value capacityPages = toPages(b, loc, capacity, i64);

    Block *before = op->getBlock();
    Block *after = b.splitBlock(before, op->getIterator());
    Region *region = before->getParent();
    Block *attempt = b.createBlock(region, after->getIterator(), i64, loc);
    Block *exchange = b.createBlock(region, after->getIterator());
    after->addArgument(type, loc);

    b.setInsertionPointToEnd(before);
    LLVM::BrOp::create(b, loc, ValueRange{first}, attempt);

    b.setInsertionPointToStart(attempt);
    Value old = attempt->getArgument(0);
    Value oldPages = toPages(b, loc, old, i64);
    // The size never exceeds the capacity, so that this does not wrap; the
    // sum of size and request could.
    Value room = arith::SubIOp::create(b, loc, capacityPages, oldPages);
    Value fits = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ule, pages,
                                       room);
    Value failed =
        arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, -1));
    LLVM::CondBrOp::create(b, loc, fits, exchange, ValueRange{}, after,
                           ValueRange{failed});

    b.setInsertionPointToStart(exchange);
    Value shift = arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(16));
    Value more = arith::ShLIOp::create(b, loc, pages, shift);
    Value sum = arith::AddIOp::create(b, loc, old, more);
    Value pair = LLVM::AtomicCmpXchgOp::create(
        b, loc, bytes, old, sum, LLVM::AtomicOrdering::seq_cst,
        LLVM::AtomicOrdering::seq_cst);
    Value seen = LLVM::ExtractValueOp::create(b, loc, pair, 0);
    Value done = LLVM::ExtractValueOp::create(b, loc, pair, 1);
    Value result = toPages(b, loc, old, type);
    LLVM::CondBrOp::create(b, loc, done, after, ValueRange{result}, attempt,
                           ValueRange{seen});

    b.replaceOp(op, after->getArgument(0));
    return success();
  }
};

/// Where a thread keeps its own value of `global`; null unless that is the
/// stack pointer, in a function with a window.
Value stackPointerSlot(OpBuilder &b, Operation *op, StringRef global,
                       const ModuleInfo &info) {
  const Window *window = info.windowOf(op);
  if (!window || window->global != global)
    return {};
  Value record = getLaunchConstant(op, ThreadPtr);
  return addBytes(b, op->getLoc(), record, ThreadRecord::stackPointer);
}

struct GlobalGet : MemoryPattern<twasm::GlobalGetOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::GlobalGetOp op,
                                PatternRewriter &rewriter) const override {
    if (Value own = stackPointerSlot(rewriter, op, op.getGlobal(), info)) {
      rewriter.replaceOpWithNewOp<LLVM::LoadOp>(op, op.getType(), own, 8);
      return success();
    }
    twasm::GlobalOp global = info.globals.lookup(op.getGlobal());
    uint64_t slot = info.layout.global(global.getGlobalIndex());
    bool constant = !global.getIsMutable();
    if (constant && !isa<twasm::RefAttr>(global.getInit())) {
      rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, global.getInit());
      return success();
    }
    rewriter.replaceOp(op,
                       loadState(rewriter, op, op.getType(), slot, constant));
    return success();
  }
};

struct GlobalSet : MemoryPattern<twasm::GlobalSetOp> {
  using MemoryPattern::MemoryPattern;
  LogicalResult matchAndRewrite(twasm::GlobalSetOp op,
                                PatternRewriter &rewriter) const override {
    if (Value own = stackPointerSlot(rewriter, op, op.getGlobal(), info)) {
      rewriter.replaceOpWithNewOp<LLVM::StoreOp>(op, op.getValue(), own, 8);
      return success();
    }
    twasm::GlobalOp global = info.globals.lookup(op.getGlobal());
    Value slot = stateAddress(rewriter, op,
                              info.layout.global(global.getGlobalIndex()));
    // Slots are multiples of 16 bytes from the state's start, which the
    // runtime aligns to 16.
    rewriter.replaceOpWithNewOp<LLVM::StoreOp>(op, op.getValue(), slot, 16);
    return success();
  }
};

} // namespace

void twc::populateMemoryPatterns(RewritePatternSet &patterns,
                                 const ModuleInfo &info) {
  patterns.add<Load, LoadN<twasm::LoadSOp, arith::ExtSIOp>,
               LoadN<twasm::LoadUOp, arith::ExtUIOp>, Store, StoreN,
               MemorySizePattern, MemoryGrow, GlobalGet, GlobalSet>(
      patterns.getContext(), info);
}
