//===- PrintTest.cpp - output of guests -----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Formats against the host's own printf where the two must agree, and against
// ISO C's words where they must not be trusted.
//
//===----------------------------------------------------------------------===//

#include "Print.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>

using namespace twrun;

namespace {

/// Arguments as clang lays them out for wasm32.
class Layout {
public:
  Layout &word(uint32_t value) { return add(&value, 4); }
  Layout &wide(uint64_t value) { return add(&value, 8); }
  Layout &real(double value) { return add(&value, 8); }
  std::span<const uint8_t> bytes() const { return data; }

private:
  Layout &add(const void *value, size_t size) {
    data.resize((data.size() + size - 1) / size * size);
    const auto *from = static_cast<const uint8_t *>(value);
    data.insert(data.end(), from, from + size);
    return *this;
  }
  std::vector<uint8_t> data;
};

std::vector<uint8_t> memoryWith(size_t at, std::string_view text) {
  std::vector<uint8_t> memory(4096);
  std::memcpy(memory.data() + at, text.data(), text.size());
  return memory;
}

std::string format(std::string_view text, const Layout &arguments = {},
                   std::span<const uint8_t> memory = {}) {
  std::string note;
  std::string out = formatText(text, arguments.bytes(), memory, note);
  EXPECT_EQ(note, "") << text;
  return out;
}

/// What is printed, and what is said of it.
std::pair<std::string, std::string> noted(std::string_view text,
                                          const Layout &arguments = {}) {
  std::string note;
  std::string out = formatText(text, arguments.bytes(), {}, note);
  return {out, note};
}

template <typename T> std::string expected(const std::string &text, T value) {
  char out[4096];
  std::snprintf(out, sizeof out, text.c_str(), value);
  return out;
}

/// All combinations of flags, with widths and precisions.
std::vector<std::string> specifications(const std::string &flagChars) {
  std::vector<std::string> all;
  for (unsigned flags = 0; flags < 1u << flagChars.size(); ++flags)
    for (const char *width : {"", "1", "12", "40"})
      for (const char *precision : {"", ".", ".0", ".1", ".3", ".17", ".30"}) {
        std::string text = "%";
        for (size_t i = 0; i < flagChars.size(); ++i)
          if (flags >> i & 1)
            text += flagChars[i];
        all.push_back(text + width + precision);
      }
  return all;
}

} // namespace

TEST(Print, IntegersAreCs) {
  for (int64_t value : {int64_t(0), int64_t(1), int64_t(-1), int64_t(123456),
                        int64_t(INT32_MIN), INT64_MIN, INT64_MAX}) {
    for (char letter : {'d', 'i'})
      for (const std::string &spec : specifications("-+ 0")) {
        ASSERT_EQ(format(spec + letter, Layout().word(uint32_t(value))),
                  expected(spec + letter, int(value)))
            << spec << letter;
        ASSERT_EQ(format(spec + "ll" + letter, Layout().wide(uint64_t(value))),
                  expected(spec + "ll" + letter, (long long)value))
            << spec << letter;
      }
    for (char letter : {'o', 'x', 'X'})
      for (const std::string &spec : specifications("-#0"))
        ASSERT_EQ(format(spec + letter, Layout().word(uint32_t(value))),
                  expected(spec + letter, unsigned(value)))
            << spec << letter;
    for (const std::string &spec : specifications("-0"))
      ASSERT_EQ(format(spec + "llu", Layout().wide(uint64_t(value))),
                expected(spec + "llu", (unsigned long long)value));
  }
}

TEST(Print, LengthsAreThoseOfWasm32) {
  Layout words;
  words.word(0xffffff85).word(0xffff8005).word(7).word(8).word(9);
  EXPECT_EQ(format("%hhd %hd %ld %zu %td", words), "-123 -32763 7 8 9");
  EXPECT_EQ(format("%hhu %hx", Layout().word(0x1ff).word(0x12345)), "255 2345");
  EXPECT_EQ(format("%jd|%d", Layout().wide(uint64_t(-5)).word(6)), "-5|6");
  // A long long and a double are aligned to 8.
  EXPECT_EQ(format("%d %lld %d %f", Layout().word(1).wide(2).word(3).real(4)),
            "1 2 3 4.000000");
}

TEST(Print, FloatsAreCs) {
  const double subnormal = std::numeric_limits<double>::denorm_min();
  for (double value :
       {0.0, -0.0, 1.0, -1.5, 0.1, 2.5, 1e-5, 1e-4, 123456.0, 1234567.0, 1e15,
        99999.95, 0x1.8p+100, 1e300, subnormal, 9.9999999e9,
        std::numeric_limits<double>::infinity(), -HUGE_VAL})
    for (char letter : {'f', 'F', 'e', 'E', 'g', 'G'})
      for (const std::string &spec : specifications("-+ #0"))
        ASSERT_EQ(format(spec + letter, Layout().real(value)),
                  expected(spec + letter, value))
            << spec << letter << " of " << value;
  // In hexadecimal the leading digit is the implementation's to choose; ours
  // is 1 for normal numbers.
  for (double value : {0.0, 1.0, -1.5, 0.1, 1e300, HUGE_VAL})
    for (const char *spec : {"%a", "%A", "%20a", "%-20a|", "%020a", "%+.3a",
                             "%#.0a", "%.0a", "%.13a", "%.20a"})
      EXPECT_EQ(format(spec, Layout().real(value)), expected(spec, value))
          << spec << " of " << value;
  // A NaN has no sign here, whatever its bits.
  EXPECT_EQ(format("%f %5.1F|%+g", Layout().real(NAN).real(-NAN).real(NAN)),
            "nan   NAN|+nan");
}

TEST(Print, StringsAreReadFromMemory) {
  std::vector<uint8_t> memory = memoryWith(100, "hello");
  Layout address;
  address.word(100);
  EXPECT_EQ(format("<%s>", address, memory), "<hello>");
  EXPECT_EQ(format("<%8s>", address, memory), "<   hello>");
  EXPECT_EQ(format("<%-8.3s>", address, memory), "<hel     >");
  EXPECT_EQ(format("<%.*s>", Layout().word(2).word(100), memory), "<he>");
  EXPECT_EQ(format("<%s>", Layout().word(0), memory), "<(null)>");
  EXPECT_EQ(format("<%s>", Layout().word(99999), memory), "<>");
  std::memset(memory.data(), 'x', memory.size()); // no end
  EXPECT_EQ(format("%s", address, memory).size(), 1024u);
  EXPECT_EQ(format("%s", Layout().word(4090), memory).size(), 6u);
  EXPECT_EQ(format("%s", Layout().word(0xffffffff), memory).size(), 0u);
}

TEST(Print, CharactersAndPointers) {
  EXPECT_EQ(format("%c%3c%-3c|", Layout().word('a').word('b').word('c')),
            "a  bc  |");
  EXPECT_EQ(format("%p %p", Layout().word(0x1234).word(0)), "0x1234 (nil)");
  EXPECT_EQ(format("100%%"), "100%");
}

TEST(Print, AsterisksAreArguments) {
  EXPECT_EQ(format("%*d|", Layout().word(5).word(42)), "   42|");
  EXPECT_EQ(format("%*d|", Layout().word(uint32_t(-5)).word(42)), "42   |");
  EXPECT_EQ(format("%.*f", Layout().word(1).real(2.25)), "2.2");
  EXPECT_EQ(format("%.*f", Layout().word(uint32_t(-1)).real(2.25)), "2.250000");
}

TEST(Print, WhatIsNotAConversionStaysAsItIs) {
  using Pair = std::pair<std::string, std::string>;
  const char *not_ = " is not a conversion of C's printf";
  EXPECT_EQ(noted("50%"), (Pair{"50%", std::string("'%'") + not_}));
  EXPECT_EQ(noted("a %y b"), (Pair{"a %y b", std::string("'%y'") + not_}));
  EXPECT_EQ(noted("%-5ls", Layout().word(1)).second,
            std::string("'%-5ls'") + not_);
  EXPECT_EQ(noted("%Lf", Layout().real(1)).second, std::string("'%L'") + not_);
  EXPECT_EQ(noted("%n", Layout().word(8)),
            (Pair{"%n", std::string("'%n'") + not_}));
  EXPECT_EQ(noted("%hf", Layout().real(1)).second, std::string("'%hf'") + not_);
  EXPECT_EQ(noted("%d %d", Layout().word(1)),
            (Pair{"1 %d", "'%d' has no argument left"}));
  EXPECT_EQ(noted("%*d").second, "'%*' has no argument left");
  EXPECT_EQ(noted("%f", Layout().word(1)).second, "'%f' has no argument left");
  EXPECT_EQ(noted("%2000d", Layout().word(1)).second,
            "'%2000' has a width above 1024");
  EXPECT_EQ(noted("%.99999999999999999999d", Layout().word(1)).second,
            "'%.99999999999999999999' has a precision above 1024");
  EXPECT_EQ(noted("%*d", Layout().word(0x80000000).word(1)).second,
            "'%*' has a width above 1024");
  // The first is told; the rest is printed.
  EXPECT_EQ(noted("%y %d", Layout().word(3)).first, "%y 3");
}

TEST(Print, AllIsBounded) {
  std::string text;
  Layout arguments;
  for (int i = 0; i < 20; ++i) {
    text += "%1000d";
    arguments.word(1);
  }
  auto [out, note] = noted(text, arguments);
  EXPECT_EQ(out.size(), maxPrintText);
  EXPECT_EQ(note, "the text is cut after 8192 bytes");
  EXPECT_EQ(format("%.1024f", Layout().real(-1e308)).size(), 1335u);
  EXPECT_EQ(format("%#.1024a", Layout().real(1)).size(), 1031u);

  twrun::abi::PrintRecord record{};
  record.format = 16;
  record.argumentSize = 0xffffffff; // more than there is
  record.thread[1] = 3;
  std::string format;
  for (int i = 0; i < 33; ++i)
    format += "%d,";
  std::vector<uint8_t> memory = memoryWith(16, format);
  MemoryReader reader = [&](uint32_t index) {
    return index ? std::span<const uint8_t>() : std::span(memory);
  };
  Printed printed = formatRecord(record, reader);
  EXPECT_EQ(printed.thread.y, 3u);
  EXPECT_EQ(printed.note, "'%d' has no argument left"); // of 128 bytes
  EXPECT_EQ(printed.text.substr(58), "0,0,0,%d,");
  record.memory = 1;
  EXPECT_EQ(formatRecord(record, reader).note,
            "the format's address 16 is out of bounds");
  std::memset(memory.data(), 'x', memory.size());
  record.memory = 0;
  printed = formatRecord(record, reader);
  EXPECT_EQ(printed.text.size(), 1024u);
  EXPECT_EQ(printed.note, "the format is cut after 1024 bytes");
}
