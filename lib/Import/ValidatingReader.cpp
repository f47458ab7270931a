//===- ValidatingReader.cpp - WABT's validator behind its binary reader ---===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The callbacks that do more than forward.
//
//===----------------------------------------------------------------------===//

#include "ValidatingReader.h"

#include "twc/Dialect/TWasm/IR/Instructions.h"

using namespace twc;
using wabt::Result;

/// Instructions that become places and values rather than ops.
static bool isStructural(wabt::Opcode opcode) {
  switch (opcode) {
  case wabt::Opcode::Nop:
  case wabt::Opcode::Block:
  case wabt::Opcode::Loop:
  case wabt::Opcode::Else:
  case wabt::Opcode::End:
  case wabt::Opcode::Drop:
  case wabt::Opcode::LocalGet:
  case wabt::Opcode::LocalSet:
  case wabt::Opcode::LocalTee:
    return true;
  default:
    return false;
  }
}

Result ValidatingReader::unsupported(const std::string &what) {
  errors.emplace_back(wabt::ErrorLevel::Error, at(),
                      what + " is not supported by this version of twc" +
                          where);
  return Result::Error;
}

Result ValidatingReader::tooMany(const std::string &what, uint64_t most,
                                 const char *remedy) {
  errors.emplace_back(wabt::ErrorLevel::Error, at(),
                      what + ", but twc takes at most " +
                          std::to_string(most) + ": " + remedy + where);
  return Result::Error;
}

Result ValidatingReader::OnOpcode(Opcode opcode) {
  // The reader itself refuses an opcode that does not exist.
  if (opcode.IsInvalid() || inConstantExpression || isStructural(opcode) ||
      twasm::findInstruction(opcode.GetPrefix(), opcode.GetCode()))
    return Result::Ok;
  return unsupported(std::string("instruction '") + opcode.GetName() + "'");
}

Result ValidatingReader::OnBrTableExpr(Index count, Index *depths,
                                       Index defaultDepth) {
  Result result = validator.BeginBrTable(at());
  for (Index i = 0; i < count; ++i)
    result |= validator.OnBrTableTarget(at(), var(depths[i]));
  result |= validator.OnBrTableTarget(at(), var(defaultDepth));
  result |= validator.EndBrTable(at());
  return result;
}

Result ValidatingReader::OnI32ConstExpr(uint32_t) {
  return validator.OnConst(at(), Type::I32);
}
Result ValidatingReader::OnI64ConstExpr(uint64_t) {
  return validator.OnConst(at(), Type::I64);
}
Result ValidatingReader::OnF32ConstExpr(uint32_t) {
  return validator.OnConst(at(), Type::F32);
}
Result ValidatingReader::OnF64ConstExpr(uint64_t) {
  return validator.OnConst(at(), Type::F64);
}
