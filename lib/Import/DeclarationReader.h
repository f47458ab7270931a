//===- DeclarationReader.h - what a module declares -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The part of the first reading outside function bodies: types, imports,
// declarations, segments and their constant expressions.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_DECLARATIONREADER_H
#define TWC_LIB_IMPORT_DECLARATIONREADER_H

#include "ModuleFacts.h"
#include "ValidatingReader.h"

#include "llvm/Support/FormatVariadic.h"

namespace twc {

class DeclarationReader : public ValidatingReader {
public:
  DeclarationReader(const wabt::Features &features, const uint8_t *module)
      : ValidatingReader(features), module(module) {}

  ModuleFacts facts;
  const wabt::Errors &getErrors() const { return errors; }

  Result EndModule() override { return validator.EndModule(); }

  //===-- Types and imports -----------------------------------------------===//

  Result OnFuncType(Index index, Index paramCount, Type *params,
                    Index resultCount, Type *results) override {
    facts.types.push_back({{params, params + paramCount},
                           {results, results + resultCount}});
    return validator.OnFuncType(at(), paramCount, params, resultCount, results,
                                index);
  }
  Result OnStructType(Index, Index, wabt::TypeMut *) override {
    return unsupported("a struct type");
  }
  Result OnArrayType(Index, wabt::TypeMut) override {
    return unsupported("an array type");
  }
  Result OnImportFunc(Index, std::string_view moduleName,
                      std::string_view field, Index, Index type) override {
    Result result = addFunction(type);
    if (result == Result::Ok)
      facts.functions.back().import = importOf(moduleName, field);
    return result;
  }
  Result OnImportTable(Index, std::string_view moduleName,
                       std::string_view field, Index index, Type type,
                       const wabt::Limits *limits) override {
    if (OnTable(index, type, limits) != Result::Ok)
      return Result::Error;
    facts.tables.back().import = importOf(moduleName, field);
    return Result::Ok;
  }
  Result OnImportMemory(Index, std::string_view moduleName,
                        std::string_view field, Index index,
                        const wabt::Limits *limits) override {
    if (OnMemory(index, limits) != Result::Ok)
      return Result::Error;
    facts.memories.back().import = importOf(moduleName, field);
    return Result::Ok;
  }
  Result OnImportGlobal(Index, std::string_view moduleName,
                        std::string_view field, Index, Type type,
                        bool isMutable) override {
    if (validator.OnGlobalImport(at(), type, isMutable) != Result::Ok ||
        addGlobal(type, isMutable) != Result::Ok)
      return Result::Error;
    facts.globals.back().import = importOf(moduleName, field);
    return Result::Ok;
  }
  Result OnImportTag(Index, std::string_view moduleName,
                     std::string_view field, Index, Index) override {
    return unsupported(llvm::formatv("the import of tag '{0}.{1}'", moduleName,
                                     field));
  }
  Result OnTagType(Index, Index) override { return unsupported("a tag"); }

  //===-- Declarations ----------------------------------------------------===//

  Result OnFunction(Index, Index type) override { return addFunction(type); }
  Result OnTable(Index, Type type, const wabt::Limits *limits) override {
    if (validator.OnTable(at(), type, *limits) != Result::Ok)
      return Result::Error;
    if (!isReference(type))
      return unsupported("a table of type " + type.GetName());
    if (limits->is_64)
      return unsupported("a 64-bit table");
    TableFact table;
    table.limits = limitsOf(*limits);
    table.type = type;
    facts.tables.push_back(std::move(table));
    return Result::Ok;
  }
  Result OnMemory(Index, const wabt::Limits *limits) override {
    if (validator.OnMemory(at(), *limits) != Result::Ok)
      return Result::Error;
    MemoryFact memory;
    memory.limits = limitsOf(*limits);
    memory.index64 = limits->is_64;
    memory.shared = limits->is_shared;
    facts.memories.push_back(std::move(memory));
    return Result::Ok;
  }
  Result BeginGlobal(Index, Type type, bool isMutable) override {
    if (validator.OnGlobal(at(), type, isMutable) != Result::Ok)
      return Result::Error;
    return addGlobal(type, isMutable);
  }
  Result BeginGlobalInitExpr(Index) override {
    return beginExpression(facts.globals.back().type);
  }
  Result EndGlobalInitExpr(Index) override {
    return endExpression(facts.globals.back().init);
  }
  Result OnExport(Index, wabt::ExternalKind kind, Index item,
                  std::string_view name) override {
    facts.exports.push_back({kind, item, std::string(name)});
    return validator.OnExport(at(), kind, var(item), name);
  }
  Result OnStartFunction(Index function) override {
    facts.start = function;
    return validator.OnStart(at(), var(function));
  }

  //===-- Segments --------------------------------------------------------===//

  Result BeginElemSegment(Index, Index table, uint8_t flags) override {
    ElemFact elem;
    elem.active = !(flags & wabt::SegPassive);
    elem.declared = (flags & wabt::SegDeclared) == wabt::SegDeclared;
    elem.table = table;
    facts.elems.push_back(std::move(elem));
    wabt::SegmentKind kind = wabt::SegmentKind::Active;
    if ((flags & wabt::SegDeclared) == wabt::SegDeclared)
      kind = wabt::SegmentKind::Declared;
    else if (flags & wabt::SegPassive)
      kind = wabt::SegmentKind::Passive;
    return validator.OnElemSegment(at(), var(table), kind);
  }
  Result BeginElemSegmentInitExpr(Index) override {
    return beginExpression(Type::I32);
  }
  Result EndElemSegmentInitExpr(Index) override {
    return endExpression(facts.elems.back().offset);
  }
  Result OnElemSegmentElemType(Index, Type type) override {
    return validator.OnElemSegmentElemType(at(), type);
  }
  Result OnElemSegmentElemExpr_RefNull(Index, Type type) override {
    facts.elems.back().functions.push_back(std::nullopt);
    return validator.OnElemSegmentElemExpr_RefNull(at(), type);
  }
  Result OnElemSegmentElemExpr_RefFunc(Index, Index function) override {
    facts.elems.back().functions.push_back(function);
    return validator.OnElemSegmentElemExpr_RefFunc(at(), var(function));
  }
  Result OnDataCount(Index count) override {
    validator.OnDataCount(count);
    return Result::Ok;
  }
  Result BeginDataSegment(Index, Index memory, uint8_t flags) override {
    DataFact data;
    data.active = !(flags & wabt::SegPassive);
    data.memory = memory;
    facts.data.push_back(std::move(data));
    return validator.OnDataSegment(at(), var(memory),
                                   flags & wabt::SegPassive
                                       ? wabt::SegmentKind::Passive
                                       : wabt::SegmentKind::Active);
  }
  Result BeginDataSegmentInitExpr(Index) override {
    // The validator has seen that the memory exists.
    return beginExpression(facts.memories[facts.data.back().memory].index64
                               ? Type::I64
                               : Type::I32);
  }
  Result EndDataSegmentInitExpr(Index) override {
    return endExpression(facts.data.back().offset);
  }
  Result OnDataSegmentData(Index, const void *bytes, Address size) override {
    DataFact &data = facts.data.back();
    data.bytes.assign(static_cast<const char *>(bytes), size);
    data.moduleOffset = static_cast<const uint8_t *>(bytes) - module;
    return Result::Ok;
  }

  //===-- Constant expressions --------------------------------------------===//

  Result OnI32ConstExpr(uint32_t bits) override {
    note({ConstInstr::Const, Type::I32, bits});
    return ValidatingReader::OnI32ConstExpr(bits);
  }
  Result OnI64ConstExpr(uint64_t bits) override {
    note({ConstInstr::Const, Type::I64, bits});
    return ValidatingReader::OnI64ConstExpr(bits);
  }
  Result OnF32ConstExpr(uint32_t bits) override {
    note({ConstInstr::Const, Type::F32, bits});
    return ValidatingReader::OnF32ConstExpr(bits);
  }
  Result OnF64ConstExpr(uint64_t bits) override {
    note({ConstInstr::Const, Type::F64, bits});
    return ValidatingReader::OnF64ConstExpr(bits);
  }
  Result OnV128ConstExpr(v128 value) override {
    note({ConstInstr::Const, Type::V128, value.u64(0), value.u64(1)});
    return ValidatingReader::OnV128ConstExpr(value);
  }
  Result OnGlobalGetExpr(Index global) override {
    note({ConstInstr::GlobalGet, Type::Void, 0, 0, global});
    return ValidatingReader::OnGlobalGetExpr(global);
  }
  Result OnRefNullExpr(Type type) override {
    note({ConstInstr::RefNull, type});
    return ValidatingReader::OnRefNullExpr(type);
  }
  Result OnRefFuncExpr(Index function) override {
    note({ConstInstr::RefFunc, Type::FuncRef, 0, 0, function});
    return ValidatingReader::OnRefFuncExpr(function);
  }
  Result OnBinaryExpr(wabt::Opcode opcode) override {
    if (inConstantExpression) {
      bool wide = opcode == wabt::Opcode::I64Add ||
                  opcode == wabt::Opcode::I64Sub ||
                  opcode == wabt::Opcode::I64Mul;
      ConstInstr::Kind kind = ConstInstr::Add;
      if (opcode == wabt::Opcode::I32Sub || opcode == wabt::Opcode::I64Sub)
        kind = ConstInstr::Sub;
      if (opcode == wabt::Opcode::I32Mul || opcode == wabt::Opcode::I64Mul)
        kind = ConstInstr::Mul;
      note({kind, wide ? Type::I64 : Type::I32}); // the validator refuses others
    }
    return ValidatingReader::OnBinaryExpr(opcode);
  }

protected:
  /// Parameters or results: the limit of the WebAssembly JavaScript interface
  /// ("Implementation-defined Limits"), which compilers of Wasm keep to. The
  /// register allocators of LLVM take quadratic time in them.
  static constexpr size_t maxValues = 1000;

  static bool isReference(Type type) {
    return type == Type::FuncRef || type == Type::ExternRef;
  }
  static bool isValue(Type type) {
    return type == Type::I32 || type == Type::I64 || type == Type::F32 ||
           type == Type::F64 || type == Type::V128 || isReference(type);
  }
  Result checkSize(const FuncTypeFact &sig) {
    if (sig.params.size() > maxValues || sig.results.size() > maxValues)
      return tooMany(llvm::formatv("a function or block has {0} parameters and "
                                   "{1} results",
                                   sig.params.size(), sig.results.size()),
                     maxValues, "pass them in memory");
    return Result::Ok;
  }

  /// Refuses a function type with values that this version does not support.
  Result checkSignature(const FuncTypeFact &sig) {
    if (checkSize(sig) != Result::Ok)
      return Result::Error;
    for (const auto *list : {&sig.params, &sig.results})
      for (Type t : *list)
        if (!isValue(t))
          return unsupported("a function with a value of type " + t.GetName());
    return Result::Ok;
  }

private:
  Result addFunction(Index type) {
    if (validator.OnFunction(at(), var(type)) != Result::Ok)
      return Result::Error;
    if (checkSignature(facts.types[type]) != Result::Ok)
      return Result::Error;
    FunctionFact function;
    function.type = type;
    facts.functions.push_back(std::move(function));
    return Result::Ok;
  }

  Result addGlobal(Type type, bool isMutable) {
    if (!isValue(type))
      return unsupported("a global of type " + type.GetName());
    GlobalFact global;
    global.type = type;
    global.isMutable = isMutable;
    facts.globals.push_back(std::move(global));
    return Result::Ok;
  }

  static ImportFact importOf(std::string_view moduleName,
                             std::string_view field) {
    return {std::string(moduleName), std::string(field)};
  }

  static LimitsFact limitsOf(const wabt::Limits &limits) {
    LimitsFact fact;
    fact.min = limits.initial;
    if (limits.has_max)
      fact.max = limits.max;
    return fact;
  }

  Result beginExpression(Type type) {
    expression.clear();
    inConstantExpression = true;
    return validator.BeginInitExpr(at(), type);
  }
  Result endExpression(ConstExpr &into) {
    inConstantExpression = false;
    into = std::move(expression);
    expression.clear();
    return validator.EndInitExpr();
  }
  void note(ConstInstr instruction) {
    if (inConstantExpression)
      expression.push_back(instruction);
  }

  const uint8_t *module;
  ConstExpr expression;
};

} // namespace twc

#endif // TWC_LIB_IMPORT_DECLARATIONREADER_H
