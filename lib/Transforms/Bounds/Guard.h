//===- Guard.h - a bounds check as the passes see it ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call of `__tw_check_bounds` taken apart, and the accesses that it guards.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_BOUNDS_GUARD_H
#define TWC_LIB_TRANSFORMS_BOUNDS_GUARD_H

#include "llvm/IR/Instructions.h"

#include <optional>

namespace twc {

/// Traps unless zext(index) + offset + bytes <= size, in 64 bits.
struct Guard {
  llvm::CallInst *call = nullptr;
  llvm::Value *index = nullptr; // i32
  llvm::Value *size = nullptr;  // i64
  uint64_t offset = 0;          // below 2^32
  uint64_t bytes = 0;           // 1, 2, 4, 8 or 16

  /// Of a check with a 32-bit index; none for any other instruction.
  static std::optional<Guard> match(llvm::Instruction &instruction);

  /// It stands where a test has failed: nothing is to be gained there.
  void setCold();
  bool isCold() const;
};

/// An access to linear memory by a 32-bit index: base + zext(index) + offset.
struct GuestAccess {
  llvm::Instruction *access = nullptr; // load or store
  llvm::ZExtInst *address = nullptr;   // of the index
  int64_t offset = 0;

  /// Looks through the address of `instruction`.
  static std::optional<GuestAccess> match(llvm::Instruction &instruction);
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_BOUNDS_GUARD_H
