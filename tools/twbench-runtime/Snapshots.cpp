//===- Snapshots.cpp - snapshots, restores and pools ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How long the state of an instance takes to be kept and brought back, by
// size, by how much of it was written since, and by where it is kept; and an
// instance from a pool beside a new one.
//
//===----------------------------------------------------------------------===//

#include "Samples.h"

#include "twrun/Pool.h"

using namespace twrun;
using namespace twrun::bench;

static constexpr uint64_t pageBytes = 64 * 1024;

nlohmann::json twrun::bench::measureSnapshots(const Setup &setup) {
  auto device = valueOf(Device::open(setup.device));
  nlohmann::json report = {{"device", device->describe()},
                           {"restores", nlohmann::json::array()}};
  const unsigned rounds = std::min(setup.rounds, 50u);
  for (MemoryKind kind : {MemoryKind::Managed, MemoryKind::Device})
    for (Place place : {Place::Host, Place::Device})
      for (uint64_t size : {64 << 10, 1 << 20, 16 << 20, 256 << 20}) {
        if (!device->isGPU() &&
            (place == Place::Device || kind == MemoryKind::Device))
          continue; // the same again
        InstanceOptions options;
        options.memoryKind = kind;
        options.extraPages = size / pageBytes;
        auto executor = valueOf(device->instantiate(setup.artifact, options));
        const uint64_t at = valueOf(executor->allocate(size));
        std::vector<uint8_t> bytes(size, 7);
        check(executor->copyIn(at, bytes));
        Samples keeping, little, much;
        std::unique_ptr<Snapshot> snapshot;
        for (unsigned round = 0; round < rounds; ++round) {
          auto begin = Clock::now();
          snapshot = valueOf(executor->snapshot(place));
          keeping.push_back(seconds(Clock::now() - begin));
          check(executor->restore(*snapshot));
          // With what it costs to write after it: pages come back one by one.
          begin = Clock::now();
          check(executor->copyIn(at, {bytes.data(), 4096}));
          check(executor->restore(*snapshot));
          little.push_back(seconds(Clock::now() - begin));
          begin = Clock::now();
          check(executor->copyIn(at, bytes));
          check(executor->restore(*snapshot));
          much.push_back(seconds(Clock::now() - begin));
        }
        report["restores"].push_back(
            {{"kind", toString(kind)},
             {"kept", place == Place::Host ? "host" : "device"},
             {"bytes", size},
             {"snapshot", summary(keeping)},
             {"write4KiBAndRestore", summary(little)},
             {"writeAllAndRestore", summary(much)}});
      }

  Samples fresh, pooled;
  PoolPolicy policy;
  policy.maxTotal = 1;
  auto pool =
      valueOf(InstancePool::create(*device, setup.artifact, {}, policy));
  for (unsigned round = 0; round < rounds; ++round) {
    auto begin = Clock::now();
    valueOf(device->instantiate(setup.artifact, {})).reset();
    fresh.push_back(seconds(Clock::now() - begin));
    begin = Clock::now();
    valueOf(pool->acquire()).release();
    pooled.push_back(seconds(Clock::now() - begin));
  }
  report["instantiateAndDestroy"] = summary(fresh);
  report["acquireAndRelease"] = summary(pooled);
  return report;
}
