//===- Simd.h - what the vector patterns share ------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between ops a v128 is vector<4xi32>; a pattern views it in its op's shape,
// works on all lanes and views the result as a v128 again.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_CONVERSION_SIMD_H
#define TWC_LIB_CONVERSION_SIMD_H

#include "Lowering.h"

#include "twc/Dialect/TWasm/IR/Simd.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace twc {

/// Builds lanes at one op's place.
class Lanes {
public:
  Lanes(mlir::OpBuilder &b, mlir::Location loc) : b(b), loc(loc) {}

  mlir::VectorType type(twasm::Shape shape) const {
    return mlir::VectorType::get(
        {twasm::getLaneCount(shape)},
        twasm::getLaneType(b.getContext(), shape));
  }
  /// The same number of lanes as `vector`, of integers of another width.
  static mlir::VectorType withBits(mlir::Value vector, unsigned bits) {
    auto type = mlir::cast<mlir::VectorType>(vector.getType());
    return mlir::VectorType::get(
        type.getShape(), mlir::IntegerType::get(type.getContext(), bits));
  }

  /// `vector` read in a shape, or any vector of 128 bits as a v128.
  mlir::Value view(mlir::Value vector, twasm::Shape shape) const {
    return cast(vector, type(shape));
  }
  mlir::Value v128(mlir::Value vector) const {
    return view(vector, twasm::Shape::I32x4);
  }
  mlir::Value cast(mlir::Value value, mlir::Type to) const;

  /// A number in each lane of a vector of `type`.
  mlir::Value splat(mlir::VectorType type, int64_t value) const;
  mlir::Value splat(mlir::VectorType type, mlir::Value number) const;

  /// Lanes of two vectors of one type, counted through.
  mlir::Value shuffle(mlir::Value a, mlir::Value c,
                      llvm::ArrayRef<int32_t> lanes) const;
  /// `count` lanes of `a` from `first`, every `step`th.
  mlir::Value pick(mlir::Value a, unsigned first, unsigned count,
                   unsigned step = 1) const;
  /// All lanes of `a`, then zeros, twice as many in all.
  mlir::Value withZeros(mlir::Value a) const;

  mlir::Value extract(mlir::Value vector, unsigned lane) const;
  mlir::Value insert(mlir::Value vector, mlir::Value number,
                     unsigned lane) const;

  /// Lanes sign- or zero-extended to `bits`.
  mlir::Value extend(mlir::Value vector, unsigned bits, bool isSigned) const;

  mlir::OpBuilder &b;
  mlir::Location loc;
};

/// The shape whose lanes are half as wide.
inline twasm::Shape halfOf(twasm::Shape shape) {
  return twasm::Shape(uint32_t(shape) - 1);
}

void populateSimdIntegerPatterns(mlir::RewritePatternSet &patterns);
void populateSimdFloatPatterns(mlir::RewritePatternSet &patterns);
void populateSimdLanePatterns(mlir::RewritePatternSet &patterns);
void populateSimdMemoryPatterns(mlir::RewritePatternSet &patterns,
                                const ModuleInfo &info);

} // namespace twc

#endif // TWC_LIB_CONVERSION_SIMD_H
