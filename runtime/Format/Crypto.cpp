//===- Crypto.cpp - digests and Ed25519 -----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only file that calls libsodium's hash and signature functions.
//
//===----------------------------------------------------------------------===//

#include "Format/Crypto.h"
#include "Format/Layout.h"

#include <sodium.h>

namespace ptxbin {

Expected<void> initCrypto() {
  static const int status = sodium_init();
  if (status < 0)
    return makeError(ErrorKind::IO, "libsodium cannot be initialised");
  return {};
}

std::string hex(ByteView bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

Digest sha256(ByteView bytes) {
  Digest digest;
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  return digest;
}

SecretKey::~SecretKey() { sodium_memzero(bytes.data(), bytes.size()); }

PublicKey SecretKey::publicKey() const {
  PublicKey key;
  crypto_sign_ed25519_sk_to_pk(key.bytes.data(), bytes.data());
  return key;
}

Digest keyId(const PublicKey &key) {
  std::array<uint8_t, 33> message;
  message[0] = layout::algorithmEd25519;
  std::copy(key.bytes.begin(), key.bytes.end(), message.begin() + 1);
  return sha256(message);
}

Expected<SecretKey> generateKey() {
  if (auto ok = initCrypto(); !ok)
    return ok.error();
  SecretKey key;
  PublicKey ignored;
  crypto_sign_keypair(ignored.bytes.data(), key.bytes.data());
  return key;
}

bool verifyEd25519(const Signature &signature, ByteView message,
                   const PublicKey &key) {
  return initCrypto() &&
         crypto_sign_verify_detached(signature.bytes.data(), message.data(),
                                     message.size(), key.bytes.data()) == 0;
}

Expected<Signature> signEd25519(ByteView message, const SecretKey &key) {
  if (auto ok = initCrypto(); !ok)
    return ok.error();
  Signature signature;
  signature.algorithm = layout::algorithmEd25519;
  signature.keyId = keyId(key.publicKey());
  crypto_sign_detached(signature.bytes.data(), nullptr, message.data(),
                       message.size(), key.bytes.data());
  // A key whose public half is not its own would sign what nobody accepts.
  if (!verifyEd25519(signature, message, key.publicKey()))
    return makeError(ErrorKind::Invalid,
                     "secret key does not fit its public key");
  return signature;
}

} // namespace ptxbin
