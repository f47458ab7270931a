//===- FakeDriverTest.cpp - what the driver may refuse --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Old drivers, absent devices, exhausted memory and assemblers that fail, by
// the library of Inputs/FakeCuda.cpp. A process loads a driver once, so each
// case has a process of its own, which prints what it got.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <dlfcn.h>
#include <iostream>
#include <map>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {

using Environment = std::map<std::string, std::string>;

const char *kindName(ErrorKind kind) {
  switch (kind) {
  case ErrorKind::Incompatible:
    return "Incompatible";
  case ErrorKind::NotFound:
    return "NotFound";
  case ErrorKind::Invalid:
    return "Invalid";
  case ErrorKind::Device:
    return "Device";
  case ErrorKind::DeviceLost:
    return "DeviceLost";
  case ErrorKind::OutOfMemory:
    return "OutOfMemory";
  default:
    return "another kind";
  }
}

void print(const Error &error) {
  std::cerr << kindName(error.kind) << ": " << error.message << "\n";
}
template <typename T> void print(const Expected<T> &result) {
  if (result)
    std::cerr << "success\n";
  else
    print(result.error());
}

void *fake = nullptr;

/// Objects of the driver that nobody has given back.
long live() {
  auto *count = reinterpret_cast<long (*)()>(dlsym(fake, "fakeCudaLive"));
  return count ? count() : -1;
}

/// In the child: the fake in place of the driver. Who opens libcuda.so.1 later
/// gets the library of that name that is there already.
void useFake(const Environment &environment) {
  for (const auto &[name, value] : environment)
    setenv(name.c_str(), value.c_str(), 1);
  fake = dlopen(TEST_FAKE_CUDA, RTLD_NOW | RTLD_GLOBAL);
  if (!fake) {
    std::cerr << "cannot load the fake: " << dlerror() << "\n";
    std::exit(9);
  }
}

#define EXPECT_IN_CHILD(environment, body, text)                               \
  EXPECT_EXIT(                                                                 \
      {                                                                        \
        useFake(environment);                                                  \
        body;                                                                  \
        std::exit(0);                                                          \
      },                                                                       \
      testing::ExitedWithCode(0), testing::HasSubstr(text))

void open(const char *spec = "cuda") { print(Device::open(spec)); }

TEST(FakeDriver, OpensAndGivesAllBack) {
  EXPECT_IN_CHILD(
      Environment(),
      {
        {
          auto device = Device::open("cuda");
          print(device);
          std::cerr << (*device)->describe() << "\n";
        }
        std::cerr << "live: " << live() << "\n";
      },
      "success\ncuda:0 Fake GPU (driver 12.4)\nlive: 0\n");
}

TEST(FakeDriver, RefusalsToLoadAreTyped) {
  const struct {
    Environment environment;
    const char *error;
  } cases[] = {
      {{{"FAKE_CUDA_VERSION", "11020"}},
       "Incompatible: expected a driver of CUDA 11.7 or newer, but this one is "
       "of CUDA 11.2; update the driver"},
      // Before cuInit, which fails on such a machine too.
      {{{"FAKE_CUDA_VERSION", "10010"}, {"FAKE_CUDA_INIT", "803"}},
       "Incompatible: expected a driver of CUDA 11.7 or newer, but this one is "
       "of CUDA 10.1; update the driver"},
      {{{"FAKE_CUDA_INIT", "100"}},
       "NotFound: the CUDA driver finds no device on this machine"},
      {{{"FAKE_CUDA_INIT", "34"}},
       "NotFound: no CUDA driver: libcuda.so.1 is the toolkit's stub"},
      {{{"FAKE_CUDA_INIT", "999"}},
       "Device: cannot initialise the CUDA driver: CUDA_ERROR_UNKNOWN (999)"},
      {{{"FAKE_CUDA_DEVICES", "0"}},
       "NotFound: there is no device cuda:0: the CUDA driver finds 0"},
      {{{"FAKE_CUDA_MISSING", "cuMemAllocManaged"}},
       "Incompatible: the CUDA driver has no cuMemAllocManaged"},
      {{{"FAKE_CUDA_MISSING", "cuGetErrorName"}},
       "Incompatible: the CUDA driver has no cuGetErrorName"},
      {{{"FAKE_CUDA_MANAGED", "0"}}, "Incompatible: cuda:0 has no managed "},
      {{{"FAKE_CUDA_FAIL", "cuDevicePrimaryCtxRetain:2"}},
       "OutOfMemory: cannot open cuda:0: cannot have a context: "
       "CUDA_ERROR_OUT_OF_MEMORY (2)"},
      {{{"FAKE_CUDA_FAIL", "cuDevicePrimaryCtxRetain:999"}},
       "Device: cannot open cuda:0: cannot have a context: CUDA_ERROR_UNKNOWN "
       "(999)"},
  };
  for (const auto &[environment, error] : cases)
    EXPECT_IN_CHILD(environment, open(), error);
  EXPECT_IN_CHILD(Environment(), open("cuda:3"),
                  "NotFound: there is no device cuda:3: the CUDA driver finds "
                  "1");
}

TEST(FakeDriver, AutoFallsBackOnlyWhereThereIsNothing) {
  auto describe = [] {
    auto device = Device::open("auto");
    print(device);
    if (device)
      std::cerr << (*device)->describe() << "\n";
  };
  EXPECT_IN_CHILD((Environment{{"FAKE_CUDA_INIT", "100"}}), describe(),
                  "success\nhost (");
  EXPECT_IN_CHILD((Environment{{"FAKE_CUDA_DEVICES", "0"}}), describe(),
                  "success\nhost (");
  EXPECT_IN_CHILD((Environment{{"FAKE_CUDA_VERSION", "11020"}}), describe(),
                  "Incompatible: expected a driver of CUDA 11.7");
}

/// Opens the device, instantiates the tests' artifact and tells what came of
/// it, then what was left behind.
void instantiate(const Manifest &manifest = testManifest(4)) {
  Expected<PtxBin> file = artifact(manifest, hostImage(), ptxImage());
  ASSERT_TRUE(file) << messageOf(file);
  {
    auto device = Device::open("cuda");
    ASSERT_TRUE(device) << messageOf(device);
    const long before = live();
    print((*device)->instantiate(*file, {}));
    std::cerr << "left: " << live() - before << "\n";
    // The device is as good as before.
    for (const char *name : {"FAKE_CUDA_FAIL", "FAKE_CUDA_MEMORY"})
      unsetenv(name);
    print((*device)->instantiate(*file, {}));
  }
  std::cerr << "live: " << live() << "\n";
}

TEST(FakeDriver, OutOfMemoryTellsHowMuchForWhatAndWhatIsFree) {
  // Stacks for recursion fit: 126 MB. 256 MiB of linear memory do not.
  EXPECT_IN_CHILD(
      (Environment{{"FAKE_CUDA_MEMORY", "150000000"}}),
      instantiate(testManifest(4096)),
      "OutOfMemory: cannot allocate 268435456 bytes for linear memory: "
      "CUDA_ERROR_OUT_OF_MEMORY (2): as was asked for; 150000000 of the "
      "device's 150000000 bytes are free\n"
      "left: 0\nsuccess\nlive: 0\n");
  // Linear memory fits and the rest does not.
  EXPECT_IN_CHILD(
      (Environment{{"FAKE_CUDA_MEMORY", "268435556"}}),
      instantiate(testManifest(4096)),
      " bytes for instance state, tables and segments: "
      "CUDA_ERROR_OUT_OF_MEMORY (2): as was asked for; 100 of the device's "
      "268435556 bytes are free\n"
      "left: 0\nsuccess\nlive: 0\n");
  // What the driver would set aside for stacks.
  EXPECT_IN_CHILD((Environment{{"FAKE_CUDA_MEMORY", "100000"}}), instantiate(),
                  "recursion needs 16384 bytes of stack for each of the 8192 "
                  "threads that the device runs at once, 134217728 bytes in "
                  "all, but only 8488608 are free");
}

TEST(FakeDriver, EveryStepOfInstantiationMayFailAndLeavesNothing) {
  for (const char *step : {"cuStreamCreate", "cuEventCreate",
                           "cuMemAllocManaged", "cuModuleLoadDataEx"})
    EXPECT_IN_CHILD(
        (Environment{{"FAKE_CUDA_FAIL", std::string(step) + ":999"}}),
        instantiate(), "CUDA_ERROR_UNKNOWN (999): as was asked for");
  for (const char *step : {"cuStreamCreate", "cuEventCreate",
                           "cuMemAllocManaged", "cuModuleLoadDataEx"})
    EXPECT_IN_CHILD(
        (Environment{{"FAKE_CUDA_FAIL", std::string(step) + ":999"}}),
        instantiate(), "left: 0\nsuccess\nlive: 0\n");
}

TEST(FakeDriver, TheAssemblersWordIsPassedOn) {
  EXPECT_IN_CHILD(
      (Environment{{"FAKE_CUDA_FAIL", "cuModuleLoadDataEx:218"},
                   {"FAKE_CUDA_LOG", "ptxas error : line 7; \nParsing error"}}),
      instantiate(),
      "with a driver of CUDA 12.4, PTX ISA 8.4: CUDA_ERROR_INVALID_PTX (218): "
      "as was asked for; the assembler says: ptxas error : line 7;; Parsing "
      "error\nleft: 0\nsuccess\nlive: 0\n");
  EXPECT_IN_CHILD(
      (Environment{{"FAKE_CUDA_FAIL", "cuModuleLoadDataEx:222"},
                   {"FAKE_CUDA_LOG", "Unsupported .version"}}),
      instantiate(),
      "Incompatible: cannot load the PTX image for sm_70 of PTX ISA 7.7, of ");
}

TEST(FakeDriver, TooNewPTXIsRefusedWithBothVersions) {
  // Refused by our own rules, before the driver sees it: sm_70, ISA 7.7.
  EXPECT_IN_CHILD(
      (Environment{{"FAKE_CUDA_CC", "61"}}),
      {
        Expected<PtxBin> file = artifact(testManifest(1), {}, ptxImage());
        auto device = Device::open("cuda");
        print((*device)->instantiate(*file, {}));
      },
      "Incompatible: no image for this GPU: it is sm_61 and its driver takes "
      "PTX ISA 8.4, the artifact has PTX sm_70 (ISA 7.7)");
}

TEST(FakeDriver, ABlockBeyondTheKernelIsRefusedAndTheInstanceLives) {
  EXPECT_IN_CHILD(
      (Environment{{"FAKE_CUDA_MAX_THREADS", "128"}}),
      {
        Running gpu =
            start(std::move(*Device::open("cuda")),
                  std::move(*artifact(testManifest(1), {}, ptxImage())));
        const Value none = i32(0xffffffff);
        const KernelInfo &mark = gpu.kernel("mark");
        print(gpu.executor->launch(mark, {1, 1, 1}, {129, 1, 1}, {&none, 1}));
        print(gpu.executor->launch(mark, {1, 1, 1}, {1025, 1, 1}, {&none, 1}));
        print(gpu.executor->launch(mark, {1, 65536, 1}, {1, 1, 1}, {&none, 1}));
        print(gpu.executor->launch(mark, {1, 1, 1}, {1, 1, 1}, {}));
        const Value wrong = i64(1);
        print(gpu.executor->launch(mark, {1, 1, 1}, {1, 1, 1}, {&wrong, 1}));
        LaunchOptions shared;
        shared.sharedBytes = 16;
        print(gpu.executor->launch(mark, {1, 1, 1}, {1, 1, 1}, {&none, 1},
                                   shared));
        print(gpu.executor->launch(mark, {1, 1, 1}, {128, 1, 1}, {&none, 1}));
      },
      "Incompatible: export 'mark' can have at most 128 threads in a block on "
      "this device, but 129 were asked for\n"
      "Invalid: block (1025,1,1) exceeds the limit of (1024,1024,64)\n"
      "Invalid: grid (1,65536,1) exceeds the limit of "
      "(2147483647,65535,65535)\n"
      "Invalid: incorrect number of arguments for 'mark': expected 1, but got "
      "0\n"
      "Invalid: incorrect type of argument 0 of 'mark': expected i32, but got "
      "i64\n"
      "Invalid: kernel 'mark' uses no shared memory, but 16 bytes were asked "
      "for\n"
      "success\n");
}

TEST(FakeDriver, AStickyErrorIsDeviceLost) {
  EXPECT_IN_CHILD(
      (Environment{{"FAKE_CUDA_FAIL", "cuLaunchKernel:700@2"}}),
      {
        Running gpu =
            start(std::move(*Device::open("cuda")),
                  std::move(*artifact(testManifest(1), {}, ptxImage())));
        const Value none = i32(0xffffffff);
        for (int i = 0; i < 3; ++i)
          print(gpu.executor->launch(gpu.kernel("mark"), {1, 1, 1}, {1, 1, 1},
                                     {&none, 1}));
      },
      "success\nDeviceLost: cannot launch 'mark': CUDA_ERROR_ILLEGAL_ADDRESS "
      "(700): as was asked for; the device's context is lost for this process, "
      "start anew\nDeviceLost: the device's context was lost by an earlier "
      "fault");
}

TEST(FakeDriver, TellsWhatTheDeviceCanDo) {
  EXPECT_IN_CHILD((Environment{{"FAKE_CUDA_MEMORY", "5000"}}),
                  {
                    auto device = Device::open("cuda");
                    const DeviceInfo info = (*device)->info();
                    std::cerr
                        << info.name << ", " << info.busId << ", "
                        << info.computeCapability << ", " << info.memoryBytes
                        << ", " << info.freeBytes << ", " << info.cores << ", "
                        << info.threadsAtOnce << ", " << info.ptxISA << ", "
                        << info.managedMemory << info.virtualMemory << "\n";
                  },
                  "Fake GPU, 0000:00:00.0, 90, 5000, 5000, 4, 8192, 84, 10\n");
}

} // namespace
