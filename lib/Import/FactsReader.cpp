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
#include "LabelTracker.h"

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
    locals = facts.types[facts.functions[index].type].params.size();
    labels.emplace(facts.functions[index]);
    ended = false;
    where = llvm::formatv(", in function {0}", index);
    return validator.BeginFunctionBody(at(), index);
  }
  Result OnOpcode(wabt::Opcode opcode) override {
    // WABT 1.0.32 asks only that the body's last instruction be an `end`,
    // whichever it closes.
    if (labels && ended)
      return malformed("instruction after the END opcode of a function");
    return DeclarationReader::OnOpcode(opcode);
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
    if (!ended)
      return malformed("function body must end with END opcode");
    where.clear();
    labels.reset();
    return validator.EndFunctionBody(at());
  }
  Result OnBlockExpr(Type type) override {
    return openLabel(false, type, ValidatingReader::OnBlockExpr(type));
  }
  Result OnIfExpr(Type type) override {
    return openLabel(false, type, ValidatingReader::OnIfExpr(type));
  }
  Result OnLoopExpr(Type type) override {
    return openLabel(true, type, ValidatingReader::OnLoopExpr(type));
  }
  Result OnBrExpr(Index depth) override {
    return branch(ValidatingReader::OnBrExpr(depth), depth);
  }
  Result OnBrIfExpr(Index depth) override {
    return branch(ValidatingReader::OnBrIfExpr(depth), depth);
  }
  Result OnBrTableExpr(Index count, Index *depths,
                       Index defaultDepth) override {
    Result valid =
        ValidatingReader::OnBrTableExpr(count, depths, defaultDepth);
    for (Index i = 0; i < count; ++i)
      valid = branch(valid, depths[i]);
    return branch(valid, defaultDepth);
  }
  Result OnCallExpr(Index function) override {
    if (ValidatingReader::OnCallExpr(function) != Result::Ok)
      return Result::Error;
    return countCall(facts.types[facts.functions[function].type]);
  }
  Result OnReturnCallExpr(Index function) override {
    if (ValidatingReader::OnReturnCallExpr(function) != Result::Ok)
      return Result::Error;
    return countCall(facts.types[facts.functions[function].type]);
  }
  Result OnCallIndirectExpr(Index type, Index table) override {
    if (ValidatingReader::OnCallIndirectExpr(type, table) != Result::Ok ||
        checkSignature(facts.types[type]) != Result::Ok)
      return Result::Error;
    return countCall(facts.types[type]);
  }
  Result OnReturnCallIndirectExpr(Index type, Index table) override {
    if (ValidatingReader::OnReturnCallIndirectExpr(type, table) !=
            Result::Ok ||
        checkSignature(facts.types[type]) != Result::Ok)
      return Result::Error;
    return countCall(facts.types[type]);
  }
  Result OnEndExpr() override {
    // The last `end` of a body or constant expression closes no label; the
    // validator hears of it through EndFunctionBody or EndInitExpr.
    if (!labels)
      return Result::Ok;
    if (labels->empty()) {
      ended = true;
      return Result::Ok;
    }
    labels->close();
    if (ValidatingReader::OnEndExpr() != Result::Ok)
      return Result::Error;
    return checkCarried();
  }
  Result OnLocalSetExpr(Index local) override {
    return setLocal(ValidatingReader::OnLocalSetExpr(local), local);
  }
  Result OnLocalTeeExpr(Index local) override {
    return setLocal(ValidatingReader::OnLocalTeeExpr(local), local);
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
  /// Ten times as many take more than 4 GiB and a minute in LLVM.
  static constexpr uint64_t maxDepth = 100'000;

  Result malformed(const char *message) {
    errors.emplace_back(wabt::ErrorLevel::Error, at(), message + where);
    return Result::Error;
  }

  /// Wasm spec 5.5.13: more than 2^32 - 1 make the module malformed. The
  /// JavaScript interface's limit is what can be had of those that are not.
  Result checkLocals() {
    if (locals > UINT32_MAX)
      return malformed("too many locals");
    if (declarations == 0 && locals > maxLocals)
      return tooMany(
          llvm::formatv("a function has {0} parameters and locals", locals),
          maxLocals, "keep them in memory");
    return Result::Ok;
  }

  /// Arguments and results of all calls, blocks and branches of a module: each
  /// takes some 100 bytes of IR, and two bytes of Wasm can name 1,000 of them.
  uint64_t maxCarried() const { return (1 << 24) + 4 * uint64_t(state->size); }

  Result checkCarried() {
    if (calls + labels->getCarried() > maxCarried())
      return tooMany("calls, blocks, loops and branches carry too many values",
                     maxCarried(), "pass them in memory, or split the module");
    return Result::Ok;
  }
  Result countCall(const FuncTypeFact &type) {
    calls += type.params.size() + type.results.size();
    return checkCarried();
  }

  // The validator refuses all of these in constant expressions, which have no
  // labels.
  Result branch(Result valid, Index depth) {
    if (valid == Result::Ok)
      labels->branch(depth);
    return valid;
  }
  Result setLocal(Result valid, Index local) {
    if (valid == Result::Ok)
      labels->setLocal(local, locals);
    return valid;
  }

  Result openLabel(bool isLoop, Type type, Result valid) {
    if (checkBlockType(type, valid) != Result::Ok)
      return Result::Error;
    uint64_t values = type != Type::Void;
    if (type.IsIndex()) {
      const FuncTypeFact &sig = facts.types[type.GetIndex()];
      values = sig.params.size() + sig.results.size();
    }
    labels->open(isLoop, values);
    if (labels->depth() > maxDepth)
      return tooMany("blocks nest too deep", maxDepth,
                     "end some before the next");
    return checkCarried();
  }

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
      if (checkSize(sig) != Result::Ok)
        return Result::Error;
      for (const auto &list : {sig.params, sig.results})
        for (Type t : list)
          if (check(t) != Result::Ok)
            return Result::Error;
    } else if (type != Type::Void) {
      return check(type);
    }
    return Result::Ok;
  }

  Index declarations = 0; // of locals, still to come
  uint64_t locals = 0;
  uint64_t calls = 0; // values that calls carry
  std::optional<LabelTracker> labels; // of the body at hand
  bool ended = false;                 // it has had its last `end`
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
      return makeImportError(
          fileName, error.loc.offset,
          explain(error.message, error.loc.offset, bytes));
  if (result != Result::Ok)
    return makeImportError(fileName, 0, "invalid module");
  if (llvm::Error error = checkCustomSections(fileName, bytes))
    return error;
  return std::move(reader.facts);
}
