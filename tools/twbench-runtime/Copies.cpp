//===- Copies.cpp - copies between host and device memory -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// By Executor::copyIn and copyOut, from pageable memory and from a HostBuffer;
// and by the driver alone from the same pageable memory.
//
//===----------------------------------------------------------------------===//

#include "CudaInstance.h"
#include "Samples.h"

using namespace twrun;
using namespace twrun::bench;

nlohmann::json twrun::bench::measureCopies(const Setup &setup) {
  auto device = valueOf(CudaDevice::open(0));
  const uint64_t most = 256 << 20;
  InstanceOptions options;
  options.memoryKind = MemoryKind::Device;
  options.extraPages = most / (64 * 1024);
  auto executor =
      valueOf(CudaInstance::create(*device, setup.artifact, options));
  const uint64_t at = valueOf(executor->allocate(most));
  const ptxbin::KernelInfo &kernel =
      *valueOf(findKernel(setup.artifact.manifest(), "count"));
  const uint64_t base =
      valueOf(executor->prepareLaunch(kernel, {}, {}, {})).env.memoryBase + at;
  std::vector<uint8_t> pageable(most, 1);
  auto pinned = valueOf(device->hostBuffer(most));
  std::fill_n(pinned->data(), most, 1);
  const cuda::Driver &driver = device->driver;
  CudaDevice::Current current(*device);
  cuda::CUstream stream = nullptr;
  auto must = [&](cuda::CUresult result) {
    if (result != cuda::CUDA_SUCCESS)
      throw Failure(driver.describe(result));
  };
  must(driver.StreamCreate(&stream, cuda::CU_STREAM_NON_BLOCKING));
  nlohmann::json report = {{"device", device->describe()},
                           {"sizes", nlohmann::json::array()}};
  for (uint64_t size = 4 << 10; size <= most; size *= 16) {
    const unsigned rounds = size >= most / 16 ? std::min(setup.rounds, 20u)
                                              : std::min(setup.rounds, 200u);
    struct Way {
      const char *name;
      std::function<void()> copy;
      Samples taken = {};
    };
    Way ways[] = {
        {"inStaged",
         [&] {
           check(executor->copyIn(at, {pageable.data(), size}));
         }},
        {"inPinned",
         [&] {
           check(executor->copyIn(at, {pinned->data(), size}));
         }},
        {"inDriver",
         [&] {
           must(driver.MemcpyHtoDAsync(base, pageable.data(), size, stream));
           must(driver.StreamSynchronize(stream));
         }},
        {"outStaged",
         [&] {
           check(executor->copyOut(at, {pageable.data(), size}));
         }},
        {"outPinned",
         [&] {
           check(executor->copyOut(at, {pinned->data(), size}));
         }},
        {"outDriver",
         [&] {
           must(driver.MemcpyDtoHAsync(pageable.data(), base, size, stream));
           must(driver.StreamSynchronize(stream));
         }},
    };
    for (unsigned round = 0; round < rounds + 3; ++round)
      for (Way &way : ways) {
        auto begin = Clock::now();
        way.copy();
        if (round >= 3)
          way.taken.push_back(seconds(Clock::now() - begin));
      }
    nlohmann::json &told = report["sizes"].emplace_back();
    told["bytes"] = size;
    for (Way &way : ways)
      told[way.name] = {{"microseconds", summary(way.taken)},
                        {"gigabytesPerSecond",
                         double(size) / quantile(way.taken, 0.5) / 1e9}};
  }
  driver.StreamDestroy(stream);
  return report;
}
