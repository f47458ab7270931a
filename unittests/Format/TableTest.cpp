//===- TableTest.cpp - every rule of the section table --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One test for each rule of docs/PTXBinFormat.md, "Section table".
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

using namespace ptxbin;
using namespace ptxbin::test;

static Bytes sample() { return buildByHand(sampleSections()); }

static void expectAccepted(Bytes file) {
  resign(file, {testKey(1)});
  auto opened = openTrusted(std::move(file));
  EXPECT_TRUE(opened) << opened.error().message;
}

TEST(Table, ReservedBytes) {
  std::vector<size_t> offsets = {38, 39};
  for (size_t i = 112; i < 128; ++i)
    offsets.push_back(i);
  for (size_t offset : offsets) {
    Bytes file = sample();
    put8(file, entryAt(1) + offset, 1);
    expectRefused(file, ErrorKind::Malformed, "reserved bytes are not zero");
  }
}

TEST(Table, UnknownFlags) {
  for (int bit = 2; bit < 32; ++bit) {
    Bytes file = sample();
    put32(file, entryAt(1) + 4, 1u << bit);
    expectRefused(file, ErrorKind::Malformed, "unknown flags");
  }
}

TEST(Table, UnknownTypes) {
  std::vector<HandSection> sections = sampleSections();
  sections.push_back(plain(8, bytesOf("of the future")));
  sections.back().cc = 1; // Not for this reader to judge.
  sections.back().suffix = 200;
  expectAccepted(buildByHand(sections));

  // Ignored, but not unchecked.
  Bytes file = buildByHand(sections);
  file[get64(file, entryAt(5) + 8)] ^= 1;
  expectRefused(file, ErrorKind::Malformed, "section 5");

  sections.back().flags = 1;
  expectRefused(buildByHand(sections), ErrorKind::Incompatible,
                "critical section of unknown type 8");
  sections.back().type = UINT32_MAX;
  expectRefused(buildByHand(sections), ErrorKind::Incompatible,
                "critical section of unknown type 4294967295");
}

TEST(Table, TypeZero) {
  std::vector<HandSection> sections = sampleSections();
  sections.insert(sections.begin(), plain(0, bytesOf("zero")));
  expectRefused(buildByHand(sections), ErrorKind::Malformed,
                "section type 0 is reserved");
}

TEST(Table, CriticalOnKnownTypesChangesNothing) {
  std::vector<HandSection> sections = sampleSections();
  for (HandSection &section : sections)
    section.flags = 1;
  expectAccepted(buildByHand(sections));
}

TEST(Table, Order) {
  std::vector<HandSection> good = sampleSections();
  for (size_t i = 0; i + 1 < good.size(); ++i) {
    std::vector<HandSection> swapped = good;
    std::swap(swapped[i], swapped[i + 1]);
    expectRefused(buildByHand(swapped), ErrorKind::Malformed, "out of order");
  }
  // Each part of the key decides when those before it are equal.
  auto order = [&](auto change) {
    std::vector<HandSection> sections = {good[0], good[1], good[1], good[4]};
    change(sections[2]);
    expectAccepted(buildByHand(sections));
    std::swap(sections[1], sections[2]);
    expectRefused(buildByHand(sections), ErrorKind::Malformed, "out of order");
  };
  order([](HandSection &section) { section.cc = 256; });
  order([](HandSection &section) { section.suffix = 1; });
  std::vector<HandSection> hosts = {good[0], good[3], good[3], good[4]};
  hosts[2].cpuFeatures = 7;
  expectAccepted(buildByHand(hosts));
  hosts[2].cpuFeatures = 0;
  expectRefused(buildByHand(hosts), ErrorKind::Malformed, "out of order");
  hosts[2].machine = 2;
  expectAccepted(buildByHand(hosts));
}

TEST(Table, Duplicates) {
  std::vector<HandSection> good = sampleSections();
  for (size_t i = 0; i < good.size(); ++i) {
    std::vector<HandSection> twice = good;
    twice.insert(twice.begin() + i, good[i]);
    expectRefused(buildByHand(twice), ErrorKind::Malformed,
                  "out of order or twice");
  }
  // The PTX ISA version does not make two of one.
  std::vector<HandSection> ptx = {good[0], good[1], good[1], good[4]};
  ptx[2].ptxISA = 85;
  expectRefused(buildByHand(ptx), ErrorKind::Malformed, "out of order");
}

TEST(Table, OneManifest) {
  std::vector<HandSection> sections = sampleSections();
  sections.erase(sections.begin());
  expectRefused(buildByHand(sections), ErrorKind::Malformed,
                "expected one MANIFEST and at most one WASM section, but got "
                "0 and 1");
}

TEST(Table, TargetFields) {
  struct Case {
    size_t section, offset;
    uint8_t value;
    const char *words;
  } cases[] = {
      {0, 32, 80, "MANIFEST section with a target"},
      {0, 34, 1, "MANIFEST section with a target"},
      {0, 35, 1, "MANIFEST section with a target"},
      {0, 36, 77, "MANIFEST section with a target"},
      {0, 40, 1, "MANIFEST section with a target"},
      {1, 32, 0, "PTX section with no compute capability"},
      {1, 34, 3, "PTX section with an unknown architecture suffix"},
      {1, 35, 1, "PTX section with a host machine"},
      {1, 36, 0, "PTX section with no PTX ISA version"},
      {1, 47, 1, "PTX section with a host machine or CPU features"},
      {3, 32, 80, "HOST section with a GPU target"},
      {3, 34, 1, "HOST section with a GPU target"},
      {3, 35, 0, "HOST section with no machine"},
      {3, 36, 77, "HOST section with a GPU target"},
      {4, 32, 80, "WASM section with a target"},
      {4, 40, 1, "WASM section with a target"},
  };
  for (const Case &c : cases) {
    Bytes file = sample();
    put8(file, entryAt(c.section) + c.offset, c.value);
    expectRefused(file, ErrorKind::Malformed, c.words);
  }
  for (uint32_t type : {6, 7}) {
    std::vector<HandSection> sections = sampleSections();
    sections.push_back(plain(type, bytesOf("text")));
    expectAccepted(buildByHand(sections));
    sections.back().cc = 80;
    expectRefused(buildByHand(sections), ErrorKind::Malformed, "a target");
  }
}

TEST(Table, CubinMayLackAnISAVersion) {
  std::vector<HandSection> sections = sampleSections();
  HandSection cubin = plain(3, bytesOf("cubin"));
  cubin.cc = 90;
  sections.insert(sections.begin() + 3, cubin);
  expectAccepted(buildByHand(sections));
  sections[3].cc = 0;
  expectRefused(buildByHand(sections), ErrorKind::Malformed,
                "CUBIN section with no compute capability");
}

TEST(Table, Offsets) {
  uint64_t good = get64(sample(), entryAt(2) + 8);
  for (uint64_t offset : {good + 16, good - 16, good + 1, uint64_t(0),
                          uint64_t(UINT64_MAX), uint64_t(UINT64_MAX) - 15}) {
    Bytes file = sample();
    put64(file, entryAt(2) + 8, offset);
    expectRefused(file, ErrorKind::Malformed,
                  "section 2 (PTX sm_90a): "
                  "expected offset");
  }
}

TEST(Table, Sizes) {
  // Stored size too large: the next section is not where it must be, and the
  // last one ends after the signed size.
  for (uint64_t size : {uint64_t(1) << 28, uint64_t(1) << 29}) {
    Bytes file = sample();
    put64(file, entryAt(4) + 16, size);
    put64(file, entryAt(4) + 24, size);
    expectRefused(file, ErrorKind::Malformed, "section 4 (WASM)");
  }
  for (uint64_t size :
       {uint64_t(UINT64_MAX), uint64_t(1) << 63, (uint64_t(512) << 20) + 1}) {
    Bytes file = sample();
    put64(file, entryAt(4) + 16, size);
    put64(file, entryAt(4) + 24, size);
    expectRefused(file, ErrorKind::Malformed,
                  "is more than the limit of 536870912");
    put32(file, entryAt(4) + 4, 2);
    expectRefused(file, ErrorKind::Malformed,
                  "is more than the limit of 536870912");
    put64(file, entryAt(4) + 24, 12);
    expectRefused(file, ErrorKind::Malformed, "end after the signed size");
  }
}

TEST(Table, EmptySections) {
  std::vector<HandSection> sections = sampleSections();
  sections[1].stored.clear();
  sections[1].rawSize = 0;
  sections[1].rawDigest = sha256({});
  expectRefused(buildByHand(sections), ErrorKind::Malformed, "empty section");
}

TEST(Table, StoredAndRawMustAgreeWithoutCompression) {
  for (size_t offset : {24, 80, 111}) {
    Bytes file = sample();
    file[entryAt(1) + offset] ^= 1;
    expectRefused(file, ErrorKind::Malformed,
                  "stored and raw size or digest differ");
  }
}

TEST(Table, RawTotal) {
  // Compressed sections may claim 512 MiB together, and not a byte more.
  std::vector<HandSection> sections = sampleSections();
  uint64_t others = 0;
  for (size_t i : {0, 2, 3, 4})
    others += sections[i].rawSize;
  sections[1].flags = 2;
  sections[1].rawSize = (uint64_t(512) << 20) - others;
  expectAccepted(buildByHand(sections));
  sections[1].rawSize += 1;
  expectRefused(buildByHand(sections), ErrorKind::Malformed, "add up");
}

TEST(Table, ManifestIsNeitherCompressedNorLarge) {
  Bytes file = sample();
  put32(file, entryAt(0) + 4, 2);
  expectRefused(file, ErrorKind::Malformed, "must not be compressed");

  std::vector<HandSection> sections = sampleSections();
  sections[0] = plain(1, Bytes((1 << 20) + 1, ' '));
  expectRefused(buildByHand(sections), ErrorKind::Malformed,
                "manifest of 1048577 bytes");
}

TEST(Table, StoredDigests) {
  for (size_t i = 0; i < 5; ++i) {
    Bytes file = sample();
    file[get64(file, entryAt(i) + 8)] ^= 0x80;
    expectRefused(file, ErrorKind::Malformed,
                  "bytes do not have the digest that the section table gives");
  }
}

TEST(Table, Padding) {
  Bytes file = sample();
  uint64_t end = get64(file, entryAt(4) + 8) + get64(file, entryAt(4) + 16);
  ASSERT_NE(end % 16, 0u);
  for (uint64_t at = end; at % 16; ++at) {
    Bytes patched = file;
    put8(patched, at, 1);
    expectRefused(patched, ErrorKind::Malformed,
                  "padding after it is not zero");
  }
}

TEST(Table, ManifestAgreesWithTheModule) {
  std::vector<HandSection> sections = sampleSections();
  Manifest manifest = sampleManifest();
  manifest.sourceSha256 = hex(sha256(bytesOf("another")));
  sections[0] = manifestSection(manifest);
  expectRefused(buildByHand(sections), ErrorKind::Malformed,
                "is not the digest of the WASM section");

  // The sample's data segment lies behind the first eight bytes.
  for (uint64_t size : {13, 1 << 20}) {
    manifest = sampleManifest();
    manifest.modules[0].wasmSize = size;
    sections[0] = manifestSection(manifest);
    expectRefused(buildByHand(sections), ErrorKind::Malformed,
                  "manifest's modules end at " + std::to_string(size) +
                      ": expected the size of the WASM section, 12");
  }
  sections = sampleSections();
  sections.pop_back();
  expectRefused(buildByHand(sections), ErrorKind::Malformed,
                "has no WASM section");
  manifest.data.clear();
  manifest.modules[0].wasmSize = 0;
  sections[0] = manifestSection(manifest);
  expectAccepted(buildByHand(sections));
}
