//===- Instructions.cpp - Wasm instructions and their ops -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Look-up in the generated instruction table.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/Instructions.h"

#include "llvm/ADT/STLExtras.h"

#include <tuple>

using namespace twc::twasm;

static constexpr Instruction table[] = {
#define TWASM_INSTR(prefix, opcode, name, op, operands, result, bits, sign,    \
                    shape)                                                     \
  {prefix, opcode, name, op, operands, result, bits, sign, shape},
#include "TWasm/TWasmInstructions.inc"
#undef TWASM_INSTR
};

llvm::ArrayRef<Instruction> twc::twasm::instructions() { return table; }

const Instruction *twc::twasm::findInstruction(uint8_t prefix,
                                               uint32_t opcode) {
  auto key = [](const Instruction &i) {
    return std::make_tuple(i.prefix, i.opcode);
  };
  auto *it = llvm::lower_bound(
      table, std::make_tuple(prefix, opcode),
      [&](const Instruction &i, auto wanted) { return key(i) < wanted; });
  if (it == std::end(table) || it->prefix != prefix || it->opcode != opcode)
    return nullptr;
  return it;
}
