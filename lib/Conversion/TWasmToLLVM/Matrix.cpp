//===- Matrix.cpp - patterns of matrix loads and stores -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks a whole matrix at once: alignment first, as of atomics, then from its
// first element to its last, in 64 bits (31 * 2^32 * 4 bytes do not wrap). It
// has to lie in linear memory or in shared memory; a thread's own stack is
// another place in each lane, so a matrix there is out of bounds.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;
using twasm::MatrixElement;
using twasm::MatrixFile;
using twasm::MatrixLayout;

static constexpr uint64_t addressUnit = 32, lineUnit = 16; // bytes

namespace {

/// As it lies in memory: so many lines of so many elements.
struct Shape {
  Shape(MatrixFile file, MatrixElement element, MatrixLayout layout) {
    bool isHalf =
        element == MatrixElement::f16 || element == MatrixElement::bf16;
    elementBytes = isHalf ? 2 : 4;
    uint64_t rows = 16, columns = 16;
    if (element == MatrixElement::tf32)
      (file == MatrixFile::a ? columns : rows) = 8;
    lines = layout == MatrixLayout::row ? rows : columns;
    length = layout == MatrixLayout::row ? columns : rows;
  }
  uint64_t lines, length, elementBytes;
};

class Checker {
public:
  Checker(OpBuilder &b, Operation *op, const ModuleInfo &info)
      : b(b), op(op), loc(op->getLoc()), info(info) {}

  /// The matrix's address, generic if it may be in shared memory.
  Value check(const Shape &shape, Value address, Value stride,
              StringRef memory) {
    checkAlignment(shape, address, stride);
    Value start = widen(b, loc, address);
    Value lines = multiply(widen(b, loc, stride),
                           (shape.lines - 1) * shape.elementBytes);
    Value end = add(add(start, lines),
                    constant(shape.length * shape.elementBytes));
    Value outside = compare(ugt, end, getMemorySize(b, op, memory, info));
    Value pointer = addBytes(
        b, loc, getMemoryBase(b, op, memory, info), start);
    const Window *window = info.windowOf(op);
    Value inShared;
    if (window && window->shared && window->sharedMemory == memory)
      inShared = translateShared(*window, start, end, outside, pointer);
    if (window && window->stack && window->memory == memory) {
      Value onStack = compare(ult, start, constant(window->top));
      if (inShared)
        onStack = both(onStack, negate(inShared));
      outside = either(outside, onStack);
    }
    trapIf(b, op, outside, twasm::TrapCode::OutOfBoundsMemory);
    return pointer;
  }

private:
  static constexpr auto ult = arith::CmpIPredicate::ult,
                        ugt = arith::CmpIPredicate::ugt,
                        ne = arith::CmpIPredicate::ne;

  Value constant(uint64_t value) {
    return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
  }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, loc, x, y); }
  Value multiply(Value x, uint64_t y) {
    return arith::MulIOp::create(b, loc, x, constant(y));
  }
  Value compare(arith::CmpIPredicate how, Value x, Value y) {
    return arith::CmpIOp::create(b, loc, how, x, y);
  }
  Value both(Value x, Value y) { return arith::AndIOp::create(b, loc, x, y); }
  Value either(Value x, Value y) { return arith::OrIOp::create(b, loc, x, y); }
  Value negate(Value x) {
    Value one = arith::ConstantOp::create(b, loc, b.getBoolAttr(true));
    return arith::XOrIOp::create(b, loc, x, one);
  }

  void checkAlignment(const Shape &shape, Value address, Value stride) {
    auto isMultiple = [&](Value value, uint32_t unit) -> Value {
      Value mask =
          arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(unit - 1));
      Value zero = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
      return compare(ne, arith::AndIOp::create(b, loc, value, mask), zero);
    };
    trapIf(b, op,
           either(isMultiple(address, addressUnit),
                  isMultiple(stride, lineUnit / shape.elementBytes)),
           twasm::TrapCode::UnalignedMatrix);
  }

  /// Whether the matrix begins in shared memory; `pointer` is then there, and
  /// what is across an edge of shared memory is out of bounds.
  Value translateShared(const Window &window, Value start, Value end,
                        Value &outside, Value &pointer) {
    constexpr uint64_t base = twrun::abi::sharedBase;
    Value distance =
        arith::SubIOp::create(b, loc, start, constant(base));
    Value inShared = compare(ult, distance, window.sharedBytes);
    Value behind = compare(
        ugt, end, add(constant(base), window.sharedBytes));
    Value before = compare(ult, start, constant(base));
    Value reaches = both(compare(ugt, end, constant(base)),
                         compare(ne, window.sharedBytes, constant(0)));
    outside = either(outside,
                     either(both(inShared, behind), both(before, reaches)));
    // In bounds even where the matrix is not in shared memory.
    Value at = arith::SelectOp::create(b, loc, inShared, distance, constant(0));
    pointer = LLVM::SelectOp::create(
        b, loc, inShared,
        toGeneric(b, loc, addBytes(b, loc, window.shared, at)),
        toGeneric(b, loc, pointer));
    return inShared;
  }

  OpBuilder &b;
  Operation *op;
  Location loc;
  const ModuleInfo &info;
};

struct MatrixLoad : OpRewritePattern<twasm::MatrixLoadOp> {
  MatrixLoad(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern(context), info(info) {}
  LogicalResult matchAndRewrite(twasm::MatrixLoadOp op,
                                PatternRewriter &b) const override {
    Shape shape(op.getFile(), op.getElement(), op.getLayout());
    Value address =
        Checker(b, op, info)
            .check(shape, op.getAddress(), op.getStride(),
                   memoryOf(op, op.getMemory()));
    b.replaceOpWithNewOp<twasm::RtMatrixLoadOp>(
        op, op.getFile(), op.getElement(), op.getFragment(), op.getLayout(),
        address, op.getStride());
    return success();
  }
  const ModuleInfo &info;
};

struct MatrixStore : OpRewritePattern<twasm::MatrixStoreOp> {
  MatrixStore(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern(context), info(info) {}
  LogicalResult matchAndRewrite(twasm::MatrixStoreOp op,
                                PatternRewriter &b) const override {
    Shape shape(MatrixFile::c, MatrixElement::f32, op.getLayout());
    Value address =
        Checker(b, op, info)
            .check(shape, op.getAddress(), op.getStride(),
                   memoryOf(op, op.getMemory()));
    b.replaceOpWithNewOp<twasm::RtMatrixStoreOp>(
        op, op.getFragment(), op.getLayout(), address, op.getStride());
    return success();
  }
  const ModuleInfo &info;
};

} // namespace

void twc::populateMatrixPatterns(RewritePatternSet &patterns,
                                 const ModuleInfo &info) {
  patterns.add<MatrixLoad, MatrixStore>(patterns.getContext(), info);
}
