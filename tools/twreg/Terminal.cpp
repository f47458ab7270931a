//===- Terminal.cpp - untrusted text on a terminal ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Escaping. Bytes that are not UTF-8 cannot come from a decoded manifest, but
// can from a file's name: they are shown as \x and two digits.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"

#include <cstdint>
#include <cstdio>

namespace twreg {

/// Length of the UTF-8 sequence at `text`'s front and its code point; 0 when
/// there is none.
static size_t decodeUTF8(std::string_view text, uint32_t &code) {
  uint8_t lead = text[0];
  size_t size = lead < 0x80   ? 1
                : lead < 0xc2 ? 0
                : lead < 0xe0 ? 2
                : lead < 0xf0 ? 3
                : lead < 0xf5 ? 4
                              : 0;
  if (size == 0 || size > text.size())
    return 0;
  code = size == 1 ? lead : lead & (0x7f >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((uint8_t(text[i]) & 0xc0) != 0x80)
      return 0;
    code = code << 6 | (uint8_t(text[i]) & 0x3f);
  }
  return size;
}

std::string escape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    uint32_t code = 0;
    size_t size = decodeUTF8(text, code);
    char buffer[16];
    if (size == 0) {
      std::snprintf(buffer, sizeof buffer, "\\x%02x", uint8_t(text[0]));
      size = 1;
    } else if (code == '\\') {
      std::snprintf(buffer, sizeof buffer, "\\\\");
    } else if (code == '\n') {
      std::snprintf(buffer, sizeof buffer, "\\n");
    } else if (code == '\t') {
      std::snprintf(buffer, sizeof buffer, "\\t");
    } else if (code < 0x20 || code > 0x7e) {
      std::snprintf(buffer, sizeof buffer, "\\u{%x}", code);
    } else {
      std::snprintf(buffer, sizeof buffer, "%c", char(code));
    }
    out += buffer;
    text.remove_prefix(size);
  }
  return out;
}

} // namespace twreg
