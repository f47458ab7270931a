//===- MatrixUnits.cpp - matrix operations on each target -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On a GPU, `wmma` (PTX ISA, "Warp Level Matrix Multiply-Accumulate"). A
// thread's fragments lie in its entry point's frame (MatrixFrame), and are
// registers where everything is inlined: functions that use them always are,
// if they do not call themselves. The layout of an operand is known when it is
// loaded and needed when it is multiplied, so it is kept beside it, for LLVM to
// fold.
//
// On the host the runtime has the fragments.
//
//===----------------------------------------------------------------------===//

#include "Collective.h"

using namespace mlir;
using namespace twc;
using twasm::MatrixElement;
using twasm::MatrixFile;
using twrun::abi::CollectiveOp;

namespace {

/// The registers of a fragment.
SmallVector<Type> registersOf(MLIRContext *context, MatrixFile file,
                              MatrixElement element) {
  if (file == MatrixFile::c)
    return SmallVector<Type>(8, Float32Type::get(context));
  if (element == MatrixElement::f16)
    return SmallVector<Type>(8,
                             VectorType::get({2}, Float16Type::get(context)));
  return SmallVector<Type>(4, IntegerType::get(context, 32));
}

/// The thread's fragments, at the builder's insertion point.
class Fragments {
public:
  Fragments(OpBuilder &b, Operation *op) : b(b), loc(op->getLoc()) {
    Value record = launchArgument(op, ThreadPtr);
    frame = LLVM::LoadOp::create(b, loc, record.getType(),
                                 at(record, ThreadRecord::fragments), 8);
  }

  SmallVector<Value> read(MatrixFile file, MatrixElement element,
                          unsigned fragment) {
    SmallVector<Value> values;
    for (auto [i, type] :
         llvm::enumerate(registersOf(b.getContext(), file, element)))
      values.push_back(LLVM::LoadOp::create(
          b, loc, type, at(frame, MatrixFrame::at(file, fragment) + 4 * i), 4));
    return values;
  }
  void write(MatrixFile file, unsigned fragment, ArrayRef<Value> values) {
    for (auto [i, value] : llvm::enumerate(values))
      LLVM::StoreOp::create(
          b, loc, value, at(frame, MatrixFrame::at(file, fragment) + 4 * i), 4);
  }

  Value readLayout(MatrixFile file, unsigned fragment) {
    return LLVM::LoadOp::create(
        b, loc, b.getI32Type(),
        at(frame, MatrixFrame::layoutOf(file, fragment)), 4);
  }
  void writeLayout(MatrixFile file, unsigned fragment,
                   twasm::MatrixLayout layout) {
    LLVM::StoreOp::create(b, loc, makeI32(b, loc, uint32_t(layout)),
                          at(frame, MatrixFrame::layoutOf(file, fragment)), 4);
  }

private:
  Value at(Value base, int32_t offset) {
    return addBytes(b, loc, base, offset);
  }
  OpBuilder &b;
  Location loc;
  Value frame;
};

SmallVector<Value> unpack(OpBuilder &b, Location loc, Value value) {
  SmallVector<Value> values;
  auto type = cast<LLVM::LLVMStructType>(value.getType());
  for (unsigned i = 0; i < type.getBody().size(); ++i)
    values.push_back(LLVM::ExtractValueOp::create(b, loc, value, i));
  return values;
}

using Rewriter = ConversionPatternRewriter;

struct PTXFill : ConvertOpToLLVMPattern<twasm::MatrixFillOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::MatrixFillOp op, OpAdaptor in,
                                Rewriter &b) const override {
    Fragments(b, op).write(MatrixFile::c, op.getFragment(),
                           SmallVector<Value>(8, in.getValue()));
    b.eraseOp(op);
    return success();
  }
};

struct PTXLoad : ConvertOpToLLVMPattern<twasm::RtMatrixLoadOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::RtMatrixLoadOp op, OpAdaptor in,
                                Rewriter &b) const override {
    Location loc = op.getLoc();
    MatrixFile file = op.getFile();
    bool isTF32 = op.getElement() == MatrixElement::tf32;
    auto type = LLVM::LLVMStructType::getLiteral(
        op.getContext(), registersOf(op.getContext(), file, op.getElement()));
    Value loaded = makeIntrinsic(
        b, loc, type,
        "wmma." + Twine(isTF32 ? "m16n16k8" : "m16n16k16") + ".load." +
            twasm::stringifyMatrixFile(file) + "." +
            twasm::stringifyMatrixLayout(op.getLayout()) + ".stride." +
            twasm::stringifyMatrixElement(op.getElement()),
        {in.getAddress(), in.getStride()});
    SmallVector<Value> values = unpack(b, loc, loaded);
    // What the unit does with the other bits is its own affair.
    if (isTF32)
      for (Value &value : values)
        value = LLVM::AndOp::create(b, loc, value,
                                    makeI32(b, loc, ~uint32_t(0x1fff)));
    Fragments fragments(b, op);
    fragments.write(file, op.getFragment(), values);
    if (file != MatrixFile::c)
      fragments.writeLayout(file, op.getFragment(), op.getLayout());
    b.eraseOp(op);
    return success();
  }
};

struct PTXStore : ConvertOpToLLVMPattern<twasm::RtMatrixStoreOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::RtMatrixStoreOp op, OpAdaptor in,
                                Rewriter &b) const override {
    Location loc = op.getLoc();
    SmallVector<Value> arguments{in.getAddress()};
    // Of bits: a float's NaN may be any to LLVM.
    Value canonical = makeI32(b, loc, 0x7fc00000);
    for (Value value : Fragments(b, op).read(MatrixFile::c, MatrixElement::f32,
                                             op.getFragment())) {
      Value isNaN =
          LLVM::FCmpOp::create(b, loc, LLVM::FCmpPredicate::uno, value, value);
      Value bits = LLVM::BitcastOp::create(b, loc, b.getI32Type(), value);
      bits = LLVM::SelectOp::create(b, loc, isNaN, canonical, bits);
      arguments.push_back(
          LLVM::BitcastOp::create(b, loc, b.getF32Type(), bits));
    }
    arguments.push_back(in.getStride());
    makeIntrinsic(b, loc, {},
                  "wmma.m16n16k16.store.d." +
                      twasm::stringifyMatrixLayout(op.getLayout()) +
                      ".stride.f32",
                  arguments);
    b.eraseOp(op);
    return success();
  }
};

struct PTXMma : ConvertOpToLLVMPattern<twasm::MatrixMmaOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(twasm::MatrixMmaOp op, OpAdaptor,
                                Rewriter &b) const override {
    Location loc = op.getLoc();
    MatrixElement element = op.getElement();
    Fragments fragments(b, op);
    SmallVector<Value> arguments{
        fragments.readLayout(MatrixFile::a, op.getA()),
        fragments.readLayout(MatrixFile::b, op.getB())};
    llvm::append_range(arguments,
                       fragments.read(MatrixFile::a, element, op.getA()));
    llvm::append_range(arguments,
                       fragments.read(MatrixFile::b, element, op.getB()));
    llvm::append_range(arguments,
                       fragments.read(MatrixFile::c, element, op.getC()));
    auto type = LLVM::LLVMStructType::getLiteral(
        op.getContext(), registersOf(op.getContext(), MatrixFile::c, element));
    std::string name =
        (runtime::matrixMma + twasm::stringifyMatrixElement(element)).str();
    Value result = callRuntime(b, op, name, arguments, type);
    fragments.write(MatrixFile::c, op.getD(), unpack(b, loc, result));
    b.eraseOp(op);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Host
//===----------------------------------------------------------------------===//

Value moveOnHost(Rewriter &b, Operation *op, CollectiveOp what,
                 uint32_t fragment, MatrixElement element,
                 twasm::MatrixLayout layout, Value address, Value stride) {
  Location loc = op->getLoc();
  uint32_t how = fragment | uint32_t(element) << 8 | uint32_t(layout) << 16;
  return callCollective(
      b, op, what, {},
      LLVM::PtrToIntOp::create(b, loc, b.getI64Type(),
                               toGeneric(b, loc, address)),
      makeI32(b, loc, how), stride);
}

void populateHost(RewritePatternSet &patterns,
                  const LLVMTypeConverter &converter) {
  addCollective<twasm::MatrixFillOp>(
      patterns, converter, [](Rewriter &b, twasm::MatrixFillOp op, auto in) {
        Location loc = op.getLoc();
        return callCollective(b, op, CollectiveOp::MatrixFill, {},
                              toBits(b, loc, in.getValue()),
                              makeI32(b, loc, op.getFragment()));
      });
  addCollective<twasm::RtMatrixLoadOp>(
      patterns, converter, [](Rewriter &b, twasm::RtMatrixLoadOp op, auto in) {
        return moveOnHost(b, op,
                          following(CollectiveOp::MatrixLoadA, op.getFile()),
                          op.getFragment(), op.getElement(), op.getLayout(),
                          in.getAddress(), in.getStride());
      });
  addCollective<twasm::RtMatrixStoreOp>(
      patterns, converter, [](Rewriter &b, twasm::RtMatrixStoreOp op, auto in) {
        return moveOnHost(b, op, CollectiveOp::MatrixStore, op.getFragment(),
                          MatrixElement::f32, op.getLayout(), in.getAddress(),
                          in.getStride());
      });
  addCollective<twasm::MatrixMmaOp>(
      patterns, converter, [](Rewriter &b, twasm::MatrixMmaOp op, auto) {
        uint32_t fragments =
            op.getD() | op.getA() << 8 | op.getB() << 16 | op.getC() << 24;
        return callCollective(
            b, op, CollectiveOp::MatrixMma, {}, {},
            makeI32(b, op.getLoc(), fragments),
            makeI32(b, op.getLoc(), uint32_t(op.getElement())));
      });
}

} // namespace

void twc::populateMatrixUnitPatterns(const LLVMTypeConverter &converter,
                                     RewritePatternSet &patterns,
                                     TargetKind target) {
  if (target == TargetKind::PTX)
    patterns.add<PTXFill, PTXLoad, PTXStore, PTXMma>(converter);
  else
    populateHost(patterns, converter);
}
