//===- ElfFile.cpp - the ELF structures of a host image, checked ----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every rule names what it refuses. Section headers are never read: what the
// program headers do not say is not part of the image. Dynamic tags and
// segment types are allow-lists; a tag not known here might change how the
// image must be loaded.
//
//===----------------------------------------------------------------------===//

#include "ElfFile.h"

#include "HostMemory.h"

#include <cstring>
#include <map>

using namespace twrun;
using namespace ptxbin;

static std::string hexNumber(uint64_t number) {
  char text[20];
  snprintf(text, sizeof(text), "0x%llx", (unsigned long long)number);
  return text;
}

static Expected<void> checkHeader(const Elf64_Ehdr &header, uint64_t size) {
  if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return imageError("not an ELF file");
  if (header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_ident[EI_VERSION] != EV_CURRENT ||
      header.e_ident[EI_OSABI] != ELFOSABI_NONE ||
      header.e_ident[EI_ABIVERSION] != 0 || header.e_version != EV_CURRENT)
    return imageError("expected 64-bit little-endian ELF of the System V ABI");
  if (header.e_machine != EM_X86_64)
    return imageError("expected machine x86-64, but got " +
                      std::to_string(header.e_machine));
  if (header.e_type != ET_DYN)
    return imageError("expected a shared object, but got ELF type " +
                      std::to_string(header.e_type));
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0 ||
      header.e_phnum > 32)
    return imageError("expected 1 to 32 program headers of 56 bytes, but got " +
                      std::to_string(header.e_phnum) + " of " +
                      std::to_string(header.e_phentsize));
  if (header.e_phoff > size ||
      header.e_phnum * sizeof(Elf64_Phdr) > size - header.e_phoff)
    return imageError("the program headers lie outside the file");
  return {};
}

static Expected<void> addLoad(ElfFile &file, const Elf64_Phdr &header,
                              uint64_t size) {
  if ((header.p_flags & PF_W) && (header.p_flags & PF_X))
    return imageError("a segment is both writable and executable");
  if (header.p_flags & ~uint32_t(PF_R | PF_W | PF_X))
    return imageError("unknown segment flags " + hexNumber(header.p_flags));
  if (header.p_filesz > header.p_memsz || header.p_offset > size ||
      header.p_filesz > size - header.p_offset)
    return imageError("a segment lies outside the file");
  if (header.p_vaddr > maxImageSpan ||
      header.p_memsz > maxImageSpan - header.p_vaddr)
    return imageError("the image spans more than " +
                      std::to_string(maxImageSpan >> 20) + " MiB");
  if (header.p_align > maxImageAlignment ||
      (header.p_align & (header.p_align - 1)))
    return imageError("unsupported segment alignment " +
                      hexNumber(header.p_align));
  // Two segments on one page could not be protected apart.
  uint64_t page = hostPageSize();
  if (!file.loads.empty() && (header.p_vaddr & ~(page - 1)) < file.span)
    return imageError("segments overlap or are out of order");
  file.loads.push_back({header.p_vaddr, header.p_memsz, header.p_offset,
                        header.p_filesz, header.p_flags});
  file.span = (header.p_vaddr + header.p_memsz + page - 1) & ~(page - 1);
  return {};
}

/// Why a dynamic tag is refused, or null for one that is allowed.
static const char *refusal(const Elf64_Dyn &entry) {
  switch (entry.d_tag) {
  case DT_HASH:
  case DT_GNU_HASH:
  case DT_STRTAB:
  case DT_SYMTAB:
  case DT_STRSZ:
  case DT_SYMENT:
  case DT_RELA:
  case DT_RELASZ:
  case DT_RELAENT:
  case DT_RELACOUNT:
  case DT_SONAME:
  case DT_SYMBOLIC:
  case DT_BIND_NOW:
  case DT_PLTGOT: // tells where .got.plt is; says nothing about loading
    return nullptr;
  case DT_FLAGS:
    if (entry.d_un.d_val & DF_TEXTREL)
      return "it has text relocations (DF_TEXTREL)";
    return entry.d_un.d_val & ~uint64_t(DF_SYMBOLIC | DF_BIND_NOW)
               ? "unsupported DT_FLAGS"
               : nullptr;
  case DT_FLAGS_1:
    return entry.d_un.d_val & ~uint64_t(DF_1_NOW) ? "unsupported DT_FLAGS_1"
                                                  : nullptr;
  case DT_NEEDED:
    return "it needs other libraries (DT_NEEDED)";
  case DT_RPATH:
  case DT_RUNPATH:
    return "it has a library search path (DT_RPATH or DT_RUNPATH)";
  case DT_INIT:
  case DT_INIT_ARRAY:
  case DT_INIT_ARRAYSZ:
  case DT_PREINIT_ARRAY:
  case DT_PREINIT_ARRAYSZ:
    return "it has constructors (DT_INIT or DT_INIT_ARRAY)";
  case DT_FINI:
  case DT_FINI_ARRAY:
  case DT_FINI_ARRAYSZ:
    return "it has destructors (DT_FINI or DT_FINI_ARRAY)";
  case DT_TEXTREL:
    return "it has text relocations (DT_TEXTREL)";
  case DT_JMPREL:
  case DT_PLTREL:
  case DT_PLTRELSZ:
    return "it calls functions of other libraries (DT_JMPREL)";
  default:
    return "unsupported dynamic tag";
  }
}

static Expected<void> parseDynamic(ElfFile &file, const ElfSegment &dynamic,
                                   ByteView bytes) {
  // The segment must be file bytes of a PT_LOAD, or the tables that it tells
  // of would not be those that were checked.
  bool loaded = false;
  for (const ElfSegment &load : file.loads)
    loaded |=
        load.contains(dynamic.address, dynamic.memorySize) &&
        dynamic.fileSize == dynamic.memorySize &&
        dynamic.offset >= load.offset &&
        dynamic.offset - load.offset == dynamic.address - load.address &&
        dynamic.offset - load.offset <= load.fileSize &&
        dynamic.fileSize <= load.fileSize - (dynamic.offset - load.offset);
  if (!loaded)
    return imageError("the dynamic section is not part of a segment");

  std::map<int64_t, uint64_t> tags;
  bool ended = false;
  for (uint64_t at = 0; !ended && dynamic.fileSize - at >= sizeof(Elf64_Dyn);
       at += sizeof(Elf64_Dyn)) {
    Elf64_Dyn entry;
    memcpy(&entry, bytes.data() + dynamic.offset + at, sizeof(entry));
    if (entry.d_tag == DT_NULL) {
      ended = true;
      break;
    }
    if (const char *reason = refusal(entry))
      return imageError(std::string(reason) + ", tag " +
                        hexNumber(uint64_t(entry.d_tag)));
    if (!tags.emplace(entry.d_tag, entry.d_un.d_val).second)
      return imageError("dynamic tag " + hexNumber(uint64_t(entry.d_tag)) +
                        " appears twice");
  }
  if (!ended)
    return imageError("the dynamic section does not end");

  for (int64_t tag : {DT_SYMTAB, DT_STRTAB, DT_STRSZ, DT_SYMENT})
    if (!tags.count(tag))
      return imageError("dynamic tag " + hexNumber(uint64_t(tag)) +
                        " is missing");
  if (tags[DT_SYMENT] != sizeof(Elf64_Sym))
    return imageError("expected symbols of 24 bytes, but got " +
                      std::to_string(tags[DT_SYMENT]));
  file.tables.symbols = tags[DT_SYMTAB];
  file.tables.strings = tags[DT_STRTAB];
  file.tables.stringsSize = tags[DT_STRSZ];
  if (tags.count(DT_HASH))
    file.tables.hash = tags[DT_HASH];
  if (tags.count(DT_GNU_HASH))
    file.tables.gnuHash = tags[DT_GNU_HASH];
  if (!file.tables.hash && !file.tables.gnuHash)
    return imageError("it has no symbol hash table");
  if (tags.count(DT_RELA)) {
    if (tags[DT_RELAENT] != sizeof(Elf64_Rela) ||
        tags[DT_RELASZ] % sizeof(Elf64_Rela))
      return imageError("expected relocations of 24 bytes each");
    file.tables.relocations = tags[DT_RELA];
    file.tables.relocationsSize = tags[DT_RELASZ];
  } else if (tags.count(DT_RELASZ)) {
    return imageError("DT_RELASZ without DT_RELA");
  }
  return {};
}

Expected<ElfFile> ElfFile::parse(ByteView bytes) {
  Elf64_Ehdr header;
  if (bytes.size() < sizeof(header))
    return imageError("shorter than an ELF header");
  memcpy(&header, bytes.data(), sizeof(header));
  if (Expected<void> ok = checkHeader(header, bytes.size()); !ok)
    return ok.error();

  ElfFile file;
  std::optional<ElfSegment> dynamic;
  bool stackSeen = false;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    memcpy(&segment, bytes.data() + header.e_phoff + i * sizeof(segment),
           sizeof(segment));
    ElfSegment range{segment.p_vaddr, segment.p_memsz, segment.p_offset,
                     segment.p_filesz, segment.p_flags};
    switch (segment.p_type) {
    case PT_LOAD:
      if (Expected<void> ok = addLoad(file, segment, bytes.size()); !ok)
        return ok.error();
      break;
    case PT_DYNAMIC:
      if (dynamic)
        return imageError("it has two dynamic sections");
      dynamic = range;
      break;
    case PT_GNU_RELRO:
      if (file.relro)
        return imageError("it has two PT_GNU_RELRO segments");
      file.relro = range;
      break;
    case PT_GNU_STACK:
      if (segment.p_flags & PF_X)
        return imageError("it asks for an executable stack");
      stackSeen = true;
      break;
    case PT_NULL:
    case PT_PHDR:
    case PT_NOTE:
    case PT_GNU_EH_FRAME:
    case PT_GNU_PROPERTY:
      break;
    case PT_INTERP:
      return imageError("it asks for a program interpreter (PT_INTERP)");
    case PT_TLS:
      return imageError("it has thread-local storage (PT_TLS)");
    default:
      return imageError("unsupported segment type " +
                        hexNumber(segment.p_type));
    }
  }
  if (!stackSeen) // by the Linux ABI its absence asks for an executable one
    return imageError("PT_GNU_STACK is missing");
  if (file.loads.empty())
    return imageError("it has nothing to load");
  if (!dynamic)
    return imageError("it has no dynamic section");
  if (Expected<void> ok = parseDynamic(file, *dynamic, bytes); !ok)
    return ok.error();
  if (file.relro) {
    // The linker pads it to a whole page, past the segment's last byte.
    const ElfSegment &relro = *file.relro;
    uint64_t page = hostPageSize();
    bool writable = false;
    for (const ElfSegment &load : file.loads) {
      uint64_t end = (load.address + load.memorySize + page - 1) & ~(page - 1);
      writable |= (load.flags & PF_W) && relro.address >= load.address &&
                  relro.address <= end &&
                  relro.memorySize <= end - relro.address;
    }
    if (!writable)
      return imageError("PT_GNU_RELRO is not part of a writable segment");
  }
  return file;
}
