//===- Support.h - artifacts made in memory for the tests -------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A manifest that describes Inputs/HostImage.cpp and Inputs/kernels.ptx, and
// the way from images to a verified artifact.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_UNITTESTS_SUPPORT_H
#define TWRUN_UNITTESTS_SUPPORT_H

#include "twrun/Runtime.h"

#include <gtest/gtest.h>

namespace twrun::test {

/// The compiled image with symbol hash table `style` ("sysv", "gnu").
ptxbin::Bytes hostImage(const std::string &style = "sysv");
/// Inputs/kernels.ptx.
ptxbin::Bytes ptxImage();

/// One kernel per entry of the images, a memory of `pages` pages, one mutable
/// i32 global with 41 in it and an empty passive data segment: the entries
/// `start` and `grow` rely on the layout {1, 0, 1, 0, 1}. The module is that
/// of artifact().
ptxbin::Manifest testManifest(uint64_t pages = 1);

/// The same and the entries of Inputs/HostBlocks.cpp.
ptxbin::Manifest blockManifest(uint64_t pages = 1);

/// Writes and opens an artifact with these images (an empty one is left out)
/// and `wasm` as its module.
Expected<ptxbin::PtxBin> artifact(const ptxbin::Manifest &manifest,
                                  ptxbin::Bytes host, ptxbin::Bytes ptx = {},
                                  ptxbin::Bytes wasm = {0, 'a', 's', 'm', 1, 0,
                                                        0, 0});

inline Value i32(uint32_t bits) { return {ValueType::I32, bits}; }
inline Value i64(uint64_t bits) { return {ValueType::I64, bits}; }
/// A data segment of module 0, of the WASM section's bytes.
inline ptxbin::DataInfo activeData(uint64_t memoryOffset, uint64_t moduleOffset,
                                   uint64_t size, uint32_t memory = 0) {
  return {0, true, memory, memoryOffset, moduleOffset, size};
}

inline Value f64(uint64_t bits) { return {ValueType::F64, bits}; }

/// The 32-bit words of an executor's memory.
std::vector<uint32_t> words(Executor &executor, size_t count);

/// The message of a failure; "" for success.
template <typename T> std::string messageOf(const Expected<T> &result) {
  return result ? std::string() : result.error().message;
}

/// A device, an artifact and its instance, or a failed assertion.
struct Running {
  std::unique_ptr<Device> device;
  std::unique_ptr<ptxbin::PtxBin> file;
  std::unique_ptr<Executor> executor;

  const ptxbin::KernelInfo &kernel(const std::string &name) const;
  Outcome invoke(const std::string &name, std::vector<Value> arguments);
  Outcome launch(const std::string &name, Dim3 grid, Dim3 block,
                 std::vector<Value> arguments);
};
Running start(std::unique_ptr<Device> device, ptxbin::PtxBin file,
              const InstanceOptions &options = {});
/// On the host, with the compiled image.
Running startOnHost(const ptxbin::Manifest &manifest,
                    const InstanceOptions &options = {});

} // namespace twrun::test

#endif // TWRUN_UNITTESTS_SUPPORT_H
