//===- HostDeviceTest.cpp - calls on the host's cores ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inputs/HostImage.cpp run through the public interface.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <algorithm>
#include <thread>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

static const Value noTrap = i32(0xffffffff);

/// Threads marked once each, and nothing else.
static void expectMarks(Executor &executor, uint64_t threads,
                        std::vector<uint64_t> except = {}) {
  std::vector<uint32_t> marks = words(executor, executor.memory().size() / 4);
  for (uint64_t i = 0; i < marks.size(); ++i) {
    bool expected = i < threads && !std::count(except.begin(), except.end(), i);
    ASSERT_EQ(marks[i], uint32_t(expected)) << "thread " << i;
  }
}

TEST(HostDevice, RunsEveryThreadOfAGridOnce) {
  struct Shape {
    Dim3 grid, block;
  };
  for (Shape shape :
       {Shape{{1, 1, 1}, {1, 1, 1}}, Shape{{1, 1, 1}, {1024, 1, 1}},
        Shape{{2053, 1, 1}, {3, 1, 1}}, Shape{{7, 5, 3}, {4, 3, 2}},
        Shape{{1, 65535, 1}, {1, 1, 1}}, Shape{{1, 1, 130}, {2, 2, 64}},
        Shape{{100000, 1, 1}, {1, 1, 1}}}) {
    Running host = startOnHost(testManifest(8));
    ASSERT_TRUE(host.executor);
    Outcome outcome = host.launch("mark", shape.grid, shape.block, {noTrap});
    EXPECT_FALSE(outcome.trap);
    EXPECT_GT(outcome.seconds, 0);
    expectMarks(*host.executor, shape.grid.count() * shape.block.count());
  }
}

TEST(HostDevice, ATrapStopsItsThreadOnly) {
  // Grid (5,4,3) of blocks (4,3,2); thread 24 * 17 + 10 is block (2,3,0),
  // thread (2,2,0), and in the midst of both.
  const uint64_t trapping = 24 * 17 + 10;
  Running host = startOnHost(testManifest(1));
  Outcome outcome = host.launch("mark", {5, 4, 3}, {4, 3, 2}, {i32(trapping)});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->code, twrun::abi::TrapCode::OutOfBoundsMemoryAccess);
  EXPECT_EQ(describeTrap(*outcome.trap, host.file->manifest()),
            "out of bounds memory access in function 1 'mark' at offset 0xb0, "
            "block (2,3,0), thread (2,2,0)");
  expectMarks(*host.executor, 60 * 24, {trapping});

  // The instance is as good as before.
  outcome = host.launch("mark", {1, 1, 1}, {1, 1, 1}, {noTrap});
  EXPECT_FALSE(outcome.trap);
  EXPECT_EQ(words(*host.executor, 1)[0], 2u);
}

TEST(HostDevice, ATrapOfTheFirstOrLastThreadOfABlock) {
  for (uint64_t trapping : {0, 23}) {
    Running host = startOnHost(testManifest(1));
    Outcome outcome =
        host.launch("mark", {1, 1, 1}, {4, 3, 2}, {i32(trapping)});
    ASSERT_TRUE(outcome.trap);
    expectMarks(*host.executor, 24, {trapping});
  }
}

TEST(HostDevice, EveryThreadMayTrap) {
  Running host = startOnHost(testManifest(1));
  Outcome outcome = host.launch("all_trap", {1000, 1, 1}, {64, 2, 1}, {});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->code, twrun::abi::TrapCode::Unreachable);
  EXPECT_LT(outcome.trap->block.x, 1000u);
  EXPECT_LT(outcome.trap->thread.x, 64u);
}

TEST(HostDevice, PassesArgumentsAndResultsByType) {
  Running host = startOnHost(testManifest(1));
  // Bits above an i32 are not the guest's to see.
  Value dirty{ValueType::I32, 0xdeadbeef'00000002};
  Outcome outcome =
      host.invoke("mixed", {dirty, i64(0x100000000), f64(0x7ff0000000000001)});
  ASSERT_FALSE(outcome.trap);
  ASSERT_EQ(outcome.results.size(), 3u);
  EXPECT_EQ(outcome.results[0].type, ValueType::I64);
  EXPECT_EQ(outcome.results[0].bits, 0x100000002u);
  EXPECT_EQ(outcome.results[1].type, ValueType::F64);
  EXPECT_EQ(outcome.results[1].bits, 0x7ff0000000000001u);
  EXPECT_EQ(outcome.results[2].type, ValueType::I32);
  EXPECT_EQ(outcome.results[2].bits, 0xfffffffdu);
}

TEST(HostDevice, CallsThroughRelocatedTables) {
  Running host = startOnHost(testManifest(1));
  EXPECT_EQ(host.invoke("table", {i32(0)}).results.at(0).bits, 1u);
  EXPECT_EQ(host.invoke("table", {i32(1)}).results.at(0).bits, 2u);
}

TEST(HostDevice, RecursionExhaustsTheStackAndNoMore) {
  Running host = startOnHost(testManifest(1));
  EXPECT_EQ(host.invoke("deep", {i32(10000)}).results.at(0).bits, 10000u);
  Outcome outcome = host.invoke("deep", {i32(1000000)});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->code, twrun::abi::TrapCode::CallStackExhausted);
  EXPECT_TRUE(outcome.results.empty());
  EXPECT_EQ(host.invoke("deep", {i32(10)}).results.at(0).bits, 10u);
}

TEST(HostDevice, RefusesWhatCannotRun) {
  Manifest manifest = testManifest(1);
  manifest.kernels[1].notLaunchable = "it writes the global 'g'";
  manifest.kernels[3].notOffloadable = "it calls the import 'env.f'";
  manifest.kernels[4].notOnGPU = "it recurses";
  Running host = startOnHost(manifest);
  Executor &executor = *host.executor;
  std::vector<Value> one{i32(1)}, mixed{i32(1), i64(1), f64(1)};

  auto outcome = executor.launch(host.kernel("mixed"), {}, {}, mixed);
  EXPECT_EQ(messageOf(outcome), "export 'mixed' has results: launch needs a "
                                "function without results, use invoke");
  outcome = executor.launch(host.kernel("all_trap"), {}, {}, {});
  EXPECT_EQ(messageOf(outcome), "export 'all_trap' cannot be launched as a "
                                "grid: it writes the global 'g'");
  outcome = executor.invoke(host.kernel("grow"), one);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::Incompatible);
  EXPECT_EQ(messageOf(outcome), "export 'grow' is not offloadable: it calls "
                                "the import 'env.f'");
  EXPECT_TRUE(executor.invoke(host.kernel("deep"), one)); // here is no GPU
  outcome = executor.invoke(host.kernel("absent"), {});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::NotFound);
  outcome = executor.invoke(host.kernel("mark"), {});
  EXPECT_EQ(messageOf(outcome),
            "incorrect number of arguments for 'mark': expected 1, but got 0");
  outcome = executor.launch(host.kernel("mark"), {1, 1, 1}, {1025, 1, 1}, one);
  EXPECT_EQ(messageOf(outcome),
            "block (1025,1,1) exceeds the limit of (1024,1024,64)");
  EXPECT_EQ(words(executor, 1)[0], 0u); // and none of it ran
}

TEST(HostDevice, ServesSeveralThreads) {
  auto device = Device::open("host");
  ASSERT_TRUE(device);
  Expected<PtxBin> file = artifact(testManifest(4), hostImage());
  ASSERT_TRUE(file) << messageOf(file);
  auto body = [&] {
    auto executor = (*device)->instantiate(*file, {});
    ASSERT_TRUE(executor) << messageOf(executor);
    auto mark = findKernel(file->manifest(), "mark");
    for (int round = 0; round < 20; ++round) {
      auto outcome =
          (*executor)->launch(**mark, {200, 1, 1}, {8, 1, 1}, {&noTrap, 1});
      ASSERT_TRUE(outcome && !outcome->trap);
    }
    for (uint32_t mark : words(**executor, 1600))
      ASSERT_EQ(mark, 20u);
  };
  std::thread other(body), another(body);
  body();
  other.join();
  another.join();
}
