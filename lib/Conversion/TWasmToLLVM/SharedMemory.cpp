//===- SharedMemory.cpp - patterns of shared memory and copies ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where shared memory is, how much of it there is, and asynchronous copies into
// it (docs/DeviceInterface.md). A function without a window belongs to an
// invocation, which has no shared memory.
//
//===----------------------------------------------------------------------===//

#include "Target.h"

#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;

static Value constant(OpBuilder &b, Location loc, uint32_t value) {
  return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(value));
}

namespace {

template <typename Op> struct SharedPattern : OpRewritePattern<Op> {
  SharedPattern(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern<Op>(context), info(info) {}
  const ModuleInfo &info;
};

template <typename Op> struct Base : SharedPattern<Op> {
  using SharedPattern<Op>::SharedPattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    b.replaceOp(op, constant(b, op.getLoc(), twrun::abi::sharedBase));
    return success();
  }
};

struct Size : SharedPattern<twasm::SharedSizeOp> {
  using SharedPattern::SharedPattern;
  LogicalResult matchAndRewrite(twasm::SharedSizeOp op,
                                PatternRewriter &b) const override {
    const Window *window = info.windowOf(op);
    if (window && window->sharedBytes)
      b.replaceOpWithNewOp<arith::TruncIOp>(op, b.getI32Type(),
                                            window->sharedBytes);
    else
      b.replaceOp(op, constant(b, op.getLoc(), 0));
    return success();
  }
};

struct CopyAsync : SharedPattern<twasm::CopyAsyncOp> {
  using SharedPattern::SharedPattern;

  static Type typeOf(OpBuilder &b, unsigned bytes) {
    return bytes == 16 ? Type(VectorType::get({4}, b.getI32Type()))
                       : Type(b.getIntegerType(8 * bytes));
  }

  LogicalResult matchAndRewrite(twasm::CopyAsyncOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    StringRef memory = memoryOf(op, op.getMemory());
    if (!hasSharedWindow(op, memory, info)) {
      // The bytes are read, then written, before the next instruction.
      Value bytes = loadGuest(b, op, typeOf(b, op.getBytes()), op.getFrom(), 0,
                              memory, info);
      storeGuest(b, op, bytes, op.getTo(), 0, memory, info);
      b.eraseOp(op);
      return success();
    }
    LikelyPlace from =
        findLikelyPlace(b, op, op.getFrom(), 0, op.getBytes(), memory, info);
    op->setAttr(twasm::originAttr, b.getStringAttr(twasm::originShared));
    LikelyPlace to =
        findLikelyPlace(b, op, op.getTo(), 0, op.getBytes(), memory, info);
    op->removeAttr(twasm::originAttr);
    // PTX ISA, "cp.async": both addresses are aligned to the size.
    Value both = arith::OrIOp::create(b, loc, op.getTo(), op.getFrom());
    Value low = arith::AndIOp::create(b, loc, both,
                                      constant(b, loc, op.getBytes() - 1));
    Value aligned = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                          low, constant(b, loc, 0));
    Value inside = arith::AndIOp::create(b, loc, to.inside, from.inside);
    Value possible = arith::AndIOp::create(b, loc, inside, aligned);

    branchOn(
        b, op, possible, Type(),
        [&] {
          callRuntime(b, op, (runtime::copyAsync + Twine(op.getBytes())).str(),
                      {to.pointer, from.pointer});
          return Value();
        },
        [&] {
          Value bytes = loadOutlined(b, op, typeOf(b, op.getBytes()),
                                     op.getFrom(), memory, info);
          storeOutlined(b, op, bytes, op.getTo(), memory, info);
          return Value();
        });
    b.eraseOp(op);
    return success();
  }
};

struct Commit : SharedPattern<twasm::CopyAsyncCommitOp> {
  using SharedPattern::SharedPattern;
  LogicalResult matchAndRewrite(twasm::CopyAsyncCommitOp op,
                                PatternRewriter &b) const override {
    callRuntime(b, op, runtime::copyAsyncCommit, {});
    b.eraseOp(op);
    return success();
  }
};

struct Wait : SharedPattern<twasm::CopyAsyncWaitOp> {
  using SharedPattern::SharedPattern;
  LogicalResult matchAndRewrite(twasm::CopyAsyncWaitOp op,
                                PatternRewriter &b) const override {
    callRuntime(b, op, runtime::copyAsyncWait,
                constant(b, op.getLoc(), op.getGroups()));
    b.eraseOp(op);
    return success();
  }
};

} // namespace

void twc::populateSharedPatterns(RewritePatternSet &patterns,
                                 const ModuleInfo &info) {
  patterns.add<Base<twasm::SharedOp>, Base<twasm::SharedBaseOp>, Size,
               CopyAsync, Commit, Wait>(patterns.getContext(), info);
}
