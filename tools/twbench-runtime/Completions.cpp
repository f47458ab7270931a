//===- Completions.cpp - from a kernel's end to the callback --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel takes a time that it measures itself. What passes beyond it from
// before the launch to the first instruction that knows of the end is compared:
// by the runtime's callback, and by the driver's means alone, in turns.
//
//===----------------------------------------------------------------------===//

#include "CudaInstance.h"
#include "Samples.h"

#include <atomic>
#include <dlfcn.h>
#include <unistd.h>

using namespace twrun;
using namespace twrun::bench;

/// Calls of one way before the next one's turn.
static constexpr unsigned series = 20;

namespace {

using HostFunction = void (*)(void *);

/// The driver's means, on a stream of its own.
class Raw {
public:
  Raw(CudaDevice &device, CudaInstance &instance,
      const ptxbin::KernelInfo &kernel)
      : driver(device.driver),
        prepared(valueOf(instance.prepareLaunch(kernel, {}, {},
                                                {{Value{ValueType::I64, 0}}}))),
        current(device) {
    must(driver.StreamCreate(&stream, cuda::CU_STREAM_NON_BLOCKING));
    must(driver.EventCreate(&event, cuda::CU_EVENT_DISABLE_TIMING));
    void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    launchHostFunc = reinterpret_cast<decltype(launchHostFunc)>(
        dlsym(library, "cuLaunchHostFunc"));
    if (!launchHostFunc)
      throw Failure("the driver has no cuLaunchHostFunc");
  }
  ~Raw() {
    driver.EventDestroy(event);
    driver.StreamDestroy(stream);
  }

  void launch(uint64_t nanoseconds) {
    uint64_t slots[2] = {nanoseconds, 0};
    must(driver.LaunchKernel(
        prepared.entry->code.function, 1, 1, 1, 1, 1, 1, 0, stream,
        CudaInstance::parameters(prepared.env, slots, 1).data(), nullptr));
  }
  Clock::time_point spin(uint64_t nanoseconds) {
    launch(nanoseconds);
    must(driver.EventRecord(event, stream));
    while (driver.EventQuery(event) == cuda::CUDA_ERROR_NOT_READY)
      ;
    return Clock::now();
  }
  /// The origin's first design.
  Clock::time_point poll50(uint64_t nanoseconds) {
    launch(nanoseconds);
    must(driver.EventRecord(event, stream));
    while (driver.EventQuery(event) == cuda::CUDA_ERROR_NOT_READY)
      usleep(50);
    return Clock::now();
  }
  /// The origin's second.
  Clock::time_point hostFunction(uint64_t nanoseconds) {
    std::atomic<Clock::time_point> seen{Clock::time_point{}};
    launch(nanoseconds);
    must(launchHostFunc(
        stream,
        [](void *at) {
          static_cast<std::atomic<Clock::time_point> *>(at)->store(
              Clock::now());
        },
        &seen));
    must(driver.StreamSynchronize(stream));
    return seen.load();
  }
  Clock::time_point synchronize(uint64_t nanoseconds) {
    launch(nanoseconds);
    must(driver.StreamSynchronize(stream));
    return Clock::now();
  }

private:
  void must(cuda::CUresult result) const {
    if (result != cuda::CUDA_SUCCESS)
      throw Failure(driver.describe(result));
  }
  const cuda::Driver &driver;
  CudaInstance::Prepared prepared;
  CudaDevice::Current current;
  cuda::CUstream stream = nullptr;
  cuda::CUevent event = nullptr;
  cuda::CUresult (*launchHostFunc)(cuda::CUstream, HostFunction, void *) =
      nullptr;
};

} // namespace

nlohmann::json twrun::bench::measureCompletions(const Setup &setup) {
  auto device = valueOf(CudaDevice::open(0));
  auto instance = valueOf(CudaInstance::create(*device, setup.artifact, {}));
  const ptxbin::KernelInfo &kernel =
      *valueOf(findKernel(setup.artifact.manifest(), "delay"));
  Raw raw(*device, *instance, kernel);

  // CPU time of this thread and the runtime's ahead of a call, and what the call
  // took of both.
  double cpuBefore = 0, completionBefore = 0, cpu = 0;
  auto ours = [&](uint64_t nanoseconds) {
    Value argument{ValueType::I64, nanoseconds};
    Request request;
    request.kernel = &kernel;
    request.arguments = {&argument, 1};
    std::atomic<Clock::time_point> seen{Clock::time_point{}};
    (void)valueOf(instance->submit(
        request, [&](const Completion &) { seen.store(Clock::now()); }));
    const double submitted = threadCpuSeconds();
    // What this thread does meanwhile is its own affair, but to sleep would slow
    // down the next submission, which the other ways do not have.
    while (seen.load(std::memory_order_relaxed) == Clock::time_point{})
      ;
    check(instance->drain());
    cpu = submitted - cpuBefore + device->completionStats().cpuSeconds -
          completionBefore;
    return seen.load();
  };

  nlohmann::json report = {{"device", device->describe()},
                           {"kernels", nlohmann::json::array()}};
  for (uint64_t nanoseconds : {0, 20'000, 200'000, 1'000'000, 5'000'000}) {
    struct Way {
      const char *name;
      std::function<Clock::time_point(uint64_t)> run;
      Samples late = {}, cpu = {}, cold = {}; // cold: first of a series
    };
    Way ways[] = {
        {"callback", ours},
        {"spin", [&](uint64_t n) { return raw.spin(n); }},
        {"poll50us", [&](uint64_t n) { return raw.poll50(n); }},
        {"hostFunction", [&](uint64_t n) { return raw.hostFunction(n); }},
        {"synchronize", [&](uint64_t n) { return raw.synchronize(n); }},
    };
    // In short series: what a thread does in one way, sleep or spin, makes the
    // first call in the next slower or faster.
    // After a while in which clocks rise and threads find their cores.
    const auto warm = Clock::now() + std::chrono::milliseconds(200);
    while (Clock::now() < warm)
      for (Way &way : ways)
        (void)way.run(nanoseconds);
    for (unsigned round = 0; round < setup.rounds / series; ++round)
      for (Way &way : ways)
        for (unsigned i = 0; i < series; ++i) {
          cpuBefore = threadCpuSeconds();
          completionBefore = device->completionStats().cpuSeconds;
          cpu = -1;
          const auto begin = Clock::now();
          const auto seen = way.run(nanoseconds);
          if (cpu < 0)
            cpu = threadCpuSeconds() - cpuBefore;
          const double late =
              seconds(seen - begin) - double(nanoseconds) / 1e9;
          if (i == 0) {
            way.cold.push_back(late);
            continue;
          }
          way.late.push_back(late);
          way.cpu.push_back(cpu);
        }
    nlohmann::json entry = {{"nanoseconds", nanoseconds}};
    for (Way &way : ways)
      entry[way.name] = {{"late", summary(way.late)},
                         {"first", summary(way.cold)},
                         {"cpu", summary(way.cpu)}};
    entry["ratio"] =
        quantile(ways[0].late, 0.5) / quantile(ways[1].late, 0.5);
    report["kernels"].push_back(std::move(entry));
  }
  return report;
}
