//===- ScopedAtomics.cpp - patterns of atomics with order and scope -------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// They become LLVM's atomics; their scopes, and how a float is added or
// compared, are lib/Transforms' business (OrderAtomics). Floats travel as
// integers where only their bits matter.
//
// Those on floats are volatile: LLVM would otherwise fold some by the rules of
// its own operators, which are not Wasm's.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;
using twasm::MemoryOrder;
using twasm::MemoryScope;
using twasm::ScopedRmwKind;

static LLVM::AtomicOrdering orderingOf(MemoryOrder order) {
  switch (order) {
  case MemoryOrder::relaxed:
    return LLVM::AtomicOrdering::monotonic;
  case MemoryOrder::acquire:
    return LLVM::AtomicOrdering::acquire;
  case MemoryOrder::release:
    return LLVM::AtomicOrdering::release;
  case MemoryOrder::acq_rel:
    return LLVM::AtomicOrdering::acq_rel;
  case MemoryOrder::seq_cst:
    return LLVM::AtomicOrdering::seq_cst;
  }
  llvm_unreachable("unknown order");
}

/// Of a compare-exchange that finds something else, and so releases nothing.
static LLVM::AtomicOrdering failureOrdering(MemoryOrder order) {
  switch (order) {
  case MemoryOrder::release:
    return LLVM::AtomicOrdering::monotonic;
  case MemoryOrder::acq_rel:
    return LLVM::AtomicOrdering::acquire;
  default:
    return orderingOf(order);
  }
}

static StringRef scopeOf(MemoryScope scope, bool isAtomic) {
  if (!isAtomic)
    return runtime::scopeThread;
  switch (scope) {
  case MemoryScope::block:
    return runtime::scopeBlock;
  case MemoryScope::device:
    return runtime::scopeDevice;
  case MemoryScope::system:
    return runtime::scopeSystem;
  }
  llvm_unreachable("unknown scope");
}

static LLVM::AtomicBinOp binOpOf(ScopedRmwKind kind, bool isFloat) {
  switch (kind) {
  case ScopedRmwKind::add:
    return isFloat ? LLVM::AtomicBinOp::fadd : LLVM::AtomicBinOp::add;
  case ScopedRmwKind::min_s:
    return LLVM::AtomicBinOp::min;
  case ScopedRmwKind::min_u:
    return LLVM::AtomicBinOp::umin;
  case ScopedRmwKind::max_s:
    return LLVM::AtomicBinOp::max;
  case ScopedRmwKind::max_u:
    return LLVM::AtomicBinOp::umax;
  case ScopedRmwKind::and_:
    return LLVM::AtomicBinOp::_and;
  case ScopedRmwKind::or_:
    return LLVM::AtomicBinOp::_or;
  case ScopedRmwKind::xor_:
    return LLVM::AtomicBinOp::_xor;
  case ScopedRmwKind::xchg:
    return LLVM::AtomicBinOp::xchg;
  case ScopedRmwKind::min:
    return LLVM::AtomicBinOp::fminimum;
  case ScopedRmwKind::max:
    return LLVM::AtomicBinOp::fmaximum;
  }
  llvm_unreachable("unknown read-modify-write");
}

static Value cast(OpBuilder &b, Location loc, Value value, Type type) {
  return value.getType() == type
             ? value
             : arith::BitcastOp::create(b, loc, type, value).getResult();
}

namespace {

template <typename Op> struct ScopedPattern : OpRewritePattern<Op> {
  ScopedPattern(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern<Op>(context), info(info) {}

  template <typename Build>
  Value access(OpBuilder &b, Op op, Type type, bool hasResult,
               Build build) const {
    return accessAtomically(b, op, op.getIndex(), 0,
                            type.getIntOrFloatBitWidth() / 8,
                            memoryOf(op, op.getMemory()),
                            hasResult ? type : Type(), info, build);
  }
  /// The integer type as wide as `type`.
  static Type bits(OpBuilder &b, Type type) {
    return b.getIntegerType(type.getIntOrFloatBitWidth());
  }
  const ModuleInfo &info;
};

struct ScopedLoad : ScopedPattern<twasm::ScopedLoadOp> {
  using ScopedPattern::ScopedPattern;
  LogicalResult matchAndRewrite(twasm::ScopedLoadOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type type = bits(b, op.getType());
    Value loaded =
        access(b, op, type, true, [&](Value address, bool isAtomic) -> Value {
          return LLVM::LoadOp::create(
              b, loc, type, address, type.getIntOrFloatBitWidth() / 8,
              /*isVolatile=*/false, /*isNonTemporal=*/false,
              /*isInvariant=*/false, /*isInvariantGroup=*/false,
              orderingOf(op.getOrder()), scopeOf(op.getScope(), isAtomic));
        });
    b.replaceOp(op, cast(b, loc, loaded, op.getType()));
    return success();
  }
};

struct ScopedStore : ScopedPattern<twasm::ScopedStoreOp> {
  using ScopedPattern::ScopedPattern;
  LogicalResult matchAndRewrite(twasm::ScopedStoreOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type type = bits(b, op.getValue().getType());
    Value value = cast(b, loc, op.getValue(), type);
    access(b, op, type, false, [&](Value address, bool isAtomic) {
      LLVM::StoreOp::create(
          b, loc, value, address, type.getIntOrFloatBitWidth() / 8,
          /*isVolatile=*/false, /*isNonTemporal=*/false,
          /*isInvariantGroup=*/false, orderingOf(op.getOrder()),
          scopeOf(op.getScope(), isAtomic));
      return Value();
    });
    b.eraseOp(op);
    return success();
  }
};

struct ScopedRmw : ScopedPattern<twasm::ScopedRmwOp> {
  using ScopedPattern::ScopedPattern;
  LogicalResult matchAndRewrite(twasm::ScopedRmwOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type type = op.getType();
    bool isFloat = isa<FloatType>(type);
    if (op.getKind() == ScopedRmwKind::xchg) {
      type = bits(b, type);
      isFloat = false;
    }
    Value value = cast(b, loc, op.getValue(), type);
    Value old =
        access(b, op, type, true, [&](Value address, bool isAtomic) -> Value {
          return LLVM::AtomicRMWOp::create(
              b, loc, binOpOf(op.getKind(), isFloat), address, value,
              orderingOf(op.getOrder()), scopeOf(op.getScope(), isAtomic),
              type.getIntOrFloatBitWidth() / 8, /*isVolatile=*/isFloat);
        });
    b.replaceOp(op, cast(b, loc, old, op.getType()));
    return success();
  }
};

struct ScopedCmpxchg : ScopedPattern<twasm::ScopedCmpxchgOp> {
  using ScopedPattern::ScopedPattern;
  LogicalResult matchAndRewrite(twasm::ScopedCmpxchgOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type type = bits(b, op.getType());
    Value expected = cast(b, loc, op.getExpected(), type);
    Value replacement = cast(b, loc, op.getReplacement(), type);
    Value old =
        access(b, op, type, true, [&](Value address, bool isAtomic) -> Value {
          Value pair = LLVM::AtomicCmpXchgOp::create(
              b, loc, address, expected, replacement,
              orderingOf(op.getOrder()), failureOrdering(op.getOrder()),
              scopeOf(op.getScope(), isAtomic),
              type.getIntOrFloatBitWidth() / 8);
          return LLVM::ExtractValueOp::create(b, loc, pair, 0);
        });
    b.replaceOp(op, cast(b, loc, old, op.getType()));
    return success();
  }
};

} // namespace

void twc::populateScopedAtomicPatterns(RewritePatternSet &patterns,
                                       const ModuleInfo &info) {
  patterns.add<ScopedLoad, ScopedStore, ScopedRmw, ScopedCmpxchg>(
      patterns.getContext(), info);
}
