//===- LinkedTest.cpp - several modules, memories and tables --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instantiation of linked modules step by step, as the Wasm specification's
// section 4.5.4 orders it, and what devices see of tables, segments, globals
// and the environment. Everything is run on the host and, where there is one,
// on a GPU.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {

const InstanceOptions stepwise{.stepwise = true};

class Linked : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    auto opened = Device::open(GetParam());
    if (!opened && opened.error().kind == ErrorKind::NotFound)
      GTEST_SKIP() << opened.error().message;
    ASSERT_TRUE(opened) << messageOf(opened);
    device = std::move(*opened);
  }

  /// Two modules of eight bytes each, both with all entries of the images,
  /// module 0 as "base". Their bytes: 0 to 15.
  static Manifest manifest() {
    Manifest m = testManifest(1);
    m.data.clear();
    m.modules.resize(2);
    m.modules[0].name = "base";
    m.modules[1].wasmOffset = m.modules[1].wasmSize = 8;
    for (size_t i = 0, n = m.kernels.size(); i < n; ++i) {
      m.kernels.push_back(m.kernels[i]);
      m.kernels.back().module = 1;
    }
    return m;
  }
  static TableInfo table(uint64_t size, uint32_t module = 0) {
    TableInfo info;
    info.module = module;
    info.minSize = size;
    return info;
  }
  static ElemInfo elem(uint32_t module, uint64_t offset,
                       std::vector<uint64_t> references) {
    return {module, true, 0, offset, std::move(references)};
  }
  static DataInfo data(uint32_t module, uint64_t memoryOffset,
                       uint64_t moduleOffset, uint64_t size,
                       uint32_t memory = 0) {
    return {module, true, memory, memoryOffset, moduleOffset, size};
  }

  void open(const Manifest &m, const InstanceOptions &options = {}) {
    layout = {m.memories.size(), m.tables.size(), m.data.size(), m.elems.size(),
              m.globals.size()};
    Bytes wasm(16);
    for (size_t i = 0; i < wasm.size(); ++i)
      wasm[i] = uint8_t(i);
    auto file = artifact(m, hostImage(), ptxImage(), wasm);
    ASSERT_TRUE(file) << messageOf(file);
    running = start(std::move(device), std::move(*file), options);
    ASSERT_TRUE(running.executor);
  }
  Executor &executor() { return *running.executor; }
  uint64_t peek(uint64_t offset) {
    return running.invoke("peek", {i64(offset)}).results.at(0).bits;
  }
  uint64_t load(uint64_t address) {
    return running.invoke("load", {i64(address)}).results.at(0).bits;
  }
  std::string next() { return messageOf(executor().instantiateNext()); }

  std::unique_ptr<Device> device;
  Running running;
  twrun::abi::StateLayout layout;
};

TEST_P(Linked, StateHoldsEverythingInItsPlace) {
  Manifest m = manifest();
  m.memories.resize(3);
  m.memories[1].minPages = 2;
  m.memories[1].maxPages = 5;
  m.memories[1].grows = true;
  m.memories[2].module = 1;
  m.tables = {table(3), table(4, 1)};
  m.tables[1].grows = true;
  m.tables[1].maxSize = 10;
  m.data = {{0, false, 0, 0, 3, 4}, data(1, 65530, 9, 6, 1)};
  m.elems = {{0, false, 0, 0, {2, 1, 0}}, {1, true, 1, 1, {3, 4}}};
  m.globals.resize(3);
  m.globals[1].type = ValueType::V128;
  m.globals[1].bits = 0x0123456789abcdef;
  m.globals[1].highBits = 0xfedcba9876543210;
  m.globals[2].module = 1;
  m.globals[2].type = ValueType::FuncRef;
  m.globals[2].bits = 2;
  open(m);

  EXPECT_EQ(peek(layout.memory(0) + 8), 65536u);
  EXPECT_EQ(peek(layout.memory(0) + 16), 65536u);
  EXPECT_EQ(peek(layout.memory(1) + 8), 2 * 65536u);
  EXPECT_EQ(peek(layout.memory(1) + 16), 5 * 65536u);
  EXPECT_EQ(peek(layout.memory(2) + 8), 0u);
  EXPECT_EQ(peek(layout.memory(1)),
            reinterpret_cast<uint64_t>(executor().memory(1).data()));
  EXPECT_EQ(peek(layout.memory(1)) % 65536, 0u);
  EXPECT_EQ(load(peek(layout.memory(1)) + 65535), 14u); // the active segment
  EXPECT_EQ(executor().memory(1)[65530], 9);
  EXPECT_EQ(executor().memory(0).size(), 65536u);
  EXPECT_TRUE(executor().memory(3).empty());

  EXPECT_EQ(peek(layout.table(0) + 8), 3u);
  EXPECT_EQ(peek(layout.table(0) + 16), 3u);
  EXPECT_EQ(peek(layout.table(1) + 16), 10u);
  EXPECT_EQ(executor().table(0), (std::vector<uint64_t>{0, 0, 0}));
  EXPECT_EQ(executor().table(1), (std::vector<uint64_t>{0, 3, 4, 0}));
  EXPECT_EQ(load(peek(layout.table(1)) + 16), 4u);
  EXPECT_TRUE(executor().table(2).empty());
  // A table that code has grown; sizes past the capacity are not believed.
  running.invoke("poke", {i64(layout.table(1) + 8), i64(6)});
  EXPECT_EQ(executor().table(1).size(), 6u);
  running.invoke("poke", {i64(layout.table(1) + 8), i64(1000)});
  EXPECT_EQ(executor().table(1).size(), 10u);

  // Passive segments can be reached; active ones are dropped.
  EXPECT_EQ(peek(layout.dataSegment(0) + 8), 4u);
  EXPECT_EQ(load(peek(layout.dataSegment(0)) + 3), 6u);
  EXPECT_EQ(peek(layout.dataSegment(1) + 8), 0u);
  EXPECT_EQ(peek(layout.elemSegment(0) + 8), 3u);
  EXPECT_EQ(load(peek(layout.elemSegment(0)) + 8), 1u);
  EXPECT_EQ(peek(layout.elemSegment(1) + 8), 0u);

  EXPECT_EQ(peek(layout.global(0)), 41u);
  EXPECT_EQ(peek(layout.global(1)), 0x0123456789abcdefu);
  EXPECT_EQ(peek(layout.global(1) + 8), 0xfedcba9876543210u);
  EXPECT_EQ(executor().global(1).high, 0xfedcba9876543210u);
  EXPECT_EQ(executor().global(2).type, ValueType::FuncRef);
  EXPECT_EQ(executor().global(2).bits, 2u);
}

TEST_P(Linked, EnvironmentHasTheKernelsMemoryAndFuel) {
  Manifest m = manifest();
  m.memories.resize(2);
  m.memories[1].minPages = 3;
  m.fuel = true;
  m.kernels.back().memory.reset(); // of trap, unused
  for (KernelInfo &kernel : m.kernels)
    if (kernel.name == "environment")
      kernel.memory = kernel.module ? std::optional<uint32_t>(1) : std::nullopt;
  open(m);
  auto results = running.invoke("environment", {}).results;
  EXPECT_EQ(results.at(0).bits,
            reinterpret_cast<uint64_t>(executor().memory(1).data()));
  EXPECT_EQ(results.at(1).bits, 3 * 65536u);
  EXPECT_EQ(results.at(2).bits, UINT64_MAX); // none given: all there is
  auto base = findKernel(running.file->manifest(), "environment", 0);
  ASSERT_TRUE(base);
  auto outcome = executor().invoke(**base, {});
  ASSERT_TRUE(outcome) << messageOf(outcome);
  EXPECT_EQ(outcome->results.at(0).bits, 0u);
  EXPECT_EQ(outcome->results.at(1).bits, 0u);

  auto metered = running.device->instantiate(*running.file, {.fuel = 1234});
  ASSERT_TRUE(metered) << messageOf(metered);
  outcome = (*metered)->invoke(**base, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->results.at(2).bits, 1234u);
}

TEST_P(Linked, FuelNeedsAnArtifactThatCountsIt) {
  open(manifest());
  EXPECT_EQ(running.invoke("environment", {}).results.at(2).bits, 0u);
  auto metered = running.device->instantiate(*running.file, {.fuel = 1});
  ASSERT_FALSE(metered);
  EXPECT_EQ(metered.error().kind, ErrorKind::Invalid);
  EXPECT_NE(messageOf(metered).find("does not count fuel"), std::string::npos);
}

TEST_P(Linked, VectorsAndReferencesPassWhole) {
  open(manifest());
  Value vector{ValueType::V128, 0x1111222233334444, 0x5555666677778888};
  Value number{ValueType::F32, 0x7fa00001};
  Value function{ValueType::FuncRef, 3}, external{ValueType::ExternRef, ~0ull};
  Outcome outcome =
      running.invoke("turn", {vector, number, function, external});
  ASSERT_EQ(outcome.results.size(), 4u);
  EXPECT_EQ(outcome.results[0].bits, ~0ull);
  EXPECT_EQ(outcome.results[1].bits, 3u);
  EXPECT_EQ(outcome.results[2].bits, 0x7fa00001u);
  EXPECT_EQ(outcome.results[3].bits, 0x1111222233334444u);
  EXPECT_EQ(outcome.results[3].high, 0x5555666677778888u);
}

TEST_P(Linked, ModulesAreInstantiatedOneByOne) {
  Manifest m = manifest();
  m.data = {data(0, 10, 1, 1), data(1, 20, 9, 1)};
  open(m, stepwise);
  auto base = findKernel(running.file->manifest(), "deep", 0);
  ASSERT_TRUE(base);
  Value one = i32(1);
  EXPECT_EQ(messageOf(executor().invoke(**base, {&one, 1})),
            "export 'deep' cannot be called: its module is not instantiated");
  EXPECT_EQ(executor().memory()[10], 0);
  EXPECT_EQ(next(), "");
  EXPECT_EQ(executor().memory()[10], 1);
  EXPECT_EQ(executor().memory()[20], 0);
  EXPECT_TRUE(executor().invoke(**base, {&one, 1}));
  EXPECT_FALSE(executor().invoke(running.kernel("deep"), {&one, 1}));
  EXPECT_EQ(next(), "");
  EXPECT_EQ(executor().memory()[20], 9);
  EXPECT_TRUE(executor().invoke(running.kernel("deep"), {&one, 1}));
  EXPECT_EQ(next(), "there is no further module to instantiate");
}

// Core suite, linking.wast: elements are copied before data, both in order,
// and what was copied stays when a later segment does not fit.
TEST_P(Linked, AFailureKeepsWhatWasCopied) {
  Manifest m = manifest();
  m.modules.push_back(m.modules[1]);
  m.modules[2].wasmOffset = 16;
  m.modules[2].wasmSize = 0;
  m.tables = {table(3)};
  m.elems = {elem(1, 0, {4}), elem(1, 2, {1, 1}), elem(1, 1, {2})};
  m.data = {data(0, 0, 5, 1), data(1, 0, 8, 1)};
  open(m, stepwise);
  EXPECT_EQ(next(), "");
  EXPECT_EQ(next(), "instantiation trapped: out of bounds table access: "
                    "element segment 1 of 2 elements at 2 in a table of 3");
  EXPECT_EQ(executor().table(0), (std::vector<uint64_t>{4, 0, 0}));
  EXPECT_EQ(executor().memory()[0], 5); // its data was not reached
  auto failed = findKernel(running.file->manifest(), "deep", 1);
  Value one = i32(1);
  EXPECT_FALSE(executor().invoke(**failed, {&one, 1}));
  EXPECT_EQ(next(), ""); // and the next module comes all the same
}

TEST_P(Linked, ACopiedSegmentIsDroppedAndOthersAreNot) {
  Manifest m = manifest();
  m.tables = {table(3)};
  m.elems = {elem(1, 0, {4})};
  m.data = {data(1, 0, 8, 2), data(1, 65536, 9, 1), data(1, 4, 9, 3)};
  open(m, stepwise);
  EXPECT_EQ(next(), "");
  EXPECT_EQ(next(), "instantiation trapped: out of bounds memory access: data "
                    "segment 1 of 1 bytes at 65536 in a memory of 65536");
  EXPECT_EQ(executor().table(0)[0], 4u);
  EXPECT_EQ(executor().memory()[1], 9);
  EXPECT_EQ(executor().memory()[4], 0);
  auto peekAt = [&](uint64_t offset) {
    auto kernel = findKernel(running.file->manifest(), "peek", 0);
    Value at = i64(offset);
    return executor().invoke(**kernel, {&at, 1})->results.at(0).bits;
  };
  EXPECT_EQ(peekAt(layout.elemSegment(0) + 8), 0u);
  EXPECT_EQ(peekAt(layout.dataSegment(0) + 8), 0u);
  EXPECT_EQ(peekAt(layout.dataSegment(1) + 8), 1u);
  EXPECT_EQ(peekAt(layout.dataSegment(2) + 8), 3u);
}

TEST_P(Linked, EmptySegmentsAreCheckedToo) {
  Manifest m = manifest();
  m.tables = {table(3)};
  m.elems = {elem(0, 3, {}), elem(1, 4, {})};
  m.data = {data(0, 65536, 0, 0)};
  open(m, stepwise);
  EXPECT_EQ(next(), "");
  EXPECT_NE(next().find("out of bounds table access"), std::string::npos);
}

TEST_P(Linked, OffsetsOf64BitsDoNotWrap) {
  Manifest m = manifest();
  m.memories[0].index64 = true;
  m.data = {data(1, ~0ull, 8, 8)};
  open(m, stepwise);
  EXPECT_EQ(next(), "");
  EXPECT_NE(next().find("out of bounds memory access: data segment 0 of 8 "
                        "bytes at 18446744073709551615"),
            std::string::npos);
}

TEST_P(Linked, ImportsAreMatchedAgainstCurrentSizes) {
  Manifest m = manifest();
  m.memories[0].grows = true;
  m.memories[0].maxPages = 4;
  m.tables = {table(1)};
  m.tables[0].grows = true;
  m.modules[1].memoryImports = {{0, 2}};
  m.modules[1].tableImports = {{0, 3}};
  m.modules[1].name = "second";
  m.modules.insert(m.modules.end(), 2, m.modules[1]);
  for (size_t i : {2, 3}) {
    m.modules[i].name = "";
    m.modules[i].wasmOffset = 16;
    m.modules[i].wasmSize = 0;
  }
  open(m, stepwise);
  EXPECT_EQ(next(), "");
  EXPECT_EQ(next(),
            "incompatible import type: module 1 'second' imports memory "
            "0 with at least 2 pages, but it has 1");
  ASSERT_TRUE(executor().grow(1));
  EXPECT_EQ(next(), "incompatible import type: module 2 imports table 0 "
                    "with at least 3 elements, but it has 1");
  auto poke = findKernel(running.file->manifest(), "poke", 0);
  Value words[] = {i64(layout.table(0) + 8), i64(3)};
  ASSERT_TRUE(executor().invoke(**poke, words));
  EXPECT_EQ(next(), "");
}

TEST_P(Linked, StartRunsAfterTheSegmentsOfItsModule) {
  // The images' start function expects {1, 0, 1, 0, 1}.
  Manifest m = manifest();
  m.data = {data(1, 0, 9, 1)};
  m.modules[0].startSymbol = m.modules[1].startSymbol = "tw_start";
  open(m, stepwise);
  EXPECT_EQ(next(), "");
  EXPECT_EQ(executor().memory()[0], 42);
  EXPECT_EQ(next(), "");
  EXPECT_EQ(executor().memory()[0], 43); // not 9
  EXPECT_EQ(executor().global(0).bits, 43u);
}

TEST_P(Linked, MemoriesGrowByThemselves) {
  Manifest m = manifest();
  m.memories.resize(2);
  m.memories[1].maxPages = 2;
  open(m, {.extraPages = 3});
  ASSERT_TRUE(executor().grow(2, 1));
  EXPECT_EQ(executor().memory(1).size(), 2 * 65536u);
  executor().memory(1)[2 * 65536 - 1] = 1;
  EXPECT_EQ(executor().memory(0).size(), 65536u);
  EXPECT_NE(messageOf(executor().grow(1, 1)).find("its maximum is 2"),
            std::string::npos);
  ASSERT_TRUE(executor().grow(3, 0));
  EXPECT_EQ(executor().memory(0).size(), 4 * 65536u);
  EXPECT_EQ(executor().memory(0)[4 * 65536 - 1], 0);
  EXPECT_EQ(messageOf(executor().grow(1, 2)), "there is no memory 2 to grow");
}

TEST_P(Linked, FourHundredMemoriesAndALargeTable) {
  Manifest m = manifest();
  m.memories.resize(400);
  for (MemoryInfo &memory : m.memories)
    memory.minPages = 1;
  m.tables = {table(10'000'000)};
  m.elems = {elem(1, 9'999'999, {2})};
  open(m);
  for (uint32_t i = 0; i < 400; ++i)
    executor().memory(i)[65535] = uint8_t(i);
  EXPECT_EQ(load(peek(layout.memory(399)) + 65535), 399 % 256u);
  EXPECT_EQ(load(peek(layout.table(0)) + 8 * 9'999'999), 2u);
}

TEST_P(Linked, NewTrapsHaveTheirWords) {
  if (std::string(GetParam()) != "host")
    return; // the PTX image has no entry that raises a trap by its number
  open(manifest());
  for (auto [code, words] : {std::pair(11, "out of bounds table access"),
                             {12, "unaligned atomic"},
                             {13, "expected shared memory"},
                             {14, "endless wait"}}) {
    Outcome outcome = running.invoke("trap", {i32(code)});
    ASSERT_TRUE(outcome.trap);
    EXPECT_EQ(describeTrap(*outcome.trap, running.file->manifest())
                  .rfind(std::string(words) + " in function 1", 0),
              0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Devices, Linked, testing::Values("host", "cuda"),
                         [](const auto &info) {
                           return std::string(info.param);
                         });

} // namespace
