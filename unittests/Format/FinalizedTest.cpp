//===- FinalizedTest.cpp - cubins beside an artifact ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every byte of a finalized image counts, and it belongs to one artifact.
//
//===----------------------------------------------------------------------===//

#include "Format/Finalized.h"
#include "TestSupport.h"

using namespace ptxbin;
using namespace ptxbin::test;

static Bytes artifactFile() {
  Bytes file = buildByHand(sampleSections());
  resign(file, {testKey(1)});
  return file;
}

static Bytes cubin() {
  Bytes out(70);
  const uint8_t head[] = {0x7f, 'E', 'L', 'F', 2, 1};
  std::copy(std::begin(head), std::end(head), out.begin());
  put16(out, 18, 190);
  return out;
}

static FinalizedInfo infoFor(const PtxBin &bin) {
  FinalizedInfo info{90, 12040, bin.contentId(), {}};
  for (const Section &section : bin.sections())
    if (section.key.type == SectionType::PTX)
      info.ptxDigest = section.rawDigest;
  return info;
}

static Expected<Finalized> open(Bytes file) {
  TrustOptions trust;
  trust.keys = {testKey(3).publicKey()};
  return Finalized::openVerified(std::move(file), trust);
}

static Bytes good() {
  auto bin = openTrusted(artifactFile());
  EXPECT_TRUE(bin);
  auto file = writeFinalized(infoFor(*bin), cubin(), testKey(3));
  EXPECT_TRUE(file);
  return *file;
}

template <typename T>
static void expectError(const Expected<T> &result, ErrorKind kind,
                        const std::string &words) {
  ASSERT_FALSE(result) << "accepted, but expected: " << words;
  EXPECT_EQ(result.error().kind, kind) << result.error().message;
  EXPECT_NE(result.error().message.find(words), std::string::npos)
      << result.error().message;
}

TEST(Finalized, RoundTrip) {
  auto bin = openTrusted(artifactFile());
  ASSERT_TRUE(bin);
  auto image = open(good());
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->info().cc, 90);
  EXPECT_EQ(image->info().driverVersion, 12040u);
  EXPECT_EQ(Bytes(image->cubin().begin(), image->cubin().end()), cubin());
  EXPECT_TRUE(image->checkBelongsTo(*bin));
  EXPECT_TRUE(Finalized::isOne(good()));
  EXPECT_FALSE(Finalized::isOne(artifactFile()));
}

TEST(Finalized, BelongsToOneArtifactAndOnePTX) {
  auto bin = openTrusted(artifactFile());
  ASSERT_TRUE(bin);
  auto with = [&](auto change) {
    FinalizedInfo info = infoFor(*bin);
    change(info);
    auto image = open(*writeFinalized(info, cubin(), testKey(3)));
    EXPECT_TRUE(image);
    return image->checkBelongsTo(*bin);
  };
  expectError(with([](FinalizedInfo &i) { i.contentId[0] ^= 1; }),
              ErrorKind::Untrusted, "was made of content id");
  expectError(with([](FinalizedInfo &i) { i.ptxDigest[0] ^= 1; }),
              ErrorKind::Malformed, "of PTX that the artifact does not have");
}

TEST(Finalized, EveryBitFlippedIsRefused) {
  Bytes file = good();
  for (size_t i = 0; i < file.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes flipped = file;
      flipped[i] ^= uint8_t(1 << bit);
      ASSERT_FALSE(open(std::move(flipped))) << "byte " << i << " bit " << bit;
    }
}

TEST(Finalized, EveryTruncationAndSizeIsRefused) {
  Bytes file = good();
  for (size_t size = 0; size < file.size(); ++size)
    EXPECT_FALSE(
        Finalized::openUnverified(Bytes(file.begin(), file.begin() + size)));
  for (size_t field : {16, 24})
    for (uint64_t value :
         {uint64_t(0), uint64_t(1) << 62, ~uint64_t(0), ~uint64_t(0) - 170}) {
      Bytes bad = file;
      put64(bad, field, value);
      expectError(Finalized::openUnverified(bad), ErrorKind::Malformed,
                  "sizes");
    }
  file.push_back(0);
  EXPECT_FALSE(Finalized::openUnverified(file));
}

TEST(Finalized, SignaturesAreOfTheirOwnType) {
  Bytes file = good();
  TrustOptions other;
  other.keys = {testKey(1).publicKey()};
  expectError(Finalized::openVerified(file, other), ErrorKind::Untrusted,
              "trusted key");
  // A cubin that is none, signed.
  auto bin = openTrusted(artifactFile());
  auto text =
      writeFinalized(infoFor(*bin), bytesOf(".version 7.7"), testKey(3));
  ASSERT_TRUE(text);
  expectError(open(*text), ErrorKind::Malformed, "is not an ELF file");
  Bytes newer = file;
  newer[8] = 2;
  expectError(Finalized::openUnverified(newer), ErrorKind::Incompatible,
              "version 2");
}
