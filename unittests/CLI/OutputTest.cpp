//===- OutputTest.cpp - what kernels print, and what blocks share ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options and reports of launches whose threads print, abort, or have
// shared memory; the interpreter runs the same guest.
//
//===----------------------------------------------------------------------===//

#include "CommandTest.h"

#include <nlohmann/json.hpp>

using namespace twrun;
using namespace twrun::cli;
using namespace twrun::test;
using nlohmann::json;

namespace {

constexpr ValueType I32 = ValueType::I32;

// Formats at 70000, 70016, 70032, 70048; a reason at 70064.
const char *const guest = R"((module
  (import "tw" "printf" (func $printf (param i32 i32) (result i32)))
  (import "tw" "abort" (func $abort (param i32)))
  (import "tw" "thread_id_x" (func $tx (result i32)))
  (import "tw" "block_dim_x" (func $dx (result i32)))
  (import "tw" "shared_size" (func $size (result i32)))
  (import "tw" "barrier" (func $barrier))
  (memory 2 8)
  (data (i32.const 70000) "thread %d\n\00     "
                          "%y and %d\00      "
                          "no line end\00    "
                          "\1b[2J %d\n\00       "
                          "it \1b[1mfailed\00")
  (func (export "say") (param $format i32) (local $at i32)
    (local.set $at (i32.add (i32.const 69000)
                            (i32.mul (call $tx) (i32.const 16))))
    (i32.store (local.get $at) (call $tx))
    (drop (call $printf (local.get $format) (local.get $at))))
  (func (export "give_up") (param i32) (call $abort (local.get 0)))
  (func (export "spread") (param $out i32) (local $i i32)
    (local.set $i (call $tx))
    (i32.store offset=1024 (i32.mul (local.get $i) (i32.const 4))
                           (local.get $i))
    (call $barrier)
    (i32.store (i32.add (local.get $out) (i32.mul (local.get $i) (i32.const 4)))
      (i32.load offset=1024 (i32.mul (i32.const 4) (i32.rem_u
        (i32.add (local.get $i) (i32.const 1)) (call $dx)))))
    (i32.store (i32.add (local.get $out) (i32.mul (call $dx) (i32.const 4)))
               (call $size)))))";

struct Output : CommandTest {
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(CommandTest::SetUp());
    ptxbin::Manifest m = emptyManifest(2, 8);
    m.functions = {"printf",  "abort", "tx",      "dx",    "size",
                   "barrier", "say",   "give_up", "spread"};
    m.modules.resize(1);
    m.modules[0].functions = m.functions.size();
    ptxbin::Bytes wasm = assemble(guest);
    m.modules[0].wasmSize = wasm.size();
    const std::string text = "thread %d\n"; // where the data segment begins
    auto found =
        std::search(wasm.begin(), wasm.end(), text.begin(), text.end());
    ASSERT_NE(found, wasm.end());
    m.data.push_back({0, true, 0, 70000, uint64_t(found - wasm.begin()), 78});
    for (const char *name : {"say", "give_up", "spread"}) {
      ptxbin::KernelInfo k = kernel(name, {I32});
      k.symbol = std::string("tw_") + name;
      k.function = uint32_t(6 + m.kernels.size());
      k.memory = 0;
      m.kernels.push_back(k);
    }
    m.kernels[0].prints = true;
    m.kernels[2].gridSymbol = "tw_spread_grid";
    m.kernels[2].shared = {0, 64, 4096};
    m.kernels[2].cooperative = true;
    write(m, std::move(wasm), nullptr);
  }
  Result launch(const char *name, const char *block,
                std::vector<std::string> more) {
    std::vector<std::string> words = {
        "launch",           file,       name,  "--grid", "1", "--block", block,
        "--allow-unsigned", "--device", "host"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
};

} // namespace

TEST_F(Output, PrintsBeforeTheReport) {
  auto result = launch("say", "3", {"--verify", "70000"});
  EXPECT_EQ(result.exitCode, exitSuccess) << result.err;
  EXPECT_TRUE(result.out.starts_with("thread 0\nthread 1\nthread 2\ndevice "))
      << result.out;
  expectIn(result.out, "agree with the interpreter");
  EXPECT_EQ(result.err, "");
  // Output is not the report's to suppress.
  EXPECT_EQ(launch("say", "2", {"--quiet", "70000"}).out,
            "thread 0\nthread 1\n");
  EXPECT_EQ(launch("say", "2", {"--quiet", "--repeat", "2", "70000"}).out,
            "thread 0\nthread 1\nthread 0\nthread 1\n");
  EXPECT_EQ(launch("say", "2", {"--quiet", "70032"}).out,
            "no line endno line end\n");
  // Not a terminal: every byte.
  EXPECT_EQ(launch("say", "1", {"--quiet", "70048"}).out, "\x1b[2J 0\n");
  // An invocation prints too.
  result = run(
      {"invoke", file, "say", "--allow-unsigned", "--device", "host", "70000"});
  EXPECT_EQ(result.out, "thread 0\n");
}

TEST_F(Output, TellsWhatIsWrongOrLost) {
  auto result = launch("say", "3", {"--quiet", "70016"});
  EXPECT_EQ(result.out, "%y and 0%y and 1%y and 2\n");
  EXPECT_EQ(result.err,
            "twrun: printf in block (0,0,0), thread (0,0,0): '%y' is not a "
            "conversion of C's printf (3 calls in all)\n");
  result = launch("say", "5", {"--quiet", "--print-records", "2", "70000"});
  EXPECT_EQ(result.exitCode, exitSuccess);
  EXPECT_EQ(result.out, "thread 0\nthread 1\n");
  EXPECT_EQ(result.err, "twrun: 3 of the calls of printf were lost: 2 are kept "
                        "of a launch (--print-records)\n");
  result = launch("say", "1", {"--quiet", "123456789"});
  expectIn(result.err, "the format's address 123456789 is out of bounds");
  EXPECT_EQ(launch("say", "1", {"--print-records", "1048577", "0"}).exitCode,
            exitUsage);
}

TEST_F(Output, IsPartOfTheJSONReport) {
  auto result =
      launch("say", "2", {"--json", "--print-records=1", "--", "70016"});
  ASSERT_EQ(result.exitCode, exitSuccess) << result.err;
  json report = json::parse(result.out);
  ASSERT_EQ(report["printed"].size(), 1u);
  EXPECT_EQ(report["printed"][0]["text"], "%y and 0");
  EXPECT_EQ(report["printed"][0]["note"],
            "'%y' is not a conversion of C's printf");
  EXPECT_EQ(report["printed"][0]["thread"], json::array({0, 0, 0}));
  EXPECT_EQ(report["lostPrints"], 1);
  EXPECT_EQ(report["sharedBytes"], 0);
  EXPECT_EQ(report["stacks"]["threads"], 1);
}

TEST_F(Output, ASinkOnStandardOutputIsNotMixedWithIt) {
  auto result = launch("say", "1", {"--quiet", "--", "70000"});
  EXPECT_EQ(result.out, "thread 0\n");
  result = launch("spread", "4", {"--quiet", "--", "@zeros:u8:20=-"});
  EXPECT_EQ(result.out.size(), 20u);
  EXPECT_EQ(result.err, "");
}

TEST_F(Output, AnAbortHasItsReason) {
  auto result = launch("give_up", "1", {"--verify", "70064"});
  EXPECT_EQ(result.exitCode, exitTrap);
  expectIn(result.err, "trap: aborted: 'it \\x1b[1mfailed' in function 7 "
                       "'give_up' at offset 0x20");
  expectIn(result.err, "(the interpreter agrees)");
  result = launch("give_up", "1", {"--json", "--", "0"});
  EXPECT_EQ(json::parse(result.out)["trap"]["reason"], "");
}

TEST_F(Output, BlocksGetTheSharedMemoryThatIsAskedFor) {
  auto size = [&](std::vector<std::string> options) {
    options.insert(options.end(), {"--verify", "--json", "--"});
    options.push_back("@zeros:u32:5=" + dir + "/out.bin");
    auto result = launch("spread", "4", options);
    EXPECT_EQ(result.exitCode, exitSuccess) << result.err;
    auto saved = ptxbin::readFile(dir + "/out.bin", 100);
    uint32_t words[5] = {};
    if (result.exitCode == exitSuccess && saved && saved->size() == 20)
      std::copy(saved->begin(), saved->end(),
                reinterpret_cast<uint8_t *>(words));
    EXPECT_EQ(words[0], 1u);
    EXPECT_EQ(words[3], 0u);
    EXPECT_EQ(json::parse(result.out)["sharedBytes"], words[4]);
    return words[4];
  };
  EXPECT_EQ(size({}), 64u);
  EXPECT_EQ(size({"--shared", "100"}), 112u);
  EXPECT_EQ(size({"--shared=4096"}), 4096u);
  auto result = launch("spread", "4", {"--shared", "4097", "@zeros:u32:5"});
  EXPECT_EQ(result.exitCode, exitUsage);
  EXPECT_EQ(result.err,
            "twrun: a block of kernel 'spread' can have at most 4096 bytes of "
            "shared memory, but 4097 were asked for\n");
  result = launch("say", "4", {"--shared", "16", "70000"});
  EXPECT_EQ(result.err, "twrun: kernel 'say' uses no shared memory, but 16 "
                        "bytes were asked for\n");
}

TEST_F(Output, StatsTellWhatStacksTake) {
  auto result = launch("spread", "4", {"--stats", "@zeros:u32:5"});
  EXPECT_EQ(result.exitCode, exitSuccess);
  EXPECT_EQ(result.err,
            "twrun: stacks: 1048576 bytes for each of 4 threads, 4.0 MiB\n");
  EXPECT_EQ(stacksText({65536, 270336}),
            "stacks: 65536 bytes for each of 270336 threads, 16.5 GiB");
}

TEST_F(Output, InfoTellsWhatKernelsUse) {
  auto result = run({"info", file, "--allow-unsigned"});
  expectIn(result.out, "'say' (i32) -> ()\n           prints\n");
  expectIn(result.out, "shared memory of a block: 64 bytes, at most 4096\n"
                       "           its threads wait for one another\n");
  json info = json::parse(
      run({"info", file, "--allow-unsigned", "--json"}).out)["kernels"];
  EXPECT_EQ(info[0]["prints"], true);
  EXPECT_TRUE(info[0]["shared"].is_null());
  EXPECT_EQ(info[0]["cooperative"], false);
  EXPECT_EQ(info[2]["cooperative"], true);
  EXPECT_EQ(info[2]["shared"]["limit"], 4096);
}
