//===- Quote.h - names from outside, made safe to print ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names in an artifact are any UTF-8 their author chose. Before one reaches a
// terminal or a log, what could move the cursor, end the line or reorder the
// text is escaped, and what is too long is cut.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_QUOTE_H
#define TWRUN_LIB_QUOTE_H

#include <string>
#include <string_view>

namespace twrun {

/// `name` in single quotes. Control characters, quotes, backslashes, invisible
/// and bidirectional formatting characters and bytes that are not UTF-8 become
/// \xNN, byte by byte; past `limit` bytes it ends in "...".
std::string quoteName(std::string_view name, size_t limit = 128);

/// Text of several lines for a terminal: all but line ends and tabs that
/// quoteName escapes is escaped. Nothing is cut.
std::string terminalText(std::string_view text);

/// A log of several lines as one: line ends become "; ", other control
/// characters are escaped, and at most `limit` bytes of input are kept.
std::string oneLine(std::string_view text, size_t limit = 1024);

} // namespace twrun

#endif // TWRUN_LIB_QUOTE_H
