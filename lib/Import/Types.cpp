//===- Types.cpp - types, constants and places of a module ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From WABT's types and constant expressions to MLIR's.
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"

#include "mlir/IR/Location.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace twc;

Type ModuleBuilder::convertType(wabt::Type type) {
  switch (type) {
  case wabt::Type::I32:
    return builder.getI32Type();
  case wabt::Type::I64:
    return builder.getI64Type();
  case wabt::Type::F32:
    return builder.getF32Type();
  case wabt::Type::F64:
    return builder.getF64Type();
  case wabt::Type::V128:
    return VectorType::get(4, builder.getI32Type());
  case wabt::Type::FuncRef:
    return twasm::FuncRefType::get(builder.getContext());
  case wabt::Type::ExternRef:
    return twasm::ExternRefType::get(builder.getContext());
  default:
    llvm_unreachable("the first reading refuses other types");
  }
}

SmallVector<Type> ModuleBuilder::convertTypes(ArrayRef<wabt::Type> types) {
  return llvm::map_to_vector(types, [&](wabt::Type t) -> Type {
    return convertType(t);
  });
}

FunctionType ModuleBuilder::convertFunctionType(uint32_t typeIndex) {
  const FuncTypeFact &type = facts.types[typeIndex];
  return builder.getFunctionType(convertTypes(type.params),
                                 convertTypes(type.results));
}

std::pair<SmallVector<Type>, SmallVector<Type>>
ModuleBuilder::convertBlockType(wabt::Type type) {
  if (type.IsIndex()) {
    const FuncTypeFact &sig = facts.types[type.GetIndex()];
    return {convertTypes(sig.params), convertTypes(sig.results)};
  }
  if (type == wabt::Type::Void)
    return {};
  return {{}, {convertType(type)}};
}

TypedAttr ModuleBuilder::convertConstant(wabt::Type type, uint64_t bits,
                                         uint64_t highBits) {
  switch (type) {
  case wabt::Type::I32:
    return builder.getIntegerAttr(builder.getI32Type(),
                                  APInt(32, uint32_t(bits)));
  case wabt::Type::I64:
    return builder.getI64IntegerAttr(bits);
  // From the bits, so that every NaN keeps its payload.
  case wabt::Type::F32:
    return FloatAttr::get(builder.getF32Type(),
                          APFloat(APFloat::IEEEsingle(),
                                  APInt(32, uint32_t(bits))));
  case wabt::Type::F64:
    return FloatAttr::get(builder.getF64Type(),
                          APFloat(APFloat::IEEEdouble(), APInt(64, bits)));
  case wabt::Type::V128: {
    const int32_t lanes[] = {int32_t(bits), int32_t(bits >> 32),
                             int32_t(highBits), int32_t(highBits >> 32)};
    return DenseElementsAttr::get(cast<VectorType>(convertType(type)),
                                  ArrayRef(lanes));
  }
  default:
    llvm_unreachable("the first reading refuses other types");
  }
}

Location ModuleBuilder::locate(uint32_t function, uint64_t offset) {
  return NameLoc::get(builder.getStringAttr(symbols.functions[function]),
                      FileLineColLoc::get(
                          file, linker.getFirstFunction() + function, offset));
}

Type ModuleBuilder::getAddressType(uint32_t index) {
  return memories[index].getIndex64() ? builder.getI64Type()
                                      : builder.getI32Type();
}

FlatSymbolRefAttr ModuleBuilder::getMemoryRef(uint32_t index) {
  return index == 0 ? FlatSymbolRefAttr()
                    : FlatSymbolRefAttr::get(memories[index]);
}

//===-- Constant expressions ----------------------------------------------===//

/// Every value that one can use is known now: the globals that it may refer to
/// are immutable and linked (Wasm spec 3.3.7).
TypedAttr ModuleBuilder::evaluate(const ConstExpr &expression) {
  SmallVector<TypedAttr> stack;
  for (const ConstInstr &i : expression) {
    switch (i.kind) {
    case ConstInstr::Const:
      stack.push_back(convertConstant(i.type, i.bits, i.highBits));
      break;
    case ConstInstr::GlobalGet:
      stack.push_back(globals[i.index].getInit());
      break;
    case ConstInstr::RefNull:
      stack.push_back(
          twasm::RefAttr::get(builder.getContext(), convertType(i.type),
                              FlatSymbolRefAttr()));
      break;
    case ConstInstr::RefFunc:
      stack.push_back(twasm::RefAttr::get(
          builder.getContext(), convertType(wabt::Type::FuncRef),
          FlatSymbolRefAttr::get(builder.getContext(),
                                 symbols.functions[i.index])));
      break;
    case ConstInstr::Add:
    case ConstInstr::Sub:
    case ConstInstr::Mul: {
      APInt b = cast<IntegerAttr>(stack.pop_back_val()).getValue();
      APInt a = cast<IntegerAttr>(stack.pop_back_val()).getValue();
      APInt result = i.kind == ConstInstr::Add   ? a + b
                     : i.kind == ConstInstr::Sub ? a - b
                                                 : a * b;
      stack.push_back(builder.getIntegerAttr(convertType(i.type), result));
      break;
    }
    }
  }
  return stack.back();
}

uint64_t ModuleBuilder::evaluateOffset(const ConstExpr &expression) {
  return cast<IntegerAttr>(evaluate(expression)).getValue().getZExtValue();
}
