//===- Measure.cpp - times contestants in turns ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where buffers must be cleared before each launch, each launch has its own
// pair of events, so that the clearing is not timed.
//
//===----------------------------------------------------------------------===//

#include "Measure.h"

#include <algorithm>
#include <cmath>

using namespace twrun;
using namespace twrun::bench;
using namespace twrun::cuda;

namespace {

constexpr unsigned maxLaunches = 200; // the driver's queue holds about 1,000

class Clock {
public:
  Clock(const Gpu &gpu, bool apart) : gpu(gpu), apart(apart) {
    events.resize(apart ? 2 * maxLaunches : 2);
    for (CUevent &event : events)
      gpu.check(gpu.driver().EventCreate(&event, 0), "create an event");
  }
  ~Clock() {
    for (CUevent event : events)
      if (event)
        gpu.driver().EventDestroy(event);
  }

  /// Seconds of one launch, on average.
  double sample(Contestant &contestant, unsigned launches) {
    if (!apart)
      record(0);
    for (unsigned i = 0; i < launches; ++i) {
      contestant.reset();
      if (apart)
        record(2 * i);
      contestant.launch();
      if (apart)
        record(2 * i + 1);
    }
    if (!apart)
      record(1);
    gpu.synchronize();
    double sum = 0;
    for (unsigned i = 0; i < (apart ? launches : 1); ++i) {
      float milliseconds = 0;
      gpu.check(gpu.driver().EventElapsedTime(&milliseconds, events[2 * i],
                                              events[2 * i + 1]),
                "read the clock");
      sum += milliseconds / 1e3;
    }
    return sum / launches;
  }

private:
  void record(unsigned event) {
    gpu.check(gpu.driver().EventRecord(events[event], gpu.stream()),
              "record an event");
  }

  const Gpu &gpu;
  bool apart;
  std::vector<CUevent> events;
};

} // namespace

Samples twrun::bench::measure(
    const Gpu &gpu, const std::vector<std::unique_ptr<Contestant>> &contestants,
    const Effort &effort) {
  Clock clock(gpu, !contestants.front()->task.resets.empty());
  // The first launches load code and fetch what lies elsewhere; the last of
  // them tells how long a launch takes.
  double least = INFINITY, turn = 0;
  for (const auto &contestant : contestants) {
    double seconds = 0;
    for (unsigned i = 0; i < 3; ++i)
      seconds = clock.sample(*contestant, 1);
    least = std::min(least, seconds);
    turn += seconds;
  }
  Samples samples;
  double launches = std::ceil(effort.sampleSeconds / std::max(least, 1e-7));
  samples.launches = unsigned(std::clamp(launches, 1.0, double(maxLaunches)));
  double affordable = effort.seconds / std::max(turn * samples.launches, 1e-9);
  unsigned rounds = unsigned(
      std::clamp(affordable, 5.0, double(std::max(effort.rounds, 5u))));

  const size_t count = contestants.size();
  samples.seconds.resize(count);
  for (unsigned round = 0; round < effort.warmups + rounds; ++round) {
    for (size_t i = 0; i < count; ++i) {
      size_t who = (i + round) % count;
      double seconds = clock.sample(*contestants[who], samples.launches);
      if (round >= effort.warmups)
        samples.seconds[who].push_back(seconds);
    }
  }
  return samples;
}
