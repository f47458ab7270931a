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

#include "Linker.h"
#include "ModuleFacts.h"
#include "Symbols.h"

#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace twc {

class ModuleBuilder {
public:
  ModuleBuilder(Linker &linker, llvm::StringRef fileName,
                const ModuleFacts &facts);

  /// Fails if an import does not match what it is linked to.
  llvm::Error build();

  /// The functions by Wasm index. Imports of `tw` that are ops have none,
  /// unless a table or an export refers to them.
  llvm::ArrayRef<twasm::FuncOp> getFunctions() const { return functions; }
  const Symbols &getSymbols() const { return symbols; }
  Linker &getLinker() { return linker; }
  /// Whether a call of function `index` is a device op.
  bool isDeviceFunction(uint32_t index) const { return deviceFunctions[index]; }

  mlir::Type convertType(wabt::Type type);
  llvm::SmallVector<mlir::Type>
  convertTypes(llvm::ArrayRef<wabt::Type> types);
  mlir::FunctionType convertFunctionType(uint32_t typeIndex);
  mlir::TypedAttr convertConstant(wabt::Type type, uint64_t bits,
                                  uint64_t highBits = 0);
  /// Parameters and results of a block with this immediate.
  std::pair<llvm::SmallVector<mlir::Type>, llvm::SmallVector<mlir::Type>>
  convertBlockType(wabt::Type type);
  /// The address type of memory `index`.
  mlir::Type getAddressType(uint32_t index);
  /// What an access of memory `index` names: nothing for the first.
  mlir::FlatSymbolRefAttr getMemoryRef(uint32_t index);

  /// See getWasmPlace() in Import.h.
  mlir::Location locate(uint32_t function, uint64_t offset);

private:
  llvm::Error resolveImports();
  llvm::Error resolveFunction(size_t index);
  llvm::Error resolveMemory(size_t index);
  llvm::Error resolveTable(size_t index);
  llvm::Error resolveGlobal(size_t index);
  void buildFunctions();
  /// The body of a device import that something refers to.
  void buildWrapper(twasm::FuncOp func, llvm::StringRef field);
  void buildMemories();
  void buildGlobals();
  void buildSegments();
  void buildExports();
  mlir::TypedAttr evaluate(const ConstExpr &expression);
  uint64_t evaluateOffset(const ConstExpr &expression);

  Linker &linker;
  const ModuleFacts &facts;
  Symbols symbols;
  mlir::OpBuilder builder;
  mlir::StringAttr file;
  std::vector<bool> deviceFunctions;
  std::vector<twasm::TableOp> tables;
  std::vector<twasm::MemoryOp> memories;
  std::vector<twasm::GlobalOp> globals;
  std::vector<twasm::FuncOp> functions;
};

/// Builds the body of every function that `bytes`, a valid module, defines.
/// Fails only on one that would take too much memory.
llvm::Error readBodies(ModuleBuilder &module, const ModuleFacts &facts,
                       llvm::StringRef fileName,
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
