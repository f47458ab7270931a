//===- Guard.h - a bounds check as the passes see it ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call of `__tw_check_bounds` or `__tw_place_*` taken apart, and the accesses
// that the first guards.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_BOUNDS_GUARD_H
#define TWC_LIB_TRANSFORMS_BOUNDS_GUARD_H

#include "../Places.h"

#include <array>

namespace twc {

/// Of an access at zext(index) + offset: traps unless all its bytes are in
/// linear memory (a check), or finds their address (a place). Both have nothing
/// to do where the bytes are known to be in [low, high).
struct Guard {
  llvm::CallInst *call = nullptr;
  llvm::Value *index = nullptr; // i32
  uint64_t offset = 0;          // below 2^32
  uint64_t bytes = 0;           // 1, 2, 4, 8 or 16
  Limit low, high;
  /// Of a place: `base` is the address of the guest's `bias`. Null: a check.
  llvm::Value *base = nullptr;
  uint64_t bias = 0;
  bool isShared = false; // a place in shared memory

  /// Of a 32-bit index; none for any other instruction.
  static std::optional<Guard> match(llvm::Instruction &instruction);

  /// The values that a test needs beside the index, null or not.
  std::array<llvm::Value *, 3> operands() const {
    return {low.value, high.value, base};
  }
  bool isInSamePlace(const Guard &other) const {
    return low == other.low && high == other.high && base == other.base;
  }

  /// It stands where a test has failed: nothing is to be gained there.
  void setCold();
  bool isCold() const;
};

/// An access to linear memory by a 32-bit index: base + zext(index) + offset.
/// Its check stands before it.
struct GuestAccess {
  llvm::Instruction *access = nullptr; // load or store
  llvm::Value *base = nullptr;
  llvm::ZExtInst *address = nullptr;   // of the index
  int64_t offset = 0;

  /// Looks through the address of `instruction`.
  static std::optional<GuestAccess> match(llvm::Instruction &instruction);
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_BOUNDS_GUARD_H
