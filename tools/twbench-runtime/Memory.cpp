//===- Memory.cpp - bandwidth of kernels on each kind of memory, and growth
//===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel that loads and stores one word a thread, 256 MiB each way, on each
// kind of memory in turns; and how long memory takes to grow by 1 GiB between
// launches.
//
//===----------------------------------------------------------------------===//

#include "Samples.h"

#include <cstring>

using namespace twrun;
using namespace twrun::bench;

static constexpr uint64_t pageBytes = 64 * 1024;
static constexpr uint64_t arrayBytes = 256 << 20;

namespace {
struct Contestant {
  const char *name;
  MemoryKind kind;
  bool preferred = false; // the driver is told that the device uses it
  std::unique_ptr<Executor> executor = nullptr;
  uint64_t from = 0, to = 0;
  Samples taken = {};
};
} // namespace

static double launchStream(Executor &executor, const ptxbin::KernelInfo &kernel,
                           uint64_t from, uint64_t to) {
  const Value arguments[] = {{ValueType::I32, from}, {ValueType::I32, to}};
  Outcome outcome = valueOf(executor.launch(
      kernel, {uint32_t(arrayBytes / 4 / 256)}, {256}, arguments));
  if (outcome.trap)
    throw Failure("the kernel trapped");
  return outcome.seconds;
}

nlohmann::json twrun::bench::measureMemory(const Setup &setup) {
  auto device = valueOf(Device::open(setup.device));
  const ptxbin::KernelInfo &kernel =
      *valueOf(findKernel(setup.artifact.manifest(), "stream"));
  Contestant contestants[] = {{"device", MemoryKind::Device},
                              {"managed", MemoryKind::Managed},
                              {"managedPreferred", MemoryKind::Managed, true},
                              {"reserved", MemoryKind::Reserved}};
  std::vector<uint8_t> bytes(1 << 20);
  for (size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = uint8_t(i * 31);
  for (Contestant &c : contestants) {
    InstanceOptions options;
    options.memoryKind = c.kind;
    options.extraPages = 2 * arrayBytes / pageBytes;
    c.executor = valueOf(device->instantiate(setup.artifact, options));
    c.from = valueOf(c.executor->allocate(arrayBytes));
    c.to = valueOf(c.executor->allocate(arrayBytes));
    // From the host, so that managed pages have something to come back from.
    for (uint64_t at = 0; at < arrayBytes; at += bytes.size())
      if (c.executor->hostReaches())
        memcpy(valueOf(c.executor->view<uint8_t>(c.from + at, bytes.size()))
                   .data(),
               bytes.data(), bytes.size());
      else
        check(c.executor->copyIn(c.from + at, bytes));
    if (c.preferred)
      (void)valueOf(
          c.executor->advise(Advice::PreferDevice, {c.from, 2 * arrayBytes}));
    if (c.kind == MemoryKind::Managed)
      (void)valueOf(
          c.executor->prefetch(Place::Device, {c.from, 2 * arrayBytes}));
  }
  const unsigned rounds = std::min(setup.rounds, 200u);
  for (unsigned round = 0; round < rounds + 5; ++round)
    for (Contestant &c : contestants) {
      double taken = launchStream(*c.executor, kernel, c.from, c.to);
      if (round >= 5)
        c.taken.push_back(taken);
    }
  nlohmann::json report = {{"device", device->describe()},
                           {"bytesMoved", 2 * arrayBytes}};
  for (Contestant &c : contestants) {
    const uint32_t expected = [&] {
      uint32_t word;
      memcpy(&word, bytes.data() + 4, 4);
      return word + 1;
    }();
    uint32_t found = 0;
    check(c.executor->copyOut(c.to + 4,
                              {reinterpret_cast<uint8_t *>(&found), 4}));
    if (found != expected)
      throw Failure(std::string(c.name) + ": the kernel's output is wrong");
    Samples ratios;
    for (unsigned i = 0; i < rounds; ++i)
      ratios.push_back(contestants[0].taken[i] / c.taken[i]);
    nlohmann::json &told = report["kinds"][c.name] = summary(c.taken);
    told["gigabytesPerSecond"] =
        2 * double(arrayBytes) / quantile(c.taken, 0.5) / 1e9;
    told["bandwidthToDevice"] = {{"median", quantile(ratios, 0.5)},
                                 {"p10", quantile(ratios, 0.1)},
                                 {"p90", quantile(ratios, 0.9)}};
  }

  // What it takes to get there, from pages that the host has written.
  if (device->isGPU()) {
    const Contestant &c = contestants[1];
    Samples taken;
    for (int i = 0; i < 5; ++i) {
      const MemoryRange range{c.from, 2 * arrayBytes};
      (void)valueOf(c.executor->prefetch(Place::Host, range));
      std::span<uint8_t> all =
          valueOf(c.executor->view<uint8_t>(range.offset, range.bytes));
      for (uint64_t at = 0; at < all.size(); at += 4096)
        ++all[at];
      auto begin = Clock::now();
      (void)valueOf(c.executor->prefetch(Place::Device, range));
      uint8_t byte;
      check(c.executor->copyOut(c.from, {&byte, 1})); // behind it
      taken.push_back(seconds(Clock::now() - begin));
    }
    report["prefetchGigabytesPerSecond"] =
        2 * double(arrayBytes) / quantile(taken, 0.5) / 1e9;
  }
  return report;
}

nlohmann::json twrun::bench::measureGrowth(const Setup &setup) {
  auto device = valueOf(Device::open(setup.device));
  nlohmann::json report = {{"device", device->describe()}};
  const uint64_t gigabyte = uint64_t(1) << 30;
  std::vector<uint8_t> bytes(64 << 20, 0x5a);
  for (MemoryKind kind :
       {MemoryKind::Reserved, MemoryKind::Managed, MemoryKind::Device}) {
    Samples whole, steps, starts;
    const unsigned rounds = std::min(setup.rounds, 20u);
    for (unsigned round = 0; round < rounds; ++round) {
      InstanceOptions options;
      options.memoryKind = kind;
      options.extraPages = (bytes.size() + 2 * gigabyte) / pageBytes;
      auto begin = Clock::now();
      auto executor = valueOf(device->instantiate(setup.artifact, options));
      starts.push_back(seconds(Clock::now() - begin));
      const uint64_t data = valueOf(executor->allocate(bytes.size()));
      check(executor->copyIn(data, bytes));
      begin = Clock::now();
      check(executor->grow(gigabyte / pageBytes));
      whole.push_back(seconds(Clock::now() - begin));
      begin = Clock::now();
      for (int i = 0; i < 64; ++i)
        check(executor->grow(gigabyte / 64 / pageBytes));
      steps.push_back(seconds(Clock::now() - begin) / 64);
      std::vector<uint8_t> found(bytes.size());
      check(executor->copyOut(data, found));
      if (found != bytes)
        throw Failure("memory is not as it was before it grew");
    }
    report["kinds"][toString(kind)] = {{"instantiate", summary(starts)},
                                       {"grow1GiB", summary(whole)},
                                       {"grow16MiB", summary(steps)}};
  }
  return report;
}
