//===- Values.h - values as the test suite writes them ----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// wast2json writes numbers as decimal bit patterns in strings, a v128 as a
// list of lanes, null references as "null", and NaN results as a class. A
// Pattern is what a result may be; one that names bits everywhere is also an
// argument. Wasm core specification, 4.3.3 (NaN classes).
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_WAST_VALUES_H
#define TWRUN_WAST_VALUES_H

#include "twrun/Runtime.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace twrun::wast {

/// What one lane of a result may be.
struct Lane {
  enum class Kind {
    Bits,          // exactly `bits`
    CanonicalNaN,  // payload 2^(m-1), either sign
    ArithmeticNaN, // payload at least 2^(m-1): the quiet bit is set
  };
  Kind kind = Kind::Bits;
  uint64_t bits = 0;
};

/// What a value may be. A number has one lane of its own width. A reference
/// has one lane of 64 bits, or none: then it is any that is not null.
struct Pattern {
  ValueType type = ValueType::I32;
  bool isFloat = false; // of the lanes
  unsigned laneBits = 32;
  std::vector<Lane> lanes;
};

/// Reads one of wast2json's constants.
Expected<Pattern> parsePattern(const nlohmann::json &constant);

/// The value that `pattern` names; an error if it names a class of them.
Expected<Value> toValue(const Pattern &pattern);

/// Bit for bit, except where the pattern says a class.
bool matches(const Pattern &pattern, const Value &value);

/// "i32:0x00000001", "f32:nan:canonical", "i16x8:[0x0001, ...]", "funcref".
std::string describe(const Pattern &pattern);
/// The same for a value, its lanes shown as `like` has them.
std::string describe(const Value &value, const Pattern *like = nullptr);

} // namespace twrun::wast

#endif // TWRUN_WAST_VALUES_H
