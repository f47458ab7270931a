//===- CudaDeviceTest.cpp - calls on a CUDA device ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inputs/kernels.ptx run through the public interface, next to the same calls
// on the host. Skipped where there is no device; what is tested without one
// stands in SelectTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <algorithm>
#include <cstring>
#include <elf.h>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {
class CudaDevice : public testing::Test {
protected:
  void SetUp() override {
    auto opened = Device::open("cuda");
    if (!opened && opened.error().kind == ErrorKind::NotFound)
      GTEST_SKIP() << opened.error().message;
    ASSERT_TRUE(opened) << messageOf(opened);
    device = std::move(*opened);
  }
  Running startOnGPU(const Manifest &manifest,
                     const InstanceOptions &options = {}) {
    Expected<PtxBin> file = artifact(manifest, hostImage(), ptxImage());
    EXPECT_TRUE(file) << messageOf(file);
    return start(std::move(device), std::move(*file), options);
  }
  std::unique_ptr<Device> device;
};
} // namespace

TEST_F(CudaDevice, DescribesItself) {
  EXPECT_TRUE(device->isGPU());
  EXPECT_EQ(device->describe().rfind("cuda:0 ", 0), 0u) << device->describe();
  auto absent = Device::open("cuda:1000");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind, ErrorKind::NotFound);
}

TEST_F(CudaDevice, RunsEveryThreadOfAGridOnce) {
  Running gpu = startOnGPU(testManifest(40));
  ASSERT_TRUE(gpu.executor);
  Outcome outcome =
      gpu.launch("mark", {7, 50, 3}, {16, 3, 2}, {i32(0xffffffff)});
  EXPECT_FALSE(outcome.trap);
  EXPECT_GT(outcome.seconds, 0);
  std::vector<uint32_t> marks = words(*gpu.executor, 40 * 65536 / 4);
  for (size_t i = 0; i < marks.size(); ++i)
    ASSERT_EQ(marks[i], uint32_t(i < 1050 * 96)) << i;
}

TEST_F(CudaDevice, ATrapStopsItsThreadOnlyAndTheContextLives) {
  const uint32_t trapping = 24 * 17 + 10;
  Running gpu = startOnGPU(testManifest(1));
  ASSERT_TRUE(gpu.executor);
  Outcome outcome = gpu.launch("mark", {5, 4, 3}, {4, 3, 2}, {i32(trapping)});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(describeTrap(*outcome.trap, gpu.file->manifest()),
            "out of bounds memory access in function 1 'mark' at offset 0xb0, "
            "block (2,3,0), thread (2,2,0)");
  std::vector<uint32_t> marks = words(*gpu.executor, 60 * 24);
  for (size_t i = 0; i < marks.size(); ++i)
    ASSERT_EQ(marks[i], uint32_t(i != trapping)) << i;

  outcome = gpu.launch("mark", {1, 1, 1}, {1, 1, 1}, {i32(0xffffffff)});
  EXPECT_FALSE(outcome.trap);
  EXPECT_EQ(words(*gpu.executor, 1)[0], 2u);
}

TEST_F(CudaDevice, PassesArgumentsAndResultsByType) {
  Running gpu = startOnGPU(testManifest(1));
  ASSERT_TRUE(gpu.executor);
  Outcome outcome =
      gpu.invoke("mixed", {i32(2), i64(0x100000000), f64(0x7ff0000000000001)});
  ASSERT_EQ(outcome.results.size(), 3u);
  EXPECT_EQ(outcome.results[0].bits, 0x100000002u);
  EXPECT_EQ(outcome.results[1].bits, 0x7ff0000000000001u);
  EXPECT_EQ(outcome.results[2].bits, 0xfffffffdu);
}

TEST_F(CudaDevice, KeepsStateBetweenCalls) {
  Manifest manifest = testManifest(1);
  manifest.memories[0].grows = true;
  manifest.modules[0].startSymbol = "tw_start";
  manifest.data = {activeData(100, 1, 3)};
  Running gpu = startOnGPU(manifest);
  ASSERT_TRUE(gpu.executor);
  EXPECT_EQ(gpu.executor->global(0).bits, 42u);
  EXPECT_EQ(gpu.executor->memory()[0], 42);
  EXPECT_EQ(gpu.executor->memory()[101], 's');
  EXPECT_EQ(gpu.invoke("grow", {i32(2)}).results.at(0).bits, 1u);
  EXPECT_EQ(gpu.executor->memory().size(), 3 * 65536u);
  EXPECT_EQ(gpu.executor->memory().back(), 7);
  ASSERT_TRUE(gpu.executor->grow(1));
  EXPECT_EQ(gpu.executor->memory().size(), 4 * 65536u);
}

TEST_F(CudaDevice, RecursionExhaustsTheStackAndNoMore) {
  Running gpu = startOnGPU(testManifest(1));
  ASSERT_TRUE(gpu.executor);
  // Frames of 64 bytes and more: deeper than CUDA's default stack allows.
  EXPECT_EQ(gpu.invoke("deep", {i32(60)}).results.at(0).bits, 60u);
  Outcome outcome = gpu.invoke("deep", {i32(1000000)});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->code, twrun::abi::TrapCode::CallStackExhausted);
  EXPECT_EQ(gpu.invoke("deep", {i32(10)}).results.at(0).bits, 10u);
}

TEST_F(CudaDevice, BlocksHaveSharedMemoryAndBarriers) {
  Running gpu = startOnGPU(blockManifest(8));
  ASSERT_TRUE(gpu.executor);
  Value none = i32(0xffffffff);
  for (uint64_t bytes : {0, 100, 4096, 65536}) { // the last only on request
    LaunchOptions options;
    options.sharedBytes = bytes;
    auto outcome = gpu.executor->launch(gpu.kernel("rotate"), {5, 1, 1},
                                        {48, 1, 1}, {&none, 1}, options);
    ASSERT_TRUE(outcome) << messageOf(outcome);
    EXPECT_FALSE(outcome->trap);
    std::vector<uint32_t> all = words(*gpu.executor, 1001);
    for (uint32_t i = 0; i < 5 * 48; ++i)
      ASSERT_EQ(all[i], (i % 48 + 1) % 48);
    EXPECT_EQ(all[1000], std::max<uint64_t>((bytes + 15) / 16 * 16, 256));
  }
  auto stacks = gpu.executor->stackUse(gpu.kernel("rotate"), {1, 1, 1}, {});
  ASSERT_TRUE(stacks) << messageOf(stacks);
  EXPECT_GE(stacks->threads, 1024u);
  EXPECT_GE(stacks->bytes(), stacks->threads * 1024); // CUDA's default
  // The others of the block wait no longer for one that has trapped.
  Outcome outcome = gpu.launch("rotate", {1, 1, 1}, {48, 1, 1}, {i32(7)});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->code, twrun::abi::TrapCode::IntegerOverflow);
}

TEST_F(CudaDevice, RefusesMoreSharedMemoryThanABlockCanHave) {
  Manifest manifest = blockManifest(1);
  for (KernelInfo &kernel : manifest.kernels)
    if (kernel.shared)
      kernel.shared->limit = maxSharedLimit;
  Running gpu = startOnGPU(manifest);
  ASSERT_TRUE(gpu.executor);
  LaunchOptions options;
  options.sharedBytes = maxSharedLimit;
  Value none = i32(0xffffffff);
  auto outcome = gpu.executor->launch(gpu.kernel("rotate"), {1, 1, 1},
                                      {32, 1, 1}, {&none, 1}, options);
  if (outcome) // 227 KiB is what there is on compute capability 9.0 and 10.0
    EXPECT_FALSE(outcome->trap);
  else
    EXPECT_NE(outcome.error().message.find("but 232448 are asked for"),
              std::string::npos)
        << outcome.error().message;
  // The device is as good as before.
  EXPECT_FALSE(gpu.launch("rotate", {1, 1, 1}, {32, 1, 1}, {none}).trap);
}

TEST_F(CudaDevice, PrintsAndAbortsAfterTheCall) {
  InstanceOptions options;
  options.printRecords = 100;
  Running gpu = startOnGPU(blockManifest(1), options);
  ASSERT_TRUE(gpu.executor);
  std::string text = "thread %d has %.2f";
  std::copy(text.begin(), text.end(), gpu.executor->memory().begin() + 4096);
  for (int round = 0; round < 2; ++round) {
    Outcome outcome = gpu.launch("print", {2, 1, 1}, {64, 1, 1}, {i32(4096)});
    EXPECT_FALSE(outcome.trap);
    EXPECT_EQ(outcome.printed.size(), 100u);
    EXPECT_EQ(outcome.lostPrints, 28u);
    for (const Printed &printed : outcome.printed) {
      EXPECT_EQ(printed.text,
                "thread " + std::to_string(printed.thread.x) + " has 2.50");
      EXPECT_LT(printed.block.x, 2u);
    }
  }
  Outcome outcome = gpu.launch("abort", {2, 1, 1}, {64, 1, 1}, {i32(4096)});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->code, twrun::abi::TrapCode::Aborted);
  EXPECT_EQ(outcome.trap->message, text);
}

TEST_F(CudaDevice, SharesTheModuleOfAnArtifact) {
  Running gpu = startOnGPU(testManifest(1));
  ASSERT_TRUE(gpu.executor);
  auto second = gpu.device->instantiate(*gpu.file, {});
  ASSERT_TRUE(second) << messageOf(second);
  Value none = i32(0xffffffff);
  auto outcome =
      (*second)->launch(gpu.kernel("mark"), {1, 1, 1}, {4, 1, 1}, {&none, 1});
  ASSERT_TRUE(outcome) << messageOf(outcome);
  EXPECT_EQ(words(**second, 1)[0], 1u);
  EXPECT_EQ(words(*gpu.executor, 1)[0], 0u); // but not its memory
}

TEST_F(CudaDevice, RefusesWhatCannotRunHere) {
  Manifest manifest = testManifest(1);
  manifest.kernels[0].notOnGPU = "it uses a quadruple float";
  Running gpu = startOnGPU(manifest);
  ASSERT_TRUE(gpu.executor);
  Value one = i32(1);
  EXPECT_EQ(messageOf(gpu.executor->invoke(gpu.kernel("mark"), {&one, 1})),
            "export 'mark' cannot run on a GPU: it uses a quadruple float");
  auto outcome = gpu.executor->invoke(gpu.kernel("absent"), {});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::NotFound);
}

TEST_F(CudaDevice, ACorruptCubinIsNotReplacedByPTX) {
  // One for whatever device this is, each with a good header and nothing else.
  std::vector<SectionInput> sections(2);
  sections[0].key.type = SectionType::PTX;
  sections[0].key.cc = 70;
  sections[0].key.ptxISA = 77;
  sections[0].raw = ptxImage();
  sections[1].key.type = SectionType::Wasm;
  sections[1].raw = {0, 'a', 's', 'm', 1, 0, 0, 0};
  Elf64_Ehdr header{};
  memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_machine = 190;
  for (uint16_t cc : {70, 75, 80, 90, 100, 110, 120}) {
    SectionInput cubin;
    cubin.key.type = SectionType::Cubin;
    cubin.key.cc = cc;
    cubin.raw.resize(sizeof header);
    memcpy(cubin.raw.data(), &header, sizeof header);
    sections.push_back(std::move(cubin));
  }
  auto bytes = writePtxBin(testManifest(), std::move(sections));
  ASSERT_TRUE(bytes) << messageOf(bytes);
  TrustOptions trust;
  trust.allowUnsigned = true;
  auto file = PtxBin::openVerified(std::move(*bytes), trust);
  ASSERT_TRUE(file) << messageOf(file);
  auto instance = device->instantiate(*file, {});
  ASSERT_FALSE(instance);
  EXPECT_NE(messageOf(instance).find("cannot load the CUBIN image"),
            std::string::npos)
      << messageOf(instance);
}

TEST_F(CudaDevice, ReportsTheAssemblersLog) {
  Bytes broken = ptxImage();
  std::string text = "\n.visible .func f() { frobnicate.u32; }\n";
  broken.insert(broken.end(), text.begin(), text.end());
  Expected<PtxBin> file = artifact(testManifest(1), {}, broken);
  ASSERT_TRUE(file) << messageOf(file);
  auto executor = device->instantiate(*file, {});
  ASSERT_FALSE(executor);
  EXPECT_EQ(executor.error().kind, ErrorKind::Device);
  EXPECT_NE(executor.error().message.find("frobnicate"), std::string::npos)
      << executor.error().message;
  EXPECT_EQ(executor.error().message.find('\n'), std::string::npos);
}
