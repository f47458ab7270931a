//===- Target.cpp - what the patterns of each target share ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small values, calls of opaque functions and assembly, in the LLVM dialect.
//
//===----------------------------------------------------------------------===//

#include "Target.h"

using namespace mlir;
using namespace twc;
using twrun::abi::CollectiveOp;

Value twc::makeI32(OpBuilder &b, Location loc, uint32_t value) {
  return LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(value));
}
Value twc::makeI64(OpBuilder &b, Location loc, uint64_t value) {
  return LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}

Value twc::launchArgument(Operation *op, LaunchConstant which) {
  return op->getParentOfType<FunctionOpInterface>().getArgument(which);
}

Value twc::callRuntime(OpBuilder &b, Operation *op, StringRef name,
                       ValueRange arguments, Type result) {
  auto module = op->getParentOfType<ModuleOp>();
  auto func = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
  if (!func) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    auto type = LLVM::LLVMFunctionType::get(
        result ? result : LLVM::LLVMVoidType::get(op->getContext()),
        llvm::to_vector(arguments.getTypes()));
    func = LLVM::LLVMFuncOp::create(b, module.getLoc(), name, type);
  }
  auto call = LLVM::CallOp::create(b, op->getLoc(), func, arguments);
  return result ? call.getResult() : Value();
}

Value twc::makeAssembly(OpBuilder &b, Location loc, Type result, StringRef text,
                        StringRef constraints, ValueRange arguments,
                        bool hasSideEffects) {
  auto op = LLVM::InlineAsmOp::create(
      b, loc, result ? TypeRange(result) : TypeRange(), arguments, text,
      constraints, hasSideEffects, /*is_align_stack=*/false,
      LLVM::TailCallKind::None,
      LLVM::AsmDialectAttr::get(b.getContext(), LLVM::AsmDialect::AD_ATT),
      ArrayAttr());
  return result ? op->getResult(0) : Value();
}

Value twc::makeIntrinsic(OpBuilder &b, Location loc, Type type,
                         const Twine &name, ValueRange arguments) {
  StringAttr full = b.getStringAttr("llvm.nvvm." + name);
  if (type)
    return LLVM::CallIntrinsicOp::create(b, loc, type, full, arguments)
        ->getResult(0);
  LLVM::CallIntrinsicOp::create(b, loc, full, arguments);
  return {};
}

Value twc::callCollective(OpBuilder &b, Operation *op, CollectiveOp what,
                          Value mask, Value value, Value first, Value second) {
  Location loc = op->getLoc();
  auto [function, at] = getPlace(op);
  auto orZero = [&](Value v) { return v ? v : makeI32(b, loc, 0); };
  return callRuntime(b, op, runtime::collective,
                     {runtimePointer(op), makeI32(b, loc, uint32_t(what)),
                      orZero(mask), value ? value : makeI64(b, loc, 0),
                      orZero(first), orZero(second), makeI32(b, loc, function),
                      makeI32(b, loc, at)},
                     b.getI64Type());
}

Value twc::toBits(OpBuilder &b, Location loc, Value value) {
  Type i64 = b.getI64Type();
  if (isa<FloatType>(value.getType()))
    value = LLVM::BitcastOp::create(
        b, loc, b.getIntegerType(value.getType().getIntOrFloatBitWidth()),
        value);
  return value.getType() == i64
             ? value
             : LLVM::ZExtOp::create(b, loc, i64, value).getResult();
}

Value twc::fromBits(OpBuilder &b, Location loc, Value bits, Type type) {
  unsigned width = type.getIntOrFloatBitWidth();
  if (width < 64)
    bits = LLVM::TruncOp::create(b, loc, b.getIntegerType(width), bits);
  return isa<FloatType>(type)
             ? LLVM::BitcastOp::create(b, loc, type, bits).getResult()
             : bits;
}
