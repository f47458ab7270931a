//===- Gpu.h - the device, and driver calls beside the runtime's *- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The device that all contestants run on, opened by the runtime, and what a
// benchmark asks of the CUDA driver beyond what the runtime does. Failures are
// exceptions: a benchmark that lacks a number has nothing to say.
//
//===----------------------------------------------------------------------===//

#ifndef TWBENCH_GPU_H
#define TWBENCH_GPU_H

#include "CudaDevice.h"

#include <memory>
#include <span>
#include <stdexcept>
#include <string>

namespace twrun::bench {

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The value of a result, or its error as an exception.
template <typename T>
T valueOf(ptxbin::Expected<T> result, const std::string &where = "") {
  if (!result)
    throw Failure((where.empty() ? "" : where + ": ") + result.error().message);
  return std::move(*result);
}

/// What the driver knows of a kernel, and how much of it fits.
struct Attributes {
  int registers = 0;     // of a thread
  int localBytes = 0;    // of a thread: spills and arrays
  int sharedBytes = 0;   // of a block, beside what the launch adds
  int ptxVersion = 0;    // 80: compiled from PTX for sm_80
  int binaryVersion = 0; // 90: machine code for sm_90
  int blocksAtOnce = 0;  // on a multiprocessor
};

class Gpu {
public:
  /// Opens cuda:0; its context stays current on this thread.
  Gpu();
  ~Gpu();
  Gpu(const Gpu &) = delete;

  CudaDevice &device() const { return *opened; }
  const cuda::Driver &driver() const { return opened->driver; }
  cuda::CUstream stream() const { return ownStream; }

  /// Throws, with what was tried, unless `result` is success.
  void check(cuda::CUresult result, const std::string &what) const;

  cuda::CUdeviceptr allocate(uint64_t bytes) const;
  void upload(cuda::CUdeviceptr to, std::span<const uint8_t> bytes) const;
  void download(std::span<uint8_t> bytes, cuda::CUdeviceptr from) const;
  void synchronize() const;
  Attributes attributesOf(cuda::CUfunction function, uint64_t blockThreads,
                          uint64_t dynamicShared) const;
  int threadsPerMultiprocessor() const { return threads; }
  int multiprocessors() const { return processors; }

private:
  std::unique_ptr<CudaDevice> opened;
  std::unique_ptr<CudaDevice::Current> current;
  cuda::CUstream ownStream = nullptr;
  int threads = 0, processors = 0;
  cuda::CUresult (*memAlloc)(cuda::CUdeviceptr *, size_t) = nullptr;
  cuda::CUresult (*toDevice)(cuda::CUdeviceptr, const void *, size_t) = nullptr;
  cuda::CUresult (*toHost)(void *, cuda::CUdeviceptr, size_t) = nullptr;
  cuda::CUresult (*blocksThatFit)(int *, cuda::CUfunction, int,
                                  size_t) = nullptr;
};

} // namespace twrun::bench

#endif // TWBENCH_GPU_H
