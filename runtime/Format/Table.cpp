//===- Table.cpp - rules of the section table -----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What holds between the entries of a table, and between the manifest and the
// table. The writer checks its own tables by the same functions.
//
//===----------------------------------------------------------------------===//

#include "Format/Layout.h"

#include <algorithm>

namespace ptxbin {

const char *toString(SectionType type) {
  switch (type) {
  case SectionType::Manifest:
    return "MANIFEST";
  case SectionType::PTX:
    return "PTX";
  case SectionType::Cubin:
    return "CUBIN";
  case SectionType::Host:
    return "HOST";
  case SectionType::Wasm:
    return "WASM";
  case SectionType::Debug:
    return "DEBUG";
  case SectionType::Provenance:
    return "PROVENANCE";
  }
  return "UNKNOWN";
}

namespace layout {

static Error malformed(std::string message) {
  return makeError(ErrorKind::Malformed, std::move(message));
}

std::string describe(const SectionKey &key) {
  std::string text = toString(key.type);
  switch (key.type) {
  case SectionType::PTX:
  case SectionType::Cubin:
    text += " sm_" + std::to_string(key.cc);
    if (key.suffix == Suffix::A)
      text += 'a';
    if (key.suffix == Suffix::F)
      text += 'f';
    break;
  case SectionType::Host:
    text += key.machine == Machine::X86_64
                ? " x86-64"
                : " machine " + std::to_string(unsigned(key.machine));
    if (key.cpuFeatures == (cpuX86_64_v2 | cpuX86_64_v3 | cpuX86_64_v4))
      text += "-v4";
    else if (key.cpuFeatures == (cpuX86_64_v2 | cpuX86_64_v3))
      text += "-v3";
    else if (key.cpuFeatures == cpuX86_64_v2)
      text += "-v2";
    else if (key.cpuFeatures)
      text += " features " + std::to_string(key.cpuFeatures);
    break;
  default:
    break;
  }
  return text;
}

Expected<void> checkKey(const SectionKey &key, const std::string &where) {
  auto fail = [&](const char *what) {
    return malformed(where + ": " + toString(key.type) + " section with " +
                     what);
  };
  switch (key.type) {
  case SectionType::PTX:
  case SectionType::Cubin:
    if (key.cc == 0)
      return fail("no compute capability");
    if (key.suffix > Suffix::F)
      return fail("an unknown architecture suffix");
    if (key.type == SectionType::PTX && key.ptxISA == 0)
      return fail("no PTX ISA version");
    if (key.machine != Machine::None || key.cpuFeatures)
      return fail("a host machine or CPU features");
    return {};
  case SectionType::Host:
    // Machines and feature bits that this reader does not know are images
    // that it will not choose, not mistakes.
    if (key.machine == Machine::None)
      return fail("no machine");
    if (key.cc || key.suffix != Suffix::None || key.ptxISA)
      return fail("a GPU target");
    return {};
  case SectionType::Manifest:
  case SectionType::Wasm:
  case SectionType::Debug:
  case SectionType::Provenance:
    if (key.cc || key.suffix != Suffix::None || key.ptxISA ||
        key.machine != Machine::None || key.cpuFeatures)
      return fail("a target");
    return {};
  }
  if (static_cast<uint32_t>(key.type) == 0)
    return malformed(where + ": section type 0 is reserved");
  return {}; // Of a later version: its target fields are not ours to judge.
}

static Expected<void> checkSizes(const Section &section,
                                 const std::string &where) {
  if (section.storedSize == 0 || section.rawSize == 0)
    return malformed(where + ": empty section");
  if (section.rawSize > maxRawBytes)
    return malformed(where + ": raw size " + std::to_string(section.rawSize) +
                     " is more than the limit of " +
                     std::to_string(maxRawBytes));
  bool compressed = section.flags & flagZstd;
  if (!compressed && (section.storedSize != section.rawSize ||
                      section.storedDigest != section.rawDigest))
    return malformed(where + ": stored and raw size or digest differ, but the "
                             "section is not compressed");
  if (section.key.type == SectionType::Manifest) {
    if (compressed)
      return malformed(where + ": the MANIFEST section must not be compressed");
    if (section.rawSize > maxManifestBytes)
      return malformed(where + ": manifest of " +
                       std::to_string(section.rawSize) +
                       " bytes is more than the limit of " +
                       std::to_string(maxManifestBytes));
  }
  return {};
}

Expected<void> checkTable(const std::vector<Section> &sections,
                          const Header &header) {
  uint64_t cursor = header.tableEnd(), rawTotal = 0;
  size_t manifests = 0, modules = 0;
  for (size_t i = 0; i < sections.size(); ++i) {
    const Section &section = sections[i];
    std::string where =
        "section " + std::to_string(i) + " (" + describe(section.key) + ")";
    if (i && !(sortKey(sections[i - 1].key) < sortKey(section.key)))
      return malformed(where + ": out of order or twice, after " +
                       describe(sections[i - 1].key));
    manifests += section.key.type == SectionType::Manifest;
    modules += section.key.type == SectionType::Wasm;
    if (auto ok = checkSizes(section, where); !ok)
      return ok;
    rawTotal += section.rawSize; // At most 64 times 512 MiB: cannot wrap.
    if (rawTotal > maxRawBytes)
      return malformed(where + ": raw sizes add up to more than the limit of " +
                       std::to_string(maxRawBytes));
    if (section.offset != cursor)
      return malformed(where + ": expected offset " + std::to_string(cursor) +
                       ", but got " + std::to_string(section.offset));
    if (section.storedSize > header.signedSize - cursor)
      return malformed(where + ": " + std::to_string(section.storedSize) +
                       " bytes at offset " + std::to_string(cursor) +
                       " end after the signed size of " +
                       std::to_string(header.signedSize));
    cursor = alignUp(cursor + section.storedSize);
  }
  if (manifests != 1 || modules > 1)
    return malformed("expected one MANIFEST and at most one WASM section, but "
                     "got " +
                     std::to_string(manifests) + " and " +
                     std::to_string(modules));
  if (cursor != header.signedSize)
    return malformed("signed size at offset 16: expected " +
                     std::to_string(cursor) +
                     ", where the last section ends, but got " +
                     std::to_string(header.signedSize));
  return {};
}

Expected<void> checkManifestAgainstTable(const Manifest &manifest,
                                         const std::vector<Section> &sections) {
  auto wasm = std::find_if(sections.begin(), sections.end(), [](auto &section) {
    return section.key.type == SectionType::Wasm;
  });
  // checkManifest has seen that the modules follow each other without gaps and
  // that every data segment lies in its module.
  uint64_t end = 0;
  if (!manifest.modules.empty())
    end = manifest.modules.back().wasmOffset + manifest.modules.back().wasmSize;
  if (wasm == sections.end()) {
    if (!manifest.data.empty() || end)
      return malformed("manifest has modules or data segments of " +
                       std::to_string(end) +
                       " bytes, but the file has no WASM section to take them "
                       "from");
    return {};
  }
  if (manifest.sourceSha256 != hex(wasm->rawDigest))
    return malformed("manifest's sourceSha256 is not the digest of the WASM "
                     "section: expected " +
                     hex(wasm->rawDigest));
  if (end != wasm->rawSize)
    return malformed("manifest's modules end at " + std::to_string(end) +
                     ": expected the size of the WASM section, " +
                     std::to_string(wasm->rawSize));
  return {};
}

} // namespace layout
} // namespace ptxbin
