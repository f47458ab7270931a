//===- DeviceArithmetic.cpp - arithmetic that Wasm lacks ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/DeviceInterface.md, "Arithmetic".
//
//===----------------------------------------------------------------------===//

#include "DeviceFunctions.h"

#include "lib/Block/FastMath.h"

#include <bit>
#include <cmath>

using wabt::Type;

namespace twrun::device {

namespace {

float f32Of(const Values &arguments, size_t index) {
  return std::bit_cast<float>(arguments[index].Get<uint32_t>());
}
double f64Of(const Values &arguments, size_t index) {
  return std::bit_cast<double>(arguments[index].Get<uint64_t>());
}

/// f32s → f32, or f64s → f64: what `compute` makes of the arguments.
template <typename Compute>
HostFunc::Ptr makeFloat(Store &store, Type::Enum type, size_t operands,
                        Compute compute) {
  return make(store, Types(operands, type), {type},
              [compute](Thread &, const Values &arguments, Values &results) {
                auto bits = canonicalBits(compute(arguments));
                results[0].Set<decltype(bits)>(bits);
                return Trapped();
              });
}

} // namespace

HostFunc::Ptr makeArithmetic(Store &store, std::string_view name,
                             DeviceContext &) {
  if (name == "fma_f32")
    return makeFloat(store, Type::F32, 3, [](const Values &v) {
      return std::fma(f32Of(v, 0), f32Of(v, 1), f32Of(v, 2));
    });
  if (name == "fma_f64")
    return makeFloat(store, Type::F64, 3, [](const Values &v) {
      return std::fma(f64Of(v, 0), f64Of(v, 1), f64Of(v, 2));
    });
  if (name == "rsqrt_f32")
    return makeFloat(store, Type::F32, 1, [](const Values &v) {
      return float(1 / std::sqrt(double(f32Of(v, 0))));
    });
  if (name == "rsqrt_f64")
    return makeFloat(store, Type::F64, 1, [](const Values &v) {
      return 1 / std::sqrt(f64Of(v, 0));
    });
  if (name == "fast_div_f32")
    return makeFloat(store, Type::F32, 2,
                     [](const Values &v) { return f32Of(v, 0) / f32Of(v, 1); });
  static constexpr struct {
    std::string_view name;
    abi::MathOp op;
  } functions[] = {{"fast_rcp_f32", abi::MathOp::Rcp},
                   {"fast_sqrt_f32", abi::MathOp::Sqrt},
                   {"fast_rsqrt_f32", abi::MathOp::Rsqrt},
                   {"fast_sin_f32", abi::MathOp::Sin},
                   {"fast_cos_f32", abi::MathOp::Cos},
                   {"fast_exp2_f32", abi::MathOp::Exp2},
                   {"fast_log2_f32", abi::MathOp::Log2},
                   {"fast_tanh_f32", abi::MathOp::Tanh}};
  for (const auto &function : functions)
    if (name == function.name)
      return makeFloat(store, Type::F32, 1,
                       [op = function.op](const Values &v) {
                         return fastMath(op, f32Of(v, 0));
                       });
  return {};
}

} // namespace twrun::device
