//===- KeysTest.cpp - key files -------------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/PTXBinFormat.md, "Key files".
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

#include <sys/stat.h>

using namespace ptxbin;
using namespace ptxbin::test;

static void write(const std::string &path, const std::string &text,
                  unsigned mode = 0600) {
  auto ok = writeFileAtomic(path, bytesOf(text), mode);
  ASSERT_TRUE(ok) << ok.error().message;
}

static std::string read(const std::string &path) {
  auto bytes = readFile(path, 4096);
  EXPECT_TRUE(bytes);
  return bytes ? std::string(bytes->begin(), bytes->end()) : "";
}

template <typename T>
static void expectError(const Expected<T> &result, ErrorKind kind,
                        const std::string &words) {
  ASSERT_FALSE(result) << "accepted, but expected: " << words;
  EXPECT_EQ(result.error().kind, kind) << result.error().message;
  EXPECT_NE(result.error().message.find(words), std::string::npos)
      << result.error().message;
}

TEST(Keys, RoundTrip) {
  TemporaryDirectory dir;
  auto key = generateKey();
  ASSERT_TRUE(key);
  ASSERT_TRUE(writeKeyPair(*key, dir / "k"));
  auto secret = readSecretKey(dir / "k.key");
  ASSERT_TRUE(secret) << secret.error().message;
  EXPECT_EQ(secret->bytes, key->bytes);
  auto publicKey = readPublicKey(dir / "k.pub");
  ASSERT_TRUE(publicKey) << publicKey.error().message;
  EXPECT_EQ(*publicKey, key->publicKey());

  struct stat status;
  ASSERT_EQ(::stat((dir / "k.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);

  auto other = generateKey();
  ASSERT_TRUE(other);
  EXPECT_NE(other->bytes, key->bytes);
}

TEST(Keys, ExactText) {
  TemporaryDirectory dir;
  ASSERT_TRUE(writeKeyPair(testKey(1), dir / "k"));
  EXPECT_EQ(read(dir / "k.key"),
            "-----BEGIN TENSORWASM ED25519 SECRET KEY-----\n"
            "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
            "-----END TENSORWASM ED25519 SECRET KEY-----\n");
  EXPECT_EQ(read(dir / "k.pub"),
            "-----BEGIN TENSORWASM ED25519 PUBLIC KEY-----\n"
            "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=\n"
            "-----END TENSORWASM ED25519 PUBLIC KEY-----\n");
}

TEST(Keys, NeverOverwritten) {
  TemporaryDirectory dir;
  ASSERT_TRUE(writeKeyPair(testKey(1), dir / "k"));
  std::string before = read(dir / "k.key");
  expectError(writeKeyPair(testKey(2), dir / "k"), ErrorKind::Invalid,
              "k.key: exists and is not overwritten");
  EXPECT_EQ(read(dir / "k.key"), before);

  // A public key in the way: no secret key is left behind either.
  write(dir / "p.pub", "mine");
  expectError(writeKeyPair(testKey(2), dir / "p"), ErrorKind::Invalid,
              "p.pub: exists");
  EXPECT_EQ(read(dir / "p.pub"), "mine");
  EXPECT_EQ(dir.list(), (std::vector<std::string>{"k.key", "k.pub", "p.pub"}));
}

TEST(Keys, SecretOpenToOthersIsRefused) {
  TemporaryDirectory dir;
  ASSERT_TRUE(writeKeyPair(testKey(1), dir / "k"));
  for (unsigned mode : {0640u, 0604u, 0620u, 0602u, 0644u, 0610u}) {
    ASSERT_EQ(::chmod((dir / "k.key").c_str(), mode), 0);
    expectError(readSecretKey(dir / "k.key"), ErrorKind::Invalid, "chmod 600");
  }
  ASSERT_EQ(::chmod((dir / "k.key").c_str(), 0400), 0);
  EXPECT_TRUE(readSecretKey(dir / "k.key"));
}

TEST(Keys, FilesThatAreNotKeys) {
  TemporaryDirectory dir;
  expectError(readSecretKey(dir / "none"), ErrorKind::NotFound, "none");
  expectError(readPublicKey(dir / "none"), ErrorKind::NotFound, "none");
  expectError(readSecretKey(dir / "."), ErrorKind::Invalid, "regular file");
  ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  expectError(readSecretKey(dir / "pipe"), ErrorKind::Invalid, "regular file");

  // The one kind in place of the other.
  ASSERT_TRUE(writeKeyPair(testKey(1), dir / "k"));
  expectError(readSecretKey(dir / "k.pub"), ErrorKind::Invalid, "chmod 600");
  ASSERT_EQ(::chmod((dir / "k.pub").c_str(), 0600), 0);
  expectError(readSecretKey(dir / "k.pub"), ErrorKind::Malformed, "SECRET KEY");
  expectError(readPublicKey(dir / "k.key"), ErrorKind::Malformed, "PUBLIC KEY");

  std::string good = read(dir / "k.key");
  size_t middle = good.find("\nAQ") + 1;
  std::vector<std::string> bad = {
      "",
      "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n",
      good + "\n",
      " " + good,
      good.substr(0, good.size() - 1),
      std::string(good).replace(middle, 4, "AQEB\nAQEB"),
      std::string(good).replace(middle, 4, ""),
      std::string(good).replace(middle, 4, "AQEBAQEB"),
      std::string(good).replace(middle, 4, "A*EB"),
      std::string(good).replace(middle + 42, 1, "F"), // Stray low bits.
      std::string(good).replace(middle + 43, 1, ""),  // No padding.
      std::string(good).insert(middle, "\n"),
      std::string(good).insert(middle, 1, '\0'),
  };
  for (size_t i = 0; i < bad.size(); ++i) {
    write(dir / "bad", bad[i]);
    auto key = readSecretKey(dir / "bad");
    ASSERT_FALSE(key) << i;
    EXPECT_EQ(key.error().kind, ErrorKind::Malformed) << i;
  }
  write(dir / "bad", std::string(10000, 'A'));
  expectError(readSecretKey(dir / "bad"), ErrorKind::Malformed, "limit of 256");
}

TEST(Keys, PublicKeysOffThePrimeOrderGroup) {
  TemporaryDirectory dir;
  for (const char *base64 :
       {"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",    // The neutral point.
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",    // Of order 4.
        "7P///////////////////////////////////////38=",    // Of order 2.
        "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",    // Not on the curve.
        "//////////////////////////////////////////8="}) { // Not canonical.
    write(dir / "k.pub",
          std::string("-----BEGIN TENSORWASM ED25519 PUBLIC KEY-----\n") +
              base64 + "\n-----END TENSORWASM ED25519 PUBLIC KEY-----\n");
    expectError(readPublicKey(dir / "k.pub"), ErrorKind::Malformed,
                "not an Ed25519 public key");
  }
}

TEST(Keys, Id) {
  Bytes message = {1};
  PublicKey key = testKey(1).publicKey();
  message.insert(message.end(), key.bytes.begin(), key.bytes.end());
  EXPECT_EQ(keyId(key), sha256(message));
}
