//===- Assembly.cpp - custom assembly forms of the twasm dialect ----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parsers and printers that the ops' declarative formats name.
//
//===----------------------------------------------------------------------===//

#include "Assembly.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace twc::twasm;

ParseResult twc::twasm::parseBrTableCases(
    OpAsmParser &parser, SmallVectorImpl<Block *> &dests,
    SmallVectorImpl<SmallVector<OpAsmParser::UnresolvedOperand>> &operands,
    SmallVectorImpl<SmallVector<Type>> &types) {
  auto parseCase = [&]() -> ParseResult {
    Block *dest;
    if (parser.parseSuccessor(dest))
      return failure();
    dests.push_back(dest);
    auto &values = operands.emplace_back();
    auto &valueTypes = types.emplace_back();
    if (failed(parser.parseOptionalLParen()))
      return success();
    return failure(parser.parseOperandList(values) ||
                   parser.parseColonTypeList(valueTypes) ||
                   parser.parseRParen());
  };
  // br_table with nothing but a default is valid Wasm: `[none]`.
  if (succeeded(parser.parseOptionalKeyword("none")))
    return success();
  return parser.parseCommaSeparatedList(parseCase);
}

void twc::twasm::printBrTableCases(OpAsmPrinter &printer, Operation *,
                              SuccessorRange dests,
                              OperandRangeRange operands,
                              const TypeRangeRange &types) {
  if (dests.empty()) {
    printer << "none";
    return;
  }
  llvm::interleaveComma(llvm::zip(dests, operands), printer, [&](auto it) {
    auto [dest, values] = it;
    printer << dest;
    if (!values.empty())
      printer << "(" << values << " : " << values.getTypes() << ")";
  });
}

ParseResult twc::twasm::parseIndex(OpAsmParser &parser,
                                   OpAsmParser::UnresolvedOperand &index,
                                   Type &type) {
  Builder &b = parser.getBuilder();
  type = succeeded(parser.parseOptionalKeyword("i64")) ? b.getI64Type()
                                                       : b.getI32Type();
  return parser.parseOperand(index);
}

void twc::twasm::printIndex(OpAsmPrinter &printer, Operation *, Value index,
                            Type type) {
  if (type.isInteger(64))
    printer << "i64 ";
  printer << index;
}

ParseResult twc::twasm::parseTailSignature(OpAsmParser &parser,
                                           SmallVectorImpl<Type> &arguments,
                                           ArrayAttr &results) {
  FunctionType type;
  if (parser.parseType(type))
    return failure();
  llvm::append_range(arguments, type.getInputs());
  results = parser.getBuilder().getTypeArrayAttr(type.getResults());
  return success();
}

void twc::twasm::printTailSignature(OpAsmPrinter &printer, Operation *op,
                                    TypeRange arguments, ArrayAttr results) {
  auto types = llvm::to_vector(results.getAsValueRange<TypeAttr>());
  printer << FunctionType::get(op->getContext(), arguments, types);
}
