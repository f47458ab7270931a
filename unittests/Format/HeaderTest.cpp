//===- HeaderTest.cpp - every rule of the header --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One test for each rule of docs/PTXBinFormat.md, "Header".
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

using namespace ptxbin;
using namespace ptxbin::test;

static Bytes sample() { return buildByHand(sampleSections()); }

TEST(Header, HandMadeFileIsGood) {
  Bytes file = sample();
  resign(file, {testKey(1)});
  auto opened = openTrusted(file);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->sections().size(), 5u);
  EXPECT_EQ(opened->contentId(), sha256(messageOf(file)));
}

TEST(Header, Magic) {
  for (size_t i = 0; i < 8; ++i) {
    Bytes file = sample();
    file[i] ^= 0x20;
    expectRefused(file, ErrorKind::Malformed, "bad magic at offset 0");
  }
}

TEST(Header, MajorVersion) {
  for (uint8_t major : {0, 2, 255}) {
    Bytes file = sample();
    put8(file, 8, major);
    expectRefused(file, ErrorKind::Incompatible, "at offset 8");
  }
}

TEST(Header, MinorVersionIsForReadersToIgnore) {
  Bytes file = sample();
  put8(file, 9, 9);
  resign(file, {testKey(1)});
  EXPECT_TRUE(openTrusted(file));
}

TEST(Header, HeaderSize) {
  Bytes file = sample();
  put16(file, 10, 80);
  expectRefused(file, ErrorKind::Malformed, "header size at offset 10");
}

TEST(Header, AnyCriticalFlag) {
  for (int bit = 0; bit < 32; ++bit) {
    Bytes file = sample();
    put32(file, 12, 1u << bit);
    expectRefused(file, ErrorKind::Incompatible, "critical flags at offset 12");
  }
}

TEST(Header, TableOffset) {
  for (uint64_t offset : {uint64_t(0), uint64_t(192), UINT64_MAX}) {
    Bytes file = sample();
    put64(file, 24, offset);
    expectRefused(file, ErrorKind::Malformed, "table offset at offset 24");
  }
}

TEST(Header, EntrySize) {
  for (uint32_t size : {0u, 64u, 256u, UINT32_MAX}) {
    Bytes file = sample();
    put32(file, 36, size);
    expectRefused(file, ErrorKind::Malformed, "entry size at offset 36");
  }
}

TEST(Header, ReservedBytes) {
  for (size_t i = 40; i < 64; ++i) {
    Bytes file = sample();
    put8(file, i, 1);
    expectRefused(file, ErrorKind::Malformed, "reserved header bytes");
  }
}

TEST(Header, SectionCount) {
  for (uint32_t count : {0u, 65u, 1u << 25, UINT32_MAX}) {
    Bytes file = sample();
    put32(file, 32, count);
    expectRefused(file, ErrorKind::Malformed, "section count at offset 32");
  }
  // Within the limit, but more than there is room for.
  Bytes file = sample();
  put32(file, 32, 64);
  expectRefused(file, ErrorKind::Malformed, "the end of the table");
}

TEST(Header, SixtyFourSectionsAreGoodAndOneMoreIsNot) {
  std::vector<HandSection> sections = {sampleSections()[0]};
  for (uint16_t cc = 1; cc <= 62; ++cc) {
    HandSection ptx = plain(2, bytesOf("//\n"));
    ptx.cc = cc;
    ptx.ptxISA = 77;
    sections.push_back(ptx);
  }
  HandSection wasm = plain(5, sampleModule());
  sections.push_back(wasm);
  Bytes file = buildByHand(sections);
  resign(file, {testKey(1)});
  auto opened = openTrusted(file);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->sections().size(), 64u);

  sections.push_back(plain(6, bytesOf("debug")));
  expectRefused(buildByHand(sections), ErrorKind::Malformed,
                "expected 1 to 64, but got 65");
}

TEST(Header, SignedSize) {
  Bytes file = sample();
  uint64_t size = get64(file, 16);
  struct Case {
    uint64_t value;
    const char *words;
  } cases[] = {
      {size + 1, "a multiple of 16"},
      {0, "the end of the table"},
      {64, "the end of the table"},
      {size + 16384, "expected at most"},
      {UINT64_MAX - 15, "expected at most"},
      {uint64_t(1) << 63, "expected at most"},
  };
  for (const Case &c : cases) {
    Bytes patched = file;
    put64(patched, 16, c.value);
    expectRefused(patched, ErrorKind::Malformed, c.words);
  }
}

TEST(Header, SignedSizeBehindOrBeforeTheLastSection) {
  // A hole of 16 zero bytes before the trailer.
  Bytes file = sample();
  uint64_t size = get64(file, 16);
  put64(file, 16, size + 16);
  file.insert(file.begin() + size, 16, 0);
  expectRefused(file, ErrorKind::Malformed, "where the last section ends");

  // The trailer inside of the last section.
  file = sample();
  put64(file, 16, size - 16);
  file.erase(file.begin() + size - 16, file.begin() + size);
  expectRefused(file, ErrorKind::Malformed, "end after the signed size");
}

TEST(Header, FileLargerThanTheLimit) {
  // Refused by size alone: nothing in it is looked at.
  Bytes file(maxFileBytes + 1);
  auto opened = openTrusted(std::move(file));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("limit of 268435456"),
            std::string::npos);
}
