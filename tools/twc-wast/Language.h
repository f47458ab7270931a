//===- Language.h - the Wasm a script was written for -----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A script asserts that modules are invalid in the version of Wasm that it was
// written for: Wasm 2.0, or that (or 1.0) and one proposal.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_WAST_LANGUAGE_H
#define TWC_WAST_LANGUAGE_H

#include "llvm/ADT/ArrayRef.h"

#include <string>
#include <vector>

namespace twc::wast {

/// The proposals beyond Wasm 2.0, by wast2json's names of them ("threads").
std::vector<std::string> knownProposals();

/// The compiler's optional features that a script for `enabled` does without.
std::vector<std::string>
disabledFeatures(llvm::ArrayRef<std::string> enabled);

} // namespace twc::wast

#endif // TWC_WAST_LANGUAGE_H
