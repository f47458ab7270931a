//===- Trailer.cpp - the signatures' place in the file --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/PTXBinFormat.md, "Trailer": where signatures lie and what makes them
// well-formed. Whether they hold is Signatures.cpp.
//
//===----------------------------------------------------------------------===//

#include "Format/Layout.h"
#include "Format/LittleEndian.h"

#include <algorithm>

namespace ptxbin::layout {

static Error malformed(std::string message) {
  return makeError(ErrorKind::Malformed, std::move(message));
}

Bytes encodeTrailer(const std::vector<Signature> &signatures) {
  Bytes out(trailerHeaderSize + signatureSize * signatures.size());
  storeLE<uint32_t>(out, 0, signatures.size());
  for (size_t i = 0; i < signatures.size(); ++i) {
    auto at = out.begin() + trailerHeaderSize + signatureSize * i;
    at[0] = signatures[i].algorithm;
    std::copy(signatures[i].keyId.begin(), signatures[i].keyId.end(), at + 8);
    std::copy(signatures[i].bytes.begin(), signatures[i].bytes.end(), at + 40);
  }
  return out;
}

Expected<std::vector<Signature>> decodeTrailer(ByteView file,
                                               const Header &header) {
  // decodeHeader has made sure that the trailer's first 8 bytes are there.
  uint64_t start = header.signedSize;
  uint32_t count = loadLE<uint32_t>(file, start);
  if (count > maxSignatures)
    return malformed("signature count at offset " + std::to_string(start) +
                     ": expected at most " + std::to_string(maxSignatures) +
                     ", but got " + std::to_string(count));
  if (loadLE<uint32_t>(file, start + 4) != 0)
    return malformed("reserved trailer bytes at offset " +
                     std::to_string(start + 4) + " are not zero");
  uint64_t end = start + trailerHeaderSize + signatureSize * count;
  if (end != file.size())
    return malformed("trailer of " + std::to_string(count) +
                     " signatures: expected the file to end at " +
                     std::to_string(end) + ", but it has " +
                     std::to_string(file.size()) + " bytes");

  std::vector<Signature> signatures(count);
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t at = start + trailerHeaderSize + signatureSize * i;
    ByteView in = file.subspan(at, signatureSize);
    std::string where =
        "signature " + std::to_string(i) + " at offset " + std::to_string(at);
    if (in[0] != algorithmEd25519)
      return malformed(where + ": expected algorithm 1 (Ed25519), but got " +
                       std::to_string(in[0]));
    if (std::any_of(in.begin() + 1, in.begin() + 8,
                    [](uint8_t byte) { return byte != 0; }))
      return malformed(where + ": reserved bytes are not zero");
    signatures[i].algorithm = in[0];
    std::copy_n(in.begin() + 8, 32, signatures[i].keyId.begin());
    std::copy_n(in.begin() + 40, 64, signatures[i].bytes.begin());
    for (uint32_t j = 0; j < i; ++j)
      if (signatures[j].keyId == signatures[i].keyId)
        return malformed(where + ": key " + hex(signatures[i].keyId) +
                         " signs twice");
  }
  return signatures;
}

} // namespace ptxbin::layout
