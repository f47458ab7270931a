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
#include <utility>
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
llvm::Expected<std::vector<uint8_t>>
parseText(llvm::StringRef fileName, llvm::ArrayRef<uint8_t> text,
          llvm::ArrayRef<std::string> disabledFeatures = {});

/// A module to compile, and what its imports are linked to.
struct ModuleInput {
  std::string fileName; // for messages
  llvm::ArrayRef<uint8_t> bytes;
  std::string name; // as the manifest calls it; the oracle links by it
  /// Import module name to the position of an earlier input; the last entry
  /// for a name wins.
  std::vector<std::pair<std::string, size_t>> links;
  /// An import of a function that is neither linked nor a device's is an
  /// error. Otherwise exports that can reach it are not offloadable.
  bool requireImports = false;
  /// Of optionalFeatures(): instructions and types of these are invalid.
  std::vector<std::string> disabledFeatures;
};

/// Parts of Wasm 2.0 and proposals that a module can be compiled without, by
/// WABT's names ("multi-memory").
std::vector<llvm::StringRef> optionalFeatures();

/// Facts about an imported module that its ops do not tell.
struct LinkedModule {
  std::string name;
  uint64_t wasmOffset = 0, wasmSize = 0; // in all modules' bytes together
  std::vector<std::string> functions;    // names by index, imports included
  /// Positions among all memories or tables, and the sizes that the module
  /// wants of them when it is instantiated.
  std::vector<std::pair<unsigned, uint64_t>> memoryImports, tableImports;
};

/// Linked modules: their ops in one module, and their facts in order.
struct Program {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<LinkedModule> modules;
};

/// Validates binary modules, links them and imports them into one. The context
/// must have loaded the twasm dialect. Errors: an invalid module with WABT's
/// message and the byte offset; a valid one with something this version does
/// not support, named with function and offset; "unknown import" and
/// "incompatible import type".
llvm::Expected<Program> importModules(mlir::MLIRContext &context,
                                      llvm::ArrayRef<ModuleInput> inputs);

} // namespace twc

#endif // TWC_IMPORT_IMPORT_H
