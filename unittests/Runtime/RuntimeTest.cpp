//===- RuntimeTest.cpp - lookup, checks and reports -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions of Runtime.h that need no device.
//
//===----------------------------------------------------------------------===//

#include "Instance.h"
#include "Quote.h"
#include "Support.h"

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

TEST(FindKernel, FindsByNameAndListsWhatThereIs) {
  Manifest manifest = testManifest();
  auto found = findKernel(manifest, "mixed");
  ASSERT_TRUE(found) << messageOf(found);
  EXPECT_EQ((*found)->symbol, "tw_mixed");

  found = findKernel(manifest, "no\nne");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::NotFound);
  EXPECT_EQ(found.error().message,
            "no exported function 'no\\x0ane': there is 'mark', 'all_trap', "
            "'mixed', 'grow', 'deep', 'start', 'table', 'absent', 'peek', "
            "'poke', 'load', 'put', 'get', 'delay', 'append', 'environment', "
            "'turn', 'trap'");
  manifest.kernels.clear();
  EXPECT_EQ(messageOf(findKernel(manifest, "x")),
            "no exported function 'x': there is none");
}

TEST(FindKernel, LooksInTheLastModuleOrTheOneAskedFor) {
  Manifest manifest = testManifest();
  manifest.modules.resize(2);
  manifest.modules[0].name = "base";
  KernelInfo other = manifest.kernels[0];
  other.module = 1;
  other.symbol = "tw_1_mark";
  manifest.kernels.push_back(other);
  auto found = findKernel(manifest, "mark");
  ASSERT_TRUE(found) << messageOf(found);
  EXPECT_EQ((*found)->symbol, "tw_1_mark");
  found = findKernel(manifest, "mark", 0);
  ASSERT_TRUE(found) << messageOf(found);
  EXPECT_EQ((*found)->symbol, "tw_mark");
  EXPECT_EQ(messageOf(findKernel(manifest, "grow")),
            "no exported function 'grow' in module 1: there is 'mark'");
  EXPECT_NE(messageOf(findKernel(manifest, "x", 0)).find("in module 'base'"),
            std::string::npos);
}

TEST(CheckArguments, WantsCountAndTypes) {
  Manifest manifest = testManifest();
  const KernelInfo &mixed = manifest.kernels[2];
  std::vector<Value> good{i32(1), i64(2), f64(3)};
  EXPECT_TRUE(checkArguments(mixed, good));
  EXPECT_EQ(messageOf(checkArguments(mixed, std::span(good).first(2))),
            "incorrect number of arguments for 'mixed': expected 3, but got 2");
  std::vector<Value> bad{i32(1), i32(2), f64(3)};
  EXPECT_EQ(messageOf(checkArguments(mixed, bad)),
            "incorrect type of argument 1 of 'mixed': expected i64, but got "
            "i32");
}

TEST(CheckGrid, HasTheLimitsOfCUDA) {
  EXPECT_TRUE(checkGrid({0x7fffffff, 65535, 65535}, {1024, 1, 1}));
  EXPECT_TRUE(checkGrid({1, 1, 1}, {4, 4, 64}));
  for (auto [grid, block] :
       std::vector<std::pair<Dim3, Dim3>>{{{0, 1, 1}, {1, 1, 1}},
                                          {{1, 1, 1}, {1, 0, 1}},
                                          {{0x80000000, 1, 1}, {1, 1, 1}},
                                          {{1, 65536, 1}, {1, 1, 1}},
                                          {{1, 1, 65536}, {1, 1, 1}},
                                          {{1, 1, 1}, {1025, 1, 1}},
                                          {{1, 1, 1}, {1, 1025, 1}},
                                          {{1, 1, 1}, {1, 1, 65}},
                                          {{1, 1, 1}, {1024, 2, 1}},
                                          {{1, 1, 1}, {1024, 1024, 64}}}) {
    auto checked = checkGrid(grid, block);
    ASSERT_FALSE(checked) << grid.x << " " << block.x;
    EXPECT_EQ(checked.error().kind, ErrorKind::Invalid);
  }
}

TEST(DescribeTrap, NamesThePlace) {
  Manifest manifest = testManifest();
  Trap trap;
  trap.code = twrun::abi::TrapCode::OutOfBoundsMemoryAccess;
  trap.function = 1;
  trap.offset = 0xb0;
  trap.thread = {5, 0, 0};
  EXPECT_EQ(describeTrap(trap, manifest),
            "out of bounds memory access in function 1 'mark' at offset 0xb0, "
            "block (0,0,0), thread (5,0,0)");
  trap.function = 2; // its name would clear the screen
  EXPECT_EQ(describeTrap(trap, manifest),
            "out of bounds memory access in function 2 'all_\\x1b[2Jtrap' at "
            "offset 0xb0, block (0,0,0), thread (5,0,0)");
  trap.function = 77;
  EXPECT_EQ(describeTrap(trap, manifest),
            "out of bounds memory access in function 77 at offset 0xb0, block "
            "(0,0,0), thread (5,0,0)");
  trap.hasPlace = false;
  trap.code = twrun::abi::TrapCode(999);
  EXPECT_EQ(describeTrap(trap, manifest),
            "unknown trap, block (0,0,0), thread (5,0,0)");
}

TEST(Quote, KeepsTextAndEscapesTheRest) {
  EXPECT_EQ(quoteName("größe 三 😀"), "'größe 三 😀'");
  EXPECT_EQ(quoteName("a'b\\c"), "'a\\x27b\\x5cc'");
  EXPECT_EQ(quoteName("\x7f\xc2\x85"), "'\\x7f\\xc2\\x85'"); // C1 control
  EXPECT_EQ(quoteName("\xe2\x80\xae"), "'\\xe2\\x80\\xae'"); // RLO
  EXPECT_EQ(quoteName("\xc0\x80\xed\xa0\x80"), "'\\xc0\\x80\\xed\\xa0\\x80'");
  EXPECT_EQ(quoteName("\xf0\x9f"), "'\\xf0\\x9f'"); // cut short
  EXPECT_EQ(quoteName(std::string(200, 'x')),
            "'" + std::string(128, 'x') + "...'");
  EXPECT_EQ(oneLine("one\r\n\ntwo \n\tthree\n"), "one; two; \\x09three");
}

TEST(Device, RefusesUnknownNames) {
  for (const char *spec : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1x",
                           "cuda:99999999999", "host:0"}) {
    auto device = Device::open(spec);
    ASSERT_FALSE(device) << spec;
    EXPECT_EQ(device.error().kind, ErrorKind::Invalid) << spec;
  }
}

TEST(Device, AutoFindsOne) {
  auto device = Device::open("auto");
  ASSERT_TRUE(device) << messageOf(device);
  EXPECT_FALSE((*device)->describe().empty());
}
