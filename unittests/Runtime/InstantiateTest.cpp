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
  auto executor = (*device)->instantiate(*file, 0);
  EXPECT_FALSE(executor);
  return executor ? Error{} : executor.error();
}

TEST(Instantiate, SetsGlobalsAndClearsMemory) {
  Manifest manifest = testManifest(2);
  manifest.globals.push_back(
      {ValueType::F64, false, 0x4009'21fb'5444'2d18, {}});
  Running host = startOnHost(manifest);
  ASSERT_TRUE(host.executor);
  EXPECT_EQ(host.executor->global(0), 41u);
  EXPECT_EQ(host.executor->global(1), 0x4009'21fb'5444'2d18u);
  EXPECT_EQ(host.executor->global(2), 0u); // there is none
  std::span<uint8_t> memory = host.executor->memory();
  EXPECT_EQ(memory.size(), 2 * pageBytes);
  EXPECT_TRUE(std::all_of(memory.begin(), memory.end(),
                          [](uint8_t byte) { return byte == 0; }));
}

TEST(Instantiate, CopiesDataSegmentsInOrder) {
  Manifest manifest = testManifest(1);
  manifest.data = {{65532, 0, 4}, {100, 4, 2}, {101, 0, 3}, {65536, 8, 0}};
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
  manifest.data = {{65533, 0, 4}};
  Error error = failureOf(manifest);
  EXPECT_EQ(error.kind, ErrorKind::Invalid);
  EXPECT_EQ(error.message,
            "instantiation trapped: out of bounds memory access: data segment "
            "0 of 4 bytes at 65533 in a memory of 65536");
  manifest.data = {{65537, 0, 0}};
  EXPECT_NE(failureOf(manifest).message.find("out of bounds memory access"),
            std::string::npos);
}

TEST(Instantiate, RunsStart) {
  Manifest manifest = testManifest(1);
  manifest.startSymbol = "tw_start";
  manifest.data = {{0, 1, 1}}; // start comes after it
  Running host = startOnHost(manifest);
  ASSERT_TRUE(host.executor);
  EXPECT_EQ(host.executor->global(0), 42u);
  EXPECT_EQ(host.executor->memory()[0], 42);
  host.invoke("start", {});
  EXPECT_EQ(host.executor->global(0), 43u);
}

TEST(Instantiate, FailsWhenStartTraps) {
  Manifest manifest = testManifest(1);
  manifest.startSymbol = "tw_all_trap";
  Error error = failureOf(manifest);
  EXPECT_EQ(error.kind, ErrorKind::Invalid);
  EXPECT_EQ(error.message,
            "instantiation trapped in the start function: unreachable in "
            "function 2 'all_\\x1b[2Jtrap' at offset 0x10, block (0,0,0), "
            "thread (0,0,0)");
  manifest.startSymbol = "tw_absent";
  EXPECT_EQ(failureOf(manifest).kind, ErrorKind::NotFound);
}

TEST(Instantiate, RefusesAnotherABI) {
  Manifest manifest = testManifest(1);
  manifest.kernelABI = 99;
  Error error = failureOf(manifest);
  EXPECT_EQ(error.kind, ErrorKind::Incompatible);
  EXPECT_NE(error.message.find("expected kernel ABI version 1, but the "
                               "artifact has version 99"),
            std::string::npos);
}

TEST(Instantiate, RefusesABadImage) {
  Bytes cut = hostImage();
  cut.resize(100);
  EXPECT_EQ(failureOf(testManifest(1), cut).kind, ErrorKind::Malformed);
}

TEST(Grow, KeepsContentsAndAddsZeros) {
  Running host = startOnHost(testManifest(1), /*extraPages=*/3);
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
  Running host = startOnHost(manifest, ~0ull);
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
  Running host = startOnHost(manifest);
  ASSERT_TRUE(host.executor);
  EXPECT_TRUE(host.executor->memory().empty());
  EXPECT_EQ(messageOf(host.executor->grow(1)),
            "the module has no memory to grow");
  EXPECT_EQ(host.invoke("table", {i32(1)}).results.at(0).bits, 2u);
}

TEST(MemoryPlan, BoundsEverySize) {
  Manifest manifest = testManifest(65536);
  auto plan = planMemory(manifest, ~0ull);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->capacity, 1ull << 32);
  manifest.memories[0].minPages = 65537;
  EXPECT_FALSE(planMemory(manifest, 0));
  manifest.memories[0] = {2, 1, false, {}};
  EXPECT_FALSE(planMemory(manifest, 0));
  manifest.memories[0] = {0, 0, true, {}};
  plan = planMemory(manifest, 5);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->capacity, 0u);
  manifest.memories[0] = {3, std::nullopt, true, {}};
  plan = planMemory(manifest, 0);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->capacity, growablePages * pageBytes);
}
