//===- Requirements.h - what a function needs to run ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a function and all that it can call use of the instance and the device,
// in words for a person: memories, tables, mutable globals, imports, vectors,
// atomics, the place in the grid.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_DIALECT_TWASM_ANALYSIS_REQUIREMENTS_H
#define TWC_DIALECT_TWASM_ANALYSIS_REQUIREMENTS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace twc::twasm {

class Requirements {
public:
  explicit Requirements(mlir::ModuleOp module);

  /// Sorted; empty for a function that computes from its arguments alone.
  std::vector<std::string> of(llvm::StringRef function) const;

private:
  unsigned intern(std::string need);
  void collect(mlir::Operation *op, llvm::StringRef home,
               llvm::BitVector &needs);

  std::vector<std::string> names;
  llvm::StringMap<unsigned> ids;
  llvm::StringMap<llvm::BitVector> needs; // by function, its callees' included
};

} // namespace twc::twasm

#endif // TWC_DIALECT_TWASM_ANALYSIS_REQUIREMENTS_H
