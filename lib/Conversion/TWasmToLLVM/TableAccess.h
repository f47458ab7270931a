//===- TableAccess.h - tables in the instance state -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the patterns of tables and of indirect calls share, and the range
// checks that bulk operations of memories and tables have in common.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_CONVERSION_TABLEACCESS_H
#define TWC_LIB_CONVERSION_TABLEACCESS_H

#include "Lowering.h"

namespace twc {

/// A 64-bit field of the instance state that another thread of the launch may
/// be changing: an atomic load, which never tears and is never repeated.
mlir::Value loadChanging(mlir::OpBuilder &builder, mlir::Operation *op,
                         uint64_t offset);

/// Current number of elements of a table (i64).
mlir::Value getTableSize(mlir::OpBuilder &builder, mlir::Operation *op,
                         llvm::StringRef table, const ModuleInfo &info);

/// Address of element `index` (i64), which is not checked.
mlir::Value getElementAddress(mlir::OpBuilder &builder, mlir::Operation *op,
                              llvm::StringRef table, mlir::Value index,
                              const ModuleInfo &info);

/// The reference (i64) at `index` (i32); traps with `outside` if there is no
/// such element.
mlir::Value loadElement(mlir::OpBuilder &builder, mlir::Operation *op,
                        llvm::StringRef table, mlir::Value index,
                        twasm::TrapCode outside, const ModuleInfo &info);

/// i1: whether [start, start + count) is not inside [0, size), in exact
/// arithmetic. All are i64.
mlir::Value isOutside(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value start, mlir::Value count, mlir::Value size);

/// Address (!llvm.ptr<1>) and current size (i64) of the segment whose state
/// stands at `state`: bytes or references.
struct Segment {
  mlir::Value address, size;
};
Segment loadSegment(mlir::OpBuilder &builder, mlir::Operation *op,
                    uint64_t state);

/// Empties the segment whose state stands at `state`.
void dropSegment(mlir::OpBuilder &builder, mlir::Operation *op,
                 uint64_t state);

void populateIndirectCallPatterns(mlir::RewritePatternSet &patterns,
                                  const ModuleInfo &info);

} // namespace twc

#endif // TWC_LIB_CONVERSION_TABLEACCESS_H
