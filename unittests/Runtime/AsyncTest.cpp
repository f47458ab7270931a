//===- AsyncTest.cpp - submitted calls and their completions --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What twrun/Runtime.h and twrun/Completion.h promise of calls under way, on
// the host, and on a CUDA device where there is one.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include "twrun/Completion.h"

#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;
using namespace std::chrono_literals;

namespace {

constexpr uint64_t millisecond = 1'000'000;

class Async : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    auto opened = Device::open(GetParam());
    if (!opened && opened.error().kind == ErrorKind::NotFound)
      GTEST_SKIP() << opened.error().message;
    ASSERT_TRUE(opened) << messageOf(opened);
  }
  Running begin(const InstanceOptions &options = {},
                const DeviceOptions &deviceOptions = {}, uint64_t pages = 1) {
    Expected<PtxBin> file =
        artifact(testManifest(pages), hostImage(), ptxImage());
    auto device = Device::open(GetParam(), deviceOptions);
    EXPECT_TRUE(file) << messageOf(file);
    EXPECT_TRUE(device) << messageOf(device);
    return start(std::move(*device), std::move(*file), options);
  }
};

Request request(const Running &running, const char *kernel,
                std::span<const Value> arguments) {
  Request request;
  request.kernel = &running.kernel(kernel);
  request.arguments = arguments;
  return request;
}

Expected<Completion> submit(Running &running, const char *kernel,
                            std::vector<Value> arguments,
                            Completion::Callback callback = nullptr) {
  return running.executor->submit(request(running, kernel, arguments),
                                  std::move(callback));
}

} // namespace

INSTANTIATE_TEST_SUITE_P(OnHost, Async, testing::Values("host"));
INSTANTIATE_TEST_SUITE_P(OnGPU, Async, testing::Values("cuda"));

TEST_P(Async, CallsRunAndEndInTheirOrder) {
  Running r = begin();
  std::vector<uint32_t> ended;
  std::vector<std::thread::id> threads;
  std::vector<Completion> all;
  for (uint32_t i = 0; i < 200; ++i) {
    auto call = submit(r, "append", {i32(i)}, [&, i](const Completion &c) {
      EXPECT_EQ(c.state(), Completion::State::Value);
      ended.push_back(i); // one thread runs all callbacks
      threads.push_back(std::this_thread::get_id());
    });
    ASSERT_TRUE(call) << messageOf(call);
    all.push_back(*call);
  }
  ASSERT_TRUE(all.back().wait());
  for (const Completion &call : all)
    EXPECT_TRUE(call.ended());
  ASSERT_TRUE(r.executor->drain());
  std::vector<uint32_t> log = words(*r.executor, 201);
  ASSERT_EQ(log[0], 200u);
  ASSERT_EQ(ended.size(), 200u);
  for (uint32_t i = 0; i < 200; ++i) {
    EXPECT_EQ(log[1 + i], i);
    EXPECT_EQ(ended[i], i);
    EXPECT_EQ(threads[i], threads[0]);
  }
  EXPECT_NE(threads[0], std::this_thread::get_id());
  EXPECT_EQ(r.device->completionStats().ended, 200u);
  EXPECT_GT(r.device->completionStats().cpuSeconds, 0);
}

TEST_P(Async, EachCallHasItsOwnResults) {
  Running r = begin();
  std::vector<Completion> calls;
  for (uint32_t i = 0; i < 50; ++i) {
    std::vector<Value> arguments{i32(i), i64(1000), f64(i * 3)};
    Request one = request(r, "mixed", arguments);
    one.invoke = true;
    auto call = r.executor->submit(one);
    ASSERT_TRUE(call) << messageOf(call);
    calls.push_back(*call);
  }
  for (uint32_t i = 0; i < 50; ++i) {
    ASSERT_TRUE(calls[i].wait());
    ASSERT_TRUE(calls[i].result()) << messageOf(calls[i].result());
    const Outcome &outcome = *calls[i].result();
    ASSERT_EQ(outcome.results.size(), 3u);
    EXPECT_EQ(outcome.results[0].bits, 1000 + i);
    EXPECT_EQ(outcome.results[1].bits, i * 3);
    EXPECT_EQ(outcome.results[2].bits, uint32_t(~i));
    EXPECT_EQ(outcome.seconds, 0); // it was not asked for
  }
}

TEST_P(Async, EachCallHasItsOwnTrap) {
  Running r = begin();
  std::vector<Completion> calls;
  for (uint32_t i = 0; i < 40; ++i) {
    std::vector<Value> arguments{i32(i % 2 ? i : 0xffffffff)};
    Request one = request(r, "mark", arguments);
    one.block = {64, 1, 1};
    one.timed = true;
    auto call = r.executor->submit(one);
    ASSERT_TRUE(call) << messageOf(call);
    calls.push_back(*call);
  }
  for (uint32_t i = 0; i < 40; ++i) {
    ASSERT_TRUE(calls[i].wait());
    const Outcome &outcome = *calls[i].result();
    EXPECT_EQ(outcome.trap.has_value(), i % 2 == 1) << i;
    EXPECT_GT(outcome.seconds, 0);
    if (outcome.trap)
      EXPECT_EQ(outcome.trap->thread.x, i);
  }
  std::vector<uint32_t> marks = words(*r.executor, 64);
  for (uint32_t i = 0; i < 64; ++i)
    EXPECT_EQ(marks[i], 40u - (i < 40 && i % 2)) << i;
}

TEST_P(Async, WhatIsWrongIsRefusedAtOnce) {
  Running r = begin();
  bool called = false;
  auto callback = [&](const Completion &) { called = true; };
  auto refused = submit(r, "mark", {}, callback);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Invalid);
  refused = submit(r, "absent", {}, callback);
  ASSERT_TRUE(refused || refused.error().kind == ErrorKind::NotFound);
  if (refused) { // found out on the host when it runs
    ASSERT_TRUE(refused->wait());
    EXPECT_EQ(refused->state(), Completion::State::Error);
    EXPECT_EQ(refused->result().error().kind, ErrorKind::NotFound);
    ASSERT_TRUE(r.executor->drain());
    EXPECT_TRUE(called);
    called = false;
  }
  Request none;
  EXPECT_EQ(r.executor->submit(none, callback).error().kind,
            ErrorKind::Invalid);
  std::vector<Value> one{i32(0)};
  Request wide = request(r, "mark", one);
  wide.block = {2048, 1, 1};
  EXPECT_EQ(r.executor->submit(wide, callback).error().kind,
            ErrorKind::Invalid);
  ASSERT_TRUE(r.executor->drain());
  EXPECT_FALSE(called);
  EXPECT_TRUE(submit(r, "append", {i32(7)})->wait()); // usable as before
  InstanceOptions options;
  options.maxInFlight = 0;
  EXPECT_FALSE(r.device->instantiate(*r.file, options));
}

TEST_P(Async, AFullQueueSaysSo) {
  InstanceOptions options;
  options.maxInFlight = 4;
  Running r = begin(options);
  std::atomic<int> ended = 0;
  auto count = [&](const Completion &) { ++ended; };
  for (int i = 0; i < 4; ++i)
    ASSERT_TRUE(submit(r, "delay", {i64(20 * millisecond)}, count));
  auto fifth = submit(r, "delay", {i64(0)}, count);
  ASSERT_FALSE(fifth);
  EXPECT_EQ(fifth.error().kind, ErrorKind::WouldBlock);
  std::vector<Value> arguments{i64(0)};
  Request patient = request(r, "delay", arguments);
  patient.wait = true;
  ASSERT_TRUE(r.executor->submit(patient, count));
  EXPECT_GE(ended, 1);
  ASSERT_TRUE(r.executor->drain());
  EXPECT_EQ(ended, 5);
  EXPECT_EQ(words(*r.executor, 1)[0], 5u);
}

TEST_P(Async, CallbacksSubmitButDoNotWait) {
  Running r = begin();
  std::atomic<int> left = 100;
  std::atomic<bool> over = false;
  Completion::Callback next = [&](const Completion &ended) {
    EXPECT_TRUE(ended.wait()); // it has ended
    if (--left == 0) {
      over = true;
      over.notify_all();
      return;
    }
    auto call = submit(r, "append", {i32(left)}, next);
    ASSERT_TRUE(call) << messageOf(call);
    if (!call->ended())
      EXPECT_EQ(call->wait().error().kind, ErrorKind::Busy);
    EXPECT_EQ(r.executor->launch(r.kernel("append"), {}, {}, {{i32(0)}})
                  .error()
                  .kind,
              ErrorKind::Busy);
    EXPECT_EQ(r.executor->drain().error().kind, ErrorKind::Busy);
    EXPECT_EQ(r.executor->grow(1).error().kind, ErrorKind::Busy);
  };
  ASSERT_TRUE(submit(r, "append", {i32(100)}, next));
  over.wait(false);
  ASSERT_TRUE(r.executor->drain());
  EXPECT_EQ(words(*r.executor, 1)[0], 100u);
}

TEST_P(Async, AfterTheEndCallbacksRunAtOnce) {
  Running r = begin();
  auto call = submit(r, "append", {i32(1)});
  ASSERT_TRUE(call && call->wait());
  int called = 0;
  call->then([&](const Completion &ended) {
    ++called;
    EXPECT_TRUE(ended.result());
  });
  EXPECT_EQ(called, 1);
  EXPECT_FALSE(call->stop());
  EXPECT_TRUE(call->future().get());
  EXPECT_TRUE(submit(r, "append", {i32(2)})->future().get());
  EXPECT_TRUE(*call->waitFor(0ns));
}

TEST_P(Async, WaitingHasALimit) {
  Running r = begin();
  auto call = submit(r, "delay", {i64(100 * millisecond)});
  ASSERT_TRUE(call);
  auto soon = call->waitFor(1ms);
  ASSERT_TRUE(soon);
  EXPECT_FALSE(*soon);
  auto later = call->waitFor(10s);
  ASSERT_TRUE(later);
  EXPECT_TRUE(*later);
}

namespace {
struct Receiver {
  std::string *what;
  void set_value(const Outcome &outcome) {
    *what = outcome.trap ? "trap" : "value";
  }
  void set_error(const Error &error) { *what = error.message; }
  void set_stopped() { *what = "stopped"; }
};
} // namespace

TEST_P(Async, ASynchronousCallWaitsForTheOthers) {
  Running r = begin();
  for (uint32_t i = 0; i < 10; ++i)
    ASSERT_TRUE(submit(r, "append", {i32(i)}));
  r.launch("append", {}, {}, {i32(10)});
  std::vector<uint32_t> log = words(*r.executor, 12);
  EXPECT_EQ(log[0], 11u);
  EXPECT_EQ(log[11], 10u);
  std::string what;
  auto last = submit(r, "append", {i32(11)});
  last->connect(Receiver{&what});
  ASSERT_TRUE(r.executor->drain());
  EXPECT_EQ(what, "value");
}

TEST_P(Async, DestroyingStopsWhatHasNotBegunAndWaitsForTheRest) {
  Running r = begin();
  std::atomic<int> values = 0, stopped = 0;
  std::vector<Completion> calls;
  std::vector<std::string> received(20);
  for (int i = 0; i < 20; ++i) {
    auto call = submit(r, "delay", {i64(5 * millisecond)},
                       [&](const Completion &ended) {
                         if (ended.state() == Completion::State::Value)
                           ++values;
                         if (ended.state() == Completion::State::Stopped)
                           ++stopped;
                       });
    ASSERT_TRUE(call);
    call->connect(Receiver{&received[i]});
    calls.push_back(*call);
  }
  r.executor.reset();
  EXPECT_EQ(values + stopped, 20); // each once, and before this
  if (r.device->isGPU())
    EXPECT_EQ(stopped, 0); // they were in the stream
  else
    EXPECT_GE(stopped, 10);
  r.device.reset();
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(calls[i].ended());
    bool wasStopped = calls[i].state() == Completion::State::Stopped;
    EXPECT_EQ(received[i], wasStopped ? "stopped" : "value");
    if (wasStopped)
      EXPECT_EQ(calls[i].result().error().kind, ErrorKind::Stopped);
    EXPECT_EQ(calls[i].stop(), wasStopped);
  }
}

TEST_P(Async, ACallbackMayDestroyTheInstance) {
  for (int round = 0; round < 10; ++round) {
    Running r = begin();
    std::atomic<int> ended = 0;
    std::atomic<bool> gone = false;
    for (int i = 0; i < 10; ++i)
      ASSERT_TRUE(submit(r, "delay", {i64(millisecond / 2)},
                         [&, i](const Completion &) {
                           if (i == 2) {
                             r.executor.reset();
                             EXPECT_EQ(ended, 9); // all others
                             gone = true;
                             gone.notify_all();
                           }
                           ++ended;
                         }));
    gone.wait(false);
  }
}

TEST_P(Async, StopTakesBackWhatHasNotBegun) {
  Running r = begin();
  ASSERT_TRUE(submit(r, "delay", {i64(50 * millisecond)}));
  auto second = submit(r, "delay", {i64(0)});
  ASSERT_TRUE(second);
  if (r.device->isGPU()) {
    EXPECT_FALSE(second->stop());
    ASSERT_TRUE(second->wait());
    EXPECT_EQ(second->state(), Completion::State::Value);
  } else {
    EXPECT_TRUE(second->stop());
    EXPECT_EQ(second->state(), Completion::State::Stopped);
  }
  ASSERT_TRUE(r.executor->drain());
  EXPECT_EQ(words(*r.executor, 1)[0], r.device->isGPU() ? 2u : 1u);
}

TEST_P(Async, AnExecutorGetsTheCallbacks) {
  std::mutex mutex;
  std::vector<std::function<void()>> handed;
  DeviceOptions options;
  options.executor = [&](std::function<void()> run) {
    std::lock_guard lock(mutex);
    handed.push_back(std::move(run));
  };
  Running r = begin({}, options);
  int called = 0;
  auto call = submit(r, "append", {i32(1)}, [&](const Completion &ended) {
    ++called;
    EXPECT_TRUE(ended.wait());
    // A thread of the application's own may wait.
    EXPECT_TRUE(r.executor->drain());
  });
  ASSERT_TRUE(call && call->wait());
  ASSERT_TRUE(r.executor->drain());
  EXPECT_EQ(called, 0);
  ASSERT_EQ(handed.size(), 1u);
  handed[0]();
  EXPECT_EQ(called, 1);
}

TEST_P(Async, ManyThreadsAndInstances) {
  constexpr int instances = 8, threads = 4, each = 500;
  Running r = begin();
  std::vector<std::unique_ptr<Executor>> all;
  for (int i = 0; i < instances; ++i) {
    auto executor = r.device->instantiate(*r.file, {});
    ASSERT_TRUE(executor) << messageOf(executor);
    all.push_back(std::move(*executor));
  }
  std::atomic<int> ended = 0, refused = 0;
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t)
    workers.emplace_back([&, t] {
      std::vector<Value> arguments{i64(0)};
      Request one = request(r, "delay", arguments);
      one.wait = true;
      for (int i = 0; i < each; ++i)
        if (!all[size_t(i + t) % instances]->submit(
                one, [&](const Completion &) { ++ended; }))
          ++refused;
    });
  for (std::thread &worker : workers)
    worker.join();
  uint32_t sum = 0;
  for (auto &executor : all) {
    ASSERT_TRUE(executor->drain());
    sum += words(*executor, 1)[0];
  }
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(ended, threads * each);
  EXPECT_EQ(sum, uint32_t(threads * each));
}

TEST_P(Async, AForkedChildGetsAnError) {
  Running r = begin();
  r.launch("append", {}, {}, {i32(1)});
  auto before = submit(r, "append", {i32(2)});
  ASSERT_TRUE(before && before->wait());
  ASSERT_TRUE(r.executor->drain());
  pid_t child = fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    // No EXPECT here: the parent sees exit codes only.
    auto launched =
        r.executor->launch(r.kernel("append"), {}, {}, {{i32(0)}});
    if (launched || launched.error().message.find("fork") == std::string::npos)
      _exit(1);
    auto fresh = r.device->instantiate(*r.file, {});
    if (fresh || fresh.error().message.find("fork") == std::string::npos)
      _exit(2);
    auto submitted = submit(r, "append", {i32(0)});
    if (submitted && submitted->state() == Completion::State::Pending)
      _exit(3);
    r.executor.reset();
    r.device.reset();
    _exit(0);
  }
  int status = 0;
  for (int i = 0; i < 1000 && waitpid(child, &status, WNOHANG) == 0; ++i) {
    std::this_thread::sleep_for(10ms);
    if (i == 999) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
    }
  }
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  r.launch("append", {}, {}, {i32(3)}); // the parent goes on
  EXPECT_EQ(words(*r.executor, 1)[0], 3u);
}
