//===- SnapshotTest.cpp - the state of an instance, kept and brought back -===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Snapshots kept on the host and on the device, of every kind of memory.
//
//===----------------------------------------------------------------------===//

#include "Kinds.h"
#include "MemoryPlan.h"
#include "Sink.h"

#include <algorithm>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {
struct Kept {
  DeviceKind kind;
  Place place;
};
class SnapshotTest : public testing::TestWithParam<Kept> {
protected:
  void SetUp() override {
    auto opened = Device::open(GetParam().kind.device);
    if (!opened && opened.error().kind == ErrorKind::NotFound)
      GTEST_SKIP() << opened.error().message;
    ASSERT_TRUE(opened) << messageOf(opened);
    device = std::move(*opened);
  }
  /// With a table, a data segment and pages to grow by.
  void load(Manifest manifest) {
    Expected<PtxBin> made = artifact(manifest, hostImage(), ptxImage());
    ASSERT_TRUE(made) << messageOf(made);
    file = std::make_unique<PtxBin>(std::move(*made));
  }
  std::unique_ptr<Executor> open(uint64_t extraPages = 100) {
    InstanceOptions options;
    options.memoryKind = GetParam().kind.kind;
    options.extraPages = extraPages;
    auto made = device->instantiate(*file, options);
    EXPECT_TRUE(made) << messageOf(made);
    return made ? std::move(*made) : nullptr;
  }
  std::unique_ptr<Snapshot> keep(Executor &executor) {
    auto made = executor.snapshot(GetParam().place);
    EXPECT_TRUE(made) << messageOf(made);
    return made ? std::move(*made) : nullptr;
  }
  static void fill(Executor &executor, uint32_t seed) {
    ASSERT_TRUE(executor.copyIn(0, someBytes(executor.memoryBytes(), seed)));
  }
  static void expectFilled(Executor &executor, uint64_t pages, uint32_t seed) {
    ASSERT_EQ(executor.memoryBytes(), pages * pageBytes);
    EXPECT_TRUE(bytesAt(executor, 0, pages * pageBytes) ==
                someBytes(pages * pageBytes, seed));
  }
  std::unique_ptr<Device> device;
  std::unique_ptr<PtxBin> file;
};

std::vector<Kept> allKept() {
  std::vector<Kept> all;
  for (const DeviceKind &kind : allKinds)
    for (Place place : {Place::Host, Place::Device})
      all.push_back({kind, place});
  return all;
}
std::string keptName(const testing::TestParamInfo<Kept> &info) {
  return std::string(info.param.kind.device) + "_" +
         toString(info.param.kind.kind) +
         (info.param.place == Place::Host ? "_kept_on_host"
                                          : "_kept_on_device");
}
bool isZero(const std::vector<uint8_t> &bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](uint8_t b) { return b == 0; });
}
} // namespace
INSTANTIATE_TEST_SUITE_P(Kinds, SnapshotTest, testing::ValuesIn(allKept()),
                         keptName);

TEST_P(SnapshotTest, BringsMemoryBackAsOftenAsOneLikes) {
  // Less and more than what the host device maps instead of copying.
  for (uint64_t pages : {1, 3, 4, 48}) {
    load(testManifest(pages));
    std::unique_ptr<Executor> executor = open();
    ASSERT_TRUE(executor);
    fill(*executor, 1);
    std::unique_ptr<Snapshot> first = keep(*executor);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->memoryBytes(), pages * pageBytes);
    EXPECT_EQ(first->place(), executor->hostReaches() && !device->isGPU()
                                  ? Place::Host
                                  : GetParam().place);
    fill(*executor, 2);
    std::unique_ptr<Snapshot> second = keep(*executor);
    for (int round = 0; round < 3; ++round) {
      fill(*executor, 3 + round);
      ASSERT_TRUE(executor->restore(*first));
      expectFilled(*executor, pages, 1);
      // What is written after a restore is not written to the snapshot.
      fill(*executor, 4 + round);
      ASSERT_TRUE(executor->restore(*first));
      expectFilled(*executor, pages, 1);
      ASSERT_TRUE(executor->restore(*second));
      expectFilled(*executor, pages, 2);
    }
  }
}

TEST_P(SnapshotTest, GivesBackWhatMemoryHasGrownBy) {
  load(testManifest(5));
  std::unique_ptr<Executor> executor = open();
  ASSERT_TRUE(executor);
  fill(*executor, 1);
  std::unique_ptr<Snapshot> small = keep(*executor);
  ASSERT_TRUE(executor->grow(90));
  fill(*executor, 2);
  std::unique_ptr<Snapshot> large = keep(*executor);
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(executor->restore(*small));
    expectFilled(*executor, 5, 1);
    ASSERT_TRUE(executor->grow(60));
    EXPECT_TRUE(isZero(bytesAt(*executor, 5 * pageBytes, 60 * pageBytes)));
    EXPECT_EQ(executor->memory().size(), 65 * pageBytes);
    EXPECT_EQ(executor->memory()[64 * pageBytes], 0);
    fill(*executor, 3);
    ASSERT_TRUE(executor->restore(*large));
    expectFilled(*executor, 95, 2);
    EXPECT_FALSE(executor->grow(11));
  }
}

TEST_P(SnapshotTest, KeepsZerosAndWhatIsBetweenThem) {
  load(testManifest(64));
  std::unique_ptr<Executor> executor = open();
  ASSERT_TRUE(executor);
  const uint8_t one = 1;
  ASSERT_TRUE(executor->copyIn(20 * pageBytes, {&one, 1}));
  std::unique_ptr<Snapshot> snapshot = keep(*executor);
  fill(*executor, 7);
  ASSERT_TRUE(executor->restore(*snapshot));
  std::vector<uint8_t> expected(64 * pageBytes);
  expected[20 * pageBytes] = 1;
  EXPECT_TRUE(bytesAt(*executor, 0, expected.size()) == expected);
}

TEST_P(SnapshotTest, IsGoodForEveryInstanceOfTheArtifact) {
  load(testManifest(6));
  std::unique_ptr<Executor> executor = open(), other = open();
  ASSERT_TRUE(executor && other);
  fill(*executor, 1);
  std::unique_ptr<Snapshot> snapshot = keep(*executor);
  executor.reset(); // it is its own
  fill(*other, 2);
  ASSERT_TRUE(other->restore(*snapshot));
  expectFilled(*other, 6, 1);

  std::unique_ptr<Executor> larger = open(101);
  ASSERT_TRUE(larger);
  auto refused = larger->restore(*snapshot);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Incompatible);
  EXPECT_TRUE(larger->isUsable());
  EXPECT_EQ(larger->memoryBytes(), 6 * pageBytes);

  Manifest manifest = testManifest(6);
  manifest.name = "another";
  load(manifest);
  std::unique_ptr<Executor> foreign = open();
  ASSERT_TRUE(foreign);
  EXPECT_EQ(messageOf(foreign->restore(*snapshot)),
            "the snapshot is of an instance of another artifact");
  EXPECT_TRUE(foreign->isUsable());
}

TEST_P(SnapshotTest, BringsTheAllocatorBack) {
  load(testManifest(1));
  std::unique_ptr<Executor> executor = open();
  ASSERT_TRUE(executor);
  ASSERT_TRUE(executor->allocate(100));
  std::unique_ptr<Snapshot> snapshot = keep(*executor);
  auto before = executor->allocate(70000);
  ASSERT_TRUE(before);
  ASSERT_TRUE(executor->restore(*snapshot));
  auto after = executor->allocate(70000);
  ASSERT_TRUE(after);
  EXPECT_EQ(*before, *after);
}

TEST_P(SnapshotTest, BringsBackWhatCodeChanges) {
  // {1, 0, 1, 0, 1}: the memory is at 0, the segment at 32.
  Manifest manifest = testManifest(1);
  manifest.memories[0].grows = true;
  manifest.memories[0].maxPages = 50;
  load(manifest);
  std::unique_ptr<Executor> executor = open(), other = open();
  ASSERT_TRUE(executor && other);
  auto call = [&](Executor &on, const char *name,
                  std::vector<Value> arguments) {
    auto kernel = findKernel(file->manifest(), name);
    auto outcome = on.invoke(**kernel, arguments);
    EXPECT_TRUE(outcome) << messageOf(outcome);
    return outcome ? outcome->results : std::vector<Value>();
  };
  call(*executor, "start", {}); // the global is 42 now
  std::unique_ptr<Snapshot> snapshot = keep(*executor);
  call(*executor, "start", {});
  call(*executor, "grow", {i32(9)});
  call(*executor, "poke", {i64(40), i64(123)}); // the segment's size
  EXPECT_EQ(executor->global(0).bits, 43u);
  EXPECT_EQ(executor->memoryBytes(), 10 * pageBytes);
  const uint64_t address = call(*other, "peek", {i64(0)}).at(0).bits;
  for (Executor *each : {executor.get(), other.get()}) {
    ASSERT_TRUE(each->restore(*snapshot));
    EXPECT_EQ(each->global(0).bits, 42u);
    EXPECT_EQ(each->memoryBytes(), pageBytes);
    EXPECT_EQ(bytesAt(*each, 0, 1)[0], 42);
    EXPECT_EQ(call(*each, "peek", {i64(40)}).at(0).bits, 0u);
    // Grown by code it is zeros again.
    EXPECT_EQ(call(*each, "grow", {i32(9)}).at(0).bits, 1u);
    std::vector<uint8_t> grown = bytesAt(*each, pageBytes, 9 * pageBytes);
    EXPECT_EQ(grown.back(), 7);
    grown.back() = 0;
    EXPECT_TRUE(isZero(grown));
  }
  // Addresses are each instance's own.
  EXPECT_EQ(call(*other, "peek", {i64(0)}).at(0).bits, address);
}

TEST_P(SnapshotTest, IsolatedMemoryStaysIsolated) {
  Manifest manifest = testManifest(30);
  manifest.sandbox = "isolated";
  manifest.bounds = BoundsMode::Isolate;
  manifest.reach = reachOf(1 << 20);
  load(manifest);
  std::unique_ptr<Executor> executor = open();
  ASSERT_TRUE(executor);
  auto put = [&](uint64_t at, uint8_t value) {
    auto kernel = findKernel(file->manifest(), "put");
    std::vector<Value> arguments{i64(at), i64(value)};
    auto outcome = executor->invoke(**kernel, arguments);
    EXPECT_TRUE(outcome) << messageOf(outcome);
    return outcome && outcome->strayStore;
  };
  fill(*executor, 1);
  std::unique_ptr<Snapshot> snapshot = keep(*executor);
  ASSERT_TRUE(executor->grow(20)); // some of it in the same 2 MiB
  ASSERT_TRUE(executor->grow(50));
  EXPECT_FALSE(put(99 * pageBytes, 1));
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(executor->restore(*snapshot));
    expectFilled(*executor, 30, 1);
    for (uint64_t page : {30, 31, 33, 49, 50, 99, 100})
      EXPECT_TRUE(put(page * pageBytes + 5, 0)) << page;
    EXPECT_FALSE(put(30 * pageBytes - 1, 9));
    ASSERT_TRUE(executor->grow(40));
    EXPECT_TRUE(isZero(bytesAt(*executor, 30 * pageBytes, 40 * pageBytes)));
    EXPECT_FALSE(put(69 * pageBytes, 1));
    EXPECT_TRUE(put(70 * pageBytes, 0));
  }
}

TEST(SnapshotTable, BringsTablesBack) {
  Manifest manifest = testManifest(1);
  TableInfo table;
  table.minSize = 4;
  table.maxSize = 100;
  table.grows = true;
  manifest.tables = {table};
  Running host = startOnHost(manifest);
  ASSERT_TRUE(host.executor);
  // {1, 1, 1, 0, 1}: the table's state is at 32; its elements, at [32].
  std::vector<uint64_t> before(4);
  EXPECT_EQ(host.executor->table(0), before);
  auto snapshot = host.executor->snapshot();
  ASSERT_TRUE(snapshot) << messageOf(snapshot);
  host.invoke("poke", {i64(40), i64(6)}); // table.grow by two
  uint64_t address = host.invoke("peek", {i64(32)}).results.at(0).bits;
  auto *elements = reinterpret_cast<uint64_t *>(address);
  elements[1] = 2;
  elements[5] = 3;
  EXPECT_EQ(host.executor->table(0), (std::vector<uint64_t>{0, 2, 0, 0, 0, 3}));
  ASSERT_TRUE(host.executor->restore(**snapshot));
  EXPECT_EQ(host.executor->table(0), before);
  EXPECT_EQ(elements[5], 0u);
}

TEST(SnapshotDevices, OneKeptOnTheHostGoesEverywhere) {
  auto gpu = Device::open("cuda");
  if (!gpu && gpu.error().kind == ErrorKind::NotFound)
    GTEST_SKIP() << gpu.error().message;
  ASSERT_TRUE(gpu) << messageOf(gpu);
  auto host = Device::open("host");
  Expected<PtxBin> file = artifact(testManifest(20), hostImage(), ptxImage());
  ASSERT_TRUE(host && file);
  auto here = (*host)->instantiate(*file, {}),
       there = (*gpu)->instantiate(*file, {});
  ASSERT_TRUE(here && there) << messageOf(here) << messageOf(there);
  std::vector<uint8_t> bytes = someBytes(20 * pageBytes);
  ASSERT_TRUE((*there)->copyIn(0, bytes));
  auto snapshot = (*there)->snapshot(Place::Host);
  ASSERT_TRUE(snapshot) << messageOf(snapshot);
  ASSERT_TRUE((*here)->restore(**snapshot));
  EXPECT_EQ(bytesAt(**here, 0, bytes.size()), bytes);
  bytes[5] ^= 1;
  ASSERT_TRUE((*here)->copyIn(0, bytes));
  snapshot = (*here)->snapshot();
  ASSERT_TRUE(snapshot && (*there)->restore(**snapshot));
  EXPECT_EQ(bytesAt(**there, 0, bytes.size()), bytes);
  snapshot = (*there)->snapshot(Place::Device);
  ASSERT_TRUE(snapshot) << messageOf(snapshot);
  auto refused = (*here)->restore(**snapshot);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Incompatible);
  EXPECT_TRUE((*here)->isUsable());
}
