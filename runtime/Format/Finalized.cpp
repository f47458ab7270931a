//===- Finalized.cpp - cubins made on a GPU machine -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same order as for artifacts: sizes, signatures, then what they cover.
//
//===----------------------------------------------------------------------===//

#include "Format/Finalized.h"
#include "Format/Crypto.h"
#include "Format/Images.h"
#include "Format/Layout.h"
#include "Format/LittleEndian.h"
#include "Format/Signatures.h"

#include <algorithm>

namespace ptxbin {

static constexpr std::array<uint8_t, 8> finalizedMagic = {
    0x89, 'T', 'W', 'F', 0x0d, 0x0a, 0x1a, 0x0a};
static constexpr uint64_t finalizedHeader = 160;
static constexpr std::string_view finalizedType = "tensorwasm/finalized";
static constexpr uint8_t finalizedMajor = 1;

static Error malformed(std::string message) {
  return makeError(ErrorKind::Malformed, "finalized image: " + message);
}

static Bytes messageOf(ByteView file) {
  return layout::typedBytes(finalizedType, finalizedMajor,
                            file.first(finalizedHeader));
}

bool Finalized::isOne(ByteView file) {
  return file.size() >= finalizedMagic.size() &&
         std::equal(finalizedMagic.begin(), finalizedMagic.end(), file.begin());
}

ByteView Finalized::cubin() const {
  return ByteView(file).subspan(finalizedHeader, cubinSize);
}

Expected<Finalized> Finalized::open(Bytes bytes, const TrustOptions *trust) {
  Finalized out;
  out.file = std::move(bytes);
  ByteView file = out.file;
  if (!isOne(file))
    return malformed("does not start with its magic number");
  if (file.size() < finalizedHeader + layout::trailerHeaderSize ||
      file.size() > maxFileBytes)
    return malformed("has " + std::to_string(file.size()) + " bytes");
  if (file[8] != finalizedMajor || loadLE<uint32_t>(file, 12) != 0)
    return makeError(ErrorKind::Incompatible,
                     "finalized image: is of version " +
                         std::to_string(file[8]) +
                         ", or needs what this version does not know");
  out.cubinSize = loadLE<uint64_t>(file, 24);
  layout::Header header;
  header.signedSize = loadLE<uint64_t>(file, 16);
  // Bounded by the file, so that the sums below cannot overflow.
  if (loadLE<uint16_t>(file, 10) != finalizedHeader || out.cubinSize == 0 ||
      out.cubinSize > file.size() ||
      header.signedSize != layout::alignUp(finalizedHeader + out.cubinSize) ||
      header.signedSize > file.size() - layout::trailerHeaderSize)
    return malformed("its sizes do not fit its " + std::to_string(file.size()) +
                     " bytes");
  auto signatures = layout::decodeTrailer(file, header);
  if (!signatures)
    return signatures.error();
  out.signatureTable = std::move(*signatures);
  Bytes message = messageOf(file);
  out.digest = sha256(message);
  if (trust) {
    auto signers = checkSignatures(out.signatureTable, message, *trust);
    if (!signers)
      return signers.error();
    out.goodSigners = std::move(*signers);
  }

  auto isZero = [&](uint64_t from, uint64_t to) {
    return std::all_of(file.begin() + from, file.begin() + to,
                       [](uint8_t byte) { return byte == 0; });
  };
  if (!isZero(34, 36) || !isZero(40, 48) || !isZero(144, finalizedHeader) ||
      !isZero(finalizedHeader + out.cubinSize, header.signedSize))
    return malformed("reserved bytes or padding are not zero");
  out.about.cc = loadLE<uint16_t>(file, 32);
  out.about.driverVersion = loadLE<uint32_t>(file, 36);
  std::copy_n(file.begin() + 48, 32, out.about.contentId.begin());
  std::copy_n(file.begin() + 80, 32, out.about.ptxDigest.begin());
  Digest cubinDigest;
  std::copy_n(file.begin() + 112, 32, cubinDigest.begin());
  if (sha256(out.cubin()) != cubinDigest)
    return malformed("the cubin does not have the digest that was signed");
  SectionKey key;
  key.type = SectionType::Cubin;
  key.cc = out.about.cc;
  if (auto ok = checkImage(key, out.cubin()); !ok)
    return ok.error();
  return out;
}

Expected<Finalized> Finalized::openVerified(Bytes file,
                                            const TrustOptions &trust) {
  return open(std::move(file), &trust);
}

Expected<Finalized> Finalized::openUnverified(Bytes file) {
  return open(std::move(file), nullptr);
}

Expected<void> Finalized::checkBelongsTo(const PtxBin &artifact) const {
  if (about.contentId != artifact.contentId())
    return makeError(ErrorKind::Untrusted,
                     "the finalized image was made of content id " +
                         hex(about.contentId) + ", but this is " +
                         hex(artifact.contentId()));
  for (const Section &section : artifact.sections())
    if (section.key.type == SectionType::PTX &&
        section.rawDigest == about.ptxDigest)
      return {};
  return makeError(ErrorKind::Malformed,
                   "the finalized image was made of PTX that the artifact "
                   "does not have");
}

Expected<Bytes> writeFinalized(const FinalizedInfo &info, ByteView cubin,
                               const SecretKey &key) {
  if (auto ok = initCrypto(); !ok)
    return ok.error();
  if (cubin.empty() || cubin.size() > maxFileBytes / 2)
    return makeError(ErrorKind::Invalid,
                     "a cubin of " + std::to_string(cubin.size()) + " bytes");
  Bytes file(layout::alignUp(finalizedHeader + cubin.size()));
  std::copy(finalizedMagic.begin(), finalizedMagic.end(), file.begin());
  file[8] = finalizedMajor;
  storeLE<uint16_t>(file, 10, finalizedHeader);
  storeLE<uint64_t>(file, 16, file.size());
  storeLE<uint64_t>(file, 24, cubin.size());
  storeLE<uint16_t>(file, 32, info.cc);
  storeLE<uint32_t>(file, 36, info.driverVersion);
  std::copy(info.contentId.begin(), info.contentId.end(), file.begin() + 48);
  std::copy(info.ptxDigest.begin(), info.ptxDigest.end(), file.begin() + 80);
  Digest digest = sha256(cubin);
  std::copy(digest.begin(), digest.end(), file.begin() + 112);
  std::copy(cubin.begin(), cubin.end(), file.begin() + finalizedHeader);
  auto signature = signEd25519(messageOf(file), key);
  if (!signature)
    return signature.error();
  Bytes trailer = layout::encodeTrailer({*signature});
  file.insert(file.end(), trailer.begin(), trailer.end());
  return file;
}

} // namespace ptxbin
