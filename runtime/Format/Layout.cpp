//===- Layout.cpp - header, entry and signed bytes ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/PTXBinFormat.md, "Header", "Section table" and "Signed bytes". Rules
// between entries stand in Table.cpp, the trailer in Trailer.cpp.
//
//===----------------------------------------------------------------------===//

#include "Format/Layout.h"
#include "Format/LittleEndian.h"

#include <algorithm>
#include <string_view>

namespace ptxbin::layout {

// Type string of the signed bytes: no other thing that an Ed25519 key of ours
// signs starts with it, so that a signature cannot be moved between uses.
static constexpr std::string_view signedType = "tensorwasm/ptxbin";

static Error malformed(std::string message) {
  return makeError(ErrorKind::Malformed, std::move(message));
}

static bool allZero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](uint8_t byte) { return byte == 0; });
}

static Error mismatch(const char *field, uint64_t offset, uint64_t expected,
                      uint64_t found) {
  return malformed(std::string(field) + " at offset " + std::to_string(offset) +
                   ": expected " + std::to_string(expected) + ", but got " +
                   std::to_string(found));
}

//===-- Header ------------------------------------------------------------===//

void encodeHeader(const Header &header, std::span<uint8_t> out) {
  std::fill_n(out.begin(), headerSize, uint8_t(0));
  std::copy(magic.begin(), magic.end(), out.begin());
  storeLE<uint8_t>(out, 8, abiMajor);
  storeLE<uint8_t>(out, 9, header.minor);
  storeLE<uint16_t>(out, 10, headerSize);
  storeLE<uint64_t>(out, 16, header.signedSize);
  storeLE<uint64_t>(out, 24, headerSize);
  storeLE<uint32_t>(out, 32, header.sectionCount);
  storeLE<uint32_t>(out, 36, entrySize);
}

Expected<Header> decodeHeader(ByteView file) {
  if (file.size() > maxFileBytes)
    return malformed("file has " + std::to_string(file.size()) +
                     " bytes, more than the limit of " +
                     std::to_string(maxFileBytes));
  size_t prefix = std::min<size_t>(file.size(), magic.size());
  if (prefix == 0 ||
      !std::equal(magic.begin(), magic.begin() + prefix, file.begin()))
    return malformed("not a .ptxbin: bad magic at offset 0, expected " +
                     hex(magic) + ", but got " + hex(file.first(prefix)));
  if (file.size() < headerSize + trailerHeaderSize)
    return malformed("file is truncated: expected at least " +
                     std::to_string(headerSize + trailerHeaderSize) +
                     " bytes, but got " + std::to_string(file.size()));

  // The version comes first: what follows means what this version says.
  if (uint8_t major = file[8]; major != abiMajor)
    return makeError(ErrorKind::Incompatible,
                     ".ptxbin version " + std::to_string(major) +
                         " at offset 8: this reader knows version " +
                         std::to_string(abiMajor) + " only");
  if (uint16_t size = loadLE<uint16_t>(file, 10); size != headerSize)
    return mismatch("header size", 10, headerSize, size);
  if (uint32_t flags = loadLE<uint32_t>(file, 12))
    return makeError(ErrorKind::Incompatible,
                     "critical flags at offset 12: the file needs features "
                     "that this reader lacks (flags " +
                         std::to_string(flags) + ")");
  if (uint64_t offset = loadLE<uint64_t>(file, 24); offset != headerSize)
    return mismatch("table offset", 24, headerSize, offset);
  if (uint32_t size = loadLE<uint32_t>(file, 36); size != entrySize)
    return mismatch("entry size", 36, entrySize, size);
  if (!allZero(file.subspan(40, headerSize - 40)))
    return malformed("reserved header bytes at offset 40 are not zero");

  Header header;
  header.minor = file[9];
  header.sectionCount = loadLE<uint32_t>(file, 32);
  if (header.sectionCount == 0 || header.sectionCount > maxSections)
    return malformed("section count at offset 32: expected 1 to " +
                     std::to_string(maxSections) + ", but got " +
                     std::to_string(header.sectionCount));
  header.signedSize = loadLE<uint64_t>(file, 16);
  if (header.signedSize % alignment)
    return malformed("signed size at offset 16: expected a multiple of " +
                     std::to_string(alignment) + ", but got " +
                     std::to_string(header.signedSize));
  if (header.signedSize < header.tableEnd())
    return malformed("signed size at offset 16: expected at least " +
                     std::to_string(header.tableEnd()) +
                     ", the end of the table, but got " +
                     std::to_string(header.signedSize));
  if (header.signedSize > file.size() - trailerHeaderSize)
    return malformed("signed size at offset 16: expected at most " +
                     std::to_string(file.size() - trailerHeaderSize) +
                     " in a file of " + std::to_string(file.size()) +
                     " bytes, but got " + std::to_string(header.signedSize));
  return header;
}

//===-- Entry -------------------------------------------------------------===//

void encodeEntry(const Section &section, std::span<uint8_t> out) {
  std::fill_n(out.begin(), entrySize, uint8_t(0));
  storeLE<uint32_t>(out, 0, static_cast<uint32_t>(section.key.type));
  storeLE<uint32_t>(out, 4, section.flags);
  storeLE<uint64_t>(out, 8, section.offset);
  storeLE<uint64_t>(out, 16, section.storedSize);
  storeLE<uint64_t>(out, 24, section.rawSize);
  storeLE<uint16_t>(out, 32, section.key.cc);
  storeLE<uint8_t>(out, 34, static_cast<uint8_t>(section.key.suffix));
  storeLE<uint8_t>(out, 35, static_cast<uint8_t>(section.key.machine));
  storeLE<uint16_t>(out, 36, section.key.ptxISA);
  storeLE<uint64_t>(out, 40, section.key.cpuFeatures);
  std::copy(section.storedDigest.begin(), section.storedDigest.end(),
            out.begin() + 48);
  std::copy(section.rawDigest.begin(), section.rawDigest.end(),
            out.begin() + 80);
}

Expected<Section> decodeEntry(ByteView file, uint32_t index) {
  uint64_t at = headerSize + entrySize * index;
  ByteView in = file.subspan(at, entrySize);
  std::string where = "section " + std::to_string(index) +
                      " (table entry at offset " + std::to_string(at) + ")";

  Section section;
  section.flags = loadLE<uint32_t>(in, 4);
  section.key.type = static_cast<SectionType>(loadLE<uint32_t>(in, 0));
  section.key.cc = loadLE<uint16_t>(in, 32);
  section.key.suffix = static_cast<Suffix>(in[34]);
  section.key.machine = static_cast<Machine>(in[35]);
  section.key.ptxISA = loadLE<uint16_t>(in, 36);
  section.key.cpuFeatures = loadLE<uint64_t>(in, 40);
  section.offset = loadLE<uint64_t>(in, 8);
  section.storedSize = loadLE<uint64_t>(in, 16);
  section.rawSize = loadLE<uint64_t>(in, 24);
  std::copy_n(in.begin() + 48, 32, section.storedDigest.begin());
  std::copy_n(in.begin() + 80, 32, section.rawDigest.begin());

  if (section.flags & ~(flagCritical | flagZstd))
    return malformed(where + ": unknown flags " +
                     std::to_string(section.flags));
  if (!allZero(in.subspan(38, 2)) || !allZero(in.subspan(112)))
    return malformed(where + ": reserved bytes are not zero");
  if (auto ok = checkKey(section.key, where); !ok)
    return ok.error();
  bool known = section.key.type <= SectionType::Provenance;
  if (!known && (section.flags & flagCritical))
    return makeError(ErrorKind::Incompatible,
                     where + ": critical section of unknown type " +
                         std::to_string(uint32_t(section.key.type)) +
                         ", which needs a newer reader");
  return section;
}

//===-- Signed bytes ------------------------------------------------------===//

Bytes typedBytes(std::string_view type, uint32_t version, ByteView payload) {
  // Lengths in front of the two variable parts make the encoding injective.
  Bytes out(4 + type.size() + 4 + 8);
  storeLE<uint32_t>(out, 0, type.size());
  std::copy(type.begin(), type.end(), out.begin() + 4);
  storeLE<uint32_t>(out, 4 + type.size(), version);
  storeLE<uint64_t>(out, 8 + type.size(), payload.size());
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

Bytes signedBytes(ByteView headerAndTable) {
  return typedBytes(signedType, abiMajor, headerAndTable);
}

} // namespace ptxbin::layout
