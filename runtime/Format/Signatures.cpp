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

Expected<Bytes> signPtxBin(ByteView file, const SecretKey &key) {
  auto opened = PtxBin::openUnverified(Bytes(file.begin(), file.end()));
  if (!opened)
    return opened.error();
  // Who signs vouches for the raw bytes too.
  for (size_t i = 0; i < opened->sections().size(); ++i)
    if (auto raw = opened->raw(i); !raw)
      return raw.error();

  uint64_t tableEnd =
      layout::headerSize + layout::entrySize * opened->sections().size();
  auto signature = signEd25519(layout::signedBytes(file.first(tableEnd)), key);
  if (!signature)
    return signature.error();

  std::vector<Signature> signatures = opened->signatures();
  auto same = std::find_if(
      signatures.begin(), signatures.end(),
      [&](const Signature &old) { return old.keyId == signature->keyId; });
  if (same != signatures.end())
    *same = *signature;
  else
    signatures.push_back(*signature);
  if (signatures.size() > maxSignatures)
    return makeError(ErrorKind::Invalid, "file already carries " +
                                             std::to_string(maxSignatures) +
                                             " signatures, the limit");

  const Section &last = opened->sections().back();
  uint64_t signedSize = layout::alignUp(last.offset + last.storedSize);
  Bytes trailer = layout::encodeTrailer(signatures);
  if (signedSize + trailer.size() > maxFileBytes)
    return makeError(ErrorKind::Invalid,
                     "signed file would exceed the limit of " +
                         std::to_string(maxFileBytes) + " bytes");
  Bytes out(file.begin(), file.begin() + signedSize);
  out.insert(out.end(), trailer.begin(), trailer.end());
  return out;
}

} // namespace ptxbin
