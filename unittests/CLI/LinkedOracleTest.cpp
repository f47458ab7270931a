//===- LinkedOracleTest.cpp - linked modules in the interpreter -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instantiation of an artifact's modules one after another, and their
// memories, tables, globals and references by the artifact's numbers.
//
//===----------------------------------------------------------------------===//

#include "WatModule.h"

#include "lib/CLI/Compare.h"

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {

struct Guest {
  const char *name, *wat;
  uint64_t functions; // imports included
};

/// An artifact of these modules and nothing else; the manifest tells nothing
/// of memories and the like, which the interpreter need not be told.
PtxBin link(std::vector<Guest> guests) {
  Manifest manifest;
  Bytes all;
  for (const Guest &guest : guests) {
    Bytes wasm = assemble(guest.wat);
    manifest.modules.push_back(
        {guest.name, all.size(), wasm.size(), guest.functions, {}, {}, {}});
    all.insert(all.end(), wasm.begin(), wasm.end());
    manifest.functions.resize(manifest.functions.size() + guest.functions);
  }
  std::vector<SectionInput> sections(1);
  sections[0].key.type = SectionType::Wasm;
  sections[0].raw = std::move(all);
  auto bytes = writePtxBin(manifest, std::move(sections));
  EXPECT_TRUE(bytes) << bytes.error().message;
  TrustOptions trust;
  trust.allowUnsigned = true;
  auto file = PtxBin::openVerified(std::move(*bytes), trust);
  EXPECT_TRUE(file) << file.error().message;
  return std::move(*file);
}

KernelInfo kernelOf(uint32_t module, const char *name,
                    std::vector<ValueType> params = {},
                    std::vector<ValueType> results = {}) {
  KernelInfo info = kernel(name, std::move(params), std::move(results));
  info.module = module;
  return info;
}

const Guest base = {"base", R"((module
  (memory (export "m") 1 3) (table (export "t") 4 8 funcref)
  (global (export "g") (mut i32) (i32.const 5))
  (func (export "one") (result i32) (i32.const 1))
  (func (export "call") (param i32) (result i32)
    (call_indirect (result i32) (local.get 0)))))",
                    2};

TEST(LinkedOracle, ModulesShareWhatTheyExport) {
  PtxBin file = link({base,
                      {"", R"((module
    (import "base" "one" (func $one (result i32)))
    (import "base" "m" (memory 1)) (import "base" "t" (table 4 funcref))
    (import "base" "g" (global $g (mut i32)))
    (memory $own 2)
    (global funcref (ref.func $one)) (global v128 (v128.const i64x2 1 2))
    (func $two (result i32) (i32.const 2))
    (elem (i32.const 1) $one $two)
    (data (i32.const 3) "ab") (data (memory $own) (i32.const 0) "c")
    (func (export "set") (global.set $g (i32.const 9)))))",
                       3}});
  auto created = OracleExecutor::create(file);
  ASSERT_TRUE(created) << created.error().message;
  OracleExecutor &oracle = **created;
  EXPECT_EQ(oracle.memory(0).size(), 65536u);
  EXPECT_EQ(oracle.memory(0)[4], 'b');
  EXPECT_EQ(oracle.memory(1).size(), 131072u);
  EXPECT_EQ(oracle.memory(1)[0], 'c');
  EXPECT_TRUE(oracle.memory(2).empty());
  // Function 2 is function 0, imported.
  EXPECT_EQ(oracle.table(0), (std::vector<uint64_t>{0, 1, 4, 0}));
  EXPECT_EQ(oracle.canonicalReference(ValueType::FuncRef, 3), 1u);
  EXPECT_EQ(oracle.canonicalReference(ValueType::FuncRef, 4), 4u);
  EXPECT_EQ(oracle.canonicalReference(ValueType::ExternRef, 3), 3u);
  EXPECT_EQ(oracle.global(1).bits, 1u);
  EXPECT_EQ(oracle.global(2).bits, 1u);
  EXPECT_EQ(oracle.global(2).high, 2u);
  EXPECT_EQ(oracle.global(0).bits, 5u);
  ASSERT_TRUE(oracle.invoke(kernelOf(1, "set"), {}));
  EXPECT_EQ(oracle.global(0).bits, 9u);
  Value index = i32(2);
  auto outcome = oracle.invoke(
      kernelOf(0, "call", {ValueType::I32}, {ValueType::I32}), {&index, 1});
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->results.at(0).bits, 2u);
  ASSERT_TRUE(oracle.grow(1, 1));
  EXPECT_EQ(oracle.memory(1).size(), 3 * 65536u);
}

TEST(LinkedOracle, ANameMeansTheLatestEarlierModule) {
  const char *constant = "(module (func (export \"f\") (result i32) "
                         "(i32.const %d)))";
  std::string first = constant, second = constant;
  first.replace(first.find("%d"), 2, "1");
  second.replace(second.find("%d"), 2, "2");
  const char *user = R"((module (import "m" "f" (func $f (result i32)))
    (func (export "g") (result i32) (call $f))))";
  PtxBin file = link({{"m", first.c_str(), 1},
                      {"a", user, 2},
                      {"m", second.c_str(), 1},
                      {"b", user, 2}});
  auto oracle = OracleExecutor::create(file);
  ASSERT_TRUE(oracle) << oracle.error().message;
  for (auto [module, expected] : {std::pair(1u, 1u), {3u, 2u}}) {
    auto outcome =
        (*oracle)->invoke(kernelOf(module, "g", {}, {ValueType::I32}), {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->results.at(0).bits, expected);
  }
}

TEST(LinkedOracle, AFailedModuleLivesOnInATable) {
  PtxBin file =
      link({base,
            {"bad", R"((module
    (import "base" "t" (table 4 funcref)) (memory 1)
    (func $a (result i32) (i32.const 7)) (func $b (result i32) (i32.const 8))
    (elem (i32.const 0) $b) (data (i32.const 65536) "x")
    (func (export "f"))))",
             3},
            {"good", "(module (memory 2) (func (export \"f\")))", 1}});
  auto created = OracleExecutor::create(file, {}, /*stepwise=*/true);
  ASSERT_TRUE(created) << created.error().message;
  OracleExecutor &oracle = **created;
  EXPECT_FALSE(oracle.invoke(kernelOf(0, "one", {}, {ValueType::I32}), {}));
  ASSERT_TRUE(oracle.instantiateNext());
  auto failed = oracle.instantiateNext();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::Invalid);
  EXPECT_EQ(failed.error().message.rfind(
                "instantiation trapped: out of bounds memory access", 0),
            0u)
      << failed.error().message;
  EXPECT_EQ(oracle.table(0), (std::vector<uint64_t>{4, 0, 0, 0}));
  EXPECT_FALSE(oracle.invoke(kernelOf(1, "f"), {}));
  Value index = i32(0);
  auto outcome = oracle.invoke(
      kernelOf(0, "call", {ValueType::I32}, {ValueType::I32}), {&index, 1});
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->results.at(0).bits, 8u);
  ASSERT_TRUE(oracle.instantiateNext());
  EXPECT_EQ(oracle.memory(2).size(), 131072u); // the failed one's is 1
  EXPECT_TRUE(oracle.invoke(kernelOf(2, "f"), {}));
  EXPECT_FALSE(oracle.instantiateNext());
}

TEST(LinkedOracle, ImportsAreMatchedAgainstCurrentSizes) {
  const char *user = "(module (import \"base\" \"m\" (memory 2)))";
  PtxBin file = link({base, {"a", user, 0}, {"b", user, 0}});
  auto created = OracleExecutor::create(file, {}, /*stepwise=*/true);
  ASSERT_TRUE(created);
  ASSERT_TRUE((*created)->instantiateNext());
  auto failed = (*created)->instantiateNext();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message.rfind("incompatible import type: ", 0), 0u)
      << failed.error().message;
  ASSERT_TRUE((*created)->grow(1));
  auto grown = (*created)->instantiateNext();
  EXPECT_TRUE(grown) << grown.error().message;
}

TEST(LinkedOracle, ValuesOfEveryTypePass) {
  auto oracle = instantiate(R"((module
    (func $f (export "f") (param v128 externref funcref)
      (result funcref externref v128 funcref)
      local.get 2 local.get 1 local.get 0 ref.func $f)))");
  ASSERT_TRUE(oracle);
  using enum ValueType;
  KernelInfo f = kernel("f", {V128, ExternRef, FuncRef},
                        {FuncRef, ExternRef, V128, FuncRef});
  std::vector<Value> arguments = {
      {V128, 0x0123456789abcdef, 0xfedcba9876543210},
      {ExternRef, 8},
      {FuncRef, 0}};
  for (int i = 0; i < 2; ++i) {
    auto outcome = oracle->invoke(f, arguments);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->results.at(0).bits, uint64_t(i));
    EXPECT_EQ(outcome->results.at(1).bits, i ? ~0ull : 8u);
    EXPECT_EQ(outcome->results.at(2).bits, 0x0123456789abcdefu);
    EXPECT_EQ(outcome->results.at(2).high, 0xfedcba9876543210u);
    EXPECT_EQ(outcome->results.at(3).bits, 1u);
    arguments[1].bits = ~0ull;
    arguments[2].bits = 1;
  }
  arguments[2].bits = 77; // there is no such function
  EXPECT_FALSE(oracle->invoke(f, arguments));
}

TEST(LinkedOracle, ManifestAndModulesMustAgree) {
  PtxBin file = link({{"m", "(module (func (export \"f\")))", 2}});
  auto oracle = OracleExecutor::create(file);
  ASSERT_FALSE(oracle);
  EXPECT_NE(oracle.error().message.find("tells of 2 functions"),
            std::string::npos);
}

//===-- Comparing two of them
//---------------------------------------------===//

struct Differences : testing::Test {
  const char *wat = R"((module (memory 1) (memory 1)
    (table 2 funcref) (table 1 externref)
    (global (mut i64) (i64.const 1)) (global (mut f32) (f32.const 0))
    (func $f (export "f")) (func $g (export "g"))
    (func (export "mem") (i32.store8 1 (i32.const 5) (i32.const 1)))
    (func (export "int") (global.set 0 (i64.const 2)))
    (func (export "nan") (global.set 1 (f32.const nan)))
    (func (export "nan2") (global.set 1 (f32.const -nan:0x200000)))
    (func (export "elem") (table.set 0 (i32.const 1) (ref.func $g)))
    (func (export "elem2") (table.set 0 (i32.const 1) (ref.func $f)))
    (func (export "grow") (drop (table.grow 1 (ref.null extern) (i32.const 1))))))";
  Manifest manifest;

  void SetUp() override {
    manifest.memories.resize(2);
    manifest.tables.resize(2);
    manifest.tables[1].type = ValueType::ExternRef;
    manifest.globals.resize(2);
    manifest.functions = {"f", "g"};
  }
  /// Runs one function here and one there, then compares.
  cli::Verification after(const char *onDevice, const char *inInterpreter) {
    auto device = instantiate(wat), oracle = instantiate(wat);
    EXPECT_TRUE(device->invoke(kernel(onDevice), {}));
    EXPECT_TRUE(oracle->invoke(kernel(inInterpreter), {}));
    return cli::compareOutcomes(manifest, {}, *device, {}, *oracle, {}, 0);
  }
};

TEST_F(Differences, AreFoundEverywhere) {
  EXPECT_EQ(after("f", "f").mismatch, "");
  EXPECT_EQ(after("f", "f").memory->deviceBytes, 131072u);
  EXPECT_EQ(after("mem", "f").mismatch,
            "memory 1 differs at 0x5: 1 on the device, 0 in the interpreter");
  EXPECT_EQ(after("int", "f").mismatch,
            "global 0 is i64:2 on the device and i64:1 in the interpreter");
  EXPECT_EQ(after("nan", "f").mismatch, "global 1 is f32:nan:0x7fc00000 on the "
                                        "device and f32:0 in the interpreter");
  cli::Verification nans = after("nan", "nan2");
  EXPECT_EQ(nans.mismatch, "");
  EXPECT_EQ(nans.nanPayloads, 1u);
  EXPECT_EQ(after("elem", "elem2").mismatch,
            "element 1 of table 0 is funcref:g on the device and funcref:f in "
            "the interpreter");
  EXPECT_EQ(after("elem", "f").mismatch,
            "element 1 of table 0 is funcref:g on the device and funcref:null "
            "in the interpreter");
  EXPECT_EQ(after("elem", "elem").mismatch, "");
  EXPECT_EQ(after("f", "grow").mismatch,
            "table 1 has 1 elements on the device and 2 in the interpreter");
}

} // namespace
