//===- Measure.h - times contestants in turns -------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In each round every contestant has its turn: as many launches, back to back,
// as make a sample, between two events. The order of turns rotates from round
// to round, so that what drifts (clocks, temperature) and who ran before meet
// all alike; ratios are then taken within a round.
//
//===----------------------------------------------------------------------===//

#ifndef TWBENCH_MEASURE_H
#define TWBENCH_MEASURE_H

#include "Contestant.h"

namespace twrun::bench {

struct Effort {
  unsigned rounds = 30;
  unsigned warmups = 3;          // rounds that are not recorded
  double sampleSeconds = 300e-6; // what a sample should take at the least
  double seconds = 10;           // what all rounds may take, roughly
};

struct Samples {
  unsigned launches = 1; // in each sample
  std::vector<std::vector<double>>
      seconds; // of one launch: [contestant][round]
};

Samples measure(const Gpu &gpu,
                const std::vector<std::unique_ptr<Contestant>> &contestants,
                const Effort &effort);

} // namespace twrun::bench

#endif // TWBENCH_MEASURE_H
