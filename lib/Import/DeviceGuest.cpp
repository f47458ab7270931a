//===- DeviceGuest.cpp - imports of tw that need no other thread ----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the thread is, arithmetic, time, output and end.
//
//===----------------------------------------------------------------------===//

#include "DeviceImports.h"

using namespace mlir;
using namespace twc;
using WType = wabt::Type;

template <typename Op>
static void addGeometry(DeviceTable &table, StringRef name) {
  for (twasm::Dim dim : {twasm::Dim::x, twasm::Dim::y, twasm::Dim::z})
    table.add(name + "_" + twasm::stringifyDim(dim), {}, {WType::I32},
              [dim](DeviceCall &c) -> Value {
                return Op::create(c.builder, c.loc, c.builder.getI32Type(),
                                  dim);
              });
}

void twc::addPlaceImports(DeviceTable &table) {
  addGeometry<twasm::ThreadIdOp>(table, "thread_id");
  addGeometry<twasm::BlockIdOp>(table, "block_id");
  addGeometry<twasm::BlockDimOp>(table, "block_dim");
  addGeometry<twasm::GridDimOp>(table, "grid_dim");
  table.add("global_id", {}, {WType::I64}, [](DeviceCall &c) -> Value {
    return twasm::GlobalIdOp::create(c.builder, c.loc, c.builder.getI64Type());
  });
  table.add("lane_id", {}, {WType::I32}, [](DeviceCall &c) -> Value {
    return twasm::LaneIdOp::create(c.builder, c.loc, c.builder.getI32Type());
  });
  table.add("warp_id", {}, {WType::I32}, [](DeviceCall &c) -> Value {
    return twasm::WarpIdOp::create(c.builder, c.loc, c.builder.getI32Type());
  });
  table.add("warp_size", {}, {WType::I32}, [](DeviceCall &c) -> Value {
    return twasm::ConstOp::create(c.builder, c.loc, c.builder.getI32Type(),
                                  c.builder.getI32IntegerAttr(32));
  });
}

void twc::addArithmeticImports(DeviceTable &table) {
  for (auto [name, type] : ArrayRef(deviceTypes).drop_front(2)) {
    table.add("fma_" + name, {type, type, type}, {type},
              [](DeviceCall &c) -> Value {
                return twasm::FmaOp::create(c.builder, c.loc, c.arguments[0],
                                            c.arguments[1], c.arguments[2]);
              });
    table.add("rsqrt_" + name, {type}, {type}, [](DeviceCall &c) -> Value {
      return twasm::RsqrtOp::create(c.builder, c.loc, c.arguments[0]);
    });
  }
  for (unsigned i = 0; i <= twasm::getMaxEnumValForFastMath(); ++i) {
    auto function = *twasm::symbolizeFastMath(i);
    table.add("fast_" + twasm::stringifyFastMath(function) + "_f32",
              {WType::F32}, {WType::F32}, [function](DeviceCall &c) -> Value {
                return twasm::FastMathOp::create(c.builder, c.loc, function,
                                                 c.arguments[0]);
              });
  }
  table.add("fast_div_f32", {WType::F32, WType::F32}, {WType::F32},
            [](DeviceCall &c) -> Value {
              return twasm::FastDivOp::create(c.builder, c.loc, c.arguments[0],
                                              c.arguments[1]);
            });
}

void twc::addOutputImports(DeviceTable &table) {
  table.add("clock", {}, {WType::I64}, [](DeviceCall &c) -> Value {
    return twasm::ClockOp::create(c.builder, c.loc, c.builder.getI64Type(),
                                  twasm::ClockKind::cycles);
  });
  table.add("timer", {}, {WType::I64}, [](DeviceCall &c) -> Value {
    return twasm::ClockOp::create(c.builder, c.loc, c.builder.getI64Type(),
                                  twasm::ClockKind::nanoseconds);
  });
  table.add("printf", {WType::I32, WType::I32}, {WType::I32},
            [](DeviceCall &c) -> Value {
              return twasm::PrintfOp::create(
                  c.builder, c.loc, c.builder.getI32Type(), c.arguments[0],
                  c.arguments[1], FlatSymbolRefAttr());
            });
  table.add("abort", {WType::I32}, {}, [](DeviceCall &c) -> Value {
    twasm::AbortOp::create(c.builder, c.loc, c.arguments[0],
                           FlatSymbolRefAttr());
    return {};
  });
}
