//===- Matrix.h - the matrix fragments of a warp ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/DeviceInterface.md, "Matrix units", on the host: a warp's fragments are
// whole matrices here, in f32, which holds every f16, bf16 and tf32.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_BLOCK_MATRIX_H
#define TWRUN_LIB_BLOCK_MATRIX_H

#include "Format/KernelABI.h"

#include <array>

namespace twrun {

/// The fragments of one warp, zero at first.
class WarpMatrices {
public:
  static constexpr unsigned inputs = 8, accumulators = 16;

  /// Whether `call` is a matrix operation that names fragments and an element
  /// type that there are.
  static bool isValid(const abi::Collective &call);

  /// MatrixFill to MatrixMma, for the whole warp; reads and writes the memory
  /// that `call` points to, which has been checked.
  void apply(const abi::Collective &call);

private:
  using Tile = std::array<float, 256>; // 16 rows of 16
  std::array<Tile, inputs> a{}, b{};
  std::array<Tile, accumulators> c{};
};

/// The value of IEEE binary16 and of bfloat16 bits.
float fromHalf(uint16_t bits);
float fromBFloat(uint16_t bits);

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_MATRIX_H
