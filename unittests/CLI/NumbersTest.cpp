//===- NumbersTest.cpp - Wasm numbers as text -----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CLI/Numbers.h"

#include <gtest/gtest.h>

using namespace twrun;
using namespace twrun::cli;

namespace {

constexpr ValueType I32 = ValueType::I32, I64 = ValueType::I64,
                    F32 = ValueType::F32, F64 = ValueType::F64;

void expectBits(ValueType type, const char *text, uint64_t bits) {
  auto value = parseValue(type, text);
  ASSERT_TRUE(value) << text << ": " << value.error().message;
  EXPECT_EQ(value->type, type);
  EXPECT_EQ(value->bits, bits) << text;
}

void expectRefused(ValueType type, const char *text) {
  auto value = parseValue(type, text);
  ASSERT_FALSE(value) << text;
  EXPECT_EQ(value.error().kind, ErrorKind::Invalid);
  EXPECT_NE(value.error().message.find(text), std::string::npos);
}

TEST(Numbers, IntegersInBothRanges) {
  expectBits(I32, "0", 0);
  expectBits(I32, "-1", 0xffffffff);
  expectBits(I32, "+7", 7);
  expectBits(I32, "4294967295", 0xffffffff);
  expectBits(I32, "-2147483648", 0x80000000);
  expectBits(I32, "0xDEADbeef", 0xdeadbeef);
  expectBits(I32, "-0x80000000", 0x80000000);
  expectBits(I64, "18446744073709551615", ~uint64_t(0));
  expectBits(I64, "-9223372036854775808", uint64_t(1) << 63);
  expectBits(I64, "0xffffffffffffffff", ~uint64_t(0));
  expectBits(I64, "-1", ~uint64_t(0));
}

TEST(Numbers, IntegersOutOfRangeOrMalformed) {
  for (const char *text :
       {"4294967296", "-2147483649", "0x100000000", "-0x80000001", "", "-",
        "0x", "1.0", "1e3", " 1", "1 ", "0b1", "--1", "+-1", "12a", "0x-1"})
    expectRefused(I32, text);
  for (const char *text :
       {"18446744073709551616", "-9223372036854775809", "0x10000000000000000"})
    expectRefused(I64, text);
}

TEST(Numbers, FloatsRoundToNearestEven) {
  expectBits(F32, "1.5", 0x3fc00000);
  expectBits(F32, "-0", 0x80000000);
  expectBits(F32, ".5", 0x3f000000);
  expectBits(F32, "5.", 0x40a00000);
  expectBits(F32, "0x1.8p1", 0x40400000);
  // Halfway between 1 and 1 + 2^-23: to even, and just above it: up.
  expectBits(F32, "1.000000059604644775390625", 0x3f800000);
  expectBits(F32, "1.0000000596046447753906251", 0x3f800001);
  // By way of a double this would round twice, to 1.
  expectBits(F32, "0x1.00000100000000001p0", 0x3f800001);
  expectBits(F32, "3.4028235e38", 0x7f7fffff);
  // Below the halfway point to infinity.
  expectBits(F32, "340282356779733661637539395458142568447", 0x7f7fffff);
  expectBits(F32, "1e-45", 1);
  expectBits(F32, "1e-400", 0);
  expectBits(F64, "0.1", 0x3fb999999999999a);
  expectBits(F64, "4.9e-324", 1);
  expectBits(F64, "1.7976931348623157e308", 0x7fefffffffffffff);
}

TEST(Numbers, InfinitiesAndNaNs) {
  expectBits(F32, "inf", 0x7f800000);
  expectBits(F32, "-inf", 0xff800000);
  expectBits(F32, "nan", 0x7fc00000);
  expectBits(F32, "-nan", 0xffc00000);
  expectBits(F32, "nan:0x7fa00001", 0x7fa00001);
  expectBits(F64, "nan", 0x7ff8000000000000);
  expectBits(F64, "nan:0xfff0000000000001", 0xfff0000000000001);
}

TEST(Numbers, FloatsMalformedOrOutOfRange) {
  for (const char *text : {"",
                           ".",
                           "-",
                           "1e",
                           "1e+",
                           "0x",
                           "0x.p1",
                           "0x1p",
                           "infinity",
                           "INF",
                           "NaN",
                           "nan(1)",
                           "nan:",
                           "nan:0x",
                           "nan:0x7f800000",
                           "nan:0x1",
                           "nan:0x17fc00000",
                           " 1",
                           "1 ",
                           "1,5",
                           "1e39",
                           "-1e39",
                           "1f",
                           "1p3",
                           "340282356779733661637539395458142568448"})
    expectRefused(F32, text);
  expectRefused(F64, "1e309");
  expectRefused(F64, "nan:0x7ff0000000000000");
}

TEST(Numbers, FormatsReadBack) {
  EXPECT_EQ(formatValue({I32, 0xffffffff}), "i32:-1");
  EXPECT_EQ(formatValue({I64, uint64_t(1) << 63}), "i64:-9223372036854775808");
  EXPECT_EQ(formatValue({F32, 0x3fc00000}), "f32:1.5");
  EXPECT_EQ(formatValue({F32, 0x7fc00000}), "f32:nan:0x7fc00000");
  EXPECT_EQ(formatValue({F32, 0xff800000}), "f32:-inf");
  EXPECT_EQ(formatValue({F64, 0x7ff4000000000000}),
            "f64:nan:0x7ff4000000000000");
  uint64_t bits = 12345;
  for (int i = 0; i < 20000; ++i) {
    bits = bits * 6364136223846793005u + 1442695040888963407u;
    uint32_t narrow = uint32_t(bits >> 32);
    auto f32 = parseValue(F32, formatNumber({F32, narrow}));
    ASSERT_TRUE(f32);
    ASSERT_EQ(f32->bits, narrow);
    auto f64 = parseValue(F64, formatNumber({F64, bits}));
    ASSERT_TRUE(f64);
    ASSERT_EQ(f64->bits, bits);
  }
}

} // namespace
