//===- KeyFiles.h - key files with a passphrase -----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Secret keys that are encrypted at rest. docs/PTXBinFormat.md, "Key files".
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_KEYFILES_H
#define TWRUN_FORMAT_KEYFILES_H

#include "Format/PtxBin.h"

#include <functional>

namespace ptxbin {

/// Text that is wiped when done with.
struct SecretText {
  std::string text;
  SecretText() = default;
  explicit SecretText(std::string text) : text(std::move(text)) {}
  SecretText(SecretText &&) = default;
  SecretText &operator=(SecretText &&) = default;
  ~SecretText();
};

/// Where a passphrase comes from. Called once, and only for a file that is
/// encrypted.
using AskPassphrase = std::function<Expected<SecretText>()>;

/// writeKeyPair, with the secret key encrypted.
Expected<void> writeKeyPair(const SecretKey &key, const std::string &prefix,
                            const SecretText &passphrase);
/// readSecretKey, for files that may be encrypted.
Expected<SecretKey> readSecretKey(const std::string &path,
                                  const AskPassphrase &ask);
/// The text of a public key file.
std::string encodePublicKey(const PublicKey &key);

using Seed = std::array<uint8_t, 32>;

/// A seed, sealed under a passphrase, with all that is needed to open it.
inline constexpr size_t sealedSeedSize = 100;
using SealedSeed = std::array<uint8_t, sealedSeedSize>;
Expected<SealedSeed> sealSeed(const Seed &seed, std::string_view passphrase);
/// `where` is put in front of messages.
Expected<void> openSeed(const SealedSeed &sealed, std::string_view passphrase,
                        Seed &seed, const std::string &where);

} // namespace ptxbin

#endif // TWRUN_FORMAT_KEYFILES_H
