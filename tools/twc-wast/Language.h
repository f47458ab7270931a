//===- Language.h - which Wasm a module is valid in -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A script asserts that modules are invalid in the language that it was
// written for: Wasm 2.0, or that (or 1.0) and one proposal. The compiler knows
// all of them at once, so a few of these modules are valid to it, with reason.
// WABT's validator says which, independently of the compiler.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_WAST_LANGUAGE_H
#define TWC_WAST_LANGUAGE_H

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <string>
#include <vector>

namespace twc::wast {

/// The proposals beyond Wasm 2.0, by wast2json's names of them ("threads").
std::vector<std::string> knownProposals();

/// If `bytes` (either format) is invalid in Wasm 2.0 with `enabled`, but valid
/// with one more proposal, or with all: the name of that, or "all proposals".
std::optional<std::string>
proposalThatAllows(llvm::ArrayRef<uint8_t> bytes,
                   llvm::ArrayRef<std::string> enabled);

} // namespace twc::wast

#endif // TWC_WAST_LANGUAGE_H
