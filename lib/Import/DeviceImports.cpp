//===- DeviceImports.cpp - imports of module tw ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names under which a guest reaches the device, and the ops they become.
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace twc;

namespace {
enum class DeviceFn { None, ThreadId, BlockId, BlockDim, GridDim, Fma };
}

static std::pair<DeviceFn, twasm::Dim> classify(StringRef field) {
  if (field == "fma_f32" || field == "fma_f64")
    return {DeviceFn::Fma, twasm::Dim::x};
  auto [name, dim] = field.rsplit('_');
  DeviceFn fn = llvm::StringSwitch<DeviceFn>(name)
                    .Case("thread_id", DeviceFn::ThreadId)
                    .Case("block_id", DeviceFn::BlockId)
                    .Case("block_dim", DeviceFn::BlockDim)
                    .Case("grid_dim", DeviceFn::GridDim)
                    .Default(DeviceFn::None);
  std::optional<twasm::Dim> which = twasm::symbolizeDim(dim);
  return which ? std::pair(fn, *which)
               : std::pair(DeviceFn::None, twasm::Dim::x);
}

bool twc::isDeviceImport(const FunctionFact &function,
                         const FuncTypeFact &type) {
  if (!function.import || function.import->module != "tw")
    return false;
  std::vector<wabt::Type> params, results = {wabt::Type::I32};
  StringRef field = function.import->field;
  switch (classify(field).first) {
  case DeviceFn::None:
    return false;
  case DeviceFn::Fma:
    results = {field == "fma_f32" ? wabt::Type::F32 : wabt::Type::F64};
    params.assign(3, results[0]);
    break;
  default:
    break;
  }
  return type.params == params && type.results == results;
}

Value twc::buildDeviceImport(OpBuilder &builder, Location loc, StringRef field,
                             ArrayRef<Value> arguments) {
  auto [fn, dim] = classify(field);
  Type i32 = builder.getI32Type();
  switch (fn) {
  case DeviceFn::ThreadId:
    return twasm::ThreadIdOp::create(builder, loc, i32, dim);
  case DeviceFn::BlockId:
    return twasm::BlockIdOp::create(builder, loc, i32, dim);
  case DeviceFn::BlockDim:
    return twasm::BlockDimOp::create(builder, loc, i32, dim);
  case DeviceFn::GridDim:
    return twasm::GridDimOp::create(builder, loc, i32, dim);
  case DeviceFn::Fma:
    return twasm::FmaOp::create(builder, loc, arguments[0], arguments[1],
                                arguments[2]);
  case DeviceFn::None:
    break;
  }
  llvm_unreachable("not a device import");
}
