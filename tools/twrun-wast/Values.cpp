//===- Values.cpp - values as the test suite writes them ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading, comparing and showing them.
//
//===----------------------------------------------------------------------===//

#include "Values.h"

#include <nlohmann/json.hpp>

#include <charconv>

using namespace twrun;
using namespace twrun::wast;
using nlohmann::json;

namespace {

/// How a type is cut into lanes, by wast2json's `type` and `lane_type`.
struct Shape {
  const char *type, *laneType;
  ValueType valueType;
  unsigned laneBits;
  bool isFloat;
};

constexpr Shape shapes[] = {
    {"i32", "", ValueType::I32, 32, false},
    {"i64", "", ValueType::I64, 64, false},
    {"f32", "", ValueType::F32, 32, true},
    {"f64", "", ValueType::F64, 64, true},
    {"v128", "i8", ValueType::V128, 8, false},
    {"v128", "i16", ValueType::V128, 16, false},
    {"v128", "i32", ValueType::V128, 32, false},
    {"v128", "i64", ValueType::V128, 64, false},
    {"v128", "f32", ValueType::V128, 32, true},
    {"v128", "f64", ValueType::V128, 64, true},
    {"funcref", "", ValueType::FuncRef, 64, false},
    {"externref", "", ValueType::ExternRef, 64, false},
};

Error malformed(std::string message) {
  return makeError(ErrorKind::Malformed, std::move(message));
}

bool isReference(ValueType type) {
  return type == ValueType::FuncRef || type == ValueType::ExternRef;
}

unsigned laneCount(const Pattern &pattern) {
  return pattern.type == ValueType::V128 ? 128 / pattern.laneBits : 1;
}

uint64_t maskOf(unsigned bits) {
  return bits == 64 ? ~uint64_t(0) : (uint64_t(1) << bits) - 1;
}

Expected<Lane> parseLane(const json &text, const Shape &shape) {
  if (!text.is_string())
    return malformed("expected a number in a string, but got " + text.dump());
  const std::string &digits = text.get_ref<const std::string &>();
  if (shape.isFloat && digits == "nan:canonical")
    return Lane{Lane::Kind::CanonicalNaN, 0};
  if (shape.isFloat && digits == "nan:arithmetic")
    return Lane{Lane::Kind::ArithmeticNaN, 0};
  if (isReference(shape.valueType) && digits == "null")
    return Lane{Lane::Kind::Bits, abi::nullReference};
  uint64_t bits = 0;
  const char *end = digits.data() + digits.size();
  auto [stop, error] = std::from_chars(digits.data(), end, bits);
  if (error != std::errc() || stop != end || bits > maskOf(shape.laneBits))
    return malformed("expected an unsigned number of " +
                     std::to_string(shape.laneBits) + " bits, but got '" +
                     digits + "'");
  if (shape.valueType == ValueType::ExternRef)
    ++bits; // KernelABI.h: the host's number plus 1
  else if (shape.valueType == ValueType::FuncRef)
    return malformed("expected 'null' as a funcref, but got '" + digits + "'");
  return Lane{Lane::Kind::Bits, bits};
}

uint64_t laneOf(const Value &value, unsigned index, unsigned bits) {
  unsigned at = index * bits;
  return (at < 64 ? value.bits >> at : value.high >> (at - 64)) & maskOf(bits);
}

bool laneMatches(const Lane &lane, uint64_t bits, unsigned width) {
  if (lane.kind == Lane::Kind::Bits)
    return bits == lane.bits;
  // Exponent all ones and the highest bit of the significand.
  uint64_t quiet = width == 32 ? 0x7fc00000 : 0x7ff8000000000000;
  if (lane.kind == Lane::Kind::CanonicalNaN)
    return (bits & maskOf(width - 1)) == quiet;
  return (bits & quiet) == quiet;
}

std::string hexadecimal(uint64_t bits, unsigned width) {
  std::string text = "0x";
  for (int shift = int(width) - 4; shift >= 0; shift -= 4)
    text += "0123456789abcdef"[bits >> shift & 15];
  return text;
}

std::string describeLane(const Lane &lane, const Pattern &pattern) {
  if (lane.kind == Lane::Kind::CanonicalNaN)
    return "nan:canonical";
  if (lane.kind == Lane::Kind::ArithmeticNaN)
    return "nan:arithmetic";
  if (!isReference(pattern.type))
    return hexadecimal(lane.bits, pattern.laneBits);
  return lane.bits == abi::nullReference ? "null"
                                         : std::to_string(lane.bits - 1);
}

} // namespace

Expected<Pattern> wast::parsePattern(const json &constant) {
  if (!constant.is_object())
    return malformed("expected a constant, but got " + constant.dump());
  auto member = [&](const char *key) -> std::string {
    auto found = constant.find(key);
    return found != constant.end() && found->is_string()
               ? found->get<std::string>()
               : "";
  };
  std::string type = member("type"), laneType = member("lane_type");
  const Shape *shape = nullptr;
  for (const Shape &candidate : shapes)
    if (type == candidate.type && laneType == candidate.laneType)
      shape = &candidate;
  if (!shape)
    return malformed("unknown type in constant " + constant.dump());

  Pattern pattern{shape->valueType, shape->isFloat, shape->laneBits, {}};
  auto value = constant.find("value");
  if (value == constant.end()) {
    if (isReference(shape->valueType))
      return pattern;
    return malformed("no value in constant " + constant.dump());
  }
  bool isVector = shape->valueType == ValueType::V128;
  if (isVector != value->is_array() ||
      (isVector && value->size() != laneCount(pattern)))
    return malformed("incorrect number of lanes in " + constant.dump());
  for (unsigned i = 0; i < laneCount(pattern); ++i) {
    auto lane = parseLane(isVector ? (*value)[i] : *value, *shape);
    if (!lane)
      return lane.error();
    pattern.lanes.push_back(*lane);
  }
  return pattern;
}

Expected<Value> wast::toValue(const Pattern &pattern) {
  Value value{pattern.type, 0, 0};
  if (pattern.lanes.empty())
    return malformed("expected one value, but got any " + describe(pattern));
  for (unsigned i = 0; i < pattern.lanes.size(); ++i) {
    const Lane &lane = pattern.lanes[i];
    if (lane.kind != Lane::Kind::Bits)
      return malformed("expected one value, but got the class " +
                       describe(pattern));
    unsigned at = i * pattern.laneBits;
    (at < 64 ? value.bits : value.high) |= lane.bits << at % 64;
  }
  return value;
}

bool wast::matches(const Pattern &pattern, const Value &value) {
  if (pattern.type != value.type)
    return false;
  if (pattern.lanes.empty())
    return value.bits != abi::nullReference;
  // What lies above a narrow value is no part of it, yet must be zero
  // (Runtime.h, Value): compare it too.
  if (pattern.laneBits * pattern.lanes.size() == 32 && value.bits >> 32)
    return false;
  for (unsigned i = 0; i < pattern.lanes.size(); ++i)
    if (!laneMatches(pattern.lanes[i], laneOf(value, i, pattern.laneBits),
                     pattern.laneBits))
      return false;
  return true;
}

std::string wast::describe(const Pattern &pattern) {
  std::string text = ptxbin::toString(pattern.type);
  if (pattern.type != ValueType::V128)
    return pattern.lanes.empty()
               ? "any " + text + " but null"
               : text + ":" + describeLane(pattern.lanes[0], pattern);
  text = (pattern.isFloat ? "f" : "i") + std::to_string(pattern.laneBits) +
         "x" + std::to_string(laneCount(pattern)) + ":[";
  for (size_t i = 0; i < pattern.lanes.size(); ++i)
    text += (i ? ", " : "") + describeLane(pattern.lanes[i], pattern);
  return text + "]";
}

std::string wast::describe(const Value &value, const Pattern *like) {
  Pattern pattern;
  pattern.type = value.type;
  bool wide = value.type != ValueType::I32 && value.type != ValueType::F32;
  pattern.laneBits = wide ? 64 : 32;
  if (value.type == ValueType::V128) {
    bool known = like && like->type == ValueType::V128;
    pattern.laneBits = known ? like->laneBits : 32;
    pattern.isFloat = known && like->isFloat;
  }
  for (unsigned i = 0; i < laneCount(pattern); ++i)
    pattern.lanes.push_back(
        {Lane::Kind::Bits, laneOf(value, i, pattern.laneBits)});
  return describe(pattern);
}
