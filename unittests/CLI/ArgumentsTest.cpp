//===- ArgumentsTest.cpp - arguments, placement and comparison ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WatModule.h"

#include "lib/CLI/Compare.h"

#include <cstring>

using namespace twrun;
using namespace twrun::cli;
using namespace twrun::test;
using twrun::abi::TrapCode;

namespace {

constexpr ValueType I32 = ValueType::I32, I64 = ValueType::I64,
                    F32 = ValueType::F32, F64 = ValueType::F64;

ptxbin::Manifest moduleWith(uint64_t minPages,
                            std::optional<uint64_t> maxPages = {}) {
  ptxbin::Manifest manifest;
  manifest.memories.resize(1);
  manifest.memories[0].minPages = minPages;
  manifest.memories[0].maxPages = maxPages;
  return manifest;
}

Expected<Arguments> parse(const ptxbin::Manifest &manifest,
                          std::vector<ValueType> params,
                          std::vector<std::string> texts) {
  return parseArguments(manifest, kernel("k", std::move(params)), texts);
}

void expectRefused(const ptxbin::Manifest &manifest,
                   std::vector<ValueType> params,
                   std::vector<std::string> texts, const std::string &words) {
  auto arguments = parse(manifest, std::move(params), std::move(texts));
  ASSERT_FALSE(arguments) << words;
  EXPECT_NE(arguments.error().message.find(words), std::string::npos)
      << arguments.error().message;
}

//===-- Buffer specifications
//----------------------------------------------===//

TEST(BufferSpec, ReadsEverySource) {
  auto raw = parseBufferSpec("@in.bin");
  ASSERT_TRUE(raw);
  EXPECT_EQ(raw->source, BufferSpec::Source::Raw);
  EXPECT_EQ(raw->path, "in.bin");
  EXPECT_TRUE(raw->sink.empty());
  auto npy = parseBufferSpec("@a/b.npy=out=1.npy");
  ASSERT_TRUE(npy);
  EXPECT_EQ(npy->source, BufferSpec::Source::Npy);
  EXPECT_EQ(npy->sink, "out=1.npy");
  auto zeros = parseBufferSpec("@zeros:u32:480x640=mandel.png");
  ASSERT_TRUE(zeros);
  EXPECT_EQ(zeros->source, BufferSpec::Source::Zeros);
  EXPECT_EQ(zeros->type, ElementType::U32);
  EXPECT_EQ(zeros->shape, (Shape{480, 640}));
  EXPECT_EQ(zeros->sink, "mandel.png");
  auto random = parseBufferSpec("@random:0xff:f64:3");
  ASSERT_TRUE(random);
  EXPECT_EQ(random->source, BufferSpec::Source::Random);
  EXPECT_EQ(random->seed, 255u);
}

TEST(BufferSpec, RefusesMalformedOnes) {
  for (const char *text :
       {"@", "@=x", "@a=", "@zeros:", "@zeros:f32", "@zeros:f16:4",
        "@zeros:f32:", "@zeros:f32:4x", "@zeros:f32:x4", "@zeros:f32:4,4",
        "@zeros:f32:-4", "@zeros:f32:4294967296", "@random:f32:4",
        "@random:x:f32:4", "@random:1:f32:99999999999999999999",
        "@zeros:f64:1000000x1000000x1000000x1000000"}) {
    auto spec = parseBufferSpec(text);
    ASSERT_FALSE(spec) << text;
    EXPECT_NE(spec.error().message.find(text), std::string::npos)
        << spec.error().message;
  }
}

//===-- Arguments
//----------------------------------------------------------===//

TEST(Arguments, AreTypedByTheSignature) {
  auto arguments = parse({}, {I32, I64, F32, F64}, {"-1", "-1", "0.5", "-inf"});
  ASSERT_TRUE(arguments) << arguments.error().message;
  EXPECT_EQ(arguments->values[0].bits, 0xffffffffu);
  EXPECT_EQ(arguments->values[1].bits, ~uint64_t(0));
  EXPECT_EQ(arguments->values[2].bits, 0x3f000000u);
  EXPECT_EQ(arguments->values[3].bits, 0xfff0000000000000u);
  EXPECT_EQ(arguments->extraPages, 0u);
}

TEST(Arguments, ErrorsTellWhichOne) {
  expectRefused({}, {I32}, {}, "'k' (i32) takes 1 arguments, but 0 were given");
  expectRefused({}, {I32, F32}, {"1", "x"}, "argument 2: 'x' is not an f32");
  expectRefused(moduleWith(1), {F32}, {"@zeros:f32:1"},
                "argument 1: a buffer's address is an i32");
  expectRefused(moduleWith(1), {I32}, {"@/nonexistent/a.npy"},
                "/nonexistent/a.npy");
  expectRefused(moduleWith(1), {I32, I32},
                {"@zeros:u8:1=same", "@zeros:u8:1=same"},
                "argument 2: same is the sink of argument 1 too");
  expectRefused(moduleWith(1), {I32}, {"@zeros:f32:4x4=a.png"},
                "is no picture");
}

TEST(Arguments, BuffersFollowEachOtherAligned) {
  auto arguments =
      parse(moduleWith(1), {I32, I32, I32, I32},
            {"@zeros:u8:257", "5", "@zeros:u8:0", "@random:1:f64:8192"});
  ASSERT_TRUE(arguments) << arguments.error().message;
  ASSERT_EQ(arguments->buffers.size(), 3u);
  EXPECT_EQ(arguments->buffers[0].offset, 0u);
  EXPECT_EQ(arguments->buffers[1].offset, 512u);
  EXPECT_EQ(arguments->buffers[2].offset, 512u);
  EXPECT_EQ(arguments->buffers[2].parameter, 3u);
  EXPECT_EQ(arguments->extraPages, 2u); // 512 + 65,536 bytes
}

TEST(Arguments, RoomIsWhatTheModuleDeclares) {
  expectRefused({}, {I32}, {"@zeros:u8:1"}, "the module has none");
  expectRefused(moduleWith(2, 2), {I32}, {"@zeros:u8:1"},
                "0 are possible: it has 2 pages of 64 KiB, of at most 2, the "
                "maximum that the module declares");
  EXPECT_TRUE(parse(moduleWith(2, 3), {I32}, {"@zeros:u8:65536"}));
  expectRefused(moduleWith(2, 3), {I32}, {"@zeros:u8:65537"},
                "take 65537 bytes of linear memory, and 65536 are possible");
  expectRefused(moduleWith(2, 3), {I32, I32},
                {"@zeros:u8:65281", "@zeros:u8:1"}, "argument 2");
  // One page is in use, and nothing is allocated to find out.
  expectRefused(moduleWith(1), {I32}, {"@zeros:u8:4294901761"}, "4 GiB");
  expectRefused(moduleWith(65536), {I32}, {"@zeros:u8:1"}, "0 are possible");
}

TEST(Placement, GrowsMemoryAndWritesAddresses) {
  auto oracle = instantiate("(module (memory 2 4))");
  ASSERT_TRUE(oracle);
  auto arguments = parse(moduleWith(2, 4), {I32, I64, I32},
                         {"@random:3:u8:300", "9", "@random:4:u8:65536"});
  ASSERT_TRUE(arguments);
  auto placement = place(*arguments, *oracle);
  ASSERT_TRUE(placement) << placement.error().message;
  EXPECT_EQ(placement->base, 0x20000u);
  EXPECT_EQ(oracle->memory().size(), 0x40000u);
  EXPECT_EQ(placement->values[0].bits, 0x20000u);
  EXPECT_EQ(placement->values[1].bits, 9u);
  EXPECT_EQ(placement->values[2].bits, 0x20200u);
  for (int i : {0, 1})
    EXPECT_EQ(std::memcmp(oracle->memory().data() + 0x20000 + i * 0x200,
                          arguments->buffers[i].initial.data.data(),
                          arguments->buffers[i].initial.data.size()),
              0);
}

//===-- Comparison
//---------------------------------------------------------===//

struct Comparing : testing::Test {
  Arguments arguments;
  Bytes a, b;
  void SetUp() override {
    auto parsed = parse(moduleWith(1), {I32, I32, I32},
                        {"@zeros:f32:100", "@zeros:u32:100", "@zeros:f64:4"});
    ASSERT_TRUE(parsed);
    arguments = std::move(*parsed);
    a = b = Bytes(2 << 16);
  }
  MemoryComparison compare() { return compareMemory(a, b, arguments, 65536); }
  template <typename T> void put(Bytes &memory, uint64_t at, T bits) {
    std::memcpy(memory.data() + at, &bits, sizeof bits);
  }
};

TEST_F(Comparing, EqualMemoriesAgree) {
  EXPECT_TRUE(compare().agrees());
  EXPECT_EQ(compare().nanPayloads, 0u);
}

TEST_F(Comparing, FindsBufferAndElement) {
  uint64_t second = 65536 + 512; // after 400 bytes
  put<uint32_t>(a, second + 4 * 7, 41);
  put<uint32_t>(b, second + 4 * 7, 42);
  put<uint32_t>(a, second + 4 * 9, 1);
  a[131071] ^= 1; // outside of every buffer
  auto result = compare();
  EXPECT_FALSE(result.agrees());
  EXPECT_EQ(result.differences, 3u);
  ASSERT_TRUE(result.first);
  EXPECT_EQ(result.first->address, second + 28);
  EXPECT_EQ(result.first->parameter, 1u);
  EXPECT_EQ(result.first->element, 7u);
  EXPECT_EQ(result.first->type, "u32");
  EXPECT_EQ(result.first->device, "41");
  EXPECT_EQ(result.first->interpreter, "42");
}

TEST_F(Comparing, BytesBeforeAndBetweenBuffersCount) {
  a[3] = 1;
  auto result = compare();
  ASSERT_TRUE(result.first);
  EXPECT_EQ(result.first->address, 3u);
  EXPECT_FALSE(result.first->parameter);
  a[3] = 0;
  a[65536 + 400] = 1; // padding behind the first buffer
  result = compare();
  ASSERT_TRUE(result.first);
  EXPECT_EQ(result.first->address, 65936u);
  EXPECT_FALSE(result.first->parameter);
}

TEST_F(Comparing, NaNPayloadsMayDifferInFloatBuffersOnly) {
  put<uint32_t>(a, 65536 + 8, 0x7fc00000);
  put<uint32_t>(b, 65536 + 8, 0xffc00000);
  uint64_t third = 65536 + 1024;
  put<uint64_t>(a, third, 0x7ff8000000000000);
  put<uint64_t>(b, third, 0xfff0000000000001);
  auto result = compare();
  EXPECT_TRUE(result.agrees());
  EXPECT_EQ(result.nanPayloads, 2u);
  // A NaN is no excuse for a number, nor one in a u32 buffer or elsewhere.
  put<uint32_t>(b, 65536 + 8, 0x7f800000);
  EXPECT_EQ(compare().differences, 1u);
  put<uint32_t>(b, 65536 + 8, 0xffc00000);
  put<uint32_t>(a, 65536 + 512, 0x7fc00000);
  put<uint32_t>(b, 65536 + 512, 0xffc00000);
  EXPECT_EQ(compare().differences, 1u);
  put<uint32_t>(b, 65536 + 512, 0x7fc00000);
  put<uint32_t>(a, 0, 0x7fc00000);
  put<uint32_t>(b, 0, 0x7fc00001);
  EXPECT_EQ(compare().differences, 1u);
}

TEST(Tolerances, AreParsedStrictly) {
  auto all = parseTolerance("ulp:4,abs:1e-6,rel:0.5");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->absolute, 1e-6);
  EXPECT_EQ(all->relative, 0.5);
  EXPECT_EQ(all->ulps, 4u);
  EXPECT_FALSE(parseTolerance("ulp:0")->isExact());
  for (const char *text : {"", "abs", "abs:", "abs:x", "abs:-1", "abs:nan",
                           "rel:inf", "ulp:1.5", "ulp:-1", "abs:1,", ",abs:1",
                           "abs:1,abs:2", "eps:1", "abs:1 "})
    EXPECT_FALSE(parseTolerance(text)) << text;
}

TEST_F(Comparing, NumbersMayBeWithinATolerance) {
  // In the f32 buffer 1 and its next two floats, 2^-23 apart; in the f64 one
  // -0 and +0, and 8 and 8.5.
  const uint64_t first = 65536, last = 65536 + 2 * 512;
  put<uint32_t>(a, first + 4, 0x3f800000);
  put<uint32_t>(b, first + 4, 0x3f800002);
  put<uint64_t>(a, last, 0x8000000000000000);
  put<uint64_t>(a, last + 8, 0x4021000000000000);
  put<uint64_t>(b, last + 8, 0x4020000000000000);
  auto differences = [&](const char *text) {
    MemoryRules rules;
    rules.tolerance = *parseTolerance(text);
    return compareMemory(a, b, arguments, 65536, rules).differences;
  };
  EXPECT_EQ(compare().differences, 3u);
  EXPECT_EQ(differences("ulp:2"), 1u);
  EXPECT_EQ(differences("ulp:1"), 2u);
  EXPECT_EQ(differences("abs:0"), 2u);
  EXPECT_EQ(differences("abs:2.4e-7"), 1u);
  EXPECT_EQ(differences("abs:2.3e-7"), 2u);
  EXPECT_EQ(differences("rel:0.0625"), 0u);
  EXPECT_EQ(differences("rel:0.0624,abs:0.5"), 0u);
  MemoryRules rules;
  rules.tolerance = *parseTolerance("rel:1");
  auto result = compareMemory(a, b, arguments, 65536, rules);
  EXPECT_TRUE(result.agrees());
  EXPECT_EQ(result.within.count, 3u);
  EXPECT_EQ(result.within.absolute, 0.5);
  EXPECT_EQ(result.within.relative, 0.0625);
  // 8.5 is 2^48 doubles above 8.
  EXPECT_EQ(result.within.ulps, uint64_t(1) << 48);
  // A NaN or an infinity is near no number; nor is anything outside of floats.
  for (uint32_t bits : {0x7fc00000u, 0x7f800000u}) {
    put<uint32_t>(a, first + 4, bits);
    EXPECT_EQ(differences("rel:1,ulp:99999999"), 1u);
  }
  put<uint32_t>(a, first + 4, 0x3f800002);
  put<uint32_t>(a, first + 512, 0x3f800000);
  put<uint32_t>(b, first + 512, 0x3f800001);
  put<uint32_t>(a, 64, 0x3f800000);
  put<uint32_t>(b, 64, 0x3f800001);
  EXPECT_EQ(differences("rel:1"), 2u);
}

TEST_F(Comparing, OnlyWhatTheInterpreterChanged) {
  // Before, memory was zero. An f32 of which one byte changed, another byte of
  // linear memory, and what only the device wrote.
  Bytes before(2 << 16);
  put<uint32_t>(b, 65536 + 4, 0x3f800000);
  put<uint32_t>(a, 65536 + 4, 0x3f800000);
  put<uint32_t>(a, 65536 + 8, 0x12345678);
  a[100] = 7;
  MemoryRules rules;
  rules.before = &before;
  auto result = compareMemory(a, b, arguments, 65536, rules);
  EXPECT_TRUE(result.agrees());
  EXPECT_EQ(result.compared, 4u);
  b[101] = 1;
  put<uint32_t>(a, 65536 + 4, 0x3f800001);
  result = compareMemory(a, b, arguments, 65536, rules);
  EXPECT_EQ(result.differences, 2u);
  EXPECT_EQ(result.compared, 5u);
  // Memory that other blocks grew.
  a.resize(3 << 16);
  a[101] = 1;
  put<uint32_t>(a, 65536 + 4, 0x3f800000);
  EXPECT_TRUE(compareMemory(a, b, arguments, 65536, rules).agrees());
  a.resize(65536);
  EXPECT_FALSE(compareMemory(a, b, arguments, 65536, rules).agrees());
}

TEST_F(Comparing, SizesMustBeEqual) {
  a.resize(3 << 16);
  auto result = compare();
  EXPECT_FALSE(result.agrees());
  EXPECT_EQ(result.differences, 0u);
  // Too small for the buffers, on one side: no read past its end.
  b.resize(65536 + 100);
  EXPECT_FALSE(compare().agrees());
}

/// Two oracles, one in the part of the device.
struct Outcomes : testing::Test {
  std::unique_ptr<OracleExecutor> device, oracle;
  Outcome deviceOutcome, oracleOutcome;
  ptxbin::KernelInfo k = kernel("f");

  void run(const char *wat, Dim3 block) {
    device = instantiate(wat);
    oracle = instantiate(wat);
    ASSERT_TRUE(device && oracle);
    auto d = device->launch(k, {1, 1, 1}, block, {});
    auto o = oracle->launch(k, {1, 1, 1}, block, {});
    ASSERT_TRUE(d);
    ASSERT_TRUE(o);
    deviceOutcome = std::move(*d);
    oracleOutcome = std::move(*o);
  }
  Verification compare() {
    return compareOutcomes(moduleWith(1), deviceOutcome, *device, oracleOutcome,
                           *oracle, {}, 0);
  }
};

// Threads 2 and 4 trap, with different codes.
const char *const twoTraps = R"((module
  (import "tw" "thread_id_x" (func $tx (result i32))) (memory 1)
  (func (export "f")
    (if (i32.eq (call $tx) (i32.const 2)) (then unreachable))
    (if (i32.eq (call $tx) (i32.const 4))
      (then (drop (i32.div_u (i32.const 1) (i32.const 0))))))))";

TEST_F(Outcomes, AnyTrappingThreadMayWin) {
  run(twoTraps, {8, 1, 1});
  EXPECT_TRUE(compare().agrees());
  deviceOutcome.trap->code = TrapCode::IntegerDivideByZero;
  deviceOutcome.trap->thread.x = 4;
  EXPECT_TRUE(compare().agrees());
  // The right code by the wrong thread, and the other way round.
  deviceOutcome.trap->thread.x = 2;
  EXPECT_FALSE(compare().agrees());
  deviceOutcome.trap->thread.x = 3;
  EXPECT_FALSE(compare().agrees());
}

TEST_F(Outcomes, AMissingOrExtraTrapIsAMismatch) {
  run(twoTraps, {8, 1, 1});
  deviceOutcome.trap.reset();
  EXPECT_NE(compare().mismatch.find("no trap on the device"),
            std::string::npos);
  run(twoTraps, {2, 1, 1});
  EXPECT_TRUE(compare().agrees());
  deviceOutcome.trap = Trap{TrapCode::Unreachable, true, 0, 0, {}, {}, {}};
  EXPECT_NE(compare().mismatch.find("no trap in the interpreter"),
            std::string::npos);
}

TEST_F(Outcomes, MemoryIsComparedAfterATrapToo) {
  run(twoTraps, {8, 1, 1});
  device->memory()[100] = 1;
  auto v = compare();
  EXPECT_NE(v.mismatch.find("memory differs at 0x64"), std::string::npos)
      << v.mismatch;
}

TEST_F(Outcomes, ResultsFollowTheNaNRule) {
  run("(module (memory 1) (func (export \"f\")))", {1, 1, 1});
  deviceOutcome.results = {{F32, 0x7fc00000}, {I32, 1}};
  oracleOutcome.results = {{F32, 0xffc00000}, {I32, 1}};
  EXPECT_TRUE(compare().agrees());
  EXPECT_EQ(compare().nanPayloads, 1u);
  oracleOutcome.results[1].bits = 2;
  EXPECT_NE(
      compare().mismatch.find("result 2 is i32:1 on the device and i32:2"),
      std::string::npos);
  deviceOutcome.results = {{I32, 0x7fc00000}};
  oracleOutcome.results = {{I32, 0xffc00000}};
  EXPECT_FALSE(compare().agrees());
  oracleOutcome.results.clear();
  EXPECT_FALSE(compare().agrees());
}

} // namespace
