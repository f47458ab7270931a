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
// In a grid with shared memory, accesses that follow one another first ask
// together whether each matrix is aligned and lies as a whole where its address
// most likely does. Units then load and store in an address space they know,
// which is one instruction instead of many (`ldmatrix`), and nothing can trap.
// Else each is made behind its own checks, with a generic address.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "twc/Dialect/TWasm/Transforms/Passes.h"

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

/// A matrix in memory: what is there, and the range of its bytes.
class Access {
public:
  Access(OpBuilder &b, Operation *op, const ModuleInfo &info)
      : b(b), op(op), loc(op->getLoc()), info(info), shape(shapeOf(op)) {
    if (auto load = dyn_cast<twasm::MatrixLoadOp>(op)) {
      address = load.getAddress();
      stride = load.getStride();
      memory = memoryOf(op, load.getMemory());
    } else {
      auto store = cast<twasm::MatrixStoreOp>(op);
      address = store.getAddress();
      stride = store.getStride();
      memory = memoryOf(op, store.getMemory());
    }
  }

  bool hasShared() const { return hasSharedWindow(op, memory, info); }

  /// Checks all and makes the access, with a generic address where the matrix
  /// may be in shared memory.
  void make() {
    trapIf(b, op, isMisaligned(), twasm::TrapCode::UnalignedMatrix);
    makeAt(check());
  }

  /// i1: the matrix is aligned, and as a whole where it most likely is, at
  /// `likely`.
  Value isLikely();
  void makeLikely() { makeAt(likely); }

private:
  static constexpr auto ult = arith::CmpIPredicate::ult,
                        ugt = arith::CmpIPredicate::ugt,
                        ne = arith::CmpIPredicate::ne;

  static Shape shapeOf(Operation *op) {
    if (auto load = dyn_cast<twasm::MatrixLoadOp>(op))
      return Shape(load.getFile(), load.getElement(), load.getLayout());
    return Shape(MatrixFile::c, MatrixElement::f32,
                 cast<twasm::MatrixStoreOp>(op).getLayout());
  }

  void makeAt(Value pointer) {
    if (auto load = dyn_cast<twasm::MatrixLoadOp>(op))
      twasm::RtMatrixLoadOp::create(b, loc, load.getFile(), load.getElement(),
                                    load.getFragment(), load.getLayout(),
                                    pointer, stride);
    else if (auto store = dyn_cast<twasm::MatrixStoreOp>(op))
      twasm::RtMatrixStoreOp::create(b, loc, store.getFragment(),
                                     store.getLayout(), pointer, stride);
  }

  Value constant(uint64_t value) {
    return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
  }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, loc, x, y); }
  Value subtract(Value x, Value y) {
    return arith::SubIOp::create(b, loc, x, y);
  }
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

  Value countBytes() {
    Value lines = multiply(widen(b, loc, stride),
                           (shape.lines - 1) * shape.elementBytes);
    return add(lines, constant(shape.length * shape.elementBytes));
  }
  Value isMisaligned() {
    auto isMultiple = [&](Value value, uint32_t unit) -> Value {
      Value mask =
          arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(unit - 1));
      Value zero = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
      return compare(ne, arith::AndIOp::create(b, loc, value, mask), zero);
    };
    return either(isMultiple(address, addressUnit),
                  isMultiple(stride, lineUnit / shape.elementBytes));
  }
  Value check();
  Value translateShared(const Window &window, Value start, Value end,
                        Value &outside, Value &pointer);

  OpBuilder &b;
  Operation *op;
  Location loc;
  const ModuleInfo &info;
  Shape shape;
  Value address, stride, likely;
  StringRef memory;
};

/// As findLikelyPlace, of a size that is a value.
Value Access::isLikely() {
  const Window &window = *info.windowOf(op);
  Value rest = subtract(countBytes(), constant(1));
  Value inside;
  auto origin = op->getAttrOfType<StringAttr>(twasm::originAttr);
  if (origin && origin.getValue() == twasm::originShared) {
    // In 32 bits: what is below the window becomes larger than any window.
    Value narrow = subtract(
        address, arith::ConstantOp::create(
                     b, loc, b.getI32IntegerAttr(twrun::abi::sharedBase)));
    Value limit = LLVM::USubSat::create(b, loc, window.sharedBytes, rest);
    inside = compare(
        ult, narrow, arith::TruncIOp::create(b, loc, b.getI32Type(), limit));
    likely = addBytes(b, loc, window.shared, widen(b, loc, narrow));
  } else {
    // All windows end at or below this.
    bool hasStack = window.stack && window.memory == memory;
    Value low = hasStack ? constant(window.top)
                         : add(window.sharedBytes,
                               constant(twrun::abi::sharedBase));
    Value start = widen(b, loc, address);
    Value limit = LLVM::USubSat::create(
        b, loc, getMemorySize(b, op, memory, info), add(low, rest));
    inside = compare(ult, subtract(start, low), limit);
    likely = addBytes(b, loc, getMemoryBase(b, op, memory, info), start);
  }
  return both(inside, negate(isMisaligned()));
}

/// The address of the matrix, generic if it may be in shared memory.
Value Access::check() {
  Value start = widen(b, loc, address);
  Value end = add(start, countBytes());
  Value outside = compare(ugt, end, getMemorySize(b, op, memory, info));
  Value pointer =
      addBytes(b, loc, getMemoryBase(b, op, memory, info), start);
  const Window *window = info.windowOf(op);
  Value inShared;
  if (hasShared())
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

/// Whether the matrix begins in shared memory; `pointer` is then there, and
/// what is across an edge of shared memory is out of bounds.
Value Access::translateShared(const Window &window, Value start, Value end,
                              Value &outside, Value &pointer) {
  constexpr uint64_t base = twrun::abi::sharedBase;
  Value distance = subtract(start, constant(base));
  Value inShared = compare(ult, distance, window.sharedBytes);
  Value behind = compare(ugt, end, add(constant(base), window.sharedBytes));
  Value before = compare(ult, start, constant(base));
  Value reaches = both(compare(ugt, end, constant(base)),
                       compare(ne, window.sharedBytes, constant(0)));
  outside =
      either(outside, either(both(inShared, behind), both(before, reaches)));
  // In bounds even where the matrix is not in shared memory.
  Value at = arith::SelectOp::create(b, loc, inShared, distance, constant(0));
  pointer = LLVM::SelectOp::create(
      b, loc, inShared,
      toGeneric(b, loc, addBytes(b, loc, window.shared, at)),
      toGeneric(b, loc, pointer));
  return inShared;
}

template <typename Op> struct MatrixAccess : OpRewritePattern<Op> {
  MatrixAccess(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern<Op>(context), info(info) {}

  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    if (op->hasAttr(aloneAttr) || !Access(b, op, info).hasShared()) {
      Access(b, op, info).make();
      b.eraseOp(op);
      return success();
    }
    SmallVector<Operation *> run = collectRun(b, op, [](Operation *other) {
      return isa<twasm::MatrixLoadOp, twasm::MatrixStoreOp>(other);
    });
    SmallVector<Access> accesses;
    Value likely;
    for (Operation *other : run) {
      Value one = accesses.emplace_back(b, other, info).isLikely();
      likely = likely ? arith::AndIOp::create(b, op.getLoc(), likely, one)
                            .getResult()
                      : one;
    }
    accessTogether(
        b, run, likely,
        [&] {
          for (Access &access : accesses)
            access.makeLikely();
        },
        [&] { accesses.front().make(); });
    return success();
  }
  const ModuleInfo &info;
};

} // namespace

void twc::populateMatrixPatterns(RewritePatternSet &patterns,
                                 const ModuleInfo &info) {
  patterns.add<MatrixAccess<twasm::MatrixLoadOp>,
               MatrixAccess<twasm::MatrixStoreOp>>(patterns.getContext(), info);
}
