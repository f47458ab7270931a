//===- KeySeal.cpp - secret keys under a passphrase -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Argon2id makes a key of a passphrase, XChaCha20-Poly1305 seals the seed with
// it; the numbers in front are authenticated too. Both are libsodium's.
//
//===----------------------------------------------------------------------===//

#include "Format/Crypto.h"
#include "Format/KeyFiles.h"
#include "Format/LittleEndian.h"

#include <sodium.h>

#include <algorithm>

namespace ptxbin {

// Offsets in a sealed seed.
static constexpr size_t opsAt = 4, memoryAt = 8, saltAt = 12, nonceAt = 28,
                        boxAt = 52;
static_assert(boxAt + 32 + crypto_aead_xchacha20poly1305_ietf_ABYTES ==
              sealedSeedSize);
static_assert(crypto_pwhash_argon2id_SALTBYTES == nonceAt - saltAt);
static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == boxAt - nonceAt);

// What is written; what is read may cost more, up to the limits, which keep a
// file of someone else's from taking all memory.
static constexpr uint32_t passes = 3, memoryKiB = 256 << 10;
static constexpr uint32_t maxPasses = 16, maxMemoryKiB = 1 << 20;

SecretText::~SecretText() { sodium_memzero(text.data(), text.size()); }

namespace {
struct SealKey {
  std::array<uint8_t, crypto_aead_xchacha20poly1305_ietf_KEYBYTES> bytes;
  ~SealKey() { sodium_memzero(bytes.data(), bytes.size()); }
};
} // namespace

static Expected<void> deriveKey(const SealedSeed &sealed,
                                std::string_view passphrase, SealKey &key) {
  if (crypto_pwhash_argon2id(key.bytes.data(), key.bytes.size(),
                             passphrase.data(), passphrase.size(),
                             sealed.data() + saltAt,
                             loadLE<uint32_t>(sealed, opsAt),
                             size_t(loadLE<uint32_t>(sealed, memoryAt)) << 10,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
    return makeError(
        ErrorKind::IO,
        "out of memory: a passphrase takes " +
            std::to_string(loadLE<uint32_t>(sealed, memoryAt) >> 10) + " MiB");
  return {};
}

Expected<SealedSeed> sealSeed(const Seed &seed, std::string_view passphrase) {
  if (auto ok = initCrypto(); !ok)
    return ok.error();
  if (passphrase.empty())
    return makeError(ErrorKind::Invalid,
                     "expected a passphrase that is not empty");
  SealedSeed out{};
  out[0] = 1; // version
  out[1] = 1; // Argon2id 1.3 and XChaCha20-Poly1305
  storeLE<uint32_t>(out, opsAt, passes);
  storeLE<uint32_t>(out, memoryAt, memoryKiB);
  randombytes_buf(out.data() + saltAt, boxAt - saltAt); // salt and nonce
  SealKey key;
  if (auto ok = deriveKey(out, passphrase, key); !ok)
    return ok.error();
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      out.data() + boxAt, nullptr, seed.data(), seed.size(), out.data(), boxAt,
      nullptr, out.data() + nonceAt, key.bytes.data());
  return out;
}

Expected<void> openSeed(const SealedSeed &sealed, std::string_view passphrase,
                        Seed &seed, const std::string &where) {
  if (auto ok = initCrypto(); !ok)
    return ok;
  if (sealed[0] != 1 || sealed[1] != 1 || sealed[2] || sealed[3])
    return makeError(ErrorKind::Incompatible,
                     where + ": is encrypted in a way that this version does "
                             "not know");
  uint32_t ops = loadLE<uint32_t>(sealed, opsAt),
           memory = loadLE<uint32_t>(sealed, memoryAt);
  if (ops == 0 || ops > maxPasses || memory < 8 || memory > maxMemoryKiB)
    return makeError(ErrorKind::Malformed,
                     where + ": asks for " + std::to_string(ops) +
                         " passes over " + std::to_string(memory) +
                         " KiB, expected at most " + std::to_string(maxPasses) +
                         " over " + std::to_string(maxMemoryKiB));
  SealKey key;
  if (auto ok = deriveKey(sealed, passphrase, key); !ok)
    return ok;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          seed.data(), nullptr, nullptr, sealed.data() + boxAt,
          sealed.size() - boxAt, sealed.data(), boxAt, sealed.data() + nonceAt,
          key.bytes.data()) != 0)
    return makeError(ErrorKind::Untrusted,
                     where + ": the passphrase is wrong, or the file damaged");
  return {};
}

} // namespace ptxbin
