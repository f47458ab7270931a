//===- Images.cpp - what an image may be ----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing here says that an image is harmless, only that it is what it is
// called.
//
//===----------------------------------------------------------------------===//

#include "Format/Images.h"
#include "Format/Layout.h"

#include <algorithm>
#include <cstring>
#include <elf.h>

namespace ptxbin {

static constexpr uint16_t machineCUDA = 190; // EM_CUDA

static Expected<void> checkText(const std::string &where, ByteView raw) {
  auto bad = std::find_if(raw.begin(), raw.end(), [](uint8_t byte) {
    return byte != '\n' && byte != '\r' && byte != '\t' &&
           (byte < 0x20 || byte > 0x7e);
  });
  if (bad == raw.end())
    return {};
  // The driver reads to the first NUL: nothing may hide behind one.
  return makeError(ErrorKind::Malformed,
                   where + ": expected ASCII text, but byte " +
                       std::to_string(bad - raw.begin()) + " is " +
                       std::to_string(*bad) + (*bad ? "" : " (NUL)"));
}

Expected<void> checkImage(const SectionKey &key, ByteView raw) {
  const bool isCubin = key.type == SectionType::Cubin;
  if (key.type == SectionType::PTX)
    return checkText(layout::describe(key), raw);
  if (!isCubin && key.type != SectionType::Host)
    return {};
  if (raw.size() < SELFMAG || std::memcmp(raw.data(), ELFMAG, SELFMAG) != 0)
    return makeError(ErrorKind::Malformed,
                     layout::describe(key) + ": is not an ELF file");
  if (!isCubin)
    return {}; // The loader of host images reads all of it.
  Elf64_Ehdr header;
  if (raw.size() < sizeof header)
    return makeError(ErrorKind::Malformed,
                     layout::describe(key) + ": is shorter than an ELF header");
  std::memcpy(&header, raw.data(), sizeof header);
  if (header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_machine != machineCUDA)
    return makeError(ErrorKind::Malformed,
                     layout::describe(key) +
                         ": is an ELF file for something else than a GPU");
  return {};
}

} // namespace ptxbin
