//===- RecordingTest.cpp - calls that are submitted as one ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What Executor::record promises, on the host, and on a CUDA device where there
// is one.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include "twrun/Completion.h"

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {
class Recorded : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    auto device = Device::open(GetParam());
    if (!device && device.error().kind == ErrorKind::NotFound)
      GTEST_SKIP() << device.error().message;
    ASSERT_TRUE(device) << messageOf(device);
    auto file = artifact(testManifest(), hostImage(), ptxImage());
    ASSERT_TRUE(file) << messageOf(file);
    InstanceOptions options;
    options.extraPages = 4;
    r = start(std::move(*device), std::move(*file), options);
    ASSERT_TRUE(r.executor);
  }
  Request request(const char *kernel, std::span<const Value> arguments,
                  uint32_t threads = 1) {
    Request request;
    request.kernel = &r.kernel(kernel);
    request.arguments = arguments;
    request.block = {threads, 1, 1};
    return request;
  }
  Running r;
};
} // namespace

INSTANTIATE_TEST_SUITE_P(OnHost, Recorded, testing::Values("host"));
INSTANTIATE_TEST_SUITE_P(OnGPU, Recorded, testing::Values("cuda"));

TEST_P(Recorded, RunsItsCallsInOrderEachTime) {
  std::vector<Value> values;
  for (uint32_t i = 0; i < 10; ++i)
    values.push_back(i32(i));
  std::vector<Request> requests;
  for (uint32_t i = 0; i < 10; ++i)
    requests.push_back(request("append", {&values[i], 1}));
  auto recording = r.executor->record(requests);
  ASSERT_TRUE(recording) << messageOf(recording);
  for (Value &value : values)
    value.bits = 99; // they were copied
  int ended = 0;
  for (int round = 0; round < 20; ++round)
    ASSERT_TRUE(r.executor->submit(*recording, {},
                                   [&](const Completion &c) {
                                     ended += c.state() ==
                                              Completion::State::Value;
                                   }));
  // Others keep their place among them.
  Value last = i32(1000);
  ASSERT_TRUE(r.executor->submit(request("append", {&last, 1})));
  ASSERT_TRUE(r.executor->drain());
  EXPECT_EQ(ended, 20);
  std::vector<uint32_t> log = words(*r.executor, 202);
  ASSERT_EQ(log[0], 201u);
  for (uint32_t i = 0; i < 200; ++i)
    EXPECT_EQ(log[1 + i], i % 10) << i;
  EXPECT_EQ(log[201], 1000u);
}

TEST_P(Recorded, TellsItsFirstTrapAndRunsTheRest) {
  Value third = i32(3), fifth = i32(5), none = i32(0xffffffff);
  Request requests[] = {request("mark", {&none, 1}, 8),
                        request("mark", {&third, 1}, 8),
                        request("mark", {&fifth, 1}, 8)};
  auto recording = r.executor->record(requests);
  ASSERT_TRUE(recording) << messageOf(recording);
  for (int round = 1; round <= 3; ++round) {
    auto call = r.executor->submit(*recording, {.timed = true});
    ASSERT_TRUE(call && call->wait());
    ASSERT_TRUE(call->result()) << messageOf(call->result());
    const Outcome &outcome = *call->result();
    ASSERT_TRUE(outcome.trap);
    EXPECT_EQ(outcome.trap->thread.x, 3u);
    EXPECT_GT(outcome.seconds, 0);
    std::vector<uint32_t> marks = words(*r.executor, 8);
    for (uint32_t i = 0; i < 8; ++i)
      EXPECT_EQ(marks[i], uint32_t(round) * (i == 3 || i == 5 ? 2 : 3));
  }
  // A call without a trap behind them has none.
  EXPECT_FALSE(r.launch("mark", {}, {}, {none}).trap);
}

TEST_P(Recorded, RefusesWhatCannotBe) {
  EXPECT_EQ(r.executor->record({}).error().kind, ErrorKind::Invalid);
  Value value = i32(1);
  Request good = request("append", {&value, 1});
  Request invoked = good;
  invoked.invoke = true;
  EXPECT_EQ(r.executor->record({&invoked, 1}).error().kind,
            ErrorKind::Incompatible);
  Request bad[] = {good, request("append", {})};
  auto refused = r.executor->record(bad);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.rfind("call 1: ", 0), 0u)
      << refused.error().message;
  Request wide = request("append", {&value, 1}, 2048);
  EXPECT_EQ(r.executor->record({&wide, 1}).error().kind, ErrorKind::Invalid);

  auto recording = r.executor->record({&good, 1});
  ASSERT_TRUE(recording) << messageOf(recording);
  auto other = r.device->instantiate(*r.file, {});
  ASSERT_TRUE(other);
  EXPECT_EQ((*other)->submit(*recording).error().kind, ErrorKind::Invalid);
  ASSERT_TRUE(r.executor->submit(*recording));
  ASSERT_TRUE(r.executor->drain());
  ASSERT_TRUE(r.executor->grow(1));
  auto stale = r.executor->submit(*recording);
  ASSERT_FALSE(stale);
  EXPECT_NE(stale.error().message.find("record them again"),
            std::string::npos);
  recording = r.executor->record({&good, 1});
  ASSERT_TRUE(recording && r.executor->submit(*recording));
  ASSERT_TRUE(r.executor->drain());
  EXPECT_EQ(words(*r.executor, 1)[0], 2u);
}
