//===- Linker.h - modules that are linked into one program ------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The modules imported so far and what they export. An import of a later one
// is resolved by symbol: both then refer to the same op (Wasm spec 4.5.4; the
// part of import matching that depends on sizes at run time is the runtime's).
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_LINKER_H
#define TWC_LIB_IMPORT_LINKER_H

#include "ModuleFacts.h"
#include "Symbols.h"

#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Import/Import.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace twc {

/// What an export or a resolved import refers to.
struct LinkItem {
  mlir::Operation *op = nullptr; // FuncOp, TableOp, MemoryOp or GlobalOp
};

class Linker {
public:
  Linker(mlir::MLIRContext &context, llvm::StringRef fileName);

  /// All modules' ops, in order.
  mlir::ModuleOp getModule() { return *module; }
  Program take() { return {std::move(module), std::move(modules)}; }

  /// Begins module `input`, whose bytes follow those of the earlier ones in
  /// the artifact.
  void begin(const ModuleInput &input, const ModuleFacts &facts);
  /// Position of the module at hand, and the number of its first function.
  unsigned getOrdinal() const { return modules.size() - 1; }
  uint32_t getFirstFunction() const { return firstFunction; }
  /// Where its bytes stand among those of all modules.
  uint64_t getWasmOffset() const { return modules.back().wasmOffset; }

  /// The item that `import` names, if its module is linked; an error if that
  /// has no such export, or of another kind.
  llvm::Expected<LinkItem> find(const ImportFact &import,
                                twasm::ExternKind kind);
  void addExport(llvm::StringRef name, mlir::Operation *op);

  /// Error for an import of the module at hand.
  llvm::Error unknownImport(const ImportFact &import) const;
  llvm::Error incompatibleImport(const ImportFact &import,
                                 const llvm::Twine &expected) const;

  /// Limits of an import against those of the item (spec 4.5.4.1). A minimum
  /// that a growing item may or may not reach is left to instantiation.
  llvm::Error matchLimits(const ImportFact &import, const LimitsFact &wanted,
                          uint64_t min, std::optional<uint64_t> max,
                          bool grows) const;

  /// Memories and tables that code of the modules so far can grow.
  void noteGrows(llvm::StringRef symbol) { growing.insert(symbol); }
  bool grows(llvm::StringRef symbol) const { return growing.contains(symbol); }

  unsigned nextGlobal() { return globals++; }
  unsigned nextSegment() { return segments++; }
  LinkedModule &current() { return modules.back(); }
  /// Positions of memories and tables among those of all modules.
  llvm::StringMap<unsigned> memoryPositions, tablePositions;
  SymbolNames names;

private:
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<LinkedModule> modules;
  std::vector<llvm::StringMap<LinkItem>> exports; // by module
  llvm::StringMap<size_t> links;                  // of the module at hand
  bool requireImports = false;
  std::string fileName;
  llvm::StringSet<> growing;
  uint32_t firstFunction = 0, nextFunction = 0;
  uint64_t nextOffset = 0;
  unsigned globals = 0, segments = 0;

public:
  bool importsRequired() const { return requireImports; }
};

} // namespace twc

#endif // TWC_LIB_IMPORT_LINKER_H
