//===- SequenceTest.cpp - compiled kernels, one process, traps between ----===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Real artifacts of this build, one after the other in one process: a guest
// fault is reported as the Wasm trap it is, with the place of the faulting
// instruction, and the device goes on working. Runs on the host, and on a GPU
// where there is one.
//
//===----------------------------------------------------------------------===//

#include "twrun/Runtime.h"

#include <gtest/gtest.h>

#include <cstring>

using namespace twrun;

namespace {

constexpr uint32_t threads = 1024, block = 128;

class SequenceTest : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    auto opened = Device::open(GetParam());
    if (!opened && opened.error().kind == ErrorKind::NotFound)
      GTEST_SKIP() << opened.error().message;
    ASSERT_TRUE(opened) << opened.error().message;
    device = std::move(*opened);
  }

  /// Opens `name`.ptxbin: signed in a GPU bundle, unsigned in a build.
  ptxbin::PtxBin open(const std::string &name) {
    std::string dir = TEST_KERNEL_DIR "/";
    ptxbin::TrustOptions trust;
    if (auto key = ptxbin::readPublicKey(dir + "key.pub"))
      trust.keys.push_back(*key);
    else
      trust.allowUnsigned = true;
    auto bytes = ptxbin::readFile(dir + name + ".ptxbin", 1 << 20);
    EXPECT_TRUE(bytes) << bytes.error().message;
    auto file = ptxbin::PtxBin::openVerified(std::move(*bytes), trust);
    EXPECT_TRUE(file) << file.error().message;
    return std::move(*file);
  }

  /// Launches the kernel `name` on a buffer behind its memory, with `last` as
  /// its third argument.
  Outcome launch(const ptxbin::PtxBin &artifact, const std::string &name,
                 uint32_t last) {
    auto kernel = findKernel(artifact.manifest(), name);
    EXPECT_TRUE(kernel) << kernel.error().message;
    auto created = device->instantiate(artifact, {.extraPages = 1});
    EXPECT_TRUE(created) << created.error().message;
    instance = std::move(*created);
    buffer = instance->memory().size();
    EXPECT_TRUE(instance->grow(1));
    Value arguments[] = {{ValueType::I32, buffer},
                         {ValueType::I32, threads},
                         {ValueType::I32, last}};
    auto outcome = instance->launch(**kernel, {threads / block, 1, 1},
                                    {block, 1, 1}, arguments);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return *outcome;
  }

  uint32_t element(uint32_t i) {
    uint32_t value;
    std::memcpy(&value, instance->memory().data() + buffer + 4 * i, 4);
    return value;
  }

  /// The opcode at a trap's offset in the module that the artifact carries.
  static uint8_t opcodeAt(const ptxbin::PtxBin &artifact, uint32_t offset) {
    for (size_t i = 0; i < artifact.sections().size(); ++i)
      if (artifact.sections()[i].key.type == ptxbin::SectionType::Wasm)
        if (auto module = artifact.raw(i); module && offset < module->size())
          return (*module)[offset];
    return 0;
  }

  std::unique_ptr<Device> device;
  std::unique_ptr<Executor> instance;
  uint64_t buffer = 0;
};

TEST_P(SequenceTest, TrapsLeaveTheDeviceUsable) {
  ptxbin::PtxBin oob = open("oob"), divzero = open("divzero"),
                 inbounds = open("inbounds");

  Outcome outcome = launch(oob, "oob", 517);
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->code, twrun::abi::TrapCode::OutOfBoundsMemoryAccess);
  EXPECT_EQ(outcome.trap->block.x, 517 / block);
  EXPECT_EQ(outcome.trap->thread.x, 517 % block);
  EXPECT_EQ(outcome.trap->function, oob.manifest().kernels[0].function);
  EXPECT_EQ(opcodeAt(oob, outcome.trap->offset), 0x36); // i32.store
  // The other threads of the grid ran to their end.
  for (uint32_t i = 0; i < threads; ++i)
    EXPECT_EQ(element(i), i == 517 ? 0 : i);

  outcome = launch(divzero, "divzero", 0);
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->code, twrun::abi::TrapCode::IntegerDivideByZero);
  EXPECT_EQ(outcome.trap->function, divzero.manifest().kernels[0].function);
  EXPECT_EQ(opcodeAt(divzero, outcome.trap->offset), 0x6E); // i32.div_u

  outcome = launch(inbounds, "inbounds", 517);
  EXPECT_FALSE(outcome.trap);
  for (uint32_t i = 0; i < threads; ++i)
    EXPECT_EQ(element(i), i == 517 ? 0 : i);
  EXPECT_EQ(element(threads), 517u);

  outcome = launch(divzero, "divzero", 7);
  EXPECT_FALSE(outcome.trap);
  for (uint32_t i = 0; i < threads; ++i)
    EXPECT_EQ(element(i), (1000 + i) / 7);
}

TEST_P(SequenceTest, AThousandTraps) {
  ptxbin::PtxBin oob = open("oob");
  auto kernel = findKernel(oob.manifest(), "oob");
  ASSERT_TRUE(kernel);
  auto created = device->instantiate(oob, {.extraPages = 1});
  ASSERT_TRUE(created) << created.error().message;
  instance = std::move(*created);
  buffer = instance->memory().size();
  ASSERT_TRUE(instance->grow(1));
  for (uint32_t i = 0; i < 1000; ++i) {
    Value arguments[] = {{ValueType::I32, buffer},
                         {ValueType::I32, threads},
                         {ValueType::I32, i}};
    auto outcome = instance->launch(**kernel, {threads / block, 1, 1},
                                    {block, 1, 1}, arguments);
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_TRUE(outcome->trap);
    ASSERT_EQ(outcome->trap->block.x * block + outcome->trap->thread.x, i);
  }
}

// A barrier does not wait for a thread that has trapped: no hang, the right
// thread named each time, and all others have gone on.
TEST_P(SequenceTest, AThousandTrapsBeforeABarrier) {
  ptxbin::PtxBin deserter = open("deserter");
  auto kernel = findKernel(deserter.manifest(), "deserter");
  ASSERT_TRUE(kernel);
  auto created = device->instantiate(deserter, {.extraPages = 1});
  ASSERT_TRUE(created) << created.error().message;
  instance = std::move(*created);
  buffer = instance->memory().size();
  ASSERT_TRUE(instance->grow(1));
  // One more, in which nobody traps.
  for (uint32_t i = 0; i <= 1000; ++i) {
    uint32_t who = i < 1000 ? i : threads;
    Value arguments[] = {{ValueType::I32, buffer},
                         {ValueType::I32, threads},
                         {ValueType::I32, who}};
    std::memset(instance->memory().data() + buffer, 0xFF, 4 * threads);
    auto outcome = instance->launch(**kernel, {threads / block, 1, 1},
                                    {block, 1, 1}, arguments);
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_EQ(outcome->trap.has_value(), who < threads);
    if (outcome->trap) {
      ASSERT_EQ(outcome->trap->code, twrun::abi::TrapCode::Unreachable);
      ASSERT_EQ(outcome->trap->block.x * block + outcome->trap->thread.x, who);
    }
    for (uint32_t t = 0; t < threads; ++t) {
      uint32_t neighbour = t / block * block + (t + 1) % block;
      uint32_t left = neighbour == who ? 0 : neighbour + 1;
      ASSERT_EQ(element(t), t == who ? 0xFFFFFFFF : left);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Devices, SequenceTest, testing::Values("host", "cuda"),
                         [](const auto &info) {
                           return std::string(info.param);
                         });

} // namespace
