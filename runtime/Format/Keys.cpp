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
#include "Format/KeyFiles.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace ptxbin {

static constexpr std::string_view secretLabel = "TENSORWASM ED25519 SECRET KEY";
static constexpr std::string_view publicLabel = "TENSORWASM ED25519 PUBLIC KEY";

static constexpr std::string_view sealedLabel =
    "TENSORWASM ED25519 ENCRYPTED SECRET KEY";
// RFC 8410's, which is what openssl and hardware modules give out.
static constexpr std::string_view spkiLabel = "PUBLIC KEY";
static constexpr std::array<uint8_t, 12> spkiPrefix = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

// The longest, 100 bytes in base64 between two lines; more is no key file.
static constexpr uint64_t maxKeyFileBytes = 256;

static std::string beginLine(std::string_view label) {
  return "-----BEGIN " + std::string(label) + "-----\n";
}

static std::string endLine(std::string_view label) {
  return "-----END " + std::string(label) + "-----\n";
}

static std::string encodeKey(std::string_view label, ByteView bytes) {
  char base64[sodium_base64_ENCODED_LEN(sealedSeedSize,
                                        sodium_base64_VARIANT_ORIGINAL)];
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

static bool isKey(std::string_view label, std::string_view text) {
  return text.starts_with(beginLine(label));
}

/// The bytes between the two lines of `label`, as many as `out` has. The one form that encodeKey
/// writes is the one that is read.
static Expected<void> decodeKey(const std::string &path, std::string_view label,
                                std::string_view text,
                                std::span<uint8_t> out) {
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
                     path + ": expected one line with the base64 of " +
                         std::to_string(out.size()) +
                         " bytes in the key file");
  return {};
}

std::string encodePublicKey(const PublicKey &key) {
  return encodeKey(publicLabel, key.bytes);
}

static Expected<void> writeBoth(const std::string &prefix,
                                const SecretText &secret,
                                const PublicKey &key) {
  std::string secretPath = prefix + ".key", publicPath = prefix + ".pub";
  if (auto ok = createFile(secretPath, secret.text, 0600); !ok)
    return ok;
  if (auto ok = createFile(publicPath, encodePublicKey(key), 0644); !ok) {
    removeFile(secretPath); // It is ours: createFile never overwrites.
    return ok;
  }
  return {};
}

namespace {
struct WipedSeed {
  Seed bytes{};
  ~WipedSeed() { sodium_memzero(bytes.data(), bytes.size()); }
};
} // namespace

Expected<void> writeKeyPair(const SecretKey &key, const std::string &prefix) {
  if (auto ok = initCrypto(); !ok)
    return ok;
  WipedSeed seed;
  crypto_sign_ed25519_sk_to_seed(seed.bytes.data(), key.bytes.data());
  return writeBoth(prefix, SecretText{encodeKey(secretLabel, seed.bytes)},
                   key.publicKey());
}

Expected<void> writeKeyPair(const SecretKey &key, const std::string &prefix,
                            const SecretText &passphrase) {
  if (auto ok = initCrypto(); !ok)
    return ok;
  WipedSeed seed;
  crypto_sign_ed25519_sk_to_seed(seed.bytes.data(), key.bytes.data());
  auto sealed = sealSeed(seed.bytes, passphrase.text);
  if (!sealed)
    return sealed.error();
  return writeBoth(prefix, SecretText{encodeKey(sealedLabel, *sealed)},
                   key.publicKey());
}

Expected<SecretKey> readSecretKey(const std::string &path) {
  return readSecretKey(path, nullptr);
}

Expected<SecretKey> readSecretKey(const std::string &path,
                                  const AskPassphrase &ask) {
  if (auto ok = initCrypto(); !ok)
    return ok.error();
  auto bytes = readPrivateFile(path, maxKeyFileBytes);
  if (!bytes)
    return bytes.error();
  SecretText secret{std::string(bytes->begin(), bytes->end())};
  sodium_memzero(bytes->data(), bytes->size());
  WipedSeed seed;
  if (!isKey(sealedLabel, secret.text)) {
    if (auto ok = decodeKey(path, secretLabel, secret.text, seed.bytes); !ok)
      return ok.error();
  } else {
    SealedSeed sealed;
    if (auto ok = decodeKey(path, sealedLabel, secret.text, sealed); !ok)
      return ok.error();
    if (!ask)
      return makeError(ErrorKind::Invalid,
                       path + ": is encrypted, and nobody can be asked for "
                              "its passphrase here");
    auto passphrase = ask();
    if (!passphrase)
      return passphrase.error();
    if (auto ok = openSeed(sealed, passphrase->text, seed.bytes, path); !ok)
      return ok.error();
  }
  SecretKey key;
  PublicKey ignored;
  crypto_sign_seed_keypair(ignored.bytes.data(), key.bytes.data(),
                           seed.bytes.data());
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
  if (isKey(spkiLabel, text)) {
    std::array<uint8_t, spkiPrefix.size() + 32> der;
    if (auto ok = decodeKey(path, spkiLabel, text, der); !ok)
      return ok.error();
    if (!std::equal(spkiPrefix.begin(), spkiPrefix.end(), der.begin()))
      return makeError(ErrorKind::Malformed,
                       path + ": expected a public key of Ed25519 (RFC 8410)");
    std::copy(der.begin() + spkiPrefix.size(), der.end(), key.bytes.begin());
    return checkPublicKey(key, path);
  }
  if (auto ok = decodeKey(path, publicLabel, text, key.bytes); !ok)
    return ok.error();
  return checkPublicKey(key, path);
}

} // namespace ptxbin
