//===- Numbers.cpp - Wasm numbers as text ---------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Numbers.h"

#include "lib/Quote.h"

#include <bit>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <locale.h>

namespace twrun::cli {

using ptxbin::makeError;

namespace {

Error bad(ValueType type, std::string_view text, const char *expected) {
  return makeError(ErrorKind::Invalid, quoteName(text) + " is not an " +
                                           ptxbin::toString(type) +
                                           ": expected " + expected);
}

bool isHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
         (c >= 'A' && c <= 'F');
}
bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Takes a sign off the front; true for '-'.
bool takeSign(std::string_view &text) {
  bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+'))
    text.remove_prefix(1);
  return negative;
}

bool takeHexPrefix(std::string_view &text) {
  if (text.substr(0, 2) != "0x" && text.substr(0, 2) != "0X")
    return false;
  text.remove_prefix(2);
  return true;
}

/// All of `text` as an unsigned number.
bool readUnsigned(std::string_view text, int base, uint64_t &value) {
  auto [end, status] =
      std::from_chars(text.data(), text.data() + text.size(), value, base);
  return status == std::errc() && end == text.data() + text.size();
}

Expected<Value> parseInteger(ValueType type, std::string_view text) {
  const bool wide = type == ValueType::I64;
  const char *expected = wide ? "-2^63 to 2^64-1, decimal or 0x hexadecimal"
                              : "-2^31 to 2^32-1, decimal or 0x hexadecimal";
  std::string_view rest = text;
  bool negative = takeSign(rest);
  int base = takeHexPrefix(rest) ? 16 : 10;
  uint64_t magnitude = 0;
  if (!readUnsigned(rest, base, magnitude))
    return bad(type, text, expected);
  const uint64_t largest = wide ? ~uint64_t(0) : 0xffffffffu;
  const uint64_t mostNegative = uint64_t(1) << (wide ? 63 : 31);
  if (magnitude > (negative ? mostNegative : largest))
    return bad(type, text, expected);
  return Value{type, (negative ? 0 - magnitude : magnitude) & largest};
}

/// Whether `text` (no sign) is digits[.digits][exponent], which is what is
/// handed to strtod: that alone would also take white space, "infinity" and
/// "nan(...)".
bool isFloatLiteral(std::string_view text) {
  bool hex = takeHexPrefix(text);
  auto takeDigits = [&](bool (*accepts)(char)) {
    size_t count = 0;
    while (count < text.size() && accepts(text[count]))
      ++count;
    text.remove_prefix(count);
    return count;
  };
  bool (*digit)(char) = hex ? isHexDigit : isDigit;
  size_t digits = takeDigits(digit);
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    digits += takeDigits(digit);
  }
  if (digits == 0)
    return false;
  char lower = hex ? 'p' : 'e', upper = hex ? 'P' : 'E';
  if (!text.empty() && (text[0] == lower || text[0] == upper)) {
    text.remove_prefix(1);
    takeSign(text);
    if (takeDigits(isDigit) == 0)
      return false;
  }
  return text.empty();
}

/// The C locale, whatever the process has set.
locale_t cLocale() {
  static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
  return locale;
}

Expected<Value> parseFloat(ValueType type, std::string_view text) {
  const bool wide = type == ValueType::F64;
  const uint64_t signBit = uint64_t(1) << (wide ? 63 : 31);
  const uint64_t infinity = wide ? 0x7ff0000000000000u : 0x7f800000u;
  const uint64_t quietNaN = wide ? 0x7ff8000000000000u : 0x7fc00000u;
  const char *expected = "decimal, 0x hexadecimal, inf, nan or nan:0xBITS";

  std::string_view rest = text;
  if (rest.substr(0, 6) == "nan:0x") {
    uint64_t bits = 0;
    if (!readUnsigned(rest.substr(6), 16, bits) ||
        (!wide && bits > 0xffffffffu) ||
        !(wide ? isNaN64(bits) : isNaN32(uint32_t(bits))))
      return bad(type, text, "the bit pattern of a NaN after nan:0x");
    return Value{type, bits};
  }

  const uint64_t sign = takeSign(rest) ? signBit : 0;
  if (rest == "inf")
    return Value{type, sign | infinity};
  if (rest == "nan")
    return Value{type, sign | quietNaN};
  if (!isFloatLiteral(rest))
    return bad(type, text, expected);

  // glibc rounds both correctly; f32 is never read by way of a double.
  std::string digits(rest);
  uint64_t bits = wide ? std::bit_cast<uint64_t>(
                             strtod_l(digits.c_str(), nullptr, cLocale()))
                       : std::bit_cast<uint32_t>(
                             strtof_l(digits.c_str(), nullptr, cLocale()));
  if (bits == infinity)
    return bad(type, text, "a number in its range; write inf for infinity");
  return Value{type, sign | bits};
}

struct Shape {
  const char *prefix;
  ValueType lane; // what the lane's text is read as
  unsigned bits;
};
constexpr Shape shapes[] = {
    {"i8x16:", ValueType::I64, 8},  {"i16x8:", ValueType::I64, 16},
    {"i32x4:", ValueType::I64, 32}, {"i64x2:", ValueType::I64, 64},
    {"f32x4:", ValueType::F32, 32}, {"f64x2:", ValueType::F64, 64}};

/// The bits of one lane, or an error.
Expected<uint64_t> parseLane(const Shape &shape, std::string_view text) {
  auto value = parseValue(shape.lane, text);
  if (!value)
    return value.error();
  if (shape.lane != ValueType::I64 || shape.bits == 64)
    return value->bits;
  // Signed or unsigned, as for i32.
  const uint64_t limit = uint64_t(1) << shape.bits;
  const bool fits = text.starts_with('-') ? 0 - value->bits <= limit / 2
                                          : value->bits < limit;
  if (!fits)
    return bad(ValueType::V128, text,
               "lanes in the signed or unsigned range of their width");
  return value->bits & uint64_t(limit - 1);
}

Expected<Value> parseVector(std::string_view text) {
  const char *expected = "SHAPE:LANE,... such as i32x4:1,2,3,4, or v128:0x and "
                         "32 hexadecimal digits";
  Value value{ValueType::V128, 0, 0};
  constexpr std::string_view whole = "v128:0x";
  if (text.starts_with(whole)) {
    std::string_view digits = text.substr(whole.size());
    if (digits.size() != 32 ||
        !readUnsigned(digits.substr(0, 16), 16, value.high) ||
        !readUnsigned(digits.substr(16), 16, value.bits))
      return bad(ValueType::V128, text, expected);
    return value;
  }
  for (const Shape &shape : shapes) {
    std::string_view rest = text;
    if (!rest.starts_with(shape.prefix))
      continue;
    rest.remove_prefix(std::string_view(shape.prefix).size());
    for (unsigned bit = 0; bit < 128; bit += shape.bits) {
      size_t comma = rest.find(',');
      const bool last = bit + shape.bits == 128;
      if ((comma == rest.npos) != last)
        return bad(ValueType::V128, text, expected);
      auto lane = parseLane(shape, rest.substr(0, comma));
      if (!lane)
        return makeError(lane.error().kind,
                         quoteName(text) + ": " + lane.error().message);
      (bit < 64 ? value.bits : value.high) |= *lane << bit % 64;
      rest.remove_prefix(last ? rest.size() : comma + 1);
    }
    return value;
  }
  return bad(ValueType::V128, text, expected);
}

Expected<Value> parseReference(ValueType type, std::string_view text) {
  const bool external = type == ValueType::ExternRef;
  const std::string prefix = std::string(ptxbin::toString(type)) + ":";
  uint64_t number = 0;
  if (text == prefix + "null")
    return Value{type, abi::nullReference};
  if (external && text.starts_with(prefix) &&
      readUnsigned(text.substr(prefix.size()), 10, number) &&
      number < UINT64_MAX)
    return Value{type, number + 1};
  return bad(type, text,
             external ? "externref:null or externref:N" : "funcref:null");
}

template <typename Float> std::string formatFinite(Float value) {
  char text[64];
  auto [end, status] = std::to_chars(text, text + sizeof text, value);
  return status == std::errc() ? std::string(text, end) : std::string("?");
}

} // namespace

bool isNaN32(uint32_t bits) { return (bits & 0x7fffffffu) > 0x7f800000u; }
bool isNaN64(uint64_t bits) {
  return (bits & 0x7fffffffffffffffu) > 0x7ff0000000000000u;
}

Expected<Value> parseValue(ValueType type, std::string_view text) {
  switch (type) {
  case ValueType::I32:
  case ValueType::I64:
    return parseInteger(type, text);
  case ValueType::F32:
  case ValueType::F64:
    return parseFloat(type, text);
  case ValueType::V128:
    return parseVector(text);
  case ValueType::FuncRef:
  case ValueType::ExternRef:
    return parseReference(type, text);
  }
  return bad(type, text, "a value of a known type");
}

std::string formatF32(uint32_t bits) {
  if (!isNaN32(bits))
    return formatFinite(std::bit_cast<float>(bits));
  char text[24];
  std::snprintf(text, sizeof text, "nan:0x%08x", bits);
  return text;
}

std::string formatF64(uint64_t bits) {
  if (!isNaN64(bits))
    return formatFinite(std::bit_cast<double>(bits));
  char text[32];
  std::snprintf(text, sizeof text, "nan:0x%016llx", (unsigned long long)bits);
  return text;
}

std::string formatNumber(const Value &value) {
  switch (value.type) {
  case ValueType::I32:
    return std::to_string(int32_t(value.bits));
  case ValueType::I64:
    return std::to_string(int64_t(value.bits));
  case ValueType::F32:
    return formatF32(uint32_t(value.bits));
  case ValueType::F64:
    return formatF64(value.bits);
  case ValueType::V128: {
    char text[40];
    std::snprintf(text, sizeof text, "0x%016llx%016llx",
                  (unsigned long long)value.high,
                  (unsigned long long)value.bits);
    return text;
  }
  case ValueType::FuncRef:
  case ValueType::ExternRef:
    return value.bits == abi::nullReference ? "null"
                                            : std::to_string(value.bits - 1);
  }
  return "?";
}

std::string formatValue(const Value &value) {
  return std::string(ptxbin::toString(value.type)) + ":" + formatNumber(value);
}

std::string formatValue(const Value &value, const ptxbin::Manifest &manifest) {
  if (value.type != ValueType::FuncRef || value.bits == abi::nullReference ||
      value.bits > manifest.functions.size() ||
      manifest.functions[value.bits - 1].empty())
    return formatValue(value);
  return "funcref:" + oneLine(manifest.functions[value.bits - 1]);
}

} // namespace twrun::cli
