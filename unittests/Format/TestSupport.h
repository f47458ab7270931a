//===- TestSupport.h - files made by hand -----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A second writer, which shares no code with the first and breaks any rule it
// is told to: build a valid file, patch one field, sign again. What then
// refuses the file is the rule, and not the signature.
//
//===----------------------------------------------------------------------===//

#ifndef UNITTESTS_FORMAT_TESTSUPPORT_H
#define UNITTESTS_FORMAT_TESTSUPPORT_H

#include "Format/PtxBin.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ptxbin::test {

// Field offsets, from docs/PTXBinFormat.md.
inline constexpr size_t tableStart = 64, entryBytes = 128;
inline constexpr size_t entryAt(size_t index) {
  return tableStart + entryBytes * index;
}

/// A table entry and its stored bytes, with nothing checked.
struct HandSection {
  uint32_t type = 0, flags = 0;
  Bytes stored;
  uint64_t rawSize = 0;
  Digest rawDigest{};
  uint16_t cc = 0;
  uint8_t suffix = 0, machine = 0;
  uint16_t ptxISA = 0;
  uint64_t cpuFeatures = 0;
};

/// A section that is stored as it is.
HandSection plain(uint32_t type, Bytes bytes);
Bytes bytesOf(std::string_view text);

Manifest sampleManifest();
/// The WASM section that sampleManifest() speaks of.
Bytes sampleModule();
HandSection manifestSection(const Manifest &manifest);

/// Lays the sections out in the order given, without a signature.
Bytes buildByHand(const std::vector<HandSection> &sections);
/// MANIFEST, PTX sm_80, PTX sm_90a, HOST and WASM.
std::vector<HandSection> sampleSections();

void put8(Bytes &file, size_t offset, uint8_t value);
void put16(Bytes &file, size_t offset, uint16_t value);
void put32(Bytes &file, size_t offset, uint32_t value);
void put64(Bytes &file, size_t offset, uint64_t value);
uint32_t get32(const Bytes &file, size_t offset);
uint64_t get64(const Bytes &file, size_t offset);

/// The key made from a seed of 32 times `fill`.
SecretKey testKey(uint8_t fill);

/// What is signed, computed from the file's own header.
Bytes messageOf(const Bytes &file);
/// Replaces everything from `trailerAt` (the header's signed size if 0) by
/// signatures of `keys` over the file as it is.
void resign(Bytes &file, const std::vector<SecretKey> &keys,
            size_t trailerAt = 0);

/// Opens under trust in testKey(1).
Expected<PtxBin> openTrusted(Bytes file);

/// Signs `file` by testKey(1) and expects it to be refused in these words.
void expectRefused(Bytes file, ErrorKind kind, const std::string &words,
                   size_t trailerAt = 0);

/// An empty directory of this test's own, removed at the end.
class TemporaryDirectory {
public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  std::string operator/(const std::string &name) const;
  /// Names in it.
  std::vector<std::string> list() const;

private:
  std::string path;
};

} // namespace ptxbin::test

#endif // UNITTESTS_FORMAT_TESTSUPPORT_H
