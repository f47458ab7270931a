//===- Team.cpp - threads that work together, on each target --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On a GPU one instruction each, or a function that lib/Transforms defines; on
// the host a call of the runtime (abi::HostThread::collective), whose threads
// are fibers.
//
// A GPU's barriers are not `.aligned`: threads of a warp may come to them one
// by one. Operations of a warp check first that the thread is in its mask;
// outside of it their result is undefined (PTX ISA, "shfl.sync").
//
//===----------------------------------------------------------------------===//

#include "Target.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace twc;
using twrun::abi::CollectiveOp;

namespace {

/// What both kinds of pattern share: the op's thread, and small values.
template <typename Op> struct TeamPattern : ConvertOpToLLVMPattern<Op> {
  using ConvertOpToLLVMPattern<Op>::ConvertOpToLLVMPattern;
  using Rewriter = ConversionPatternRewriter;
};

//===----------------------------------------------------------------------===//
// PTX
//===----------------------------------------------------------------------===//

/// Traps unless the thread's bit is set in `mask`.
void checkMask(ConversionPatternRewriter &b, Operation *op, Value mask) {
  if (auto all = mask.getDefiningOp<LLVM::ConstantOp>())
    if (auto bits = dyn_cast<IntegerAttr>(all.getValue());
        bits && bits.getValue().isAllOnes())
      return;
  Location loc = op->getLoc();
  Value lane = makeIntrinsic(b, loc, b.getI32Type(), "read.ptx.sreg.laneid", {});
  // In this form LLVM sees that a mask of all lanes cannot fail.
  Value bit = LLVM::ShlOp::create(b, loc, makeI32(b, loc, 1), lane);
  Value out = LLVM::ICmpOp::create(
      b, loc, LLVM::ICmpPredicate::eq, LLVM::AndOp::create(b, loc, mask, bit),
      makeI32(b, loc, 0));
  auto [function, at] = getPlace(op);
  auto code = uint32_t(twasm::TrapCode::NotInWarpMask);
  callRuntime(b, op, runtime::trapIf,
              {out, makeI32(b, loc, code), runtimePointer(op),
               makeI32(b, loc, function), makeI32(b, loc, at)});
}

Value isSet(OpBuilder &b, Location loc, Value predicate) {
  return LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, predicate,
                              makeI32(b, loc, 0));
}

struct PTXBarrier : TeamPattern<twasm::BarrierOp> {
  using TeamPattern::TeamPattern;
  LogicalResult matchAndRewrite(twasm::BarrierOp op, OpAdaptor,
                                Rewriter &b) const override {
    makeIntrinsic(b, op.getLoc(), {}, "barrier.cta.sync.all",
              makeI32(b, op.getLoc(), 0));
    b.eraseOp(op);
    return success();
  }
};

struct PTXBarrierVote : TeamPattern<twasm::BarrierVoteOp> {
  using TeamPattern::TeamPattern;
  LogicalResult matchAndRewrite(twasm::BarrierVoteOp op, OpAdaptor in,
                                Rewriter &b) const override {
    Location loc = op.getLoc();
    bool counts = op.getKind() == twasm::BarrierVote::count;
    Type type = counts ? b.getI32Type() : b.getI1Type();
    StringRef how = counts ? "popc" : twasm::stringifyBarrierVote(op.getKind());
    Value result = makeIntrinsic(
        b, loc, type, "barrier.cta.red." + how + ".all",
        {makeI32(b, loc, 0), isSet(b, loc, in.getPredicate())});
    if (!counts)
      result = LLVM::ZExtOp::create(b, loc, b.getI32Type(), result);
    b.replaceOp(op, result);
    return success();
  }
};

struct PTXWarpSync : TeamPattern<twasm::WarpSyncOp> {
  using TeamPattern::TeamPattern;
  LogicalResult matchAndRewrite(twasm::WarpSyncOp op, OpAdaptor in,
                                Rewriter &b) const override {
    checkMask(b, op, in.getMask());
    makeIntrinsic(b, op.getLoc(), {}, "bar.warp.sync", in.getMask());
    b.eraseOp(op);
    return success();
  }
};

struct PTXFence : TeamPattern<twasm::FenceOp> {
  using TeamPattern::TeamPattern;
  LogicalResult matchAndRewrite(twasm::FenceOp op, OpAdaptor,
                                Rewriter &b) const override {
    StringRef text = op.getScope() == twasm::FenceScope::block ? "fence.sc.cta;"
                     : op.getScope() == twasm::FenceScope::device
                         ? "fence.sc.gpu;"
                         : "fence.sc.sys;";
    makeAssembly(b, op.getLoc(), {}, text, "~{memory}", {},
                 /*hasSideEffects=*/true);
    b.eraseOp(op);
    return success();
  }
};

struct PTXShuffle : TeamPattern<twasm::ShuffleOp> {
  using TeamPattern::TeamPattern;
  LogicalResult matchAndRewrite(twasm::ShuffleOp op, OpAdaptor in,
                                Rewriter &b) const override {
    Location loc = op.getLoc();
    Type i32 = b.getI32Type(), i64 = b.getI64Type(), type = op.getType();
    checkMask(b, op, in.getMask());
    // c = ((32 - width) & 31) << 8 | 31, or | 0 for `up`.
    Value segment = LLVM::AndOp::create(
        b, loc,
        LLVM::SubOp::create(b, loc, makeI32(b, loc, 32), in.getWidth()),
        makeI32(b, loc, 31));
    Value control =
        LLVM::ShlOp::create(b, loc, segment, makeI32(b, loc, 8));
    if (op.getKind() != twasm::ShuffleKind::up)
      control = LLVM::OrOp::create(b, loc, control, makeI32(b, loc, 31));
    StringRef kind = op.getKind() == twasm::ShuffleKind::xor_
                         ? "bfly"
                         : twasm::stringifyShuffleKind(op.getKind());
    auto shuffle = [&](Value value) {
      return makeIntrinsic(b, loc, i32, "shfl.sync." + kind + ".i32",
                       {in.getMask(), value, in.getLane(), control});
    };
    bool isWide = type.getIntOrFloatBitWidth() == 64;
    Value bits = in.getValue();
    if (isa<FloatType>(type))
      bits = LLVM::BitcastOp::create(b, loc, isWide ? i64 : i32, bits);
    Value result;
    if (isWide) {
      Value shift = makeI64(b, loc, 32);
      Value low = shuffle(LLVM::TruncOp::create(b, loc, i32, bits));
      Value high = shuffle(LLVM::TruncOp::create(
          b, loc, i32, LLVM::LShrOp::create(b, loc, bits, shift)));
      high = LLVM::ShlOp::create(
          b, loc, LLVM::ZExtOp::create(b, loc, i64, high), shift);
      result = LLVM::OrOp::create(
          b, loc, high, LLVM::ZExtOp::create(b, loc, i64, low));
    } else {
      result = shuffle(bits);
    }
    if (isa<FloatType>(type))
      result = LLVM::BitcastOp::create(b, loc, type, result);
    b.replaceOp(op, result);
    return success();
  }
};

struct PTXVote : TeamPattern<twasm::VoteOp> {
  using TeamPattern::TeamPattern;
  LogicalResult matchAndRewrite(twasm::VoteOp op, OpAdaptor in,
                                Rewriter &b) const override {
    Location loc = op.getLoc();
    checkMask(b, op, in.getMask());
    bool isBallot = op.getKind() == twasm::VoteKind::ballot;
    Type type = isBallot ? b.getI32Type() : b.getI1Type();
    Value result = makeIntrinsic(
        b, loc, type, "vote." + twasm::stringifyVoteKind(op.getKind()) + ".sync",
        {in.getMask(), isSet(b, loc, in.getPredicate())});
    if (!isBallot)
      result = LLVM::ZExtOp::create(b, loc, b.getI32Type(), result);
    b.replaceOp(op, result);
    return success();
  }
};

struct PTXMatch : TeamPattern<twasm::MatchOp> {
  using TeamPattern::TeamPattern;
  LogicalResult matchAndRewrite(twasm::MatchOp op, OpAdaptor in,
                                Rewriter &b) const override {
    Location loc = op.getLoc();
    checkMask(b, op, in.getMask());
    StringRef bits = op.getValue().getType().isInteger(64) ? "i64" : "i32";
    Value list[] = {in.getMask(), in.getValue()};
    Type i32 = b.getI32Type();
    if (op.getKind() == twasm::MatchKind::any) {
      b.replaceOp(op,
                  makeIntrinsic(b, loc, i32, "match.any.sync." + bits, list));
      return success();
    }
    auto both = LLVM::LLVMStructType::getLiteral(op.getContext(),
                                                 {i32, b.getI1Type()});
    Value pair =
        makeIntrinsic(b, loc, both, "match.all.sync." + bits + "p", list);
    b.replaceOpWithNewOp<LLVM::ExtractValueOp>(op, pair, 0);
    return success();
  }
};

std::string reduceName(StringRef prefix, twasm::ReduceKind kind, Type type) {
  std::string name;
  llvm::raw_string_ostream(name)
      << prefix << twasm::stringifyReduceKind(kind) << "_" << type;
  return name;
}

struct PTXWarpReduce : TeamPattern<twasm::WarpReduceOp> {
  using TeamPattern::TeamPattern;
  LogicalResult matchAndRewrite(twasm::WarpReduceOp op, OpAdaptor in,
                                Rewriter &b) const override {
    checkMask(b, op, in.getMask());
    b.replaceOp(op, callRuntime(b, op,
                                reduceName(runtime::warpReduce, op.getKind(),
                                           op.getType()),
                                {in.getMask(), in.getValue()}, op.getType()));
    return success();
  }
};

struct PTXBlockReduce : TeamPattern<twasm::BlockReduceOp> {
  using TeamPattern::TeamPattern;
  LogicalResult matchAndRewrite(twasm::BlockReduceOp op, OpAdaptor in,
                                Rewriter &b) const override {
    b.replaceOp(op, callRuntime(b, op,
                                reduceName(runtime::blockReduce, op.getKind(),
                                           op.getType()),
                                {in.getValue()}, op.getType()));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Host
//===----------------------------------------------------------------------===//

Value toBits(OpBuilder &b, Location loc, Value value) {
  Type i64 = b.getI64Type();
  if (isa<FloatType>(value.getType()))
    value = LLVM::BitcastOp::create(
        b, loc,
        b.getIntegerType(value.getType().getIntOrFloatBitWidth()), value);
  return value.getType() == i64
             ? value
             : LLVM::ZExtOp::create(b, loc, i64, value).getResult();
}

Value fromBits(OpBuilder &b, Location loc, Value bits, Type type) {
  unsigned width = type.getIntOrFloatBitWidth();
  if (width < 64)
    bits = LLVM::TruncOp::create(b, loc, b.getIntegerType(width), bits);
  return isa<FloatType>(type)
             ? LLVM::BitcastOp::create(b, loc, type, bits).getResult()
             : bits;
}

/// 1 unless `predicate` is 0, as the runtime takes it.
Value predicateBits(OpBuilder &b, Location loc, Value predicate) {
  return LLVM::ZExtOp::create(b, loc, b.getI64Type(),
                              isSet(b, loc, predicate));
}

uint32_t reduceType(Type type) {
  using twrun::abi::ReduceType;
  return uint32_t(type.isInteger(32)   ? ReduceType::I32
                  : type.isInteger(64) ? ReduceType::I64
                  : type.isF32()       ? ReduceType::F32
                                       : ReduceType::F64);
}

/// The op of the numbers that follow `first` in the order of the kinds.
template <typename Kind> CollectiveOp following(CollectiveOp first, Kind kind) {
  return CollectiveOp(uint32_t(first) + uint32_t(kind));
}

/// An op with what the runtime is asked for it: by `ask(b, op, adaptor)`.
template <typename Op, typename Ask> struct HostTeam : TeamPattern<Op> {
  HostTeam(const LLVMTypeConverter &converter, Ask ask)
      : TeamPattern<Op>(converter), ask(ask) {}
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor in,
                                ConversionPatternRewriter &b) const override {
    Value bits = ask(b, op, in);
    if (op->getNumResults() == 0)
      b.eraseOp(op);
    else
      b.replaceOp(op,
                  fromBits(b, op.getLoc(), bits, op->getResult(0).getType()));
    return success();
  }
  Ask ask;
};

template <typename Op, typename Ask>
void addHost(RewritePatternSet &patterns, const LLVMTypeConverter &converter,
             Ask ask) {
  patterns.add<HostTeam<Op, Ask>>(converter, ask);
}

using Rewriter = ConversionPatternRewriter;

struct HostFence : TeamPattern<twasm::FenceOp> {
  using TeamPattern::TeamPattern;
  LogicalResult matchAndRewrite(twasm::FenceOp op, OpAdaptor,
                                Rewriter &b) const override {
    b.replaceOpWithNewOp<LLVM::FenceOp>(op, LLVM::AtomicOrdering::seq_cst);
    return success();
  }
};

} // namespace

void twc::populateTeamPatterns(const LLVMTypeConverter &converter,
                               RewritePatternSet &patterns,
                               TargetKind target) {
  if (target == TargetKind::PTX) {
    patterns.add<PTXBarrier, PTXBarrierVote, PTXWarpSync, PTXFence, PTXShuffle,
                 PTXVote, PTXMatch, PTXWarpReduce, PTXBlockReduce>(converter);
    return;
  }
  patterns.add<HostFence>(converter);
  addHost<twasm::BarrierOp>(
      patterns, converter, [](Rewriter &b, twasm::BarrierOp op, auto) {
        return callCollective(b, op, CollectiveOp::Barrier, {}, {});
      });
  addHost<twasm::BarrierVoteOp>(
      patterns, converter, [](Rewriter &b, twasm::BarrierVoteOp op, auto in) {
        return callCollective(
            b, op, following(CollectiveOp::BarrierCount, op.getKind()), {},
            predicateBits(b, op.getLoc(), in.getPredicate()));
      });
  addHost<twasm::WarpSyncOp>(
      patterns, converter, [](Rewriter &b, twasm::WarpSyncOp op, auto in) {
        return callCollective(b, op, CollectiveOp::WarpSync, in.getMask(), {});
      });
  addHost<twasm::ShuffleOp>(
      patterns, converter, [](Rewriter &b, twasm::ShuffleOp op, auto in) {
        return callCollective(b, op,
                          following(CollectiveOp::ShuffleIdx, op.getKind()),
                          in.getMask(), toBits(b, op.getLoc(), in.getValue()),
                          in.getLane(), in.getWidth());
      });
  addHost<twasm::VoteOp>(
      patterns, converter, [](Rewriter &b, twasm::VoteOp op, auto in) {
        return callCollective(
            b, op, following(CollectiveOp::VoteAll, op.getKind()),
            in.getMask(), predicateBits(b, op.getLoc(), in.getPredicate()));
      });
  addHost<twasm::MatchOp>(
      patterns, converter, [](Rewriter &b, twasm::MatchOp op, auto in) {
        return callCollective(b, op,
                          following(CollectiveOp::MatchAny, op.getKind()),
                          in.getMask(), toBits(b, op.getLoc(), in.getValue()));
      });
  addHost<twasm::WarpReduceOp>(
      patterns, converter, [](Rewriter &b, twasm::WarpReduceOp op, auto in) {
        Location loc = op.getLoc();
        return callCollective(b, op, CollectiveOp::WarpReduce, in.getMask(),
                          toBits(b, loc, in.getValue()),
                          makeI32(b, loc, uint32_t(op.getKind())),
                          makeI32(b, loc, reduceType(op.getType())));
      });
  addHost<twasm::BlockReduceOp>(
      patterns, converter, [](Rewriter &b, twasm::BlockReduceOp op, auto in) {
        Location loc = op.getLoc();
        return callCollective(b, op, CollectiveOp::BlockReduce, {},
                          toBits(b, loc, in.getValue()),
                          makeI32(b, loc, uint32_t(op.getKind())),
                          makeI32(b, loc, reduceType(op.getType())));
      });
}
