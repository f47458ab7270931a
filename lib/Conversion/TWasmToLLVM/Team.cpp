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

#include "Collective.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace twc;
using twrun::abi::CollectiveOp;

namespace {

using Rewriter = ConversionPatternRewriter;

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
  Value lane =
      makeIntrinsic(b, loc, b.getI32Type(), "read.ptx.sreg.laneid", {});
  // In this form LLVM sees that a mask of all lanes cannot fail.
  Value bit = LLVM::ShlOp::create(b, loc, makeI32(b, loc, 1), lane);
  Value out = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq,
                                   LLVM::AndOp::create(b, loc, mask, bit),
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

/// Asks the threads about `predicate`; the intrinsic's result, which is an i1
/// unless `isWide`, as i32.
Value askAbout(OpBuilder &b, Location loc, const Twine &intrinsic, Value first,
               Value predicate, bool isWide) {
  Value result = makeIntrinsic(b, loc, isWide ? b.getI32Type() : b.getI1Type(),
                               intrinsic, {first, isSet(b, loc, predicate)});
  return isWide
             ? result
             : LLVM::ZExtOp::create(b, loc, b.getI32Type(), result).getResult();
}

struct PTXBarrier : ConvertOpToLLVMPattern<twasm::BarrierOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::BarrierOp op, OpAdaptor,
                                Rewriter &b) const override {
    makeIntrinsic(b, op.getLoc(), {}, "barrier.cta.sync.all",
                  makeI32(b, op.getLoc(), 0));
    b.eraseOp(op);
    return success();
  }
};

struct PTXBarrierVote : ConvertOpToLLVMPattern<twasm::BarrierVoteOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::BarrierVoteOp op, OpAdaptor in,
                                Rewriter &b) const override {
    Location loc = op.getLoc();
    bool counts = op.getKind() == twasm::BarrierVote::count;
    StringRef how = counts ? "popc" : twasm::stringifyBarrierVote(op.getKind());
    b.replaceOp(op, askAbout(b, loc, "barrier.cta.red." + how + ".all",
                             makeI32(b, loc, 0), in.getPredicate(), counts));
    return success();
  }
};

struct PTXWarpSync : ConvertOpToLLVMPattern<twasm::WarpSyncOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::WarpSyncOp op, OpAdaptor in,
                                Rewriter &b) const override {
    checkMask(b, op, in.getMask());
    makeIntrinsic(b, op.getLoc(), {}, "bar.warp.sync", in.getMask());
    b.eraseOp(op);
    return success();
  }
};

struct PTXFence : ConvertOpToLLVMPattern<twasm::FenceOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
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

struct PTXShuffle : ConvertOpToLLVMPattern<twasm::ShuffleOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::ShuffleOp op, OpAdaptor in,
                                Rewriter &b) const override {
    Location loc = op.getLoc();
    Type i32 = b.getI32Type(), i64 = b.getI64Type(), type = op.getType();
    checkMask(b, op, in.getMask());
    // c = ((32 - width) & 31) << 8 | 31, or | 0 for `up`.
    Value segment = LLVM::AndOp::create(
        b, loc, LLVM::SubOp::create(b, loc, makeI32(b, loc, 32), in.getWidth()),
        makeI32(b, loc, 31));
    Value control = LLVM::ShlOp::create(b, loc, segment, makeI32(b, loc, 8));
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
      result = LLVM::OrOp::create(b, loc, high,
                                  LLVM::ZExtOp::create(b, loc, i64, low));
    } else {
      result = shuffle(bits);
    }
    if (isa<FloatType>(type))
      result = LLVM::BitcastOp::create(b, loc, type, result);
    b.replaceOp(op, result);
    return success();
  }
};

struct PTXVote : ConvertOpToLLVMPattern<twasm::VoteOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::VoteOp op, OpAdaptor in,
                                Rewriter &b) const override {
    checkMask(b, op, in.getMask());
    StringRef kind = twasm::stringifyVoteKind(op.getKind());
    b.replaceOp(op, askAbout(b, op.getLoc(), "vote." + kind + ".sync",
                             in.getMask(), in.getPredicate(),
                             op.getKind() == twasm::VoteKind::ballot));
    return success();
  }
};

struct PTXMatch : ConvertOpToLLVMPattern<twasm::MatchOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
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
    auto both =
        LLVM::LLVMStructType::getLiteral(op.getContext(), {i32, b.getI1Type()});
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

struct PTXWarpReduce : ConvertOpToLLVMPattern<twasm::WarpReduceOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
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

struct PTXBlockReduce : ConvertOpToLLVMPattern<twasm::BlockReduceOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
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

/// 1 unless `predicate` is 0, as the runtime takes it.
Value predicateBits(OpBuilder &b, Location loc, Value predicate) {
  return LLVM::ZExtOp::create(b, loc, b.getI64Type(), isSet(b, loc, predicate));
}

uint32_t reduceType(Type type) {
  using twrun::abi::ReduceType;
  return uint32_t(type.isInteger(32)   ? ReduceType::I32
                  : type.isInteger(64) ? ReduceType::I64
                  : type.isF32()       ? ReduceType::F32
                                       : ReduceType::F64);
}

struct HostFence : ConvertOpToLLVMPattern<twasm::FenceOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::FenceOp op, OpAdaptor,
                                Rewriter &b) const override {
    b.replaceOpWithNewOp<LLVM::FenceOp>(op, LLVM::AtomicOrdering::seq_cst);
    return success();
  }
};

} // namespace

void twc::populateTeamPatterns(const LLVMTypeConverter &converter,
                               RewritePatternSet &patterns, TargetKind target) {
  if (target == TargetKind::PTX) {
    patterns.add<PTXBarrier, PTXBarrierVote, PTXWarpSync, PTXFence, PTXShuffle,
                 PTXVote, PTXMatch, PTXWarpReduce, PTXBlockReduce>(converter);
    return;
  }
  patterns.add<HostFence>(converter);
  addCollective<twasm::BarrierOp>(
      patterns, converter, [](Rewriter &b, twasm::BarrierOp op, auto) {
        return callCollective(b, op, CollectiveOp::Barrier, {}, {});
      });
  addCollective<twasm::BarrierVoteOp>(
      patterns, converter, [](Rewriter &b, twasm::BarrierVoteOp op, auto in) {
        return callCollective(
            b, op, following(CollectiveOp::BarrierCount, op.getKind()), {},
            predicateBits(b, op.getLoc(), in.getPredicate()));
      });
  addCollective<twasm::WarpSyncOp>(
      patterns, converter, [](Rewriter &b, twasm::WarpSyncOp op, auto in) {
        return callCollective(b, op, CollectiveOp::WarpSync, in.getMask(), {});
      });
  addCollective<twasm::ShuffleOp>(
      patterns, converter, [](Rewriter &b, twasm::ShuffleOp op, auto in) {
        return callCollective(
            b, op, following(CollectiveOp::ShuffleIdx, op.getKind()),
            in.getMask(), toBits(b, op.getLoc(), in.getValue()), in.getLane(),
            in.getWidth());
      });
  addCollective<twasm::VoteOp>(
      patterns, converter, [](Rewriter &b, twasm::VoteOp op, auto in) {
        return callCollective(
            b, op, following(CollectiveOp::VoteAll, op.getKind()), in.getMask(),
            predicateBits(b, op.getLoc(), in.getPredicate()));
      });
  addCollective<twasm::MatchOp>(
      patterns, converter, [](Rewriter &b, twasm::MatchOp op, auto in) {
        return callCollective(
            b, op, following(CollectiveOp::MatchAny, op.getKind()),
            in.getMask(), toBits(b, op.getLoc(), in.getValue()));
      });
  addCollective<twasm::WarpReduceOp>(
      patterns, converter, [](Rewriter &b, twasm::WarpReduceOp op, auto in) {
        Location loc = op.getLoc();
        return callCollective(b, op, CollectiveOp::WarpReduce, in.getMask(),
                              toBits(b, loc, in.getValue()),
                              makeI32(b, loc, uint32_t(op.getKind())),
                              makeI32(b, loc, reduceType(op.getType())));
      });
  addCollective<twasm::BlockReduceOp>(
      patterns, converter, [](Rewriter &b, twasm::BlockReduceOp op, auto in) {
        Location loc = op.getLoc();
        return callCollective(b, op, CollectiveOp::BlockReduce, {},
                              toBits(b, loc, in.getValue()),
                              makeI32(b, loc, uint32_t(op.getKind())),
                              makeI32(b, loc, reduceType(op.getType())));
      });
}
