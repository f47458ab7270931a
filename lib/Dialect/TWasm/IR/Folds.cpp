//===- Folds.cpp - twasm folders ------------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Only folds that no float and no trap can observe: integer arithmetic modulo
// 2^N. LLVM does the rest after lowering.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "mlir/Dialect/CommonFolders.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace twc::twasm;

OpFoldResult ConstOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult IAddOp::fold(FoldAdaptor adaptor) {
  if (matchPattern(getRhs(), m_Zero()))
    return getLhs();
  return constFoldBinaryOp<IntegerAttr, APInt, void>(
      adaptor.getOperands(), [](APInt a, const APInt &b) { return a + b; });
}

OpFoldResult ISubOp::fold(FoldAdaptor adaptor) {
  if (matchPattern(getRhs(), m_Zero()))
    return getLhs();
  return constFoldBinaryOp<IntegerAttr, APInt, void>(
      adaptor.getOperands(), [](APInt a, const APInt &b) { return a - b; });
}

OpFoldResult IMulOp::fold(FoldAdaptor adaptor) {
  if (matchPattern(getRhs(), m_One()))
    return getLhs();
  return constFoldBinaryOp<IntegerAttr, APInt, void>(
      adaptor.getOperands(), [](APInt a, const APInt &b) { return a * b; });
}
