//===- Tables.cpp - patterns of references and tables ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reference is an i64: null is 0, a function its number plus 1 (runtime's
// Format/KernelABI.h). Tables are arrays of references. Instructions on ranges
// check all of their ranges before they change anything (Wasm spec 4.4.6).
//
//===----------------------------------------------------------------------===//

#include "TableAccess.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;
using twrun::abi::TableState;

static Value constant64(OpBuilder &b, Location loc, uint64_t value) {
  return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}

/// Bytes of `count` references.
static Value referenceBytes(OpBuilder &b, Location loc, Value count) {
  return arith::ShLIOp::create(b, loc, count, constant64(b, loc, 3));
}

namespace {

struct RefNull : OpRewritePattern<twasm::RefNullOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::RefNullOp op,
                                PatternRewriter &b) const override {
    b.replaceOp(op, constant64(b, op.getLoc(), twrun::abi::nullReference));
    return success();
  }
};

struct RefIsNull : OpRewritePattern<twasm::RefIsNullOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::RefIsNullOp op,
                                PatternRewriter &b) const override {
    Value null = constant64(b, op.getLoc(), twrun::abi::nullReference);
    Value isNull = arith::CmpIOp::create(
        b, op.getLoc(), arith::CmpIPredicate::eq, op.getValue(), null);
    b.replaceOpWithNewOp<arith::ExtUIOp>(op, b.getI32Type(), isNull);
    return success();
  }
};

template <typename Op> struct TablePattern : OpRewritePattern<Op> {
  TablePattern(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern<Op>(context), info(info) {}

  /// i1: whether `count` elements from `start` (both i64) are not all there.
  Value isOutsideTable(OpBuilder &b, Operation *op, StringRef table,
                       Value start, Value count) const {
    return isOutside(b, op->getLoc(), start, count,
                     getTableSize(b, op, table, info));
  }

  const ModuleInfo &info;
};

struct RefFunc : TablePattern<twasm::RefFuncOp> {
  using TablePattern::TablePattern;
  LogicalResult matchAndRewrite(twasm::RefFuncOp op,
                                PatternRewriter &b) const override {
    auto number = info.functionNumbers.find(op.getFunc());
    if (number == info.functionNumbers.end())
      return op.emitError("refers to a function without a number: ")
             << op.getFuncAttr();
    b.replaceOp(op,
                constant64(b, op.getLoc(), uint64_t(number->second) + 1));
    return success();
  }
};

struct TableGet : TablePattern<twasm::TableGetOp> {
  using TablePattern::TablePattern;
  LogicalResult matchAndRewrite(twasm::TableGetOp op,
                                PatternRewriter &b) const override {
    b.replaceOp(op, loadElement(b, op, op.getTable(), op.getIndex(),
                                twasm::TrapCode::OutOfBoundsTable, info));
    return success();
  }
};

struct TableSet : TablePattern<twasm::TableSetOp> {
  using TablePattern::TablePattern;
  LogicalResult matchAndRewrite(twasm::TableSetOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value index = widen(b, loc, op.getIndex());
    Value size = getTableSize(b, op, op.getTable(), info);
    trapIf(b, op,
           arith::CmpIOp::create(b, loc, arith::CmpIPredicate::uge, index,
                                 size),
           twasm::TrapCode::OutOfBoundsTable);
    Value address = getElementAddress(b, op, op.getTable(), index, info);
    // Atomic, as the loads are: no thread sees half of a reference.
    b.replaceOpWithNewOp<LLVM::StoreOp>(
        op, op.getValue(), address, /*alignment=*/8, /*isVolatile=*/false,
        /*isNonTemporal=*/false, /*isInvariantGroup=*/false,
        LLVM::AtomicOrdering::monotonic);
    return success();
  }
};

struct TableSize : TablePattern<twasm::TableSizeOp> {
  using TablePattern::TablePattern;
  LogicalResult matchAndRewrite(twasm::TableSizeOp op,
                                PatternRewriter &b) const override {
    Value size = getTableSize(b, op, op.getTable(), info);
    b.replaceOpWithNewOp<arith::TruncIOp>(op, b.getI32Type(), size);
    return success();
  }
};

/// A loop of compare-exchange on the size, as memory.grow has, then the fill.
/// A thread that reads a new element before it is filled sees what the runtime
/// left there, and whatever number that is, an indirect call checks it.
struct TableGrow : TablePattern<twasm::TableGrowOp> {
  using TablePattern::TablePattern;
  LogicalResult matchAndRewrite(twasm::TableGrowOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type i32 = b.getI32Type(), i64 = b.getI64Type();
    uint64_t state = info.layout.table(info.tables.lookup(op.getTable()));
    Value count = widen(b, loc, op.getCount());
    Value capacity = loadState(b, op, i64,
                               state + offsetof(TableState, capacity), true);
    Value first = getTableSize(b, op, op.getTable(), info);
    Value size = stateAddress(b, op, state + offsetof(TableState, size));

    Block *before = op->getBlock();
    Block *after = b.splitBlock(before, op->getIterator());
    Region *region = before->getParent();
    Block *attempt = b.createBlock(region, after->getIterator(), i64, loc);
    Block *exchange = b.createBlock(region, after->getIterator());
    Block *grown = b.createBlock(region, after->getIterator());
    after->addArgument(i32, loc);

    b.setInsertionPointToEnd(before);
    LLVM::BrOp::create(b, loc, ValueRange{first}, attempt);

    b.setInsertionPointToStart(attempt);
    Value old = attempt->getArgument(0);
    // The size never exceeds the capacity: this does not wrap.
    Value room = arith::SubIOp::create(b, loc, capacity, old);
    Value fits = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ule,
                                       count, room);
    Value failed = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(-1));
    LLVM::CondBrOp::create(b, loc, fits, exchange, ValueRange{}, after,
                           ValueRange{failed});

    b.setInsertionPointToStart(exchange);
    Value sum = arith::AddIOp::create(b, loc, old, count);
    Value pair = LLVM::AtomicCmpXchgOp::create(
        b, loc, size, old, sum, LLVM::AtomicOrdering::seq_cst,
        LLVM::AtomicOrdering::seq_cst);
    Value seen = LLVM::ExtractValueOp::create(b, loc, pair, 0);
    Value done = LLVM::ExtractValueOp::create(b, loc, pair, 1);
    LLVM::CondBrOp::create(b, loc, done, grown, ValueRange{}, attempt,
                           ValueRange{seen});

    b.setInsertionPointToStart(grown);
    Value start = getElementAddress(b, op, op.getTable(), old, info);
    twasm::RtFill64Op::create(b, loc, start, op.getInit(), count);
    Value result = arith::TruncIOp::create(b, loc, i32, old);
    LLVM::BrOp::create(b, loc, ValueRange{result}, after);

    b.replaceOp(op, after->getArgument(0));
    return success();
  }
};

struct TableFill : TablePattern<twasm::TableFillOp> {
  using TablePattern::TablePattern;
  LogicalResult matchAndRewrite(twasm::TableFillOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value index = widen(b, loc, op.getIndex());
    Value count = widen(b, loc, op.getCount());
    trapIf(b, op, isOutsideTable(b, op, op.getTable(), index, count),
           twasm::TrapCode::OutOfBoundsTable);
    Value start = getElementAddress(b, op, op.getTable(), index, info);
    twasm::RtFill64Op::create(b, loc, start, op.getValue(), count);
    b.eraseOp(op);
    return success();
  }
};

struct TableCopy : TablePattern<twasm::TableCopyOp> {
  using TablePattern::TablePattern;
  LogicalResult matchAndRewrite(twasm::TableCopyOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value dst = widen(b, loc, op.getDst());
    Value src = widen(b, loc, op.getSrc());
    Value count = widen(b, loc, op.getCount());
    Value noSource = isOutsideTable(b, op, op.getSrcTable(), src, count);
    Value noTarget = isOutsideTable(b, op, op.getDstTable(), dst, count);
    trapIf(b, op, arith::OrIOp::create(b, loc, noSource, noTarget),
           twasm::TrapCode::OutOfBoundsTable);
    Value to = getElementAddress(b, op, op.getDstTable(), dst, info);
    Value from = getElementAddress(b, op, op.getSrcTable(), src, info);
    twasm::RtCopyOp::create(b, loc, to, from, referenceBytes(b, loc, count));
    b.eraseOp(op);
    return success();
  }
};

struct TableInit : TablePattern<twasm::TableInitOp> {
  using TablePattern::TablePattern;
  LogicalResult matchAndRewrite(twasm::TableInitOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value dst = widen(b, loc, op.getDst());
    Value src = widen(b, loc, op.getSrc());
    Value count = widen(b, loc, op.getCount());
    Segment segment = loadSegment(
        b, op,
        info.layout.elemSegment(info.elemSegments.lookup(op.getSegment())));
    Value noSource = isOutside(b, loc, src, count, segment.size);
    Value noTarget = isOutsideTable(b, op, op.getTable(), dst, count);
    trapIf(b, op, arith::OrIOp::create(b, loc, noSource, noTarget),
           twasm::TrapCode::OutOfBoundsTable);
    Value to = getElementAddress(b, op, op.getTable(), dst, info);
    Value from =
        addBytes(b, loc, segment.address, referenceBytes(b, loc, src));
    twasm::RtCopyOp::create(b, loc, to, from, referenceBytes(b, loc, count));
    b.eraseOp(op);
    return success();
  }
};

struct ElemDrop : TablePattern<twasm::ElemDropOp> {
  using TablePattern::TablePattern;
  LogicalResult matchAndRewrite(twasm::ElemDropOp op,
                                PatternRewriter &b) const override {
    dropSegment(b, op,
                info.layout.elemSegment(
                    info.elemSegments.lookup(op.getSegment())));
    b.eraseOp(op);
    return success();
  }
};

} // namespace

void twc::populateTablePatterns(RewritePatternSet &patterns,
                                const ModuleInfo &info) {
  patterns.add<RefNull, RefIsNull>(patterns.getContext());
  patterns.add<RefFunc, TableGet, TableSet, TableSize, TableGrow, TableFill,
               TableCopy, TableInit, ElemDrop>(patterns.getContext(), info);
}
