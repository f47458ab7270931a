//===- Soak.cpp - many launches, each completed once ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// 64 instances on one device, fed by a few threads. Each launch adds 1 to a
// counter in its instance's memory and has a callback with a number of its own:
// in the end each number was seen once, and the counters add up. Memory is that
// of the process and of the device after a tenth of the launches, and in the end.
//
//===----------------------------------------------------------------------===//

#include "CudaDevice.h"
#include "Samples.h"

#include <cstring>
#include <fstream>
#include <thread>
#include <unistd.h>

using namespace twrun;
using namespace twrun::bench;

static constexpr unsigned instances = 64, threads = 4;

static uint64_t residentBytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * uint64_t(sysconf(_SC_PAGESIZE));
}

nlohmann::json twrun::bench::soak(const Setup &setup) {
  auto device = valueOf(Device::open(setup.device));
  auto freeBytes = [&]() -> uint64_t {
    if (!device->isGPU())
      return 0;
    auto &cuda = static_cast<CudaDevice &>(*device);
    CudaDevice::Current current(cuda);
    size_t free = 0, total = 0;
    cuda.driver.MemGetInfo(&free, &total);
    return free;
  };
  const ptxbin::KernelInfo &kernel =
      *valueOf(findKernel(setup.artifact.manifest(), "count"));
  std::vector<std::unique_ptr<Executor>> executors;
  for (unsigned i = 0; i < instances; ++i)
    executors.push_back(valueOf(device->instantiate(setup.artifact, {})));

  // A bit for each launch.
  std::vector<std::atomic<uint8_t>> seen((setup.launches + 7) / 8);
  std::atomic<uint64_t> doubled = 0, failed = 0, refused = 0;
  auto run = [&](uint64_t first, uint64_t last) {
    std::atomic<uint64_t> next = first;
    std::vector<std::thread> workers;
    for (unsigned t = 0; t < threads; ++t)
      workers.emplace_back([&] {
        Request request;
        request.kernel = &kernel;
        request.wait = true;
        for (uint64_t i; (i = next.fetch_add(1)) < last;)
          if (!executors[i % instances]->submit(
                  request, [&, i](const Completion &ended) {
                    const auto bit = uint8_t(1u << i % 8);
                    doubled += (seen[i / 8].fetch_or(bit) & bit) != 0;
                    failed += ended.state() != Completion::State::Value;
                  }))
            ++refused;
      });
    for (std::thread &worker : workers)
      worker.join();
    for (auto &executor : executors)
      check(executor->drain());
  };
  const uint64_t warm = setup.launches / 10;
  const auto begin = Clock::now();
  run(0, warm);
  const uint64_t residentBefore = residentBytes(), freeBefore = freeBytes();
  run(warm, setup.launches);
  const double taken = seconds(Clock::now() - begin);
  const uint64_t residentAfter = residentBytes(), freeAfter = freeBytes();

  uint64_t counted = 0, lost = 0;
  for (auto &executor : executors) {
    uint32_t count = 0;
    std::memcpy(&count, executor->memory().data(), 4);
    counted += count;
  }
  for (uint64_t i = 0; i < setup.launches; ++i)
    lost += (seen[i / 8].load() >> i % 8 & 1) == 0;
  nlohmann::json report = {
      {"device", device->describe()},
      {"launches", setup.launches},
      {"instances", instances},
      {"threads", threads},
      {"seconds", taken},
      {"launchesPerSecond", double(setup.launches) / taken},
      {"counted", counted},
      {"lost", lost},
      {"doubled", doubled.load()},
      {"failed", failed.load()},
      {"refused", refused.load()},
      {"residentBytesGrown", int64_t(residentAfter - residentBefore)},
      {"deviceBytesGrown", int64_t(freeBefore - freeAfter)}};
  if (lost || doubled || failed || refused || counted != setup.launches)
    throw Failure("not every launch completed once: " + report.dump());
  // Lists of the allocator and the like may still grow a little.
  if (int64_t(residentAfter - residentBefore) > 16 << 20 ||
      int64_t(freeBefore - freeAfter) > 16 << 20)
    throw Failure("memory drifts: " + report.dump());
  return report;
}
