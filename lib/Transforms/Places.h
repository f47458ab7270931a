//===- Places.h - accesses that have several places -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call of `__tw_place_*` (RuntimeCalls.h) taken apart: an access of a grid whose
// address may be in shared memory, on the thread's stack or in linear memory. In
// the place that it names, [low, high) of the guest's addresses, the address of
// guest address `bias` is `base`.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_PLACES_H
#define TWC_LIB_TRANSFORMS_PLACES_H

#include "llvm/IR/Instructions.h"

#include <optional>

namespace twc {

/// value + plus, both below 2^33; value (i64) may be null.
struct Limit {
  llvm::Value *value = nullptr;
  uint64_t plus = 0;
  bool operator==(const Limit &) const = default;
};

struct Place {
  llvm::CallInst *call = nullptr;
  llvm::Value *index = nullptr; // i32
  uint64_t offset = 0;          // below 2^32
  uint64_t bytes = 0;           // 1, 2, 4, 8 or 16
  Limit low, high;
  llvm::Value *base = nullptr;
  uint64_t bias = 0;
  bool isShared = false;

  static std::optional<Place> match(llvm::Instruction &instruction);

  /// Lets the loads and stores of `call` use `address`, a pointer of any address
  /// space, and erases it.
  void replaceBy(llvm::Value *address) const;
  /// Becomes one compare, and the outlined functions where it does not hold.
  void expand() const;
  /// Becomes the outlined functions alone.
  void outline() const;
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_PLACES_H
