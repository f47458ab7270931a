//===- Device.cpp - time, fast arithmetic and output on each target -------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On a GPU special registers and `.approx` instructions, which flush nothing
// (no `.ftz`); on the host the runtime's functions (abi::HostThread).
//
//===----------------------------------------------------------------------===//

#include "Target.h"

#include "Format/KernelABI.h"

using namespace mlir;
using namespace twc;

namespace {

struct LaneId : ConvertOpToLLVMPattern<twasm::LaneIdOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::LaneIdOp op, OpAdaptor,
                                ConversionPatternRewriter &b) const override {
    b.replaceOp(op, makeIntrinsic(b, op.getLoc(), b.getI32Type(),
                                  "read.ptx.sreg.laneid", {}));
    return success();
  }
};

/// PTX, "clock64" and "globaltimer".
struct PTXClock : ConvertOpToLLVMPattern<twasm::ClockOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::ClockOp op, OpAdaptor,
                                ConversionPatternRewriter &b) const override {
    StringRef name = op.getKind() == twasm::ClockKind::cycles
                         ? "read.ptx.sreg.clock64"
                         : "read.ptx.sreg.globaltimer";
    b.replaceOp(op, makeIntrinsic(b, op.getLoc(), b.getI64Type(), name, {}));
    return success();
  }
};

struct HostClock : ConvertOpToLLVMPattern<twasm::ClockOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::ClockOp op, OpAdaptor,
                                ConversionPatternRewriter &b) const override {
    if (op.getKind() == twasm::ClockKind::cycles)
      b.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
          op, b.getI64Type(), b.getStringAttr("llvm.readcyclecounter"),
          ValueRange());
    else
      b.replaceOp(op, callRuntime(b, op, runtime::timer, {runtimePointer(op)},
                                  b.getI64Type()));
    return success();
  }
};

struct PTXFastMath : ConvertOpToLLVMPattern<twasm::FastMathOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::FastMathOp op, OpAdaptor in,
                                ConversionPatternRewriter &b) const override {
    StringRef name = op.getFunction() == twasm::FastMath::exp2 ? "ex2"
                     : op.getFunction() == twasm::FastMath::log2
                         ? "lg2"
                         : twasm::stringifyFastMath(op.getFunction());
    b.replaceOp(op, makeAssembly(b, op.getLoc(), op.getType(),
                                 (name + ".approx.f32 $0, $1;").str(), "=f,f",
                                 in.getValue(), /*hasSideEffects=*/false));
    return success();
  }
};

struct HostFastMath : ConvertOpToLLVMPattern<twasm::FastMathOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::FastMathOp op, OpAdaptor in,
                                ConversionPatternRewriter &b) const override {
    Value which = makeI32(b, op.getLoc(), uint32_t(op.getFunction()));
    b.replaceOp(op, callRuntime(b, op, runtime::fastMath,
                                {runtimePointer(op), which, in.getValue()},
                                op.getType()));
    return success();
  }
};

struct FastDiv : ConvertOpToLLVMPattern<twasm::FastDivOp> {
  FastDiv(const LLVMTypeConverter &converter, bool forPTX)
      : ConvertOpToLLVMPattern(converter), forPTX(forPTX) {}
  LogicalResult matchAndRewrite(twasm::FastDivOp op, OpAdaptor in,
                                ConversionPatternRewriter &b) const override {
    if (forPTX)
      b.replaceOp(op, makeAssembly(b, op.getLoc(), op.getType(),
                                   "div.approx.f32 $0, $1, $2;", "=f,f,f",
                                   {in.getLhs(), in.getRhs()},
                                   /*hasSideEffects=*/false));
    else
      b.replaceOpWithNewOp<LLVM::FDivOp>(op, in.getLhs(), in.getRhs());
    return success();
  }
  bool forPTX;
};

struct Printf : ConvertOpToLLVMPattern<twasm::RtPrintfOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::RtPrintfOp op, OpAdaptor in,
                                ConversionPatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value slot = addBytes(b, loc, in.getRecord(), ThreadRecord::printBuffer);
    Value buffer = LLVM::LoadOp::create(b, loc, in.getRt().getType(), slot, 8);
    b.replaceOp(
        op, callRuntime(b, op, runtime::print,
                        {buffer, in.getFormat(), in.getArgs(), in.getBytes(),
                         in.getRt(), makeI32(b, loc, op.getMemoryIndex())},
                        b.getI32Type()));
    return success();
  }
};

struct Abort : ConvertOpToLLVMPattern<twasm::RtAbortOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::RtAbortOp op, OpAdaptor in,
                                ConversionPatternRewriter &b) const override {
    Location loc = op.getLoc();
    callRuntime(b, op, runtime::abort,
                {in.getMessage(), makeI32(b, loc, op.getMemoryIndex()),
                 in.getRt(), makeI32(b, loc, op.getFunction()),
                 makeI32(b, loc, op.getAt())});
    b.eraseOp(op);
    return success();
  }
};

/// Host: the linear thread in its block, mod 32, from the HostThread.
struct HostLaneId : ConvertOpToLLVMPattern<twasm::LaneIdOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::LaneIdOp op, OpAdaptor,
                                ConversionPatternRewriter &b) const override {
    using twrun::abi::HostThread;
    Location loc = op.getLoc();
    Value thread = runtimePointer(op);
    auto field = [&](int32_t offset) -> Value {
      return LLVM::LoadOp::create(b, loc, b.getI32Type(),
                                  addBytes(b, loc, thread, offset), 4);
    };
    constexpr int32_t id = offsetof(HostThread, threadId),
                      dim = offsetof(HostThread, blockDim);
    Value linear = field(id + 8);
    for (int32_t i : {4, 0}) {
      linear = LLVM::MulOp::create(b, loc, linear, field(dim + i));
      linear = LLVM::AddOp::create(b, loc, linear, field(id + i));
    }
    b.replaceOpWithNewOp<LLVM::AndOp>(op, linear, makeI32(b, loc, 31));
    return success();
  }
};

} // namespace

void twc::populateDevicePatterns(const LLVMTypeConverter &converter,
                                 RewritePatternSet &patterns,
                                 TargetKind target) {
  patterns.add<Printf, Abort>(converter);
  patterns.add<FastDiv>(converter, target == TargetKind::PTX);
  if (target == TargetKind::PTX)
    patterns.add<LaneId, PTXClock, PTXFastMath>(converter);
  else
    patterns.add<HostLaneId, HostClock, HostFastMath>(converter);
}
