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

#include <string>
#include <vector>

namespace twc {

/// Symbols by index. An item's own name is kept where it is free.
struct Symbols {
  std::vector<std::string> functions, globals, tables, memories;
};

Symbols nameSymbols(const ModuleFacts &facts);

} // namespace twc

#endif // TWC_LIB_IMPORT_SYMBOLS_H
