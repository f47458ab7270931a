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

#include "twc/Dialect/TWasm/Transforms/Passes.h"
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

  /// As what type the bits travel: an exchange is of no number.
  static Type typeOf(OpBuilder &b, twasm::ScopedRmwOp op) {
    return op.getKind() == ScopedRmwKind::xchg ? bits(b, op.getType())
                                               : op.getType();
  }
  static Value make(OpBuilder &b, twasm::ScopedRmwOp op, Value address,
                    bool isAtomic) {
    Type type = typeOf(b, op);
    bool isFloat = isa<FloatType>(type);
    return LLVM::AtomicRMWOp::create(
        b, op.getLoc(), binOpOf(op.getKind(), isFloat), address,
        cast(b, op.getLoc(), op.getValue(), type), orderingOf(op.getOrder()),
        scopeOf(op.getScope(), isAtomic), type.getIntOrFloatBitWidth() / 8,
        /*isVolatile=*/isFloat);
  }

  /// Most likely in shared memory, and nobody wants the old value.
  static bool isTogether(Operation *op) {
    auto origin = op->getAttrOfType<StringAttr>(twasm::originAttr);
    return isa<twasm::ScopedRmwOp>(op) && op->use_empty() && origin &&
           origin.getValue() == twasm::originShared;
  }
  /// Where one of those that were to be made together is elsewhere.
  void makeAnywhere(OpBuilder &b, twasm::ScopedRmwOp op) const {
    unsigned bytes = op.getType().getIntOrFloatBitWidth() / 8;
    checkAtomicAlignment(b, op, op.getIndex(), 0, bytes);
    accessAnywhere(b, op, op.getIndex(), 0, bytes,
                   memoryOf(op, op.getMemory()), typeOf(b, op), info,
                   [&](Value address, bool isAtomic) {
                     return make(b, op, address, isAtomic);
                   });
  }
  LogicalResult makeTogether(PatternRewriter &b,
                             ArrayRef<Operation *> run) const {
    SmallVector<Value> pointers;
    Value likely;
    for (Operation *other : run) {
      auto op = llvm::cast<twasm::ScopedRmwOp>(other);
      unsigned bytes = op.getType().getIntOrFloatBitWidth() / 8;
      LikelyPlace place = findLikelyPlace(b, op, op.getIndex(), 0, bytes,
                                          memoryOf(op, op.getMemory()), info);
      auto also = [&](Value one) {
        likely = likely ? arith::AndIOp::create(b, op.getLoc(), likely, one)
                              .getResult()
                        : one;
      };
      also(place.inside);
      Value low = arith::AndIOp::create(
          b, op.getLoc(), op.getIndex(),
          arith::ConstantOp::create(b, op.getLoc(),
                                    b.getI32IntegerAttr(bytes - 1)));
      also(arith::CmpIOp::create(
          b, op.getLoc(), arith::CmpIPredicate::eq, low,
          arith::ConstantOp::create(b, op.getLoc(), b.getI32IntegerAttr(0))));
      pointers.push_back(place.pointer);
    }
    accessTogether(
        b, run, likely,
        [&] {
          for (auto [other, pointer] : llvm::zip(run, pointers))
            make(b, llvm::cast<twasm::ScopedRmwOp>(other), pointer, true);
        },
        [&] {
          makeAnywhere(b, llvm::cast<twasm::ScopedRmwOp>(run.front()));
        });
    return success();
  }

  LogicalResult matchAndRewrite(twasm::ScopedRmwOp op,
                                PatternRewriter &b) const override {
    StringRef memory = memoryOf(op, op.getMemory());
    if (op->hasAttr(aloneAttr)) {
      // It makes blocks, and goes on at the end of one.
      Block *before = op->getBlock();
      Block *after = b.splitBlock(before, op->getIterator());
      b.setInsertionPointToEnd(before);
      makeAnywhere(b, op);
      LLVM::BrOp::create(b, op.getLoc(), ValueRange(), after);
      b.eraseOp(op);
      return success();
    }
    if (hasSharedWindow(op, memory, info) && isTogether(op)) {
      SmallVector<Operation *> run = collectRun(b, op, isTogether);
      if (run.size() > 1)
        return makeTogether(b, run);
    }
    Value old = access(b, op, typeOf(b, op), true,
                       [&](Value address, bool isAtomic) -> Value {
                         return make(b, op, address, isAtomic);
                       });
    b.replaceOp(op, cast(b, op.getLoc(), old, op.getType()));
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
