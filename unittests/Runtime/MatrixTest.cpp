//===- MatrixTest.cpp - the matrix units on the host ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The matrices of a warp: element types, layouts, depth and rounding.
//
//===----------------------------------------------------------------------===//

#include "Block/Matrix.h"

#include <bit>
#include <cfenv>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

using namespace twrun;
using twrun::abi::Collective;
using twrun::abi::CollectiveOp;
using twrun::abi::MatrixElement;
using enum twrun::abi::CollectiveOp;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

uint64_t bits(float x) { return std::bit_cast<uint32_t>(x); }
uint64_t address(const void *of) { return reinterpret_cast<uintptr_t>(of); }

Collective matrix(CollectiveOp op, uint64_t value, uint32_t a, uint32_t b) {
  return {op, 0, value, a, b, 0, 0};
}
uint32_t view(uint32_t fragment, MatrixElement element, bool columns = false) {
  return fragment | uint32_t(element) << 8 | uint32_t(columns) << 16;
}

} // namespace

TEST(Matrix, ReadsEveryHalfAndBFloat) {
  for (uint32_t i = 0; i < 0x10000; ++i) {
    const int exponent = int(i >> 10 & 31), fraction = int(i & 1023);
    const float sign = i >> 15 ? -1.0f : 1.0f;
    const float half = fromHalf(uint16_t(i));
    const float magnitude =
        std::ldexp(float(fraction + (exponent ? 1024 : 0)),
                   (exponent ? exponent : 1) - 25); // IEEE 754, binary16
    if (exponent == 31 && fraction)
      ASSERT_TRUE(std::isnan(half)) << i;
    else
      ASSERT_EQ(bits(half),
                bits(sign * (exponent == 31 ? infinity : magnitude)))
          << i;
    ASSERT_EQ(bits(fromBFloat(uint16_t(i))), uint64_t(i) << 16);
  }
}

TEST(Matrix, MultipliesInEveryLayout) {
  // Small integers: every sum is exact, so the layouts alone matter.
  auto half = [](int x) { // bf16 of a small integer
    return uint16_t(std::bit_cast<uint32_t>(float(x)) >> 16);
  };
  auto valueA = [](int i, int k) { return i - k; };
  auto valueB = [](int k, int j) { return k % 3 + j; };
  auto valueC = [](int i, int j) { return 16 * i + j; };
  for (int layouts = 0; layouts < 8; ++layouts) {
    const bool columnsA = layouts & 1, columnsB = layouts & 2,
               columnsC = layouts & 4;
    std::vector<uint16_t> a(16 * 24, 0x7fff), b(16 * 32, 0x7fff);
    std::vector<float> c(16 * 20, 99.0f), d(16 * 20, 99.0f);
    for (int i = 0; i < 16; ++i)
      for (int j = 0; j < 16; ++j) {
        a[columnsA ? j * 24 + i : i * 24 + j] = half(valueA(i, j));
        b[columnsB ? j * 32 + i : i * 32 + j] = half(valueB(i, j));
        c[columnsC ? j * 20 + i : i * 20 + j] = float(valueC(i, j));
      }
    WarpMatrices warp;
    warp.apply(matrix(MatrixLoadA, address(a.data()),
                      view(7, MatrixElement::BF16, columnsA), 24));
    warp.apply(matrix(MatrixLoadB, address(b.data()),
                      view(6, MatrixElement::BF16, columnsB), 32));
    warp.apply(matrix(MatrixLoadC, address(c.data()),
                      view(15, MatrixElement::F32, columnsC), 20));
    warp.apply(matrix(MatrixMma, 0, 15 | 7 << 8 | 6 << 16 | 15u << 24,
                      uint32_t(MatrixElement::BF16)));
    warp.apply(matrix(MatrixStore, address(d.data()),
                      view(15, MatrixElement::F32, columnsC), 20));
    for (int i = 0; i < 16; ++i)
      for (int j = 0; j < 16; ++j) {
        int expected = valueC(i, j);
        for (int k = 0; k < 16; ++k)
          expected += valueA(i, k) * valueB(k, j);
        ASSERT_EQ(d[columnsC ? j * 20 + i : i * 20 + j], float(expected));
      }
    EXPECT_EQ(d[16], 99.0f); // between the rows
  }
}

TEST(Matrix, Tf32DropsItsLowBitsAndHasDepthEight) {
  std::vector<float> a(16 * 16, NAN), b(16 * 16, NAN), d(256);
  for (int i = 0; i < 16; ++i)
    for (int k = 0; k < 8; ++k) {
      a[8 * i + k] = std::bit_cast<float>(0x3f803fffu); // 1 + 2^-10 once cut
      b[16 * k + i] = k == 0 ? 2.0f : 0.0f;
    }
  WarpMatrices warp;
  warp.apply(matrix(MatrixFill, bits(0.25f), 3, 0));
  warp.apply(
      matrix(MatrixLoadA, address(a.data()), view(0, MatrixElement::TF32), 8));
  warp.apply(
      matrix(MatrixLoadB, address(b.data()), view(0, MatrixElement::TF32), 16));
  warp.apply(matrix(MatrixMma, 0, 2 | 3u << 24, uint32_t(MatrixElement::TF32)));
  warp.apply(
      matrix(MatrixStore, address(d.data()), view(2, MatrixElement::F32), 16));
  for (float x : d)
    EXPECT_EQ(x, 2.25f + 0x1p-9f);
}

TEST(Matrix, RoundsOnceAndHasCanonicalNaNs) {
  // 2^24 + 1 + 1: lost one by one in f32, kept in f64.
  std::vector<uint16_t> a(256), b(256);
  a[0] = a[1] = 0x3c00; // row 0: 1, 1
  a[16] = 0x7c00;       // row 1: infinity
  for (int j = 0; j < 16; ++j)
    b[j] = b[16 + j] = 0x3c00;
  b[15] = 0;
  std::vector<float> d(256);
  WarpMatrices warp;
  warp.apply(matrix(MatrixFill, bits(0x1p24f), 0, 0));
  warp.apply(
      matrix(MatrixLoadA, address(a.data()), view(0, MatrixElement::F16), 16));
  warp.apply(
      matrix(MatrixLoadB, address(b.data()), view(0, MatrixElement::F16), 16));
  warp.apply(matrix(MatrixMma, 0, 0, uint32_t(MatrixElement::F16)));
  warp.apply(
      matrix(MatrixStore, address(d.data()), view(0, MatrixElement::F32), 16));
  EXPECT_EQ(d[0], 0x1p24f + 2);
  EXPECT_EQ(d[16], infinity);
  EXPECT_EQ(bits(d[31]), 0x7fc00000u); // infinity times zero
  EXPECT_EQ(d[255], 0x1p24f);
}

TEST(Matrix, DoesNotDependOnTheCallersRounding) {
  std::vector<uint16_t> ones(256, 0x3c00); // f16
  std::vector<float> d(256);
  WarpMatrices warp;
  fesetround(FE_UPWARD);
  warp.apply(matrix(MatrixFill, bits(0x1p28f), 0, 0));
  warp.apply(matrix(MatrixLoadA, address(ones.data()),
                    view(0, MatrixElement::F16), 16));
  warp.apply(matrix(MatrixLoadB, address(ones.data()),
                    view(0, MatrixElement::F16), 16));
  warp.apply(matrix(MatrixMma, 0, 0, uint32_t(MatrixElement::F16)));
  warp.apply(
      matrix(MatrixStore, address(d.data()), view(0, MatrixElement::F32), 16));
  fesetround(FE_TONEAREST);
  EXPECT_EQ(d[0], 0x1p28f); // 16 more are half a unit: to even
}

TEST(Matrix, RefusesFragmentsThatThereAreNot) {
  auto valid = [](CollectiveOp op, uint32_t a, uint32_t b = 0) {
    return WarpMatrices::isValid(matrix(op, 0, a, b));
  };
  EXPECT_TRUE(valid(MatrixFill, 15));
  EXPECT_FALSE(valid(MatrixFill, 16));
  EXPECT_TRUE(valid(MatrixLoadA, view(7, MatrixElement::TF32, true)));
  EXPECT_FALSE(valid(MatrixLoadA, view(8, MatrixElement::F16)));
  EXPECT_FALSE(valid(MatrixLoadB, view(0, MatrixElement::F32)));
  EXPECT_FALSE(valid(MatrixLoadB, 2 << 16));
  EXPECT_TRUE(valid(MatrixStore, 15));
  EXPECT_FALSE(valid(MatrixStore, 16));
  EXPECT_TRUE(valid(MatrixMma, 15 | 7 << 8 | 7 << 16 | 15u << 24, 2));
  EXPECT_FALSE(valid(MatrixMma, 16));
  EXPECT_FALSE(valid(MatrixMma, 8 << 8));
  EXPECT_FALSE(valid(MatrixMma, 8 << 16));
  EXPECT_FALSE(valid(MatrixMma, 16u << 24));
  EXPECT_FALSE(valid(MatrixMma, 0, 3));
  EXPECT_FALSE(valid(Barrier, 0));
}
