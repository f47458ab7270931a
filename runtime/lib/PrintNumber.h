//===- PrintNumber.h - C's number formats -----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The conversions of numbers of ISO C17, 7.21.6.1, without the host's locale
// or rounding mode.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_PRINTNUMBER_H
#define TWRUN_LIB_PRINTNUMBER_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twrun {

/// A conversion specification. Width and precision are bounded by the caller.
struct Conversion {
  bool left = false, plus = false, space = false, alternate = false,
       zero = false;
  size_t width = 0;
  std::optional<size_t> precision;
  std::string_view length;
  char letter = 0;
};

/// `text` with spaces up to the width.
std::string pad(const Conversion &c, std::string text);

/// d and i (`value` sign-extended), u, o, x and X.
std::string formatInteger(const Conversion &c, uint64_t value);

/// f, e, g, a and their upper-case forms. A NaN has no sign: which one it has
/// is no guest's to see.
std::string formatFloat(const Conversion &c, double value);

} // namespace twrun

#endif // TWRUN_LIB_PRINTNUMBER_H
