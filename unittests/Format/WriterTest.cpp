//===- WriterTest.cpp - the writer's one form -----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What writePtxBin makes, and what it refuses to make.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include <algorithm>

using namespace ptxbin;
using namespace ptxbin::test;

static SectionInput input(SectionType type, Bytes raw, bool compress = false) {
  SectionInput section;
  section.key.type = type;
  section.raw = std::move(raw);
  section.compress = compress;
  return section;
}

/// What sampleSections() says, in another order.
static std::vector<SectionInput> sampleInputs() {
  std::vector<SectionInput> inputs;
  for (const HandSection &section : sampleSections()) {
    if (section.type == 1)
      continue;
    SectionInput in = input(SectionType(section.type), section.stored);
    in.key.cc = section.cc;
    in.key.suffix = Suffix(section.suffix);
    in.key.machine = Machine(section.machine);
    in.key.ptxISA = section.ptxISA;
    in.key.cpuFeatures = section.cpuFeatures;
    inputs.insert(inputs.begin(), in);
  }
  return inputs;
}

static void expectInvalid(const Manifest &manifest,
                          std::vector<SectionInput> inputs,
                          const std::string &words) {
  auto file = writePtxBin(manifest, std::move(inputs));
  ASSERT_FALSE(file) << "written, but expected: " << words;
  EXPECT_EQ(file.error().kind, ErrorKind::Invalid) << file.error().message;
  EXPECT_NE(file.error().message.find(words), std::string::npos)
      << file.error().message;
}

TEST(Writer, MakesWhatTheSpecificationSays) {
  // Byte for byte the hand-made file, whatever order the sections come in.
  std::vector<SectionInput> inputs = sampleInputs();
  Bytes expected = buildByHand(sampleSections());
  for (int rotation = 0; rotation < 4; ++rotation) {
    auto file = writePtxBin(sampleManifest(), inputs);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(*file, expected);
    std::rotate(inputs.begin(), inputs.begin() + 1, inputs.end());
  }
}

TEST(Writer, RoundTripWithCompression) {
  Bytes large;
  for (int i = 0; i < 200000; ++i)
    large.push_back(uint8_t(i % 251 ^ i / 977));
  std::vector<SectionInput> inputs = sampleInputs();
  inputs.push_back(input(SectionType::Debug, large, true));
  // Not worth compressing: stored as it is.
  inputs.push_back(input(SectionType::Provenance, bytesOf("x"), true));
  auto file = writePtxBin(sampleManifest(), inputs);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*file, *writePtxBin(sampleManifest(), inputs));

  auto signedFile = signPtxBin(*file, testKey(1));
  ASSERT_TRUE(signedFile) << signedFile.error().message;
  auto opened = openTrusted(*signedFile);
  ASSERT_TRUE(opened) << opened.error().message;
  ASSERT_EQ(opened->sections().size(), 7u);
  const Section &debug = opened->sections()[5];
  EXPECT_EQ(debug.key.type, SectionType::Debug);
  EXPECT_EQ(debug.flags, 2u);
  EXPECT_EQ(debug.rawSize, large.size());
  EXPECT_LT(debug.storedSize, large.size());
  EXPECT_EQ(opened->sections()[6].flags, 0u);
  auto raw = opened->raw(5);
  ASSERT_TRUE(raw) << raw.error().message;
  EXPECT_EQ(*raw, large);
  raw = opened->raw(4);
  ASSERT_TRUE(raw);
  EXPECT_EQ(*raw, sampleModule());
  EXPECT_FALSE(opened->raw(7));
  EXPECT_EQ(opened->manifest().name, "sample");
}

TEST(Writer, LargeSectionsKeepToTheWindow) {
  // More than the window of 8 MiB, and repetitive over a longer distance.
  Bytes large(12u << 20);
  uint32_t state = 7;
  for (size_t i = 0; i < large.size(); ++i) {
    state = state * 1664525 + 1013904223;
    large[i] = i < (9u << 20) ? uint8_t(state >> 28) : large[i - (9u << 20)];
  }
  std::vector<SectionInput> inputs = sampleInputs();
  inputs.push_back(input(SectionType::Debug, large, true));
  auto file = writePtxBin(sampleManifest(), inputs);
  ASSERT_TRUE(file) << file.error().message;
  auto opened = PtxBin::openUnverified(*file);
  ASSERT_TRUE(opened) << opened.error().message;
  auto raw = opened->raw(5);
  ASSERT_TRUE(raw) << raw.error().message;
  EXPECT_EQ(*raw, large);
}

TEST(Writer, MovingKeepsViews) {
  auto file = writePtxBin(sampleManifest(), sampleInputs());
  ASSERT_TRUE(file);
  auto opened = PtxBin::openUnverified(*file);
  ASSERT_TRUE(opened);
  ByteView before = opened->stored(4);
  PtxBin moved = std::move(*opened);
  EXPECT_EQ(moved.stored(4).data(), before.data());
}

TEST(Writer, FillsInTheSourceDigest) {
  Manifest manifest = sampleManifest();
  manifest.sourceSha256.clear();
  auto file = writePtxBin(manifest, sampleInputs());
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*file, buildByHand(sampleSections()));
}

TEST(Writer, Refusals) {
  std::vector<SectionInput> good = sampleInputs();
  auto with = [&](SectionInput extra) {
    std::vector<SectionInput> inputs = good;
    inputs.push_back(std::move(extra));
    return inputs;
  };
  Manifest manifest = sampleManifest();
  expectInvalid(manifest, with(input(SectionType::Manifest, bytesOf("{}"))),
                "the MANIFEST section is the writer's");
  expectInvalid(manifest, with(good[0]), "twice");
  expectInvalid(manifest, with(good[2]), "twice");
  expectInvalid(manifest, with(input(SectionType::Debug, {})), "empty section");
  expectInvalid(manifest, with(input(SectionType::Debug, {}, true)),
                "empty section");
  expectInvalid(manifest, with(input(SectionType::PTX, bytesOf("x"))),
                "no compute capability");
  expectInvalid(manifest, with(input(SectionType::Host, bytesOf("x"))),
                "no machine");
  expectInvalid(manifest, with(input(SectionType(8), bytesOf("x"))),
                "not of this version");
  expectInvalid(manifest, with(input(SectionType(0), bytesOf("x"))),
                "reserved");

  std::vector<SectionInput> many = good;
  for (uint16_t cc = 200; cc < 260; ++cc) {
    SectionInput ptx = input(SectionType::PTX, bytesOf("x"));
    ptx.key.cc = cc;
    ptx.key.ptxISA = 77;
    many.push_back(ptx);
  }
  expectInvalid(manifest, many, "65 sections are more than the limit of 64");

  manifest.sourceSha256 = hex(sha256(bytesOf("another")));
  expectInvalid(manifest, good, "not the digest of the WASM section");
  manifest = sampleManifest();
  manifest.data[0].size = 5;
  expectInvalid(manifest, good, "data[0]: expected bytes of its module");
  manifest = sampleManifest();
  manifest.name = "\xff";
  expectInvalid(manifest, good, "UTF-8");
}

TEST(Writer, FileLimit) {
  std::vector<SectionInput> inputs = sampleInputs();
  inputs.push_back(input(SectionType::Debug, Bytes(maxFileBytes)));
  expectInvalid(sampleManifest(), inputs, "limit");
}
