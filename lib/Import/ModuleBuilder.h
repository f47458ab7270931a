//===- ModuleBuilder.h - module-level ops -----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Creates the ops for what a module declares, and empty functions.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_MODULEBUILDER_H
#define TWC_LIB_IMPORT_MODULEBUILDER_H

#include "ModuleFacts.h"
#include "Symbols.h"

#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace twc {

class ModuleBuilder {
public:
  ModuleBuilder(mlir::MLIRContext &context, llvm::StringRef fileName,
                const ModuleFacts &facts);

  mlir::OwningOpRef<mlir::ModuleOp> takeModule() { return std::move(module); }

  /// The functions by Wasm index. Imports of `tw` that are ops have none,
  /// unless a table or an export refers to them.
  llvm::ArrayRef<twasm::FuncOp> getFunctions() const { return functions; }
  const Symbols &getSymbols() const { return symbols; }

  mlir::Type convertType(wabt::Type type);
  llvm::SmallVector<mlir::Type>
  convertTypes(llvm::ArrayRef<wabt::Type> types);
  mlir::FunctionType convertFunctionType(uint32_t typeIndex);
  mlir::TypedAttr convertConstant(wabt::Type type, uint64_t bits);
  /// Parameters and results of a block with this immediate.
  std::pair<llvm::SmallVector<mlir::Type>, llvm::SmallVector<mlir::Type>>
  convertBlockType(wabt::Type type);

  /// See getWasmPlace() in Import.h.
  mlir::Location locate(uint32_t function, uint64_t offset);

private:
  void buildFunctions();
  /// The body of a device import that is in a table or exported.
  void buildWrapper(twasm::FuncOp func, llvm::StringRef field);
  void buildMemories();
  void buildSegments();
  void buildExports();

  const ModuleFacts &facts;
  Symbols symbols;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::OpBuilder builder;
  mlir::StringAttr file;
  std::vector<twasm::FuncOp> functions;
};

/// Builds the body of every function that `bytes`, a valid module, defines.
/// Cannot fail on what readModuleFacts has accepted.
bool readBodies(ModuleBuilder &module, const ModuleFacts &facts,
                llvm::ArrayRef<uint8_t> bytes);

/// True if an import of module `tw` with this type becomes an op rather than
/// a call (tw.thread_id_x …).
bool isDeviceImport(const FunctionFact &function, const FuncTypeFact &type);

/// Builds that op; `arguments` are the call's.
mlir::Value buildDeviceImport(mlir::OpBuilder &builder, mlir::Location loc,
                              llvm::StringRef field,
                              llvm::ArrayRef<mlir::Value> arguments);

} // namespace twc

#endif // TWC_LIB_IMPORT_MODULEBUILDER_H
