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

using namespace twc;

std::string SymbolNames::claim(std::string name, size_t index) {
  while (!taken.insert(name).second)
    name += "." + std::to_string(index);
  return name;
}

static std::string nameFunction(const FunctionFact &f,
                                const std::string *exported, size_t number) {
  if (!f.name.empty())
    return f.name;
  if (exported && !exported->empty())
    return *exported;
  if (f.import && !f.import->field.empty())
    return f.import->field;
  return "f" + std::to_string(number);
}

Symbols twc::nameSymbols(const ModuleFacts &facts, SymbolNames &names,
                         uint32_t first) {
  std::vector<const std::string *> exported(facts.functions.size());
  for (const ExportFact &e : facts.exports)
    if (e.kind == wabt::ExternalKind::Func && !exported[e.index])
      exported[e.index] = &e.name;

  Symbols symbols;
  for (size_t i = 0; i < facts.functions.size(); ++i)
    symbols.functions.push_back(names.claim(
        nameFunction(facts.functions[i], exported[i], first + i), first + i));
  for (size_t i = 0; i < facts.globals.size(); ++i)
    symbols.globals.push_back(
        names.claim(facts.globals[i].name.empty() ? "global" + std::to_string(i)
                                                  : facts.globals[i].name,
                    i));
  auto numbered = [&](std::vector<std::string> &list, const char *name,
                      size_t count) {
    for (size_t i = 0; i < count; ++i)
      list.push_back(names.claim(name + std::to_string(i), i));
  };
  numbered(symbols.tables, "table", facts.tables.size());
  numbered(symbols.memories, "memory", facts.memories.size());
  numbered(symbols.data, "data", facts.data.size());
  numbered(symbols.elems, "elem", facts.elems.size());
  return symbols;
}
