//===- TableOps.cpp - verifiers of table, memory and segment ops ----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tables, memories and segments that ops name exist, and references have the type of the
// table's elements (Wasm spec 3.3.6, validation of table instructions).
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"

using namespace mlir;
using namespace twc::twasm;

/// The table `name`; null, with an error, if there is none.
static TableOp findTable(Operation *op, FlatSymbolRefAttr name,
                         SymbolTableCollection &symbols) {
  auto table = symbols.lookupNearestSymbolFrom<TableOp>(op, name);
  if (!table)
    op->emitOpError("refers to an undefined table ") << name;
  return table;
}

/// `type` is what the elements of table `name` are.
static LogicalResult verifyElement(Operation *op, FlatSymbolRefAttr name,
                                   Type type, SymbolTableCollection &symbols) {
  TableOp table = findTable(op, name, symbols);
  if (!table)
    return failure();
  if (table.getElementType() == type)
    return success();
  InFlightDiagnostic diag = op->emitOpError("incorrect type: expected ")
                            << table.getElementType() << ", but got " << type;
  diag.attachNote(table.getLoc()) << "of this table's elements";
  return diag;
}

template <typename Segment>
static LogicalResult verifySegment(Operation *op, FlatSymbolRefAttr name,
                                   StringRef kind,
                                   SymbolTableCollection &symbols) {
  if (symbols.lookupNearestSymbolFrom<Segment>(op, name))
    return success();
  return op->emitOpError("refers to an undefined ")
         << kind << " segment " << name;
}

/// Functions are what is called indirectly (spec 3.4.8, call_indirect).
static LogicalResult verifyCalledTable(Operation *op, FlatSymbolRefAttr name,
                                       SymbolTableCollection &symbols) {
  TableOp table = findTable(op, name, symbols);
  if (!table || isa<FuncRefType>(table.getElementType()))
    return success(table);
  InFlightDiagnostic diag =
      op->emitOpError("incorrect table type: expected ")
      << FuncRefType::get(op->getContext()) << ", but got "
      << table.getElementType();
  diag.attachNote(table.getLoc()) << "of this table's elements";
  return diag;
}

LogicalResult
CallIndirectOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyCalledTable(*this, getTableAttr(), symbols);
}

LogicalResult
ReturnCallIndirectOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (failed(verifyCalledTable(*this, getTableAttr(), symbols)))
    return failure();
  return verifyTailResults(*this, getTailResults());
}

LogicalResult TableGetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyElement(*this, getTableAttr(), getType(), symbols);
}

LogicalResult TableSetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyElement(*this, getTableAttr(), getValue().getType(), symbols);
}

LogicalResult TableSizeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(findTable(*this, getTableAttr(), symbols));
}

LogicalResult TableGrowOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyElement(*this, getTableAttr(), getInit().getType(), symbols);
}

LogicalResult TableFillOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyElement(*this, getTableAttr(), getValue().getType(), symbols);
}

LogicalResult TableCopyOp::verifySymbolUses(SymbolTableCollection &symbols) {
  TableOp source = findTable(*this, getSrcTableAttr(), symbols);
  if (!source)
    return failure();
  return verifyElement(*this, getDstTableAttr(), source.getElementType(),
                       symbols);
}

LogicalResult TableInitOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!findTable(*this, getTableAttr(), symbols))
    return failure();
  return verifySegment<ElemOp>(*this, getSegmentAttr(), "element", symbols);
}

LogicalResult ElemDropOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifySegment<ElemOp>(*this, getSegmentAttr(), "element", symbols);
}

LogicalResult twc::twasm::verifyMemoryName(Operation *op,
                                           FlatSymbolRefAttr memory,
                                           SymbolTableCollection &symbols) {
  if (!memory || symbols.lookupNearestSymbolFrom<MemoryOp>(op, memory))
    return success();
  return op->emitOpError("refers to an undefined memory ") << memory;
}

LogicalResult FuncOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyMemoryName(*this, getMemoryAttr(), symbols);
}

LogicalResult MemoryCopyOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (failed(verifyMemoryName(*this, getDstMemoryAttr(), symbols)))
    return failure();
  return verifyMemoryName(*this, getSrcMemoryAttr(), symbols);
}

LogicalResult MemoryInitOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (failed(verifyMemoryName(*this, getMemoryAttr(), symbols)))
    return failure();
  return verifySegment<DataOp>(*this, getSegmentAttr(), "data", symbols);
}

LogicalResult DataDropOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifySegment<DataOp>(*this, getSegmentAttr(), "data", symbols);
}
