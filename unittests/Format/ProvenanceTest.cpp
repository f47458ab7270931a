//===- ProvenanceTest.cpp - what an artifact says of its making -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A statement is about the sections beside it, and about no others.
//
//===----------------------------------------------------------------------===//

#include "Format/Provenance.h"
#include "TestSupport.h"

#include <nlohmann/json.hpp>

using namespace ptxbin;
using namespace ptxbin::test;
using nlohmann::json;

static Bytes with(const SecretKey *builder) {
  auto file = addProvenance(buildByHand(sampleSections()), builder);
  EXPECT_TRUE(file) << file.error().message;
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

TEST(Provenance, TellsOfEverySection) {
  SecretKey key = testKey(4);
  auto bin = PtxBin::openUnverified(with(&key));
  ASSERT_TRUE(bin) << bin.error().message;
  auto read = readProvenance(*bin, {key.publicKey(), testKey(5).publicKey()});
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->signers.size(), 1u);
  EXPECT_TRUE(read->signers[0].good);
  json statement = json::parse(read->statement);
  EXPECT_EQ(statement["_type"], "https://in-toto.io/Statement/v1");
  EXPECT_EQ(statement["predicateType"], "https://slsa.dev/provenance/v1");
  std::map<std::string, std::string> digests;
  for (const json &subject : statement["subject"])
    digests[subject["name"]] = subject["digest"]["sha256"];
  size_t others = 0;
  for (const Section &section : bin->sections()) {
    if (section.key.type == SectionType::Provenance)
      continue;
    ++others;
    EXPECT_NE(std::find_if(digests.begin(), digests.end(),
                           [&](const auto &item) {
                             return item.second == hex(section.rawDigest);
                           }),
              digests.end());
  }
  EXPECT_EQ(digests.size(), others);
  // Nobody asked for is no error; neither is no signature.
  EXPECT_FALSE(readProvenance(*bin, {})->signers[0].good);
  auto plain = PtxBin::openUnverified(with(nullptr));
  EXPECT_TRUE(readProvenance(*plain, {})->signers.empty());
  // The same again, byte for byte.
  EXPECT_EQ(with(&key), with(&key));
}

/// An artifact with another envelope.
static Expected<Provenance> readWith(const std::string &envelope,
                                     const std::vector<PublicKey> &keys = {}) {
  std::vector<HandSection> sections = sampleSections();
  sections.push_back(plain(7, bytesOf(envelope)));
  auto bin = PtxBin::openUnverified(buildByHand(sections));
  if (!bin)
    return bin.error();
  return readProvenance(*bin, keys);
}

static std::string goodEnvelope() {
  SecretKey key = testKey(4);
  auto bin = PtxBin::openUnverified(with(&key));
  EXPECT_TRUE(bin);
  auto raw = bin->raw(bin->sections().size() - 1);
  EXPECT_TRUE(raw);
  return std::string(raw->begin(), raw->end());
}

TEST(Provenance, MalformedOnes) {
  auto bin = PtxBin::openUnverified(buildByHand(sampleSections()));
  ASSERT_TRUE(bin);
  expectError(readProvenance(*bin, {}), ErrorKind::NotFound, "--provenance");
  for (const char *bad :
       {"x", "[]", "{}", "{\"payload\":1}", "null",
        "{\"payload\":\"e30=\",\"payloadType\":\"text/plain\"}"})
    expectError(readWith(bad), ErrorKind::Malformed, "DSSE envelope");
  for (const char *payload : {"bnVsbA==", "e30=", "W10="})
    expectError(readWith(std::string("{\"payload\":\"") + payload +
                         "\",\"payloadType\":"
                         "\"application/vnd.in-toto+json\"}"),
                ErrorKind::Malformed, "in-toto statement");
  expectError(readWith(std::string(100000, '[')), ErrorKind::Malformed,
              "DSSE envelope");
}

TEST(Provenance, OfOtherSectionsOrAnotherBuilderIsRefused) {
  // A signed statement from a file with other PTX.
  std::vector<HandSection> sections = sampleSections();
  SecretKey key = testKey(4);
  std::string envelope = goodEnvelope();
  auto decoded = json::parse(envelope);
  EXPECT_TRUE(decoded.contains("signatures"));
  for (HandSection &section : sections)
    if (section.type == 2)
      section = [&] {
        HandSection other = section;
        other.stored = bytesOf("// other\n");
        other.rawSize = other.stored.size();
        other.rawDigest = sha256(other.stored);
        return other;
      }();
  sections.push_back(plain(7, bytesOf(envelope)));
  auto bin = PtxBin::openUnverified(buildByHand(sections));
  ASSERT_TRUE(bin) << bin.error().message;
  expectError(readProvenance(*bin, {key.publicKey()}), ErrorKind::Malformed,
              "about other sections");
  // A signature that does not hold, by a key that was given.
  std::string sig = decoded["signatures"][0]["sig"];
  sig[0] = sig[0] == 'A' ? 'B' : 'A';
  decoded["signatures"][0]["sig"] = sig;
  expectError(readWith(decoded.dump(), {key.publicKey()}), ErrorKind::Untrusted,
              "is bad");
}

TEST(Provenance, IsAddedOnceAndBeforeSigning) {
  Bytes once = with(nullptr);
  expectError(addProvenance(once, nullptr), ErrorKind::Invalid, "already");
  auto signedFile = signPtxBin(buildByHand(sampleSections()), testKey(1));
  ASSERT_TRUE(signedFile);
  expectError(addProvenance(*signedFile, nullptr), ErrorKind::Invalid,
              "signed");
}
