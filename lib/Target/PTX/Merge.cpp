//===- Merge.cpp - one PTX text from several ------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Puts the texts of a module's parts together, as LLVM's NVPTX back end prints
// them: a header, declarations that end in a line with a semicolon, functions
// whose braces stand at the beginning of a line. All declarations come first,
// for PTX wants a function declared before it is called (PTX ISA, ".func");
// what a part has to declare `.extern` and another to define `.visible` is
// neither in the one module that they become.
//
//===----------------------------------------------------------------------===//

#include "twc/Target/PTX.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace twc;

namespace {

/// Reads parts in their order; what it keeps of them are copies.
class Merger {
public:
  void add(StringRef text);
  std::string take();

private:
  void addFunction(StringRef line, StringRef &rest);

  unsigned version = 0;
  std::string header, declarations, definitions;
  StringSet<> declared;
};

} // namespace

static StringRef takeLine(StringRef &text) {
  StringRef line = text.take_front(text.find('\n'));
  text = text.drop_front(std::min(line.size() + 1, text.size()));
  return line;
}

/// The name in ".func  (.param .b32 func_retval0) name" or ".func name".
static StringRef functionName(StringRef line) {
  StringRef rest = line.substr(StringRef(".func").size()).ltrim();
  if (rest.starts_with("("))
    rest = rest.substr(rest.find(')') + 1).ltrim();
  return rest.take_until([](char c) { return isSpace(c) || c == '('; });
}

/// `line` begins a declaration or a definition of a function; `rest` follows.
void Merger::addFunction(StringRef line, StringRef &rest) {
  line.consume_front(".extern ") || line.consume_front(".visible ");
  const char *begin = rest.data();
  while (!rest.empty()) {
    StringRef next = takeLine(rest);
    if (next == "{") {
      while (!rest.empty() && takeLine(rest) != "}")
        ;
      definitions += line;
      definitions += '\n';
      definitions.append(begin, rest.data());
      return;
    }
    if (next.ends_with(";")) {
      if (!declared.insert(functionName(line)).second)
        return;
      declarations += line;
      declarations += '\n';
      declarations.append(begin, rest.data());
      return;
    }
  }
}

void Merger::add(StringRef text) {
  static constexpr StringLiteral headerEnd = ".address_size 64\n";
  size_t end = text.find(headerEnd) + headerEnd.size();
  if (getPTXVersion(text) > version) {
    version = getPTXVersion(text);
    header = text.take_front(end).str();
  }
  StringRef rest = text.drop_front(end);
  while (!rest.empty()) {
    StringRef line = takeLine(rest);
    if (line.starts_with(".func") || line.starts_with(".extern .func") ||
        line.starts_with(".visible .func")) {
      addFunction(line, rest);
      continue;
    }
    definitions += line;
    definitions += '\n';
  }
}

std::string Merger::take() {
  header += '\n';
  header += declarations;
  declarations.clear();
  header += definitions;
  return std::move(header);
}

std::string twc::mergePTX(std::vector<std::string> parts) {
  if (parts.size() == 1)
    return std::move(parts.front());
  Merger merger;
  for (std::string &part : parts) {
    merger.add(part);
    std::string().swap(part); // its memory is not needed any more
  }
  return merger.take();
}
