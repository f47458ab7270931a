//===- Symbols.cpp - unique symbol names for a module's items -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function is called by its name section entry, else its export name, else
// its import field, else `f<index>`; `.<index>` is added where that is taken.
//
//===----------------------------------------------------------------------===//

#include "Symbols.h"

#include "llvm/ADT/StringSet.h"

using namespace twc;

Symbols twc::nameSymbols(const ModuleFacts &facts) {
  llvm::StringSet<> taken;
  auto claim = [&](std::string name, size_t index) {
    while (!taken.insert(name).second)
      name += "." + std::to_string(index);
    return name;
  };

  std::vector<const std::string *> exported(facts.functions.size());
  for (const ExportFact &e : facts.exports)
    if (e.kind == wabt::ExternalKind::Func && !exported[e.index])
      exported[e.index] = &e.name;

  Symbols symbols;
  for (size_t i = 0; i < facts.functions.size(); ++i) {
    const FunctionFact &f = facts.functions[i];
    std::string name = "f" + std::to_string(i);
    if (!f.name.empty())
      name = f.name;
    else if (exported[i] && !exported[i]->empty())
      name = *exported[i];
    else if (f.import && !f.import->field.empty())
      name = f.import->field;
    symbols.functions.push_back(claim(std::move(name), i));
  }
  for (size_t i = 0; i < facts.globals.size(); ++i)
    symbols.globals.push_back(
        claim(facts.globals[i].name.empty() ? "global" + std::to_string(i)
                                            : facts.globals[i].name,
              i));
  for (size_t i = 0; i < facts.tables.size(); ++i)
    symbols.tables.push_back(claim("table" + std::to_string(i), i));
  for (size_t i = 0; i < facts.memories.size(); ++i)
    symbols.memories.push_back(claim("memory" + std::to_string(i), i));
  return symbols;
}
