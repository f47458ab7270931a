//===- Submit.cpp - what a submission costs its caller --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same kernel with the same parameters is launched by cuLaunchKernel and
// cuEventRecord alone, and by Executor::submit, in turns: batches small enough
// that the driver's queue does not fill, with nothing under way between them.
//
//===----------------------------------------------------------------------===//

#include "CudaInstance.h"
#include "Samples.h"

#include <unistd.h>

using namespace twrun;
using namespace twrun::bench;

static constexpr unsigned batch = 64;

nlohmann::json twrun::bench::measureSubmit(const Setup &setup) {
  auto device = valueOf(CudaDevice::open(0));
  auto instance = valueOf(CudaInstance::create(*device, setup.artifact, {}));
  const ptxbin::KernelInfo &kernel =
      *valueOf(findKernel(setup.artifact.manifest(), "count"));
  const cuda::Driver &driver = device->driver;
  auto must = [&](cuda::CUresult result) {
    if (result != cuda::CUDA_SUCCESS)
      throw Failure(driver.describe(result));
  };

  auto prepared = valueOf(instance->prepareLaunch(kernel, {}, {}, {}));
  auto parameters = CudaInstance::parameters(prepared.env, nullptr, 0);
  cuda::CUstream stream;
  std::vector<cuda::CUevent> events(batch);
  {
    CudaDevice::Current current(*device);
    must(driver.StreamCreate(&stream, cuda::CU_STREAM_NON_BLOCKING));
    for (cuda::CUevent &event : events)
      must(driver.EventCreate(&event, cuda::CU_EVENT_DISABLE_TIMING));
  }
  auto raw = [&] {
    CudaDevice::Current current(*device);
    auto begin = Clock::now();
    for (cuda::CUevent event : events) {
      must(driver.LaunchKernel(prepared.entry->code.function, 1, 1, 1, 1, 1, 1,
                               0, stream, parameters.data(), nullptr));
      must(driver.EventRecord(event, stream));
    }
    double taken = seconds(Clock::now() - begin) / batch;
    must(driver.StreamSynchronize(stream));
    return taken;
  };
  Request request;
  request.kernel = &kernel;
  uint64_t ended = 0; // on the completion thread, read when drained
  auto ours = [&](bool callback) {
    auto begin = Clock::now();
    for (unsigned i = 0; i < batch; ++i)
      (void)valueOf(callback
                        ? instance->submit(request, [&](const Completion &) {
                            ++ended;
                          })
                        : instance->submit(request));
    double taken = seconds(Clock::now() - begin) / batch;
    check(instance->drain());
    return taken;
  };
  Samples rawSamples, ourSamples, callbackSamples;
  Samples ratios, callbackRatios;
  for (unsigned round = 0; round < setup.rounds + 20; ++round) {
    const double a = raw(), b = ours(false), c = ours(true);
    if (round < 20)
      continue; // warming up
    rawSamples.push_back(a);
    ourSamples.push_back(b);
    callbackSamples.push_back(c);
    ratios.push_back(b / a);
    callbackRatios.push_back(c / a);
    usleep(100);
  }
  if (ended != uint64_t(batch) * (setup.rounds + 20))
    throw Failure("callbacks were lost");
  auto ratio = [](const Samples &samples) {
    return nlohmann::json{{"median", quantile(samples, 0.5)},
                          {"p10", quantile(samples, 0.1)},
                          {"p90", quantile(samples, 0.9)}};
  };
  {
    CudaDevice::Current current(*device);
    for (cuda::CUevent event : events)
      driver.EventDestroy(event);
    driver.StreamDestroy(stream);
  }
  return {{"device", device->describe()},
          {"launchesInABatch", batch},
          {"raw", summary(rawSamples)},
          {"submit", summary(ourSamples)},
          {"submitWithCallback", summary(callbackSamples)},
          {"ratio", ratio(ratios)},
          {"ratioWithCallback", ratio(callbackRatios)}};
}
