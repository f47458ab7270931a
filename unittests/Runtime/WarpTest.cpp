//===- WarpTest.cpp - what lanes of a warp compute together ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pure functions behind the collectives, against the PTX ISA's formulas
// and the Wasm specification's operators, written out anew here.
//
//===----------------------------------------------------------------------===//

#include "Block/Warp.h"
#include "Block/FastMath.h"
#include "Block/Reduce.h"

#include <bit>
#include <cfenv>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace twrun;
using twrun::abi::Collective;
using twrun::abi::CollectiveOp;
using twrun::abi::MathOp;
using twrun::abi::ReduceKind;
using twrun::abi::ReduceType;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

uint64_t bits(float x) { return std::bit_cast<uint32_t>(x); }
uint64_t bits(double x) { return std::bit_cast<uint64_t>(x); }
float asFloat(uint64_t x) { return std::bit_cast<float>(uint32_t(x)); }

/// One call per lane.
struct Lanes {
  std::array<Collective, 32> calls{};
  explicit Lanes(CollectiveOp op) {
    for (Collective &call : calls)
      call.op = op;
  }
  WarpResults run(uint32_t lanes) const {
    WarpCalls pointers{};
    for (int i = 0; i < 32; ++i)
      if (lanes >> i & 1)
        pointers[i] = &calls[i];
    return evaluateWarp(lanes, pointers);
  }
};

} // namespace

TEST(Warp, ShufflesOfPowersOfTwoStayInTheirSegments) {
  for (unsigned width : {1u, 2u, 4u, 8u, 16u, 32u})
    for (unsigned lane = 0; lane < 32; ++lane)
      for (uint32_t n = 0; n < 32; ++n) {
        unsigned base = lane / width * width, in = lane % width;
        EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleIdx, lane, n, width),
                  base + n % width);
        EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleUp, lane, n, width),
                  in >= n ? lane - n : lane);
        EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleDown, lane, n, width),
                  in + n < width ? lane + n : lane);
        // CUDA C++ Programming Guide, "Warp Shuffle Functions": a source in
        // an earlier group can be read, one in a later group cannot.
        unsigned other = lane ^ n;
        EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleXor, lane, n, width),
                  other < base + width ? other : lane);
      }
}

TEST(Warp, ShufflesFollowTheFormulaForAnyWidth) {
  // By hand from the PTX ISA's formula. Width 20: segment mask 12; width 0 is
  // that of 32; operands count modulo 32.
  EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleIdx, 13, 7, 20), 15u);
  EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleDown, 1, 2, 20), 3u);
  EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleDown, 1, 30, 20), 1u);
  EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleDown, 16, 3, 20), 19u);
  EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleUp, 5, 2, 20), 5u);
  EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleUp, 7, 2, 20), 5u);
  EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleIdx, 3, 9, 0), 9u);
  EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleIdx, 3, 33, 32), 1u);
  EXPECT_EQ(shuffleSource(CollectiveOp::ShuffleUp, 3, 0xffffffff, 32), 3u);
}

TEST(Warp, AbsentLanesGiveTheCallersOwn) {
  Lanes lanes(CollectiveOp::ShuffleDown);
  for (uint32_t i = 0; i < 32; ++i)
    lanes.calls[i] = {CollectiveOp::ShuffleDown, 0x7fu, 100 + i, 1, 32, 0, 0};
  WarpResults results = lanes.run(0x77); // lanes 0-2, 4-6
  EXPECT_EQ(results[0], 101u);
  EXPECT_EQ(results[1], 102u);
  EXPECT_EQ(results[2], 102u); // 3 is absent
  EXPECT_EQ(results[4], 105u);
  EXPECT_EQ(results[6], 106u); // 7 is absent
}

TEST(Warp, EachLaneHasItsOwnOperandAndWidth) {
  Lanes lanes(CollectiveOp::ShuffleIdx);
  for (uint32_t i = 0; i < 32; ++i)
    lanes.calls[i] = {CollectiveOp::ShuffleIdx, ~0u, 1000 + i, 31 - i,
                      i < 16 ? 32u : 8u,        0,   0};
  WarpResults results = lanes.run(~0u);
  EXPECT_EQ(results[0], 1031u);
  EXPECT_EQ(results[15], 1016u);
  EXPECT_EQ(results[16], 1000u + 16 + 7);
  EXPECT_EQ(results[31], 1000u + 24);
}

TEST(Warp, Votes) {
  for (uint32_t lanes : {~0u, 1u, 0x80000001u, 0xf0f0u})
    for (uint32_t ones : {0u, ~0u, 0x80000000u, 0x00f0u}) {
      auto result = [&](CollectiveOp op, unsigned lane) {
        Lanes calls(op);
        for (int i = 0; i < 32; ++i)
          calls.calls[i].value = (ones >> i & 1) ? 7 : 0;
        return calls.run(lanes)[lane];
      };
      unsigned lane = unsigned(std::countr_zero(lanes));
      EXPECT_EQ(result(CollectiveOp::VoteAll, lane), (lanes & ~ones) == 0);
      EXPECT_EQ(result(CollectiveOp::VoteAny, lane), (lanes & ones) != 0);
      EXPECT_EQ(result(CollectiveOp::VoteBallot, lane), lanes & ones);
      EXPECT_EQ(result(CollectiveOp::WarpSync, lane), 0u);
    }
}

TEST(Warp, Matches) {
  Lanes any(CollectiveOp::MatchAny), all(CollectiveOp::MatchAll);
  for (uint32_t i = 0; i < 32; ++i)
    any.calls[i].value = all.calls[i].value = uint64_t(i % 3) << 40;
  WarpResults results = any.run(0x3f);
  EXPECT_EQ(results[0], 0x09u);
  EXPECT_EQ(results[4], 0x12u);
  EXPECT_EQ(results[5], 0x24u);
  EXPECT_EQ(all.run(0x3f)[5], 0u);
  EXPECT_EQ(all.run(0x09)[3], 0x09u);
}

TEST(Reduce, IntegerOperators) {
  auto i32 = [](ReduceKind kind, uint32_t v, uint32_t w) {
    return combine({kind, ReduceType::I32}, v, w);
  };
  EXPECT_EQ(i32(ReduceKind::Add, 0xffffffff, 2), 1u);
  EXPECT_EQ(i32(ReduceKind::MinS, 0x80000000, 1), 0x80000000u);
  EXPECT_EQ(i32(ReduceKind::MinU, 0x80000000, 1), 1u);
  EXPECT_EQ(i32(ReduceKind::MaxS, 0x80000000, 1), 1u);
  EXPECT_EQ(i32(ReduceKind::MaxU, 0x80000000, 1), 0x80000000u);
  EXPECT_EQ(i32(ReduceKind::And, 12, 10), 8u);
  EXPECT_EQ(i32(ReduceKind::Or, 12, 10), 14u);
  EXPECT_EQ(i32(ReduceKind::Xor, 12, 10), 6u);
  const uint64_t low = 1ull << 63;
  EXPECT_EQ(combine({ReduceKind::Add, ReduceType::I64}, ~0ull, 2), 1u);
  EXPECT_EQ(combine({ReduceKind::MinS, ReduceType::I64}, low, 1), low);
  EXPECT_EQ(combine({ReduceKind::MaxS, ReduceType::I64}, low, 1), 1u);
  EXPECT_EQ(combine({ReduceKind::MinU, ReduceType::I64}, low, 1), 1u);
  EXPECT_EQ(combine({ReduceKind::MaxU, ReduceType::I64}, low, 1), low);
}

TEST(Reduce, FloatingPointOperatorsAreWasms) {
  auto f32 = [](ReduceKind kind, uint64_t v, uint64_t w) {
    return combine({kind, ReduceType::F32}, v, w);
  };
  const uint64_t nan = 0x7fc00000, signaling = 0xffa00001;
  for (ReduceKind kind : {ReduceKind::Add, ReduceKind::Min, ReduceKind::Max}) {
    EXPECT_EQ(f32(kind, signaling, bits(1.0f)), nan);
    EXPECT_EQ(f32(kind, bits(1.0f), signaling), nan);
    EXPECT_EQ(combine({kind, ReduceType::F64}, 0xfff0000000000001, bits(1.0)),
              0x7ff8000000000000u);
  }
  EXPECT_EQ(f32(ReduceKind::Add, bits(infinity), bits(-infinity)), nan);
  EXPECT_EQ(f32(ReduceKind::Min, bits(0.0f), bits(-0.0f)), bits(-0.0f));
  EXPECT_EQ(f32(ReduceKind::Min, bits(-0.0f), bits(0.0f)), bits(-0.0f));
  EXPECT_EQ(f32(ReduceKind::Max, bits(0.0f), bits(-0.0f)), bits(0.0f));
  EXPECT_EQ(f32(ReduceKind::Max, bits(-0.0f), bits(0.0f)), bits(0.0f));
  EXPECT_EQ(f32(ReduceKind::Min, bits(3.0f), bits(-2.0f)), bits(-2.0f));
  EXPECT_EQ(f32(ReduceKind::Max, bits(3.0f), bits(-2.0f)), bits(3.0f));
  EXPECT_EQ(f32(ReduceKind::Add, 1, 2), 3u); // subnormals stay
}

TEST(Reduce, RefusesWhatThereIsNot) {
  const uint32_t f32 = uint32_t(ReduceType::F32),
                 i64 = uint32_t(ReduceType::I64);
  EXPECT_TRUE(isReduction(uint32_t(ReduceKind::Add), f32));
  EXPECT_TRUE(isReduction(uint32_t(ReduceKind::Min), f32));
  EXPECT_FALSE(isReduction(uint32_t(ReduceKind::MinS), f32));
  EXPECT_TRUE(isReduction(uint32_t(ReduceKind::Xor), i64));
  EXPECT_FALSE(isReduction(uint32_t(ReduceKind::Max), i64));
  EXPECT_FALSE(isReduction(10, i64));
  EXPECT_FALSE(isReduction(0, 4));
}

TEST(Reduce, AFullWarpGoesByButterflies) {
  std::array<uint64_t, 32> values;
  for (int i = 0; i < 32; ++i)
    values[i] = bits(i % 3 ? 1e-3f * float(i) : 1e4f + float(i));
  std::array<float, 32> expected;
  for (int i = 0; i < 32; ++i)
    expected[i] = asFloat(values[i]);
  for (int k : {16, 8, 4, 2, 1}) {
    std::array<float, 32> last = expected;
    for (int i = 0; i < 32; ++i)
      expected[i] = last[i] + last[i ^ k];
  }
  uint64_t result = reduceWarp({ReduceKind::Add, ReduceType::F32}, ~0u, values);
  for (int i = 0; i < 32; ++i)
    EXPECT_EQ(result, bits(expected[i])) << i;
}

TEST(Reduce, FewerLanesGoFromTheLeft) {
  // 1 + 2^-24 is 1 again: from the left all are lost, from the right not.
  std::array<uint64_t, 32> values;
  values.fill(bits(0x1p-24f));
  values[3] = bits(1.0f);
  const uint32_t lanes = 0x00ffff08;
  EXPECT_EQ(reduceWarp({ReduceKind::Add, ReduceType::F32}, lanes, values),
            bits(1.0f));
  std::array<uint64_t, 3> right{bits(0x1p-24f), bits(0x1p-24f), bits(1.0f)};
  EXPECT_EQ(reduceLeft({ReduceKind::Add, ReduceType::F32}, right),
            bits(1.0f + 0x1p-23f));
  values[9] = 0xffa00001; // one alone is still canonical
  EXPECT_EQ(reduceWarp({ReduceKind::Min, ReduceType::F32}, 1u << 9, values),
            0x7fc00000u);
}

TEST(Reduce, DoesNotDependOnTheCallersRounding) {
  ASSERT_EQ(fesetround(FE_UPWARD), 0);
  float third = fastMath(MathOp::Rcp, 3.0f);
  uint64_t sum =
      combine({ReduceKind::Add, ReduceType::F32}, bits(1.0f), bits(0x1p-30f));
  int mode = fegetround();
  fesetround(FE_TONEAREST);
  EXPECT_EQ(sum, bits(1.0f));
  EXPECT_EQ(third, 1.0f / 3.0f);
  EXPECT_EQ(mode, FE_UPWARD);
}

TEST(FastMath, IsTheFunctionRounded) {
  EXPECT_EQ(fastMath(MathOp::Rcp, 3.0f), 1.0f / 3.0f);
  EXPECT_EQ(fastMath(MathOp::Rcp, -0.0f), -infinity);
  EXPECT_EQ(fastMath(MathOp::Sqrt, 2.0f), std::sqrt(2.0f));
  EXPECT_EQ(fastMath(MathOp::Rsqrt, 2.0f), float(1 / std::sqrt(2.0)));
  EXPECT_EQ(fastMath(MathOp::Sin, 1.0f), float(std::sin(1.0)));
  EXPECT_EQ(fastMath(MathOp::Cos, 1.0f), float(std::cos(1.0)));
  EXPECT_EQ(fastMath(MathOp::Exp2, 10.0f), 1024.0f);
  EXPECT_EQ(fastMath(MathOp::Log2, 1024.0f), 10.0f);
  EXPECT_EQ(fastMath(MathOp::Tanh, 0.5f), float(std::tanh(0.5)));
  EXPECT_EQ(bits(fastMath(MathOp::Sqrt, -1.0f)), 0x7fc00000u);
  EXPECT_EQ(bits(fastMath(MathOp::Sin, infinity)), 0x7fc00000u);
  EXPECT_EQ(bits(fastMath(MathOp::Exp2, asFloat(0xffa00001))), 0x7fc00000u);
  uint64_t before = timerNanoseconds();
  EXPECT_LE(before, timerNanoseconds());
}
