//===- Windows.cpp - accesses that may go to the thread's stack -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a grid the bottom of linear memory, [low, top), is private to each thread.
// Nothing lies below it but what C's stack would grow into: an access there is
// an exhausted stack. One that straddles `top` would be in two memories, which
// no compiler's stack frame asks for: it traps as out of bounds.
//
// Both checks are in front of the ordinary one, so that the pointer into the
// window is good wherever it is chosen, whatever the index.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;

const Window *ModuleInfo::windowOf(Operation *op) const {
  auto it = windows.find(op->getParentOfType<func::FuncOp>());
  return it == windows.end() ? nullptr : &it->second;
}

func::FuncOp ModuleInfo::calleeOf(Operation *op, StringRef name) const {
  if (op->getParentOfType<func::FuncOp>()->hasAttr(isGridAttr))
    if (func::FuncOp copy = gridFunctions.lookup(name))
      return copy;
  return functions.lookup(name);
}

static Value constant(OpBuilder &b, Location loc, uint64_t value) {
  return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}

static Value compare(OpBuilder &b, Location loc, arith::CmpIPredicate how,
                     Value left, Value right) {
  return arith::CmpIOp::create(b, loc, how, left, right);
}

Value twc::toGeneric(OpBuilder &b, Location loc, Value pointer) {
  auto generic = LLVM::LLVMPointerType::get(b.getContext());
  if (pointer.getType() == generic)
    return pointer;
  return LLVM::AddrSpaceCastOp::create(b, loc, generic, pointer);
}

Value WindowAccess::select(OpBuilder &b, Location loc) const {
  return LLVM::SelectOp::create(b, loc, inStack, stack,
                                toGeneric(b, loc, memory));
}

/// Where in the window the address `at` is.
static Value stackAddress(OpBuilder &b, Location loc, const Window &window,
                          Value at) {
  Value distance =
      arith::SubIOp::create(b, loc, at, constant(b, loc, window.low));
  return addBytes(b, loc, window.stack, distance);
}

std::optional<WindowAccess>
twc::translateWindow(OpBuilder &b, Operation *op, Value index, uint64_t offset,
                     unsigned bytes, StringRef memory,
                     const ModuleInfo &info) {
  const Window *window = info.windowOf(op);
  if (!window || window->memory != memory)
    return std::nullopt;
  Location loc = op->getLoc();
  // The index has 32 bits (StackPointer.h), so the sum does not wrap.
  Value at = widen(b, loc, index);
  if (offset)
    at = arith::AddIOp::create(b, loc, at, constant(b, loc, offset));
  using enum arith::CmpIPredicate;
  if (window->low)
    trapIf(b, op, compare(b, loc, ult, at, constant(b, loc, window->low)),
           twasm::TrapCode::CallStackExhausted);
  if (bytes > 1) {
    // top - bytes < at < top
    Value before = arith::SubIOp::create(
        b, loc, constant(b, loc, window->top - 1), at);
    trapIf(b, op, compare(b, loc, ult, before, constant(b, loc, bytes - 1)),
           twasm::TrapCode::OutOfBoundsMemory);
  }
  checkBounds(b, op, index, offset, bytes, memory, info);
  WindowAccess access;
  access.inStack = compare(b, loc, ult, at, constant(b, loc, window->top));
  access.stack = stackAddress(b, loc, *window, at);
  access.memory = memoryAddress(b, op, index, offset, memory, info);
  return access;
}

Value twc::translateRange(OpBuilder &b, Operation *op, Value start, Value count,
                          StringRef memory, const ModuleInfo &info) {
  Location loc = op->getLoc();
  Value address = addBytes(b, loc, getMemoryBase(b, op, memory, info), start);
  const Window *window = info.windowOf(op);
  if (!window || window->memory != memory)
    return address;
  using enum arith::CmpIPredicate;
  Value top = constant(b, loc, window->top);
  Value inStack = compare(b, loc, ult, start, top);
  // No bytes at all are nowhere.
  Value some = arith::AndIOp::create(
      b, loc, inStack, compare(b, loc, ne, count, constant(b, loc, 0)));
  Value below =
      compare(b, loc, ult, start, constant(b, loc, window->low));
  trapIf(b, op, arith::AndIOp::create(b, loc, some, below),
         twasm::TrapCode::CallStackExhausted);
  Value beyond = compare(b, loc, ugt, count,
                         arith::SubIOp::create(b, loc, top, start));
  trapIf(b, op, arith::AndIOp::create(b, loc, some, beyond),
         twasm::TrapCode::OutOfBoundsMemory);
  return LLVM::SelectOp::create(b, loc, inStack,
                                stackAddress(b, loc, *window, start),
                                toGeneric(b, loc, address));
}
