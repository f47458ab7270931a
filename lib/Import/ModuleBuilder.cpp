//===- ModuleBuilder.cpp - module-level ops -------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In index order: functions, tables, memories, globals, segments, exports.
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"

using namespace mlir;
using namespace twc;

ModuleBuilder::ModuleBuilder(Linker &linker, llvm::StringRef fileName,
                             const ModuleFacts &facts)
    : linker(linker), facts(facts),
      symbols(nameSymbols(facts, linker.names, linker.getFirstFunction())),
      builder(linker.getModule()->getContext()),
      file(builder.getStringAttr(fileName)) {
  builder.setInsertionPointToEnd(linker.getModule().getBody());
  functions.resize(facts.functions.size());
  deviceImports.resize(facts.functions.size());
  tables.resize(facts.tables.size());
  memories.resize(facts.memories.size());
  globals.resize(facts.globals.size());
}

llvm::Error ModuleBuilder::build() {
  if (llvm::Error error = resolveImports())
    return error;
  if (llvm::Error error = buildFunctions())
    return error;
  buildMemories();
  buildGlobals();
  buildSegments();
  buildExports();
  linker.current().functions = symbols.functions;
  return llvm::Error::success();
}

/// Functions that something other than a direct call refers to.
static std::vector<bool> findReferenced(const ModuleFacts &facts) {
  std::vector<bool> referenced(facts.functions.size());
  for (const ElemFact &elem : facts.elems)
    for (std::optional<uint32_t> f : elem.functions)
      if (f)
        referenced[*f] = true;
  for (const GlobalFact &global : facts.globals)
    for (const ConstInstr &instruction : global.init)
      if (instruction.kind == ConstInstr::RefFunc)
        referenced[instruction.index] = true;
  for (const ExportFact &e : facts.exports)
    if (e.kind == wabt::ExternalKind::Func)
      referenced[e.index] = true;
  if (facts.start)
    referenced[*facts.start] = true;
  return referenced;
}

llvm::Error ModuleBuilder::buildWrapper(twasm::FuncOp func,
                                        const DeviceImport &import,
                                        StringRef field) {
  OpBuilder::InsertionGuard guard(builder);
  Block *entry = builder.createBlock(&func.getBody());
  for (Type type : func.getArgumentTypes())
    entry->addArgument(type, func.getLoc());
  SmallVector<Value> arguments(entry->getArguments());
  DeviceCall call(builder, func.getLoc(), field, arguments);
  Value result = import.build(call);
  if (!call.getFailure().empty())
    return makeImportError(file.getValue(), 0,
                           call.getFailure() +
                               ", where the import is exported or referred to");
  twasm::ReturnOp::create(builder, func.getLoc(),
                          result ? ValueRange(result) : ValueRange());
  return llvm::Error::success();
}

llvm::Error ModuleBuilder::buildFunctions() {
  std::vector<bool> referenced = findReferenced(facts);
  FlatSymbolRefAttr home;
  // Absent, it means the first memory of all.
  if (!memories.empty() &&
      (memories[0] ? linker.memoryPositions.lookup(symbols.memories[0]) != 0
                   : !linker.memoryPositions.empty()))
    home = FlatSymbolRefAttr::get(builder.getContext(), symbols.memories[0]);
  for (auto [i, fact] : llvm::enumerate(facts.functions)) {
    if (functions[i]) // linked
      continue;
    const DeviceImport *device =
        DeviceTable::get().find(fact, facts.types[fact.type]);
    deviceImports[i] = device;
    if (device && !referenced[i])
      continue;
    auto func = twasm::FuncOp::create(
        builder, locate(i, 0), symbols.functions[i],
        convertFunctionType(fact.type), linker.getFirstFunction() + i);
    if (home)
      func.setMemoryAttr(home);
    if (device) {
      if (llvm::Error error =
              buildWrapper(func, *device, fact.import->field))
        return error;
    } else if (fact.import) {
      func.setImportAttr(builder.getStrArrayAttr(
          {fact.import->module, fact.import->field}));
      func.setVisibility(SymbolTable::Visibility::Private);
      std::string why =
          DeviceTable::get().explain(fact, facts.types[fact.type]);
      if (!why.empty())
        func->setAttr(twasm::importNoteAttr, builder.getStringAttr(why));
    }
    functions[i] = func;
  }
  return llvm::Error::success();
}

static IntegerAttr maximumOf(OpBuilder &builder, const LimitsFact &limits) {
  return limits.max ? builder.getI64IntegerAttr(*limits.max) : IntegerAttr();
}

void ModuleBuilder::buildMemories() {
  Location loc = linker.getModule().getLoc();
  unsigned ordinal = linker.getOrdinal();
  for (auto [i, fact] : llvm::enumerate(facts.tables)) {
    if (tables[i])
      continue;
    TypeAttr element;
    if (fact.type != wabt::Type::FuncRef)
      element = TypeAttr::get(convertType(fact.type));
    tables[i] = twasm::TableOp::create(
        builder, loc, builder.getStringAttr(symbols.tables[i]),
        builder.getI64IntegerAttr(fact.limits.min),
        maximumOf(builder, fact.limits), element,
        builder.getI32IntegerAttr(ordinal));
    linker.tablePositions.try_emplace(symbols.tables[i],
                                      linker.tablePositions.size());
  }
  for (auto [i, fact] : llvm::enumerate(facts.memories)) {
    if (memories[i])
      continue;
    auto flag = [&](bool on) { return on ? builder.getUnitAttr() : UnitAttr(); };
    memories[i] = twasm::MemoryOp::create(
        builder, loc, builder.getStringAttr(symbols.memories[i]),
        builder.getI64IntegerAttr(fact.limits.min),
        maximumOf(builder, fact.limits), flag(fact.index64), flag(fact.shared),
        builder.getI32IntegerAttr(ordinal));
    linker.memoryPositions.try_emplace(symbols.memories[i],
                                       linker.memoryPositions.size());
  }
}

void ModuleBuilder::buildGlobals() {
  for (auto [i, fact] : llvm::enumerate(facts.globals))
    if (!globals[i])
      globals[i] = twasm::GlobalOp::create(
          builder, linker.getModule().getLoc(),
          builder.getStringAttr(symbols.globals[i]),
          builder.getI32IntegerAttr(linker.nextGlobal()),
          fact.isMutable ? builder.getUnitAttr() : UnitAttr(),
          evaluate(fact.init), builder.getI32IntegerAttr(linker.getOrdinal()));
}

void ModuleBuilder::buildSegments() {
  Location loc = linker.getModule().getLoc();
  IntegerAttr ordinal = builder.getI32IntegerAttr(linker.getOrdinal());
  for (auto [i, elem] : llvm::enumerate(facts.elems)) {
    SmallVector<Attribute> refs;
    for (std::optional<uint32_t> f : elem.functions)
      if (!elem.declared) // dropped from the start (spec 4.5.4)
        refs.push_back(f ? Attribute(FlatSymbolRefAttr::get(
                               builder.getContext(), symbols.functions[*f]))
                         : Attribute(builder.getUnitAttr()));
    twasm::ElemOp::create(
        builder, loc, builder.getStringAttr(symbols.elems[i]),
        elem.active ? FlatSymbolRefAttr::get(tables[elem.table])
                    : FlatSymbolRefAttr(),
        builder.getI64IntegerAttr(elem.active ? evaluateOffset(elem.offset)
                                              : 0),
        builder.getArrayAttr(refs), ordinal);
  }
  for (auto [i, data] : llvm::enumerate(facts.data))
    twasm::DataOp::create(
        builder, loc, builder.getStringAttr(symbols.data[i]),
        data.active ? FlatSymbolRefAttr::get(memories[data.memory])
                    : FlatSymbolRefAttr(),
        builder.getI64IntegerAttr(data.active ? evaluateOffset(data.offset)
                                              : 0),
        builder.getI64IntegerAttr(linker.getWasmOffset() + data.moduleOffset),
        builder.getStringAttr(data.bytes), ordinal);
  if (facts.start)
    twasm::StartOp::create(
        builder, loc,
        FlatSymbolRefAttr::get(builder.getContext(),
                               symbols.functions[*facts.start]),
        ordinal);
}

void ModuleBuilder::buildExports() {
  for (const ExportFact &e : facts.exports) {
    auto [kind, op] = [&]() -> std::pair<twasm::ExternKind, Operation *> {
      switch (e.kind) {
      case wabt::ExternalKind::Func:
        return {twasm::ExternKind::Func, functions[e.index]};
      case wabt::ExternalKind::Table:
        return {twasm::ExternKind::Table, tables[e.index]};
      case wabt::ExternalKind::Memory:
        return {twasm::ExternKind::Memory, memories[e.index]};
      case wabt::ExternalKind::Global:
        return {twasm::ExternKind::Global, globals[e.index]};
      default:
        llvm_unreachable("the first reading refuses tags");
      }
    }();
    twasm::ExportOp::create(builder, linker.getModule().getLoc(), e.name, kind,
                            SymbolTable::getSymbolName(op).getValue(),
                            linker.getOrdinal());
    linker.addExport(e.name, op);
  }
}
