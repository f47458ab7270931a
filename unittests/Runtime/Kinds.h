//===- Kinds.h - tests for each kind of memory on each device ---*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test of linear memory runs on the host, and with each kind of memory on a
// CUDA device, where there is one.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_UNITTESTS_KINDS_H
#define TWRUN_UNITTESTS_KINDS_H

#include "Support.h"

#include <numeric>
#include <ostream>

namespace twrun::test {

struct DeviceKind {
  const char *device;
  MemoryKind kind;
  bool isOwn() const { // memory that the host does not reach
    return std::string(device) != "host" && kind != MemoryKind::Managed;
  }
};
inline void PrintTo(const DeviceKind &kind, std::ostream *out) {
  *out << kind.device << " " << toString(kind.kind);
}

class KindTest : public testing::TestWithParam<DeviceKind> {
protected:
  void SetUp() override {
    auto opened = Device::open(GetParam().device);
    if (!opened && opened.error().kind == ErrorKind::NotFound)
      GTEST_SKIP() << opened.error().message;
    ASSERT_TRUE(opened) << messageOf(opened);
    device = std::move(*opened);
  }
  InstanceOptions withExtra(uint64_t pages) const {
    InstanceOptions options;
    options.memoryKind = GetParam().kind;
    options.extraPages = pages;
    return options;
  }
  Running open(const ptxbin::Manifest &manifest, uint64_t extraPages = 0) {
    Expected<ptxbin::PtxBin> file = artifact(manifest, hostImage(), ptxImage());
    EXPECT_TRUE(file) << messageOf(file);
    return start(std::move(device), std::move(*file), withExtra(extraPages));
  }
  std::unique_ptr<Device> device;
};

inline const DeviceKind allKinds[] = {{"host", MemoryKind::Managed},
                                      {"cuda", MemoryKind::Managed},
                                      {"cuda", MemoryKind::Device},
                                      {"cuda", MemoryKind::Reserved}};
inline std::string kindName(const testing::TestParamInfo<DeviceKind> &info) {
  return std::string(info.param.device) + "_" + toString(info.param.kind);
}

/// `count` bytes that tell where they belong.
inline std::vector<uint8_t> someBytes(size_t count, uint32_t seed = 1) {
  std::vector<uint8_t> bytes(count);
  for (uint8_t &byte : bytes)
    byte = uint8_t((seed = seed * 1664525 + 1013904223) >> 24);
  return bytes;
}
inline std::vector<uint8_t> bytesAt(Executor &executor, uint64_t offset,
                                    size_t count, uint32_t index = 0) {
  std::vector<uint8_t> bytes(count, 0xcc);
  auto ok = executor.copyOut(offset, bytes, index);
  EXPECT_TRUE(ok) << messageOf(ok);
  return bytes;
}

} // namespace twrun::test

#endif // TWRUN_UNITTESTS_KINDS_H
