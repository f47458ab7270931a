//===- Script.h - a recorded sequence of calls ------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a host did to one instance of a module: wrote into its memory, grew it,
// called exports; and what it saw after each call. docs/Toolchains.md tells
// the JSON.
//
//===----------------------------------------------------------------------===//

#ifndef TWREPLAY_SCRIPT_H
#define TWREPLAY_SCRIPT_H

#include "twrun/Runtime.h"

#include <optional>

namespace twrun::replay {

/// Bytes that the host wrote.
struct Write {
  uint64_t address = 0;
  std::vector<uint8_t> bytes;
};

/// A number as JavaScript has it: what Wasm makes of it depends on the type
/// that a signature wants (JavaScript interface, ToWebAssemblyValue).
struct Number {
  std::optional<double> number; // of a Number
  std::string text;             // of a BigInt, in decimal; or of any value
};

/// The call of an export, with what happened before it.
struct Call {
  uint64_t growPages = 0;
  std::vector<Write> writes;
  std::string function;
  std::vector<Number> arguments;
  /// What another engine got, where the script tells.
  std::optional<std::vector<Number>> results;
  bool traps = false;
  /// SHA-256 of all memory after the call, in lower case hex; may be empty.
  std::string memoryDigest;
};

inline constexpr uint32_t scriptSchema = 1;
inline constexpr uint64_t maxScriptBytes = 256u << 20;

Expected<std::vector<Call>> readScript(const std::string &path);

/// As an argument or result of `type`; an error for what that type cannot
/// have, such as a Number for an i64.
Expected<Value> toValue(ValueType type, const Number &number);

} // namespace twrun::replay

#endif // TWREPLAY_SCRIPT_H
