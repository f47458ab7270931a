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

void twc::checkAtomicAlignment(OpBuilder &b, Operation *op, Value index,
                               uint64_t offset, unsigned bytes) {
  if (bytes == 1)
    return;
  Location loc = op->getLoc();
  // Wrapping at the index's width leaves the low bits as they are.
  Value low = index;
  Type type = low.getType();
  if (uint64_t rest = offset % bytes)
    low = arith::AddIOp::create(b, loc, low, constant(b, loc, type, rest));
  low =
      arith::AndIOp::create(b, loc, low, constant(b, loc, type, bytes - 1));
  Value zero = constant(b, loc, type, 0);
  trapIf(b, op,
         arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, low, zero),
         twasm::TrapCode::UnalignedAtomic);
}

/// `then` or `otherwise`, each in a block of its own, at the end of the block
/// that is being built; what follows goes into a third.
static Value choose(OpBuilder &b, Location loc, Value condition, Type type,
                    llvm::function_ref<Value()> then,
                    llvm::function_ref<Value()> otherwise) {
  Block *before = b.getInsertionBlock();
  Region *region = before->getParent();
  Block *after = b.createBlock(region, std::next(before->getIterator()));
  if (type)
    after->addArgument(type, loc);
  auto addPath = [&](llvm::function_ref<Value()> build) {
    Block *path = b.createBlock(region, after->getIterator());
    Value result = build();
    LLVM::BrOp::create(b, loc, type ? ValueRange(result) : ValueRange(),
                       after);
    return path;
  };
  Block *first = addPath(then), *second = addPath(otherwise);
  b.setInsertionPointToEnd(before);
  LLVM::CondBrOp::create(b, loc, condition, first, second);
  b.setInsertionPointToStart(after);
  return type ? Value(after->getArgument(0)) : Value();
}

/// On the thread's own stack nobody else looks on, and a GPU has no atomics
/// there: plain loads and stores do.
Value twc::accessAnywhere(
    OpBuilder &b, Operation *op, Value index, uint64_t offset, unsigned bytes,
    StringRef memory, Type type, const ModuleInfo &info,
    llvm::function_ref<Value(Value address, bool isAtomic)> build) {
  Location loc = op->getLoc();
  const Window &window = *info.windowOf(op);
  Value address = findAddress(b, op, index, offset, bytes, memory, info);
  if (!window.stack || window.memory != memory)
    return build(address, true);
  Type i64 = b.getI64Type();
  Value at =
      arith::AddIOp::create(b, loc, widen(b, loc, index),
                            constant(b, loc, i64, offset - window.low));
  Value onStack =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, at,
                            constant(b, loc, i64, window.top - window.low));
  return choose(
      b, loc, onStack, type, [&] { return build(address, false); },
      [&] { return build(address, true); });
}

Value twc::accessAtomically(
    OpBuilder &b, Operation *op, Value index, uint64_t offset, unsigned bytes,
    StringRef memory, Type type, const ModuleInfo &info,
    llvm::function_ref<Value(Value address, bool isAtomic)> build) {
  checkAtomicAlignment(b, op, index, offset, bytes);
  if (hasSharedWindow(op, memory, info)) {
    LikelyPlace place =
        findLikelyPlace(b, op, index, offset, bytes, memory, info);
    return branchOn(
        b, op, place.inside, type,
        [&] { return build(place.pointer, !place.isStack); },
        [&] {
          return accessAnywhere(b, op, index, offset, bytes, memory, type,
                                info, build);
        });
  }
  std::optional<WindowAccess> window =
      translateWindow(b, op, index, offset, bytes, memory, info);
  if (!window)
    return build(translateAccess(b, op, index, offset, bytes, memory, info),
                 true);
  return branchOn(
      b, op, window->inStack, type, [&] { return build(window->stack, false); },
      [&] { return build(window->memory, true); }, /*weigh=*/false);
}

namespace {

template <typename Op> struct AtomicPattern : OpRewritePattern<Op> {
  AtomicPattern(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern<Op>(context), info(info) {}

  static void checkAlignment(OpBuilder &b, Op op, unsigned bytes) {
    checkAtomicAlignment(b, op, op.getIndex(), op.getOffset(), bytes);
  }

  /// Checks an access of `bytes` bytes and returns its address.
  Value translate(OpBuilder &b, Op op, unsigned bytes) const {
    checkAlignment(b, op, bytes);
    return translateAccess(b, op, op.getIndex(), op.getOffset(), bytes,
                           memoryOf(op, op.getMemory()), info);
  }

  /// Checks an access and makes it with `build(address, isAtomic)`, which
  /// returns its result of type `type`, null if that is null.
  template <typename Build>
  Value access(OpBuilder &b, Op op, unsigned bytes, Type type,
               Build build) const {
    return accessAtomically(b, op, op.getIndex(), op.getOffset(), bytes,
                            memoryOf(op, op.getMemory()), type, info, build);
  }

  static Value load(OpBuilder &b, Location loc, Type type, Value address,
                    bool isAtomic) {
    return LLVM::LoadOp::create(
        b, loc, type, address, type.getIntOrFloatBitWidth() / 8,
        /*isVolatile=*/false, /*isNonTemporal=*/false, /*isInvariant=*/false,
        /*isInvariantGroup=*/false, orderingOf(isAtomic));
  }
  static void store(OpBuilder &b, Location loc, Value value, Value address,
                    bool isAtomic) {
    LLVM::StoreOp::create(b, loc, value, address,
                          value.getType().getIntOrFloatBitWidth() / 8,
                          /*isVolatile=*/false, /*isNonTemporal=*/false,
                          /*isInvariantGroup=*/false, orderingOf(isAtomic));
  }
  static LLVM::AtomicOrdering orderingOf(bool isAtomic) {
    return isAtomic ? ordering : LLVM::AtomicOrdering::not_atomic;
  }

  const ModuleInfo &info;
};

struct AtomicLoad : AtomicPattern<twasm::AtomicLoadOp> {
  using AtomicPattern::AtomicPattern;
  LogicalResult matchAndRewrite(twasm::AtomicLoadOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type type = b.getIntegerType(op.getBits());
    Value value = access(b, op, op.getBits() / 8, type,
                         [&](Value address, bool isAtomic) {
                           return load(b, loc, type, address, isAtomic);
                         });
    b.replaceOp(op, zeroExtend(b, loc, value, op.getType()));
    return success();
  }
};

struct AtomicStore : AtomicPattern<twasm::AtomicStoreOp> {
  using AtomicPattern::AtomicPattern;
  LogicalResult matchAndRewrite(twasm::AtomicStoreOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value value =
        narrow(b, loc, op.getValue(), b.getIntegerType(op.getBits()));
    access(b, op, op.getBits() / 8, Type(), [&](Value address, bool isAtomic) {
      store(b, loc, value, address, isAtomic);
      return Value();
    });
    b.eraseOp(op);
    return success();
  }
};

struct AtomicRmw : AtomicPattern<twasm::AtomicRmwOp> {
  using AtomicPattern::AtomicPattern;
  LogicalResult matchAndRewrite(twasm::AtomicRmwOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type type = b.getIntegerType(op.getBits());
    Value value = narrow(b, loc, op.getValue(), type);
    Value old = access(
        b, op, op.getBits() / 8, type,
        [&](Value address, bool isAtomic) -> Value {
          if (isAtomic)
            return LLVM::AtomicRMWOp::create(b, loc, kindOf(op.getKind()),
                                             address, value, ordering,
                                             StringRef(), op.getBits() / 8);
          Value seen = load(b, loc, type, address, false);
          store(b, loc, combine(b, loc, op.getKind(), seen, value), address,
                false);
          return seen;
        });
    b.replaceOp(op, zeroExtend(b, loc, old, op.getType()));
    return success();
  }

  static Value combine(OpBuilder &b, Location loc, twasm::RmwKind kind,
                       Value old, Value value) {
    switch (kind) {
    case twasm::RmwKind::add:
      return arith::AddIOp::create(b, loc, old, value);
    case twasm::RmwKind::sub:
      return arith::SubIOp::create(b, loc, old, value);
    case twasm::RmwKind::and_:
      return arith::AndIOp::create(b, loc, old, value);
    case twasm::RmwKind::or_:
      return arith::OrIOp::create(b, loc, old, value);
    case twasm::RmwKind::xor_:
      return arith::XOrIOp::create(b, loc, old, value);
    case twasm::RmwKind::xchg:
      return value;
    }
    llvm_unreachable("unknown read-modify-write");
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
    Value expected = narrow(b, loc, op.getExpected(), type);
    Value replacement = narrow(b, loc, op.getReplacement(), type);
    Value old = access(
        b, op, op.getBits() / 8, type,
        [&](Value address, bool isAtomic) -> Value {
          if (isAtomic) {
            Value pair = LLVM::AtomicCmpXchgOp::create(
                b, loc, address, expected, replacement, ordering, ordering,
                StringRef(), op.getBits() / 8);
            return LLVM::ExtractValueOp::create(b, loc, pair, 0);
          }
          Value seen = load(b, loc, type, address, false);
          Value equal = arith::CmpIOp::create(
              b, loc, arith::CmpIPredicate::eq, seen, expected);
          store(b, loc,
                arith::SelectOp::create(b, loc, equal, replacement, seen),
                address, false);
          return seen;
        });
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
    Value seen =
        access(b, op, bytes, type, [&](Value address, bool isAtomic) {
          return load(b, loc, type, address, isAtomic);
        });
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
