//===- InstantiateTest.cpp - memory, globals, data segments, start --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instantiation and the state that lives on between calls, on the host.
//
//===----------------------------------------------------------------------===//

#include "MemoryPlan.h"
#include "Support.h"

#include <algorithm>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

/// The error that instantiating on the host ends in.
static Error failureOf(const Manifest &manifest, Bytes host = hostImage()) {
  Expected<PtxBin> file = artifact(manifest, std::move(host));
  EXPECT_TRUE(file) << messageOf(file);
  auto device = Device::open("host");
  if (!file || !device)
    return {};
  auto executor = (*device)->instantiate(*file, {});
  EXPECT_FALSE(executor);
  return executor ? Error{} : executor.error();
}

TEST(Instantiate, SetsGlobalsAndClearsMemory) {
  Manifest manifest = testManifest(2);
  GlobalInfo pi;
  pi.type = ValueType::F64;
  pi.bits = 0x4009'21fb'5444'2d18;
  manifest.globals.push_back(pi);
  Running host = startOnHost(manifest);
  ASSERT_TRUE(host.executor);
  EXPECT_EQ(host.executor->global(0).bits, 41u);
  EXPECT_EQ(host.executor->global(1).bits, 0x4009'21fb'5444'2d18u);
  EXPECT_EQ(host.executor->global(2).bits, 0u); // there is none
  std::span<uint8_t> memory = host.executor->memory();
  EXPECT_EQ(memory.size(), 2 * pageBytes);
  EXPECT_TRUE(std::all_of(memory.begin(), memory.end(),
                          [](uint8_t byte) { return byte == 0; }));
}

TEST(Instantiate, CopiesDataSegmentsInOrder) {
  Manifest manifest = testManifest(1);
  manifest.data = {activeData(65532, 0, 4), activeData(100, 4, 2),
                   activeData(101, 0, 3), activeData(65536, 8, 0)};
  Running host = startOnHost(manifest); // module: 00 61 73 6d 01 00 00 00
  ASSERT_TRUE(host.executor);
  std::span<uint8_t> memory = host.executor->memory();
  const uint8_t magic[] = {0, 'a', 's', 'm'};
  EXPECT_TRUE(std::equal(magic, magic + 4, memory.data() + 65532));
  const uint8_t overlaid[] = {1, 0, 'a', 's', 0};
  EXPECT_TRUE(std::equal(overlaid, overlaid + 5, memory.data() + 100));
}

TEST(Instantiate, RefusesSegmentsOutOfBounds) {
  Manifest manifest = testManifest(1);
  manifest.data = {activeData(65533, 0, 4)};
  Error error = failureOf(manifest);
  EXPECT_EQ(error.kind, ErrorKind::Invalid);
  EXPECT_EQ(error.message,
            "instantiation trapped: out of bounds memory access: data segment "
            "0 of 4 bytes at 65533 in a memory of 65536");
  manifest.data = {activeData(65537, 0, 0)};
  EXPECT_NE(failureOf(manifest).message.find("out of bounds memory access"),
            std::string::npos);
}

TEST(Instantiate, RunsStart) {
  Manifest manifest = testManifest(1);
  manifest.modules[0].startSymbol = "tw_start";
  manifest.data = {activeData(0, 1, 1)}; // start comes after it
  Running host = startOnHost(manifest);
  ASSERT_TRUE(host.executor);
  EXPECT_EQ(host.executor->global(0).bits, 42u);
  EXPECT_EQ(host.executor->memory()[0], 42);
  host.invoke("start", {});
  EXPECT_EQ(host.executor->global(0).bits, 43u);
}

TEST(Instantiate, FailsWhenStartTraps) {
  Manifest manifest = testManifest(1);
  manifest.modules[0].startSymbol = "tw_all_trap";
  Error error = failureOf(manifest);
  EXPECT_EQ(error.kind, ErrorKind::Invalid);
  EXPECT_EQ(error.message,
            "instantiation trapped: unreachable in function 2 "
            "'all_\\x1b[2Jtrap' at offset 0x10, block (0,0,0), thread (0,0,0), "
            "in the start function");
  manifest.modules[0].startSymbol = "tw_absent";
  EXPECT_EQ(failureOf(manifest).kind, ErrorKind::NotFound);
}

TEST(Instantiate, RefusesAnotherABI) {
  Manifest manifest = testManifest(1);
  manifest.kernelABI = 99;
  Error error = failureOf(manifest);
  EXPECT_EQ(error.kind, ErrorKind::Incompatible);
  EXPECT_NE(error.message.find("expected kernel ABI version 3, but the "
                               "artifact has version 99"),
            std::string::npos);
}

TEST(Instantiate, RefusesABadImage) {
  Bytes cut = hostImage();
  cut.resize(100);
  EXPECT_EQ(failureOf(testManifest(1), cut).kind, ErrorKind::Malformed);
}

TEST(Grow, KeepsContentsAndAddsZeros) {
  Running host = startOnHost(testManifest(1), {.extraPages = 3});
  ASSERT_TRUE(host.executor);
  host.executor->memory()[65535] = 9;
  ASSERT_TRUE(host.executor->grow(2));
  std::span<uint8_t> memory = host.executor->memory();
  ASSERT_EQ(memory.size(), 3 * pageBytes);
  EXPECT_EQ(memory[65535], 9);
  EXPECT_EQ(std::count(memory.begin(), memory.end(), 0), 3 * 65536 - 1);
  // Generated code sees the new size: thread 40000 marks past page 1.
  EXPECT_FALSE(host.launch("mark", {40001, 1, 1}, {1, 1, 1}, {i32(~0u)}).trap);
  EXPECT_EQ(words(*host.executor, 40001)[40000], 1u);

  ASSERT_TRUE(host.executor->grow(0));
  Expected<void> grown = host.executor->grow(2);
  EXPECT_EQ(messageOf(grown), "cannot grow memory by 2 pages from 3: "
                              "instantiated with a capacity of 4; ask for "
                              "more extra pages");
  EXPECT_FALSE(host.executor->grow(~0ull));
  EXPECT_EQ(host.executor->memory().size(), 3 * pageBytes);
  EXPECT_TRUE(host.executor->grow(1));
}

TEST(Grow, StopsAtTheMaximum) {
  Manifest manifest = testManifest(1);
  manifest.memories[0].maxPages = 2;
  Running host = startOnHost(manifest, {.extraPages = ~0ull});
  ASSERT_TRUE(host.executor);
  EXPECT_EQ(messageOf(host.executor->grow(2)),
            "cannot grow memory by 2 pages from 1: its maximum is 2");
  EXPECT_TRUE(host.executor->grow(1));
}

TEST(Grow, OnTheDeviceShowsInMemory) {
  Manifest manifest = testManifest(1);
  manifest.memories[0].grows = true;
  Running host = startOnHost(manifest);
  ASSERT_TRUE(host.executor);
  EXPECT_EQ(host.invoke("grow", {i32(2)}).results.at(0).bits, 1u);
  EXPECT_EQ(host.executor->memory().size(), 3 * pageBytes);
  EXPECT_EQ(host.executor->memory().back(), 7); // it was zero before
  ASSERT_TRUE(host.executor->grow(1));
  EXPECT_EQ(host.invoke("grow", {i32(0)}).results.at(0).bits, 4u);
  EXPECT_EQ(host.invoke("grow", {i32(65535)}).results.at(0).bits, 0xffffffffu);
  EXPECT_EQ(host.executor->memory().size(), 4 * pageBytes);
}

TEST(Grow, NeedsAMemory) {
  Manifest manifest = testManifest(1);
  manifest.memories.clear();
  for (KernelInfo &kernel : manifest.kernels)
    kernel.memory.reset();
  Running host = startOnHost(manifest);
  ASSERT_TRUE(host.executor);
  EXPECT_TRUE(host.executor->memory().empty());
  EXPECT_EQ(messageOf(host.executor->grow(1)),
            "the module has no memory to grow");
  EXPECT_EQ(host.invoke("table", {i32(1)}).results.at(0).bits, 2u);
}

static MemoryInfo memoryOf(uint64_t minPages, std::optional<uint64_t> maxPages,
                           bool grows, bool index64 = false) {
  MemoryInfo memory;
  memory.minPages = minPages;
  memory.maxPages = maxPages;
  memory.grows = grows;
  memory.index64 = index64;
  return memory;
}

/// The plan for the only memory.
static Expected<MemoryPlan> planOf(MemoryInfo memory, uint64_t extraPages) {
  Manifest manifest;
  manifest.memories = {memory};
  auto plan = planInstance(manifest, extraPages);
  if (!plan)
    return plan.error();
  return plan->memories[0];
}

TEST(MemoryPlan, BoundsEverySize) {
  auto plan = planOf(memoryOf(65536, {}, false), ~0ull);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->capacity, 1ull << 32);
  EXPECT_FALSE(planOf(memoryOf(65537, {}, false), 0));
  EXPECT_FALSE(planOf(memoryOf(2, 1, false), 0));
  plan = planOf(memoryOf(0, 0, true), 5);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->capacity, 0u);
  plan = planOf(memoryOf(3, {}, true), 0);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->capacity, growablePages * pageBytes);
}

TEST(MemoryPlan, SixtyFourBitMemoriesHaveTheirOwnLimit) {
  auto plan = planOf(memoryOf(1, {}, true, true), 0);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->capacity, growablePages * pageBytes);
  EXPECT_EQ(plan->limitPages, 1ull << 48);
  plan = planOf(memoryOf(70000, {}, false, true), 7);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->capacity, 70007 * pageBytes);
  // Allowed by the specification, but more than can be had.
  plan = planOf(memoryOf(1ull << 48, {}, false, true), 0);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::Incompatible);
  EXPECT_NE(messageOf(plan).find("asks for 281474976710656 pages"),
            std::string::npos);
  EXPECT_FALSE(planOf(memoryOf((1ull << 48) + 1, {}, false, true), 0));
}

TEST(MemoryPlan, ManyMemoriesGetLessToGrowBy) {
  Manifest manifest;
  manifest.memories.assign(4, memoryOf(2, {}, true));
  auto plan = planInstance(manifest, 0);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->memoryBytes(), 4 * growablePages * pageBytes);
  manifest.memories.assign(400, memoryOf(2, {}, true));
  manifest.memories[7] = memoryOf(2, {}, false);
  manifest.memories[8] = memoryOf(2, 5, true);
  plan = planInstance(manifest, 0);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->memories[6].capacity, (2 + 1024) * pageBytes);
  EXPECT_EQ(plan->memories[7].capacity, 2 * pageBytes);
  EXPECT_EQ(plan->memories[8].capacity, 5 * pageBytes);
}

TEST(MemoryPlan, TablesHaveRoomToGrow) {
  Manifest manifest;
  manifest.tables.resize(1);
  TableInfo &table = manifest.tables[0];
  auto capacity = [&] {
    auto plan = planInstance(manifest, 0);
    EXPECT_TRUE(plan) << messageOf(plan);
    return plan ? plan->tables[0].capacity : 0;
  };
  table.minSize = 10'000'000;
  EXPECT_EQ(capacity(), 10'000'000u);
  table.grows = true;
  EXPECT_EQ(capacity(), 10'065'536u);
  table.maxSize = 10'000'001;
  EXPECT_EQ(capacity(), 10'000'001u);
  table.minSize = 10'000'001;
  auto plan = planInstance(manifest, 0);
  ASSERT_FALSE(plan);
  EXPECT_EQ(messageOf(plan), "the manifest's table 0 asks for 10000001 "
                             "elements at instantiation: expected at most "
                             "10000000");
}
