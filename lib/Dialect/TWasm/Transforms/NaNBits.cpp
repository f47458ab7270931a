//===- NaNBits.cpp - where a vector's NaNs come from ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A v128 has no type of its own for floats: the ops say what its bits are.
//
//===----------------------------------------------------------------------===//

#include "NaNBits.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using namespace twc::twasm;

bool twc::twasm::holdsNaN(TypedAttr constant) {
  if (auto number = dyn_cast<FloatAttr>(constant))
    return number.getValue().isNaN();
  auto vector = dyn_cast<DenseElementsAttr>(constant);
  if (!vector)
    return true;
  SmallVector<APInt> words(vector.getValues<APInt>());
  for (const APInt &word : words)
    if (APFloat(APFloat::IEEEsingle(), word).isNaN())
      return true;
  for (unsigned i = 0; i + 1 < words.size(); i += 2)
    if (APFloat(APFloat::IEEEdouble(), words[i + 1].concat(words[i])).isNaN())
      return true;
  return false;
}

static NaNBits madeIn(Shape shape) {
  return shape == Shape::F32x4 ? NaNBits::MadeF32x4 : NaNBits::MadeF64x2;
}

/// The shape in which an op computes floats that may be NaNs of any bits.
static std::optional<Shape> getArithmeticShape(Operation *op) {
  if (isa<VFAddOp, VFSubOp, VFMulOp, VFDivOp, VFSqrtOp, VFMinOp, VFMaxOp,
          VFCeilOp, VFFloorOp, VFTruncOp, VFNearestOp, VFMaddOp, VFNmaddOp>(
          op))
    return op->getAttrOfType<ShapeAttr>("shape").getValue();
  return std::nullopt;
}

NaNBits twc::twasm::scalarMadeBy(Operation *op) {
  return isa<FAddOp, FSubOp, FMulOp, FDivOp, FMinOp, FMaxOp, FSqrtOp, FCeilOp,
             FFloorOp, FTruncOp, FNearestOp, FmaOp, DemoteOp, PromoteOp,
             RsqrtOp, FastMathOp, FastDivOp, WarpReduceOp, BlockReduceOp>(op)
             ? NaNBits::Made
             : NaNBits::Exact;
}

NaNBits twc::twasm::vectorMadeBy(Operation *op) {
  if (std::optional<Shape> shape = getArithmeticShape(op))
    return madeIn(*shape);
  if (isa<VDemoteOp>(op))
    return NaNBits::MadeF32x4;
  if (isa<VPromoteOp>(op))
    return NaNBits::MadeF64x2;
  return NaNBits::Exact;
}

bool twc::twasm::readsNumbers(Operation *op, NaNBits bits) {
  std::optional<Shape> shape = getArithmeticShape(op);
  if (isa<VFEqOp, VFNeOp, VFLtOp, VFGtOp, VFLeOp, VFGeOp, VTruncSatSOp,
          VTruncSatUOp>(op))
    shape = op->getAttrOfType<ShapeAttr>("shape").getValue();
  else if (isa<VDemoteOp>(op))
    shape = Shape::F64x2;
  else if (isa<VPromoteOp>(op))
    shape = Shape::F32x4;
  return shape && bits == madeIn(*shape);
}

bool twc::twasm::negatesNumbers(Operation *op, NaNBits bits) {
  if (!isa<FNegOp, VFNegOp>(op) || op->use_empty())
    return false;
  return llvm::all_of(op->getUsers(), [&](Operation *user) {
    return isa<FNegOp>(op) ? scalarMadeBy(user) == NaNBits::Made
                           : readsNumbers(user, bits);
  });
}
