//===- Signing.cpp - signatures made here and elsewhere -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A signature goes into the trailer; neither the signed bytes nor the content
// id change.
//
//===----------------------------------------------------------------------===//

#include "Format/Signing.h"
#include "Format/Crypto.h"
#include "Format/Layout.h"

#include <sodium.h>

#include <algorithm>

namespace ptxbin {

/// Opens a file that somebody is about to vouch for.
static Expected<PtxBin> openForSigning(ByteView file) {
  auto opened = PtxBin::openUnverified(Bytes(file.begin(), file.end()));
  if (!opened)
    return opened;
  // Who signs vouches for the raw bytes too.
  for (size_t i = 0; i < opened->sections().size(); ++i)
    if (auto raw = opened->raw(i); !raw)
      return raw.error();
  return opened;
}

static Bytes messageOf(const PtxBin &bin) {
  uint64_t tableEnd =
      layout::headerSize + layout::entrySize * bin.sections().size();
  return layout::signedBytes(bin.bytes().first(tableEnd));
}

static Expected<Bytes> withSignature(const PtxBin &bin,
                                     const Signature &signature) {
  std::vector<Signature> signatures = bin.signatures();
  auto same = std::find_if(
      signatures.begin(), signatures.end(),
      [&](const Signature &old) { return old.keyId == signature.keyId; });
  if (same != signatures.end())
    *same = signature;
  else
    signatures.push_back(signature);
  if (signatures.size() > maxSignatures)
    return makeError(ErrorKind::Invalid, "file already carries " +
                                             std::to_string(maxSignatures) +
                                             " signatures, the limit");
  const Section &last = bin.sections().back();
  uint64_t signedSize = layout::alignUp(last.offset + last.storedSize);
  Bytes trailer = layout::encodeTrailer(signatures);
  if (signedSize + trailer.size() > maxFileBytes)
    return makeError(ErrorKind::Invalid,
                     "signed file would exceed the limit of " +
                         std::to_string(maxFileBytes) + " bytes");
  Bytes out(bin.bytes().begin(), bin.bytes().begin() + signedSize);
  out.insert(out.end(), trailer.begin(), trailer.end());
  return out;
}

Expected<Bytes> signPtxBin(ByteView file, const SecretKey &key) {
  auto opened = openForSigning(file);
  if (!opened)
    return opened.error();
  auto signature = signEd25519(messageOf(*opened), key);
  if (!signature)
    return signature.error();
  return withSignature(*opened, *signature);
}

Expected<Bytes> signingPayload(ByteView file) {
  auto opened = openForSigning(file);
  if (!opened)
    return opened.error();
  return messageOf(*opened);
}

Expected<Bytes> attachSignature(ByteView file, const SignatureBytes &bytes,
                                const PublicKey &key) {
  auto opened = openForSigning(file);
  if (!opened)
    return opened.error();
  Signature signature;
  signature.algorithm = layout::algorithmEd25519;
  signature.keyId = keyId(key);
  signature.bytes = bytes;
  if (!verifyEd25519(signature, messageOf(*opened), key))
    return makeError(ErrorKind::Untrusted,
                     "the signature is not one of this file by the key " +
                         hex(signature.keyId));
  return withSignature(*opened, signature);
}

Expected<SignatureBytes> decodeSignature(ByteView bytes,
                                         const std::string &where) {
  SignatureBytes out;
  if (bytes.size() == out.size()) {
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
  }
  std::string_view text(reinterpret_cast<const char *>(bytes.data()),
                        bytes.size());
  size_t size = 0;
  // Tools break long base64 into lines.
  if (text.size() > 128 ||
      sodium_base642bin(out.data(), out.size(), text.data(), text.size(), "\n",
                        &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0 ||
      size != out.size())
    return makeError(ErrorKind::Malformed,
                     where + ": expected the 64 bytes of an Ed25519 signature, "
                             "or their base64");
  return out;
}

} // namespace ptxbin
