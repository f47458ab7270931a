//===- Import.h - Wasm bytes to the twasm dialect ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The importer: WABT reads and validates, we build SSA form in the twasm
// dialect while reading a second time.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_IMPORT_IMPORT_H
#define TWC_IMPORT_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace twc {

/// What an op's location says: its Wasm function and its byte offset in the
/// module. Encoded as NameLoc(function name, FileLineColLoc(file, function
/// index, offset)).
struct WasmPlace {
  std::string functionName;
  uint32_t function = 0;
  uint32_t offset = 0;
};

/// The place that `loc` encodes, or a zero place if it encodes none.
WasmPlace getWasmPlace(mlir::Location loc);

/// True if `bytes` are meant as the binary format: they begin as its magic
/// "\0asm" does.
bool isBinaryModule(llvm::ArrayRef<uint8_t> bytes);

/// Parses the text format into the binary format. Errors carry WABT's message
/// with file, line and column.
llvm::Expected<std::vector<uint8_t>> parseText(llvm::StringRef fileName,
                                               llvm::ArrayRef<uint8_t> text);

/// Validates a binary module and imports it. The context must have loaded the
/// twasm dialect. Errors: an invalid module with WABT's message and the byte
/// offset; a valid one with something this version does not support, named
/// with function and offset.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importModule(mlir::MLIRContext &context, llvm::StringRef fileName,
             llvm::ArrayRef<uint8_t> bytes);

} // namespace twc

#endif // TWC_IMPORT_IMPORT_H
