//===- PipelineTest.cpp - reading, planning and running pipelines ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a pipeline may say is in docs/TwrunCLI.md, "Pipelines". Those that run
// do so on the host image of Inputs/HostGuest.cpp, whose kernel `wrong` and
// function `off` are wrong on purpose.
//
//===----------------------------------------------------------------------===//

#include "CommandTest.h"

#include "lib/Data/Npy.h"
#include "lib/CLI/Pipeline.h"
#include "lib/CLI/Progress.h"

#include <fstream>
#include <nlohmann/json.hpp>

using namespace twrun;
using namespace twrun::cli;
using namespace twrun::test;
using nlohmann::json;

namespace {

constexpr ValueType I32 = ValueType::I32;

std::string errorOf(const std::string &text,
                    std::vector<std::string> replaced = {}) {
  auto pipeline = parsePipeline(text, "p.toml", replaced);
  return pipeline ? "accepted" : pipeline.error().message;
}

/// A file with this step alone.
std::string withStep(const std::string &step) {
  return "artifact = 'a'\n[buffers]\na = 'zeros:u8:4'\n[[step]]\n" + step +
         "\narguments = ['@a']\n";
}

TEST(PipelineParse, ReadsEverything) {
  auto read = parsePipeline(R"(
artifact = "sub/a.ptxbin"
module = "m"
fuel = 100
[buffers]
x = "zeros:f32:4"
y = "in.npy=out.npy"
z = "/abs.bin=-"
[[step]]
launch = "k"
grid = [3, 2]
block = 64
shared = 128
repeat = 5
arguments = ["@y", "@x", "@z", -1, 0x10, 0.1, inf, "nan:0x7fc00001"]
[[step]]
repeat = 4
  [[step.step]]
  swap = ["x", "y"]
  [[step.step]]
  invoke = "f"
  module = "other"
)",
                            "dir/p.toml");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->artifact, "dir/sub/a.ptxbin");
  EXPECT_EQ(read->module, "m");
  EXPECT_EQ(read->fuel, 100u);
  ASSERT_EQ(read->buffers.size(), 3u);
  EXPECT_EQ(read->buffers[1].spec.path, "dir/in.npy");
  EXPECT_EQ(read->buffers[1].spec.sink, "dir/out.npy");
  EXPECT_EQ(read->buffers[2].spec.path, "/abs.bin");
  EXPECT_EQ(read->buffers[2].spec.sink, "-");
  ASSERT_EQ(read->steps.size(), 2u);
  const PipelineStep &launch = read->steps[0];
  EXPECT_EQ(launch.grid.y, 2u);
  EXPECT_EQ(launch.block.x, 64u);
  EXPECT_EQ(launch.sharedBytes, 128u);
  EXPECT_EQ(launch.place.line, 9u);
  std::vector<std::string> texts;
  for (const PipelineArgument &argument : launch.arguments)
    texts.push_back(argument.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"@y", "@x", "@z", "-1", "16",
                                             "0.1", "inf", "nan:0x7fc00001"}));
  EXPECT_EQ(launch.arguments[0].buffer, 1u);
  EXPECT_FALSE(launch.arguments[3].buffer);
  ASSERT_EQ(read->steps[1].steps.size(), 2u);
  EXPECT_EQ(read->steps[1].steps[1].module, "other");
  EXPECT_EQ(read->length.steps, 5u + 4 * 2);
  EXPECT_EQ(read->length.calls, 5u + 4);
}

TEST(PipelineParse, ErrorsHaveTheirPlace) {
  const struct {
    std::string text, error;
  } cases[] = {
      {"", "p.toml:1:1: a pipeline needs artifact"},
      {"artifact = 'a'", "a pipeline needs step"},
      {"artifact = \n", "p.toml:1:12: "},
      {"artifact = 'a'\nstep = []", "p.toml:2:8: step: expected at least one"},
      {"artifact = 'a'\nstep = [1]", "p.toml:2:9: step: expected [[step]]"},
      {"artifact = 7", "p.toml:1:12: artifact: expected a text"},
      {"artifact = 'a'\nbuffer = 1\n[[step]]\n",
       "p.toml:2:1: unknown key 'buffer' in a pipeline: expected artifact"},
      {"artifact = 'a'\nfuel = -1\n[[step]]\n",
       "p.toml:2:8: fuel: expected an integer from 0"},
      {"artifact = 'a'\n[buffers]\na = 1\n",
       "p.toml:3:5: buffer 'a': expected a text, SOURCE or SOURCE=SINK"},
      {"artifact = 'a'\n[buffers]\na = '@x.npy'\n", "p.toml:3:5: expected "},
      {"artifact = 'a'\n[buffers]\na = 'zeros:f32:9999999999x9999999999'\n",
       "p.toml:3:5: buffer '@zeros:f32:9999999999x9999999999': f32 array of "
       "shape 9999999999x9999999999 is larger than the 4 GiB"},
      {withStep("nothing = 1"), "p.toml:4:1: a step needs one of launch, "},
      {withStep("launch = 'k'\ninvoke = 'f'"), "this has launch and invoke"},
      {withStep("launch = 'k'"), "p.toml:4:1: a step needs grid"},
      {withStep("launch = ''\ngrid = 1\nblock = 1"), "launch: expected a text"},
      {withStep("launch = 'k'\ngrid = 0\nblock = 1"),
       "p.toml:6:8: grid: expected an integer from 1 to 4294967295"},
      {withStep("launch = 'k'\ngrid = [1,2,3,4]\nblock = 1"),
       "p.toml:6:8: grid: expected X, [X], [X, Y] or [X, Y, Z], but got a list "
       "of 4"},
      {withStep("launch = 'k'\ngrid = 1\nblock = [1, 4294967296]"),
       "p.toml:7:13: block: expected an integer from 1"},
      {withStep("launch = 'k'\ngrid = 1\nblock = 1\nshared = 'x'"),
       "p.toml:8:10: shared: expected an integer"},
      {withStep("launch = 'k'\ngrid = 1\nblock = 1\nshard = 4"),
       "p.toml:8:1: unknown key 'shard' in a step"},
      {withStep("invoke = 'f'\ngrid = 1"), "unknown key 'grid' in a step"},
      {withStep("invoke = 'f'\nrepeat = 0"),
       "p.toml:6:10: repeat: expected an integer from 1 to 10000000"},
      {"artifact = 'a'\n[[step]]\ninvoke = 'f'\narguments = ['@b']\n",
       "p.toml:4:14: no buffer 'b': there is none"},
      {"artifact = 'a'\n[[step]]\ninvoke = 'f'\narguments = [true]\n",
       "p.toml:4:14: expected a number, a text with one, or \"@BUFFER\""},
      {"artifact = 'a'\n[[step]]\ninvoke = 'f'\narguments = 1\n",
       "p.toml:4:13: arguments: expected a list"},
      {"artifact = 'a'\n[buffers]\na = 'zeros:u8:4'\n[[step]]\ninvoke = 'f'\n",
       "p.toml:3:5: buffer 'a' is used by no step"},
      {"artifact = 'a'\n[buffers]\na = 'zeros:u8:4'\n[[step]]\n"
       "swap = ['a', 'a']\n",
       "p.toml:5:8: swap: expected the names of two buffers that differ"},
      {"artifact = 'a'\n[buffers]\na = 'zeros:u8:4'\n[[step]]\nswap = ['a']\n",
       "p.toml:5:8: swap: expected the names of two buffers"},
      {"artifact = 'a'\n[[step]]\nrepeat = 10000000\n[[step.step]]\n"
       "repeat = 10000000\ninvoke = 'f'\n",
       "the pipeline takes more than 10000000 steps up to here"},
      {"artifact = \"a\\u0000b\"\n", "artifact: a text with a NUL character"},
      {std::string("artifact = 'a'\n\x01\n"), "p.toml:2:1: "},
  };
  for (const auto &[text, error] : cases)
    expectIn(errorOf(text), error);
}

TEST(PipelineParse, ErrorsAreOneLine) {
  // What is quoted from the file moves no cursor.
  for (const char *text :
       {"artifact = 'a'\n'b\\u000ac' = 1\n",
        "artifact = 'a'\n\"b\\u000ac\" = 1\n",
        "artifact = 'a'\n[buffers]\na = \"zeros:u8:\\n1\"\n",
        "artifact = 'a'\n[buffers]\na = \"zeros:u8:1=\\u001b[2J.png\"\n"
        "[[step]]\nlaunch = \"\\n\"\n"}) {
    const std::string error = errorOf(text);
    EXPECT_NE(error, "accepted");
    for (char c : error)
      EXPECT_GE(uint8_t(c), 0x20) << error;
  }
}

TEST(PipelineParse, AbsurdSizesEndEarly) {
  std::string deep = "artifact = 'a'\n", key = "step";
  for (int i = 0; i < 20; ++i, key += ".step")
    deep += "[[" + key + "]]\n";
  expectIn(errorOf(deep + "invoke = 'f'\n"),
           "steps within steps: more than 8 deep");
  std::string many = "artifact = 'a'\n";
  for (int i = 0; i < 5000; ++i)
    many += "[[step]]\ninvoke = 'f'\n";
  expectIn(errorOf(many), "more than 4096 steps: use repeat");
  std::string buffers = "artifact = 'a'\n[buffers]\n";
  for (int i = 0; i < 1025; ++i)
    buffers += "b" + std::to_string(i) + " = 'zeros:u8:1'\n";
  expectIn(errorOf(buffers), "1025 buffers are more than the limit of 1024");
  expectIn(errorOf(std::string(maxPipelineBytes + 1, ' ')),
           "1048577 bytes are more than the limit of 1048576");
}

TEST(PipelineParse, TheCommandLineReplacesBuffers) {
  const std::string text = withStep("invoke = 'f'");
  auto read = parsePipeline(text, "dir/p.toml", {{"a=in.bin=out.bin"}});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->buffers[0].spec.path, "in.bin"); // where the shell is
  EXPECT_EQ(read->buffers[0].spec.sink, "out.bin");
  EXPECT_EQ(errorOf(text, {"b=x"}),
            "--buffer: no buffer 'b' in the pipeline: there is 'a'");
  EXPECT_EQ(errorOf(text, {"a"}),
            "--buffer: 'a': expected NAME=SOURCE or NAME=SOURCE=SINK");
}

TEST(Progress, TellsRateAndRest) {
  EXPECT_EQ(progressText("calls", 0, 10, 0), "calls: 0 of 10 (0%)");
  EXPECT_EQ(progressText("launches", 1200, 4800, 3),
            "launches: 1200 of 4800 (25%), 400/s, 9.00 s left");
  EXPECT_EQ(progressText("launches", 1, 3, 4),
            "launches: 1 of 3 (33%), 0.25/s, 8.00 s left");
}

const char *const guest = R"((module
  (import "tw" "thread_id_x" (func $tx (result i32)))
  (import "tw" "block_id_x" (func $bx (result i32)))
  (import "tw" "block_dim_x" (func $dx (result i32)))
  (memory 1 4)
  (func $squares (export "squares") (param $out i32) (param $n i32) (local $i i32)
    (local.set $i (i32.add (call $tx) (i32.mul (call $bx) (call $dx))))
    (if (i32.ge_u (local.get $i) (local.get $n)) (then unreachable))
    (i32.store (i32.add (local.get $out) (i32.shl (local.get $i) (i32.const 2)))
               (i32.mul (local.get $i) (local.get $i))))
  (func (export "wrong") (param i32 i32)
    (call $squares (local.get 0) (local.get 1)))
  (func (export "off") (param i32) (result i32) (local.get 0))
  (func (export "fuel") (result i64) (i64.const -1))))";

struct Pipelines : CommandTest {
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(CommandTest::SetUp());
    ptxbin::Manifest m = emptyManifest(1, 4);
    m.functions = {"tx", "bx", "dx", "squares", "wrong", "off", "fuel"};
    m.modules.resize(1);
    m.modules[0].functions = m.functions.size();
    m.modules[0].wasmSize = assemble(guest).size();
    auto add = [&](const char *name, std::vector<ValueType> params,
                   std::vector<ValueType> results) {
      ptxbin::KernelInfo k = kernel(name, params, results);
      k.symbol = std::string("tw_") + name;
      k.memory = 0;
      m.kernels.push_back(k);
    };
    add("squares", {I32, I32}, {});
    add("wrong", {I32, I32}, {});
    add("off", {I32}, {I32});
    add("fuel", {}, {ValueType::I64});
    write(m, assemble(guest), nullptr);
  }

  /// Runs the file with this text.
  Result pipeline(const std::string &text, std::vector<std::string> more = {}) {
    std::ofstream(dir + "/p.toml") << "artifact = 'guest.ptxbin'\n" << text;
    std::vector<std::string> words = {"run", dir + "/p.toml",
                                      "--allow-unsigned", "--device", "host"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  Array saved(const std::string &name) {
    auto bytes = ptxbin::readFile(dir + "/" + name, 1 << 20);
    EXPECT_TRUE(bytes) << bytes.error().message;
    auto array = bytes ? readNpy(std::move(*bytes)) : Array();
    EXPECT_TRUE(array);
    return array ? std::move(*array) : Array();
  }
};

TEST_F(Pipelines, StepsShareMemoryAndNamesChangePlaces) {
  // After three swaps `a` names the buffer that was written as `b`.
  const std::string text = R"(
[buffers]
a = "zeros:u32:8=a.npy"
b = "zeros:u32:8=b.npy"
[[step]]
launch = "squares"
grid = 1
block = 4
arguments = ["@b", 4]
[[step]]
repeat = 3
  [[step.step]]
  swap = ["b", "a"]
[[step]]
launch = "squares"
grid = 2
block = 4
arguments = ["@b", 8]
)";
  auto result = pipeline(text, {"--verify", "--json", "--stats"});
  ASSERT_EQ(result.exitCode, exitSuccess) << result.err;
  const Array a = saved("a.npy"), b = saved("b.npy");
  EXPECT_EQ(a.data[4 * 3], 9);
  EXPECT_EQ(a.data[4 * 4], 0); // the first launch had four threads
  EXPECT_EQ(b.data[4 * 7], 49);
  json report = json::parse(result.out);
  EXPECT_EQ(report["command"], "run");
  EXPECT_EQ(report["calls"], 2);
  EXPECT_EQ(report["steps"].size(), 2u);
  EXPECT_EQ(report["steps"][1]["launch"], "squares");
  EXPECT_EQ(report["steps"][1]["grid"], json({2, 1, 1}));
  EXPECT_EQ(report["steps"][1]["line"], 15);
  EXPECT_EQ(report["verification"]["agrees"], true);
  EXPECT_EQ(report["saved"].size(), 2u);
  const json &stats = report["stats"];
  EXPECT_EQ(stats["calls"], 2);
  EXPECT_GT(stats["seconds"]["verifyArtifact"], 0);
  EXPECT_GT(stats["seconds"]["mapHostImage"], 0);
  EXPECT_GT(stats["seconds"]["oracle"], 0);
  EXPECT_GT(stats["bytes"]["peakResident"], 1 << 20);
  EXPECT_EQ(stats["bytes"]["buffers"], 64);
  EXPECT_GT(stats["interpreterThreadsPerSecond"], 0);
}

TEST_F(Pipelines, MismatchesNameBufferAndStep) {
  auto result = pipeline(R"(
[buffers]
out = "zeros:u32:8=out.npy"
[[step]]
launch = "wrong"
grid = 1
block = 8
arguments = ["@out", 8]
)",
                         {"--verify"});
  EXPECT_EQ(result.exitCode, exitMismatch);
  expectIn(result.err, "memory differs at 0x1000c, u32 element 3 of buffer "
                       "'out': 10 on the device, 9 in the interpreter");
  EXPECT_FALSE(std::filesystem::exists(dir + "/out.npy"));

  // An earlier invocation's result counts, whatever comes after it.
  result = pipeline("[[step]]\ninvoke = 'off'\narguments = [5]\n"
                    "[[step]]\ninvoke = 'fuel'\n",
                    {"--verify"});
  EXPECT_EQ(result.exitCode, exitMismatch);
  expectIn(result.err, "p.toml:2:1: result 1 of 'off' is i32:6 on the device "
                       "and i32:5 in the interpreter");
}

TEST_F(Pipelines, ATrapEndsItAndNamesItsStep) {
  const std::string text = R"(
[buffers]
out = "zeros:u32:8=out.npy"
[[step]]
launch = "squares"
grid = 1
block = 8
repeat = 3
arguments = ["@out", 8]
[[step]]
launch = "squares"
grid = 1
block = 8
arguments = ["@out", 4]
[[step]]
invoke = "fuel"
)";
  auto result = pipeline(text, {"--verify", "--json"});
  EXPECT_EQ(result.exitCode, exitTrap);
  expectIn(result.err, "trap: unreachable");
  expectIn(result.err, "p.toml:11:1: 'squares', call 4 of 5 (the interpreter "
                       "agrees)");
  EXPECT_FALSE(std::filesystem::exists(dir + "/out.npy"));
  json report = json::parse(result.out);
  EXPECT_EQ(report["calls"], 4);
  EXPECT_EQ(report["steps"].size(), 2u); // the last was never reached
}

TEST_F(Pipelines, WhatDoesNotFitTheArtifactIsRefusedFirst) {
  const struct {
    const char *text, *error;
  } cases[] = {
      {"[[step]]\ninvoke = 'none'\n",
       "p.toml:2:1: no exported function 'none'"},
      {"[[step]]\ninvoke = 'fuel'\nmodule = 'm'\n", "p.toml:2:1: no module"},
      {"[[step]]\ninvoke = 'off'\n",
       "p.toml:2:1: 'off' takes 1 arguments, but 0 are given"},
      {"[[step]]\ninvoke = 'off'\narguments = [1.5]\n",
       "p.toml:4:14: argument 1 of 'off': "},
      {"[[step]]\nlaunch = 'off'\ngrid = 1\nblock = 1\narguments = [1]\n",
       "p.toml:2:1: 'off' has results: launch needs a function without"},
      {"[[step]]\nlaunch = 'squares'\ngrid = 1\nblock = 1025\n"
       "arguments = [1, 1]\n",
       "p.toml:2:1: block (1025,1,1) "},
      {"[[step]]\nlaunch = 'squares'\ngrid = [1, 70000]\nblock = 1\n"
       "arguments = [1, 1]\n",
       "p.toml:2:1: grid (1,70000,1) "},
      {"[[step]]\nlaunch = 'squares'\ngrid = 1\nblock = 1\nshared = 16\n"
       "arguments = [1, 1]\n",
       "uses no shared memory, but 16 bytes were asked for"},
      {"[buffers]\na = 'zeros:u8:1000000'\n[[step]]\nlaunch = 'squares'\n"
       "grid = 1\nblock = 1\narguments = ['@a', 1]\n",
       "p.toml:3:5: buffer 'a': buffers up to here take 1000000 bytes of "
       "linear "
       "memory, and 196608 are possible"},
      {"[buffers]\na = 'absent.npy'\n[[step]]\nlaunch = 'squares'\n"
       "grid = 1\nblock = 1\narguments = ['@a', 1]\n",
       "absent.npy"},
      {"[buffers]\na = 'zeros:u8:8'\nb = 'zeros:i8:8'\n[[step]]\n"
       "launch = 'squares'\ngrid = 1\nblock = 1\narguments = ['@a', 1]\n"
       "[[step]]\nswap = ['a', 'b']\n",
       "p.toml:10:1: buffers that are swapped must be of one type and shape, "
       "but 'a' is u8:8 and 'b' is i8:8"},
      {"[buffers]\na = 'zeros:u8:8=x'\nb = 'zeros:u8:8=x'\n[[step]]\n"
       "launch = 'squares'\ngrid = 1\nblock = 1\narguments = ['@a', '@b']\n",
       "is the sink of buffer 'a' too"},
      {"fuel = 5\n[[step]]\ninvoke = 'fuel'\n",
       "--fuel needs an artifact that counts fuel"},
  };
  for (const auto &[text, error] : cases) {
    auto result = pipeline(text);
    EXPECT_NE(result.exitCode, exitSuccess);
    EXPECT_EQ(result.out, "");
    expectIn(result.err, error);
  }
}

TEST_F(Pipelines, TracesAreWrittenOfFailuresToo) {
  const std::string trace = dir + "/trace.json";
  auto names = [&] {
    std::ifstream file(trace);
    std::vector<std::string> found;
    const json document = json::parse(file);
    for (const json &event : document["traceEvents"])
      found.push_back(event["name"]);
    return found;
  };
  auto count = [](const std::vector<std::string> &all, const char *name) {
    return std::count(all.begin(), all.end(), name);
  };
  auto result = pipeline("[[step]]\ninvoke = 'off'\nrepeat = 3\n"
                         "arguments = [1]\n",
                         {"--trace", trace});
  ASSERT_EQ(result.exitCode, exitSuccess) << result.err;
  EXPECT_EQ(count(names(), "invoke"), 3);
  EXPECT_EQ(count(names(), "off"), 3); // on the device's track
  EXPECT_EQ(count(names(), "instantiate"), 1);

  result = pipeline("[[step]]\ninvoke = 'none'\n", {"--trace", trace});
  EXPECT_EQ(result.exitCode, exitRefused);
  EXPECT_EQ(count(names(), "verify artifact"), 1);
  EXPECT_EQ(count(names(), "instantiate"), 0);

  result = pipeline("[[step]]\ninvoke = 'fuel'\n",
                    {"--trace", dir + "/none/trace.json"});
  EXPECT_EQ(result.exitCode, exitRefused);
  expectIn(result.err, "none/trace.json");
}

} // namespace
