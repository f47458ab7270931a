//===- Instructions.h - Wasm instructions and their ops ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table that says which op stands for which Wasm instruction, generated
// from the ops' TableGen definitions.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_DIALECT_TWASM_IR_INSTRUCTIONS_H
#define TWC_DIALECT_TWASM_IR_INSTRUCTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace twc::twasm {

/// One Wasm instruction. `operands` and `result` are the spec's type names,
/// separated by blanks; empty where they depend on the module.
struct Instruction {
  uint8_t prefix; ///< 0 for one-byte opcodes
  uint32_t opcode;
  llvm::StringLiteral name; ///< as in the text format, "i32.add"
  llvm::StringLiteral op;   ///< "twasm.iadd"
  llvm::StringLiteral operands;
  llvm::StringLiteral result;
  uint8_t storageBits; ///< width in memory of a load or store, else 0
  char sign;           ///< 's', 'u' or '-'
  /// A vector instruction's shape ("i32x4"), an atomic one's operation
  /// ("xchg"), else empty.
  llvm::StringLiteral shape;
};

/// All instructions with an op, sorted by prefix and opcode.
llvm::ArrayRef<Instruction> instructions();

/// The instruction with this encoding, or null.
const Instruction *findInstruction(uint8_t prefix, uint32_t opcode);

} // namespace twc::twasm

#endif // TWC_DIALECT_TWASM_IR_INSTRUCTIONS_H
