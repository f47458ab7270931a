//===- PrintNumber.cpp - C's number formats -------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PrintNumber.h"

#include <algorithm>
#include <charconv>
#include <cmath>

using namespace twrun;

std::string twrun::pad(const Conversion &c, std::string text) {
  if (text.size() < c.width)
    text.insert(c.left ? text.size() : 0, c.width - text.size(), ' ');
  return text;
}

/// Sign or 0x, then digits; zeros for the width go in between.
static std::string padNumber(const Conversion &c, std::string prefix,
                             std::string digits, bool zeros) {
  const size_t size = prefix.size() + digits.size();
  if (zeros && !c.left && size < c.width)
    prefix.append(c.width - size, '0');
  return pad(c, prefix + digits);
}

static void toUpper(std::string &text) {
  for (char &letter : text)
    if (letter >= 'a' && letter <= 'z')
      letter = char(letter - 'a' + 'A');
}

static std::string signOf(const Conversion &c, bool negative) {
  return negative ? "-" : c.plus ? "+" : c.space ? " " : "";
}

std::string twrun::formatInteger(const Conversion &c, uint64_t value) {
  std::string prefix;
  if (c.letter == 'd' || c.letter == 'i') {
    const bool negative = int64_t(value) < 0;
    prefix = signOf(c, negative);
    value = negative ? -value : value;
  }
  const bool isHex = c.letter == 'x' || c.letter == 'X';
  char buffer[24];
  char *end = std::to_chars(buffer, buffer + sizeof buffer, value,
                            isHex             ? 16
                            : c.letter == 'o' ? 8
                                              : 10)
                  .ptr;
  std::string digits(buffer, end);
  if (isHex && c.alternate && value != 0)
    prefix = "0x";
  if (c.precision) {
    if (*c.precision == 0 && value == 0)
      digits.clear();
    if (digits.size() < *c.precision)
      digits.insert(0, *c.precision - digits.size(), '0');
  }
  if (c.letter == 'o' && c.alternate && !digits.starts_with('0'))
    digits.insert(0, 1, '0');
  if (c.letter == 'X') {
    toUpper(prefix);
    toUpper(digits);
  }
  return padNumber(c, prefix, digits, c.zero && !c.precision);
}

/// std::to_chars; with a precision of at most 1,024, 2,048 bytes always do.
static std::string convert(double value, std::chars_format format,
                           std::optional<size_t> precision) {
  char buffer[2048];
  auto result =
      precision ? std::to_chars(buffer, buffer + sizeof buffer, value, format,
                                int(*precision))
                : std::to_chars(buffer, buffer + sizeof buffer, value, format);
  return std::string(buffer, result.ptr);
}

/// g: the shorter of e and f for a number of significant digits.
static std::string convertGeneral(const Conversion &c, double value) {
  const size_t digits = std::max<size_t>(c.precision.value_or(6), 1);
  std::string text = convert(value, std::chars_format::scientific, digits - 1);
  const size_t mark = text.find('e');
  int exponent = 0;
  const char *from = text.data() + mark + 1;
  std::from_chars(from + (*from == '+'), text.data() + text.size(), exponent);
  std::string tail = text.substr(mark);
  if (exponent >= -4 && exponent < int(digits)) {
    text = convert(value, std::chars_format::fixed,
                   size_t(int(digits) - 1 - exponent));
    tail.clear();
  } else {
    text.resize(mark);
  }
  if (!c.alternate && text.find('.') != std::string::npos) {
    text.resize(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
      text.pop_back();
  }
  if (c.alternate && text.find('.') == std::string::npos)
    text += '.';
  return text + tail;
}

static std::string convertMagnitude(const Conversion &c, double value) {
  std::string text;
  switch (c.letter) {
  case 'g':
  case 'G':
    return convertGeneral(c, value);
  case 'f':
  case 'F':
    text = convert(value, std::chars_format::fixed, c.precision.value_or(6));
    break;
  case 'e':
  case 'E':
    text =
        convert(value, std::chars_format::scientific, c.precision.value_or(6));
    break;
  default: // a: as many digits as it takes, if none are asked for
    text = convert(value, std::chars_format::hex, c.precision);
    break;
  }
  if (c.alternate && text.find('.') == std::string::npos)
    text.insert(std::min(text.find_first_of(
                             c.letter == 'a' || c.letter == 'A' ? "p" : "e"),
                         text.size()),
                1, '.');
  return text;
}

std::string twrun::formatFloat(const Conversion &c, double value) {
  const bool isUpper = c.letter >= 'A' && c.letter <= 'Z';
  std::string prefix = signOf(c, std::signbit(value) && !std::isnan(value));
  std::string digits;
  if (std::isnan(value))
    digits = "nan";
  else if (std::isinf(value))
    digits = "inf";
  else
    digits = convertMagnitude(c, std::fabs(value));
  if (std::isfinite(value) && (c.letter == 'a' || c.letter == 'A'))
    prefix += "0x";
  if (isUpper) {
    toUpper(prefix);
    toUpper(digits);
  }
  return padNumber(c, prefix, digits, c.zero && std::isfinite(value));
}
