//===- Quote.cpp - names from outside, made safe to print -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A strict UTF-8 walk; the characters refused are those of Unicode's
// categories Cc and Zl/Zp, and the formatting characters that reorder or hide
// text (UAX #9, section 2; U+200B to U+200F, U+FEFF).
//
//===----------------------------------------------------------------------===//

#include "Quote.h"

#include <algorithm>
#include <cstdint>

using namespace twrun;

/// Length of the well-formed UTF-8 sequence at the start of `text` (RFC 3629,
/// section 4) and its code point; 0 when there is none.
static size_t decode(std::string_view text, uint32_t &point) {
  uint8_t lead = text[0];
  if (lead < 0x80) {
    point = lead;
    return 1;
  }
  size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length)
    return 0;
  point = lead & (0xff >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    uint8_t byte = text[i];
    if ((byte & 0xc0) != 0x80)
      return 0;
    point = point << 6 | (byte & 0x3f);
  }
  bool overlong = point < (length == 4 ? 0x10000u : length == 3 ? 0x800u : 0);
  bool surrogate = point >= 0xd800 && point <= 0xdfff;
  return overlong || surrogate || point > 0x10ffff ? 0 : length;
}

static bool mustEscape(uint32_t point) {
  auto within = [point](uint32_t low, uint32_t high) {
    return point >= low && point <= high;
  };
  return point < 0x20 || within(0x7f, 0x9f) || within(0x200b, 0x200f) ||
         within(0x2028, 0x202e) || within(0x2060, 0x206f) || point == 0xfeff;
}

static void appendEscaped(std::string &out, std::string_view bytes) {
  static const char digits[] = "0123456789abcdef";
  for (uint8_t byte : bytes) {
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

static std::string escape(std::string_view text, size_t limit, bool quotes) {
  std::string out;
  size_t at = 0;
  while (at < text.size() && at < limit) {
    uint32_t point = 0;
    size_t length = decode(text.substr(at), point);
    std::string_view bytes = text.substr(at, length ? length : 1);
    if (!length || mustEscape(point) ||
        (quotes && (point == '\'' || point == '\\')))
      appendEscaped(out, bytes);
    else
      out += bytes;
    at += bytes.size();
  }
  if (at < text.size())
    out += "...";
  return out;
}

std::string twrun::quoteName(std::string_view name, size_t limit) {
  return "'" + escape(name, limit, /*quotes=*/true) + "'";
}

std::string twrun::terminalText(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    size_t end = std::min(text.find_first_of("\n\t"), text.size());
    out += escape(text.substr(0, end), end, /*quotes=*/false);
    if (end < text.size())
      out += text[end++];
    text.remove_prefix(end);
  }
  return out;
}

std::string twrun::oneLine(std::string_view text, size_t limit) {
  std::string joined;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    std::string_view line = text.substr(at, end - at);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\0'))
      line.remove_suffix(1);
    if (!line.empty()) {
      if (!joined.empty())
        joined += "; ";
      joined += line;
    }
    at = end + 1;
  }
  return escape(joined, limit, /*quotes=*/false);
}
