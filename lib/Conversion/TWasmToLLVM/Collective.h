//===- Collective.h - operations that the host's runtime makes --*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On the host an operation that threads make together is one call of the
// runtime (callCollective). A pattern says what it is asked.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_CONVERSION_COLLECTIVE_H
#define TWC_LIB_CONVERSION_COLLECTIVE_H

#include "Target.h"

namespace twc {

/// The one of the operations from `first` on, which stand in the order of the
/// kinds.
template <typename Kind>
twrun::abi::CollectiveOp following(twrun::abi::CollectiveOp first, Kind kind) {
  return twrun::abi::CollectiveOp(uint32_t(first) + uint32_t(kind));
}

/// Replaces an op by what `ask(b, op, adaptor)` returns, the runtime's answer.
template <typename Op, typename Ask>
struct CollectivePattern : mlir::ConvertOpToLLVMPattern<Op> {
  CollectivePattern(const mlir::LLVMTypeConverter &converter, Ask ask)
      : mlir::ConvertOpToLLVMPattern<Op>(converter), ask(ask) {}
  mlir::LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor in,
                  mlir::ConversionPatternRewriter &b) const override {
    mlir::Value bits = ask(b, op, in);
    if (op->getNumResults() == 0)
      b.eraseOp(op);
    else
      b.replaceOp(op,
                  fromBits(b, op.getLoc(), bits, op->getResult(0).getType()));
    return mlir::success();
  }
  Ask ask;
};

template <typename Op, typename Ask>
void addCollective(mlir::RewritePatternSet &patterns,
                   const mlir::LLVMTypeConverter &converter, Ask ask) {
  patterns.add<CollectivePattern<Op, Ask>>(converter, ask);
}

} // namespace twc

#endif // TWC_LIB_CONVERSION_COLLECTIVE_H
