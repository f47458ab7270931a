//===- Tolerance.h - bounds instead of bits ---------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Some results differ for good reason: fast arithmetic, matrix units, sums
// whose order is the scheduler's. `--tolerance` says how far f32 and f64
// elements and results may be apart; whoever uses it is told how far they were.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_TOLERANCE_H
#define TWRUN_LIB_CLI_TOLERANCE_H

#include "Array.h"

namespace twrun::cli {

/// What two numbers may differ by: they agree when one of the bounds holds.
/// Without a bound only equal bits agree.
struct Tolerance {
  std::optional<double> absolute; // |device - interpreter|
  std::optional<double> relative; // the same, divided by |interpreter|
  std::optional<uint64_t> ulps;   // floats of the type between the two
  bool isExact() const { return !absolute && !relative && !ulps; }
};

/// "abs:1e-6,rel:1e-5,ulp:4", each at most once, in any order.
Expected<Tolerance> parseTolerance(std::string_view text);

/// The largest of each kind among numbers that agreed by tolerance.
struct Deviation {
  uint64_t count = 0;
  double absolute = 0, relative = 0;
  uint64_t ulps = 0;
  void add(const Deviation &more);
};

/// Whether two elements of type f32 or f64 with different bits, neither a NaN,
/// agree; what they differ by is added to `largest` if they do.
bool isWithin(const Tolerance &tolerance, ElementType type,
              const uint8_t *device, const uint8_t *interpreter,
              Deviation &largest);

/// "3 numbers differ within abs:1e-06, by at most 2e-07 absolute, 1e-07
/// relative, 1 ulp".
std::string describe(const Tolerance &tolerance, const Deviation &largest);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_TOLERANCE_H
