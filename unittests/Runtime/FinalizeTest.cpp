//===- FinalizeTest.cpp - cubins from the driver's linker -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the driver makes of PTX is loaded in its place, gives the same results,
// and much sooner. Skipped where there is no device.
//
//===----------------------------------------------------------------------===//

#include "CudaDevice.h"
#include "Support.h"

#include <chrono>
#include <cstdlib>

using namespace twrun;
using namespace twrun::test;
using namespace ptxbin;

namespace {
class Finalize : public testing::Test {
protected:
  void SetUp() override {
    // Before the driver is initialised, if no other test has done that yet.
    ::setenv("CUDA_CACHE_DISABLE", "1", 1);
    auto opened = twrun::CudaDevice::open(0);
    if (!opened && opened.error().kind == ErrorKind::NotFound)
      GTEST_SKIP() << opened.error().message;
    ASSERT_TRUE(opened) << messageOf(opened);
    device = std::move(*opened);
    // The driver remembers what it has compiled in this process: PTX of its own,
    // so that it compiles it now.
    Bytes ptx = ptxImage();
    const std::string own =
        "// " +
        std::to_string(
            std::chrono::steady_clock::now().time_since_epoch().count()) +
        "\n";
    ptx.insert(ptx.end(), own.begin(), own.end());
    auto made = artifact(testManifest(), hostImage(), std::move(ptx));
    ASSERT_TRUE(made) << messageOf(made);
    file = std::make_unique<PtxBin>(std::move(*made));
  }

  Expected<Finalized> finalize(uint16_t cc = 0) {
    auto linked = device->finalize(*file);
    if (!linked)
      return linked.error();
    if (cc)
      linked->info.cc = cc;
    auto key = generateKey();
    auto bytes = writeFinalized(linked->info, linked->cubin, *key);
    if (!bytes)
      return bytes.error();
    TrustOptions trust;
    trust.keys = {key->publicKey()};
    return Finalized::openVerified(std::move(*bytes), trust);
  }

  std::unique_ptr<twrun::CudaDevice> device;
  std::unique_ptr<PtxBin> file;
};
} // namespace

TEST_F(Finalize, RunsInPlaceOfPTX) {
  auto image = finalize();
  ASSERT_TRUE(image) << messageOf(image);
  InstanceOptions options;
  options.finalized = &*image;
  auto instance = device->instantiate(*file, options);
  ASSERT_TRUE(instance) << messageOf(instance);
  auto mark = findKernel(file->manifest(), "mark");
  ASSERT_TRUE(mark);
  Value argument = i32(0xffffffff);
  auto outcome =
      (*instance)->launch(**mark, {4, 1, 1}, {32, 1, 1}, {&argument, 1}, {});
  ASSERT_TRUE(outcome) << messageOf(outcome);
  EXPECT_FALSE(outcome->trap);
  for (uint32_t word : words(**instance, 128))
    EXPECT_EQ(word, 1u);
}

TEST_F(Finalize, IsForOneArchitecture) {
  auto image = finalize(/*cc=*/70);
  ASSERT_TRUE(image) << messageOf(image);
  InstanceOptions options;
  options.finalized = &*image;
  auto instance = device->instantiate(*file, options);
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().kind, ErrorKind::Incompatible);
  EXPECT_NE(messageOf(instance).find("is for sm_70"), std::string::npos);
}

TEST_F(Finalize, LoadsFarSoonerThanPTX) {
  auto seconds = [&](auto load) {
    auto start = std::chrono::steady_clock::now();
    auto module = load();
    std::chrono::duration<double> time =
        std::chrono::steady_clock::now() - start;
    EXPECT_TRUE(module) << messageOf(module);
    return time.count();
  };
  auto index = selectGPUImage(file->sections(), {90, 90});
  ASSERT_TRUE(index);
  double ptx =
      seconds([&] { return CudaModule::load(*device, *file, *index); });
  auto image = finalize();
  ASSERT_TRUE(image) << messageOf(image);
  double cubin = 1;
  for (int i = 0; i < 10; ++i)
    cubin = std::min(cubin, seconds([&] {
                       return CudaModule::load(*device, *file, *image);
                     }));
  std::printf("PTX %.1f us, cubin %.1f us: %.0f times\n", ptx * 1e6,
              cubin * 1e6, ptx / cubin);
  EXPECT_GT(ptx / cubin, 100);
}
