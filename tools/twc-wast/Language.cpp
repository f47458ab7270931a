//===- Language.cpp - the Wasm a script was written for -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which of the compiler's features a proposal's folder stands for.
//
//===----------------------------------------------------------------------===//

#include "Language.h"

#include "llvm/ADT/STLExtras.h"

using namespace twc;

std::vector<std::string> wast::knownProposals() {
  return {"extended-const", "memory64",  "multi-memory",
          "relaxed-simd",   "tail-call", "threads"};
}

std::vector<std::string>
wast::disabledFeatures(llvm::ArrayRef<std::string> enabled) {
  std::vector<std::string> disabled;
  for (const std::string &proposal : knownProposals())
    if (!llvm::is_contained(enabled, proposal))
      disabled.push_back(proposal);
  // The threads proposal's scripts were written for Wasm 1.0: they assert that
  // a module has one table at most.
  if (llvm::is_contained(enabled, "threads"))
    disabled.push_back("reference-types");
  return disabled;
}
