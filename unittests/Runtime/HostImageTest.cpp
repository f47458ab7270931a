//===- HostImageTest.cpp - the rules of the ELF loader --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each rule is tested by an image that breaks it and nothing else: the good
// one with a field changed.
//
//===----------------------------------------------------------------------===//

#include "HostImage.h"
#include "Support.h"

#include <cstring>
#include <elf.h>
#include <fstream>
#include <functional>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {

/// A copy of the image that the tests change in place.
class Patched {
public:
  Patched() : bytes(hostImage()) {}

  template <typename T> T *at(uint64_t offset) {
    EXPECT_LE(offset + sizeof(T), bytes.size());
    return reinterpret_cast<T *>(bytes.data() + offset);
  }
  Elf64_Ehdr *header() { return at<Elf64_Ehdr>(0); }
  Elf64_Phdr *segment(uint32_t type, uint32_t flags = 0) {
    for (unsigned i = 0; i < header()->e_phnum; ++i) {
      auto *found = at<Elf64_Phdr>(header()->e_phoff + i * sizeof(Elf64_Phdr));
      if (found->p_type == type && (found->p_flags & flags) == flags)
        return found;
    }
    ADD_FAILURE() << "no segment of type " << type;
    return nullptr;
  }
  Elf64_Dyn *tag(int64_t tag) {
    uint64_t offset = segment(PT_DYNAMIC)->p_offset;
    for (;; offset += sizeof(Elf64_Dyn)) {
      auto *found = at<Elf64_Dyn>(offset);
      if (found->d_tag == tag)
        return found;
      if (found->d_tag == DT_NULL) {
        ADD_FAILURE() << "no dynamic tag " << tag;
        return nullptr;
      }
    }
  }
  // The image's tables lie in its first segment, where address is offset.
  Elf64_Sym *symbol(unsigned index) {
    return at<Elf64_Sym>(tag(DT_SYMTAB)->d_un.d_val +
                         index * sizeof(Elf64_Sym));
  }
  Elf64_Rela *relocation() { return at<Elf64_Rela>(tag(DT_RELA)->d_un.d_val); }

  Bytes bytes;
};

struct Rule {
  const char *name;
  std::function<void(Patched &)> breakIt;
  const char *message;
};

class BrokenImage : public testing::TestWithParam<Rule> {};

Rule badTag(const char *name, int64_t tag, const char *message) {
  return {name, [tag](Patched &p) { p.tag(DT_SONAME)->d_tag = tag; }, message};
}

const Rule rules[] = {
    {"Magic", [](Patched &p) { p.bytes[1] = 'e'; }, "not an ELF file"},
    {"Class", [](Patched &p) { p.bytes[EI_CLASS] = ELFCLASS32; },
     "expected 64-bit"},
    {"Machine", [](Patched &p) { p.header()->e_machine = EM_AARCH64; },
     "expected machine x86-64, but got 183"},
    {"Type", [](Patched &p) { p.header()->e_type = ET_EXEC; },
     "expected a shared object, but got ELF type 2"},
    {"HeaderSize", [](Patched &p) { p.header()->e_phentsize = 32; },
     "program headers of 56 bytes"},
    {"HeaderOffset", [](Patched &p) { p.header()->e_phoff = ~0ull - 8; },
     "program headers lie outside"},
    {"WriteExecute",
     [](Patched &p) { p.segment(PT_LOAD, PF_X)->p_flags |= PF_W; },
     "both writable and executable"},
    {"SegmentPastEnd",
     [](Patched &p) { p.segment(PT_LOAD, PF_W)->p_offset = ~0ull - 15; },
     "a segment lies outside the file"},
    {"FileSizeOverMemorySize",
     [](Patched &p) { p.segment(PT_LOAD, PF_X)->p_memsz = 1; },
     "a segment lies outside the file"},
    {"Span", [](Patched &p) { p.segment(PT_LOAD, PF_W)->p_memsz = ~0ull >> 1; },
     "spans more than"},
    {"Overlap", [](Patched &p) { p.segment(PT_LOAD, PF_X)->p_vaddr = 0x10; },
     "overlap"},
    {"Alignment", [](Patched &p) { p.segment(PT_LOAD, PF_X)->p_align = 3; },
     "unsupported segment alignment 0x3"},
    {"ExecutableStack",
     [](Patched &p) { p.segment(PT_GNU_STACK)->p_flags |= PF_X; },
     "executable stack"},
    {"NoStack", [](Patched &p) { p.segment(PT_GNU_STACK)->p_type = PT_NULL; },
     "PT_GNU_STACK is missing"},
    {"Interpreter", [](Patched &p) { p.segment(PT_NOTE)->p_type = PT_INTERP; },
     "PT_INTERP"},
    {"ThreadLocal", [](Patched &p) { p.segment(PT_NOTE)->p_type = PT_TLS; },
     "PT_TLS"},
    {"UnknownSegment",
     [](Patched &p) { p.segment(PT_NOTE)->p_type = 0x6fffffff; },
     "unsupported segment type 0x6fffffff"},
    {"TwoDynamic",
     [](Patched &p) { *p.segment(PT_NOTE) = *p.segment(PT_DYNAMIC); },
     "two dynamic sections"},
    {"NoDynamic", [](Patched &p) { p.segment(PT_DYNAMIC)->p_type = PT_NULL; },
     "no dynamic section"},
    {"DynamicElsewhere",
     [](Patched &p) { p.segment(PT_DYNAMIC)->p_offset += 16; },
     "not part of a segment"},
    {"DynamicEndless",
     [](Patched &p) {
       Elf64_Phdr *dynamic = p.segment(PT_DYNAMIC);
       dynamic->p_filesz = dynamic->p_memsz = 32;
     },
     "does not end"},
    {"RelroElsewhere",
     [](Patched &p) { p.segment(PT_GNU_RELRO)->p_vaddr = 0x10; },
     "PT_GNU_RELRO is not part"},
    badTag("Needed", DT_NEEDED, "DT_NEEDED"),
    badTag("RPath", DT_RPATH, "DT_RPATH"),
    badTag("RunPath", DT_RUNPATH, "DT_RUNPATH"),
    badTag("Init", DT_INIT, "DT_INIT"),
    badTag("InitArray", DT_INIT_ARRAY, "DT_INIT_ARRAY"),
    badTag("PreinitArray", DT_PREINIT_ARRAY, "constructors"),
    badTag("Fini", DT_FINI, "DT_FINI"),
    badTag("FiniArray", DT_FINI_ARRAY, "DT_FINI_ARRAY"),
    badTag("TextRel", DT_TEXTREL, "DT_TEXTREL"),
    badTag("JumpRel", DT_JMPREL, "DT_JMPREL"),
    badTag("UnknownTag", 0x6ffffef0, "unsupported dynamic tag, tag 0x6ffffef0"),
    badTag("TagTwice", DT_SYMTAB, "appears twice"),
    {"TextRelFlag",
     [](Patched &p) { p.tag(DT_FLAGS)->d_un.d_val |= DF_TEXTREL; },
     "DF_TEXTREL"},
    {"StaticTlsFlag",
     [](Patched &p) { p.tag(DT_FLAGS)->d_un.d_val |= DF_STATIC_TLS; },
     "unsupported DT_FLAGS"},
    {"NoSymbols", [](Patched &p) { p.tag(DT_SYMTAB)->d_tag = DT_BIND_NOW; },
     "is missing"},
    {"NoHash", [](Patched &p) { p.tag(DT_HASH)->d_tag = DT_BIND_NOW; },
     "no symbol hash table"},
    {"HashOutside", [](Patched &p) { p.tag(DT_HASH)->d_un.d_val = ~0ull - 2; },
     "hash table lies outside"},
    {"SymbolsOutside",
     [](Patched &p) { p.tag(DT_SYMTAB)->d_un.d_val = 1ull << 40; },
     "symbol table lies outside"},
    {"StringsOutside", [](Patched &p) { p.tag(DT_STRSZ)->d_un.d_val = ~0ull; },
     "string table lies outside"},
    {"NameOutside", [](Patched &p) { p.symbol(1)->st_name = 0x7fffffff; },
     "name lies outside"},
    {"NameEndless",
     [](Patched &p) { p.tag(DT_STRSZ)->d_un.d_val = p.symbol(1)->st_name + 2; },
     "does not end|name lies outside"},
    {"Undefined", [](Patched &p) { p.symbol(1)->st_shndx = SHN_UNDEF; },
     "it imports the symbol 'tw_"},
    {"IFunc",
     [](Patched &p) {
       p.symbol(1)->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_GNU_IFUNC);
     },
     "is an IFUNC"},
    {"FunctionInData", [](Patched &p) { p.symbol(1)->st_value = 0; },
     "not in an executable segment"},
    {"SameName",
     [](Patched &p) { p.symbol(1)->st_name = p.symbol(2)->st_name; }, "twice"},
    {"RelocationType",
     [](Patched &p) { p.relocation()->r_info = ELF64_R_INFO(0, R_X86_64_64); },
     "unsupported relocation type 1"},
    {"IRelative",
     [](Patched &p) {
       p.relocation()->r_info = ELF64_R_INFO(0, R_X86_64_IRELATIVE);
     },
     "IFUNC relocation"},
    {"RelocationInText",
     [](Patched &p) {
       p.relocation()->r_offset = p.segment(PT_LOAD, PF_X)->p_vaddr;
     },
     "read-only segment"},
    {"RelocationOutside",
     [](Patched &p) { p.relocation()->r_offset = ~0ull - 3; },
     "a relocation lies outside"},
    {"RelocationFarAway", [](Patched &p) { p.relocation()->r_addend = -1; },
     "points outside"},
    {"RelocationsOutside",
     [](Patched &p) { p.tag(DT_RELA)->d_un.d_val = ~0ull - 23; },
     "relocations lie outside"},
    {"RelocationSize", [](Patched &p) { p.tag(DT_RELASZ)->d_un.d_val = 25; },
     "relocations of 24 bytes"},
};

bool matches(const std::string &message, const std::string &pattern) {
  size_t bar = pattern.find('|');
  if (bar == std::string::npos)
    return message.find(pattern) != std::string::npos;
  return matches(message, pattern.substr(0, bar)) ||
         matches(message, pattern.substr(bar + 1));
}

} // namespace

TEST_P(BrokenImage, IsRefused) {
  Patched image;
  GetParam().breakIt(image);
  Expected<HostImage> loaded = HostImage::load(image.bytes);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, ErrorKind::Malformed);
  EXPECT_TRUE(matches(loaded.error().message, GetParam().message))
      << loaded.error().message;
}

INSTANTIATE_TEST_SUITE_P(Rules, BrokenImage, testing::ValuesIn(rules),
                         [](const auto &info) { return info.param.name; });

TEST(HostImage, FindsFunctionsThroughEitherHashTable) {
  for (const char *style : {"sysv", "gnu"}) {
    Expected<HostImage> image = HostImage::load(hostImage(style));
    ASSERT_TRUE(image) << style << ": " << messageOf(image);
    EXPECT_NE(image->function("tw_mark"), nullptr) << style;
    EXPECT_NE(image->function("tw_table"), nullptr) << style;
    EXPECT_EQ(image->function("tw_none"), nullptr) << style;
    EXPECT_EQ(image->function(""), nullptr) << style;
  }
}

/// Lines of /proc/self/maps that overlap the page of `address`.
static std::string permissionsAt(const void *address) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long long low, high;
    char permissions[5];
    if (sscanf(line.c_str(), "%llx-%llx %4s", &low, &high, permissions) == 3 &&
        low <= uint64_t(address) && uint64_t(address) < high)
      return permissions;
  }
  return "unmapped";
}

TEST(HostImage, CodeIsNotWritableAndGoesWithTheImage) {
  const void *code = nullptr;
  {
    Expected<HostImage> image = HostImage::load(hostImage());
    ASSERT_TRUE(image) << messageOf(image);
    code = image->function("tw_mark");
    EXPECT_EQ(permissionsAt(code), "r-xp");
  }
  EXPECT_NE(permissionsAt(code).substr(0, 3), "r-x");
}

TEST(HostImage, RefusesEveryTruncation) {
  Bytes good = hostImage();
  // What stands behind the last segment is not part of the image.
  Patched image;
  Elf64_Phdr *last = image.segment(PT_LOAD, PF_W);
  uint64_t end = last->p_offset + last->p_filesz;
  for (uint64_t size = 0; size < end; ++size)
    ASSERT_FALSE(HostImage::load(ByteView(good).first(size))) << size;
  EXPECT_TRUE(HostImage::load(ByteView(good).first(end)));
}

TEST(HostImage, SurvivesAnyByteChanged) {
  for (const char *style : {"sysv", "gnu"}) {
    Bytes image = hostImage(style);
    size_t loadable = 0;
    for (size_t i = 0; i < std::min<size_t>(image.size(), 4096); ++i)
      for (uint8_t change : {0x01, 0x80, 0xff}) {
        image[i] ^= change;
        loadable += bool(HostImage::load(image));
        image[i] ^= change;
      }
    EXPECT_GT(loadable, 0u); // changes in code and padding do no harm
  }
}
