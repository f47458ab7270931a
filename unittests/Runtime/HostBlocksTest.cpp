//===- HostBlocksTest.cpp - blocks on the host's cores --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inputs/HostBlocks.cpp run through the public interface: shared memory,
// threads that wait for one another, output and aborts.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;
using twrun::abi::TrapCode;

static const Value noTrap = i32(0xffffffff);

static Expected<Outcome> launchShared(Running &host, uint64_t bytes, Dim3 grid,
                                      Dim3 block, Value argument = noTrap) {
  LaunchOptions options;
  options.sharedBytes = bytes;
  return host.executor->launch(host.kernel("rotate"), grid, block,
                               {&argument, 1}, options);
}

TEST(HostBlocks, ThreadsMeetInSharedMemoryThatIsZeroAtFirst) {
  Running host = startOnHost(blockManifest(8));
  for (uint32_t threads : {1u, 33u, 48u, 1024u}) {
    const uint32_t blocks = 50;
    auto outcome =
        launchShared(host, 4 * threads, {blocks, 1, 1}, {threads, 1, 1});
    ASSERT_TRUE(outcome) << messageOf(outcome);
    EXPECT_FALSE(outcome->trap);
    std::vector<uint32_t> words = test::words(*host.executor, blocks * threads);
    for (uint32_t i = 0; i < blocks * threads; ++i)
      ASSERT_EQ(words[i], (i % threads + 1) % threads) << i;
    // Once more: shared memory is zero again, or the sums would be twice that.
    ASSERT_TRUE(launchShared(host, 4 * threads, {1, 1, 1}, {threads, 1, 1}));
    EXPECT_EQ(test::words(*host.executor, 1)[0], threads == 1 ? 0u : 1u);
  }
}

TEST(HostBlocks, NumbersThreadsInThreeDimensions) {
  Running host = startOnHost(blockManifest(1));
  auto outcome = launchShared(host, 0, {2, 1, 1}, {4, 3, 2});
  ASSERT_TRUE(outcome) << messageOf(outcome);
  EXPECT_FALSE(outcome->trap);
  for (uint32_t i = 0; i < 48; ++i)
    EXPECT_EQ(words(*host.executor, 48)[i], (i % 24 + 1) % 24);
}

TEST(HostBlocks, SharedMemoryIsTheLargerOfBothSizes) {
  Running host = startOnHost(blockManifest(1));
  auto size = [&](uint64_t asked) {
    auto bytes = sharedBytesOf(host.kernel("rotate"), asked);
    return bytes ? *bytes : 0;
  };
  EXPECT_EQ(size(0), 256u);
  EXPECT_EQ(size(256), 256u);
  EXPECT_EQ(size(257), 272u);
  EXPECT_EQ(size(65536), 65536u);
  auto outcome = launchShared(host, 65537, {1, 1, 1}, {1, 1, 1});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::Invalid);
  EXPECT_EQ(messageOf(outcome),
            "a block of kernel 'rotate' can have at most 65536 bytes of shared "
            "memory, but 65537 were asked for");
  LaunchOptions some;
  some.sharedBytes = 16;
  outcome = host.executor->launch(host.kernel("sums"), {1, 1, 1}, {1, 1, 1}, {},
                                  some);
  EXPECT_EQ(messageOf(outcome), "kernel 'sums' uses no shared memory, but 16 "
                                "bytes were asked for");
  EXPECT_TRUE(sharedBytesOf(host.kernel("sums"), 0));
}

TEST(HostBlocks, AnInvocationHasNoWindow) {
  Running host = startOnHost(blockManifest(1));
  EXPECT_FALSE(host.invoke("rotate", {noTrap}).trap);
  EXPECT_EQ(words(*host.executor, 1)[0], 0u + 2); // no bytes, no pointer
  // Nor has a grid of a kernel without one.
  host.launch("sums", {1, 1, 1}, {64, 1, 1}, {});
  EXPECT_EQ(words(*host.executor, 2001)[2000], 0u);
}

TEST(HostBlocks, AThreadThatTrapsIsNotWaitedFor) {
  Running host = startOnHost(blockManifest(1));
  auto outcome = launchShared(host, 0, {3, 1, 1}, {48, 1, 1}, i32(7));
  ASSERT_TRUE(outcome) << messageOf(outcome);
  ASSERT_TRUE(outcome->trap);
  EXPECT_EQ(outcome->trap->code, TrapCode::IntegerOverflow);
  EXPECT_EQ(outcome->trap->offset, 0x50u);
  EXPECT_EQ(outcome->trap->thread.x, 7u);
  std::vector<uint32_t> words = test::words(*host.executor, 3 * 48);
  for (uint32_t i = 0; i < words.size(); ++i)
    EXPECT_EQ(words[i], i % 48 == 7 || i % 48 == 6 ? 0 : (i % 48 + 1) % 48);
}

TEST(HostBlocks, ReducesWarpsAndBlocks) {
  Running host = startOnHost(blockManifest(1));
  EXPECT_FALSE(host.launch("sums", {100, 1, 1}, {48, 1, 1}, {}).trap);
  std::vector<uint32_t> words = test::words(*host.executor, 1100);
  EXPECT_EQ(words[0], 496u);
  EXPECT_EQ(words[31], 496u);
  EXPECT_EQ(words[32], 632u); // 32 + ... + 47
  EXPECT_EQ(words[47], 632u);
  for (uint32_t block = 0; block < 100; ++block)
    EXPECT_EQ(words[1000 + block], 1128u);
}

TEST(HostBlocks, TellsWhenThreadsWaitForOneAnother) {
  Running host = startOnHost(blockManifest(1));
  Outcome outcome = host.launch("diverge", {1, 1, 1}, {4, 1, 1}, {});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(describeTrap(*outcome.trap, host.file->manifest()),
            "barrier not reached by all threads in function 2 "
            "'all_\\x1b[2Jtrap' at offset 0x40, block (0,0,0), thread (0,0,0)");
  // Each in turn waits for the others and is told, until 3 is alone at its
  // barrier.
  EXPECT_EQ(words(*host.executor, 4), (std::vector<uint32_t>{0, 0, 0, 1}));
}

TEST(HostBlocks, RecursionExhaustsAFibersStackAndNoMore) {
  Running host = startOnHost(blockManifest(1));
  Outcome outcome = host.launch("together", {1, 1, 1}, {64, 1, 1}, {i32(1000)});
  EXPECT_FALSE(outcome.trap);
  EXPECT_EQ(words(*host.executor, 64), std::vector<uint32_t>(64, 1000));
  outcome = host.launch("together", {1, 1, 1}, {64, 1, 1}, {i32(100000)});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->code, TrapCode::CallStackExhausted);
  // A single thread needs no fiber, and has the worker's stack.
  outcome = host.launch("together", {1, 1, 1}, {1, 1, 1}, {i32(10000)});
  EXPECT_FALSE(outcome.trap);
}

TEST(HostBlocks, TellsWhatStacksTake) {
  Running host = startOnHost(blockManifest(1));
  auto use = [&](const char *name, Dim3 grid, Dim3 block) {
    auto use = host.executor->stackUse(host.kernel(name), grid, block);
    EXPECT_TRUE(use) << messageOf(use);
    return use ? *use : StackUse();
  };
  EXPECT_EQ(use("sums", {1, 1, 1}, {96, 1, 1}).threads, 96u);
  EXPECT_EQ(use("sums", {1, 1, 1}, {96, 1, 1}).bytes(), 96u << 20);
  EXPECT_LE(use("sums", {100000, 1, 1}, {1024, 1, 1}).threads, 16u * 1024);
  EXPECT_EQ(use("mark", {1, 1, 1}, {96, 1, 1}).threads, 1u);
  EXPECT_FALSE(
      host.executor->stackUse(host.kernel("sums"), {1, 1, 1}, {2000, 1, 1}));
}

static void setString(Executor &executor, size_t at, const char *text) {
  std::strcpy(reinterpret_cast<char *>(executor.memory().data()) + at, text);
}

TEST(HostBlocks, PrintsAfterTheCall) {
  std::vector<std::string> told;
  InstanceOptions options;
  options.printRecords = 10;
  options.print = [&](const Printed &p) { told.push_back(p.text); };
  Running host = startOnHost(blockManifest(1), options);
  setString(*host.executor, 4096, "thread %d has %.2f\n");
  Outcome outcome = host.launch("print", {1, 1, 1}, {4, 1, 1}, {i32(4096)});
  EXPECT_EQ(words(*host.executor, 4), std::vector<uint32_t>(4, 1));
  ASSERT_EQ(outcome.printed.size(), 4u);
  EXPECT_EQ(outcome.printed[2].text, "thread 2 has 2.50\n");
  EXPECT_EQ(outcome.printed[2].thread.x, 2u);
  EXPECT_EQ(outcome.printed[2].note, "");
  EXPECT_EQ(outcome.lostPrints, 0u);
  EXPECT_EQ(told.size(), 4u);

  outcome = host.launch("print", {4, 1, 1}, {4, 1, 1}, {i32(4096)});
  EXPECT_EQ(outcome.printed.size(), 10u);
  EXPECT_EQ(outcome.lostPrints, 6u);
  std::vector<uint32_t> words = test::words(*host.executor, 16);
  EXPECT_EQ(std::count(words.begin(), words.end(), 1u), 10);
  EXPECT_EQ(told.size(), 14u);

  // One that cannot print has no buffer; none is left from before.
  outcome = host.launch("mark", {1, 1, 1}, {4, 1, 1}, {noTrap});
  EXPECT_TRUE(outcome.printed.empty());

  options.printRecords = maxPrintRecords + 1;
  auto refused = host.device->instantiate(*host.file, options);
  EXPECT_EQ(messageOf(refused),
            "expected at most 1048576 print records, but got 1048577");
}

TEST(HostBlocks, AbortsWithTheGuestsWords) {
  Running host = startOnHost(blockManifest(1));
  setString(*host.executor, 256, "index \x1b is negative");
  Outcome outcome = host.invoke("abort", {i32(256)});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->message, "index \x1b is negative");
  EXPECT_EQ(describeTrap(*outcome.trap, host.file->manifest()),
            "aborted: 'index \\x1b is negative' in function 2 "
            "'all_\\x1b[2Jtrap' at offset 0x60, block (0,0,0), thread (0,0,0)");
  EXPECT_EQ(host.invoke("abort", {i32(0)}).trap->message, "");
  EXPECT_EQ(host.invoke("abort", {i32(0xfffffff0)}).trap->message, "");
}

TEST(HostBlocks, HasFastMathAndATimer) {
  Running host = startOnHost(blockManifest(1));
  Outcome outcome = host.invoke("fast", {{ValueType::F32, 0x3f000000}}); // 0.5
  float expected = float(std::tanh(0.5));
  uint32_t bits;
  std::memcpy(&bits, &expected, 4);
  EXPECT_EQ(outcome.results.at(0).bits, bits);
  uint64_t first = outcome.results.at(1).bits;
  EXPECT_LT(first, host.invoke("fast", {{ValueType::F32, 0}}).results[1].bits);
}
