//===- ValuesTest.cpp - what a result may be ------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each class of NaN at its borders, lanes, references, and constants that are
// not ones. Wasm core specification, 4.3.3 and the reference interpreter's
// scripts.
//
//===----------------------------------------------------------------------===//

#include "Values.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace twrun;
using namespace twrun::wast;
using nlohmann::json;

namespace {

Pattern pattern(const char *text) {
  auto parsed = parsePattern(json::parse(text));
  EXPECT_TRUE(parsed) << text << ": " << parsed.error().message;
  return parsed ? *parsed : Pattern();
}

bool f32Matches(const char *value, uint64_t bits) {
  return matches(pattern((std::string(R"({"type":"f32","value":")") + value +
                          "\"}")
                             .c_str()),
                 {ValueType::F32, bits});
}

bool f64Matches(const char *value, uint64_t bits) {
  return matches(pattern((std::string(R"({"type":"f64","value":")") + value +
                          "\"}")
                             .c_str()),
                 {ValueType::F64, bits});
}

TEST(ValuesTest, NumbersMatchBitForBit) {
  Pattern one = pattern(R"({"type":"i32","value":"1"})");
  EXPECT_TRUE(matches(one, {ValueType::I32, 1}));
  EXPECT_FALSE(matches(one, {ValueType::I32, 2}));
  EXPECT_FALSE(matches(one, {ValueType::I64, 1}));
  EXPECT_FALSE(matches(one, {ValueType::F32, 1}));
  // Garbage above a narrow value breaks Value's promise.
  EXPECT_FALSE(matches(one, {ValueType::I32, 0x100000001}));
  Pattern all = pattern(R"({"type":"i64","value":"18446744073709551615"})");
  EXPECT_TRUE(matches(all, {ValueType::I64, ~uint64_t(0)}));
  EXPECT_FALSE(matches(all, {ValueType::I64, 0xffffffff}));
  EXPECT_TRUE(f32Matches("0", 0));
  EXPECT_FALSE(f32Matches("0", 0x80000000)); // minus zero
  EXPECT_TRUE(f32Matches("2143289345", 0x7fc00001));
  EXPECT_FALSE(f32Matches("2143289345", 0x7fc00000)); // another payload
}

TEST(ValuesTest, CanonicalNaNsHaveEitherSignAndOnePayload) {
  EXPECT_TRUE(f32Matches("nan:canonical", 0x7fc00000));
  EXPECT_TRUE(f32Matches("nan:canonical", 0xffc00000));
  EXPECT_FALSE(f32Matches("nan:canonical", 0x7fc00001));
  EXPECT_FALSE(f32Matches("nan:canonical", 0x7fffffff));
  EXPECT_FALSE(f32Matches("nan:canonical", 0x7fa00000));
  EXPECT_FALSE(f32Matches("nan:canonical", 0x7f800000)); // infinity
  EXPECT_TRUE(f64Matches("nan:canonical", 0x7ff8000000000000));
  EXPECT_TRUE(f64Matches("nan:canonical", 0xfff8000000000000));
  EXPECT_FALSE(f64Matches("nan:canonical", 0x7ff8000000000001));
  EXPECT_FALSE(f64Matches("nan:canonical", 0x7ff0000000000000));
}

TEST(ValuesTest, ArithmeticNaNsAreQuiet) {
  EXPECT_TRUE(f32Matches("nan:arithmetic", 0x7fc00000));
  EXPECT_TRUE(f32Matches("nan:arithmetic", 0xffc00001));
  EXPECT_TRUE(f32Matches("nan:arithmetic", 0x7fffffff));
  EXPECT_FALSE(f32Matches("nan:arithmetic", 0x7fbfffff)); // signalling
  EXPECT_FALSE(f32Matches("nan:arithmetic", 0x7f800000));
  EXPECT_FALSE(f32Matches("nan:arithmetic", 0x3fc00000)); // 1.5
  EXPECT_TRUE(f64Matches("nan:arithmetic", 0xfff8000000000001));
  EXPECT_FALSE(f64Matches("nan:arithmetic", 0x7ff7ffffffffffff));
}

TEST(ValuesTest, VectorsMatchLaneByLane) {
  Pattern bytes = pattern(
      R"({"type":"v128","lane_type":"i8","value":["0","1","2","3","4","5","6",
          "7","8","9","10","11","12","13","14","255"]})");
  Value value{ValueType::V128, 0x0706050403020100, 0xff0e0d0c0b0a0908};
  EXPECT_TRUE(matches(bytes, value));
  EXPECT_EQ(toValue(bytes)->bits, value.bits);
  EXPECT_EQ(toValue(bytes)->high, value.high);
  value.high ^= uint64_t(1) << 63;
  EXPECT_FALSE(matches(bytes, value));

  Pattern floats = pattern(
      R"({"type":"v128","lane_type":"f32","value":["nan:canonical","0",
          "nan:arithmetic","1065353216"]})");
  EXPECT_TRUE(matches(floats, {ValueType::V128, 0x00000000ffc00000,
                               0x3f8000007fc00001}));
  EXPECT_FALSE(matches(floats, {ValueType::V128, 0x00000000ffc00001,
                                0x3f8000007fc00001}));
  EXPECT_FALSE(matches(floats, {ValueType::V128, 0x00000000ffc00000,
                                0x3f8000007f800001}));
  EXPECT_FALSE(toValue(floats)); // a class is no argument
}

TEST(ValuesTest, ReferencesAreCountedFromOne) {
  Pattern null = pattern(R"({"type":"externref","value":"null"})");
  Pattern zero = pattern(R"({"type":"externref","value":"0"})");
  Pattern any = pattern(R"({"type":"funcref"})");
  EXPECT_TRUE(matches(null, {ValueType::ExternRef, 0}));
  EXPECT_FALSE(matches(null, {ValueType::ExternRef, 1}));
  EXPECT_FALSE(matches(null, {ValueType::FuncRef, 0}));
  EXPECT_TRUE(matches(zero, {ValueType::ExternRef, 1}));
  EXPECT_FALSE(matches(zero, {ValueType::ExternRef, 0}));
  EXPECT_EQ(toValue(zero)->bits, 1u);
  EXPECT_TRUE(matches(any, {ValueType::FuncRef, 9}));
  EXPECT_FALSE(matches(any, {ValueType::FuncRef, 0}));
  EXPECT_FALSE(toValue(any));
}

TEST(ValuesTest, RefusesWhatIsNoConstant) {
  for (const char *text :
       {R"(7)", R"({})", R"({"type":"i16","value":"1"})",
        R"({"type":"i32"})", R"({"type":"i32","value":7})",
        R"({"type":"i32","value":"4294967296"})",
        R"({"type":"i32","value":"-1"})", R"({"type":"i32","value":""})",
        R"({"type":"i32","value":"1x"})",
        R"({"type":"i32","value":"nan:canonical"})",
        R"({"type":"f32","value":"nan:other"})",
        R"({"type":"funcref","value":"3"})",
        R"({"type":"v128","value":["1"]})",
        R"({"type":"v128","lane_type":"i64","value":["1"]})",
        R"({"type":"v128","lane_type":"i64","value":["1","2","3"]})",
        R"({"type":"v128","lane_type":"i64","value":"1"})",
        R"({"type":"i64","value":["1"]})"})
    EXPECT_FALSE(parsePattern(json::parse(text))) << text;
}

TEST(ValuesTest, DescribesInThePatternsLanes) {
  Pattern words = pattern(
      R"({"type":"v128","lane_type":"i64","value":["1","2"]})");
  EXPECT_EQ(describe(words),
            "i64x2:[0x0000000000000001, 0x0000000000000002]");
  Value value{ValueType::V128, 1, 3};
  EXPECT_EQ(describe(value, &words),
            "i64x2:[0x0000000000000001, 0x0000000000000003]");
  EXPECT_EQ(describe(value),
            "i32x4:[0x00000001, 0x00000000, 0x00000003, 0x00000000]");
  EXPECT_EQ(describe(Value{ValueType::ExternRef, 0}), "externref:null");
  EXPECT_EQ(describe(Value{ValueType::ExternRef, 8}), "externref:7");
}

} // namespace
