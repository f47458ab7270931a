//===- Tables.h - what stands in a module's tables --------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For each table of a module, or of modules linked into one: whether its
// content is known, and which functions its elements can ever be. Offload
// analysis, pruning and the lowering of call_indirect ask the same questions
// and must get the same answers.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_DIALECT_TWASM_ANALYSIS_TABLES_H
#define TWC_DIALECT_TWASM_ANALYSIS_TABLES_H

#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

#include <map>

namespace twc::twasm {

/// What is known of one table. Functions are named by symbol.
struct TableFacts {
  /// Elements at instantiation; none, if nothing `grows` it, changes it later.
  uint64_t size = 0;
  /// Something contains its table.grow.
  bool grows = false;
  /// Some instruction changes elements (table.set, grow, fill, copy, init).
  bool written = false;
  /// `elements` tells the content, from instantiation of the table's module
  /// on: nothing writes it, and all active segments on it are that module's
  /// and in bounds.
  bool constant = false;
  /// If constant: the function at each index that is not null, in order.
  std::map<uint64_t, mlir::StringAttr> elements;
  /// The functions that an element can ever be: an upper bound.
  llvm::SetVector<mlir::StringAttr> candidates;
};

/// Facts of all tables of `module`, at the time of construction. Keeps names
/// of functions, not the operations: those may be erased meanwhile.
class TableAnalysis {
public:
  explicit TableAnalysis(mlir::ModuleOp module);

  /// `table` must be the symbol of a table; facts without content if not.
  const TableFacts &operator[](llvm::StringRef table) const;

  /// The candidates of `table` that a call_indirect with signature `type` can
  /// call (Wasm spec 4.4.8: types are compared structurally).
  llvm::SmallVector<mlir::StringAttr>
  getCallees(llvm::StringRef table, mlir::FunctionType type) const;

  /// The type of `function`, before anything was lowered; null if there is no
  /// such function.
  mlir::FunctionType getType(mlir::StringAttr function) const {
    return types.lookup(function);
  }

private:
  void findWrites(mlir::ModuleOp module);
  void placeElements(mlir::ModuleOp module);
  void findCandidates(mlir::ModuleOp module);

  llvm::StringMap<TableFacts> tables;
  llvm::DenseMap<mlir::StringAttr, mlir::FunctionType> types;
  TableFacts nothing;
};

/// The table whose elements `op` changes, or "".
llvm::StringRef getWrittenTable(mlir::Operation *op);

/// The signature of a call_indirect or return_call_indirect.
mlir::FunctionType getSignature(CallIndirectOp op);
mlir::FunctionType getSignature(ReturnCallIndirectOp op);

/// Calls `call` with the symbol of each function that `op` calls directly, and
/// `indirect` with table and signature if it calls through a table.
void visitCallees(
    mlir::Operation *op, llvm::function_ref<void(mlir::StringAttr)> call,
    llvm::function_ref<void(llvm::StringRef, mlir::FunctionType)> indirect);

} // namespace twc::twasm

#endif // TWC_DIALECT_TWASM_ANALYSIS_TABLES_H
