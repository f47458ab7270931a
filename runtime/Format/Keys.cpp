//===- Keys.cpp - key files -----------------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/PTXBinFormat.md, "Key files". A secret key file holds the 32-byte seed
// alone: the public half is derived again, so that the two cannot disagree.
//
//===----------------------------------------------------------------------===//

#include "Format/Crypto.h"
#include "Format/FileIO.h"

#include <sodium.h>

#include <cstring>
#include <string_view>

namespace ptxbin {

static constexpr std::string_view secretLabel = "TENSORWASM ED25519 SECRET KEY";
static constexpr std::string_view publicLabel = "TENSORWASM ED25519 PUBLIC KEY";

// 32 bytes are 44 characters of base64; more is not a key file.
static constexpr uint64_t maxKeyFileBytes = 256;

namespace {
/// Text that may hold a secret, wiped when done with.
struct SecretText {
  std::string text;
  ~SecretText() { sodium_memzero(text.data(), text.size()); }
};
} // namespace

static std::string beginLine(std::string_view label) {
  return "-----BEGIN " + std::string(label) + "-----\n";
}

static std::string endLine(std::string_view label) {
  return "-----END " + std::string(label) + "-----\n";
}

static std::string encodeKey(std::string_view label, ByteView bytes) {
  char base64[sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_ORIGINAL)];
  sodium_bin2base64(base64, sizeof base64, bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  // Reserved first, so that no copy of a secret is left behind by growth.
  std::string text;
  text.reserve(maxKeyFileBytes);
  text += beginLine(label);
  text += base64;
  text += '\n';
  text += endLine(label);
  sodium_memzero(base64, sizeof base64);
  return text;
}

/// The 32 bytes between the two lines of `label`. The one form that encodeKey
/// writes is the one that is read.
static Expected<void> decodeKey(const std::string &path, std::string_view label,
                                std::string_view text,
                                std::array<uint8_t, 32> &out) {
  std::string begin = beginLine(label), end = endLine(label);
  size_t size = 0;
  if (text.size() < begin.size() + end.size() || !text.starts_with(begin) ||
      !text.ends_with(end))
    return makeError(ErrorKind::Malformed,
                     path + ": expected a key file that starts with '" +
                         begin.substr(0, begin.size() - 1) + "'");
  text.remove_prefix(begin.size());
  text.remove_suffix(end.size());
  if (!text.ends_with('\n') ||
      sodium_base642bin(out.data(), out.size(), text.data(), text.size() - 1,
                        nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0 ||
      size != out.size())
    return makeError(ErrorKind::Malformed,
                     path + ": expected one line with the base64 of 32 bytes "
                            "in the key file");
  return {};
}

Expected<void> writeKeyPair(const SecretKey &key, const std::string &prefix) {
  if (auto ok = initCrypto(); !ok)
    return ok;
  std::array<uint8_t, 32> seed;
  crypto_sign_ed25519_sk_to_seed(seed.data(), key.bytes.data());
  SecretText secret{encodeKey(secretLabel, seed)};
  sodium_memzero(seed.data(), seed.size());
  std::string publicText = encodeKey(publicLabel, key.publicKey().bytes);

  std::string secretPath = prefix + ".key", publicPath = prefix + ".pub";
  if (auto ok = createFile(secretPath, secret.text, 0600); !ok)
    return ok;
  if (auto ok = createFile(publicPath, publicText, 0644); !ok) {
    removeFile(secretPath); // It is ours: createFile never overwrites.
    return ok;
  }
  return {};
}

Expected<SecretKey> readSecretKey(const std::string &path) {
  if (auto ok = initCrypto(); !ok)
    return ok.error();
  auto bytes = readPrivateFile(path, maxKeyFileBytes);
  if (!bytes)
    return bytes.error();
  SecretText secret{std::string(bytes->begin(), bytes->end())};
  sodium_memzero(bytes->data(), bytes->size());
  std::array<uint8_t, 32> seed;
  if (auto ok = decodeKey(path, secretLabel, secret.text, seed); !ok)
    return ok.error();
  SecretKey key;
  PublicKey ignored;
  crypto_sign_seed_keypair(ignored.bytes.data(), key.bytes.data(), seed.data());
  sodium_memzero(seed.data(), seed.size());
  return key;
}

/// Under a small-order key one signature fits many messages.
static Expected<PublicKey> checkPublicKey(const PublicKey &key,
                                          const std::string &where) {
  if (!crypto_core_ed25519_is_valid_point(key.bytes.data()))
    return makeError(ErrorKind::Malformed,
                     where + ": not an Ed25519 public key (not a point of the "
                             "prime-order group)");
  return key;
}

Expected<PublicKey> parsePublicKey(std::string_view base64,
                                   const std::string &where) {
  if (auto ok = initCrypto(); !ok)
    return ok.error();
  PublicKey key;
  size_t size = 0;
  if (sodium_base642bin(key.bytes.data(), key.bytes.size(), base64.data(),
                        base64.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0 ||
      size != key.bytes.size())
    return makeError(ErrorKind::Malformed,
                     where + ": expected the base64 of 32 bytes");
  return checkPublicKey(key, where);
}

Expected<PublicKey> readPublicKey(const std::string &path) {
  if (auto ok = initCrypto(); !ok)
    return ok.error();
  auto bytes = readFile(path, maxKeyFileBytes);
  if (!bytes)
    return bytes.error();
  PublicKey key;
  std::string_view text(reinterpret_cast<const char *>(bytes->data()),
                        bytes->size());
  if (auto ok = decodeKey(path, publicLabel, text, key.bytes); !ok)
    return ok.error();
  return checkPublicKey(key, path);
}

} // namespace ptxbin
