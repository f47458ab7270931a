//===- TablesTest.cpp - instruction table, symbols, targets ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What IR text cannot show: the generated instruction table, kernel symbols
// and target names.
//
//===----------------------------------------------------------------------===//

#include "twc/Conversion/TWasmToLLVM.h"
#include "twc/Dialect/TWasm/IR/Instructions.h"
#include "twc/Pipelines/Compile.h"

#include "wabt/opcode.h"

#include <gtest/gtest.h>

#include <set>

using namespace twc;

TEST(Instructions, HaveWabtsNames) {
  for (const twasm::Instruction &i : twasm::instructions()) {
    wabt::Opcode opcode = i.prefix ? wabt::Opcode::FromCode(i.prefix, i.opcode)
                                   : wabt::Opcode::FromCode(i.opcode);
    if (i.name == "select t") // the text format writes both `select`
      continue;
    EXPECT_EQ(i.name.str(), opcode.GetName());
  }
}

TEST(Instructions, CoverTheMVP) {
  // Every one-byte opcode of the MVP that is not structural (Wasm spec 5.4).
  const std::set<unsigned> structural = {0x01, 0x02, 0x03, 0x05, 0x0B,
                                         0x1A, 0x20, 0x21, 0x22};
  for (unsigned code = 0; code <= 0xBF; ++code) {
    wabt::Opcode opcode = wabt::Opcode::FromCode(code);
    bool mvp = (code <= 0x05) || (code >= 0x0B && code <= 0x11) ||
               code == 0x1A || code == 0x1B ||
               (code >= 0x20 && code <= 0x24) || code >= 0x28;
    if (opcode.IsInvalid() || !mvp || structural.count(code))
      continue;
    EXPECT_NE(twasm::findInstruction(0, code), nullptr) << opcode.GetName();
  }
  EXPECT_EQ(twasm::findInstruction(0, 0x06), nullptr);    // try
  EXPECT_EQ(twasm::findInstruction(0xFE, 0x7F), nullptr); // not assigned
}

TEST(KernelSymbol, IsInjectiveAndAscii) {
  EXPECT_EQ(kernelSymbol("saxpy", 0), "tw_saxpy");
  EXPECT_EQ(kernelSymbol("a$b", 0), "tw_a$24b");
  EXPECT_EQ(kernelSymbol("a$24b", 0), "tw_a$2424b");
  EXPECT_EQ(kernelSymbol("\xc3\xa9", 0), "tw_$c3$a9");
  EXPECT_EQ(kernelSymbol("", 0), "tw_");
  std::string longName(1000, 'x');
  EXPECT_NE(kernelSymbol(longName, 1), kernelSymbol(longName, 2));
  EXPECT_LT(kernelSymbol(longName, 1).size(), 200u);
  // The start function's symbol can be no export's.
  EXPECT_NE(kernelSymbol("$start", 0), startSymbol());
}

TEST(Targets, Parse) {
  auto targets = parseTargets("sm_80,sm_90a,host");
  ASSERT_TRUE(bool(targets));
  ASSERT_EQ(targets->gpus.size(), 2u);
  EXPECT_EQ(targets->gpus[1].cc, 90u);
  EXPECT_EQ(targets->gpus[1].suffix, 'a');
  EXPECT_TRUE(targets->host);
  for (const char *bad : {"", "sm_70", "sm_8", "sm_80,", "gpu", "sm_80,sm_80",
                          "host,host", "sm_80x", "sm_4294967376"}) {
    auto result = parseTargets(bad);
    EXPECT_FALSE(bool(result)) << bad;
    llvm::consumeError(result.takeError());
  }
}

TEST(PTXVersion, IsRead) {
  EXPECT_EQ(getPTXVersion("//\n.version 7.8\n.target sm_90"), 78u);
  EXPECT_EQ(getPTXVersion("no version here"), 0u);
}
