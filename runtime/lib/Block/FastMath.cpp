//===- FastMath.cpp - the fast-math imports on the host -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FastMath.h"

#include "FloatEnvironment.h"

#include <bit>
#include <chrono>
#include <cmath>
#include <limits>

using namespace twrun;
using abi::MathOp;

/// In f64 and rounded once more, so that what libc's f32 functions lose does
/// not show.
static double compute(MathOp op, double x) {
  switch (op) {
  case MathOp::Rcp:
    return 1 / x;
  case MathOp::Sqrt:
    return std::sqrt(x);
  case MathOp::Rsqrt:
    return 1 / std::sqrt(x);
  case MathOp::Sin:
    return std::sin(x);
  case MathOp::Cos:
    return std::cos(x);
  case MathOp::Exp2:
    return std::exp2(x);
  case MathOp::Log2:
    return std::log2(x);
  case MathOp::Tanh:
    return std::tanh(x);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

float twrun::fastMath(MathOp op, float x) {
  FloatEnvironment environment;
  x = std::bit_cast<float>(FloatEnvironment::pin(std::bit_cast<uint32_t>(x)));
  float result = float(compute(op, x));
  if (std::isnan(result))
    result = std::numeric_limits<float>::quiet_NaN();
  return std::bit_cast<float>(
      FloatEnvironment::pin(std::bit_cast<uint32_t>(result)));
}

uint64_t twrun::timerNanoseconds() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return uint64_t(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}
