//===- DeviceGridTest.cpp - threads that wait, in the oracle --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Barriers, warp operations and matrices in grids. Expected values are computed
// here from docs/DeviceInterface.md and, for shuffles, the PTX ISA's formula of
// shfl.sync.
//
//===----------------------------------------------------------------------===//

#include "WatModule.h"

#include <bit>
#include <cstring>

using namespace twrun;
using namespace twrun::test;
using twrun::abi::TrapCode;

namespace {

constexpr ValueType I32 = ValueType::I32;

ptxbin::KernelInfo cooperative(std::vector<ValueType> params = {}) {
  ptxbin::KernelInfo info = kernel("f", std::move(params));
  info.cooperative = true;
  info.memory = 0;
  return info;
}

/// A module whose kernel `f` stores the T that `body` leaves at 8 * global_id.
/// $t is the thread's index in a block of one dimension, $p the parameter.
std::string kernelOf(const std::string &imports, const std::string &type,
                     const std::string &body) {
  return "(module (import \"tw\" \"global_id\" (func $id (result i64)))"
         "(import \"tw\" \"thread_id_x\" (func $tid (result i32)))" +
         imports +
         "(memory 4)"
         "(func (export \"f\") (param $p i32) (local $t i32)"
         "(local.set $t (call $tid))"
         "(" +
         type + ".store (i32.mul (i32.wrap_i64 (call $id)) (i32.const 8))" +
         body + ")))";
}

/// Runs it with that many threads in one block; the results by thread.
std::vector<uint64_t> runBlock(const std::string &wat, uint32_t threads,
                               uint32_t parameter = 0) {
  auto oracle = instantiate(wat);
  if (!oracle)
    return {};
  Value arguments[] = {i32(parameter)};
  auto outcome =
      oracle->launch(cooperative({I32}), {1, 1, 1}, {threads, 1, 1}, arguments);
  if (!outcome || outcome->trap) {
    ADD_FAILURE() << (outcome ? twrun::abi::trapMessage(outcome->trap->code)
                              : outcome.error().message);
    return {};
  }
  std::vector<uint64_t> results(threads);
  std::memcpy(results.data(), oracle->memory().data(), 8 * threads);
  return results;
}

//===-- Barriers ----------------------------------------------------------===//

TEST(DeviceBarrier, OrdersMemoryOf1024Threads) {
  // Each thread reads what its mirror image wrote before the barrier, twice.
  auto results =
      runBlock(kernelOf(R"((import "tw" "barrier" (func $barrier)))", "i32", R"(
        (block (result i32)
          (i32.store offset=65536 (i32.shl (local.get $t) (i32.const 2))
                                  (i32.add (local.get $t) (i32.const 7)))
          (call $barrier)
          (local.get $p) (i32.load offset=65536 (i32.shl
            (i32.sub (i32.const 1023) (local.get $t)) (i32.const 2)))
          (call $barrier)
          (i32.add)))"),
               1024, 1000);
  ASSERT_EQ(results.size(), 1024u);
  for (uint32_t t = 0; t < 1024; ++t)
    EXPECT_EQ(results[t], 1000 + 1023 - t + 7);
}

TEST(DeviceBarrier, CountsPredicates) {
  const struct {
    const char *name, *predicate;
    uint32_t expected;
  } cases[] = {
      {"barrier_count", "(i32.and (local.get $t) (i32.const 6))", 52},
      {"barrier_and", "(i32.const -1)", 1},
      {"barrier_and", "(local.get $t)", 0},
      {"barrier_or", "(i32.eq (local.get $t) (i32.const 69))", 1},
      {"barrier_or", "(i32.const 0)", 0},
  };
  for (const auto &c : cases) {
    auto results =
        runBlock(kernelOf(std::string("(import \"tw\" \"") + c.name +
                              "\" (func $b (param i32) (result i32)))",
                          "i32", std::string("(call $b ") + c.predicate + ")"),
                 70);
    for (uint64_t result : results)
      EXPECT_EQ(result, c.expected) << c.name << c.predicate;
  }
}

const char *const exits = R"((module
  (import "tw" "thread_id_x" (func $tid (result i32)))
  (import "tw" "barrier_count" (func $count (param i32) (result i32)))
  (memory 1)
  (func (export "f") (local $t i32)
    (local.set $t (call $tid))
    (if (i32.eq (local.get $t) (i32.const 3)) (then (return)))
    (if (i32.ge_u (local.get $t) (i32.const 90)) (then unreachable))
    (i32.store (i32.mul (local.get $t) (i32.const 4))
               (call $count (i32.const 1))))))";

TEST(DeviceBarrier, DoesNotWaitForThreadsThatExitOrTrap) {
  auto oracle = instantiate(exits);
  ASSERT_TRUE(oracle);
  auto outcome = oracle->launch(cooperative(), {3, 1, 1}, {10, 10, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  // thread_id_x is below 10 here: rows of threads; only x = 3 exits.
  ASSERT_FALSE(outcome->trap);
  const uint32_t *words =
      reinterpret_cast<const uint32_t *>(oracle->memory().data());
  EXPECT_EQ(words[0], 90u);
  EXPECT_EQ(words[3], 0u);

  oracle = instantiate(exits);
  outcome = oracle->launch(cooperative(), {2, 1, 1}, {100, 1, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_TRUE(outcome->trap);
  EXPECT_EQ(outcome->trap->code, TrapCode::Unreachable);
  EXPECT_EQ(outcome->trap->thread.x, 90u);
  EXPECT_EQ(outcome->trap->block.x, 0u);
  words = reinterpret_cast<const uint32_t *>(oracle->memory().data());
  for (uint32_t t = 0; t < 100; ++t) {
    EXPECT_EQ(words[t], t == 3 || t >= 90 ? 0u : 89u) << t;
    for (uint32_t block : {0, 1})
      EXPECT_EQ(oracle->trapOf({block, 0, 0}, {t, 0, 0}),
                t >= 90 ? TrapCode::Unreachable : TrapCode::None);
  }
  EXPECT_EQ(oracle->traps().count(), 20u);
}

TEST(DeviceBarrier, ThatCannotBeReachedTrapsOneThreadAfterAnother) {
  // Lane 0 waits at the barrier, the others for lane 0 in the warp.
  auto oracle = instantiate(R"((module
    (import "tw" "thread_id_x" (func $tid (result i32)))
    (import "tw" "barrier" (func $barrier))
    (import "tw" "warp_sync" (func $sync (param i32)))
    (memory 1)
    (func (export "f")
      (if (call $tid) (then (call $sync (i32.const -1)))
        (else (call $barrier)))
      (i32.store8 (call $tid) (i32.const 1)))))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->launch(cooperative(), {1, 1, 1}, {32, 1, 1}, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_TRUE(outcome->trap);
  EXPECT_EQ(outcome->trap->code, TrapCode::DivergentBarrier);
  EXPECT_EQ(outcome->trap->thread.x, 0u);
  // Without lane 0 the others' operation is complete.
  EXPECT_EQ(oracle->traps().count(), 1u);
  for (unsigned t = 0; t < 32; ++t)
    EXPECT_EQ(oracle->memory()[t], t != 0);
}

TEST(DeviceBarrier, OfAKernelThatIsSaidNotToWaitIsAnError) {
  auto oracle = instantiate(
      R"((module (import "tw" "barrier" (func $b)) (func (export "f")
           (call $b))))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->launch(kernel("f"), {1, 1, 1}, {2, 1, 1}, {});
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().message.find("the manifest says"),
            std::string::npos);
  // A thread alone has nobody to wait for.
  EXPECT_TRUE(oracle->launch(kernel("f"), {3, 1, 1}, {1, 1, 1}, {}));
}

//===-- Warp operations ---------------------------------------------------===//

/// PTX ISA, "shfl.sync": the lane that `lane` reads, itself without a source.
unsigned shuffleSource(const std::string &mode, unsigned lane, uint32_t b,
                       uint32_t width) {
  const uint32_t c = ((32 - width) & 31) << 8 | (mode == "up" ? 0 : 31);
  const unsigned bval = b & 31, cval = c & 31, segment = c >> 8 & 31;
  const unsigned maxLane = (lane & segment) | (cval & ~segment & 31);
  const unsigned minLane = lane & segment;
  int j = 0;
  bool valid = false;
  if (mode == "up") {
    j = int(lane) - int(bval);
    valid = j >= int(maxLane);
  } else if (mode == "down") {
    j = int(lane + bval);
    valid = j <= int(maxLane);
  } else if (mode == "xor") {
    j = int(lane ^ bval);
    valid = j <= int(maxLane);
  } else {
    j = int(minLane | (bval & ~segment & 31));
    valid = j <= int(maxLane);
  }
  return valid ? unsigned(j) : lane;
}

TEST(DeviceWarp, ShufflesFollowTheFormula) {
  for (const char *mode : {"idx", "up", "down", "xor"})
    for (const char *type : {"i32", "i64", "f32", "f64"}) {
      const std::string t = type;
      // Lane $t has 1000 + $t and asks for operand 3 * $t + 1 in width $p.
      const std::string value =
          t == "i32" || t == "i64"
              ? (t == "i32" ? "(i32.add (local.get $t) (i32.const 1000))"
                            : "(i64.extend_i32_u (i32.add (local.get $t)"
                              " (i32.const 1000)))")
              : "(" + t + ".reinterpret_i" + t.substr(1) + " " +
                    (t == "f32" ? "(i32.add (local.get $t) (i32.const 1000))"
                                : "(i64.extend_i32_u (i32.add (local.get $t)"
                                  " (i32.const 1000)))") +
                    ")";
      const std::string wat = kernelOf(
          "(import \"tw\" \"shuffle_" + std::string(mode) + "_" + t +
              "\" (func $s (param i32 " + t + " i32 i32) (result " + t + ")))",
          t,
          "(call $s (i32.const -1) " + value +
              " (i32.add (i32.mul (local.get $t) (i32.const 3)) (i32.const 1))"
              " (local.get $p))");
      for (uint32_t width : {32u, 16u, 8u, 4u, 2u, 1u, 0u, 5u, 24u, 33u}) {
        auto results = runBlock(wat, 64, width);
        ASSERT_EQ(results.size(), 64u);
        for (unsigned i = 0; i < 64; ++i)
          EXPECT_EQ(results[i],
                    1000 + (i & ~31u) +
                        shuffleSource(mode, i & 31, 3 * i + 1, width))
              << mode << " " << t << " thread " << i << " width " << width;
      }
    }
}

TEST(DeviceWarp, ShufflesGiveTheCallersOwnForAbsentLanes) {
  // 40 threads: the second warp has 8 lanes; lane + 4 of its last four is none.
  auto results = runBlock(
      kernelOf(R"((import "tw" "shuffle_down_i32"
                 (func $s (param i32 i32 i32 i32) (result i32))))",
               "i32", R"((call $s (i32.const -1) (local.get $t) (i32.const 4)
                          (i32.const 32)))"),
      40);
  ASSERT_EQ(results.size(), 40u);
  for (unsigned i = 0; i < 40; ++i)
    EXPECT_EQ(results[i], i < 28 ? i + 4 : i < 32 ? i : i < 36 ? i + 4 : i);
}

TEST(DeviceWarp, VotesAndMatchesNameTheParticipants) {
  // Only odd lanes take part; their predicate is t & 4, their value t >> 3.
  const char *const kernel = R"(
    (if (result i32) (i32.and (local.get $t) (i32.const 1))
      (then (call $v (i32.const 0xaaaaaaaa) OPERAND)) (else (i32.const 0))))";
  const struct {
    const char *name, *type, *operand;
    uint32_t (*expected)(unsigned lane);
  } cases[] = {
      {"vote_ballot", "i32", "(i32.and (local.get $t) (i32.const 4))",
       [](unsigned) { return 0xa0a0a0a0u; }},
      {"vote_any", "i32", "(i32.eq (local.get $t) (i32.const 31))",
       [](unsigned) { return 1u; }},
      {"vote_any", "i32", "(i32.const 0)", [](unsigned) { return 0u; }},
      {"vote_all", "i32", "(i32.and (local.get $t) (i32.const 1))",
       [](unsigned) { return 1u; }},
      {"vote_all", "i32", "(i32.and (local.get $t) (i32.const 2))",
       [](unsigned) { return 0u; }},
      {"match_any_i32", "i32", "(i32.shr_u (local.get $t) (i32.const 3))",
       [](unsigned lane) { return 0xaau << lane / 8 * 8; }},
      {"match_any_i64", "i64",
       "(i64.extend_i32_u (i32.shr_u (local.get $t) (i32.const 3)))",
       [](unsigned lane) { return 0xaau << lane / 8 * 8; }},
      {"match_all_i32", "i32", "(i32.const 9)",
       [](unsigned) { return 0xaaaaaaaau; }},
      {"match_all_i64", "i64", "(i64.extend_i32_u (local.get $t))",
       [](unsigned) { return 0u; }},
  };
  for (const auto &c : cases) {
    std::string body = kernel;
    body.replace(body.find("OPERAND"), 7, c.operand);
    auto results = runBlock(kernelOf(std::string("(import \"tw\" \"") + c.name +
                                         "\" (func $v (param i32 " + c.type +
                                         ") (result i32)))",
                                     "i32", body),
                            32);
    ASSERT_EQ(results.size(), 32u);
    for (unsigned lane = 0; lane < 32; ++lane)
      EXPECT_EQ(results[lane], lane & 1 ? c.expected(lane) : 0)
          << c.name << " lane " << lane;
  }
}

TEST(DeviceWarp, AMaskWithoutTheCallerTraps) {
  auto oracle = instantiate(R"((module
    (import "tw" "lane_id" (func $lane (result i32)))
    (import "tw" "warp_sync" (func $sync (param i32)))
    (memory 1)
    (func (export "f") (call $sync (i32.const 0xfffffffe))
      (i32.store8 (call $lane) (i32.const 1)))))");
  ASSERT_TRUE(oracle);
  auto outcome = oracle->launch(cooperative(), {1, 1, 1}, {32, 1, 1}, {});
  ASSERT_TRUE(outcome);
  ASSERT_TRUE(outcome->trap);
  EXPECT_EQ(outcome->trap->code, TrapCode::NotInWarpMask);
  EXPECT_EQ(oracle->traps().count(), 1u);
  EXPECT_EQ(oracle->memory()[31], 1);
}

/// The order of docs/DeviceInterface.md, "Order of reductions".
template <typename T, typename Op> T reduceWarp(std::vector<T> lanes, Op op) {
  if (lanes.size() == 32) {
    for (unsigned k : {16, 8, 4, 2, 1}) {
      std::vector<T> next(32);
      for (unsigned lane = 0; lane < 32; ++lane)
        next[lane] = op(lanes[lane], lanes[lane ^ k]);
      lanes = next;
    }
    return lanes[0];
  }
  T v = lanes[0];
  for (size_t i = 1; i < lanes.size(); ++i)
    v = op(v, lanes[i]);
  return v;
}

TEST(DeviceWarp, FloatsAreAddedInTheDefinedOrder) {
  // Thread t has 1 / (t + 1): another order gives other bits.
  const auto value = [](unsigned t) { return 1 / float(t + 1); };
  const char *const operand = R"((f32.div (f32.const 1)
      (f32.convert_i32_u (i32.add (local.get $t) (i32.const 1)))))";
  auto add = [](float a, float b) { return a + b; };
  for (uint32_t threads : {32u, 45u, 96u, 100u}) {
    auto warps = runBlock(
        kernelOf(R"((import "tw" "warp_reduce_add_f32"
                   (func $r (param i32 f32) (result f32))))",
                 "f32",
                 std::string("(call $r (i32.const -1) ") + operand + ")"),
        threads);
    auto blocks =
        runBlock(kernelOf(R"((import "tw" "block_reduce_add_f32"
                   (func $r (param f32) (result f32))))",
                          "f32", std::string("(call $r ") + operand + ")"),
                 threads);
    ASSERT_EQ(warps.size(), threads);
    ASSERT_EQ(blocks.size(), threads);
    std::vector<float> sums;
    for (uint32_t first = 0; first < threads; first += 32) {
      std::vector<float> lanes;
      for (uint32_t t = first; t < std::min(first + 32, threads); ++t)
        lanes.push_back(value(t));
      sums.push_back(reduceWarp(lanes, add));
      for (uint32_t t = first; t < first + lanes.size(); ++t)
        EXPECT_EQ(uint32_t(warps[t]), std::bit_cast<uint32_t>(sums.back()));
    }
    float sum = sums[0];
    for (size_t i = 1; i < sums.size(); ++i)
      sum += sums[i];
    for (uint64_t result : blocks)
      EXPECT_EQ(uint32_t(result), std::bit_cast<uint32_t>(sum)) << threads;
  }
}

TEST(DeviceWarp, ReducesWithEveryOperator) {
  // Thread t of 40 has t - 20: the first warp -20 … 11, the second 12 … 19.
  const struct {
    const char *op;
    int64_t first, second, both;
    bool ofInts, ofFloats;
  } cases[] = {
      {"add", -144, 124, -20, true, true},
      {"min_s", -20, 12, -20, true, false},
      {"max_s", 11, 19, 19, true, false},
      {"min_u", 0, 12, 0, true, false},
      {"max_u", -1, 19, -1, true, false},
      {"and", 0, 0, 0, true, false},
      {"or", -1, 31, -1, true, false},
      // -20 … -1 with 0 … 11; 12 … 19.
      {"xor", 0, 0, 0, true, false},
      {"min", -20, 12, -20, false, true},
      {"max", 11, 19, 19, false, true},
  };
  auto bits = [](const std::string &type, int64_t value) -> uint64_t {
    if (type == "i32")
      return uint32_t(value);
    if (type == "i64")
      return uint64_t(value);
    return type == "f32" ? std::bit_cast<uint32_t>(float(value))
                         : std::bit_cast<uint64_t>(double(value));
  };
  for (const auto &c : cases)
    for (const char *type : {"i32", "i64", "f32", "f64"}) {
      const std::string t = type;
      if (!(t[0] == 'i' ? c.ofInts : c.ofFloats))
        continue;
      std::string operand = "(i32.sub (local.get $t) (i32.const 20))";
      if (t == "i64")
        operand = "(i64.extend_i32_s " + operand + ")";
      if (t[0] == 'f')
        operand = "(" + t + ".convert_i32_s " + operand + ")";
      auto run = [&](const std::string &scope, const std::string &mask) {
        return runBlock(kernelOf("(import \"tw\" \"" + scope + "_reduce_" +
                                     c.op + "_" + t + "\" (func $r (param " +
                                     (mask.empty() ? "" : "i32 ") + t +
                                     ") (result " + t + ")))",
                                 t, "(call $r " + mask + operand + ")"),
                        40);
      };
      auto warps = run("warp", "(i32.const -1)"), blocks = run("block", "");
      ASSERT_EQ(warps.size(), 40u);
      ASSERT_EQ(blocks.size(), 40u);
      for (unsigned i = 0; i < 40; ++i) {
        EXPECT_EQ(warps[i], bits(t, i < 32 ? c.first : c.second))
            << c.op << "_" << t << " thread " << i;
        EXPECT_EQ(blocks[i], bits(t, c.both)) << c.op << "_" << t;
      }
    }
}

} // namespace
