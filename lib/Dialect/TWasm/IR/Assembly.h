//===- Assembly.h - custom assembly forms of the twasm dialect --*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the ops' declarative formats call custom<...>.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_DIALECT_TWASM_IR_ASSEMBLY_H
#define TWC_LIB_DIALECT_TWASM_IR_ASSEMBLY_H

#include "twc/Dialect/TWasm/IR/TWasm.h"

namespace twc::twasm {

/// `^bb1(%a : i32), ^bb2`, or `none`.
ParseResult parseBrTableCases(
    OpAsmParser &parser, SmallVectorImpl<Block *> &dests,
    SmallVectorImpl<SmallVector<OpAsmParser::UnresolvedOperand>> &operands,
    SmallVectorImpl<SmallVector<Type>> &types);
void printBrTableCases(OpAsmPrinter &printer, Operation *op,
                       SuccessorRange dests, OperandRangeRange operands,
                       const TypeRangeRange &types);

/// `%index` of type i32, `i64 %index`.
ParseResult parseIndex(OpAsmParser &parser,
                       OpAsmParser::UnresolvedOperand &index, Type &type);
void printIndex(OpAsmPrinter &printer, Operation *op, Value index, Type type);

/// `(i32, f32) -> i32`: types of arguments and, as an attribute, of results.
ParseResult parseTailSignature(OpAsmParser &parser,
                               SmallVectorImpl<Type> &arguments,
                               ArrayAttr &results);
void printTailSignature(OpAsmPrinter &printer, Operation *op,
                        TypeRange arguments, ArrayAttr results);

} // namespace twc::twasm

#endif // TWC_LIB_DIALECT_TWASM_IR_ASSEMBLY_H
