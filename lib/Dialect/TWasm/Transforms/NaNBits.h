//===- NaNBits.h - where a value's NaNs come from ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lattice of CanonicalizeNaNs, and what it asks about vectors.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_DIALECT_TWASM_TRANSFORMS_NANBITS_H
#define TWC_LIB_DIALECT_TWASM_TRANSFORMS_NANBITS_H

#include "twc/Dialect/TWasm/IR/TWasm.h"

namespace twc::twasm {

enum class NaNBits : uint8_t {
  Unknown, // nothing flows in yet, or only constants that are no NaN
  Made,    // by scalar arithmetic
  MadeF32x4,
  MadeF64x2,
  Exact
};

/// Meets at Exact: exact values must be kept, made ones can be canonicalised,
/// each in its own shape.
inline NaNBits join(NaNBits a, NaNBits b) {
  if (a == b || b == NaNBits::Unknown)
    return a;
  return a == NaNBits::Unknown ? b : NaNBits::Exact;
}

inline bool isMade(NaNBits bits) {
  return bits != NaNBits::Unknown && bits != NaNBits::Exact;
}

inline bool mayHoldNaN(Type type) { return isa<FloatType, VectorType>(type); }

/// A constant is a NaN, or a vector has one in any lane of either shape.
bool holdsNaN(TypedAttr constant);

/// What an op makes of its result, a float or a vector: Made if it is
/// arithmetic.
NaNBits scalarMadeBy(Operation *op);
NaNBits vectorMadeBy(Operation *op);

/// `op` reads a vector of these bits as numbers alone: it cannot tell one NaN
/// from another.
bool readsNumbers(Operation *op, NaNBits bits);

/// `op` negates a value of these bits, and only arithmetic reads what it makes:
/// nothing can tell one NaN from another there either.
bool negatesNumbers(Operation *op, NaNBits bits);

} // namespace twc::twasm

#endif // TWC_LIB_DIALECT_TWASM_TRANSFORMS_NANBITS_H
