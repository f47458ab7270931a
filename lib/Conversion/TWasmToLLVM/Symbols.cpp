//===- Symbols.cpp - ASCII symbols ----------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ptxas refuses bytes outside ASCII, even in comments; Wasm names are UTF-8.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "llvm/ADT/StringExtras.h"

using namespace twc;

/// "tw_" for what the first module exports, "tw1_" for the second's, ...
static std::string symbolPrefix(unsigned module) {
  return "tw" + (module ? std::to_string(module) : "") + "_";
}

std::string twc::startSymbol(unsigned module) {
  // No export's symbol has a letter behind '$' that is no digit.
  return symbolPrefix(module) + "$start";
}

std::string twc::gridSymbol(llvm::StringRef symbol) {
  // Nor one that is no hexadecimal digit.
  return symbol.str() + "$grid";
}

std::string twc::kernelSymbol(llvm::StringRef name, unsigned ordinal,
                              unsigned module) {
  // Long enough for any readable name; PTX tools print symbols in columns.
  constexpr size_t longest = 160;
  std::string symbol = symbolPrefix(module);
  for (unsigned char c : name) {
    if (symbol.size() > longest)
      return symbol + "$_" + std::to_string(ordinal);
    if (llvm::isAlnum(c) || c == '_') {
      symbol += c;
    } else {
      symbol += '$';
      symbol += llvm::hexdigit(c >> 4, /*LowerCase=*/true);
      symbol += llvm::hexdigit(c & 15, /*LowerCase=*/true);
    }
  }
  return symbol;
}
