//===- FuelWeb.h - how a thread's fuel goes down ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Once calls are inlined, what a thread has left is a value that functions and
// loops take constants from. Each test `left < cost` of it holds nowhere if a
// value ahead of it is at least as large as all that can be taken in between,
// and the cost.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_FUEL_FUELWEB_H
#define TWC_LIB_TRANSFORMS_FUEL_FUELWEB_H

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/Instructions.h"

#include <optional>

namespace twc {

/// A guard that does not trap if at least `cost` is left.
struct FuelTest {
  llvm::CallInst *call = nullptr;
  llvm::Value *left = nullptr; // i64
  uint64_t cost = 0;

  static std::optional<FuelTest> match(llvm::Instruction &instruction);
  void erase() const;
};

/// How much `instruction` takes from its first operand, if that is a constant.
std::optional<uint64_t> getTaken(const llvm::Instruction &instruction);

/// What lies between a value of the counter and tests of it.
struct FuelWeb {
  /// The value that all others come from.
  llvm::Value *root = nullptr;
  /// Every instruction that takes from it, and every phi.
  llvm::SmallSetVector<llvm::Instruction *, 16> members;

  /// Follows `left` back through what `isInside` says, to a root that is none of
  /// the kind. Leaves the web as it was, and returns false, if there is another
  /// root already, or several.
  bool add(llvm::Value *left,
           llvm::function_ref<bool(const llvm::Instruction &)> isInside);
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_FUEL_FUELWEB_H
