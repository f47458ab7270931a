//===- StackNeed.h - how much of the shadow stack calls take ----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The deepest chain of frames below a function's entry. Only an estimate of
// what to reserve: each access is checked all the same.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_DIALECT_TWASM_TRANSFORMS_STACKNEED_H
#define TWC_LIB_DIALECT_TWASM_TRANSFORMS_STACKNEED_H

#include "twc/Dialect/TWasm/Analysis/Tables.h"

#include <optional>

namespace twc::twasm {

class StackNeed {
public:
  /// Of `functions`, copies of others: `copyOf` gives a copy's name for the
  /// original's, which is what a table's elements are known by.
  StackNeed(llvm::ArrayRef<FuncOp> functions, llvm::StringRef stackPointer,
            const TableAnalysis &tables,
            const llvm::DenseMap<mlir::StringAttr, mlir::StringAttr> &copyOf);

  /// Bytes below the stack pointer at the function's entry that it and what
  /// it calls use; none if there is no bound, as with recursion.
  std::optional<uint64_t> of(mlir::StringAttr function) const;

private:
  struct Node {
    bool uses = false; // itself or by a call
    bool open = false; // has a frame of no constant size, itself
    bool done = false; // `need` is final
    uint64_t need = 0;
    unsigned pending = 0; // callees that are not done
    llvm::SmallVector<std::pair<unsigned, std::optional<int64_t>>> callees;
    llvm::SmallVector<unsigned> callers;
  };
  void spreadUses();
  void addUp();

  std::vector<Node> nodes;
  llvm::DenseMap<mlir::StringAttr, unsigned> ids;
};

} // namespace twc::twasm

#endif // TWC_LIB_DIALECT_TWASM_TRANSFORMS_STACKNEED_H
