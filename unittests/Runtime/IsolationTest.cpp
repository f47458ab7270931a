//===- IsolationTest.cpp - memories without checks ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/Sandbox.md, "isolate", on the host and on a CUDA device: the entries
// `put` and `get` store and load a byte at any distance from the memory's base.
//
//===----------------------------------------------------------------------===//

#include "MemoryPlan.h"
#include "Sink.h"
#include "Support.h"

#include <algorithm>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

static Manifest isolatedManifest(uint64_t pages) {
  Manifest manifest = testManifest(pages);
  manifest.sandbox = "isolated";
  manifest.bounds = BoundsMode::Isolate;
  manifest.reach = reachOf(1 << 20);
  return manifest;
}

namespace {
class Isolation : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    auto opened = Device::open(GetParam());
    if (!opened && opened.error().kind == ErrorKind::NotFound)
      GTEST_SKIP() << opened.error().message;
    ASSERT_TRUE(opened) << messageOf(opened);
    device = std::move(*opened);
  }
  Running open(const Manifest &manifest, const InstanceOptions &options = {}) {
    Expected<PtxBin> file = artifact(manifest, hostImage(), ptxImage());
    EXPECT_TRUE(file) << messageOf(file);
    return start(std::move(device), std::move(*file), options);
  }
  std::unique_ptr<Device> device;
};

uint64_t get(Running &instance, uint64_t at) {
  Outcome outcome = instance.invoke("get", {i64(at)});
  EXPECT_FALSE(outcome.trap) << at;
  return outcome.results.empty() ? ~uint64_t(0) : outcome.results[0].bits;
}

/// Whether storing `value` at `at` is found to be outside.
bool isStray(Running &instance, uint64_t at, uint64_t value) {
  Outcome outcome = instance.invoke("put", {i64(at), i64(value)});
  EXPECT_EQ(outcome.strayStore, outcome.trap.has_value()) << at;
  if (outcome.trap) {
    EXPECT_EQ(outcome.trap->code, twrun::abi::TrapCode::StrayStore);
    EXPECT_FALSE(outcome.trap->hasPlace);
    EXPECT_TRUE(outcome.results.empty());
  }
  return outcome.strayStore;
}

bool isZero(std::span<const uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](uint8_t b) { return b == 0; });
}
} // namespace

TEST_P(Isolation, FindsStoresOutsideAndKeepsMemoryAsItIs) {
  const uint64_t size = 3 * pageBytes;
  Running instance = open(isolatedManifest(3));
  ASSERT_TRUE(instance.executor);
  const uint64_t reach = instance.file->manifest().reach;
  for (uint64_t at :
       {size, size + 1, sinkBytes - 1, sinkBytes, sinkBytes + 1,
        uint64_t(1) << 30, (uint64_t(1) << 31) - 1, windowBytes - 1,
        windowBytes, reach - 1}) {
    uint8_t pattern = sinkPattern()[at % sinkBytes];
    EXPECT_EQ(get(instance, at), pattern) << at;
    EXPECT_TRUE(isStray(instance, at, pattern ^ 1)) << at;
    // The pattern is back, and what was stored is forgotten.
    EXPECT_EQ(get(instance, at), pattern) << at;
    EXPECT_FALSE(isStray(instance, 5, 0)) << at;
  }
  std::span<uint8_t> memory = instance.executor->memory();
  ASSERT_EQ(memory.size(), size);
  EXPECT_TRUE(isZero(memory));
}

TEST_P(Isolation, DoesNotFindWhatIsStoredAlready) {
  Running instance = open(isolatedManifest(1));
  ASSERT_TRUE(instance.executor);
  EXPECT_FALSE(isStray(instance, 100000, sinkPattern()[100000]));
}

TEST_P(Isolation, MemoryIsTheHostsAndTheDevices) {
  Running instance = open(isolatedManifest(40)); // 2.5 MiB
  ASSERT_TRUE(instance.executor);
  const uint64_t last = 40 * pageBytes - 1;
  EXPECT_FALSE(isStray(instance, last, 7));
  EXPECT_EQ(instance.executor->memory()[last], 7);
  instance.executor->memory()[sinkBytes] = 9;
  EXPECT_EQ(get(instance, sinkBytes), 9u);
  EXPECT_FALSE(isStray(instance, sinkBytes, 11));
  std::span<uint8_t> memory = instance.executor->memory();
  EXPECT_EQ(memory[sinkBytes], 11);
  EXPECT_EQ(memory[last], 7);
  memory[0] = 1;
  EXPECT_EQ(get(instance, 0), 1u);
  EXPECT_EQ(get(instance, last), 7u);

  Outcome outcome =
      instance.launch("mark", {4, 1, 1}, {64, 1, 1}, {i32(0xffffffff)});
  EXPECT_FALSE(outcome.trap);
  EXPECT_EQ(words(*instance.executor, 2), (std::vector<uint32_t>{2, 1}));
}

TEST_P(Isolation, GrowsWithZeros) {
  InstanceOptions options;
  options.extraPages = 100;
  Running instance = open(isolatedManifest(30), options);
  ASSERT_TRUE(instance.executor);
  EXPECT_TRUE(isStray(instance, 30 * pageBytes, 1)); // in the same 2 MiB
  EXPECT_TRUE(isStray(instance, 40 * pageBytes, 1));
  EXPECT_FALSE(isStray(instance, 10, 3));
  ASSERT_TRUE(instance.executor->grow(1));
  EXPECT_EQ(get(instance, 30 * pageBytes), 0u);
  EXPECT_FALSE(isStray(instance, 31 * pageBytes - 1, 4));
  EXPECT_TRUE(isStray(instance, 31 * pageBytes, 4));
  ASSERT_TRUE(instance.executor->grow(60));
  EXPECT_EQ(get(instance, 40 * pageBytes), 0u);
  EXPECT_FALSE(isStray(instance, 91 * pageBytes - 1, 5));
  EXPECT_TRUE(isStray(instance, 91 * pageBytes, 5));
  std::span<uint8_t> memory = instance.executor->memory();
  ASSERT_EQ(memory.size(), 91 * pageBytes);
  EXPECT_EQ(memory[10], 3);
  EXPECT_EQ(memory[31 * pageBytes - 1], 4);
  EXPECT_EQ(memory[91 * pageBytes - 1], 5);
  EXPECT_EQ(std::count(memory.begin(), memory.end(), 0),
            ptrdiff_t(memory.size()) - 3);
  EXPECT_FALSE(instance.executor->grow(40));
}

TEST_P(Isolation, FindsStoresWhereMemoryMayGrowTo) {
  Manifest manifest = isolatedManifest(1);
  manifest.memories[0].grows = true;
  manifest.memories[0].maxPages = 200;
  Running instance = open(manifest);
  ASSERT_TRUE(instance.executor);
  const uint64_t capacity = 200 * pageBytes;
  EXPECT_TRUE(isStray(instance, pageBytes, 1));
  EXPECT_TRUE(isStray(instance, pageBytes + sinkBytes - 1, 1));
  EXPECT_TRUE(isStray(instance, capacity, 1));
  EXPECT_TRUE(isStray(instance, windowBytes - 1, 1));
  // Zero is what is there, and far from the end nobody looks.
  EXPECT_FALSE(isStray(instance, pageBytes, 0));
  EXPECT_FALSE(isStray(instance, pageBytes + 5 * sinkBytes, 1));
  Outcome grown = instance.invoke("grow", {i32(2)});
  ASSERT_FALSE(grown.trap);
  EXPECT_EQ(grown.results.at(0).bits, 1u);
  EXPECT_EQ(instance.executor->memory().size(), 3 * pageBytes);
  EXPECT_EQ(get(instance, pageBytes), 0u); // what was stored there is gone
  EXPECT_EQ(get(instance, 3 * pageBytes - 1), 7u);
  EXPECT_FALSE(isStray(instance, 3 * pageBytes - 1, 8));
  EXPECT_TRUE(isStray(instance, 3 * pageBytes, 8));
}

TEST_P(Isolation, InstantiatesAsAlways) {
  Manifest manifest = isolatedManifest(1);
  manifest.modules[0].startSymbol = "tw_start";
  manifest.data = {activeData(100, 1, 3)};
  Running instance = open(manifest);
  ASSERT_TRUE(instance.executor);
  EXPECT_EQ(instance.executor->memory()[0], 42);
  EXPECT_EQ(instance.executor->memory()[101], 's');
  EXPECT_EQ(get(instance, 102), uint64_t('m'));
}

TEST_P(Isolation, AMemoryWithoutPagesIsAllSink) {
  Running instance = open(isolatedManifest(0));
  ASSERT_TRUE(instance.executor);
  EXPECT_EQ(get(instance, 0), sinkPattern()[0]);
  EXPECT_TRUE(isStray(instance, 0, 1));
  EXPECT_TRUE(instance.executor->memory().empty());
}

TEST_P(Isolation, KeepsMemoriesApart) {
  Manifest manifest = isolatedManifest(1);
  manifest.memories.resize(3);
  manifest.memories[1].minPages = 1;
  manifest.memories[1].index64 = true;
  manifest.memories[2].minPages = 1;
  for (KernelInfo &kernel : manifest.kernels)
    kernel.memory = 2;
  Running instance = open(manifest);
  ASSERT_TRUE(instance.executor);
  EXPECT_TRUE(isStray(instance, pageBytes, 1));
  EXPECT_FALSE(isStray(instance, 1, 2));
  EXPECT_TRUE(isZero(instance.executor->memory(0)));
  EXPECT_TRUE(isZero(instance.executor->memory(1)));
  EXPECT_EQ(instance.executor->memory(2)[1], 2);
}

TEST_P(Isolation, IsFreedWithItsInstance) {
  Expected<PtxBin> file =
      artifact(isolatedManifest(1), hostImage(), ptxImage());
  ASSERT_TRUE(file) << messageOf(file);
  // 40 at once would be more mappings than Linux gives a process by default.
  for (int i = 0; i < 40; ++i) {
    auto instance = device->instantiate(*file, {});
    ASSERT_TRUE(instance) << i << ": " << messageOf(instance);
  }
}

TEST_P(Isolation, UncheckedCodeIsRunOnRequestOnly) {
  Manifest manifest = testManifest(1);
  manifest.sandbox = "none";
  manifest.bounds = BoundsMode::None;
  Expected<PtxBin> file = artifact(manifest, hostImage(), ptxImage());
  ASSERT_TRUE(file) << messageOf(file);
  auto refused = device->instantiate(*file, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Untrusted);
  EXPECT_NE(refused.error().message.find("--bounds=none"), std::string::npos);
  InstanceOptions options;
  options.allowUnchecked = true;
  Running instance = open(manifest, options);
  ASSERT_TRUE(instance.executor);
  EXPECT_FALSE(isStray(instance, 3, 4));
  EXPECT_EQ(instance.executor->memory()[3], 4);
}

INSTANTIATE_TEST_SUITE_P(Devices, Isolation, testing::Values("host", "cuda"),
                         [](const auto &info) {
                           return std::string(info.param);
                         });

TEST(IsolationPlan, Is32BitMemoriesAlone) {
  Manifest manifest = isolatedManifest(1);
  manifest.memories.resize(2);
  manifest.memories[1].index64 = true;
  Expected<InstancePlan> plan = planInstance(manifest, 0);
  ASSERT_TRUE(plan) << messageOf(plan);
  EXPECT_TRUE(plan->isolates());
  EXPECT_EQ(plan->memories[0].span(), manifest.reach);
  EXPECT_EQ(plan->memories[1].reach, 0u);
  EXPECT_EQ(plan->memories[1].span(), plan->memories[1].capacity);
  plan = planInstance(testManifest(1), 0);
  ASSERT_TRUE(plan);
  EXPECT_FALSE(plan->isolates());
}

TEST(Sink, HasNoWordTwice) {
  std::span<const uint8_t> pattern = sinkPattern();
  ASSERT_EQ(pattern.size(), sinkBytes);
  std::vector<uint64_t> words(sinkBytes / 8);
  for (size_t i = 0; i < words.size(); ++i)
    for (size_t j = 0; j < 8; ++j)
      words[i] |= uint64_t(pattern[8 * i + j]) << 8 * j;
  std::sort(words.begin(), words.end());
  EXPECT_NE(words.front(), 0u);
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
}
