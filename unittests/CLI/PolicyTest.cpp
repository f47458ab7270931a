//===- PolicyTest.cpp - twrun under a trust policy ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a policy admits is run, what it does not is refused before anything of
// it is used, and what was verified is what is run, whatever happens to the
// file meanwhile.
//
//===----------------------------------------------------------------------===//

#include "CommandTest.h"

#include "Registry/State.h"

#include <fcntl.h>
#include <fstream>
#include <functional>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace twrun;
using namespace twrun::cli;
using namespace twrun::test;

namespace {

constexpr ValueType I32 = ValueType::I32;

// The image's "off" adds one to its argument.
const char *const guest = R"((module
  (memory 1 4) (func (export "off") (param i32) (result i32) (local.get 0))))";

struct UnderPolicy : CommandTest {
  ptxbin::SecretKey secret, root;

  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(CommandTest::SetUp());
    for (auto [key, name] :
         {std::pair(&secret, "/key"), std::pair(&root, "/root")}) {
      auto made = ptxbin::generateKey();
      ASSERT_TRUE(made);
      *key = *made;
      ASSERT_TRUE(ptxbin::writeKeyPair(*key, dir + name));
    }
    write(1);
    policy(1);
  }

  ptxbin::Manifest manifest(uint64_t release) {
    ptxbin::Manifest m = emptyManifest(1, 4);
    m.name = "team/guest";
    m.publisher = "Example";
    m.release = release;
    m.functions = {"off"};
    m.modules.resize(1);
    m.modules[0].functions = 1;
    m.modules[0].wasmSize = assemble(guest).size();
    ptxbin::KernelInfo off = kernel("off", {I32}, {I32});
    off.symbol = "tw_off";
    m.kernels.push_back(off);
    return m;
  }

  void write(uint64_t release) {
    CommandTest::write(manifest(release), assemble(guest), &secret);
  }

  static std::string line(const std::string &path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    std::getline(file, line);
    return line;
  }

  /// Writes policy.toml, signed by the root.
  void policy(uint64_t version,
              const std::string &images = "\"wasm\", \"host\"",
              const std::string &more = "", bool isSigned = true) {
    std::string path = dir + "/policy.toml";
    std::ofstream(path)
        << "schema = 1\nversion = " << version
        << "\nissued = 2026-01-01T00:00:00Z\nexpires = 2999-01-01T00:00:00Z\n"
           "max-age-days = 36500\nthreshold = 1\n"
        << more << "[root]\nkeys = [\"" << line(dir + "/root.pub")
        << "\"]\nthreshold = 1\n[[key]]\nname = \"k\"\npublic = \""
        << line(dir + "/key.pub")
        << "\"\npublisher = \"Example\"\nnames = [\"team/*\"]\nstate = "
           "\"active\"\nimages = ["
        << images << "]\n";
    std::filesystem::remove(path + ".sig");
    if (!isSigned)
      return;
    auto text = ptxbin::readFile(path, 1 << 20);
    ASSERT_TRUE(text);
    auto parsed = registry::Policy::parse(std::move(*text), path);
    ASSERT_TRUE(parsed) << parsed.error().message;
    auto signature = registry::signPolicy(*parsed, root);
    ASSERT_TRUE(signature);
    ASSERT_TRUE(ptxbin::writeFileAtomic(
        path + ".sig", registry::encodePolicySignatures({*signature})));
  }

  Result invoke(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"invoke",
                                      file,
                                      "off",
                                      "--device",
                                      "host",
                                      "--policy",
                                      dir + "/policy.toml",
                                      "--state",
                                      dir + "/state"};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back("41");
    return run(words);
  }

  void expectRefused(const Result &result, const std::string &words) {
    EXPECT_EQ(result.exitCode, exitRefused) << result.err;
    EXPECT_EQ(result.out, "");
    expectIn(result.err, words);
  }
};

TEST_F(UnderPolicy, WhatItAdmitsRuns) {
  auto result = invoke();
  EXPECT_EQ(result.exitCode, exitSuccess) << result.err;
  expectIn(result.out, "i32:42");
  auto info = run({"info", file, "--policy", dir + "/policy.toml", "--state",
                   dir + "/state", "--policy-root", dir + "/root.pub"});
  EXPECT_EQ(info.exitCode, exitSuccess) << info.err;
}

TEST_F(UnderPolicy, WhatItDoesNotIsRefused) {
  policy(2, "\"wasm\", \"ptx\"");
  expectRefused(invoke(), "a host image of 'team/guest'");
  policy(
      3, "\"wasm\", \"host\"",
      "deny = [\"" + ptxbin::hex([&] {
        auto bytes = ptxbin::readFile(file, 1 << 20);
        return ptxbin::PtxBin::openUnverified(std::move(*bytes))->contentId();
      }()) +
          "\"]\n");
  expectRefused(invoke(), "is denied by the policy");
  // Older than what is in force now.
  policy(2);
  expectRefused(invoke(), "but version 3 is in force");
  policy(4, "\"wasm\", \"host\"", "", /*isSigned=*/false);
  expectRefused(invoke(), "signatures by 1 of its root keys, but got 0");
  policy(4);
  expectRefused(invoke({"--policy-root", dir + "/key.pub"}),
                "not signed by a root key that was given");
  EXPECT_EQ(invoke().exitCode, exitSuccess);
}

TEST_F(UnderPolicy, AnOlderReleaseThanWasPulledIsRefused) {
  auto state = registry::TrustState::open(dir + "/state");
  ASSERT_TRUE(state);
  registry::Record record;
  record.ref = {"team/guest", "2.0"};
  record.publisher = "Example";
  record.release = 2;
  ASSERT_TRUE(state->raiseRelease(record));
  *state = {};
  expectRefused(invoke(), "release 2 was seen here");
  EXPECT_EQ(invoke({"--allow-rollback"}).exitCode, exitSuccess);
}

TEST_F(UnderPolicy, StrictModeRefusesAChangedEnvironment) {
  EXPECT_EQ(invoke({"--strict"}).exitCode, exitSuccess);
  EXPECT_STREQ(std::getenv("CUDA_CACHE_DISABLE"), "1");
  for (const char *name : {"LD_LIBRARY_PATH", "CUDA_INJECTION64_PATH"}) {
    ::setenv(name, "/tmp", 1);
    expectRefused(invoke({"--strict"}), std::string(name) + " set");
    EXPECT_EQ(invoke().exitCode, exitSuccess);
    ::unsetenv(name);
  }
}

TEST_F(UnderPolicy, OptionsThatDoNotGoTogether) {
  for (std::vector<std::string> more :
       {std::vector<std::string>{"--trust", dir + "/key.pub"},
        {"--allow-unsigned"}}) {
    auto result = invoke(more);
    EXPECT_EQ(result.exitCode, exitUsage);
    expectIn(result.err, "do not go with it");
  }
  auto result = run({"info", file, "--trust", dir + "/key.pub", "--strict"});
  EXPECT_EQ(result.exitCode, exitUsage);
  expectIn(result.err, "go with --policy");
  EXPECT_EQ(run({"info", file}).exitCode, exitUsage);
}

/// A pipe gives its bytes once, and what it was is gone before they are all
/// read: whoever looked a second time would wait for ever, or find the other
/// file, which nobody has signed.
TEST_F(UnderPolicy, WhatWasVerifiedIsWhatRuns) {
  std::filesystem::rename(file, dir + "/good");
  std::ofstream(dir + "/bad") << "not what was signed";
  ASSERT_EQ(::mkfifo((dir + "/pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink(dir + "/pipe", file);
  std::thread writer([&] {
    auto bytes = ptxbin::readFile(dir + "/good", 1 << 20);
    int fd = ::open((dir + "/pipe").c_str(), O_WRONLY | O_CLOEXEC);
    // twrun has opened the pipe and waits: now every name leads elsewhere.
    std::filesystem::remove(file);
    std::filesystem::create_symlink(dir + "/bad", file);
    std::filesystem::remove(dir + "/pipe");
    ssize_t put = ::write(fd, bytes->data(), bytes->size());
    EXPECT_EQ(put, ssize_t(bytes->size()));
    ::close(fd);
  });
  auto result = invoke();
  writer.join();
  EXPECT_EQ(result.exitCode, exitSuccess) << result.err;
  expectIn(result.out, "i32:42");
  expectRefused(invoke(), "guest.ptxbin");
}

/// An open file is changed in place after it was verified.
TEST_F(UnderPolicy, ChangesAfterVerificationAreNotSeen) {
  ptxbin::TrustOptions trust;
  trust.keys = {secret.publicKey()};
  auto bytes = ptxbin::readFile(file, 1 << 20);
  ASSERT_TRUE(bytes);
  size_t size = bytes->size();
  auto opened = ptxbin::PtxBin::openVerified(std::move(*bytes), trust);
  ASSERT_TRUE(opened);
  {
    std::ofstream out(file, std::ios::binary);
    out << std::string(size, '\xcc');
  }
  auto device = Device::open("host");
  ASSERT_TRUE(device);
  auto instance = (*device)->instantiate(*opened, {});
  ASSERT_TRUE(instance) << instance.error().message;
  auto off = findKernel(opened->manifest(), "off");
  ASSERT_TRUE(off);
  Value argument{I32, 41};
  auto outcome = (*instance)->invoke(**off, {&argument, 1});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->results.at(0).bits, 42u);
}

} // namespace
