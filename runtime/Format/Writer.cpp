//===- Writer.cpp - laying out a .ptxbin ----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds an unsigned file in the one canonical form: sorted, contiguous,
// padded with zeros, compressed only where that makes it smaller.
//
//===----------------------------------------------------------------------===//

#include "Format/Compression.h"
#include "Format/Crypto.h"
#include "Format/Layout.h"

#include <algorithm>
#include <tuple>

namespace ptxbin {

/// What breaks the format's rules here is the caller's doing.
static Error invalid(const Error &error) {
  return makeError(error.kind == ErrorKind::Malformed ? ErrorKind::Invalid
                                                      : error.kind,
                   error.message);
}

namespace {
/// A section's table entry and the bytes that go into the file.
struct Prepared {
  Section entry;
  Bytes bytes;
};
} // namespace

static Expected<Prepared> prepare(SectionInput input) {
  std::string where = layout::describe(input.key);
  if (auto ok = layout::checkKey(input.key, where); !ok)
    return ok.error();
  if (input.key.type > SectionType::Provenance)
    return makeError(ErrorKind::Invalid,
                     where + ": section type " +
                         std::to_string(uint32_t(input.key.type)) +
                         " is not of this version");
  if (input.raw.size() > maxRawBytes)
    return makeError(ErrorKind::Invalid,
                     where + ": " + std::to_string(input.raw.size()) +
                         " bytes are more than the limit of " +
                         std::to_string(maxRawBytes));
  Prepared out;
  out.entry.key = input.key;
  out.entry.rawSize = input.raw.size();
  out.entry.rawDigest = out.entry.storedDigest = sha256(input.raw);
  if (input.compress && !input.raw.empty()) {
    auto smaller = compressZstd(input.raw);
    if (!smaller)
      return smaller.error();
    if (smaller->size() < input.raw.size()) {
      input.raw = std::move(*smaller);
      out.entry.flags |= layout::flagZstd;
      out.entry.storedDigest = sha256(input.raw);
    }
  }
  out.entry.storedSize = input.raw.size();
  out.bytes = std::move(input.raw);
  return out;
}

/// The manifest, with the source's digest filled in where the caller left it
/// to the writer.
static Expected<SectionInput>
manifestSection(const Manifest &manifest,
                const std::vector<SectionInput> &sections) {
  Manifest complete = manifest;
  if (complete.sourceSha256.empty())
    for (const SectionInput &section : sections)
      if (section.key.type == SectionType::Wasm)
        complete.sourceSha256 = hex(sha256(section.raw));
  auto text = encodeManifest(complete);
  if (!text)
    return text.error();
  SectionInput input;
  input.raw.assign(text->begin(), text->end());
  return input;
}

Expected<Bytes> writePtxBin(const Manifest &manifest,
                            std::vector<SectionInput> sections) {
  if (auto ok = initCrypto(); !ok)
    return ok.error();
  for (const SectionInput &section : sections)
    if (section.key.type == SectionType::Manifest)
      return makeError(ErrorKind::Invalid,
                       "the MANIFEST section is the writer's to make");
  if (sections.size() + 1 > maxSections)
    return makeError(ErrorKind::Invalid,
                     std::to_string(sections.size() + 1) +
                         " sections are more than the limit of " +
                         std::to_string(maxSections));
  auto first = manifestSection(manifest, sections);
  if (!first)
    return first.error();
  sections.push_back(std::move(*first));
  std::sort(sections.begin(), sections.end(),
            [](const SectionInput &a, const SectionInput &b) {
              return layout::sortKey(a.key) < layout::sortKey(b.key);
            });

  layout::Header header;
  header.sectionCount = sections.size();
  uint64_t cursor = header.tableEnd();
  std::vector<Section> table;
  std::vector<Bytes> contents;
  for (SectionInput &input : sections) {
    auto prepared = prepare(std::move(input));
    if (!prepared)
      return invalid(prepared.error());
    prepared->entry.offset = cursor;
    cursor = layout::alignUp(cursor + prepared->entry.storedSize);
    table.push_back(prepared->entry);
    contents.push_back(std::move(prepared->bytes));
  }
  header.signedSize = cursor;
  if (cursor + layout::trailerHeaderSize > maxFileBytes)
    return makeError(ErrorKind::Invalid, "file of " + std::to_string(cursor) +
                                             " bytes is more than the limit " +
                                             "of " +
                                             std::to_string(maxFileBytes));
  // A writer that breaks a rule must hear of it before a reader does.
  if (auto ok = layout::checkTable(table, header); !ok)
    return invalid(ok.error());
  const Bytes &text = contents.front();
  auto complete = decodeManifest(
      {reinterpret_cast<const char *>(text.data()), text.size()});
  if (!complete)
    return invalid(complete.error());
  if (auto ok = layout::checkManifestAgainstTable(*complete, table); !ok)
    return invalid(ok.error());

  Bytes file(header.signedSize);
  std::span<uint8_t> out = file;
  layout::encodeHeader(header, out);
  for (size_t i = 0; i < table.size(); ++i) {
    layout::encodeEntry(table[i],
                        out.subspan(layout::headerSize + i * layout::entrySize,
                                    layout::entrySize));
    std::copy(contents[i].begin(), contents[i].end(),
              file.begin() + table[i].offset);
  }
  Bytes trailer = layout::encodeTrailer({});
  file.insert(file.end(), trailer.begin(), trailer.end());
  return file;
}

} // namespace ptxbin
