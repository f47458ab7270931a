//===- Atomics.cpp - patterns of atomic memory access ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The threads proposal's instructions become LLVM's atomics, sequentially
// consistent and of LLVM's widest scope; what a GPU needs besides, and its
// narrower scope, is lib/Transforms' business.
//
// An address that is no multiple of the width traps, before its range is looked
// at (the proposal's core spec, execution of the instructions). So an atomic is
// always naturally aligned, which LLVM is told.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;

static constexpr auto ordering = LLVM::AtomicOrdering::seq_cst;

static Value constant(OpBuilder &b, Location loc, Type type, int64_t value) {
  return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
}

/// The low bits of `value`, as many as `type` has.
static Value narrow(OpBuilder &b, Location loc, Value value, Type type) {
  return value.getType() == type
             ? value
             : arith::TruncIOp::create(b, loc, type, value).getResult();
}

static Value zeroExtend(OpBuilder &b, Location loc, Value value, Type type) {
  return value.getType() == type
             ? value
             : arith::ExtUIOp::create(b, loc, type, value).getResult();
}

namespace {

template <typename Op> struct AtomicPattern : OpRewritePattern<Op> {
  AtomicPattern(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern<Op>(context), info(info) {}

  /// Traps unless the effective address is a multiple of `bytes`.
  static void checkAlignment(OpBuilder &b, Op op, unsigned bytes) {
    if (bytes == 1)
      return;
    Location loc = op.getLoc();
    // Wrapping at the index's width leaves the low bits as they are.
    Value low = op.getIndex();
    Type type = low.getType();
    if (uint64_t rest = uint64_t(op.getOffset()) % bytes)
      low = arith::AddIOp::create(b, loc, low, constant(b, loc, type, rest));
    low = arith::AndIOp::create(b, loc, low,
                                constant(b, loc, type, bytes - 1));
    Value zero = constant(b, loc, type, 0);
    trapIf(b, op,
           arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, low, zero),
           twasm::TrapCode::UnalignedAtomic);
  }

  /// Checks an access of `bytes` bytes and returns its address.
  Value translate(OpBuilder &b, Op op, unsigned bytes) const {
    checkAlignment(b, op, bytes);
    return translateAccess(b, op, op.getIndex(), op.getOffset(), bytes,
                           memoryOf(op, op.getMemory()), info);
  }

  static Value load(OpBuilder &b, Location loc, Type type, Value address) {
    return LLVM::LoadOp::create(
        b, loc, type, address, type.getIntOrFloatBitWidth() / 8,
        /*isVolatile=*/false, /*isNonTemporal=*/false, /*isInvariant=*/false,
        /*isInvariantGroup=*/false, ordering);
  }

  const ModuleInfo &info;
};

struct AtomicLoad : AtomicPattern<twasm::AtomicLoadOp> {
  using AtomicPattern::AtomicPattern;
  LogicalResult matchAndRewrite(twasm::AtomicLoadOp op,
                                PatternRewriter &b) const override {
    Value address = translate(b, op, op.getBits() / 8);
    Value value =
        load(b, op.getLoc(), b.getIntegerType(op.getBits()), address);
    b.replaceOp(op, zeroExtend(b, op.getLoc(), value, op.getType()));
    return success();
  }
};

struct AtomicStore : AtomicPattern<twasm::AtomicStoreOp> {
  using AtomicPattern::AtomicPattern;
  LogicalResult matchAndRewrite(twasm::AtomicStoreOp op,
                                PatternRewriter &b) const override {
    Value address = translate(b, op, op.getBits() / 8);
    Value value = narrow(b, op.getLoc(), op.getValue(),
                         b.getIntegerType(op.getBits()));
    b.replaceOpWithNewOp<LLVM::StoreOp>(
        op, value, address, op.getBits() / 8, /*isVolatile=*/false,
        /*isNonTemporal=*/false, /*isInvariantGroup=*/false, ordering);
    return success();
  }
};

struct AtomicRmw : AtomicPattern<twasm::AtomicRmwOp> {
  using AtomicPattern::AtomicPattern;
  LogicalResult matchAndRewrite(twasm::AtomicRmwOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value address = translate(b, op, op.getBits() / 8);
    Value value =
        narrow(b, loc, op.getValue(), b.getIntegerType(op.getBits()));
    Value old = LLVM::AtomicRMWOp::create(b, loc, kindOf(op.getKind()),
                                          address, value, ordering,
                                          StringRef(), op.getBits() / 8);
    b.replaceOp(op, zeroExtend(b, loc, old, op.getType()));
    return success();
  }

  static LLVM::AtomicBinOp kindOf(twasm::RmwKind kind) {
    switch (kind) {
    case twasm::RmwKind::add:
      return LLVM::AtomicBinOp::add;
    case twasm::RmwKind::sub:
      return LLVM::AtomicBinOp::sub;
    case twasm::RmwKind::and_:
      return LLVM::AtomicBinOp::_and;
    case twasm::RmwKind::or_:
      return LLVM::AtomicBinOp::_or;
    case twasm::RmwKind::xor_:
      return LLVM::AtomicBinOp::_xor;
    case twasm::RmwKind::xchg:
      return LLVM::AtomicBinOp::xchg;
    }
    llvm_unreachable("unknown read-modify-write");
  }
};

/// A narrow one wraps what is expected, too (the proposal's core spec,
/// t.atomic.rmwN.cmpxchg).
struct AtomicCmpxchg : AtomicPattern<twasm::AtomicCmpxchgOp> {
  using AtomicPattern::AtomicPattern;
  LogicalResult matchAndRewrite(twasm::AtomicCmpxchgOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type type = b.getIntegerType(op.getBits());
    Value address = translate(b, op, op.getBits() / 8);
    Value expected = narrow(b, loc, op.getExpected(), type);
    Value replacement = narrow(b, loc, op.getReplacement(), type);
    Value pair = LLVM::AtomicCmpXchgOp::create(
        b, loc, address, expected, replacement, ordering, ordering,
        StringRef(), op.getBits() / 8);
    Value old = LLVM::ExtractValueOp::create(b, loc, pair, 0);
    b.replaceOp(op, zeroExtend(b, loc, old, op.getType()));
    return success();
  }
};

struct AtomicFence : OpRewritePattern<twasm::AtomicFenceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(twasm::AtomicFenceOp op,
                                PatternRewriter &b) const override {
    b.replaceOpWithNewOp<LLVM::FenceOp>(op, ordering);
    return success();
  }
};

/// Nobody is ever woken: a wait for the value that is there ends at its
/// time-out at once, and without one (negative) would never end.
struct AtomicWait : AtomicPattern<twasm::AtomicWaitOp> {
  using AtomicPattern::AtomicPattern;
  LogicalResult matchAndRewrite(twasm::AtomicWaitOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type i32 = b.getI32Type();
    Type type = op.getExpected().getType();
    unsigned bytes = type.getIntOrFloatBitWidth() / 8;
    if (!info.memory(memoryOf(op, op.getMemory())).shared) {
      checkAlignment(b, op, bytes);
      trapIf(b, op, constant(b, loc, b.getI1Type(), 1),
             twasm::TrapCode::ExpectedSharedMemory);
      b.replaceOp(op, constant(b, loc, i32, 0)); // never reached
      return success();
    }
    Value address = translate(b, op, bytes);
    Value seen = load(b, loc, type, address);
    Value equal = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, seen,
                                        op.getExpected());
    Value forever =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt,
                              op.getTimeout(),
                              constant(b, loc, b.getI64Type(), 0));
    trapIf(b, op, arith::AndIOp::create(b, loc, equal, forever),
           twasm::TrapCode::EndlessWait);
    Value timedOut = constant(b, loc, i32, 2);
    Value notEqual = constant(b, loc, i32, 1);
    b.replaceOpWithNewOp<arith::SelectOp>(op, equal, timedOut, notEqual);
    return success();
  }
};

struct AtomicNotify : AtomicPattern<twasm::AtomicNotifyOp> {
  using AtomicPattern::AtomicPattern;
  LogicalResult matchAndRewrite(twasm::AtomicNotifyOp op,
                                PatternRewriter &b) const override {
    translate(b, op, 4);
    b.replaceOp(op, constant(b, op.getLoc(), b.getI32Type(), 0));
    return success();
  }
};

} // namespace

void twc::populateAtomicPatterns(RewritePatternSet &patterns,
                                 const ModuleInfo &info) {
  patterns.add<AtomicFence>(patterns.getContext());
  patterns.add<AtomicLoad, AtomicStore, AtomicRmw, AtomicCmpxchg, AtomicWait,
               AtomicNotify>(patterns.getContext(), info);
}
