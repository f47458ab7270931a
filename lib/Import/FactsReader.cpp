//===- FactsReader.cpp - the first reading of a module --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Validates a binary module and collects its ModuleFacts; here the part inside
// function bodies.
//
//===----------------------------------------------------------------------===//

#include "DeclarationReader.h"
#include "Features.h"

#include "llvm/ADT/SmallBitVector.h"
#include "llvm/Support/FormatVariadic.h"

using namespace twc;
using wabt::Index;
using wabt::Result;
using wabt::Type;

namespace {

class FactsReader final : public DeclarationReader {
public:
  using DeclarationReader::DeclarationReader;

  //===-- Bodies ----------------------------------------------------------===//

  Result BeginFunctionBody(Index index, wabt::Offset) override {
    current = index;
    locals = facts.types[facts.functions[index].type].params.size();
    openLabels.clear();
    openLoops.clear();
    where = llvm::formatv(", in function {0}", index);
    return validator.BeginFunctionBody(at(), index);
  }
  Result OnLocalDeclCount(Index count) override {
    declarations = count;
    return checkLocals();
  }
  Result OnLocalDecl(Index index, Index count, Type type) override {
    if (validator.OnLocalDecl(at(), count, type) != Result::Ok)
      return Result::Error;
    if (count && !isValue(type))
      return unsupported("a local of type " + type.GetName());
    locals += count;
    --declarations;
    return checkLocals();
  }
  Result EndFunctionBody(Index) override {
    where.clear();
    return validator.EndFunctionBody(at());
  }
  Result OnBlockExpr(Type type) override {
    openLabels.push_back(false);
    return checkBlockType(type, ValidatingReader::OnBlockExpr(type));
  }
  Result OnIfExpr(Type type) override {
    openLabels.push_back(false);
    return checkBlockType(type, ValidatingReader::OnIfExpr(type));
  }
  Result OnLoopExpr(Type type) override {
    openLabels.push_back(true);
    auto &loops = facts.functions[current].loopLocals;
    openLoops.push_back({loops.size(), llvm::SmallBitVector(locals)});
    loops.emplace_back();
    return checkBlockType(type, ValidatingReader::OnLoopExpr(type));
  }
  Result OnCallIndirectExpr(Index type, Index table) override {
    if (ValidatingReader::OnCallIndirectExpr(type, table) != Result::Ok)
      return Result::Error;
    return checkSignature(facts.types[type]);
  }
  Result OnEndExpr() override {
    // The last `end` of a body or constant expression closes no label; the
    // validator hears of it through EndFunctionBody or EndInitExpr.
    if (openLabels.empty())
      return Result::Ok;
    if (openLabels.back())
      closeLoop();
    openLabels.pop_back();
    return ValidatingReader::OnEndExpr();
  }
  Result OnLocalSetExpr(Index local) override {
    noteSet(local);
    return ValidatingReader::OnLocalSetExpr(local);
  }
  Result OnLocalTeeExpr(Index local) override {
    noteSet(local);
    return ValidatingReader::OnLocalTeeExpr(local);
  }

  //===-- Names -----------------------------------------------------------===//

  Result OnFunctionName(Index index, std::string_view name) override {
    if (index < facts.functions.size())
      facts.functions[index].name = name;
    return Result::Ok;
  }
  Result OnNameEntry(wabt::NameSectionSubsection kind, Index index,
                     std::string_view name) override {
    if (kind == wabt::NameSectionSubsection::Global &&
        index < facts.globals.size())
      facts.globals[index].name = name;
    return Result::Ok;
  }

private:
  static constexpr uint64_t maxLocals = 50'000;

  /// Wasm spec 5.5.13: more than 2^32 - 1 make the module malformed. WABT's own
  /// limit (its interpreter's) is what can be had of those that are not.
  Result checkLocals() {
    if (locals > UINT32_MAX) {
      errors.emplace_back(wabt::ErrorLevel::Error, at(), "too many locals");
      return Result::Error;
    }
    if (declarations == 0 && locals > maxLocals)
      return unsupported(
          llvm::formatv("a function with more than {0} locals", maxLocals));
    return Result::Ok;
  }

  struct OpenLoop {
    size_t index; // in FunctionFact::loopLocals
    llvm::SmallBitVector sets;
  };

  Result checkBlockType(Type type, Result valid) {
    if (valid != Result::Ok)
      return valid;
    auto check = [&](Type t) {
      return isValue(t) ? Result(Result::Ok)
                         : unsupported("a block with a value of type " +
                                       t.GetName());
    };
    if (type.IsIndex()) {
      const FuncTypeFact &sig = facts.types[type.GetIndex()];
      for (const auto &list : {sig.params, sig.results})
        for (Type t : list)
          if (check(t) != Result::Ok)
            return Result::Error;
    } else if (type != Type::Void) {
      return check(type);
    }
    return Result::Ok;
  }

  void noteSet(Index local) {
    if (!openLoops.empty() && local < locals)
      openLoops.back().sets.set(local);
  }
  void closeLoop() {
    OpenLoop loop = std::move(openLoops.back());
    openLoops.pop_back();
    auto &list = facts.functions[current].loopLocals[loop.index];
    for (unsigned local : loop.sets.set_bits())
      list.push_back(local);
    if (!openLoops.empty())
      openLoops.back().sets |= loop.sets;
  }

  Index current = 0, declarations = 0; // of locals, still to come
  uint64_t locals = 0;
  std::vector<bool> openLabels; // is it a loop?
  std::vector<OpenLoop> openLoops;
};

} // namespace

llvm::Error twc::makeImportError(llvm::StringRef fileName, uint64_t offset,
                                 const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 llvm::formatv("{0}:0x{1:x-6}: error: {2}",
                                               fileName, offset,
                                               message.str()));
}

llvm::Expected<ModuleFacts> twc::readModuleFacts(const ModuleInput &input) {
  llvm::StringRef fileName = input.fileName;
  llvm::ArrayRef<uint8_t> bytes = input.bytes;
  wabt::Features features = wasmFeatures(input.disabledFeatures);
  FactsReader reader(features, bytes.data());
  wabt::ReadBinaryOptions options(features, /*log_stream=*/nullptr,
                                  /*read_debug_names=*/true,
                                  /*stop_on_first_error=*/true,
                                  /*fail_on_custom_section_error=*/false);
  Result result =
      wabt::ReadBinary(bytes.data(), bytes.size(), &reader, options);
  for (const wabt::Error &error : reader.getErrors())
    if (error.error_level == wabt::ErrorLevel::Error &&
        (result != Result::Ok))
      return makeImportError(fileName, error.loc.offset, error.message);
  if (result != Result::Ok)
    return makeImportError(fileName, 0, "invalid module");
  if (llvm::Error error = checkCustomSections(fileName, bytes))
    return error;
  return std::move(reader.facts);
}
