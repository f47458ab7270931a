//===- MemoryLaunchTest.cpp - kernels on each kind of memory --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the host copies, kernels see, and the other way round; memory grows in
// place between launches.
//
//===----------------------------------------------------------------------===//

#include "Kinds.h"
#include "MemoryPlan.h"

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {
class MemoryLaunch : public KindTest {};
const Value noTrap = i32(0xffffffff);
} // namespace
INSTANTIATE_TEST_SUITE_P(Kinds, MemoryLaunch, testing::ValuesIn(allKinds),
                         kindName);

TEST_P(MemoryLaunch, KernelsSeeWhatWasCopied) {
  Running instance = open(testManifest(100));
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  std::vector<uint8_t> bytes = someBytes(100 * pageBytes);
  ASSERT_TRUE(executor.copyIn(0, bytes));
  for (uint64_t at : {uint64_t(0), uint64_t(12345), 100 * pageBytes - 1})
    EXPECT_EQ(instance.invoke("get", {i64(at)}).results.at(0).bits, bytes[at]);
  std::vector<uint8_t> zeros(4096);
  ASSERT_TRUE(executor.copyIn(0, zeros));
  Outcome outcome = instance.launch("mark", {4, 1, 1}, {256, 1, 1}, {noTrap});
  EXPECT_FALSE(outcome.trap);
  std::vector<uint32_t> marks(1024);
  ASSERT_TRUE(
      executor.copyOut(0, {reinterpret_cast<uint8_t *>(marks.data()), 4096}));
  EXPECT_EQ(marks, std::vector<uint32_t>(1024, 1));
  EXPECT_EQ(bytesAt(executor, 4096, bytes.size() - 4096),
            std::vector<uint8_t>(bytes.begin() + 4096, bytes.end()));
  // By way of memory(), too, before and after.
  executor.memory()[77] = 99;
  EXPECT_EQ(instance.invoke("get", {i64(77)}).results.at(0).bits, 99u);
  instance.invoke("put", {i64(78), i64(100)});
  EXPECT_EQ(executor.memory()[78], 100);
  EXPECT_EQ(executor.memory()[77], 99);
}

TEST_P(MemoryLaunch, GrowsInPlaceBetweenLaunches) {
  Running instance = open(testManifest(33), 1000);
  ASSERT_TRUE(instance.executor);
  Executor &executor = *instance.executor;
  auto environment = [&] { return instance.invoke("environment", {}).results; };
  const uint64_t base = environment().at(0).bits;
  EXPECT_FALSE(instance.launch("mark", {33, 1, 1}, {512, 1, 1}, {noTrap}).trap);
  for (uint64_t pages : {1, 31, 400}) {
    const uint64_t before = executor.memoryBytes();
    ASSERT_TRUE(executor.grow(pages));
    std::vector<Value> now = environment();
    EXPECT_EQ(now.at(0).bits, base);
    EXPECT_EQ(now.at(1).bits, before + pages * pageBytes);
    EXPECT_EQ(instance.invoke("get", {i64(before)}).results.at(0).bits, 0u);
    instance.invoke("put", {i64(executor.memoryBytes() - 1), i64(5)});
    EXPECT_EQ(bytesAt(executor, executor.memoryBytes() - 1, 1)[0], 5);
  }
  EXPECT_EQ(words(executor, 33 * 512),
            std::vector<uint32_t>(33 * 512, 1)); // as it was
}

TEST_P(MemoryLaunch, GrowsWithinALaunch) {
  Manifest manifest = testManifest(1);
  manifest.memories[0].grows = true;
  manifest.memories[0].maxPages = 100;
  manifest.data = {activeData(100, 1, 3)};
  Running instance = open(manifest);
  ASSERT_TRUE(instance.executor);
  EXPECT_EQ(bytesAt(*instance.executor, 100, 3),
            (std::vector<uint8_t>{'a', 's', 'm'}));
  EXPECT_EQ(instance.invoke("grow", {i32(70)}).results.at(0).bits, 1u);
  EXPECT_EQ(instance.executor->memoryBytes(), 71 * pageBytes);
  EXPECT_EQ(bytesAt(*instance.executor, 71 * pageBytes - 2, 2),
            (std::vector<uint8_t>{0, 7}));
  ASSERT_TRUE(instance.executor->grow(1));
  EXPECT_EQ(bytesAt(*instance.executor, 72 * pageBytes - 1, 1)[0], 0);
}

TEST_P(MemoryLaunch, BuffersAreSharedByKernels) {
  Running instance = open(testManifest(1), 4);
  ASSERT_TRUE(instance.executor);
  auto buffer = instance.executor->allocate(16);
  ASSERT_TRUE(buffer) << messageOf(buffer);
  instance.invoke("put", {i64(*buffer + 3), i64(9)});
  EXPECT_EQ(instance.invoke("get", {i64(*buffer + 3)}).results.at(0).bits, 9u);
  EXPECT_EQ(bytesAt(*instance.executor, *buffer + 3, 1)[0], 9);
}
