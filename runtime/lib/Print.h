//===- Print.h - output of guests -------------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a launch recorded of its calls of tw.printf becomes text here, on every
// device alike. The formats are C's (ISO C17, 7.21.6.1), the arguments lie as
// clang lays them out for wasm32; neither is to be trusted.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_PRINT_H
#define TWRUN_LIB_PRINT_H

#include "twrun/Runtime.h"

namespace twrun {

/// The longest format, %s and message that are read, and the longest width and
/// precision; a longer text of one call is cut.
inline constexpr size_t maxPrintString = 1024;
inline constexpr size_t maxPrintWidth = 1024;
inline constexpr size_t maxPrintText = 8192;

/// A memory, by its position in Manifest::memories, as it is after the launch;
/// empty if there is none.
using MemoryReader = std::function<std::span<const uint8_t>(uint32_t)>;

/// The bytes from `address` to the first NUL, or to the end of memory, or the
/// first maxPrintString of them.
std::string readString(std::span<const uint8_t> memory, uint64_t address);

/// The text of `format` with `arguments`. What is not a conversion of C's, or
/// has no argument left, stays in the text as it is, and `note` says so.
std::string formatText(std::string_view format,
                       std::span<const uint8_t> arguments,
                       std::span<const uint8_t> memory, std::string &note);

Printed formatRecord(const abi::PrintRecord &record,
                     const MemoryReader &memory);

/// Formats what an ended launch left in `buffer`, which has room for `capacity`
/// records, and counts what was lost.
void readPrints(const abi::PrintBuffer &buffer, uint64_t capacity,
                const MemoryReader &memory, Outcome &outcome);

} // namespace twrun

#endif // TWRUN_LIB_PRINT_H
