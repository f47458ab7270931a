//===- Compare.h - how two buffers differ -----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts what differs between the outputs of two contestants; whether that is
// too much, whoever reads the report knows.
//
//===----------------------------------------------------------------------===//

#ifndef TWBENCH_COMPARE_H
#define TWBENCH_COMPARE_H

#include "lib/CLI/Array.h"

#include <span>

namespace twrun::bench {

struct Difference {
  uint64_t elements = 0;
  uint64_t differing = 0; // in any bit
  uint64_t nans = 0;      // of these: NaN, or infinite, in one of the two
  double largest = 0;     // of the others: the largest difference
  double magnitude = 0;   // largest finite absolute value of the expected
};

/// Both have elements of `type` and the same size.
Difference compare(cli::ElementType type, std::span<const uint8_t> expected,
                   std::span<const uint8_t> found);

} // namespace twrun::bench

#endif // TWBENCH_COMPARE_H
