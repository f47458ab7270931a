//===- ContractFloats.cpp - products and sums as one operation ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Done here and nowhere else: LLVM is never allowed to contract, so that all
// targets, and a grid's copies of functions, have the same operations and with
// them the same bits.
//
// A product goes into its sums if all its uses are sums of its own block, as
// LLVM contracts: the multiplication disappears, and none is repeated in a
// loop. Of a sum of two such products the left one goes in.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace twc::twasm {
#define GEN_PASS_DEF_CONTRACTFLOATS
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"
} // namespace twc::twasm

using namespace mlir;
using namespace twc::twasm;

namespace {

bool isProduct(Operation *op) { return isa<FMulOp, VFMulOp>(op); }
bool isSum(Operation *op) {
  return isa<FAddOp, FSubOp, VFAddOp, VFSubOp>(op);
}

/// The lanes that `op` computes on; none of a scalar.
ShapeAttr shapeOf(Operation *op) {
  return op->getAttrOfType<ShapeAttr>("shape");
}

bool canContract(Operation *product) {
  if (!isProduct(product) || product->use_empty())
    return false;
  return llvm::all_of(product->getUses(), [&](OpOperand &use) {
    Operation *sum = use.getOwner();
    return isSum(sum) && sum->getBlock() == product->getBlock() &&
           shapeOf(sum) == shapeOf(product) &&
           // Twice the product is exact without help.
           sum->getOperand(0) != sum->getOperand(1);
  });
}

/// a * b + c; with one sign turned before, which is exact, for a difference.
Value makeFma(OpBuilder &b, Location loc, Value x, Value y, Value z,
              bool negatesProduct, bool negatesAddend) {
  if (negatesProduct)
    x = FNegOp::create(b, loc, x.getType(), x);
  if (negatesAddend)
    z = FNegOp::create(b, loc, z.getType(), z);
  return FmaOp::create(b, loc, x, y, z);
}
Value makeFma(OpBuilder &b, Location loc, Shape shape, Value x, Value y,
              Value z, bool negatesProduct, bool negatesAddend) {
  Type type = z.getType();
  if (negatesAddend)
    z = VFNegOp::create(b, loc, type, shape, z);
  if (negatesProduct)
    return VFNmaddOp::create(b, loc, type, shape, x, y, z);
  return VFMaddOp::create(b, loc, type, shape, x, y, z);
}

struct ContractFloats
    : twc::twasm::impl::ContractFloatsBase<ContractFloats> {
  void runOnOperation() override {
    getOperation().walk([&](FuncOp func) {
      for (Block &block : func.getBody())
        runOnBlock(block);
    });
  }

  void runOnBlock(Block &block) {
    llvm::SetVector<Operation *> products;
    for (Operation &op : block)
      if (canContract(&op))
        products.insert(&op);
    auto productOf = [&](Operation &sum, unsigned operand) -> Operation * {
      Operation *op = sum.getOperand(operand).getDefiningOp();
      return op && products.contains(op) ? op : nullptr;
    };
    for (Operation &op : block)
      if (isSum(&op) && productOf(op, 0))
        if (Operation *right = productOf(op, 1))
          products.remove(right);
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (!isSum(&op))
        continue;
      if (Operation *left = productOf(op, 0))
        contract(&op, left, /*isLeft=*/true);
      else if (Operation *right = productOf(op, 1))
        contract(&op, right, /*isLeft=*/false);
    }
    for (Operation *product : products)
      product->erase();
  }

  void contract(Operation *sum, Operation *product, bool isLeft) {
    OpBuilder b(sum);
    Value x = product->getOperand(0), y = product->getOperand(1);
    Value z = sum->getOperand(isLeft ? 1 : 0);
    bool isDifference = isa<FSubOp, VFSubOp>(sum);
    bool negatesProduct = isDifference && !isLeft;
    bool negatesAddend = isDifference && isLeft;
    ShapeAttr shape = shapeOf(sum);
    Value fused = shape ? makeFma(b, sum->getLoc(), shape.getValue(), x, y, z,
                                  negatesProduct, negatesAddend)
                        : makeFma(b, sum->getLoc(), x, y, z, negatesProduct,
                                  negatesAddend);
    sum->getResult(0).replaceAllUsesWith(fused);
    sum->erase();
    ++numContracted;
  }
};

} // namespace
