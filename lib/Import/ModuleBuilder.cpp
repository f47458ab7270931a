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

#include "mlir/IR/Location.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace twc;

ModuleBuilder::ModuleBuilder(MLIRContext &context, llvm::StringRef fileName,
                             const ModuleFacts &facts)
    : facts(facts), symbols(nameSymbols(facts)), builder(&context),
      file(builder.getStringAttr(fileName)) {
  module = ModuleOp::create(FileLineColLoc::get(file, 0, 0));
  builder.setInsertionPointToEnd(module->getBody());
  buildFunctions();
  buildMemories();
  buildSegments();
  buildExports();
}

Type ModuleBuilder::convertType(wabt::Type type) {
  switch (type) {
  case wabt::Type::I32:
    return builder.getI32Type();
  case wabt::Type::I64:
    return builder.getI64Type();
  case wabt::Type::F32:
    return builder.getF32Type();
  case wabt::Type::F64:
    return builder.getF64Type();
  default:
    llvm_unreachable("the first reading refuses other types");
  }
}

SmallVector<Type> ModuleBuilder::convertTypes(ArrayRef<wabt::Type> types) {
  return llvm::map_to_vector(types, [&](wabt::Type t) -> Type {
    return convertType(t);
  });
}

FunctionType ModuleBuilder::convertFunctionType(uint32_t typeIndex) {
  const FuncTypeFact &type = facts.types[typeIndex];
  return builder.getFunctionType(convertTypes(type.params),
                                 convertTypes(type.results));
}

std::pair<SmallVector<Type>, SmallVector<Type>>
ModuleBuilder::convertBlockType(wabt::Type type) {
  if (type.IsIndex()) {
    const FuncTypeFact &sig = facts.types[type.GetIndex()];
    return {convertTypes(sig.params), convertTypes(sig.results)};
  }
  if (type == wabt::Type::Void)
    return {};
  return {{}, {convertType(type)}};
}

TypedAttr ModuleBuilder::convertConstant(wabt::Type type, uint64_t bits) {
  switch (type) {
  case wabt::Type::I32:
    return builder.getIntegerAttr(builder.getI32Type(),
                                  APInt(32, uint32_t(bits)));
  case wabt::Type::I64:
    return builder.getI64IntegerAttr(bits);
  // From the bits, so that every NaN keeps its payload.
  case wabt::Type::F32:
    return FloatAttr::get(builder.getF32Type(),
                          APFloat(APFloat::IEEEsingle(),
                                  APInt(32, uint32_t(bits))));
  case wabt::Type::F64:
    return FloatAttr::get(builder.getF64Type(),
                          APFloat(APFloat::IEEEdouble(), APInt(64, bits)));
  default:
    llvm_unreachable("the first reading refuses other types");
  }
}

Location ModuleBuilder::locate(uint32_t function, uint64_t offset) {
  return NameLoc::get(builder.getStringAttr(symbols.functions[function]),
                      FileLineColLoc::get(file, function, offset));
}

/// Functions that something other than a direct call refers to.
static std::vector<bool> findReferenced(const ModuleFacts &facts) {
  std::vector<bool> referenced(facts.functions.size());
  for (const ElemFact &elem : facts.elems)
    for (std::optional<uint32_t> f : elem.functions)
      if (f)
        referenced[*f] = true;
  for (const ExportFact &e : facts.exports)
    if (e.kind == wabt::ExternalKind::Func)
      referenced[e.index] = true;
  if (facts.start)
    referenced[*facts.start] = true;
  return referenced;
}

void ModuleBuilder::buildWrapper(twasm::FuncOp func, StringRef field) {
  OpBuilder::InsertionGuard guard(builder);
  Block *entry = builder.createBlock(&func.getBody());
  for (Type type : func.getArgumentTypes())
    entry->addArgument(type, func.getLoc());
  SmallVector<Value> arguments(entry->getArguments());
  Value result =
      buildDeviceImport(builder, func.getLoc(), field, arguments);
  twasm::ReturnOp::create(builder, func.getLoc(), result);
}

void ModuleBuilder::buildFunctions() {
  std::vector<bool> referenced = findReferenced(facts);
  for (auto [i, fact] : llvm::enumerate(facts.functions)) {
    functions.emplace_back();
    bool device = isDeviceImport(fact, facts.types[fact.type]);
    if (device && !referenced[i])
      continue;
    auto func =
        twasm::FuncOp::create(builder, locate(i, 0), symbols.functions[i],
                              convertFunctionType(fact.type), i);
    if (device) {
      buildWrapper(func, fact.import->field);
    } else if (fact.import) {
      func.setImportAttr(builder.getStrArrayAttr(
          {fact.import->module, fact.import->field}));
      func.setVisibility(SymbolTable::Visibility::Private);
    }
    functions.back() = func;
  }
}

void ModuleBuilder::buildMemories() {
  Location loc = module->getLoc();
  auto maximum = [&](const LimitsFact &limits) {
    return limits.max ? builder.getI64IntegerAttr(*limits.max) : IntegerAttr();
  };
  for (auto [i, limits] : llvm::enumerate(facts.tables))
    twasm::TableOp::create(
        builder, loc, builder.getStringAttr(symbols.tables[i]),
        builder.getI64IntegerAttr(limits.min), maximum(limits), ArrayAttr());
  for (auto [i, limits] : llvm::enumerate(facts.memories))
    twasm::MemoryOp::create(
        builder, loc, builder.getStringAttr(symbols.memories[i]),
        builder.getI64IntegerAttr(limits.min), maximum(limits), ArrayAttr());
  for (auto [i, global] : llvm::enumerate(facts.globals))
    twasm::GlobalOp::create(
        builder, loc, builder.getStringAttr(symbols.globals[i]),
        builder.getI32IntegerAttr(i),
        global.isMutable ? builder.getUnitAttr() : UnitAttr(),
        convertConstant(global.type, global.init.bits), ArrayAttr());
}

void ModuleBuilder::buildSegments() {
  Location loc = module->getLoc();
  for (const DataFact &data : facts.data)
    if (data.active) // a passive one can be used by memory.init alone
      twasm::DataOp::create(builder, loc, symbols.memories[0], data.offset,
                            data.moduleOffset, data.bytes);
  for (const ElemFact &elem : facts.elems) {
    if (!elem.active)
      continue;
    SmallVector<Attribute> names;
    for (std::optional<uint32_t> f : elem.functions)
      names.push_back(f ? Attribute(FlatSymbolRefAttr::get(
                              builder.getContext(), symbols.functions[*f]))
                        : Attribute(builder.getUnitAttr()));
    twasm::ElemOp::create(builder, loc, symbols.tables[elem.table],
                          elem.offset, builder.getArrayAttr(names));
  }
  if (facts.start)
    twasm::StartOp::create(builder, loc, symbols.functions[*facts.start]);
}

void ModuleBuilder::buildExports() {
  for (const ExportFact &e : facts.exports) {
    auto [kind, name] = [&]() -> std::pair<twasm::ExternKind, StringRef> {
      switch (e.kind) {
      case wabt::ExternalKind::Func:
        return {twasm::ExternKind::Func, symbols.functions[e.index]};
      case wabt::ExternalKind::Table:
        return {twasm::ExternKind::Table, symbols.tables[e.index]};
      case wabt::ExternalKind::Memory:
        return {twasm::ExternKind::Memory, symbols.memories[e.index]};
      case wabt::ExternalKind::Global:
        return {twasm::ExternKind::Global, symbols.globals[e.index]};
      default:
        llvm_unreachable("the first reading refuses tags");
      }
    }();
    twasm::ExportOp::create(builder, module->getLoc(), e.name, kind, name);
  }
}
