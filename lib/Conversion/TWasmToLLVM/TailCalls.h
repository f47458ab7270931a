//===- TailCalls.h - the graph of tail calls --------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What finding the cycles and rewriting them share.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_CONVERSION_TAILCALLS_H
#define TWC_LIB_CONVERSION_TAILCALLS_H

#include "Lowering.h"

#include "mlir/IR/SymbolTable.h"

namespace twc {

/// A function and the tail calls in it; `callees[i]` is what `calls[i]` calls.
struct TailCallNode {
  mlir::func::FuncOp func;
  unsigned index = 0; // in the module
  llvm::SmallVector<mlir::func::CallOp> calls = {};
  llvm::SmallVector<TailCallNode *> callees = {};
  unsigned component = 0; // strongly connected
  unsigned selector = 0;  // position in its component
};

/// Makes a loop of the functions of one component: `members` are all of them,
/// in the order of their selectors, and there is a tail call among them. New
/// functions are entered in `symbols`.
mlir::LogicalResult makeTailCallLoop(mlir::SymbolTable &symbols,
                                     llvm::ArrayRef<TailCallNode *> members);

} // namespace twc

#endif // TWC_LIB_CONVERSION_TAILCALLS_H
