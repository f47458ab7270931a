//===- Print.cpp - output of guests ---------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are formatted in PrintNumber.cpp.
//
//===----------------------------------------------------------------------===//

#include "Print.h"

#include "PrintNumber.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

using namespace twrun;

std::string twrun::readString(std::span<const uint8_t> memory,
                              uint64_t address) {
  if (address >= memory.size())
    return {};
  memory = memory.subspan(address);
  memory = memory.first(std::min(memory.size(), maxPrintString));
  auto end = std::find(memory.begin(), memory.end(), 0);
  return std::string(memory.begin(), end);
}

namespace {

/// Reads arguments one after the other, each aligned to its size: clang passes
/// int, long and pointers in 4 bytes, long long and double in 8.
class Arguments {
public:
  explicit Arguments(std::span<const uint8_t> bytes) : bytes(bytes) {}

  std::optional<uint64_t> next(size_t size) {
    at = (at + size - 1) / size * size;
    if (at + size > bytes.size())
      return std::nullopt;
    uint64_t value = 0;
    std::memcpy(&value, bytes.data() + at, size); // little-endian
    at += size;
    return value;
  }

private:
  std::span<const uint8_t> bytes;
  size_t at = 0;
};

class Formatter {
public:
  Formatter(std::string_view format, Arguments arguments,
            std::span<const uint8_t> memory)
      : rest(format), arguments(arguments), memory(memory) {}

  std::string run(std::string &note);

private:
  const char *parse(Conversion &c);
  const char *parseNumber(std::optional<int64_t> &into, const char *what);
  const char *convert(Conversion &c);
  const char *convertInteger(Conversion &c);

  bool take(char expected) {
    if (rest.empty() || rest.front() != expected)
      return false;
    rest.remove_prefix(1);
    return true;
  }

  std::string_view rest; // what was not read yet
  Arguments arguments;
  std::span<const uint8_t> memory;
  std::string text;
};

constexpr const char *noArgument = "has no argument left";
constexpr const char *notAConversion = "is not a conversion of C's printf";

} // namespace

/// Digits or an asterisk, if there are any; returns what is wrong, or null.
const char *Formatter::parseNumber(std::optional<int64_t> &into,
                                   const char *what) {
  if (take('*')) {
    std::optional<uint64_t> argument = arguments.next(4);
    if (!argument)
      return noArgument;
    into = int32_t(*argument);
  } else {
    while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
      into = std::min<int64_t>(into.value_or(0) * 10 + (rest.front() - '0'),
                               INT32_MAX);
      rest.remove_prefix(1);
    }
  }
  if (into &&
      (*into > int64_t(maxPrintWidth) || *into < -int64_t(maxPrintWidth)))
    return what;
  return nullptr;
}

/// Everything between '%' and the conversion's letter, and the letter.
const char *Formatter::parse(Conversion &c) {
  while (true) {
    if (take('-'))
      c.left = true;
    else if (take('+'))
      c.plus = true;
    else if (take(' '))
      c.space = true;
    else if (take('#'))
      c.alternate = true;
    else if (take('0'))
      c.zero = true;
    else
      break;
  }
  std::optional<int64_t> width, precision;
  if (const char *wrong = parseNumber(width, "has a width above 1024"))
    return wrong;
  if (width && *width < 0) {
    c.left = true;
    width = -*width;
  }
  c.width = size_t(width.value_or(0));
  if (take('.')) {
    if (const char *wrong =
            parseNumber(precision, "has a precision above 1024"))
      return wrong;
    // A negative one is as if there were none.
    if (!precision)
      c.precision = 0;
    else if (*precision >= 0)
      c.precision = size_t(*precision);
  }
  for (std::string_view length : {"hh", "h", "ll", "l", "j", "z", "t"})
    if (rest.starts_with(length)) {
      c.length = length;
      rest.remove_prefix(length.size());
      break;
    }
  if (rest.empty())
    return notAConversion;
  c.letter = rest.front();
  rest.remove_prefix(1);
  return nullptr;
}

const char *Formatter::convertInteger(Conversion &c) {
  const bool isWide = c.length == "ll" || c.length == "j";
  std::optional<uint64_t> value = arguments.next(isWide ? 8 : 4);
  if (!value)
    return noArgument;
  const bool isSigned = c.letter == 'd' || c.letter == 'i';
  const unsigned bits = isWide             ? 64
                        : c.length == "hh" ? 8
                        : c.length == "h"  ? 16
                                           : 32;
  const uint64_t high = *value << (64 - bits);
  text += formatInteger(c, isSigned ? uint64_t(int64_t(high) >> (64 - bits))
                                    : high >> (64 - bits));
  return nullptr;
}

const char *Formatter::convert(Conversion &c) {
  std::optional<uint64_t> value;
  switch (c.letter) {
  case 'd':
  case 'i':
  case 'u':
  case 'o':
  case 'x':
  case 'X':
    return convertInteger(c);
  case 'f':
  case 'F':
  case 'e':
  case 'E':
  case 'g':
  case 'G':
  case 'a':
  case 'A':
    // An l changes nothing (7.21.6.1 paragraph 7); a float is passed as double.
    if (!c.length.empty() && c.length != "l")
      return notAConversion;
    if (!(value = arguments.next(8)))
      return noArgument;
    text += formatFloat(c, std::bit_cast<double>(*value));
    return nullptr;
  default:
    break;
  }
  if (!c.length.empty()) // wide characters and strings among them
    return notAConversion;
  switch (c.letter) {
  case '%':
    text += '%';
    return nullptr;
  case 'c':
    if (!(value = arguments.next(4)))
      return noArgument;
    text += pad(c, std::string(1, char(*value)));
    return nullptr;
  case 's': {
    if (!(value = arguments.next(4)))
      return noArgument;
    std::string string = *value ? readString(memory, *value) : "(null)";
    text += pad(c, string.substr(0, c.precision.value_or(string.size())));
    return nullptr;
  }
  case 'p':
    if (!(value = arguments.next(4)))
      return noArgument;
    c.alternate = true;
    c.letter = 'x';
    text += *value ? formatInteger(c, *value) : pad(c, "(nil)");
    return nullptr;
  default: // %n would write to the guest's memory
    return notAConversion;
  }
}

std::string Formatter::run(std::string &note) {
  while (!rest.empty()) {
    size_t percent = std::min(rest.find('%'), rest.size());
    text += rest.substr(0, percent);
    rest.remove_prefix(percent);
    if (rest.empty())
      break;
    const std::string_view start = rest;
    rest.remove_prefix(1);
    Conversion c;
    const char *wrong = parse(c);
    if (!wrong)
      wrong = convert(c);
    if (wrong) {
      const std::string_view as = start.substr(0, start.size() - rest.size());
      if (note.empty())
        note = "'" + std::string(as) + "' " + wrong;
      text += as;
    }
    if (text.size() > maxPrintText) {
      text.resize(maxPrintText);
      if (note.empty())
        note =
            "the text is cut after " + std::to_string(maxPrintText) + " bytes";
      break;
    }
  }
  return std::move(text);
}

std::string twrun::formatText(std::string_view format,
                              std::span<const uint8_t> arguments,
                              std::span<const uint8_t> memory,
                              std::string &note) {
  return Formatter(format, Arguments(arguments), memory).run(note);
}

Printed twrun::formatRecord(const abi::PrintRecord &record,
                            const MemoryReader &memory) {
  Printed printed;
  printed.block = {record.block[0], record.block[1], record.block[2]};
  printed.thread = {record.thread[0], record.thread[1], record.thread[2]};
  std::span<const uint8_t> bytes = memory(record.memory);
  if (record.format >= bytes.size()) {
    printed.note = "the format's address " + std::to_string(record.format) +
                   " is out of bounds";
    return printed;
  }
  const size_t size =
      std::min<size_t>(record.argumentSize, sizeof record.arguments);
  const std::string format = readString(bytes, record.format);
  printed.text = formatText(format, std::span(record.arguments).first(size),
                            bytes, printed.note);
  if (format.size() == maxPrintString && printed.note.empty())
    printed.note =
        "the format is cut after " + std::to_string(maxPrintString) + " bytes";
  return printed;
}

void twrun::readPrints(const abi::PrintBuffer &buffer, uint64_t capacity,
                       const MemoryReader &memory, Outcome &outcome) {
  const auto *records = reinterpret_cast<const abi::PrintRecord *>(&buffer + 1);
  const uint64_t kept = std::min(buffer.next, capacity);
  outcome.lostPrints = buffer.next - kept;
  for (uint64_t i = 0; i < kept; ++i)
    outcome.printed.push_back(formatRecord(records[i], memory));
}
