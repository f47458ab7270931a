//===- HostImage.cpp - loader of host images ------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Copy, relocate, index the symbols, protect. Until the last step the whole
// range is readable and writable and nothing in it is executable, so tables
// are read with no more than a bounds check; afterwards the code is not
// writable and whatever lies between segments is inaccessible.
//
//===----------------------------------------------------------------------===//

#include "HostImage.h"

#include "ElfFile.h"
#include "Quote.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

using namespace twrun;
using namespace ptxbin;

namespace {

/// The image's memory while it is being prepared; reads are bounded.
class Image {
public:
  Image(uint8_t *base, const ElfFile &file) : base(base), file(file) {}

  template <typename T> bool read(uint64_t at, T &value) const {
    if (at > file.span || sizeof(T) > file.span - at)
      return false;
    memcpy(&value, base + at, sizeof(T));
    return true;
  }

  Expected<void> relocate();
  Expected<void> collect(std::map<std::string, uint64_t> &functions) const;

private:
  const ElfSegment *segmentOf(uint64_t at, uint64_t size) const {
    for (const ElfSegment &load : file.loads)
      if (load.contains(at, size))
        return &load;
    return nullptr;
  }
  Expected<uint64_t> symbolCount() const;
  Expected<uint64_t> gnuSymbolCount(uint64_t table) const;
  Expected<std::string> symbolName(uint32_t offset) const;

  uint8_t *base;
  const ElfFile &file;
};

} // namespace

Expected<void> Image::relocate() {
  const ElfTables &tables = file.tables;
  for (uint64_t at = 0; at < tables.relocationsSize; at += sizeof(Elf64_Rela)) {
    Elf64_Rela entry;
    if (tables.relocations > file.span || !read(tables.relocations + at, entry))
      return imageError("the relocations lie outside the image");
    uint64_t type = ELF64_R_TYPE(entry.r_info);
    if (type == R_X86_64_IRELATIVE)
      return imageError("it has an IFUNC relocation");
    if (type != R_X86_64_RELATIVE || ELF64_R_SYM(entry.r_info) != 0)
      return imageError("unsupported relocation type " + std::to_string(type));
    const ElfSegment *target = segmentOf(entry.r_offset, 8);
    if (!target)
      return imageError("a relocation lies outside the image");
    if (!(target->flags & PF_W))
      return imageError("a relocation is in a read-only segment");
    if (uint64_t(entry.r_addend) >= file.span)
      return imageError("a relocation points outside the image");
    uint64_t value = reinterpret_cast<uint64_t>(base) + entry.r_addend;
    memcpy(base + entry.r_offset, &value, sizeof(value));
  }
  return {};
}

/// The GNU hash table has no count: the last symbol is the end of the last
/// chain (https://sourceware.org/legacy-ml/binutils/2006-10/msg00377.html).
Expected<uint64_t> Image::gnuSymbolCount(uint64_t table) const {
  uint32_t buckets, first, words;
  if (table > file.span || !read(table, buckets) || !read(table + 4, first) ||
      !read(table + 8, words))
    return imageError("the symbol hash table lies outside the image");
  uint64_t at = table + 16 + uint64_t(words) * 8;
  uint32_t last = 0;
  for (uint32_t i = 0; i < buckets; ++i) {
    uint32_t symbol;
    if (!read(at + uint64_t(i) * 4, symbol))
      return imageError("the symbol hash table lies outside the image");
    last = std::max(last, symbol);
  }
  if (last == 0)
    return uint64_t(first);
  if (last < first)
    return imageError("the symbol hash table is inconsistent");
  at += uint64_t(buckets) * 4;
  for (uint64_t symbol = last;; ++symbol) {
    uint32_t hash;
    if (!read(at + (symbol - first) * 4, hash))
      return imageError("the symbol hash table lies outside the image");
    if (hash & 1)
      return symbol + 1;
  }
}

Expected<uint64_t> Image::symbolCount() const {
  uint64_t count = 0;
  if (file.tables.hash) {
    uint32_t chains;
    if (*file.tables.hash > file.span || !read(*file.tables.hash + 4, chains))
      return imageError("the symbol hash table lies outside the image");
    count = chains;
  } else {
    Expected<uint64_t> counted = gnuSymbolCount(*file.tables.gnuHash);
    if (!counted)
      return counted;
    count = *counted;
  }
  if (file.tables.symbols > file.span ||
      count > (file.span - file.tables.symbols) / sizeof(Elf64_Sym))
    return imageError("the symbol table lies outside the image");
  return count;
}

Expected<std::string> Image::symbolName(uint32_t offset) const {
  const ElfTables &tables = file.tables;
  if (tables.strings > file.span ||
      tables.stringsSize > file.span - tables.strings)
    return imageError("the string table lies outside the image");
  if (offset >= tables.stringsSize)
    return imageError("a symbol's name lies outside the string table");
  const char *name =
      reinterpret_cast<const char *>(base + tables.strings + offset);
  // Bounded also in length, so that overlapping names of a small table cannot
  // add up to a large index.
  size_t limit = std::min<uint64_t>(tables.stringsSize - offset, 4096);
  size_t length = strnlen(name, limit);
  if (length == limit)
    return imageError("a symbol's name does not end");
  return std::string(name, length);
}

Expected<void>
Image::collect(std::map<std::string, uint64_t> &functions) const {
  Expected<uint64_t> count = symbolCount();
  if (!count)
    return count.error();
  if (*count > 65536)
    return imageError("it has more than 65536 symbols");
  for (uint64_t i = 1; i < *count; ++i) {
    Elf64_Sym symbol;
    if (!read(file.tables.symbols + i * sizeof(symbol), symbol))
      return imageError("the symbol table lies outside the image");
    Expected<std::string> name = symbolName(symbol.st_name);
    if (!name)
      return name.error();
    unsigned type = ELF64_ST_TYPE(symbol.st_info);
    if (symbol.st_shndx == SHN_UNDEF)
      return imageError("it imports the symbol " + quoteName(*name));
    if (type == STT_GNU_IFUNC)
      return imageError("symbol " + quoteName(*name) + " is an IFUNC");
    if (type == STT_TLS)
      return imageError("symbol " + quoteName(*name) + " is thread-local");
    if (type != STT_FUNC || ELF64_ST_BIND(symbol.st_info) == STB_LOCAL)
      continue;
    const ElfSegment *segment = segmentOf(symbol.st_value, 1);
    if (!segment || !(segment->flags & PF_X))
      return imageError("function " + quoteName(*name) +
                        " is not in an executable segment");
    if (!functions.emplace(*name, symbol.st_value).second)
      return imageError("it defines " + quoteName(*name) + " twice");
  }
  return {};
}

static Expected<void> protect(HostMemory &memory, const ElfFile &file) {
  uint64_t page = hostPageSize();
  auto down = [page](uint64_t at) { return at & ~(page - 1); };
  auto up = [page](uint64_t at) { return (at + page - 1) & ~(page - 1); };
  bool ok = memory.protect(0, memory.size(), PROT_NONE);
  for (const ElfSegment &load : file.loads) {
    int protection = (load.flags & PF_R ? PROT_READ : 0) |
                     (load.flags & PF_W ? PROT_WRITE : 0) |
                     (load.flags & PF_X ? PROT_EXEC : 0);
    uint64_t start = down(load.address);
    ok = ok && memory.protect(start, up(load.address + load.memorySize) - start,
                              protection);
  }
  if (file.relro && file.relro->memorySize) {
    uint64_t start = down(file.relro->address);
    uint64_t end = down(file.relro->address + file.relro->memorySize);
    ok = ok && (end <= start || memory.protect(start, end - start, PROT_READ));
  }
  if (!ok)
    return makeError(ErrorKind::IO, "cannot protect the host image's memory: " +
                                        std::string(strerror(errno)));
  return {};
}

Expected<HostImage> HostImage::load(ByteView elf) {
  Expected<ElfFile> file = ElfFile::parse(elf);
  if (!file)
    return file.error();
  if (file->span == 0)
    return imageError("it has nothing to load");
  Expected<HostMemory> memory =
      HostMemory::reserve(file->span, maxImageAlignment, "a host image");
  if (!memory)
    return memory.error();
  if (!memory->protect(0, memory->size(), PROT_READ | PROT_WRITE))
    return makeError(ErrorKind::IO, "cannot map " +
                                        std::to_string(memory->size()) +
                                        " bytes for a host image");
  for (const ElfSegment &load : file->loads)
    if (load.fileSize)
      memcpy(memory->data() + load.address, elf.data() + load.offset,
             load.fileSize);

  // Symbols first: they are read as the linker wrote them, not as a
  // relocation over the tables might leave them.
  HostImage image;
  Image prepared(memory->data(), *file);
  if (Expected<void> ok = prepared.collect(image.functions); !ok)
    return ok.error();
  if (Expected<void> ok = prepared.relocate(); !ok)
    return ok.error();
  if (Expected<void> ok = protect(*memory, *file); !ok)
    return ok.error();
  image.memory = std::move(*memory);
  return image;
}

const void *HostImage::function(const std::string &symbol) const {
  auto found = functions.find(symbol);
  return found == functions.end() ? nullptr : memory.data() + found->second;
}
