//===- SignatureTest.cpp - which signatures admit a file ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/PTXBinFormat.md, "Trailer" and "Verification".
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include <sodium.h>

using namespace ptxbin;
using namespace ptxbin::test;

static constexpr size_t signatureBytes = 104;

static Bytes sample() { return buildByHand(sampleSections()); }

static Bytes signedBy(const std::vector<SecretKey> &keys) {
  Bytes file = sample();
  resign(file, keys);
  return file;
}

static TrustOptions trusting(const std::vector<SecretKey> &keys) {
  TrustOptions trust;
  for (const SecretKey &key : keys)
    trust.keys.push_back(key.publicKey());
  return trust;
}

static void expectError(Bytes file, const TrustOptions &trust, ErrorKind kind,
                        const std::string &words) {
  auto opened = PtxBin::openVerified(std::move(file), trust);
  ASSERT_FALSE(opened) << "accepted, but expected: " << words;
  EXPECT_EQ(opened.error().kind, kind) << opened.error().message;
  EXPECT_NE(opened.error().message.find(words), std::string::npos)
      << opened.error().message;
}

TEST(Signature, OneGoodSignature) {
  auto opened = PtxBin::openVerified(signedBy({testKey(1)}),
                                     trusting({testKey(2), testKey(1)}));
  ASSERT_TRUE(opened) << opened.error().message;
  ASSERT_EQ(opened->signers().size(), 1u);
  EXPECT_EQ(opened->signers()[0], testKey(1).publicKey());
}

TEST(Signature, NoneIsRefusedUnlessAllowed) {
  TrustOptions trust = trusting({testKey(1)});
  expectError(sample(), trust, ErrorKind::Untrusted, "not signed");
  expectError(sample(), {}, ErrorKind::Untrusted, "not signed");
  trust.allowUnsigned = true;
  auto opened = PtxBin::openVerified(sample(), trust);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(opened->signers().empty());
}

TEST(Signature, StrippedSignaturesAreAnUnsignedFile) {
  Bytes file = signedBy({testKey(1)});
  // Cutting them off alone breaks the form ...
  Bytes cut(file.begin(), file.end() - signatureBytes);
  expectError(cut, trusting({testKey(1)}), ErrorKind::Malformed, "trailer");
  // ... and mending it gives the unsigned file.
  put32(cut, get64(cut, 16), 0);
  expectError(cut, trusting({testKey(1)}), ErrorKind::Untrusted, "not signed");
  EXPECT_EQ(cut, sample());
}

TEST(Signature, UnknownKeysCountForNothing) {
  Bytes file = signedBy({testKey(2), testKey(3)});
  TrustOptions trust = trusting({testKey(1)});
  expectError(file, trust, ErrorKind::Untrusted,
              "none of the file's 2 signatures is by a trusted key");
  trust.allowUnsigned = true;
  expectError(file, trust, ErrorKind::Untrusted, "none of the file's 2");

  // Even a bad one is ignored where its key is unknown.
  Bytes mixed = signedBy({testKey(2), testKey(1)});
  mixed[get64(mixed, 16) + 8 + 40] ^= 1;
  auto opened = PtxBin::openVerified(mixed, trusting({testKey(1)}));
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->signers().size(), 1u);
}

TEST(Signature, ABadOneByAKnownKeyRefusesTheFile) {
  Bytes file = signedBy({testKey(1), testKey(2)});
  Bytes patched = file;
  patched[get64(file, 16) + 8 + signatureBytes + 40] ^= 1;
  TrustOptions both = trusting({testKey(1), testKey(2)});
  expectError(patched, both, ErrorKind::Untrusted,
              "signature 1 by trusted key");
  both.allowUnsigned = true;
  expectError(patched, both, ErrorKind::Untrusted,
              "signature 1 by trusted key");
  EXPECT_TRUE(PtxBin::openVerified(file, both));
}

TEST(Signature, AKeyIdDoesNotLendItsTrust) {
  // The id of a trusted key over another key's signature.
  Bytes file = signedBy({testKey(2)});
  Digest id = keyId(testKey(1).publicKey());
  std::copy(id.begin(), id.end(), file.begin() + get64(file, 16) + 16);
  expectError(file, trusting({testKey(1)}), ErrorKind::Untrusted, "is bad");
}

TEST(Signature, OneKeyTwice) {
  expectError(signedBy({testKey(1), testKey(1)}), trusting({testKey(1)}),
              ErrorKind::Malformed, "signs twice");
  // Unknown keys too: the rule is the form's.
  expectError(signedBy({testKey(1), testKey(2), testKey(2)}),
              trusting({testKey(1)}), ErrorKind::Malformed, "signs twice");
}

TEST(Signature, Algorithm) {
  for (uint8_t algorithm : {0, 2, 255}) {
    Bytes file = signedBy({testKey(2), testKey(1)});
    put8(file, get64(file, 16) + 8, algorithm);
    expectError(file, trusting({testKey(1)}), ErrorKind::Malformed,
                "expected algorithm 1 (Ed25519)");
  }
}

TEST(Signature, ReservedBytes) {
  for (size_t offset : {4, 7, 8 + 1, 8 + 7, 112 + 1, 112 + 7}) {
    Bytes file = signedBy({testKey(2), testKey(1)});
    put8(file, get64(file, 16) + offset, 1);
    expectError(file, trusting({testKey(1)}), ErrorKind::Malformed,
                "are not zero");
  }
}

TEST(Signature, Count) {
  std::vector<SecretKey> keys;
  for (uint8_t i = 1; i <= 8; ++i)
    keys.push_back(testKey(i));
  auto opened = PtxBin::openVerified(signedBy(keys), trusting(keys));
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->signers().size(), 8u);

  keys.push_back(testKey(9));
  expectError(signedBy(keys), trusting(keys), ErrorKind::Malformed,
              "expected at most 8, but got 9");
  for (uint32_t count : {0u, 2u, 8u}) {
    Bytes file = signedBy({testKey(1)});
    put32(file, get64(file, 16), count);
    expectError(file, trusting({testKey(1)}), ErrorKind::Malformed,
                "expected the file to end at");
  }
}

TEST(Signature, SmallOrderKeys) {
  // Under the neutral element, R = S = 0-ish signatures hold for any message
  // in a verifier that does not look.
  PublicKey neutral;
  neutral.bytes[0] = 1;
  Bytes file = signedBy({testKey(1)});
  uint64_t at = get64(file, 16) + 8;
  Digest id = keyId(neutral);
  std::copy(id.begin(), id.end(), file.begin() + at + 8);
  std::fill_n(file.begin() + at + 40, 64, uint8_t(0));
  put8(file, at + 40, 1);
  TrustOptions trust;
  trust.keys = {neutral};
  expectError(file, trust, ErrorKind::Untrusted, "is bad");
}

TEST(Signature, NonCanonicalS) {
  // S + L satisfies the equation too, and would be a second signature.
  static const uint8_t order[32] = {
      0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
      0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
      0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  Bytes file = signedBy({testKey(1)});
  uint64_t s = get64(file, 16) + 8 + 40 + 32;
  unsigned carry = 0;
  for (int i = 0; i < 32; ++i) {
    carry += file[s + i] + order[i];
    file[s + i] = uint8_t(carry);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0u);
  expectError(file, trusting({testKey(1)}), ErrorKind::Untrusted, "is bad");
}

TEST(Signature, IsOverItsOwnTypeString) {
  // The same key's signature over the bare header and table, or over them as
  // another type or another major version, is another statement.
  Bytes file = signedBy({testKey(1)});
  Bytes message = messageOf(file);
  ASSERT_EQ(message.size(), 4 + 17 + 4 + 8 + entryAt(5));
  Bytes bare(message.begin() + 33, message.end());
  Bytes otherType = message, otherMajor = message;
  otherType[4] ^= 1;
  otherMajor[21] = 2;
  uint64_t at = get64(file, 16) + 8 + 40;
  for (const Bytes &wrong : {bare, otherType, otherMajor}) {
    Bytes patched = file;
    crypto_sign_detached(patched.data() + at, nullptr, wrong.data(),
                         wrong.size(), testKey(1).bytes.data());
    expectError(patched, trusting({testKey(1)}), ErrorKind::Untrusted,
                "is bad");
  }
  crypto_sign_detached(file.data() + at, nullptr, message.data(),
                       message.size(), testKey(1).bytes.data());
  EXPECT_TRUE(openTrusted(file));
}

TEST(Signature, SigningAppendsAndRenews) {
  auto once = signPtxBin(sample(), testKey(1));
  ASSERT_TRUE(once) << once.error().message;
  EXPECT_EQ(*once, signedBy({testKey(1)}));
  auto twice = signPtxBin(*once, testKey(2));
  ASSERT_TRUE(twice);
  EXPECT_EQ(*twice, signedBy({testKey(1), testKey(2)}));

  // By the first key again: Ed25519 is deterministic, so nothing changes;
  // a damaged signature by it is replaced.
  auto again = signPtxBin(*twice, testKey(1));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *twice);
  Bytes damaged = *twice;
  damaged[get64(damaged, 16) + 8 + 50] ^= 1;
  auto mended = signPtxBin(damaged, testKey(1));
  ASSERT_TRUE(mended);
  EXPECT_EQ(*mended, *twice);

  // The content id is the same all the way.
  auto id = [](const Bytes &file) {
    auto opened = PtxBin::openUnverified(file);
    EXPECT_TRUE(opened);
    return opened->contentId();
  };
  EXPECT_EQ(id(sample()), id(*twice));
}

TEST(Signature, SigningRefusesDamagedFilesAndANinthKey) {
  Bytes damaged = sample();
  damaged[get64(damaged, entryAt(2) + 8)] ^= 1;
  auto refused = signPtxBin(damaged, testKey(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Malformed);

  std::vector<SecretKey> keys;
  for (uint8_t i = 1; i <= 8; ++i)
    keys.push_back(testKey(i));
  refused = signPtxBin(signedBy(keys), testKey(9));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Invalid);
  EXPECT_TRUE(signPtxBin(signedBy(keys), testKey(8)));
}

TEST(Signature, SigningChecksCompressedSections) {
  std::vector<HandSection> sections = sampleSections();
  sections[1].flags = 2; // Claims a zstd frame where there is none.
  auto refused = signPtxBin(buildByHand(sections), testKey(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Malformed);
}

TEST(Signature, NothingIsParsedBeforeItHolds) {
  // A file that is wrong in its table, its digests and its manifest, and
  // unsigned or signed by a stranger: only the signature is spoken of.
  std::vector<HandSection> sections = sampleSections();
  sections[0] = plain(1, bytesOf("{"));
  std::swap(sections[1], sections[4]);
  Bytes file = buildByHand(sections);
  file[get64(file, entryAt(2) + 8)] ^= 1;
  expectError(file, trusting({testKey(1)}), ErrorKind::Untrusted, "not signed");
  resign(file, {testKey(2)});
  expectError(file, trusting({testKey(1)}), ErrorKind::Untrusted, "none of");
}
