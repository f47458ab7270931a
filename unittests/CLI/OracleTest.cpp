//===- OracleTest.cpp - the interpreter as an Executor --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WatModule.h"

#include <cstring>

using namespace twrun;
using namespace twrun::test;
using twrun::abi::TrapCode;

namespace {

constexpr ValueType I32 = ValueType::I32, I64 = ValueType::I64,
                    F32 = ValueType::F32, F64 = ValueType::F64;

uint32_t word(OracleExecutor &oracle, size_t index) {
  uint32_t value = 0;
  std::memcpy(&value, oracle.memory().data() + 4 * index, 4);
  return value;
}

//===-- Values
//-------------------------------------------------------------===//

TEST(OracleInvoke, ReturnsSeveralResultsInOrder) {
  auto oracle = instantiate(R"((module
    (func (export "f") (param i32 i64) (result i64 i32 f32 f64)
      local.get 1 local.get 0 f32.const 1.5 f64.const -2.25)))");
  ASSERT_TRUE(oracle);
  auto k = kernel("f", {I32, I64}, {I64, I32, F32, F64});
  Value arguments[] = {{I32, 0xfffffffe}, {I64, 0x123456789abcdef0}};
  auto outcome = oracle->invoke(k, arguments);
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_FALSE(outcome->trap);
  ASSERT_EQ(outcome->results.size(), 4u);
  EXPECT_EQ(outcome->results[0].bits, 0x123456789abcdef0u);
  EXPECT_EQ(outcome->results[1].bits, 0xfffffffeu);
  EXPECT_EQ(outcome->results[2].bits, 0x3fc00000u);
  EXPECT_EQ(outcome->results[3].bits, 0xc002000000000000u);
}

TEST(OracleInvoke, KeepsSignallingNaNs) {
  auto oracle = instantiate(R"((module
    (func (export "f") (param f32 f64) (result f32 f64)
      local.get 0 local.get 1)))");
  ASSERT_TRUE(oracle);
  Value arguments[] = {{F32, 0xffa00001}, {F64, 0x7ff0000000000001}};
  auto outcome = oracle->invoke(kernel("f", {F32, F64}, {F32, F64}), arguments);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->results[0].bits, 0xffa00001u);
  EXPECT_EQ(outcome->results[1].bits, 0x7ff0000000000001u);
}

TEST(OracleInvoke, FmaIsFusedAndItsNaNCanonical) {
  auto oracle = instantiate(R"((module
    (import "tw" "fma_f32" (func $f (param f32 f32 f32) (result f32)))
    (import "tw" "fma_f64" (func $d (param f64 f64 f64) (result f64)))
    (export "d" (func $d))
    (func (export "f") (param f32 f32 f32) (result f32)
      local.get 0 local.get 1 local.get 2 call $f)))");
  ASSERT_TRUE(oracle);
  auto f = kernel("f", {F32, F32, F32}, {F32});
  // (1 + 2^-23)^2 - (1 + 2^-22) = 2^-46, which a separate multiply rounds to 0.
  Value fused[] = {{F32, 0x3f800001}, {F32, 0x3f800001}, {F32, 0xbf800002}};
  auto outcome = oracle->invoke(f, fused);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->results[0].bits, 0x28800000u);
  Value nan[] = {{F32, 0xffc12345}, {F32, 0}, {F32, 0}};
  outcome = oracle->invoke(f, nan);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->results[0].bits, 0x7fc00000u);

  // An import that is exported again is called without a Wasm frame.
  auto d = kernel("d", {F64, F64, F64}, {F64});
  Value infTimesZero[] = {{F64, 0x7ff0000000000000}, {F64, 0}, {F64, 0}};
  outcome = oracle->invoke(d, infTimesZero);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->results[0].bits, 0x7ff8000000000000u);
}

TEST(OracleInvoke, RunsSignExtensionSaturationAndTailCalls) {
  auto oracle = instantiate(R"((module
    (func $down (param i32) (result i32)
      (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 7))
        (else (return_call $down (i32.sub (local.get 0) (i32.const 1))))))
    (func (export "f") (result i32 i32 i32)
      (i32.extend8_s (i32.const 0x80))
      (i32.trunc_sat_f32_s (f32.const 1e30))
      (call $down (i32.const 1000000)))))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->invoke(kernel("f", {}, {I32, I32, I32}), {});
  ASSERT_TRUE(outcome);
  ASSERT_FALSE(outcome->trap);
  EXPECT_EQ(outcome->results[0].bits, 0xffffff80u);
  EXPECT_EQ(outcome->results[1].bits, 0x7fffffffu);
  EXPECT_EQ(outcome->results[2].bits, 7u);
}

TEST(OracleInvoke, RecursesDeeperThanWABTsDefault) {
  auto oracle = instantiate(R"((module
    (func $sum (export "sum") (param i32) (result i32)
      (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0))
        (else (i32.add (i32.const 1)
          (call $sum (i32.sub (local.get 0) (i32.const 1)))))))))");
  ASSERT_TRUE(oracle);
  Value depth[] = {i32(100000)};
  auto outcome = oracle->invoke(kernel("sum", {I32}, {I32}), depth);
  ASSERT_TRUE(outcome);
  ASSERT_FALSE(outcome->trap);
  EXPECT_EQ(outcome->results[0].bits, 100000u);
}

TEST(OracleInvoke, ChecksArgumentsAndNames) {
  auto oracle = instantiate(R"((module (func (export "f") (param i32))))");
  ASSERT_TRUE(oracle);
  EXPECT_FALSE(oracle->invoke(kernel("f", {I32}), {}));
  Value wrong[] = {{I64, 1}};
  EXPECT_FALSE(oracle->invoke(kernel("f", {I32}), wrong));
  EXPECT_FALSE(oracle->invoke(kernel("g"), {}));
  // A manifest that tells another signature than the module.
  auto outcome = oracle->invoke(kernel("f", {I64}), wrong);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::Malformed);
}

//===-- Traps
//--------------------------------------------------------------===//

struct TrapCase {
  const char *name, *body;
  TrapCode code;
};

class OracleTrap : public testing::TestWithParam<TrapCase> {};

TEST_P(OracleTrap, HasItsCode) {
  std::string wat = R"((module (memory 1) (table 3 funcref)
    (type $void (func)) (type $unary (func (param i32)))
    (elem (i32.const 1) $unary)
    (func $unary (type $unary)) (func $loop (call $loop))
    (func (export "f") )" +
                    std::string(GetParam().body) + "))";
  auto oracle = instantiate(wat);
  ASSERT_TRUE(oracle);
  auto outcome = oracle->invoke(kernel("f"), {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_TRUE(outcome->trap);
  EXPECT_EQ(outcome->trap->code, GetParam().code);
  EXPECT_FALSE(outcome->trap->hasPlace);
  EXPECT_TRUE(outcome->results.empty());
  // The instance stays usable, with nothing left on the stack.
  auto again = oracle->invoke(kernel("f"), {});
  ASSERT_TRUE(again);
  ASSERT_TRUE(again->trap);
  EXPECT_EQ(again->trap->code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    All, OracleTrap,
    testing::Values(
        TrapCase{"Unreachable", "unreachable", TrapCode::Unreachable},
        TrapCase{"DivideByZero",
                 "(drop (i32.div_u (i32.const 1) (i32.const 0)))",
                 TrapCode::IntegerDivideByZero},
        TrapCase{"RemainderByZero",
                 "(drop (i64.rem_s (i64.const 1) (i64.const 0)))",
                 TrapCode::IntegerDivideByZero},
        TrapCase{"DivisionOverflow",
                 "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
                 TrapCode::IntegerOverflow},
        TrapCase{"TruncOverflow", "(drop (i32.trunc_f32_s (f32.const 1e30)))",
                 TrapCode::IntegerOverflow},
        TrapCase{"TruncNaN", "(drop (i32.trunc_f64_u (f64.const nan)))",
                 TrapCode::InvalidConversionToInteger},
        TrapCase{"Load", "(drop (i32.load (i32.const 65533)))",
                 TrapCode::OutOfBoundsMemoryAccess},
        TrapCase{"StoreDoesNotWrap",
                 "(i32.store8 offset=4294967295 (i32.const -1) (i32.const 0))",
                 TrapCode::OutOfBoundsMemoryAccess},
        TrapCase{"MemoryFill",
                 "(memory.fill (i32.const 0) (i32.const 0) (i32.const 65537))",
                 TrapCode::OutOfBoundsMemoryAccess},
        TrapCase{"UndefinedElement",
                 "(call_indirect (type $void) (i32.const 3))",
                 TrapCode::UndefinedElement},
        TrapCase{"UninitializedElement",
                 "(call_indirect (type $void) (i32.const 0))",
                 TrapCode::UninitializedElement},
        TrapCase{"TypeMismatch", "(call_indirect (type $void) (i32.const 1))",
                 TrapCode::IndirectCallTypeMismatch},
        TrapCase{"CallStack", "(call $loop)", TrapCode::CallStackExhausted}),
    [](const auto &info) { return std::string(info.param.name); });

//===-- Grids
//--------------------------------------------------------------===//

// Each thread appends its twelve coordinates at the cursor in word 0.
const char *const recorder = R"((module (memory 1)
  (import "tw" "thread_id_x" (func $tx (result i32)))
  (import "tw" "thread_id_y" (func $ty (result i32)))
  (import "tw" "thread_id_z" (func $tz (result i32)))
  (import "tw" "block_id_x" (func $bx (result i32)))
  (import "tw" "block_id_y" (func $by (result i32)))
  (import "tw" "block_id_z" (func $bz (result i32)))
  (import "tw" "block_dim_x" (func $dx (result i32)))
  (import "tw" "block_dim_y" (func $dy (result i32)))
  (import "tw" "block_dim_z" (func $dz (result i32)))
  (import "tw" "grid_dim_x" (func $gx (result i32)))
  (import "tw" "grid_dim_y" (func $gy (result i32)))
  (import "tw" "grid_dim_z" (func $gz (result i32)))
  (func $put (param i32)
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 4)))
    (i32.store (i32.load (i32.const 0)) (local.get 0)))
  (func (export "f")
    (call $put (call $tx)) (call $put (call $ty)) (call $put (call $tz))
    (call $put (call $bx)) (call $put (call $by)) (call $put (call $bz))
    (call $put (call $dx)) (call $put (call $dy)) (call $put (call $dz))
    (call $put (call $gx)) (call $put (call $gy)) (call $put (call $gz)))))";

TEST(OracleLaunch, RunsThreadsInOrderWithTheirCoordinates) {
  std::string wat = recorder;
  // Imports come first in a module.
  wat.replace(wat.find("(memory 1)"), 10, "");
  wat.insert(wat.find("(func $put"), "(memory 1) ");
  auto oracle = instantiate(wat);
  ASSERT_TRUE(oracle);
  Dim3 grid{2, 2, 2}, block{3, 2, 2};
  auto outcome = oracle->launch(kernel("f"), grid, block, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_FALSE(outcome->trap);
  size_t at = 1;
  for (uint32_t bz = 0; bz < 2; ++bz)
    for (uint32_t by = 0; by < 2; ++by)
      for (uint32_t bx = 0; bx < 2; ++bx)
        for (uint32_t tz = 0; tz < 2; ++tz)
          for (uint32_t ty = 0; ty < 2; ++ty)
            for (uint32_t tx = 0; tx < 3; ++tx)
              for (uint32_t expected :
                   {tx, ty, tz, bx, by, bz, 3u, 2u, 2u, 2u, 2u, 2u})
                ASSERT_EQ(word(*oracle, at++), expected) << "word " << at - 1;
  EXPECT_EQ(word(*oracle, 0), 4 * (at - 1));
}

TEST(OracleLaunch, GoesOnAfterATrapAndReportsTheFirst) {
  auto oracle = instantiate(R"((module
    (import "tw" "thread_id_x" (func $tx (result i32)))
    (import "tw" "block_id_x" (func $bx (result i32)))
    (memory 1)
    (func (export "f") (local i32)
      (local.set 0 (i32.add (call $tx) (i32.mul (call $bx) (i32.const 4))))
      (if (i32.eq (local.get 0) (i32.const 5)) (then unreachable))
      (if (i32.eq (local.get 0) (i32.const 6))
        (then (drop (i32.load (i32.const -1)))))
      (i32.store (i32.mul (local.get 0) (i32.const 4)) (i32.const 1)))))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->launch(kernel("f"), {3, 1, 1}, {4, 1, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_TRUE(outcome->trap);
  EXPECT_EQ(outcome->trap->code, TrapCode::Unreachable);
  EXPECT_EQ(outcome->trap->block.x, 1u);
  EXPECT_EQ(outcome->trap->thread.x, 1u);
  for (uint32_t i = 0; i < 12; ++i)
    EXPECT_EQ(word(*oracle, i), i == 5 || i == 6 ? 0u : 1u) << i;
  EXPECT_EQ(oracle->traps().count(), 2u);
  EXPECT_EQ(oracle->trapOf({1, 0, 0}, {1, 0, 0}), TrapCode::Unreachable);
  EXPECT_EQ(oracle->trapOf({1, 0, 0}, {2, 0, 0}),
            TrapCode::OutOfBoundsMemoryAccess);
  EXPECT_EQ(oracle->trapOf({1, 0, 0}, {3, 0, 0}), TrapCode::None);
  EXPECT_EQ(oracle->trapOf({1, 0, 0}, {5, 0, 0}), TrapCode::None);
}

TEST(OracleLaunch, ManyTrapsStayCheap) {
  auto oracle = instantiate(R"((module (func (export "f") unreachable)))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->launch(kernel("f"), {200, 1, 1}, {100, 1, 1}, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(oracle->traps().count(), 20000u);
  EXPECT_TRUE(oracle->traps().complete());
}

TEST(OracleLaunch, RefusesWhatTheManifestRefusesAndEmptyGrids) {
  auto oracle = instantiate(R"((module (func (export "f"))))");
  ASSERT_TRUE(oracle);
  auto k = kernel("f");
  EXPECT_FALSE(oracle->launch(k, {0, 1, 1}, {1, 1, 1}, {}));
  Dim3 huge{0xffffffff, 0xffffffff, 0xffffffff};
  EXPECT_FALSE(oracle->launch(k, huge, huge, {}));
  k.notLaunchable = "it writes global 3";
  auto outcome = oracle->launch(k, {1, 1, 1}, {1, 1, 1}, {});
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().message.find("global 3"), std::string::npos);
}

TEST(OracleLaunch, TellsProgress) {
  ptxbin::Bytes wasm = assemble(R"((module (func (export "f") (local i32)
    (loop (br_if 0 (i32.lt_u (local.tee 0
      (i32.add (local.get 0) (i32.const 1))) (i32.const 100000)))))))");
  uint64_t calls = 0, last = 0, total = 0;
  auto oracle = OracleExecutor::create(ptxbin::ByteView(wasm),
                                       [&](uint64_t done, uint64_t all) {
                                         ++calls;
                                         EXPECT_GT(done, last);
                                         last = done;
                                         total = all;
                                       });
  ASSERT_TRUE(oracle);
  auto outcome = (*oracle)->launch(kernel("f"), {100, 1, 1}, {1, 1, 1}, {});
  ASSERT_TRUE(outcome);
  EXPECT_GT(calls, 0u);
  EXPECT_EQ(total, 100u);
  EXPECT_LE(calls, outcome->seconds * 10 + 1);
}

//===-- Instantiation
//------------------------------------------------------===//

TEST(OracleInstance, MissingImportIsAnErrorOnlyWhenCalled) {
  auto oracle = instantiate(R"((module
    (import "env" "print" (func $p (param i32)))
    (func (export "good"))
    (func (export "bad") (call $p (i32.const 1)))))");
  ASSERT_TRUE(oracle);
  EXPECT_TRUE(oracle->invoke(kernel("good"), {}));
  auto outcome = oracle->invoke(kernel("bad"), {});
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().message.find("'env.print' is not provided"),
            std::string::npos);
  EXPECT_TRUE(oracle->invoke(kernel("good"), {}));
}

void expectRefused(const std::string &wat, const std::string &message) {
  ptxbin::Bytes wasm = assemble(wat);
  auto oracle = OracleExecutor::create(ptxbin::ByteView(wasm));
  ASSERT_FALSE(oracle);
  EXPECT_NE(oracle.error().message.find(message), std::string::npos)
      << oracle.error().message;
}

TEST(OracleInstance, RefusesWhatItCannotProvide) {
  expectRefused(R"((module (import "env" "memory" (memory 1))))",
                "import 'env.memory' is a memory");
  expectRefused(R"((module (func $s unreachable) (start $s)))",
                "unreachable executed");
  expectRefused(R"((module (memory 1) (data (i32.const 65536) "x")))",
                "data segment is out of bounds");
}

TEST(OracleInstance, RefusesAMalformedModuleWithItsOffset) {
  ptxbin::Bytes wasm = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 0x7f};
  auto oracle = OracleExecutor::create(ptxbin::ByteView(wasm));
  ASSERT_FALSE(oracle);
  EXPECT_EQ(oracle.error().kind, ErrorKind::Malformed);
  EXPECT_NE(oracle.error().message.find("offset 0xa"), std::string::npos)
      << oracle.error().message;
}

TEST(OracleInstance, ReadsGlobals) {
  auto oracle = instantiate(R"((module
    (global i32 (i32.const -1)) (global f64 (f64.const -0))
    (global (mut f32) (f32.const nan:0x200001))))");
  ASSERT_TRUE(oracle);
  EXPECT_EQ(oracle->global(0).bits, 0xffffffffu);
  EXPECT_EQ(oracle->global(1).bits, 0x8000000000000000u);
  EXPECT_EQ(oracle->global(2).bits, 0x7fa00001u);
}

TEST(OracleInstance, GrowsToTheDeclaredMaximumAndNoFurther) {
  auto oracle =
      instantiate(R"((module (memory 1 3) (data (i32.const 0) "a")))");
  ASSERT_TRUE(oracle);
  ASSERT_TRUE(oracle->grow(2));
  EXPECT_EQ(oracle->memory().size(), 3u << 16);
  EXPECT_EQ(oracle->memory()[0], 'a');
  EXPECT_EQ(oracle->memory()[(3u << 16) - 1], 0);
  EXPECT_FALSE(oracle->grow(1));
  EXPECT_FALSE(oracle->grow(~uint64_t(0)));
  EXPECT_EQ(oracle->memory().size(), 3u << 16);
  auto none = instantiate("(module)");
  EXPECT_TRUE(none->memory().empty());
  EXPECT_FALSE(none->grow(1));
  EXPECT_TRUE(none->grow(0));
}

TEST(OracleTraps, LogFindsRunsAndIsBounded) {
  TrapLog log;
  for (uint64_t i : {3, 4, 5, 9})
    log.add(i, TrapCode::Unreachable);
  log.add(10, TrapCode::IntegerOverflow);
  EXPECT_EQ(log.find(2), TrapCode::None);
  EXPECT_EQ(log.find(3), TrapCode::Unreachable);
  EXPECT_EQ(log.find(5), TrapCode::Unreachable);
  EXPECT_EQ(log.find(6), TrapCode::None);
  EXPECT_EQ(log.find(9), TrapCode::Unreachable);
  EXPECT_EQ(log.find(10), TrapCode::IntegerOverflow);
  EXPECT_EQ(log.find(11), TrapCode::None);
  EXPECT_TRUE(log.complete());
  log.clear();
  for (uint64_t i = 0; i <= TrapLog::maxRuns; ++i)
    log.add(2 * i, TrapCode::Unreachable);
  EXPECT_FALSE(log.complete());
  EXPECT_EQ(log.count(), TrapLog::maxRuns + 1);
  EXPECT_EQ(trapCodeOf("not implemented"), std::nullopt);
}

} // namespace
