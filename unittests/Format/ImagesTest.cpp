//===- ImagesTest.cpp - images that are not what they are called ----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A signature by a key that may vouch for one kind of image must not bring in
// another kind.
//
//===----------------------------------------------------------------------===//

#include "Format/Images.h"
#include "TestSupport.h"

#include <elf.h>

#include <cstring>

using namespace ptxbin;
using namespace ptxbin::test;

static SectionKey key(SectionType type) {
  SectionKey key;
  key.type = type;
  if (type == SectionType::Host)
    key.machine = Machine::X86_64;
  else
    key.cc = 90;
  return key;
}

static Bytes elf(uint16_t machine) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_machine = machine;
  Bytes out(sizeof header);
  std::memcpy(out.data(), &header, sizeof header);
  return out;
}

static void expectRefused(SectionType type, const Bytes &raw,
                          const std::string &words) {
  auto ok = checkImage(key(type), raw);
  ASSERT_FALSE(ok) << "accepted, but expected: " << words;
  EXPECT_EQ(ok.error().kind, ErrorKind::Malformed);
  EXPECT_NE(ok.error().message.find(words), std::string::npos)
      << ok.error().message;
}

TEST(Images, ACubinIsAnElfFileForGPUs) {
  EXPECT_TRUE(checkImage(key(SectionType::Cubin), elf(190)));
  expectRefused(SectionType::Cubin, bytesOf(".version 7.7\n.target sm_80\n"),
                "is not an ELF file");
  expectRefused(SectionType::Cubin,
                bytesOf("\x7f"
                        "EL"),
                "is not an ELF file");
  expectRefused(SectionType::Cubin,
                bytesOf("\x7f"
                        "ELF"),
                "shorter");
  expectRefused(SectionType::Cubin, elf(EM_X86_64), "for something else");
  // A fat binary, in which the driver would look for what it likes.
  expectRefused(SectionType::Cubin, {0x50, 0xed, 0x55, 0xba, 1, 0, 16, 0},
                "is not an ELF file");
}

TEST(Images, PtxIsText) {
  EXPECT_TRUE(checkImage(key(SectionType::PTX),
                         bytesOf(".version 7.7\r\n\t.target sm_80 ~\n")));
  Bytes hidden = bytesOf(".version 7.7\n");
  hidden.push_back(0);
  expectRefused(SectionType::PTX, hidden, "byte 13 is 0 (NUL)");
  expectRefused(SectionType::PTX, bytesOf("\xc3\xa9"), "byte 0 is 195");
  expectRefused(SectionType::PTX, elf(190), "expected ASCII text");
  expectRefused(SectionType::PTX, bytesOf("\x1b[2J"), "byte 0 is 27");
}

TEST(Images, AHostImageIsAnElfFile) {
  EXPECT_TRUE(checkImage(key(SectionType::Host), elf(EM_X86_64)));
  expectRefused(SectionType::Host, bytesOf("#!/bin/sh\n"),
                "is not an ELF file");
  EXPECT_TRUE(checkImage(key(SectionType::Wasm), bytesOf("anything")));
}
