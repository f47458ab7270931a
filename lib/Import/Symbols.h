//===- Symbols.h - unique symbol names for a module's items -----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions, globals, tables and memories share one symbol table in MLIR but
// have separate index spaces and optional, ambiguous names in Wasm.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_SYMBOLS_H
#define TWC_LIB_IMPORT_SYMBOLS_H

#include "ModuleFacts.h"

#include "llvm/ADT/StringSet.h"

#include <string>
#include <vector>

namespace twc {

/// Symbols by index; an import that is linked has its item's.
struct Symbols {
  std::vector<std::string> functions, globals, tables, memories, data, elems;
};

/// The symbols that are taken, those of earlier modules too.
class SymbolNames {
public:
  /// `name`, or with `.index` behind it as often as it takes to be free.
  std::string claim(std::string name, size_t index);

private:
  llvm::StringSet<> taken;
};

/// Names for what the module defines or imports. `first` is the number of the
/// module's first function: indices in names count through all modules. An
/// item's own name is kept where it is free.
Symbols nameSymbols(const ModuleFacts &facts, SymbolNames &names,
                    uint32_t first);

} // namespace twc

#endif // TWC_LIB_IMPORT_SYMBOLS_H
