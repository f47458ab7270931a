//===- DeviceOps.cpp - verifiers of device ops ----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the declarations in TableGen cannot say.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"

using namespace mlir;
using namespace twc::twasm;

bool twc::twasm::isReduceKindOf(ReduceKind kind, bool isFloat) {
  switch (kind) {
  case ReduceKind::add:
    return true;
  case ReduceKind::min:
  case ReduceKind::max:
    return isFloat;
  default:
    return !isFloat;
  }
}

static LogicalResult verifyReduction(Operation *op, ReduceKind kind,
                                     Type type) {
  if (isReduceKindOf(kind, isa<FloatType>(type)))
    return success();
  return op->emitOpError("reduces ")
         << type << " with '" << stringifyReduceKind(kind)
         << "': expected 'add', "
         << (isa<FloatType>(type)
                 ? "'min' or 'max'"
                 : "'min_s', 'min_u', 'max_s', 'max_u', 'and', 'or' or 'xor'");
}

LogicalResult WarpReduceOp::verify() {
  return verifyReduction(*this, getKind(), getValue().getType());
}

LogicalResult BlockReduceOp::verify() {
  return verifyReduction(*this, getKind(), getValue().getType());
}

LogicalResult MatrixMmaOp::verify() {
  if (getElement() == MatrixElement::f32)
    return emitOpError("expected elements 'f16', 'bf16' or 'tf32', but got "
                       "'f32'");
  return success();
}

LogicalResult MatrixLoadOp::verify() {
  bool isAccumulator = getFile() == MatrixFile::c;
  if (isAccumulator != (getElement() == MatrixElement::f32))
    return emitOpError("expected elements ")
           << (isAccumulator ? "'f32' in file 'c'"
                             : "'f16', 'bf16' or 'tf32' in files 'a' and 'b'")
           << ", but got '" << stringifyMatrixElement(getElement()) << "'";
  if (!isAccumulator && getFragment() > 7)
    return emitOpError("expected a fragment from 0 to 7, but got ")
           << getFragment();
  return success();
}
