//===- SigningTest.cpp - signatures made elsewhere, sealed keys -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A signature is taken from whoever holds the key, and a secret key file is
// nothing without its passphrase.
//
//===----------------------------------------------------------------------===//

#include "Format/Signing.h"
#include "Format/Crypto.h"
#include "Format/KeyFiles.h"
#include "TestSupport.h"

using namespace ptxbin;
using namespace ptxbin::test;

template <typename T>
static void expectError(const Expected<T> &result, ErrorKind kind,
                        const std::string &words) {
  ASSERT_FALSE(result) << "accepted, but expected: " << words;
  EXPECT_EQ(result.error().kind, kind) << result.error().message;
  EXPECT_NE(result.error().message.find(words), std::string::npos)
      << result.error().message;
}

TEST(Detached, IsTheSameAsSigningHere) {
  Bytes file = buildByHand(sampleSections());
  auto payload = signingPayload(file);
  ASSERT_TRUE(payload) << payload.error().message;
  EXPECT_EQ(*payload, messageOf(file));
  auto elsewhere = signEd25519(*payload, testKey(1));
  ASSERT_TRUE(elsewhere);
  auto attached =
      attachSignature(file, elsewhere->bytes, testKey(1).publicKey());
  ASSERT_TRUE(attached) << attached.error().message;
  EXPECT_EQ(*attached, *signPtxBin(file, testKey(1)));
  // Again, and by a second key.
  EXPECT_EQ(
      *attachSignature(*attached, elsewhere->bytes, testKey(1).publicKey()),
      *attached);
  auto second = signEd25519(*payload, testKey(2));
  EXPECT_EQ(*attachSignature(*attached, second->bytes, testKey(2).publicKey()),
            *signPtxBin(*attached, testKey(2)));
}

TEST(Detached, WhatDoesNotHoldIsNotAttached) {
  Bytes file = buildByHand(sampleSections());
  auto made = signEd25519(*signingPayload(file), testKey(1));
  ASSERT_TRUE(made);
  expectError(attachSignature(file, made->bytes, testKey(2).publicKey()),
              ErrorKind::Untrusted, "is not one of this file by the key");
  auto bare = signEd25519(sha256(file), testKey(1));
  expectError(attachSignature(file, bare->bytes, testKey(1).publicKey()),
              ErrorKind::Untrusted, "is not one of this file");
  Bytes damaged = file;
  damaged[get64(damaged, entryAt(2) + 8)] ^= 1;
  expectError(signingPayload(damaged), ErrorKind::Malformed, "digest");
  expectError(attachSignature(damaged, made->bytes, testKey(1).publicKey()),
              ErrorKind::Malformed, "digest");
}

TEST(Detached, SignatureFiles) {
  Bytes raw(64, 0xab);
  EXPECT_TRUE(decodeSignature(raw, "s"));
  std::string base64;
  for (int i = 0; i < 21; ++i)
    base64 += "q6ur";
  base64 += "qw==";
  for (const char *end : {"", "\n"}) {
    auto decoded = decodeSignature(bytesOf(base64 + end), "s");
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(Bytes(decoded->begin(), decoded->end()), raw);
  }
  for (const Bytes &bad : {Bytes(), Bytes(63), Bytes(65), Bytes(1000),
                           bytesOf(base64 + "q6ur"), bytesOf("q6ur")})
    expectError(decodeSignature(bad, "s"), ErrorKind::Malformed, "64 bytes");
}

TEST(SealedKeys, NeedTheirPassphrase) {
  TemporaryDirectory dir;
  ASSERT_TRUE(writeKeyPair(testKey(1), dir / "k", SecretText("correct horse")));
  auto text = readFile(dir / "k.key", 4096);
  ASSERT_TRUE(text);
  EXPECT_TRUE(
      std::string(text->begin(), text->end())
          .starts_with("-----BEGIN TENSORWASM ED25519 ENCRYPTED SECRET KEY"));
  auto with = [&](const char *words) {
    return readSecretKey(
        dir / "k.key", [=] { return Expected<SecretText>(SecretText(words)); });
  };
  auto key = with("correct horse");
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->bytes, testKey(1).bytes);
  EXPECT_TRUE(readPublicKey(dir / "k.pub"));
  expectError(with("correct horse "), ErrorKind::Untrusted,
              "the passphrase is wrong");
  expectError(readSecretKey(dir / "k.key"), ErrorKind::Invalid, "encrypted");
  expectError(writeKeyPair(testKey(1), dir / "e", SecretText("")),
              ErrorKind::Invalid, "not empty");
  // The same key and words make another file: salt and nonce are random.
  ASSERT_TRUE(writeKeyPair(testKey(1), dir / "l", SecretText("correct horse")));
  EXPECT_NE(*readFile(dir / "l.key", 4096), *text);
}

TEST(SealedKeys, EveryByteCounts) {
  Seed seed{}, opened{};
  seed[0] = 7;
  auto sealed = sealSeed(seed, "p");
  ASSERT_TRUE(sealed);
  ASSERT_TRUE(openSeed(*sealed, "p", opened, "k"));
  EXPECT_EQ(opened, seed);
  // One of each part; a derivation takes a good part of a second.
  for (size_t at : {12, 28, 52, 99}) {
    SealedSeed bad = *sealed;
    bad[at] ^= 1;
    expectError(openSeed(bad, "p", opened, "k"), ErrorKind::Untrusted,
                "or the file damaged");
  }
  for (size_t at : {0, 1, 2, 3}) {
    SealedSeed bad = *sealed;
    bad[at] ^= 1;
    expectError(openSeed(bad, "p", opened, "k"), ErrorKind::Incompatible,
                "does not know");
  }
}

TEST(SealedKeys, CostsAreBoundedBeforeAnythingIsAllocated) {
  Seed seed{}, opened{};
  auto sealed = sealSeed(seed, "p");
  ASSERT_TRUE(sealed);
  // 2^32 - 1 passes, 4 TiB, none at all.
  for (auto [at, value] : {std::pair(4, uint8_t(0xff)), {8, uint8_t(0xff)}}) {
    SealedSeed bad = *sealed;
    for (int i = 0; i < 4; ++i)
      bad[at + i] = value;
    expectError(openSeed(bad, "p", opened, "k"), ErrorKind::Malformed,
                "asks for");
    for (int i = 0; i < 4; ++i)
      bad[at + i] = 0;
    expectError(openSeed(bad, "p", opened, "k"), ErrorKind::Malformed,
                "asks for");
  }
}

TEST(Keys, PemOfOpenssl) {
  // openssl pkey -pubout of the key whose seed is 00 01 ... 1f (RFC 8410).
  TemporaryDirectory dir;
  auto write = [&](const std::string &text) {
    ASSERT_TRUE(writeFileAtomic(dir / "p.pem", bytesOf(text)));
  };
  std::string good =
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n"
      "-----END PUBLIC KEY-----\n";
  write(good);
  auto key = readPublicKey(dir / "p.pem");
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(hex(key->bytes).substr(0, 8), "03a107bf");
  // X25519 in place of Ed25519; cut short.
  for (auto [from, to] : {std::pair("BQYDK2Vw", "BQYDK2Vu"), {"MCow", ""}}) {
    std::string bad = good;
    bad.replace(bad.find(from), std::string(from).size(), to);
    write(bad);
    expectError(readPublicKey(dir / "p.pem"), ErrorKind::Malformed, "expected");
  }
}
