//===- DeviceMatrix.cpp - imports of tw: matrix units ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fragments are named by constants: on a GPU they are registers.
//
//===----------------------------------------------------------------------===//

#include "DeviceImports.h"

using namespace mlir;
using namespace twc;
using twasm::MatrixElement;
using twasm::MatrixFile;
using twasm::MatrixLayout;
using WType = wabt::Type;

static constexpr unsigned operands = 8, accumulators = 16;

static std::optional<uint64_t> accumulator(DeviceCall &c, unsigned argument) {
  return c.requireConstant(argument, "the number of an accumulator",
                           accumulators);
}

static void addLoad(DeviceTable &table, const Twine &name, MatrixFile file,
                    MatrixElement element, MatrixLayout layout) {
  table.add(name, {WType::I32, WType::I32, WType::I32}, {},
            [=](DeviceCall &c) -> Value {
              std::optional<uint64_t> fragment =
                  file == MatrixFile::c
                      ? accumulator(c, 0)
                      : c.requireConstant(0, "the number of a fragment",
                                          operands);
              if (fragment)
                twasm::MatrixLoadOp::create(c.builder, c.loc, file, element,
                                            *fragment, layout, c.arguments[1],
                                            c.arguments[2],
                                            FlatSymbolRefAttr());
              return {};
            });
}

static void addMma(DeviceTable &table, MatrixElement element) {
  table.add("matrix_mma_" + twasm::stringifyMatrixElement(element),
            {WType::I32, WType::I32, WType::I32, WType::I32}, {},
            [=](DeviceCall &c) -> Value {
              auto d = accumulator(c, 0);
              auto a = c.requireConstant(1, "the number of a fragment",
                                         operands);
              auto b = c.requireConstant(2, "the number of a fragment",
                                         operands);
              auto sum = accumulator(c, 3);
              if (d && a && b && sum)
                twasm::MatrixMmaOp::create(c.builder, c.loc, element, *d, *a,
                                           *b, *sum);
              return {};
            });
}

void twc::addMatrixImports(DeviceTable &table) {
  table.add("matrix_fill_f32", {WType::I32, WType::F32}, {},
            [](DeviceCall &c) -> Value {
              if (auto fragment = accumulator(c, 0))
                twasm::MatrixFillOp::create(c.builder, c.loc, *fragment,
                                            c.arguments[1]);
              return {};
            });
  for (MatrixElement element :
       {MatrixElement::f16, MatrixElement::bf16, MatrixElement::tf32})
    addMma(table, element);
  for (MatrixLayout layout : {MatrixLayout::row, MatrixLayout::col}) {
    StringRef order = twasm::stringifyMatrixLayout(layout);
    for (MatrixElement element :
         {MatrixElement::f16, MatrixElement::bf16, MatrixElement::tf32})
      for (MatrixFile file : {MatrixFile::a, MatrixFile::b})
        addLoad(table,
                "matrix_load_" + twasm::stringifyMatrixFile(file) + "_" +
                    twasm::stringifyMatrixElement(element) + "_" + order,
                file, element, layout);
    addLoad(table, "matrix_load_f32_" + order, MatrixFile::c,
            MatrixElement::f32, layout);
    table.add("matrix_store_f32_" + order,
              {WType::I32, WType::I32, WType::I32}, {},
              [layout](DeviceCall &c) -> Value {
                if (auto fragment = accumulator(c, 0))
                  twasm::MatrixStoreOp::create(
                      c.builder, c.loc, *fragment, layout, c.arguments[1],
                      c.arguments[2], FlatSymbolRefAttr());
                return {};
              });
  }
}
