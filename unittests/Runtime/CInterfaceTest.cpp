//===- CInterfaceTest.cpp - twrun/twrun.h ---------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the C interface adds to the C++ one: handles in any order, structures
// with a size, errors as objects, nothing that throws. On the host device.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include "twrun/twrun.h"

#include <atomic>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {

/// The bytes of an unsigned artifact.
Bytes fileBytes() {
  SectionInput host;
  host.key.type = SectionType::Host;
  host.key.machine = Machine::X86_64;
  host.raw = hostImage();
  SectionInput module;
  module.key.type = SectionType::Wasm;
  module.raw = {0, 'a', 's', 'm', 1, 0, 0, 0};
  auto file = writePtxBin(testManifest(), {host, module});
  EXPECT_TRUE(file) << messageOf(file);
  return file ? *file : Bytes();
}

class CInterface : public testing::Test {
protected:
  void SetUp() override {
    twrun_trust trust = TWRUN_INIT(twrun_trust);
    trust.allow_unsigned = 1;
    const Bytes bytes = fileBytes();
    ASSERT_EQ(twrun_artifact_open_bytes(bytes.data(), bytes.size(), &trust,
                                        &artifact, &error),
              TWRUN_OK)
        << twrun_error_message(error);
    twrun_device_options options = TWRUN_INIT(twrun_device_options);
    options.name = "host";
    ASSERT_EQ(twrun_device_open(&options, &device, &error), TWRUN_OK);
    ASSERT_EQ(
        twrun_instance_create(device, artifact, nullptr, &instance, &error),
        TWRUN_OK);
  }
  void TearDown() override {
    twrun_error_free(error);
    // What they were made from goes first: that is allowed.
    twrun_artifact_free(artifact);
    twrun_device_free(device);
    twrun_instance_free(instance);
  }
  twrun_call call(const char *name, const std::vector<twrun_value> &arguments) {
    twrun_call call = TWRUN_INIT(twrun_call);
    EXPECT_EQ(twrun_artifact_find(artifact, name, &call.kernel, &error),
              TWRUN_OK);
    call.arguments = arguments.data();
    call.argument_count = arguments.size();
    return call;
  }
  /// The message of the last error, which is forgotten.
  std::string message() {
    std::string text = error ? twrun_error_message(error) : "";
    twrun_error_free(error);
    error = nullptr;
    return text;
  }
  twrun_artifact *artifact = nullptr;
  twrun_device *device = nullptr;
  twrun_instance *instance = nullptr;
  twrun_error *error = nullptr;
};

} // namespace

TEST_F(CInterface, DescribesWhatIsThere) {
  EXPECT_EQ(twrun_api_version(), uint32_t(TWRUN_API_VERSION));
  EXPECT_STREQ(twrun_artifact_name(artifact), "test");
  EXPECT_GT(twrun_artifact_kernel_count(artifact), 10u);
  EXPECT_EQ(twrun_artifact_kernel(artifact, 1000), nullptr);
  const twrun_kernel *mixed;
  ASSERT_EQ(twrun_artifact_find(artifact, "mixed", &mixed, &error), TWRUN_OK);
  EXPECT_STREQ(twrun_kernel_name(mixed), "mixed");
  ASSERT_EQ(twrun_kernel_param_count(mixed), 3u);
  EXPECT_EQ(twrun_kernel_param(mixed, 0), uint32_t(TWRUN_I32));
  EXPECT_EQ(twrun_kernel_param(mixed, 2), uint32_t(TWRUN_F64));
  EXPECT_EQ(twrun_kernel_param(mixed, 3), 0u);
  EXPECT_EQ(twrun_kernel_result_count(mixed), 3u);
  EXPECT_EQ(twrun_kernel_result(mixed, 0), uint32_t(TWRUN_I64));
  EXPECT_FALSE(twrun_device_is_gpu(device));
  EXPECT_EQ(std::string(twrun_device_description(device)).rfind("host", 0), 0u);
  EXPECT_EQ(twrun_artifact_find(artifact, "nothing", &mixed, &error),
            TWRUN_NOT_FOUND);
  EXPECT_EQ(twrun_error_status(error), TWRUN_NOT_FOUND);
  EXPECT_NE(message().find("'mark'"), std::string::npos);
}

TEST_F(CInterface, RunsAndReadsResults) {
  std::vector<twrun_value> arguments = {
      {TWRUN_I32, 0, 5, 0}, {TWRUN_I64, 0, 100, 0}, {TWRUN_F64, 0, 77, 0}};
  twrun_call mixed = call("mixed", arguments);
  mixed.flags = TWRUN_INVOKE;
  twrun_outcome *outcome;
  ASSERT_EQ(twrun_run(instance, &mixed, &outcome, &error), TWRUN_OK)
      << message();
  ASSERT_EQ(twrun_outcome_result_count(outcome), 3u);
  EXPECT_EQ(twrun_outcome_result(outcome, 0).bits, 105u);
  EXPECT_EQ(twrun_outcome_result(outcome, 1).type, uint32_t(TWRUN_F64));
  EXPECT_EQ(twrun_outcome_result(outcome, 1).bits, 77u);
  EXPECT_EQ(twrun_outcome_result(outcome, 3).type, 0u);
  EXPECT_EQ(twrun_outcome_trap(outcome, nullptr), 0);
  EXPECT_STREQ(twrun_outcome_trap_text(outcome), "");
  twrun_outcome_free(outcome);
}

TEST_F(CInterface, ATrapIsAnOutcome) {
  twrun_call mark = call("mark", {{TWRUN_I32, 0, 3, 0}});
  std::vector<twrun_value> arguments = {{TWRUN_I32, 0, 3, 0}};
  mark.arguments = arguments.data();
  mark.block[0] = 8;
  twrun_outcome *outcome;
  ASSERT_EQ(twrun_run(instance, &mark, &outcome, &error), TWRUN_OK);
  twrun_trap trap = TWRUN_INIT(twrun_trap);
  ASSERT_EQ(twrun_outcome_trap(outcome, &trap), 1);
  EXPECT_EQ(trap.code, 5u); // out of bounds memory access
  EXPECT_EQ(trap.thread[0], 3u);
  EXPECT_EQ(trap.offset, 0xb0u);
  // A caller that was built when the structure was shorter.
  twrun_trap old{};
  old.size = offsetof(twrun_trap, block);
  old.block[0] = 1234;
  EXPECT_EQ(twrun_outcome_trap(outcome, &old), 1);
  EXPECT_EQ(old.offset, 0xb0u);
  EXPECT_EQ(old.block[0], 1234u);
  EXPECT_NE(std::string(twrun_outcome_trap_text(outcome)).find("'mark'"),
            std::string::npos);
  twrun_outcome_free(outcome);
}

namespace {
struct Seen {
  std::atomic<int> values{0}, others{0};
};
void count(void *user, const twrun_completion *ended) {
  auto *seen = static_cast<Seen *>(user);
  ++(twrun_completion_status(ended) == TWRUN_OK ? seen->values : seen->others);
  twrun_error *error = nullptr;
  // It has ended, so this does not wait.
  if (twrun_completion_wait(ended, UINT64_MAX, &error) != TWRUN_OK)
    ++seen->others;
}
} // namespace

TEST_F(CInterface, SubmitsAndWaits) {
  Seen seen;
  std::vector<twrun_value> slow = {{TWRUN_I64, 0, 50'000'000, 0}};
  twrun_call delay = call("delay", slow);
  twrun_completion *first, *second;
  ASSERT_EQ(twrun_submit(instance, &delay, count, &seen, &first, &error),
            TWRUN_OK);
  ASSERT_EQ(twrun_submit(instance, &delay, count, &seen, &second, &error),
            TWRUN_OK);
  ASSERT_EQ(twrun_submit(instance, &delay, count, &seen, nullptr, &error),
            TWRUN_OK);
  EXPECT_EQ(twrun_completion_wait(first, 1000, &error), TWRUN_PENDING);
  twrun_outcome *outcome = nullptr;
  EXPECT_EQ(twrun_completion_outcome(second, &outcome, &error), TWRUN_PENDING);
  EXPECT_NE(twrun_completion_stop(second), 0);
  EXPECT_EQ(twrun_completion_status(second), TWRUN_STOPPED);
  EXPECT_EQ(twrun_completion_outcome(second, &outcome, &error), TWRUN_STOPPED);
  EXPECT_NE(message().find("stopped"), std::string::npos);
  ASSERT_EQ(twrun_completion_wait(first, UINT64_MAX, &error), TWRUN_OK);
  ASSERT_EQ(twrun_completion_outcome(first, &outcome, &error), TWRUN_OK);
  twrun_outcome_free(outcome);
  ASSERT_EQ(twrun_instance_drain(instance, &error), TWRUN_OK);
  EXPECT_EQ(seen.values, 2);
  EXPECT_EQ(seen.others, 1);
  uint8_t *memory;
  uint64_t bytes;
  ASSERT_EQ(twrun_instance_memory(instance, 0, &memory, &bytes, &error),
            TWRUN_OK);
  EXPECT_EQ(bytes, 65536u);
  EXPECT_EQ(memory[0], 2);
  // Completions stay good without what they came from.
  twrun_instance_free(instance);
  instance = nullptr;
  EXPECT_EQ(twrun_completion_status(first), TWRUN_OK);
  twrun_completion_free(first);
  twrun_completion_free(second);
}

TEST_F(CInterface, StructuresHaveTheirSizes) {
  twrun_device_options options{};
  twrun_device *other = nullptr;
  EXPECT_EQ(twrun_device_open(&options, &other, &error), TWRUN_INVALID);
  EXPECT_NE(message().find("sizeof(twrun_device_options)"), std::string::npos);
  // From a newer header: fields that are zero are those that nobody uses.
  struct {
    twrun_device_options known;
    uint64_t later;
  } newer = {TWRUN_INIT(twrun_device_options), 0};
  newer.known.size = sizeof(newer);
  newer.known.name = "host";
  ASSERT_EQ(twrun_device_open(&newer.known, &other, &error), TWRUN_OK);
  twrun_device_free(other);
  newer.later = 1;
  EXPECT_EQ(twrun_device_open(&newer.known, &other, &error),
            TWRUN_INCOMPATIBLE);
  EXPECT_NE(message().find("does not know"), std::string::npos);
}

TEST_F(CInterface, WhatIsWrongIsAnError) {
  twrun_outcome *outcome = nullptr;
  EXPECT_EQ(twrun_run(nullptr, nullptr, &outcome, nullptr), TWRUN_INVALID);
  twrun_call none = TWRUN_INIT(twrun_call);
  EXPECT_EQ(twrun_run(instance, &none, &outcome, &error), TWRUN_INVALID);
  EXPECT_NE(message().find("not of the instance's artifact"),
            std::string::npos);
  twrun_call mark = call("mark", {});
  EXPECT_EQ(twrun_run(instance, &mark, &outcome, &error), TWRUN_INVALID);
  EXPECT_NE(message().find("expected 1, but got 0"), std::string::npos);
  mark.flags = 1u << 31;
  EXPECT_EQ(twrun_run(instance, &mark, &outcome, &error), TWRUN_INCOMPATIBLE);
  message();
  std::vector<twrun_value> odd = {{0x55, 0, 0, 0}};
  mark = call("mark", odd);
  EXPECT_EQ(twrun_run(instance, &mark, &outcome, &error), TWRUN_INVALID);
  message();
  EXPECT_EQ(twrun_instance_grow(instance, 0, 1, &error), TWRUN_INVALID);
  message();
  uint8_t *memory;
  uint64_t bytes;
  EXPECT_EQ(twrun_instance_memory(instance, 7, &memory, &bytes, &error),
            TWRUN_INVALID);
  message();
  EXPECT_EQ(outcome, nullptr);
  // Nothing is trusted by itself, and no bytes crash.
  const Bytes file = fileBytes();
  twrun_artifact *opened = nullptr;
  EXPECT_EQ(twrun_artifact_open_bytes(file.data(), file.size(), nullptr,
                                      &opened, &error),
            TWRUN_UNTRUSTED);
  message();
  EXPECT_EQ(twrun_artifact_open_bytes("x", 1, nullptr, &opened, &error),
            TWRUN_MALFORMED);
  message();
  EXPECT_EQ(twrun_artifact_open("/nonexistent", nullptr, &opened, &error),
            TWRUN_NOT_FOUND);
  message();
  EXPECT_EQ(opened, nullptr);
  twrun_error_free(nullptr);
  twrun_artifact_free(nullptr);
  twrun_device_free(nullptr);
  twrun_instance_free(nullptr);
  twrun_completion_free(nullptr);
  twrun_outcome_free(nullptr);
}

TEST_F(CInterface, AnExecutorOfTheCallersRunsCallbacks) {
  struct Handed {
    std::atomic<void (*)(void *)> run{nullptr};
    void *argument = nullptr;
  } handed;
  twrun_device_options options = TWRUN_INIT(twrun_device_options);
  options.name = "host";
  options.execute = [](void *user, void (*run)(void *), void *argument) {
    auto *to = static_cast<Handed *>(user);
    to->argument = argument;
    to->run = run;
  };
  options.execute_user = &handed;
  twrun_device *mine;
  ASSERT_EQ(twrun_device_open(&options, &mine, &error), TWRUN_OK);
  twrun_instance *other;
  ASSERT_EQ(twrun_instance_create(mine, artifact, nullptr, &other, &error),
            TWRUN_OK);
  Seen seen;
  std::vector<twrun_value> value = {{TWRUN_I32, 0, 1, 0}};
  twrun_call append = call("append", value);
  ASSERT_EQ(twrun_submit(other, &append, count, &seen, nullptr, &error),
            TWRUN_OK);
  ASSERT_EQ(twrun_instance_drain(other, &error), TWRUN_OK);
  EXPECT_EQ(seen.values, 0);
  ASSERT_NE(handed.run.load(), nullptr);
  handed.run.load()(handed.argument);
  EXPECT_EQ(seen.values, 1);
  twrun_instance_free(other);
  twrun_device_free(mine);
}
