//===- Signatures.cpp - which signatures admit a file ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/PTXBinFormat.md, "Signing" and "Verification".
//
//===----------------------------------------------------------------------===//

#include "Format/Signatures.h"
#include "Format/Crypto.h"
#include "Format/Layout.h"

#include <algorithm>

namespace ptxbin {

static Error untrusted(std::string message) {
  return makeError(ErrorKind::Untrusted, std::move(message));
}

Expected<std::vector<PublicKey>>
checkSignatures(const std::vector<Signature> &signatures, ByteView message,
                const TrustOptions &trust) {
  std::vector<PublicKey> good;
  for (size_t i = 0; i < signatures.size(); ++i) {
    const Signature &signature = signatures[i];
    auto key = std::find_if(
        trust.keys.begin(), trust.keys.end(),
        [&](const PublicKey &key) { return keyId(key) == signature.keyId; });
    if (key == trust.keys.end())
      continue;
    // One bad signature by a known key outweighs any number of good ones: the
    // file was changed after that key's owner had seen it.
    if (!verifyEd25519(signature, message, *key))
      return untrusted("signature " + std::to_string(i) + " by trusted key " +
                       hex(signature.keyId) + " is bad");
    good.push_back(*key);
  }
  if (!good.empty())
    return good;
  if (signatures.empty()) {
    if (trust.allowUnsigned)
      return good;
    return untrusted("file is not signed; sign it with twreg sign");
  }
  std::string names = "none of the file's " +
                      std::to_string(signatures.size()) +
                      " signatures is by a trusted key; signed by";
  for (const Signature &signature : signatures)
    names += ' ' + hex(signature.keyId);
  return untrusted(std::move(names));
}

} // namespace ptxbin
