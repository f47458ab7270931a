//===- Runtime.cpp - twasm.rt and device ops on each target ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What differs between a GPU and the host. Checks stay calls of opaque
// functions here; LLVM's ExpandGuards pass turns them into branches later.
//
//===----------------------------------------------------------------------===//

#include "Target.h"

#include "Format/KernelABI.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace twc;

namespace {

struct CheckBounds : ConvertOpToLLVMPattern<twasm::RtCheckBoundsOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(twasm::RtCheckBoundsOp op, OpAdaptor in,
                  ConversionPatternRewriter &b) const override {
    Location loc = op.getLoc();
    callRuntime(b, op,
                op.getIndex().getType().isInteger(64) ? runtime::checkBounds64
                                                      : runtime::checkBounds,
                {in.getIndex(), in.getSize(), makeI64(b, loc, op.getOffset()),
                 makeI64(b, loc, op.getBytes()), in.getRt(),
                 makeI32(b, loc, op.getFunction()),
                 makeI32(b, loc, op.getAt())});
    b.eraseOp(op);
    return success();
  }
};

struct TrapIf : ConvertOpToLLVMPattern<twasm::RtTrapIfOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(twasm::RtTrapIfOp op, OpAdaptor in,
                  ConversionPatternRewriter &b) const override {
    Location loc = op.getLoc();
    callRuntime(b, op, runtime::trapIf,
                {in.getCondition(), makeI32(b, loc, uint32_t(op.getCode())),
                 in.getRt(), makeI32(b, loc, op.getFunction()),
                 makeI32(b, loc, op.getAt())});
    b.eraseOp(op);
    return success();
  }
};

struct Trap : ConvertOpToLLVMPattern<twasm::RtTrapOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(twasm::RtTrapOp op, OpAdaptor in,
                  ConversionPatternRewriter &b) const override {
    Location loc = op.getLoc();
    callRuntime(b, op, runtime::trap,
                {makeI32(b, loc, uint32_t(op.getCode())), in.getRt(),
                 makeI32(b, loc, op.getFunction()),
                 makeI32(b, loc, op.getAt())});
    b.replaceOpWithNewOp<LLVM::UnreachableOp>(op);
    return success();
  }
};

struct CheckStack : ConvertOpToLLVMPattern<twasm::RtCheckStackOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(twasm::RtCheckStackOp op, OpAdaptor in,
                  ConversionPatternRewriter &b) const override {
    Location loc = op.getLoc();
    auto ptr = LLVM::LLVMPointerType::get(op.getContext());
    Value sp = LLVM::StackSaveOp::create(b, loc, ptr);
    Value address = LLVM::PtrToIntOp::create(b, loc, b.getI64Type(), sp);
    Value below = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ult,
                                       address, in.getLimit());
    auto code = uint32_t(twasm::TrapCode::CallStackExhausted);
    callRuntime(b, op, runtime::trapIf,
                {below, makeI32(b, loc, code), in.getRt(),
                 makeI32(b, loc, op.getFunction()),
                 makeI32(b, loc, op.getAt())});
    b.eraseOp(op);
    return success();
  }
};

/// A call of `name` with the op's operands.
template <typename Op> struct BulkCall : ConvertOpToLLVMPattern<Op> {
  BulkCall(const LLVMTypeConverter &converter, StringRef name,
           StringRef generic)
      : ConvertOpToLLVMPattern<Op>(converter), name(name), generic(generic) {}
  LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor in,
                  ConversionPatternRewriter &b) const override {
    // All pointers of one op are in the same address space.
    auto pointer = cast<LLVM::LLVMPointerType>(op.getDst().getType());
    callRuntime(b, op, pointer.getAddressSpace() == 0 ? generic : name,
                in.getOperands());
    b.eraseOp(op);
    return success();
  }
  StringRef name, generic;
};

/// PTX: the special registers of each dimension.
template <typename Op, typename X, typename Y, typename Z>
struct SpecialRegister : ConvertOpToLLVMPattern<Op> {
  using ConvertOpToLLVMPattern<Op>::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor,
                  ConversionPatternRewriter &b) const override {
    switch (op.getDim()) {
    case twasm::Dim::x:
      b.replaceOpWithNewOp<X>(op, b.getI32Type());
      break;
    case twasm::Dim::y:
      b.replaceOpWithNewOp<Y>(op, b.getI32Type());
      break;
    case twasm::Dim::z:
      b.replaceOpWithNewOp<Z>(op, b.getI32Type());
      break;
    }
    return success();
  }
};

/// Host: fields of the HostThread that the runtime pointer names.
template <typename Op> struct ThreadField : ConvertOpToLLVMPattern<Op> {
  ThreadField(const LLVMTypeConverter &converter, size_t offset)
      : ConvertOpToLLVMPattern<Op>(converter), offset(offset) {}
  LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor,
                  ConversionPatternRewriter &b) const override {
    Value field = addBytes(b, op.getLoc(), runtimePointer(op),
                           int32_t(offset + 4 * uint32_t(op.getDim())));
    b.replaceOpWithNewOp<LLVM::LoadOp>(op, b.getI32Type(), field, 4);
    return success();
  }
  size_t offset;
};

} // namespace

void twc::populateRuntimePatterns(const LLVMTypeConverter &converter,
                                  RewritePatternSet &patterns,
                                  TargetKind target) {
  populateTeamPatterns(converter, patterns, target);
  populateDevicePatterns(converter, patterns, target);
  populateMatrixUnitPatterns(converter, patterns, target);
  patterns.add<CheckBounds, TrapIf, Trap, CheckStack>(converter);
  patterns.add<BulkCall<twasm::RtCopyOp>>(converter, runtime::copy,
                                          runtime::copyGeneric);
  patterns.add<BulkCall<twasm::RtFillOp>>(converter, runtime::fill,
                                          runtime::fillGeneric);
  patterns.add<BulkCall<twasm::RtFill64Op>>(converter, runtime::fill64,
                                            runtime::fill64);
  if (target == TargetKind::Host) {
    using twrun::abi::HostThread;
    patterns.add<ThreadField<twasm::ThreadIdOp>>(
        converter, offsetof(HostThread, threadId));
    patterns.add<ThreadField<twasm::BlockIdOp>>(
        converter, offsetof(HostThread, blockId));
    patterns.add<ThreadField<twasm::BlockDimOp>>(
        converter, offsetof(HostThread, blockDim));
    patterns.add<ThreadField<twasm::GridDimOp>>(
        converter, offsetof(HostThread, gridDim));
    return;
  }
  patterns.add<
      SpecialRegister<twasm::ThreadIdOp, NVVM::ThreadIdXOp, NVVM::ThreadIdYOp,
                      NVVM::ThreadIdZOp>,
      SpecialRegister<twasm::BlockIdOp, NVVM::BlockIdXOp, NVVM::BlockIdYOp,
                      NVVM::BlockIdZOp>,
      SpecialRegister<twasm::BlockDimOp, NVVM::BlockDimXOp, NVVM::BlockDimYOp,
                      NVVM::BlockDimZOp>,
      SpecialRegister<twasm::GridDimOp, NVVM::GridDimXOp, NVVM::GridDimYOp,
                      NVVM::GridDimZOp>>(converter);
}
