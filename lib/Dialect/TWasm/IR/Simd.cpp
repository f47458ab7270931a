//===- Simd.cpp - shapes of vectors, and what their ops must hold ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers name the validation rules of Wasm core spec section 3.3.3: lane
// indices are below the shape's dimension.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/Simd.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace twc::twasm;

unsigned twc::twasm::getLaneBits(Shape shape) {
  switch (shape) {
  case Shape::I8x16:
    return 8;
  case Shape::I16x8:
    return 16;
  case Shape::I32x4:
  case Shape::F32x4:
    return 32;
  case Shape::I64x2:
  case Shape::F64x2:
    return 64;
  }
  llvm_unreachable("no such shape");
}

Type twc::twasm::getLaneType(MLIRContext *context, Shape shape) {
  Builder b(context);
  if (shape == Shape::F32x4)
    return b.getF32Type();
  if (shape == Shape::F64x2)
    return b.getF64Type();
  return b.getIntegerType(getLaneBits(shape));
}

Type twc::twasm::getNumberType(MLIRContext *context, Shape shape) {
  Type lane = getLaneType(context, shape);
  return getLaneBits(shape) < 32 ? Type(IntegerType::get(context, 32)) : lane;
}

static LogicalResult verifyLane(Operation *op, Shape shape, uint32_t lane) {
  if (lane < getLaneCount(shape))
    return success();
  return op->emitOpError("lane out of range: expected less than ")
         << getLaneCount(shape) << ", but got " << lane;
}

static LogicalResult verifyNumber(Operation *op, Shape shape, Type type) {
  Type expected = getNumberType(op->getContext(), shape);
  if (type == expected)
    return success();
  return op->emitOpError("incorrect type: expected ")
         << expected << ", but got " << type;
}

LogicalResult VSplatOp::verify() {
  return verifyNumber(*this, getShape(), getValue().getType());
}

LogicalResult VShuffleOp::verify() {
  if (getLanes().size() != 16)
    return emitOpError("incorrect number of lanes: expected 16, but got ")
           << getLanes().size();
  for (int64_t lane : getLanes())
    if (lane < 0 || lane >= 32)
      return emitOpError("lane out of range: expected 0 to 31, but got ")
             << lane;
  return success();
}

template <typename Op> static LogicalResult verifyExtract(Op op) {
  if (failed(verifyLane(op, op.getShape(), op.getLane())))
    return failure();
  return verifyNumber(op, op.getShape(), op.getType());
}
LogicalResult VExtractLaneOp::verify() { return verifyExtract(*this); }
LogicalResult VExtractLaneSOp::verify() { return verifyExtract(*this); }
LogicalResult VExtractLaneUOp::verify() { return verifyExtract(*this); }

LogicalResult VReplaceLaneOp::verify() {
  if (failed(verifyLane(*this, getShape(), getLane())))
    return failure();
  return verifyNumber(*this, getShape(), getValue().getType());
}

LogicalResult VLoadLaneOp::verify() {
  return verifyLane(*this, getShape(), getLane());
}
LogicalResult VStoreLaneOp::verify() {
  return verifyLane(*this, getShape(), getLane());
}
