//===- Simd.h - shapes of vectors -------------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a shape says of a v128's lanes (Wasm core spec section 2.4.3).
//
//===----------------------------------------------------------------------===//

#ifndef TWC_DIALECT_TWASM_IR_SIMD_H
#define TWC_DIALECT_TWASM_IR_SIMD_H

#include "twc/Dialect/TWasm/IR/TWasm.h"

namespace twc::twasm {

/// Width of one lane.
unsigned getLaneBits(Shape shape);
inline unsigned getLaneCount(Shape shape) { return 128 / getLaneBits(shape); }
inline bool isFloat(Shape shape) {
  return shape == Shape::F32x4 || shape == Shape::F64x2;
}
/// i8, i16, i32, i64, f32 or f64.
Type getLaneType(MLIRContext *context, Shape shape);
/// The Wasm number that goes into or comes out of a lane: i32 for the lanes
/// that are narrower.
Type getNumberType(MLIRContext *context, Shape shape);

} // namespace twc::twasm

#endif // TWC_DIALECT_TWASM_IR_SIMD_H
