//===- CudaAllocation.h - allocations of a CUDA device ----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Owned, and freed with the context of their device current.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDAALLOCATION_H
#define TWRUN_LIB_CUDAALLOCATION_H

#include "Driver.h"

#include <cstdint>
#include <span>

namespace twrun {

class CudaDevice;

class CudaAllocation {
public:
  CudaAllocation() = default;
  CudaAllocation(CudaAllocation &&other) noexcept;
  CudaAllocation &operator=(CudaAllocation &&other) noexcept;
  ~CudaAllocation();

  /// Where it is; only managed memory is the host's to touch.
  uint8_t *data() const { return reinterpret_cast<uint8_t *>(address); }
  uint64_t size() const { return bytes; }

protected:
  CudaDevice *device = nullptr;
  cuda::CUdeviceptr address = 0;
  uint64_t bytes = 0;
};

/// Memory that host and device reach.
class ManagedMemory : public CudaAllocation {
public:
  /// The context must be current.
  static ptxbin::Expected<ManagedMemory>
  allocate(CudaDevice &device, uint64_t bytes, const char *purpose);
};

/// The device's own.
class DeviceMemory : public CudaAllocation {
public:
  /// The context must be current.
  static ptxbin::Expected<DeviceMemory>
  allocate(CudaDevice &device, uint64_t bytes, const char *purpose);
};

} // namespace twrun

#endif // TWRUN_LIB_CUDAALLOCATION_H
