//===- CudaContextTest.cpp - contexts, and what remains of a lost one -----===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The caller's current context, contexts of its own and adopted ones; and that
// each call under way ends once when the device is lost. Skipped where there is
// no device.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include "Driver.h"
#include "twrun/Completion.h"

#include <cstdlib>

using namespace twrun;
using namespace twrun::test;
using namespace twrun::cuda;
using namespace ptxbin;

namespace {
class CudaContext : public testing::Test {
protected:
  void SetUp() override {
    auto found = Driver::get();
    if (!found && found.error().kind == ErrorKind::NotFound)
      GTEST_SKIP() << found.error().message;
    ASSERT_TRUE(found) << messageOf(found);
    driver = *found;
  }
  Running begin(const DeviceOptions &options) {
    Expected<PtxBin> file = artifact(testManifest(), hostImage(), ptxImage());
    auto device = Device::open("cuda", options);
    EXPECT_TRUE(file) << messageOf(file);
    EXPECT_TRUE(device) << messageOf(device);
    return test::start(std::move(*device), std::move(*file));
  }
  /// Submits and launches, and expects `context` to be current afterwards.
  void expectCurrent(Running &r, CUcontext context) {
    auto call = r.executor->submit({.kernel = &r.kernel("start")});
    ASSERT_TRUE(call && call->wait());
    r.launch("start", {}, {}, {});
    r.executor.reset();
    r.device.reset();
    CUcontext current = nullptr;
    ASSERT_EQ(driver->CtxPopCurrent(&current), CUDA_SUCCESS);
    EXPECT_EQ(current, context);
  }
  const Driver *driver = nullptr;
};
} // namespace

TEST_F(CudaContext, TheCallersContextIsRestored) {
  CUcontext mine;
  ASSERT_EQ(driver->CtxCreate(&mine, nullptr, 0, 0, 0), CUDA_SUCCESS); // now current
  for (ContextChoice choice : {ContextChoice::Primary, ContextChoice::Own}) {
    DeviceOptions options;
    options.context = choice;
    Running r = begin(options);
    ASSERT_TRUE(r.executor);
    expectCurrent(r, mine);
    ASSERT_EQ(driver->CtxPushCurrent(mine), CUDA_SUCCESS);
  }
  ASSERT_EQ(driver->CtxDestroy(mine), CUDA_SUCCESS);
}

TEST_F(CudaContext, AnAdoptedContextIsItsOwners) {
  CUcontext mine;
  ASSERT_EQ(driver->CtxCreate(&mine, nullptr, 0, 0, 0), CUDA_SUCCESS);
  DeviceOptions options;
  options.context = ContextChoice::Adopted;
  options.adopted = mine;
  {
    Running r = begin(options);
    ASSERT_TRUE(r.executor);
    expectCurrent(r, mine);
  }
  // It was not destroyed.
  ASSERT_EQ(driver->CtxPushCurrent(mine), CUDA_SUCCESS);
  CUdevice of = -1;
  EXPECT_EQ(driver->CtxGetDevice(&of), CUDA_SUCCESS);
  EXPECT_EQ(of, 0);
  ASSERT_EQ(driver->CtxDestroy(mine), CUDA_SUCCESS);
  options.adopted = nullptr;
  auto none = Device::open("cuda", options);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::Invalid);
}

/// Exit code 0 if all is as it should be: a lost context is lost for the
/// process, so this is a process of its own.
static void loseTheDevice() {
  auto check = [](bool ok, int code) {
    if (!ok)
      std::_Exit(code);
  };
  Expected<PtxBin> file = artifact(testManifest(), hostImage(), ptxImage());
  auto device = Device::open("cuda");
  check(file && device, 10);
  Running r = test::start(std::move(*device), std::move(*file));
  Running other;
  auto second = r.device->instantiate(*r.file, {});
  check(r.executor && second, 11);
  std::vector<int> ended(20);
  bool lost = true;
  auto submit = [&](Executor &executor, size_t i, const char *kernel,
                    std::vector<Value> arguments) {
    Request request;
    request.kernel = &r.kernel(kernel);
    request.arguments = arguments;
    check(bool(executor.submit(request,
                               [&, i](const Completion &c) {
                                 ++ended[i];
                                 if (i != 0)
                                   lost &= c.state() ==
                                               Completion::State::Error &&
                                           c.result().error().kind ==
                                               ErrorKind::DeviceLost;
                               })),
          12);
  };
  submit(*r.executor, 0, "delay", {i64(20'000'000)});
  // An address that nothing is mapped at.
  submit(*r.executor, 1, "put", {i64(uint64_t(1) << 46), i64(1)});
  for (size_t i = 2; i < 10; ++i)
    submit(*r.executor, i, "delay", {i64(1000)});
  for (size_t i = 10; i < 20; ++i)
    submit(**second, i, "delay", {i64(100'000'000)});
  check(bool(r.executor->drain()), 13);
  check(bool((*second)->drain()), 14);
  for (int count : ended)
    check(count == 1, 15);
  check(lost, 16);
  auto after = r.executor->launch(r.kernel("delay"), {}, {}, {{i64(0)}});
  check(!after && after.error().kind == ErrorKind::DeviceLost, 17);
  check(r.executor->memory().empty(), 18);
  second->reset();
  r.executor.reset();
  r.device.reset();
  std::_Exit(0);
}

TEST_F(CudaContext, EachCallEndsOnceWhenTheDeviceIsLost) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(loseTheDevice(), testing::ExitedWithCode(0), "");
}
