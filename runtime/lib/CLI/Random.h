//===- Random.h - reproducible inputs ---------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The generator behind random:SEED:TYPE:SHAPE, defined by its formula so that
// the same seed gives the same bytes on every platform and in every version:
// SplitMix64 (Steele, Lea, Flood 2014) started at SEED, one output per element.
//
//   f32: (output >> 40) · 2^-23 − 1      f64: (output >> 11) · 2^-52 − 1
//   integers of n bits: output >> (64 − n)
//
// Both float formulas are exact and uniform in [-1, 1).
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_RANDOM_H
#define TWRUN_LIB_CLI_RANDOM_H

#include "Array.h"

#include <span>

namespace twrun::cli {

/// Fills `data`, elements of `type`, from `seed`.
void fillRandom(uint64_t seed, ElementType type, std::span<uint8_t> data);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_RANDOM_H
