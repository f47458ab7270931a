//===- Calls.cpp - which calls are of one operation -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Calls.h"

#include "Matrix.h"
#include "Reduce.h"

using namespace twrun;
using twrun::abi::Collective;
using twrun::abi::CollectiveOp;

bool twrun::isBlockOp(CollectiveOp op) {
  return op < CollectiveOp::WarpSync || op == CollectiveOp::BlockReduce;
}

bool twrun::isMatrixOp(CollectiveOp op) {
  return op >= CollectiveOp::MatrixFill && op <= CollectiveOp::MatrixMma;
}

bool twrun::isValid(const Collective &call) {
  switch (call.op) {
  case CollectiveOp::WarpReduce:
  case CollectiveOp::BlockReduce:
    return isReduction(call.a, call.b);
  default:
    if (isMatrixOp(call.op))
      return WarpMatrices::isValid(call);
    return (call.op >= CollectiveOp::Barrier &&
            call.op <= CollectiveOp::BarrierOr) ||
           (call.op >= CollectiveOp::WarpSync &&
            call.op <= CollectiveOp::MatchAll);
  }
}

bool twrun::isSame(const Collective &x, const Collective &y) {
  if (x.op != y.op)
    return false;
  if (x.op == CollectiveOp::BlockReduce || isMatrixOp(x.op))
    return x.a == y.a && x.b == y.b;
  if (x.op == CollectiveOp::WarpReduce)
    return x.a == y.a && x.b == y.b && x.mask == y.mask;
  return isBlockOp(x.op) || x.mask == y.mask;
}
