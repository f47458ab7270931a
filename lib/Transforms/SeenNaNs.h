//===- SeenNaNs.h - whose NaNs' bits matter ---------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which floats of a function could be other NaNs, of any sign and payload,
// without anybody noticing; and the form of LLVM IR in which NaNs are made
// canonical.
//
// Arithmetic does not see which NaN it gets: its own result is any NaN to LLVM
// (Language Reference, "Behavior of Floating-Point NaN values") and to Wasm
// (core spec 4.3.3), so that CanonicalizeNaNs has put a canonical one in front
// of all that sees it. Nor do comparisons. A choice, a copy or a change of the
// sign sees what those see that read its result. All else sees.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_SEENNANS_H
#define TWC_LIB_TRANSFORMS_SEENNANS_H

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Instructions.h"

namespace twc {

/// `select` gives a constant NaN in place of any NaN, and all else as it is.
struct CanonicalNaN {
  llvm::SelectInst *select;
  /// The value, of the type of the select: a float or a vector of floats, or
  /// the bits of one.
  llvm::Value *value;
  /// The same as floats.
  llvm::Value *number;
  llvm::Constant *nan;
};
std::optional<CanonicalNaN> matchCanonicalNaN(llvm::Value *value);

/// A choice by whether `number` is a NaN.
struct NaNChoice {
  llvm::Value *number;
  llvm::Value *ifNaN;
  llvm::Value *ifNumber;
};
std::optional<NaNChoice> matchNaNChoice(llvm::SelectInst &select);

/// Valid while uses are replaced by ones that differ in unseen NaNs alone.
class SeenNaNs {
public:
  explicit SeenNaNs(llvm::Function &function);

  /// Something sees the bits of NaNs that `instruction` gives.
  bool isSeen(const llvm::Instruction &instruction) const {
    return seen.contains(&instruction);
  }
  /// Something sees the bits of NaNs that come this way.
  bool isSeen(const llvm::Use &use) const;

private:
  llvm::SmallPtrSet<const llvm::Value *, 32> seen;
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_SEENNANS_H
