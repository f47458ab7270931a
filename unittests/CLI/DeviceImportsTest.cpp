//===- DeviceImportsTest.cpp - the imports of tw in the oracle ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a thread can ask for on its own: place, arithmetic, atomics, clocks and
// the end. Expected values are from docs/DeviceInterface.md; those of floats
// are exact or computed by hand.
//
//===----------------------------------------------------------------------===//

#include "WatModule.h"

#include <bit>
#include <cmath>
#include <cstring>

using namespace twrun;
using namespace twrun::test;
using twrun::abi::TrapCode;

namespace {

constexpr ValueType I32 = ValueType::I32, I64 = ValueType::I64,
                    F32 = ValueType::F32, F64 = ValueType::F64;

std::string listOf(const std::vector<ValueType> &types) {
  std::string text;
  for (ValueType type : types)
    text += std::string(" ") + ptxbin::toString(type);
  return text;
}

/// A module that has import `tw.name` of that type, one page of memory, and an
/// export `f` of the same type that calls it.
std::string caller(const std::string &name,
                   const std::vector<ValueType> &params,
                   const std::vector<ValueType> &results) {
  const std::string type =
      "(param" + listOf(params) + ") (result" + listOf(results) + ")";
  std::string operands;
  for (size_t i = 0; i < params.size(); ++i)
    operands += "(local.get " + std::to_string(i) + ")";
  return "(module (import \"tw\" \"" + name + "\" (func $i " + type +
         ")) (memory (export \"memory\") 1) (func (export \"f\") " + type +
         " (call $i " + operands + ")))";
}

/// Calls the import once, in an invocation; no results after a trap.
Outcome call(const std::string &name, std::vector<Value> arguments,
             std::vector<ValueType> results,
             std::unique_ptr<OracleExecutor> *keep = nullptr,
             const std::vector<uint8_t> &memory = {}) {
  std::vector<ValueType> params;
  for (const Value &argument : arguments)
    params.push_back(argument.type);
  auto oracle = instantiate(caller(name, params, results));
  if (!oracle)
    return {};
  std::copy(memory.begin(), memory.end(), oracle->memory().begin());
  auto outcome = oracle->invoke(kernel("f", params, results), arguments);
  EXPECT_TRUE(outcome) << name << ": " << outcome.error().message;
  if (keep)
    *keep = std::move(oracle);
  return outcome ? *outcome : Outcome();
}

uint64_t result(const std::string &name, std::vector<Value> arguments,
                ValueType type) {
  Outcome outcome = call(name, std::move(arguments), {type});
  EXPECT_FALSE(outcome.trap) << name;
  EXPECT_EQ(outcome.results.size(), 1u) << name;
  return outcome.results.empty() ? ~uint64_t(0) : outcome.results[0].bits;
}

Value f32(float value) { return {F32, std::bit_cast<uint32_t>(value)}; }
Value f64(double value) { return {F64, std::bit_cast<uint64_t>(value)}; }

//===-- Where the thread is -----------------------------------------------===//

TEST(DevicePlace, CountsThreadsXFirst) {
  auto oracle = instantiate(R"((module
    (import "tw" "global_id" (func $global (result i64)))
    (import "tw" "lane_id" (func $lane (result i32)))
    (import "tw" "warp_id" (func $warp (result i32)))
    (import "tw" "warp_size" (func $size (result i32)))
    (memory 1)
    (func (export "f") (local i32)
      (local.set 0 (i32.mul (i32.wrap_i64 (call $global)) (i32.const 4)))
      (i32.store8 offset=0 (local.get 0) (call $lane))
      (i32.store8 offset=1 (local.get 0) (call $warp))
      (i32.store8 offset=2 (local.get 0) (call $size))
      (i32.store8 offset=3 (local.get 0)
        (i32.add (i32.load8_u offset=3 (local.get 0)) (i32.const 1))))))");
  ASSERT_TRUE(oracle);
  const Dim3 grid{2, 3, 2}, block{5, 7, 2};
  auto outcome = oracle->launch(kernel("f"), grid, block, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_FALSE(outcome->trap);
  const uint8_t *at = oracle->memory().data();
  for (unsigned b = 0; b < 12; ++b)
    for (unsigned t = 0; t < 70; ++t, at += 4) {
      EXPECT_EQ(at[0], t % 32);
      EXPECT_EQ(at[1], t / 32);
      EXPECT_EQ(at[2], 32);
      EXPECT_EQ(at[3], 1) << "each thread has its own number";
    }
}

TEST(DevicePlace, AnInvocationIsAGridOfOneThread) {
  for (const char *name : {"thread_id_x", "block_id_y", "lane_id", "warp_id"})
    EXPECT_EQ(result(name, {}, I32), 0u) << name;
  for (const char *name : {"block_dim_x", "block_dim_z", "grid_dim_y"})
    EXPECT_EQ(result(name, {}, I32), 1u) << name;
  EXPECT_EQ(result("global_id", {}, I64), 0u);
  EXPECT_EQ(result("warp_size", {}, I32), 32u);
  EXPECT_EQ(result("shared", {i32(4096)}, I32), 1024u);
  EXPECT_EQ(result("shared_base", {}, I32), 1024u);
  EXPECT_EQ(result("shared_size", {}, I32), 0u);
}

//===-- Alone in everything -----------------------------------------------===//

TEST(DeviceAlone, BarriersAndWarpOperationsHaveOneParticipant) {
  for (const char *name :
       {"barrier", "fence_block", "fence_device", "fence_system"})
    EXPECT_FALSE(call(name, {}, {}).trap) << name;
  EXPECT_FALSE(call("warp_sync", {i32(1)}, {}).trap);
  EXPECT_EQ(result("barrier_count", {i32(7)}, I32), 1u);
  EXPECT_EQ(result("barrier_and", {i32(7)}, I32), 1u);
  EXPECT_EQ(result("barrier_or", {i32(0)}, I32), 0u);
  EXPECT_EQ(result("vote_ballot", {i32(-1), i32(9)}, I32), 1u);
  EXPECT_EQ(result("vote_all", {i32(-1), i32(0)}, I32), 0u);
  EXPECT_EQ(result("vote_any", {i32(1), i32(5)}, I32), 1u);
  EXPECT_EQ(result("match_any_i64", {i32(3), {I64, 5}}, I32), 1u);
  EXPECT_EQ(result("match_all_i32", {i32(1), i32(5)}, I32), 1u);
  EXPECT_EQ(result("shuffle_xor_i32", {i32(-1), i32(5), i32(1), i32(32)}, I32),
            5u);
  EXPECT_EQ(result("warp_reduce_add_f64", {i32(1), f64(2.5)}, F64),
            f64(2.5).bits);
  EXPECT_EQ(result("block_reduce_max_u_i64", {{I64, ~0ull}}, I64), ~0ull);
  // A mask without the caller.
  Outcome outcome = call("vote_any", {i32(2), i32(1)}, {I32});
  ASSERT_TRUE(outcome.trap);
  EXPECT_EQ(outcome.trap->code, TrapCode::NotInWarpMask);
}

//===-- Arithmetic --------------------------------------------------------===//

TEST(DeviceArithmetic, RoundsAsItIsDefined) {
  EXPECT_EQ(result("rsqrt_f32", {f32(0.25f)}, F32), f32(2).bits);
  // 1 / sqrt(3) = 0.577350269..., nearest f32 0x3f13cd3a.
  EXPECT_EQ(result("rsqrt_f32", {f32(3)}, F32), 0x3f13cd3au);
  EXPECT_EQ(result("rsqrt_f32", {f32(0)}, F32), 0x7f800000u);
  EXPECT_EQ(result("rsqrt_f32", {f32(-0.0f)}, F32), 0xff800000u);
  EXPECT_EQ(result("rsqrt_f32", {f32(-1)}, F32), 0x7fc00000u);
  EXPECT_EQ(result("rsqrt_f64", {f64(0.0625)}, F64), f64(4).bits);
  EXPECT_EQ(result("rsqrt_f64", {f64(-1)}, F64), 0x7ff8000000000000u);
  EXPECT_EQ(result("fma_f64", {f64(3), f64(5), f64(-1)}, F64), f64(14).bits);
  EXPECT_EQ(result("fast_div_f32", {f32(1), f32(4)}, F32), f32(0.25f).bits);
}

TEST(DeviceArithmetic, FastFunctionsAreTheFunctions) {
  const struct {
    const char *name;
    float x, expected;
  } exact[] = {
      {"fast_rcp_f32", 8, 0.125f},   {"fast_sqrt_f32", 2.25f, 1.5f},
      {"fast_rsqrt_f32", 16, 0.25f}, {"fast_sin_f32", 0, 0},
      {"fast_cos_f32", 0, 1},        {"fast_exp2_f32", -3, 0.125f},
      {"fast_log2_f32", 1024, 10},   {"fast_tanh_f32", 100, 1},
  };
  for (const auto &c : exact)
    EXPECT_EQ(result(c.name, {f32(c.x)}, F32), f32(c.expected).bits) << c.name;
  const struct {
    const char *name;
    double expected; // at 0.7
  } near[] = {{"fast_sin_f32", 0.644217687237691},
              {"fast_cos_f32", 0.764842187284489},
              {"fast_tanh_f32", 0.604367777117164},
              {"fast_exp2_f32", 1.62450479271247},
              {"fast_log2_f32", -0.514573172829758}};
  for (const auto &c : near) {
    const float got =
        std::bit_cast<float>(uint32_t(result(c.name, {f32(0.7f)}, F32)));
    EXPECT_NEAR(got, c.expected, 2e-7) << c.name;
  }
}

//===-- Atomics -----------------------------------------------------------===//

struct AtomicCase {
  const char *name; // OP_T
  ValueType type;
  uint64_t old, operand, stored;
};
constexpr uint64_t ones = ~uint64_t(0);
const AtomicCase atomics[] = {
    {"add_i32", I32, 0xffffffff, 2, 1},
    {"add_i64", I64, ones, 2, 1},
    {"min_s_i32", I32, 0xffffffff, 1, 0xffffffff},
    {"min_s_i64", I64, 1, ones, ones},
    {"min_u_i32", I32, 0xffffffff, 1, 1},
    {"min_u_i64", I64, ones, 1, 1},
    {"max_s_i32", I32, 0xffffffff, 1, 1},
    {"max_s_i64", I64, ones, 1, 1},
    {"max_u_i32", I32, 1, 0xffffffff, 0xffffffff},
    {"max_u_i64", I64, 1, ones, ones},
    {"and_i32", I32, 0xff00ff, 0x0ff0f0, 0x0f00f0},
    {"and_i64", I64, 0xff00000000, 0xf00000001, 0xf00000000},
    {"or_i32", I32, 0xff00ff, 0x0ff0f0, 0xfff0ff},
    {"or_i64", I64, 0xff00000000, 0xf00000001, 0xff00000001},
    {"xor_i32", I32, 0xff00ff, 0x0ff0f0, 0xf0f00f},
    {"xor_i64", I64, 0xff00000000, 0xf00000001, 0xf000000001},
    {"xchg_i32", I32, 5, 9, 9},
    {"xchg_i64", I64, 5, ones, ones},
    // 1 + 2; the bits of signalling NaNs are exchanged; min(-0, +0) is -0;
    // a NaN that arithmetic makes is canonical.
    {"add_f32", F32, 0x3f800000, 0x40000000, 0x40400000},
    {"add_f64", F64, 0x3ff0000000000000, 0x4000000000000000,
     0x4008000000000000},
    {"add_f32", F32, 0x7f800000, 0xff800000, 0x7fc00000},
    {"min_f32", F32, 0, 0x80000000, 0x80000000},
    {"min_f64", F64, 0x4000000000000000, 0xbff0000000000000,
     0xbff0000000000000},
    {"min_f32", F32, 0xffc00001, 0x3f800000, 0x7fc00000},
    {"max_f32", F32, 0x80000000, 0, 0},
    {"max_f64", F64, 0x4000000000000000, 0xbff0000000000000,
     0x4000000000000000},
    {"max_f64", F64, 0, 0xfff8000000000000, 0x7ff8000000000000},
    {"xchg_f32", F32, 1, 0x7fa00001, 0x7fa00001},
    {"xchg_f64", F64, 1, 0x7ff0000000000001, 0x7ff0000000000001},
};
constexpr const char *scopes[] = {"block", "device", "system"};

size_t byteSize(ValueType type) { return type == I32 || type == F32 ? 4 : 8; }
std::vector<uint8_t> bytesOf(uint64_t bits, size_t size, size_t at) {
  std::vector<uint8_t> memory(at + size);
  std::memcpy(&memory[at], &bits, size);
  return memory;
}
uint64_t readBack(OracleExecutor &oracle, size_t at, size_t size) {
  uint64_t bits = 0;
  std::memcpy(&bits, oracle.memory().data() + at, size);
  return bits;
}

TEST(DeviceAtomics, ReturnTheOldValueAndStoreTheNew) {
  for (const AtomicCase &c : atomics)
    for (const char *order :
         {"relaxed", "acquire", "release", "acq_rel", "seq_cst"})
      for (const char *scope : scopes) {
        const std::string name =
            std::string("atomic_") + c.name + "_" + order + "_" + scope;
        const size_t size = byteSize(c.type);
        std::unique_ptr<OracleExecutor> oracle;
        Outcome outcome = call(name, {i32(16), {c.type, c.operand}}, {c.type},
                               &oracle, bytesOf(c.old, size, 16));
        ASSERT_EQ(outcome.results.size(), 1u) << name;
        EXPECT_EQ(outcome.results[0].bits, c.old) << name;
        EXPECT_EQ(readBack(*oracle, 16, size), c.stored) << name;
      }
}

TEST(DeviceAtomics, CompareByBitsAndLoadAndStoreThem) {
  for (ValueType type : {I32, I64, F32, F64}) {
    const std::string t = ptxbin::toString(type);
    const size_t size = byteSize(type);
    const uint64_t negativeZero = uint64_t(1) << (8 * size - 1);
    for (const char *scope : scopes) {
      const std::string end = std::string("_") + scope;
      std::unique_ptr<OracleExecutor> oracle;
      // -0 is not +0.
      Outcome outcome = call("atomic_cmpxchg_" + t + "_acq_rel" + end,
                             {i32(8), {type, 0}, {type, 7}}, {type}, &oracle,
                             bytesOf(negativeZero, size, 8));
      ASSERT_EQ(outcome.results.size(), 1u);
      EXPECT_EQ(outcome.results[0].bits, negativeZero);
      EXPECT_EQ(readBack(*oracle, 8, size), negativeZero);
      outcome = call("atomic_cmpxchg_" + t + "_relaxed" + end,
                     {i32(8), {type, negativeZero}, {type, 7}}, {type}, &oracle,
                     bytesOf(negativeZero, size, 8));
      EXPECT_EQ(readBack(*oracle, 8, size), 7u);
      for (const char *order : {"relaxed", "acquire", "seq_cst"}) {
        outcome = call("atomic_load_" + t + "_" + order + end, {i32(8)}, {type},
                       nullptr, bytesOf(negativeZero + 3, size, 8));
        ASSERT_EQ(outcome.results.size(), 1u);
        EXPECT_EQ(outcome.results[0].bits, negativeZero + 3);
      }
      for (const char *order : {"relaxed", "release", "seq_cst"}) {
        outcome = call("atomic_store_" + t + "_" + order + end,
                       {i32(8), {type, negativeZero + 3}}, {}, &oracle);
        EXPECT_FALSE(outcome.trap);
        EXPECT_EQ(readBack(*oracle, 8, size), negativeZero + 3);
      }
    }
  }
}

TEST(DeviceAtomics, AlignmentComesBeforeBounds) {
  const struct {
    uint32_t address;
    TrapCode code;
  } cases[] = {{65532, TrapCode::UnalignedAtomic},
               {65536, TrapCode::OutOfBoundsMemoryAccess},
               {65540, TrapCode::UnalignedAtomic},
               {0xfffffff8, TrapCode::OutOfBoundsMemoryAccess}};
  for (const auto &c : cases) {
    Outcome outcome = call("atomic_add_i64_relaxed_device",
                           {i32(c.address), {I64, 1}}, {I64});
    ASSERT_TRUE(outcome.trap);
    EXPECT_EQ(outcome.trap->code, c.code) << c.address;
  }
}

//===-- What is no import -------------------------------------------------===//

void expectNotProvided(const std::string &name, std::vector<ValueType> params,
                       std::vector<ValueType> results,
                       const std::string &message = "is not provided") {
  auto oracle = instantiate(caller(name, params, results));
  ASSERT_TRUE(oracle) << name << ": it is an error only when it is called";
  std::vector<Value> arguments;
  for (ValueType type : params)
    arguments.push_back({type, 0});
  auto outcome = oracle->invoke(kernel("f", params, results), arguments);
  ASSERT_FALSE(outcome) << name;
  EXPECT_NE(outcome.error().message.find(message), std::string::npos)
      << outcome.error().message;
}

TEST(DeviceImports, OthersAreNotProvided) {
  expectNotProvided("thread_id_w", {}, {I32});
  expectNotProvided("thread_id_", {}, {I32});
  expectNotProvided("atomic_load_i32_release_device", {I32}, {I32});
  expectNotProvided("atomic_store_i32_acquire_device", {I32, I32}, {});
  expectNotProvided("atomic_add_i32_relaxed_warp", {I32, I32}, {I32});
  expectNotProvided("atomic_min_i32_relaxed_device", {I32, I32}, {I32});
  expectNotProvided("atomic_and_f32_relaxed_device", {I32, F32}, {F32});
  expectNotProvided("warp_reduce_min_i32", {I32, I32}, {I32});
  expectNotProvided("warp_reduce_min_s_f32", {I32, F32}, {F32});
  expectNotProvided("match_any_f32", {I32, F32}, {I32});
  expectNotProvided("matrix_load_a_f32_row", {I32, I32, I32}, {});
  expectNotProvided("copy_async_12", {I32, I32}, {});
}

TEST(DeviceImports, OfAnotherTypeAreNotProvided) {
  expectNotProvided("thread_id_x", {}, {I64}, "() -> (i32)");
  expectNotProvided("atomic_add_i64_relaxed_device", {I32, I32}, {I64},
                    "(i32, i64) -> (i64)");
  expectNotProvided("barrier", {I32}, {}, "() -> ()");
}

//===-- Copies, clocks ----------------------------------------------------===//

TEST(DeviceCopies, CopyAndTrap) {
  for (uint32_t size : {4, 8, 16}) {
    const std::string name = "copy_async_" + std::to_string(size);
    std::vector<uint8_t> memory(64);
    for (size_t i = 0; i < memory.size(); ++i)
      memory[i] = uint8_t(i + 1);
    std::unique_ptr<OracleExecutor> oracle;
    EXPECT_FALSE(call(name, {i32(100), i32(33)}, {}, &oracle, memory).trap);
    for (uint32_t i = 0; i < size + 1; ++i)
      EXPECT_EQ(oracle->memory()[100 + i], i < size ? 34 + i : 0);
    for (auto [to, from] : {std::pair(65536 - size + 1, 0u),
                            {0u, 65536 - size + 1},
                            {0u, 0xffffffffu}}) {
      Outcome outcome = call(name, {i32(to), i32(from)}, {});
      ASSERT_TRUE(outcome.trap);
      EXPECT_EQ(outcome.trap->code, TrapCode::OutOfBoundsMemoryAccess);
    }
  }
  EXPECT_FALSE(call("copy_async_commit", {}, {}).trap);
  EXPECT_FALSE(call("copy_async_wait", {i32(0)}, {}).trap);
}

TEST(DeviceClocks, GoOn) {
  auto oracle = instantiate(R"((module
    (import "tw" "clock" (func $clock (result i64)))
    (import "tw" "timer" (func $timer (result i64)))
    (func (export "f") (result i64 i64 i64 i64) (local i32)
      call $clock call $timer
      (loop (br_if 0 (i32.lt_u (local.tee 0
        (i32.add (local.get 0) (i32.const 1))) (i32.const 10000))))
      call $clock call $timer)))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->invoke(kernel("f", {}, {I64, I64, I64, I64}), {});
  ASSERT_TRUE(outcome);
  ASSERT_EQ(outcome->results.size(), 4u);
  EXPECT_LT(outcome->results[0].bits, outcome->results[2].bits);
  EXPECT_LT(outcome->results[1].bits, outcome->results[3].bits);
  // 10,000 turns of the loop take between a microsecond and ten seconds.
  const uint64_t taken = outcome->results[3].bits - outcome->results[1].bits;
  EXPECT_GT(taken, 1000u);
  EXPECT_LT(taken, 10'000'000'000u);
}

} // namespace
