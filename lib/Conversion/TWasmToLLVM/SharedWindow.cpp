//===- SharedWindow.cpp - accesses that may go to shared memory ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a grid the addresses from abi::sharedBase on are the block's shared
// memory, as many as the launch gives; a window of the thread's stack may lie
// above.
//
// An access makes one compare, with the place where its address most likely
// lies: in shared memory or on the stack where it was made from an address of
// these (twasm-trace-addresses), else in the memory above the windows. That
// compare is exact: it holds only if all bytes are there. If it does not hold,
// an outlined function finds the place, or traps.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "twc/Dialect/TWasm/Transforms/Passes.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;
using twrun::abi::sharedBase;

static Value constant(OpBuilder &b, Location loc, uint64_t value) {
  return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}
static Value less(OpBuilder &b, Location loc, Value left, Value right) {
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, left, right);
}

bool twc::hasSharedWindow(Operation *op, StringRef memory,
                          const ModuleInfo &info) {
  const Window *window = info.windowOf(op);
  return window && window->shared && window->sharedMemory == memory;
}

/// How many of the addresses of `size` bytes may begin an access of `bytes`.
static Value starts(OpBuilder &b, Location loc, Value size, unsigned bytes) {
  if (bytes == 1)
    return size;
  return LLVM::USubSat::create(b, loc, size, constant(b, loc, bytes - 1));
}

static Value effectiveAddress(OpBuilder &b, Location loc, Value index,
                              uint64_t offset) {
  Value at = widen(b, loc, index);
  // The index has 32 bits: the sum does not wrap.
  return offset ? arith::AddIOp::create(b, loc, at, constant(b, loc, offset))
                : at;
}

/// In shared memory.
static LikelyPlace inShared(OpBuilder &b, Location loc, const Window &window,
                            Value index, uint64_t offset, unsigned bytes) {
  Value limit = starts(b, loc, window.sharedBytes, bytes);
  LikelyPlace place;
  Value distance;
  if (offset <= sharedBase) {
    // In 32 bits, for what is below the window becomes large: at least
    // 2^32 - sharedBase, more than a window has.
    Type i32 = b.getI32Type();
    Value back = arith::ConstantOp::create(
        b, loc, b.getI32IntegerAttr(int32_t(offset) - int32_t(sharedBase)));
    Value narrow = arith::AddIOp::create(b, loc, index, back);
    place.inside = less(b, loc, narrow,
                        arith::TruncIOp::create(b, loc, i32, limit));
    distance = widen(b, loc, narrow);
  } else {
    distance =
        arith::AddIOp::create(b, loc, widen(b, loc, index),
                              constant(b, loc, offset - sharedBase));
    place.inside = less(b, loc, distance, limit);
  }
  place.pointer = addBytes(b, loc, window.shared, distance);
  return place;
}

LikelyPlace twc::findLikelyPlace(OpBuilder &b, Operation *op, Value index,
                                 uint64_t offset, unsigned bytes,
                                 StringRef memory, const ModuleInfo &info) {
  Location loc = op->getLoc();
  const Window &window = *info.windowOf(op);
  auto attr = op->getAttrOfType<StringAttr>(twasm::originAttr);
  StringRef origin = attr ? attr.getValue() : StringRef();
  if (origin == twasm::originShared)
    return inShared(b, loc, window, index, offset, bytes);
  Value at = effectiveAddress(b, loc, index, offset);
  bool hasStack = window.stack && window.memory == memory;
  LikelyPlace place;
  if (origin == twasm::originStack && hasStack) {
    uint64_t size = window.top - window.low;
    Value distance =
        arith::SubIOp::create(b, loc, at, constant(b, loc, window.low));
    place.inside = less(
        b, loc, distance,
        constant(b, loc, size < bytes ? 0 : size - (bytes - 1)));
    place.pointer = addBytes(b, loc, window.stack, distance);
    place.isStack = true;
    return place;
  }
  // All windows end at or below this.
  Value low = hasStack ? constant(b, loc, window.top)
                       : arith::AddIOp::create(b, loc, window.sharedBytes,
                                               constant(b, loc, sharedBase))
                             .getResult();
  // How many of the addresses from `low` on may begin an access.
  Value beyond = bytes == 1 ? low
                            : arith::AddIOp::create(
                                  b, loc, low, constant(b, loc, bytes - 1))
                                  .getResult();
  Value limit = LLVM::USubSat::create(
      b, loc, getMemorySize(b, op, memory, info), beyond);
  place.inside =
      less(b, loc, arith::SubIOp::create(b, loc, at, low), limit);
  place.pointer = memoryAddress(b, op, index, offset, memory, info);
  return place;
}

static unsigned bytesOf(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.getNumElements() * vector.getElementTypeBitWidth() / 8;
  return type.getIntOrFloatBitWidth() / 8;
}

/// Which of the functions to ask first for the address of `op`.
static StringRef getPlaceFunction(Operation *op, StringRef memory,
                                  const ModuleInfo &info) {
  const Window &window = *info.windowOf(op);
  auto origin = op->getAttrOfType<StringAttr>(twasm::originAttr);
  if (origin && origin.getValue() == twasm::originShared)
    return runtime::placeShared;
  if (origin && origin.getValue() == twasm::originStack && window.stack &&
      window.memory == memory)
    return runtime::placeStack;
  return runtime::placeMemory;
}

/// The function `name` of the runtime's, declared on first use.
static LLVM::LLVMFuncOp declare(OpBuilder &b, Operation *op, StringRef name,
                                Type result, ValueRange arguments) {
  auto module = op->getParentOfType<ModuleOp>();
  if (auto func = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return func;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module.getBody());
  return LLVM::LLVMFuncOp::create(
      b, module.getLoc(), name,
      LLVM::LLVMFunctionType::get(result,
                                  llvm::to_vector(arguments.getTypes())));
}

/// What the outlined functions need to know, behind `first`.
static SmallVector<Value> windowArguments(OpBuilder &b, Operation *op,
                                          ArrayRef<Value> first,
                                          StringRef memory,
                                          const ModuleInfo &info) {
  Location loc = op->getLoc();
  const Window &window = *info.windowOf(op);
  bool hasStack = window.stack && window.memory == memory;
  auto [function, at] = getPlace(op);
  auto number = [&](uint32_t value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(value));
  };
  SmallVector<Value> arguments(first);
  arguments.append(
      {getMemoryBase(b, op, memory, info), getMemorySize(b, op, memory, info),
       window.shared, window.sharedBytes,
       hasStack ? window.stack
                : LLVM::ZeroOp::create(
                      b, loc, LLVM::LLVMPointerType::get(b.getContext()))
                      .getResult(),
       constant(b, loc, hasStack ? window.low : 0),
       constant(b, loc, hasStack ? window.top : 0),
       getLaunchConstant(op, RuntimePtr), number(function), number(at)});
  return arguments;
}

Value twc::loadOutlined(OpBuilder &b, Operation *op, Type type, Value index,
                        StringRef memory, const ModuleInfo &info) {
  Location loc = op->getLoc();
  SmallVector<Value> arguments =
      windowArguments(b, op, widen(b, loc, index), memory, info);
  auto func =
      declare(b, op, (runtime::windowLoad + Twine(bytesOf(type))).str(), type,
              arguments);
  return LLVM::CallOp::create(b, loc, func, arguments).getResult();
}

void twc::storeOutlined(OpBuilder &b, Operation *op, Value value, Value index,
                        StringRef memory, const ModuleInfo &info) {
  Location loc = op->getLoc();
  SmallVector<Value> arguments =
      windowArguments(b, op, {widen(b, loc, index), value}, memory, info);
  auto func = declare(
      b, op, (runtime::windowStore + Twine(bytesOf(value.getType()))).str(),
      LLVM::LLVMVoidType::get(b.getContext()), arguments);
  LLVM::CallOp::create(b, loc, func, arguments);
}

Value twc::findAddress(OpBuilder &b, Operation *op, Value start, Value count,
                       StringRef memory, const ModuleInfo &info) {
  SmallVector<Value> arguments =
      windowArguments(b, op, {start, count}, memory, info);
  auto func = declare(b, op, runtime::windowAddress,
                      LLVM::LLVMPointerType::get(b.getContext()), arguments);
  return LLVM::CallOp::create(b, op->getLoc(), func, arguments).getResult();
}

Value twc::findAddress(OpBuilder &b, Operation *op, Value index,
                       uint64_t offset, unsigned bytes, StringRef memory,
                       const ModuleInfo &info) {
  Location loc = op->getLoc();
  return findAddress(b, op, effectiveAddress(b, loc, index, offset),
                     constant(b, loc, bytes), memory, info);
}

Value twc::branchOn(OpBuilder &b, Operation *op, Value likely, Type type,
                    llvm::function_ref<Value()> hot,
                    llvm::function_ref<Value()> cold, bool weigh) {
  Location loc = op->getLoc();
  // Patterns give their rewriter; the block ends before `op`.
  auto &rewriter = static_cast<PatternRewriter &>(b);
  Block *before = op->getBlock();
  Region *region = before->getParent();
  Block *after = rewriter.splitBlock(before, op->getIterator());
  if (type)
    after->addArgument(type, loc);
  auto addPath = [&](llvm::function_ref<Value()> build) {
    Block *path = b.createBlock(region, after->getIterator());
    Value result = build();
    LLVM::BrOp::create(b, loc, type ? ValueRange(result) : ValueRange(),
                       after);
    return path;
  };
  Block *often = addPath(hot), *seldom = addPath(cold);
  b.setInsertionPointToEnd(before);
  if (weigh)
    LLVM::CondBrOp::create(b, loc, likely, often, ValueRange(), seldom,
                           ValueRange(),
                           std::pair<uint32_t, uint32_t>(1 << 20, 1));
  else
    LLVM::CondBrOp::create(b, loc, likely, often, seldom);
  b.setInsertionPoint(op);
  return type ? Value(after->getArgument(0)) : Value();
}

SmallVector<Operation *>
twc::collectRun(PatternRewriter &b, Operation *first,
                llvm::function_ref<bool(Operation *)> isOne) {
  constexpr size_t most = 8;
  SmallVector<Operation *> run = {first};
  Operation *next = first->getNextNode();
  while (next && run.size() < most) {
    Operation *op = std::exchange(next, next->getNextNode());
    bool needsThem = llvm::any_of(op->getOperands(), [&](Value operand) {
      return llvm::is_contained(run, operand.getDefiningOp());
    });
    if (needsThem)
      break;
    if (isOne(op))
      run.push_back(op);
    else if (isa<twasm::SharedOp, twasm::SharedBaseOp>(op) ||
             (isPure(op) && !op->hasTrait<OpTrait::IsTerminator>()))
      b.moveOpBefore(op, first);
    else
      break;
  }
  return run;
}

void twc::accessTogether(PatternRewriter &b, ArrayRef<Operation *> run,
                         Value likely, llvm::function_ref<void()> all,
                         llvm::function_ref<void()> first) {
  branchOn(
      b, run.front(), likely, Type(),
      [&] {
        all();
        return Value();
      },
      [&] {
        first();
        // They are rewritten in their turn: not by this rewrite, which would
        // have to be told of a change.
        for (Operation *other : run.drop_front()) {
          other->setAttr(aloneAttr, b.getUnitAttr());
          b.moveOpBefore(other, b.getInsertionBlock(),
                         b.getInsertionBlock()->end());
        }
        return Value();
      });
  b.eraseOp(run.front());
}

Value twc::placeAccess(OpBuilder &b, Operation *op, Value index,
                       uint64_t offset, unsigned bytes, StringRef memory,
                       const ModuleInfo &info) {
  Location loc = op->getLoc();
  SmallVector<Value> arguments = windowArguments(
      b, op, {index, constant(b, loc, offset), constant(b, loc, bytes)},
      memory, info);
  auto func = declare(b, op, getPlaceFunction(op, memory, info),
                      LLVM::LLVMPointerType::get(b.getContext()), arguments);
  return LLVM::CallOp::create(b, loc, func, arguments).getResult();
}

Value twc::loadGuest(OpBuilder &b, Operation *op, Type type, Value index,
                     uint64_t offset, StringRef memory,
                     const ModuleInfo &info) {
  // Alignment 1: the immediate is only a hint (spec 4.4.7).
  return LLVM::LoadOp::create(
      b, op->getLoc(), type,
      translateAccess(b, op, index, offset, bytesOf(type), memory, info), 1);
}

void twc::storeGuest(OpBuilder &b, Operation *op, Value value, Value index,
                     uint64_t offset, StringRef memory,
                     const ModuleInfo &info) {
  LLVM::StoreOp::create(b, op->getLoc(), value,
                        translateAccess(b, op, index, offset,
                                        bytesOf(value.getType()), memory, info),
                        1);
}
