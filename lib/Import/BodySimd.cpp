//===- BodySimd.cpp - vector instructions of a body -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Those with immediates of their own; the others are numeric instructions
// whose op has a shape.
//
//===----------------------------------------------------------------------===//

#include "BodyReader.h"

using namespace mlir;
using namespace twc;

/// The shape that the instruction table gives.
static twasm::ShapeAttr getShape(OpBuilder &b,
                                 const twasm::Instruction &instruction) {
  return twasm::ShapeAttr::get(b.getContext(),
                               *twasm::symbolizeShape(instruction.shape));
}

void BodyReader::buildSimd(
    unsigned operands, ArrayRef<NamedAttribute> immediates) {
  OperationState op(loc(), instruction->op);
  if (!instruction->shape.empty())
    op.addAttribute("shape", getShape(b(), *instruction));
  op.addAttributes(immediates);
  op.addOperands(f->pop(operands));
  if (Type result = resultType())
    op.addTypes(result);
  pushAll(b().create(op)->getResults());
}

WResult BodyReader::OnSimdLaneOpExpr(wabt::Opcode, uint64_t lane) {
  return build([&] {
    bool replaces = instruction->operands.contains(' ');
    buildSimd(replaces ? 2 : 1,
              b().getNamedAttr("lane", b().getI32IntegerAttr(lane)));
  });
}

WResult BodyReader::OnSimdShuffleOpExpr(wabt::Opcode, v128 lanes) {
  return build([&] {
    SmallVector<int64_t> indices;
    for (unsigned i = 0; i < 16; ++i)
      indices.push_back(lanes.u8(i));
    buildSimd(2, b().getNamedAttr("lanes", b().getDenseI64ArrayAttr(indices)));
  });
}

/// The memarg as attributes, a lane behind them if there is one.
SmallVector<NamedAttribute>
BodyReader::memoryImmediates(Index memory, Address align, Address offset) {
  SmallVector<NamedAttribute> attributes = {
      b().getNamedAttr("offset", b().getI64IntegerAttr(offset)),
      b().getNamedAttr("align", b().getI32IntegerAttr(align))};
  if (FlatSymbolRefAttr ref = module.getMemoryRef(memory))
    attributes.push_back(b().getNamedAttr("memory", ref));
  return attributes;
}

WResult BodyReader::OnLoadSplatExpr(wabt::Opcode, Index memory, Address align,
                                    Address offset) {
  return build(
      [&] { buildSimd(1, memoryImmediates(memory, align, offset)); });
}

WResult BodyReader::OnLoadZeroExpr(wabt::Opcode opcode, Index memory,
                                   Address align, Address offset) {
  return OnLoadSplatExpr(opcode, memory, align, offset);
}

WResult BodyReader::OnSimdLoadLaneExpr(wabt::Opcode, Index memory,
                                       Address align, Address offset,
                                       uint64_t lane) {
  return build([&] {
    auto immediates = memoryImmediates(memory, align, offset);
    immediates.push_back(
        b().getNamedAttr("lane", b().getI32IntegerAttr(lane)));
    // The index is pushed first and stands last among the op's operands.
    Value vector = f->pop();
    Value index = f->pop();
    f->push(vector);
    f->push(index);
    buildSimd(2, immediates);
  });
}

WResult BodyReader::OnSimdStoreLaneExpr(wabt::Opcode opcode, Index memory,
                                        Address align, Address offset,
                                        uint64_t lane) {
  return OnSimdLoadLaneExpr(opcode, memory, align, offset, lane);
}
