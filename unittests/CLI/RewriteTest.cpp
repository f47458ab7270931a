//===- RewriteTest.cpp - instructions the interpreter lacks ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fused relaxed_madd and nmadd, the dot product with addition, and atomics
// that wait, in modules that use functions in every way that rewriting must
// keep up with. Expected values are the specifications' (relaxed SIMD,
// threads).
//
//===----------------------------------------------------------------------===//

#include "WatModule.h"

#include "lib/Oracle/Rewrite.h"

using namespace twrun;
using namespace twrun::test;
using twrun::abi::TrapCode;

namespace {

constexpr ValueType I32 = ValueType::I32, I64 = ValueType::I64,
                    V128 = ValueType::V128;

/// Runs the export `f` without parameters.
Outcome run(const std::string &wat, std::vector<ValueType> results) {
  auto oracle = instantiate(wat);
  if (!oracle)
    return {};
  auto outcome = oracle->invoke(kernel("f", {}, std::move(results)), {});
  EXPECT_TRUE(outcome) << outcome.error().message;
  return outcome ? *outcome : Outcome();
}

void expectVector(const std::string &body, uint64_t low, uint64_t high) {
  Outcome outcome =
      run("(module (func (export \"f\") (result v128) " + body + "))", {V128});
  ASSERT_EQ(outcome.results.size(), 1u) << body;
  EXPECT_EQ(outcome.results[0].bits, low) << body;
  EXPECT_EQ(outcome.results[0].high, high) << body;
}

TEST(Rewrite, MaddRoundsOnce) {
  // (1 + 2^-23)^2 - (1 + 2^-22) = 2^-46, which two roundings make 0; 2 * 3 + 4;
  // inf * 0 + 1 is the canonical NaN; -1 * 1 + 1 is +0.
  const std::string a = "(v128.const f32x4 0x1.000002p0 2 inf -1)",
                    b = "(v128.const f32x4 0x1.000002p0 3 0 1)",
                    c = "(v128.const f32x4 -0x1.000004p0 4 1 1)";
  expectVector("(f32x4.relaxed_madd " + a + b + c + ")", 0x41200000'28800000,
               0x00000000'7fc00000);
  // -(a * b) + c
  expectVector("(f32x4.relaxed_nmadd (v128.const f32x4 0x1.000002p0 2 3 -1)" +
                   b + "(v128.const f32x4 0x1.000004p0 4 1 1))",
               0xc0000000'a8800000, 0x40000000'3f800000);
  const std::string d = "(v128.const f64x2 0x1.0000000000001p0 2)",
                    e = "(v128.const f64x2 -0x1.0000000000002p0 5)";
  expectVector("(f64x2.relaxed_madd " + d + d + e + ")", 0x3970000000000000,
               0x4022000000000000);
  expectVector("(f64x2.relaxed_nmadd " + d + d + e + ")", 0xc000000000000002,
               0x3ff0000000000000);
}

TEST(Rewrite, DotProductsWrapAt16BitsAndAddAt32) {
  // Per lane of 16 bits: -128 * -128 * 2 wraps to -32768, 127 * 127 * 2 =
  // 32258, -128 * 127 * 2 = -32512, 1 * -1 + 1 * -1 = -2.
  const std::string a = "(v128.const i8x16 -128 -128 127 127 -128 -128 1 1 "
                        "1 2 3 4 5 6 7 8)",
                    b = "(v128.const i8x16 -128 -128 127 127 127 127 -1 -1 "
                        "1 1 1 1 1 1 1 1)";
  expectVector("(i32x4.dot_i8x16_i7x16_add_s " + a + b +
                   "(v128.const i32x4 0 0 100 -1))",
               // -32768 + 32258 = -510; -32512 - 2 = -32514
               0xffff80fe'fffffe02,
               // 1+2+3+4 + 100, 5+6+7+8 - 1
               0x00000019'0000006e);
}

TEST(Rewrite, KeepsFunctionsInTheirPlaces) {
  Outcome outcome = run(R"((module
    (import "tw" "block_dim_x" (func $dim (result i32)))
    (type $t (func (result i32)))
    (global $g funcref (ref.func $two))
    (table $tab 4 funcref)
    (elem (table $tab) (i32.const 0) func $one $two $dim)
    (elem $passive funcref (ref.func $three) (ref.null func))
    (memory 1)
    (func $one (result i32) (i32.const 1))
    (func $two (result i32) (i32.const 2))
    (func $three (result i32) (return_call $one))
    (func $start (i32.store (i32.const 0) (call $two)))
    (start $start)
    (func $nested (result v128)
      (block (result v128) (loop (result v128)
        (if (result v128) (call $one)
          (then (f32x4.relaxed_madd (v128.const i64x2 0 0)
            (v128.const i64x2 0 0) (v128.const f32x4 1 2 3 4)))
          (else (v128.const i64x2 0 0))))))
    (func (export "f") (result i32 i32 i32 i32 i32 i32 v128)
      (table.init $tab $passive (i32.const 3) (i32.const 0) (i32.const 1))
      (i32.load (i32.const 0))
      (call_indirect (type $t) (i32.const 0))
      (call_indirect (type $t) (i32.const 1))
      (call_indirect (type $t) (i32.const 2))
      (call_indirect (type $t) (i32.const 3))
      (table.set $tab (i32.const 0) (global.get $g))
      (call_indirect (type $t) (i32.const 0))
      (call $nested))))",
                        {I32, I32, I32, I32, I32, I32, V128});
  ASSERT_EQ(outcome.results.size(), 7u);
  for (auto [i, expected] :
       {std::pair(0, 2u), {1, 1u}, {2, 2u}, {3, 1u}, {4, 1u}, {5, 2u}})
    EXPECT_EQ(outcome.results[i].bits, expected) << i;
  EXPECT_EQ(outcome.results[6].bits, 0x40000000'3f800000u);
}

TEST(Rewrite, LeavesOtherModulesAlone) {
  ptxbin::Bytes wasm = assemble("(module (func (export \"f\")))");
  auto rewritten = rewriteForInterpreter(wasm, wabt::Features());
  ASSERT_TRUE(rewritten);
  EXPECT_FALSE(*rewritten);
}

TEST(Rewrite, TailCallsAheadOfThemselvesComeBack) {
  // Forward, backward, to another signature, to itself and to an import, a
  // million deep, in a module with imports and a table of its own.
  Outcome outcome = run(R"((module
    (import "tw" "block_dim_x" (func $dim (result i32)))
    (table $own 1 funcref) (elem (i32.const 0) $even)
    (func (export "f") (result i32 i32 i32 i64 i32 i32)
      (call $even (i32.const 1000000))
      (call $even (i32.const 1000001))
      (call $sum (i32.const 100000) (i32.const 0))
      (call $swap (i32.const 100001) (i64.const 5) (f64.const 1))
      (call $last)
      (table.size $own))
    (func $last (result i32) (return_call $dim))
    (func $sum (param i32 i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (return_call $sum (i32.sub (local.get 0) (i32.const 1))
                        (i32.add (local.get 1) (local.get 0))))
    (func $even (param i32) (result i32) (local i64 f64)
      (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
      (local.set 1 (i64.const -1))
      (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
    (func $odd (param i32) (result i32) (local v128)
      (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
      (return_call $even (i32.sub (local.get 0) (i32.const 1))))
    (func $swap (param i32 i64 f64) (result i64)
      (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (return_call $paws (local.get 2) (local.get 1)
        (i32.sub (local.get 0) (i32.const 1))))
    (func $paws (param f64 i64 i32) (result i64) (local i32)
      (if (i32.eqz (local.get 2)) (then (return (i64.add (local.get 1)
        (i64.trunc_f64_s (local.get 0))))))
      (return_call $swap (i32.sub (local.get 2) (i32.const 1))
        (local.get 1) (local.get 0)))))",
                        {I32, I32, I32, I64, I32, I32});
  ASSERT_EQ(outcome.results.size(), 6u);
  const uint64_t expected[] = {1, 0, 100000ull * 100001 / 2 & 0xffffffff,
                               6, 1, 1};
  for (size_t i = 0; i < 6; ++i)
    EXPECT_EQ(outcome.results[i].bits, expected[i]) << i;
}

TEST(Rewrite, ATrapOfATailCalledImportEndsTheThread) {
  auto oracle = instantiate(R"((module
    (import "tw" "abort" (func $abort (param i32)))
    (memory 1)
    (func $end (return_call $abort (i32.const 0)))
    (func (export "f") (call $end)
      (i32.store8 (i32.const 5) (i32.const 1)))))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->invoke(kernel("f"), {});
  ASSERT_TRUE(outcome);
  ASSERT_TRUE(outcome->trap);
  EXPECT_EQ(outcome->trap->code, TrapCode::Aborted);
  EXPECT_EQ(oracle->memory()[5], 0);
}

//===-- Atomics that wait -------------------------------------------------===//

std::string shared(const std::string &body, const char *results = "i32",
                   const char *memory = "1 1 shared") {
  return "(module (memory " + std::string(memory) +
         ") (func (export \"f\") (result " + results + ") " + body + "))";
}

TEST(Rewrite, WaitsEndAndNobodyIsNotified) {
  struct Case {
    const char *body;
    uint32_t result;
  } cases[] = {
      {"(memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1))", 1},
      {"(memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const 0))", 2},
      {"(i64.store (i32.const 8) (i64.const 5))"
       "(memory.atomic.wait64 offset=8 (i32.const 0) (i64.const 5)"
       " (i64.const 9))",
       2},
      {"(i64.store (i32.const 8) (i64.const 0x100000000))"
       "(memory.atomic.wait64 (i32.const 8) (i64.const 0) (i64.const 9))",
       1},
      {"(memory.atomic.notify (i32.const 0) (i32.const 3))", 0},
      {"(atomic.fence) (i32.const 7)", 7},
  };
  for (const Case &c : cases) {
    Outcome outcome = run(shared(c.body), {I32});
    ASSERT_EQ(outcome.results.size(), 1u) << c.body;
    EXPECT_EQ(outcome.results[0].bits, c.result) << c.body;
  }
}

TEST(Rewrite, AtomicsTrap) {
  struct Case {
    const char *body;
    TrapCode code;
    const char *memory = "1 1 shared";
  } cases[] = {
      {"(memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))",
       TrapCode::EndlessWait},
      {"(memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1))",
       TrapCode::ExpectedSharedMemory, "1"},
      {"(memory.atomic.wait32 (i32.const 2) (i32.const 0) (i64.const 1))",
       TrapCode::UnalignedAtomic},
      {"(memory.atomic.wait64 (i32.const 4) (i64.const 0) (i64.const 1))",
       TrapCode::UnalignedAtomic},
      {"(memory.atomic.notify (i32.const 1) (i32.const 0))",
       TrapCode::UnalignedAtomic},
      {"(memory.atomic.notify (i32.const 65536) (i32.const 0))",
       TrapCode::OutOfBoundsMemoryAccess},
      {"(i32.atomic.load (i32.const 2))", TrapCode::UnalignedAtomic},
      {"(i32.atomic.load offset=4 (i32.const -4))",
       TrapCode::OutOfBoundsMemoryAccess},
      {"(i32.atomic.load8_u (i32.const 65537))",
       TrapCode::OutOfBoundsMemoryAccess},
      // Alignment comes before bounds.
      {"(i32.atomic.rmw.add (i32.const 65538) (i32.const 1))",
       TrapCode::UnalignedAtomic},
      {"(i32.atomic.rmw.add (i32.const 65540) (i32.const 1))",
       TrapCode::OutOfBoundsMemoryAccess},
      {"(i32.wrap_i64 (i64.atomic.load32_u offset=0xffffffff"
       "(i32.const 0xffffffff)))",
       TrapCode::UnalignedAtomic},
      {"(i32.wrap_i64 (i64.atomic.load32_u offset=0xfffffffc"
       "(i32.const 0xfffffffc)))",
       TrapCode::OutOfBoundsMemoryAccess},
      {"(i64.atomic.store (i32.const 65532) (i64.const 1)) (i32.const 0)",
       TrapCode::UnalignedAtomic},
      {"(i32.atomic.rmw16.cmpxchg_u (i32.const 65537) (i32.const 1)"
       "(i32.const 2))",
       TrapCode::UnalignedAtomic},
      {"(memory.atomic.notify (i32.const 65537) (i32.const 0))",
       TrapCode::UnalignedAtomic},
      {"(memory.atomic.wait64 (i32.const 65540) (i64.const 0) (i64.const 1))",
       TrapCode::UnalignedAtomic},
  };
  for (const Case &c : cases) {
    Outcome outcome = run(shared(c.body, "i32", c.memory), {I32});
    ASSERT_TRUE(outcome.trap) << c.body;
    EXPECT_EQ(outcome.trap->code, c.code) << c.body;
  }
}

TEST(Rewrite, AtomicsKeepTheirResults) {
  Outcome outcome = run(shared(R"(
      (i32.atomic.store offset=4 (i32.const 4) (i32.const 40))
      (i64.atomic.store16 (i32.const 16) (i64.const 0x12345))
      (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 2)))
      (drop (i32.atomic.rmw.cmpxchg (i32.const 8) (i32.const 42)
                                    (i32.const 50)))
      (i32.add (i32.atomic.load (i32.const 8))
               (i32.wrap_i64 (i64.atomic.rmw16.xchg_u (i32.const 16)
                                                      (i64.const 0)))))"),
                        {I32});
  ASSERT_EQ(outcome.results.size(), 1u);
  EXPECT_EQ(outcome.results[0].bits, 0x2345u + 50);
}

TEST(Rewrite, WaitsOn64BitAndSecondMemories) {
  Outcome outcome = run(R"((module (memory 1) (memory $b i64 1 1 shared)
    (func (export "f") (result i32 i64)
      (i64.store $b (i64.const 16) (i64.const 3))
      (memory.atomic.wait64 $b (i64.const 16) (i64.const 3) (i64.const 0))
      (i64.atomic.load $b (i64.const 16)))))",
                        {I32, I64});
  ASSERT_EQ(outcome.results.size(), 2u);
  EXPECT_EQ(outcome.results[0].bits, 2u);
  EXPECT_EQ(outcome.results[1].bits, 3u);
}

} // namespace
