//===- ElfFile.h - the ELF structures of a host image, checked --*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the loader knows of an image before it maps it: its segments and its
// dynamic section, every number bounded. Structures and names are the ones of
// the System V gABI and the x86-64 psABI.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ELFFILE_H
#define TWRUN_LIB_ELFFILE_H

#include "Format/PtxBin.h"

#include <cstdint>
#include <elf.h>
#include <optional>
#include <string>
#include <vector>

namespace twrun {

/// Address space that one image may span.
inline constexpr uint64_t maxImageSpan = ptxbin::maxRawBytes;
/// Largest segment alignment that is honoured.
inline constexpr uint64_t maxImageAlignment = 64 * 1024;

/// A PT_LOAD or PT_GNU_RELRO: bytes [address, address + memorySize) of the
/// image, the first fileSize of them from the file's `offset`.
struct ElfSegment {
  uint64_t address = 0, memorySize = 0, offset = 0, fileSize = 0;
  uint32_t flags = 0; // PF_R, PF_W, PF_X

  bool contains(uint64_t at, uint64_t size) const {
    return at >= address && at - address <= memorySize &&
           size <= memorySize - (at - address);
  }
};

/// Addresses in the image; an absent table has size 0.
struct ElfTables {
  uint64_t symbols = 0, strings = 0, stringsSize = 0, relocations = 0,
           relocationsSize = 0;
  std::optional<uint64_t> hash, gnuHash;
};

struct ElfFile {
  std::vector<ElfSegment> loads; // ascending, none sharing a page
  std::optional<ElfSegment> relro;
  ElfTables tables;
  uint64_t span = 0; // bytes of address space, from address 0

  /// Reads the headers and the dynamic section of `bytes` and checks them.
  static ptxbin::Expected<ElfFile> parse(ptxbin::ByteView bytes);
};

inline ptxbin::Error imageError(const std::string &what) {
  return ptxbin::makeError(ptxbin::ErrorKind::Malformed,
                           "bad host image: " + what);
}

} // namespace twrun

#endif // TWRUN_LIB_ELFFILE_H
