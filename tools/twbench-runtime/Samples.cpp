//===- Samples.cpp - medians and other quantiles --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quantiles by rank, without interpolation.
//
//===----------------------------------------------------------------------===//

#include "Samples.h"

#include <algorithm>
#include <ctime>

using namespace twrun;
using namespace twrun::bench;

double twrun::bench::quantile(Samples samples, double q) {
  size_t rank = std::min(samples.size() - 1, size_t(q * double(samples.size())));
  std::nth_element(samples.begin(), samples.begin() + long(rank),
                   samples.end());
  return samples[rank];
}

nlohmann::json twrun::bench::summary(const Samples &samples) {
  auto us = [&](double q) { return quantile(samples, q) * 1e6; };
  return {{"median", us(0.5)}, {"p10", us(0.1)},  {"p90", us(0.9)},
          {"p99", us(0.99)},   {"most", us(1.0)}, {"samples", samples.size()}};
}

double twrun::bench::threadCpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}
