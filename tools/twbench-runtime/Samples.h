//===- Samples.h - medians and other quantiles ------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the benchmarks of the runtime share: an opened artifact, samples, and
// failures.
//
//===----------------------------------------------------------------------===//

#ifndef TWBENCH_RUNTIME_SAMPLES_H
#define TWBENCH_RUNTIME_SAMPLES_H

#include "twrun/Completion.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace twrun::bench {

using Clock = std::chrono::steady_clock;

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <typename T> T valueOf(Expected<T> result) {
  if (!result)
    throw Failure(result.error().message);
  return std::move(*result);
}
inline void check(const Expected<void> &result) {
  if (!result)
    throw Failure(result.error().message);
}

/// In seconds.
using Samples = std::vector<double>;

inline double seconds(Clock::duration time) {
  return std::chrono::duration<double>(time).count();
}
/// At least one sample; `q` from 0 to 1.
double quantile(Samples samples, double q);
/// Median, p10, p90, p99 and count, in microseconds.
nlohmann::json summary(const Samples &samples);
/// CPU time that this thread, or the process, has used.
double threadCpuSeconds();

struct Setup {
  const ptxbin::PtxBin &artifact;
  std::string device;
  unsigned rounds = 200;
  uint64_t launches = 0; // of a soak
};

/// What one submission costs its caller, beside the driver's calls alone.
nlohmann::json measureSubmit(const Setup &setup);
/// From a kernel's end to the callback, beside other ways to see it.
nlohmann::json measureCompletions(const Setup &setup);
/// Bandwidth of a kernel on each kind of memory.
nlohmann::json measureMemory(const Setup &setup);
/// Growing by 1 GiB, at once and in steps.
nlohmann::json measureGrowth(const Setup &setup);
/// Between host and device memory. On a GPU only.
nlohmann::json measureCopies(const Setup &setup);
/// Snapshots, restores, and instances from a pool.
nlohmann::json measureSnapshots(const Setup &setup);
/// Many launches over 64 instances: each callback once, no memory lost.
nlohmann::json soak(const Setup &setup);

} // namespace twrun::bench

#endif // TWBENCH_RUNTIME_SAMPLES_H
