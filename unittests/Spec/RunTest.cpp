//===- RunTest.cpp - scripts against a device that does as told -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The device under the runner answers each call with what the test prepared,
// so that every way for a command to fail can be shown to be seen.
//
//===----------------------------------------------------------------------===//

#include "Run.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

using namespace twrun;
using namespace twrun::wast;
using twrun::abi::TrapCode;

namespace {

using Answer = std::function<Expected<Outcome>()>;

/// Instantiates as `modules` says and answers every call with `answer`.
struct FakeExecutor : Executor {
  const std::vector<std::string> &modules;
  const Answer &answer;
  size_t next = 0;

  FakeExecutor(const std::vector<std::string> &modules, const Answer &answer)
      : modules(modules), answer(answer) {}
  std::string describe() const override { return "fake"; }
  Expected<void> instantiateNext() override {
    const std::string &message = modules.at(next++);
    if (message.empty())
      return {};
    if (message == "broken device")
      return makeError(ErrorKind::Device, "out of bounds memory access");
    return makeError(ErrorKind::Invalid, message);
  }
  std::span<uint8_t> memory(uint32_t) override { return {}; }
  Expected<void> grow(uint64_t, uint32_t) override { return {}; }
  std::vector<uint64_t> table(uint32_t) const override { return {}; }
  Value global(uint32_t) const override { return {ValueType::I32, 7}; }
  Expected<Outcome> invoke(const ptxbin::KernelInfo &,
                           std::span<const Value>) override {
    return answer();
  }
  Expected<Outcome> launch(const ptxbin::KernelInfo &, Dim3, Dim3,
                           std::span<const Value>,
                           const LaunchOptions &) override {
    return answer();
  }
};

struct FakeDevice : Device {
  std::vector<std::string> modules; // instantiation errors; "" is success
  Answer answer;
  std::string describe() const override { return "fake"; }
  bool isGPU() const override { return true; }
  Expected<std::unique_ptr<Executor>>
  instantiate(const ptxbin::PtxBin &, const InstanceOptions &options) override {
    EXPECT_TRUE(options.stepwise);
    return std::unique_ptr<Executor>(new FakeExecutor(modules, answer));
  }
};

Outcome trap(TrapCode code) {
  Outcome outcome;
  outcome.trap.emplace();
  outcome.trap->code = code;
  return outcome;
}

Outcome results(std::vector<Value> values) {
  Outcome outcome;
  outcome.results = std::move(values);
  return outcome;
}

class RunTest : public testing::Test {
protected:
  void SetUp() override {
    directory = testing::TempDir() + "twrun-wast-" +
                testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(directory);
    options.trust.allowUnsigned = true;
    device.modules = {""};
  }
  void TearDown() override { std::filesystem::remove_all(directory); }

  void writeArtifact(size_t modules) {
    ptxbin::Manifest manifest;
    manifest.name = "test";
    manifest.version = "0.0.0";
    manifest.sandbox = "checked";
    manifest.floatingPoint = "strict";
    manifest.kernelABI = twrun::abi::kernelABIVersion;
    for (size_t i = 0; i < modules; ++i) {
      ptxbin::ModuleInfo module;
      module.name = "m" + std::to_string(i);
      module.wasmOffset = 8 * i;
      module.wasmSize = 8;
      module.functions = 1;
      manifest.modules.push_back(module);
      manifest.functions.push_back("f");
    }
    ptxbin::GlobalInfo global;
    global.bits = 7;
    global.exports = {{0, "g"}};
    manifest.globals = {global};
    for (const char *name : {"f", "import", "host"}) {
      ptxbin::KernelInfo kernel;
      kernel.name = name;
      kernel.symbol = std::string("tw_") + name;
      manifest.kernels.push_back(kernel);
    }
    manifest.kernels[1].notOffloadable = "calls an import";
    manifest.kernels[2].notOnGPU = "needs the host";
    ptxbin::SectionInput wasm;
    wasm.key.type = ptxbin::SectionType::Wasm;
    for (size_t i = 0; i < modules; ++i)
      for (int byte : {0, 0x61, 0x73, 0x6d, 1, 0, 0, 0})
        wasm.raw.push_back(uint8_t(byte));
    auto file = ptxbin::writePtxBin(manifest, {wasm});
    ASSERT_TRUE(file) << file.error().message;
    auto done = ptxbin::writeFileAtomic(directory + "/t.ptxbin", *file);
    ASSERT_TRUE(done) << done.error().message;
  }

  /// Runs the JSON `commands`; the failures' "got" are in `got`.
  FileReport run(const std::string &commands) {
    writeArtifact(device.modules.size());
    std::string path = directory + "/t.json";
    std::ofstream(path) << R"({"schema":1,"name":"t","source":"t.wast",)"
                        << R"("artifact":"t.ptxbin","commands":[)" << commands
                        << "]}";
    auto script = readScript(path);
    EXPECT_TRUE(script) << script.error().message;
    return script ? runScript(*script, &device, options, nullptr)
                  : FileReport();
  }

  /// After a module: whether `command` passes, and what the report says.
  bool passes(const std::string &command) {
    FileReport report = run(module + "," + command);
    message = report.failures.empty()
                  ? ""
                  : wast::describe(report, report.failures[0]);
    EXPECT_EQ(report.total().total(), 2u);
    EXPECT_EQ(report.total().failed, report.failures.size());
    return report.total().passed == 2;
  }

  const std::string module = R"({"type":"module","line":1,"module":0})";
  std::string directory, message;
  FakeDevice device;
  RunOptions options;
};

std::string call(const std::string &type, const std::string &rest,
                 const std::string &field = "f") {
  return R"({"type":")" + type + R"(","line":2,"module":0,"action":{"type":)" +
         R"("invoke","field":")" + field + R"(","args":[]})" + rest + "}";
}

TEST_F(RunTest, AssertReturn) {
  std::string one = call("assert_return",
                         R"(,"expected":[{"type":"i32","value":"1"}])");
  device.answer = [] { return results({{ValueType::I32, 1}}); };
  EXPECT_TRUE(passes(one));
  EXPECT_FALSE(passes(call("assert_return", R"(,"expected":[])")));
  device.answer = [] { return results({{ValueType::I32, 2}}); };
  EXPECT_FALSE(passes(one));
  EXPECT_EQ(message, "t.wast:2: assert_return (invoke \"f\"): expected "
                     "i32:0x00000001, but got i32:0x00000002");
  device.answer = [] { return results({{ValueType::I64, 1}}); };
  EXPECT_FALSE(passes(one));
  device.answer = [] { return results({}); };
  EXPECT_FALSE(passes(one));
  device.answer = [] {
    return results({{ValueType::I32, 1}, {ValueType::I32, 1}});
  };
  EXPECT_FALSE(passes(one));
  device.answer = [] { return trap(TrapCode::Unreachable); };
  EXPECT_FALSE(passes(one));
  device.answer = []() -> Expected<Outcome> {
    return makeError(ErrorKind::Device, "the device failed");
  };
  EXPECT_FALSE(passes(one));
}

TEST_F(RunTest, EitherOfSeveralResults) {
  std::string either =
      call("assert_return", R"(,"either":[{"type":"i32","value":"1"},)"
                            R"({"type":"i32","value":"3"}])");
  for (uint32_t value : {1, 2, 3}) {
    device.answer = [=] { return results({{ValueType::I32, value}}); };
    EXPECT_EQ(passes(either), value != 2);
  }
}

TEST_F(RunTest, GlobalsAndMissingExports) {
  auto get = [&](const char *field, const char *value) {
    return std::string(R"({"type":"assert_return","line":2,"module":0,)") +
           R"("action":{"type":"get","field":")" + field +
           R"("},"expected":[{"type":"i32","value":")" + value + "\"}]}";
  };
  EXPECT_TRUE(passes(get("g", "7")));
  EXPECT_FALSE(passes(get("g", "8")));
  EXPECT_FALSE(passes(get("f", "7")));
  device.answer = [] { return results({}); };
  EXPECT_TRUE(passes(call("assert_return", R"(,"expected":[])")));
  for (const char *field : {"absent", "import", "host"}) {
    EXPECT_FALSE(passes(call("assert_return", R"(,"expected":[])", field)));
    EXPECT_FALSE(passes(call("assert_trap", R"(,"text":"x")", field)));
  }
}

TEST_F(RunTest, Traps) {
  std::string unreachable = call("assert_trap", R"(,"text":"unreachable")");
  std::string second =
      call("assert_trap", R"(,"text":"uninitialized element 2")");
  std::string stack =
      call("assert_exhaustion", R"(,"text":"call stack exhausted")");
  device.answer = [] { return trap(TrapCode::Unreachable); };
  EXPECT_TRUE(passes(unreachable));
  EXPECT_FALSE(passes(second));
  EXPECT_FALSE(passes(stack));
  EXPECT_FALSE(passes(call("action", "")));
  device.answer = [] { return trap(TrapCode::UninitializedElement); };
  EXPECT_TRUE(passes(second));
  EXPECT_FALSE(passes(unreachable));
  device.answer = [] { return trap(TrapCode::CallStackExhausted); };
  EXPECT_TRUE(passes(stack));
  device.answer = [] { return results({}); };
  EXPECT_FALSE(passes(unreachable));
  EXPECT_FALSE(passes(stack));
  EXPECT_TRUE(passes(call("action", "")));
  EXPECT_FALSE(passes(call("assert_surprise", "")));
}

TEST_F(RunTest, Instantiation) {
  auto expect = [](const char *type, const char *text) {
    return std::string(R"({"line":1,"module":0,"type":")") + type +
           R"(","text":")" + text + "\"}";
  };
  auto passed = [&](const std::string &commands) {
    return run(commands).total().passed;
  };
  std::string bounds =
      expect("assert_uninstantiable", "out of bounds memory access");
  std::string type = expect("assert_unlinkable", "incompatible import type");
  EXPECT_EQ(passed(module), 1u);
  EXPECT_EQ(passed(bounds), 0u);
  EXPECT_EQ(passed(type), 0u);
  device.modules = {
      "instantiation trapped: out of bounds memory access: segment 0"};
  EXPECT_EQ(passed(module), 0u);
  EXPECT_EQ(passed(bounds), 1u);
  EXPECT_EQ(passed(type), 0u);
  device.modules = {"incompatible import type: memory 0"};
  EXPECT_EQ(passed(bounds), 0u);
  EXPECT_EQ(passed(type), 1u);
  device.modules = {"broken device"};
  EXPECT_EQ(passed(bounds), 0u);
}

TEST_F(RunTest, FailedModulesCannotBeCalled) {
  device.answer = [] { return results({}); };
  std::string use = call("assert_return", R"(,"expected":[])");
  device.modules = {"instantiation trapped: unreachable"};
  EXPECT_EQ(run(module + "," + use).total().failed, 2u);
  // A module that should have failed, but did not, is not used either.
  device.modules = {""};
  EXPECT_EQ(run(R"({"type":"assert_uninstantiable","line":1,"module":0,)"
                R"("text":"unreachable"},)" +
                use)
                .total()
                .failed,
            2u);
  // Nor is one before its turn.
  device.modules = {"", ""};
  EXPECT_EQ(run(use + "," + module).total().failed, 1u);
  EXPECT_EQ(run(R"({"type":"module","line":1,"module":1})").total().failed, 1u);
}

TEST_F(RunTest, VerdictsAndUnpreparedFilesAreCounted) {
  FileReport report =
      run(R"({"type":"assert_invalid","line":3,"verdict":{"status":"passed"}},)"
          R"({"type":"assert_invalid","line":4,"verdict":{"status":"failed",)"
          R"("expected":"a refusal","got":"no error"}},)"
          R"({"type":"assert_malformed","line":5,"verdict":)"
          R"({"status":"skipped","got":"a reason"}})");
  EXPECT_EQ(report.kinds["assert_invalid"].passed, 1u);
  EXPECT_EQ(report.kinds["assert_invalid"].failed, 1u);
  EXPECT_EQ(report.kinds["assert_malformed"].skipped, 1u);
  ASSERT_EQ(report.skips.size(), 1u);
  EXPECT_EQ(wast::describe(report, report.skips[0]),
            "t.wast:5: assert_malformed: a reason");

  Script script;
  script.error = "crashed";
  EXPECT_EQ(runScript(script, nullptr, options, nullptr).total().failed, 1u);
  script.commands.resize(3);
  EXPECT_EQ(runScript(script, nullptr, options, nullptr).total().failed, 3u);
  script.error.clear();
  script.commands[0].type = "assert_return"; // and no artifact for it
  EXPECT_EQ(runScript(script, nullptr, options, nullptr).total().failed, 3u);
  script.skip = "left out";
  EXPECT_EQ(runScript(script, nullptr, options, nullptr).total().skipped, 1u);
}

TEST_F(RunTest, ReportsSurviveAsJSON) {
  device.answer = [] { return trap(TrapCode::Unreachable); };
  Report report{"fake", {run(module + "," + call("action", ""))}};
  std::string path = directory + "/report.json";
  std::ofstream(path) << toJSON(report);
  auto read = readReport(path);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(toJSON(*read), toJSON(report));
  EXPECT_EQ(toMarkdown(*read, 5), toMarkdown(report, 5));
  EXPECT_FALSE(read->passed());
  Report other{"another", {}};
  EXPECT_FALSE(merge(other, *read));
  ASSERT_TRUE(merge(report, *read));
  EXPECT_EQ(report.total().failed, 2u);
}

TEST_F(RunTest, RefusesScriptsThatAreNone) {
  std::string path = directory + "/bad.json";
  for (const char *text :
       {"", "[]", "{}", R"({"schema":2,"name":"t","commands":[]})",
        R"({"schema":1,"name":"t","commands":[{"type":"action"}]})",
        R"({"schema":1,"name":"t","commands":[{"type":"x","line":-1}]})",
        R"({"schema":1,"name":"t","commands":[{"type":"assert_return",
            "line":1,"module":0}]})",
        R"({"schema":1,"name":"t","commands":[{"type":"action","line":1,
            "module":0,"action":{"type":"call","field":"f"}}]})",
        R"({"schema":1,"name":"t","commands":[{"type":"x","line":1,
            "verdict":{"status":"maybe"}}]})"}) {
    std::ofstream(path) << text;
    EXPECT_FALSE(readScript(path)) << text;
  }
}

} // namespace
