//===- TableAccess.cpp - tables in the instance state ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The size of a table that nothing grows is its minimum, a constant. Elements
// that nothing writes are loaded as invariant.
//
//===----------------------------------------------------------------------===//

#include "TableAccess.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;
using twrun::abi::SegmentState;
using twrun::abi::TableState;

/// An atomic, monotonic load or a plain, invariant one of an aligned i64.
static Value loadWord(OpBuilder &b, Location loc, Value address,
                      bool invariant) {
  return LLVM::LoadOp::create(
      b, loc, b.getI64Type(), address, /*alignment=*/8, /*isVolatile=*/false,
      /*isNonTemporal=*/false, /*isInvariant=*/invariant,
      /*isInvariantGroup=*/false,
      invariant ? LLVM::AtomicOrdering::not_atomic
                : LLVM::AtomicOrdering::monotonic);
}

Value twc::loadChanging(OpBuilder &builder, Operation *op, uint64_t offset) {
  return loadWord(builder, op->getLoc(), stateAddress(builder, op, offset),
                  /*invariant=*/false);
}

Value twc::getTableSize(OpBuilder &builder, Operation *op, StringRef table,
                        const ModuleInfo &info) {
  const twasm::TableFacts &facts = info.tableFacts[table];
  if (!facts.grows)
    return arith::ConstantOp::create(builder, op->getLoc(),
                                     builder.getI64IntegerAttr(facts.size));
  return loadChanging(builder, op,
                      info.layout.table(info.tables.lookup(table)) +
                          offsetof(TableState, size));
}

Value twc::getElementAddress(OpBuilder &builder, Operation *op,
                             StringRef table, Value index,
                             const ModuleInfo &info) {
  Location loc = op->getLoc();
  Type pointer =
      LLVM::LLVMPointerType::get(op->getContext(), guestAddressSpace);
  // The array stays where it is for the instance's life.
  Value elements = loadState(builder, op, pointer,
                             info.layout.table(info.tables.lookup(table)) +
                                 offsetof(TableState, elements),
                             /*invariant=*/true);
  Value three =
      arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(3));
  return addBytes(builder, loc, elements,
                  arith::ShLIOp::create(builder, loc, index, three));
}

Value twc::loadElement(OpBuilder &builder, Operation *op, StringRef table,
                       Value index, twasm::TrapCode outside,
                       const ModuleInfo &info) {
  Location loc = op->getLoc();
  Value wide = widen(builder, loc, index);
  Value size = getTableSize(builder, op, table, info);
  trapIf(builder, op,
         arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::uge, wide,
                               size),
         outside);
  return loadWord(builder, loc,
                  getElementAddress(builder, op, table, wide, info),
                  !info.tableFacts[table].written);
}

Value twc::isOutside(OpBuilder &builder, Location loc, Value start,
                     Value count, Value size) {
  // No sum, which could wrap; the difference only counts if it did not.
  Value tooMany = arith::CmpIOp::create(builder, loc,
                                        arith::CmpIPredicate::ugt, count, size);
  Value room = arith::SubIOp::create(builder, loc, size, count);
  Value tooFar = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ugt,
                                       start, room);
  return arith::OrIOp::create(builder, loc, tooMany, tooFar);
}

Segment twc::loadSegment(OpBuilder &builder, Operation *op, uint64_t state) {
  Type pointer =
      LLVM::LLVMPointerType::get(op->getContext(), guestAddressSpace);
  // Dropping changes the size alone: what another thread drops meanwhile can
  // still be read.
  Value size =
      loadChanging(builder, op, state + offsetof(SegmentState, size));
  Value address =
      loadState(builder, op, pointer, state + offsetof(SegmentState, address),
                /*invariant=*/true);
  return {address, size};
}

void twc::dropSegment(OpBuilder &builder, Operation *op, uint64_t state) {
  Location loc = op->getLoc();
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(0));
  LLVM::StoreOp::create(
      builder, loc, zero,
      stateAddress(builder, op, state + offsetof(SegmentState, size)),
      /*alignment=*/8, /*isVolatile=*/false, /*isNonTemporal=*/false,
      /*isInvariantGroup=*/false, LLVM::AtomicOrdering::monotonic);
}
