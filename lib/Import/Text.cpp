//===- Text.cpp - the text format -----------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// WABT parses .wat into its IR and writes the binary format, which then goes
// the same way as any other binary.
//
//===----------------------------------------------------------------------===//

#include "Features.h"

#include "twc/Import/Import.h"

#include "llvm/Support/FormatVariadic.h"

#include "wabt/binary-writer.h"
#include "wabt/ir.h"
#include "wabt/stream.h"
#include "wabt/validator.h"
#include "wabt/wast-lexer.h"
#include "wabt/wast-parser.h"

using namespace twc;

/// WABT's parser recurses once per nested form: 20,000 overflow its stack.
/// Parentheses and folded-out `block`/`loop`/`if` are counted; strings and
/// comments are skipped.
static constexpr size_t maxNesting = 2000;

static bool nestsTooDeep(llvm::StringRef text) {
  size_t depth = 0, flat = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i)
        if (text[i] == '\\')
          ++i;
    } else if (c == ';' && i + 1 < text.size() && text[i + 1] == ';') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '(' && i + 1 < text.size() && text[i + 1] == ';') {
      size_t comments = 1; // block comments nest
      for (i += 2; i + 1 < text.size() && comments; ++i) {
        if (text[i] == '(' && text[i + 1] == ';')
          ++comments, ++i;
        else if (text[i] == ';' && text[i + 1] == ')')
          --comments, ++i;
      }
      --i;
    } else if (c == '(') {
      if (++depth + flat > maxNesting)
        return true;
    } else if (c == ')') {
      depth -= depth != 0;
    } else if (isalpha(static_cast<unsigned char>(c)) &&
               (i == 0 || isspace(static_cast<unsigned char>(text[i - 1])))) {
      llvm::StringRef word = text.substr(i).take_while(
          [](char k) { return !isspace(static_cast<unsigned char>(k)) &&
                              k != '(' && k != ')' && k != ';'; });
      if (word == "block" || word == "loop" || word == "if" || word == "try") {
        if (++flat + depth > maxNesting)
          return true;
      } else if (word == "end") {
        flat -= flat != 0;
      }
      i += word.size() - 1;
    }
  }
  return false;
}

llvm::Expected<std::vector<uint8_t>>
twc::parseText(llvm::StringRef fileName, llvm::ArrayRef<uint8_t> text,
               llvm::ArrayRef<std::string> disabledFeatures) {
  auto fail = [&](const wabt::Errors &errors) -> llvm::Error {
    std::string message = "invalid module";
    unsigned line = 0, column = 0;
    if (!errors.empty()) {
      message = errors.front().message;
      line = errors.front().loc.line;
      column = errors.front().loc.first_column;
    }
    return llvm::createStringError(
        llvm::inconvertibleErrorCode(),
        llvm::formatv("{0}:{1}:{2}: error: {3}", fileName, line, column,
                      message));
  };
  if (nestsTooDeep(llvm::StringRef(reinterpret_cast<const char *>(text.data()),
                                   text.size())))
    return llvm::createStringError(
        llvm::inconvertibleErrorCode(),
        llvm::formatv("{0}: error: text format nests deeper than {1} levels; "
                      "convert it to the binary format first",
                      fileName, maxNesting));

  wabt::Features features = wasmFeatures(disabledFeatures);
  wabt::Errors errors;
  std::unique_ptr<wabt::WastLexer> lexer = wabt::WastLexer::CreateBufferLexer(
      fileName.str(), text.data(), text.size(), &errors);
  std::unique_ptr<wabt::Module> module;
  wabt::WastParseOptions parseOptions(features);
  if (wabt::Failed(wabt::ParseWatModule(lexer.get(), &module, &errors,
                                        &parseOptions)))
    return fail(errors);
  // The binary will be validated again; here it is for the sake of line
  // numbers. What WABT 1.0.32 says of `(ref n)`, its type for ref.func, is
  // wrong (see ValidatingReader::OnRefFuncExpr).
  bool aboutRefFunc = false;
  if (wabt::Failed(wabt::ValidateModule(module.get(), &errors, features)))
    for (const wabt::Error &error : errors)
      aboutRefFunc |= error.message.find("(ref ") != std::string::npos;
  if (!errors.empty() && !aboutRefFunc)
    return fail(errors);

  wabt::WriteBinaryOptions writeOptions;
  writeOptions.features = features;
  writeOptions.write_debug_names = true;
  wabt::MemoryStream stream;
  if (wabt::Failed(
          wabt::WriteBinaryModule(&stream, module.get(), writeOptions)))
    return fail({});
  return stream.output_buffer().data;
}
