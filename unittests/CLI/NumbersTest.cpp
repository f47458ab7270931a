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

void expectVector(const char *text, uint64_t low, uint64_t high) {
  auto value = parseValue(ValueType::V128, text);
  ASSERT_TRUE(value) << text << ": " << value.error().message;
  EXPECT_EQ(value->type, ValueType::V128);
  EXPECT_EQ(value->bits, low) << text;
  EXPECT_EQ(value->high, high) << text;
}

TEST(Numbers, VectorsOfEveryShape) {
  expectVector("i8x16:0,1,2,3,4,5,6,7,-128,-1,255,10,11,12,13,14",
               0x0706050403020100, 0x0e0d0c0b'0affff80);
  expectVector("i16x8:1,-1,65535,-32768,5,6,7,0x8", 0x8000'ffff'ffff'0001,
               0x0008000700060005);
  expectVector("i32x4:1,2,-1,4294967295", 0x0000000200000001,
               0xffffffffffffffff);
  expectVector("i64x2:-1,18446744073709551615", ~0ull, ~0ull);
  expectVector("f32x4:1,-0,inf,nan:0x7fa00001", 0x80000000'3f800000,
               0x7fa00001'7f800000);
  expectVector("f64x2:1.5,-inf", 0x3ff8000000000000, 0xfff0000000000000);
  expectVector("v128:0x000102030405060708090a0b0c0d0e0f", 0x08090a0b0c0d0e0f,
               0x0001020304050607);
  Value value{ValueType::V128, 0x08090a0b0c0d0e0f, 0x0001020304050607};
  EXPECT_EQ(formatValue(value), "v128:0x000102030405060708090a0b0c0d0e0f");
}

TEST(Numbers, MalformedVectors) {
  for (const char *text :
       {"1", "i32x4:1,2,3", "i32x4:1,2,3,4,5", "i32x4:", "i32x4:1,2,3,",
        "i32x5:1,2,3,4", "i8x16:256,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0",
        "i8x16:-129,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0", "i32x4:1,2,3,4294967296",
        "i32x4:1,2,3,18446744073709551615", "f32x4:1,2,3,1e99", "v128:0x0",
        "v128:0x000102030405060708090a0b0c0d0e0g",
        "v128:000102030405060708090a0b0c0d0e0f",
        "v128:0x+00102030405060708090a0b0c0d0e0f"})
    expectRefused(ValueType::V128, text);
}

TEST(Numbers, References) {
  using enum ValueType;
  expectBits(ExternRef, "externref:null", 0);
  expectBits(ExternRef, "externref:0", 1);
  expectBits(ExternRef, "externref:18446744073709551614", ~0ull);
  expectBits(FuncRef, "funcref:null", 0);
  for (const char *text :
       {"7", "null", "externref:-1", "externref:", "externref:0x7",
        "externref:18446744073709551615", "funcref:null"})
    expectRefused(ExternRef, text);
  for (const char *text : {"funcref:0", "funcref:f", "externref:null", ""})
    expectRefused(FuncRef, text);
  EXPECT_EQ(formatValue({ExternRef, 8}), "externref:7");
  EXPECT_EQ(formatValue({ExternRef, 0}), "externref:null");
  EXPECT_EQ(formatValue({FuncRef, 3}), "funcref:2");
  ptxbin::Manifest manifest;
  manifest.functions = {"a", "", "\x1b[2Jc"};
  EXPECT_EQ(formatValue({FuncRef, 0}, manifest), "funcref:null");
  EXPECT_EQ(formatValue({FuncRef, 1}, manifest), "funcref:a");
  EXPECT_EQ(formatValue({FuncRef, 2}, manifest), "funcref:1");
  EXPECT_EQ(formatValue({FuncRef, 3}, manifest), "funcref:\\x1b[2Jc");
  EXPECT_EQ(formatValue({FuncRef, 4}, manifest), "funcref:3");
  EXPECT_EQ(formatValue({I32, 4}, manifest), "i32:4");
}

} // namespace
