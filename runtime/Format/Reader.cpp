//===- Reader.cpp - opening a .ptxbin -------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The order of checks is the point of this file: header, trailer, signatures,
// then the table, then the digest of every section, and only then the first
// section that is parsed, the manifest.
//
//===----------------------------------------------------------------------===//

#include "Format/Compression.h"
#include "Format/Layout.h"
#include "Format/Signatures.h"

#include <algorithm>

namespace ptxbin {

struct PtxBinReader {
  /// Without `trust`, signatures are read but not judged.
  static Expected<PtxBin> open(Bytes file, const TrustOptions *trust);

private:
  static Expected<void> readTable(PtxBin &bin, const layout::Header &header);
  static Expected<void> checkContents(const PtxBin &bin,
                                      const layout::Header &header);
};

Expected<void> PtxBinReader::readTable(PtxBin &bin,
                                       const layout::Header &header) {
  for (uint32_t i = 0; i < header.sectionCount; ++i) {
    auto section = layout::decodeEntry(bin.file, i);
    if (!section)
      return section.error();
    bin.sectionTable.push_back(*section);
  }
  return layout::checkTable(bin.sectionTable, header);
}

/// Digests of all sections, and zeros between them.
Expected<void> PtxBinReader::checkContents(const PtxBin &bin,
                                           const layout::Header &header) {
  ByteView file = bin.file;
  for (size_t i = 0; i < bin.sectionTable.size(); ++i) {
    const Section &section = bin.sectionTable[i];
    std::string where = "section " + std::to_string(i) + " (" +
                        layout::describe(section.key) + ") at offset " +
                        std::to_string(section.offset);
    if (sha256(bin.stored(i)) != section.storedDigest)
      return makeError(ErrorKind::Malformed,
                       where + ": bytes do not have the digest that the "
                               "section table gives");
    uint64_t end = section.offset + section.storedSize;
    ByteView padding = file.subspan(end, layout::alignUp(end) - end);
    if (std::any_of(padding.begin(), padding.end(),
                    [](uint8_t byte) { return byte != 0; }))
      return makeError(ErrorKind::Malformed,
                       where + ": padding after it is not zero");
  }
  return {};
}

Expected<PtxBin> PtxBinReader::open(Bytes file, const TrustOptions *trust) {
  PtxBin bin;
  bin.file = std::move(file);
  ByteView bytes = bin.file;

  auto header = layout::decodeHeader(bytes);
  if (!header)
    return header.error();
  auto signatures = layout::decodeTrailer(bytes, *header);
  if (!signatures)
    return signatures.error();
  bin.signatureTable = std::move(*signatures);

  Bytes message = layout::signedBytes(bytes.first(header->tableEnd()));
  bin.id = sha256(message);
  if (trust) {
    auto signers = checkSignatures(bin.signatureTable, message, *trust);
    if (!signers)
      return signers.error();
    bin.goodSigners = std::move(*signers);
  }

  if (auto ok = readTable(bin, *header); !ok)
    return ok.error();
  if (auto ok = checkContents(bin, *header); !ok)
    return ok.error();

  // checkTable has made sure that there is one, first and uncompressed.
  ByteView stored = bin.stored(0);
  auto manifest = decodeManifest(
      {reinterpret_cast<const char *>(stored.data()), stored.size()});
  if (!manifest)
    return manifest.error();
  bin.decodedManifest = std::move(*manifest);
  if (auto ok = layout::checkManifestAgainstTable(bin.decodedManifest,
                                                  bin.sectionTable);
      !ok)
    return ok.error();
  return bin;
}

Expected<PtxBin> PtxBin::openVerified(Bytes file, const TrustOptions &trust) {
  return PtxBinReader::open(std::move(file), &trust);
}

Expected<PtxBin> PtxBin::openUnverified(Bytes file) {
  return PtxBinReader::open(std::move(file), nullptr);
}

ByteView PtxBin::stored(size_t index) const {
  const Section &section = sectionTable[index];
  return ByteView(file).subspan(section.offset, section.storedSize);
}

Expected<Bytes> PtxBin::raw(size_t index) const {
  if (index >= sectionTable.size())
    return makeError(ErrorKind::Invalid,
                     "no section " + std::to_string(index) + " in a file of " +
                         std::to_string(sectionTable.size()));
  const Section &section = sectionTable[index];
  ByteView bytes = stored(index);
  // Not compressed: stored and raw digest are the same, and were checked.
  if (!(section.flags & layout::flagZstd))
    return Bytes(bytes.begin(), bytes.end());
  std::string where = "section " + std::to_string(index) + " (" +
                      layout::describe(section.key) + "): ";
  auto raw = decompressZstd(bytes, section.rawSize);
  if (!raw)
    return makeError(raw.error().kind, where + raw.error().message);
  if (sha256(*raw) != section.rawDigest)
    return makeError(ErrorKind::Malformed,
                     where + "decompressed bytes do not have the digest that "
                             "the section table gives");
  return raw;
}

} // namespace ptxbin
