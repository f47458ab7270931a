//===- Imports.cpp - what a module's imports are linked to ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Import matching of the Wasm spec, section 4.5.4.1, as far as it is static.
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"

using namespace mlir;
using namespace twc;

llvm::Error ModuleBuilder::resolveImports() {
  for (size_t i = 0; i < facts.functions.size(); ++i)
    if (facts.functions[i].import)
      if (llvm::Error error = resolveFunction(i))
        return error;
  for (size_t i = 0; i < facts.tables.size(); ++i)
    if (facts.tables[i].import)
      if (llvm::Error error = resolveTable(i))
        return error;
  for (size_t i = 0; i < facts.memories.size(); ++i)
    if (facts.memories[i].import)
      if (llvm::Error error = resolveMemory(i))
        return error;
  for (size_t i = 0; i < facts.globals.size(); ++i)
    if (facts.globals[i].import)
      if (llvm::Error error = resolveGlobal(i))
        return error;
  return llvm::Error::success();
}

static std::string print(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

llvm::Error ModuleBuilder::resolveFunction(size_t index) {
  const FunctionFact &fact = facts.functions[index];
  llvm::Expected<LinkItem> item =
      linker.find(*fact.import, twasm::ExternKind::Func);
  if (!item)
    return item.takeError();
  if (!item->op) {
    if (linker.importsRequired() &&
        !DeviceTable::get().find(fact, facts.types[fact.type]))
      return linker.unknownImport(*fact.import);
    return llvm::Error::success();
  }
  auto func = cast<twasm::FuncOp>(item->op);
  FunctionType wanted = convertFunctionType(fact.type);
  if (func.getFunctionType() != wanted)
    return linker.incompatibleImport(
        *fact.import, "expected " + print(wanted) + ", but it is " +
                          print(func.getFunctionType()));
  functions[index] = func;
  symbols.functions[index] = func.getSymName().str();
  return llvm::Error::success();
}

llvm::Error ModuleBuilder::resolveTable(size_t index) {
  const TableFact &fact = facts.tables[index];
  llvm::Expected<LinkItem> item =
      linker.find(*fact.import, twasm::ExternKind::Table);
  if (!item)
    return item.takeError();
  if (!item->op)
    return linker.unknownImport(*fact.import);
  auto table = cast<twasm::TableOp>(item->op);
  if (table.getElementType() != convertType(fact.type))
    return linker.incompatibleImport(
        *fact.import, "expected a table of " + print(convertType(fact.type)) +
                          ", but it has " + print(table.getElementType()));
  if (llvm::Error error = linker.matchLimits(
          *fact.import, fact.limits, table.getMin(), table.getMax(),
          linker.grows(table.getSymName())))
    return error;
  tables[index] = table;
  symbols.tables[index] = table.getSymName().str();
  linker.current().tableImports.push_back(
      {linker.tablePositions.lookup(table.getSymName()), fact.limits.min});
  return llvm::Error::success();
}

llvm::Error ModuleBuilder::resolveMemory(size_t index) {
  const MemoryFact &fact = facts.memories[index];
  llvm::Expected<LinkItem> item =
      linker.find(*fact.import, twasm::ExternKind::Memory);
  if (!item)
    return item.takeError();
  if (!item->op)
    return linker.unknownImport(*fact.import);
  auto memory = cast<twasm::MemoryOp>(item->op);
  auto kind = [](bool index64, bool shared) {
    return std::string(index64 ? "64-bit" : "32-bit") +
           (shared ? " shared" : " unshared");
  };
  std::string wanted = kind(fact.index64, fact.shared),
              found = kind(memory.getIndex64(), memory.getShared());
  if (wanted != found)
    return linker.incompatibleImport(*fact.import, "expected a " + wanted +
                                                       " memory, but it is " +
                                                       found);
  if (llvm::Error error = linker.matchLimits(
          *fact.import, fact.limits, memory.getMin(), memory.getMax(),
          linker.grows(memory.getSymName())))
    return error;
  memories[index] = memory;
  symbols.memories[index] = memory.getSymName().str();
  linker.current().memoryImports.push_back(
      {linker.memoryPositions.lookup(memory.getSymName()), fact.limits.min});
  return llvm::Error::success();
}

llvm::Error ModuleBuilder::resolveGlobal(size_t index) {
  const GlobalFact &fact = facts.globals[index];
  llvm::Expected<LinkItem> item =
      linker.find(*fact.import, twasm::ExternKind::Global);
  if (!item)
    return item.takeError();
  if (!item->op)
    return linker.unknownImport(*fact.import);
  auto global = cast<twasm::GlobalOp>(item->op);
  auto describe = [](bool isMutable, Type type) {
    return std::string(isMutable ? "a mutable " : "an immutable ") +
           print(type);
  };
  std::string wanted = describe(fact.isMutable, convertType(fact.type)),
              found = describe(global.getIsMutable(),
                               global.getInit().getType());
  if (wanted != found)
    return linker.incompatibleImport(*fact.import, "expected " + wanted +
                                                       ", but it is " + found);
  globals[index] = global;
  symbols.globals[index] = global.getSymName().str();
  return llvm::Error::success();
}
