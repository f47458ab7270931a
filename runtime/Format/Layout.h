//===- Layout.h - the byte layout of a .ptxbin ------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to Format: the numbers of docs/PTXBinFormat.md, and the conversion
// between bytes and structures. Decoding checks every rule that needs nothing
// but header, table and trailer; it never looks into a section.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_LAYOUT_H
#define TWRUN_FORMAT_LAYOUT_H

#include "Format/PtxBin.h"

#include <cstddef>
#include <string_view>
#include <tuple>

namespace ptxbin::layout {

inline constexpr std::array<uint8_t, 8> magic = {0x89, 'T',  'W',  'P',
                                                 0x0d, 0x0a, 0x1a, 0x0a};
inline constexpr uint8_t abiMajor = 1;
inline constexpr uint8_t abiMinor = 0;

inline constexpr uint64_t headerSize = 64;
inline constexpr uint64_t entrySize = 128;
inline constexpr uint64_t alignment = 16;
inline constexpr uint64_t trailerHeaderSize = 8;
inline constexpr uint64_t signatureSize = 104;
inline constexpr uint8_t algorithmEd25519 = 1;

/// Entry flags.
inline constexpr uint32_t flagCritical = 1u << 0;
inline constexpr uint32_t flagZstd = 1u << 1;

/// What the header says beyond its constants.
struct Header {
  uint8_t minor = abiMinor;
  uint64_t signedSize = 0; // where the trailer starts
  uint32_t sectionCount = 0;
  uint64_t tableEnd() const { return headerSize + entrySize * sectionCount; }
};

constexpr uint64_t alignUp(uint64_t value) {
  return (value + alignment - 1) & ~(alignment - 1);
}

void encodeHeader(const Header &header, std::span<uint8_t> out);
/// Checks the whole file's size too, so that header and table can be read.
Expected<Header> decodeHeader(ByteView file);

void encodeEntry(const Section &section, std::span<uint8_t> out);
/// Entry `index` of a file whose header was decoded.
Expected<Section> decodeEntry(ByteView file, uint32_t index);

/// The fields that a section's type does not use must be zero, those that it
/// needs must not. `where` is put in front of the message.
Expected<void> checkKey(const SectionKey &key, const std::string &where);

/// What sections are sorted by, strictly increasing.
inline auto sortKey(const SectionKey &key) {
  return std::tuple(key.type, key.cc, key.suffix, key.machine, key.cpuFeatures);
}

/// The rules between entries: order, contiguity, sizes, multiplicity.
Expected<void> checkTable(const std::vector<Section> &sections,
                          const Header &header);

/// What the manifest says about other sections: source digest, data segments.
Expected<void> checkManifestAgainstTable(const Manifest &manifest,
                                         const std::vector<Section> &sections);

Bytes encodeTrailer(const std::vector<Signature> &signatures);
Expected<std::vector<Signature>> decodeTrailer(ByteView file,
                                               const Header &header);

/// `payload` under a type string: a signature over one type of document is none
/// over another.
Bytes typedBytes(std::string_view type, uint32_t version, ByteView payload);
/// What a signature signs, and what the content id is the digest of.
Bytes signedBytes(ByteView headerAndTable);

/// "PTX sm_90a", "HOST x86-64-v3", "WASM": a section in one word or two.
std::string describe(const SectionKey &key);

} // namespace ptxbin::layout

#endif // TWRUN_FORMAT_LAYOUT_H
