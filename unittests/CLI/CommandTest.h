//===- CommandTest.h - twrun's commands on an artifact of ours --*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A directory of the test's own with an artifact in it: the host image of
// Inputs/HostGuest.cpp, Wasm modules that mean the same, and a manifest.
// Command lines go the way that main's go.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_UNITTESTS_CLI_COMMANDTEST_H
#define TWRUN_UNITTESTS_CLI_COMMANDTEST_H

#include "WatModule.h"

#include "lib/CLI/Report.h"

#include <cstdlib>
#include <filesystem>

namespace twrun::test {

/// What all manifests have, but for modules and functions.
inline ptxbin::Manifest emptyManifest(uint64_t minPages, uint64_t maxPages) {
  ptxbin::Manifest m;
  m.name = "guest";
  m.version = "1.0.0";
  m.sandbox = "checked";
  m.floatingPoint = "strict";
  m.kernelABI = abi::kernelABIVersion;
  m.memories.resize(1);
  m.memories[0].minPages = minPages;
  m.memories[0].maxPages = maxPages;
  return m;
}

struct CommandTest : testing::Test {
  std::string dir, file;

  void SetUp() override {
    char pattern[] = "/tmp/twrun-test-XXXXXX";
    ASSERT_TRUE(mkdtemp(pattern));
    dir = pattern;
    file = dir + "/guest.ptxbin";
  }
  void TearDown() override {
    if (!dir.empty())
      std::filesystem::remove_all(dir);
  }

  /// Writes `file`; `wasm` are the manifest's modules. Signed with `secret`,
  /// if there is one.
  void write(const ptxbin::Manifest &manifest, ptxbin::Bytes wasm,
             const ptxbin::SecretKey *secret) {
    auto image = ptxbin::readFile(TEST_HOST_GUEST, 1 << 20);
    ASSERT_TRUE(image) << image.error().message;
    std::vector<ptxbin::SectionInput> sections(2);
    sections[0].key.type = ptxbin::SectionType::Host;
    sections[0].key.machine = ptxbin::Machine::X86_64;
    sections[0].raw = std::move(*image);
    sections[1].key.type = ptxbin::SectionType::Wasm;
    sections[1].raw = std::move(wasm);
    auto bytes = ptxbin::writePtxBin(manifest, std::move(sections));
    ASSERT_TRUE(bytes) << bytes.error().message;
    if (secret)
      bytes = ptxbin::signPtxBin(*bytes, *secret);
    ASSERT_TRUE(bytes) << bytes.error().message;
    ASSERT_TRUE(ptxbin::writeFileAtomic(file, *bytes));
  }

  struct Result {
    int exitCode;
    std::string out, err;
  };

  /// Runs a command line as main does.
  Result run(std::vector<std::string> words) {
    words.insert(words.begin(), "twrun");
    std::vector<const char *> argv;
    for (const std::string &word : words)
      argv.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    auto parsed = cli::parseOptions(int(argv.size()), argv.data());
    const int *code = std::get_if<int>(&parsed);
    Result result{
        code ? *code : cli::runCommand(std::get<cli::Options>(parsed)), {}, {}};
    result.out = testing::internal::GetCapturedStdout();
    result.err = testing::internal::GetCapturedStderr();
    return result;
  }
};

inline void expectIn(const std::string &text, const std::string &words) {
  EXPECT_NE(text.find(words), std::string::npos)
      << text << "\nexpected: " << words;
}

} // namespace twrun::test

#endif // TWRUN_UNITTESTS_CLI_COMMANDTEST_H
