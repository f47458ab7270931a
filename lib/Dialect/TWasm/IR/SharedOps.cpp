//===- SharedOps.cpp - ops of shared memory and scoped atomics ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the orders, kinds and sizes of docs/DeviceInterface.md exclude.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"

using namespace mlir;
using namespace twc::twasm;

LogicalResult ScopedLoadOp::verify() {
  if (llvm::is_contained({MemoryOrder::relaxed, MemoryOrder::acquire,
                          MemoryOrder::seq_cst},
                         getOrder()))
    return success();
  return emitOpError("expected order relaxed, acquire or seq_cst, but got ")
         << stringifyMemoryOrder(getOrder());
}

LogicalResult ScopedStoreOp::verify() {
  if (llvm::is_contained({MemoryOrder::relaxed, MemoryOrder::release,
                          MemoryOrder::seq_cst},
                         getOrder()))
    return success();
  return emitOpError("expected order relaxed, release or seq_cst, but got ")
         << stringifyMemoryOrder(getOrder());
}

LogicalResult ScopedRmwOp::verify() {
  bool isFloat = isa<FloatType>(getValue().getType());
  switch (getKind()) {
  case ScopedRmwKind::add:
  case ScopedRmwKind::xchg:
    return success();
  case ScopedRmwKind::min:
  case ScopedRmwKind::max:
    if (isFloat)
      return success();
    break;
  default:
    if (!isFloat)
      return success();
  }
  return emitOpError("no ") << stringifyScopedRmwKind(getKind()) << " of "
                            << getValue().getType();
}

LogicalResult CopyAsyncOp::verify() {
  if (llvm::is_contained({4u, 8u, 16u}, getBytes()))
    return success();
  return emitOpError("expected 4, 8 or 16 bytes, but got ") << getBytes();
}
