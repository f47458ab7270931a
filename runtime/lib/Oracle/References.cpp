//===- References.cpp - values between runtime and interpreter ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "References.h"

namespace interp = wabt::interp;

namespace twrun {

wabt::Type toWabt(ValueType type) {
  switch (type) {
  case ValueType::I32:
    return wabt::Type::I32;
  case ValueType::I64:
    return wabt::Type::I64;
  case ValueType::F32:
    return wabt::Type::F32;
  case ValueType::F64:
    return wabt::Type::F64;
  case ValueType::V128:
    return wabt::Type::V128;
  case ValueType::FuncRef:
    return wabt::Type::FuncRef;
  case ValueType::ExternRef:
    return wabt::Type::ExternRef;
  }
  return wabt::Type::Any;
}

void References::addFunctions(const interp::RefVec &more) {
  size_t first = functions.size();
  functions.resize(first + more.size(), interp::Ref::Null);
  setFunctions(first, more);
}

void References::setFunctions(size_t first, const interp::RefVec &more) {
  for (size_t i = 0; i < more.size() && first + i < functions.size(); ++i) {
    if (more[i] == interp::Ref::Null)
      continue;
    functions[first + i] = more[i];
    numbers.try_emplace(more[i].index, first + i);
  }
}

uint64_t References::canonical(ValueType type, uint64_t bits) const {
  if (type != ValueType::FuncRef || bits == abi::nullReference ||
      bits > functions.size())
    return bits;
  auto known = numbers.find(functions[bits - 1].index);
  return known == numbers.end() ? bits : known->second + 1;
}

Expected<interp::Value> References::toInterpreter(const Value &value) {
  switch (value.type) {
  case ValueType::I32:
  case ValueType::F32:
    return interp::Value::Make(uint32_t(value.bits));
  case ValueType::I64:
  case ValueType::F64:
    return interp::Value::Make(uint64_t(value.bits));
  case ValueType::V128:
    return interp::Value::Make(
        v128(uint32_t(value.bits), uint32_t(value.bits >> 32),
             uint32_t(value.high), uint32_t(value.high >> 32)));
  case ValueType::FuncRef:
    if (value.bits == abi::nullReference)
      return interp::Value::Make(interp::Ref::Null);
    if (value.bits > functions.size() ||
        functions[value.bits - 1] == interp::Ref::Null)
      return makeError(ErrorKind::Invalid, "the interpreter has no function " +
                                               std::to_string(value.bits - 1));
    return interp::Value::Make(functions[value.bits - 1]);
  case ValueType::ExternRef:
    if (value.bits == abi::nullReference)
      return interp::Value::Make(interp::Ref::Null);
    auto &object = externs[value.bits];
    if (!object)
      object =
          interp::Foreign::New(store, reinterpret_cast<void *>(value.bits));
    return interp::Value::Make(object.ref());
  }
  return makeError(ErrorKind::Invalid, "a value of an unknown type");
}

Value References::fromInterpreter(ValueType type, const interp::Value &value) {
  switch (type) {
  case ValueType::I32:
  case ValueType::F32:
    return {type, value.Get<uint32_t>()};
  case ValueType::I64:
  case ValueType::F64:
    return {type, value.Get<uint64_t>()};
  case ValueType::V128: {
    v128 bits = value.Get<v128>();
    return {type, bits.u64(0), bits.u64(1)};
  }
  case ValueType::FuncRef:
  case ValueType::ExternRef:
    return {type, fromInterpreter(type, value.Get<interp::Ref>())};
  }
  return {type, 0};
}

uint64_t References::fromInterpreter(ValueType type, interp::Ref ref) {
  if (ref == interp::Ref::Null)
    return abi::nullReference;
  if (type == ValueType::FuncRef) {
    auto known = numbers.find(ref.index);
    // A function without a number equals no device's reference.
    return known == numbers.end() ? UINT64_MAX : known->second + 1;
  }
  return reinterpret_cast<uint64_t>(
      store.UnsafeGet<interp::Foreign>(ref)->ptr());
}

} // namespace twrun
