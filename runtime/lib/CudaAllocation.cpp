//===- CudaAllocation.cpp - allocations of a CUDA device ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A failure tells how much was asked for, and for what.
//
//===----------------------------------------------------------------------===//

#include "CudaAllocation.h"

#include "CudaDevice.h"

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

CudaAllocation::CudaAllocation(CudaAllocation &&other) noexcept {
  *this = std::move(other);
}

CudaAllocation &CudaAllocation::operator=(CudaAllocation &&other) noexcept {
  std::swap(device, other.device);
  std::swap(address, other.address);
  std::swap(bytes, other.bytes);
  return *this;
}

CudaAllocation::~CudaAllocation() {
  if (!address || device->forked())
    return;
  CudaDevice::Current current(*device);
  device->driver.MemFree(address);
}

static Error failed(CudaDevice &device, uint64_t bytes, const char *purpose,
                    CUresult result) {
  return device.failure("cannot allocate " + std::to_string(bytes) +
                            " bytes for " + purpose,
                        result);
}

Expected<ManagedMemory> ManagedMemory::allocate(CudaDevice &device,
                                                uint64_t bytes,
                                                const char *purpose) {
  ManagedMemory memory;
  CUdeviceptr address = 0;
  CUresult result =
      device.driver.MemAllocManaged(&address, bytes, CU_MEM_ATTACH_GLOBAL);
  if (result != CUDA_SUCCESS)
    return failed(device, bytes, purpose, result);
  memory.device = &device;
  memory.address = address;
  memory.bytes = bytes;
  return memory;
}

Expected<DeviceMemory> DeviceMemory::allocate(CudaDevice &device,
                                              uint64_t bytes,
                                              const char *purpose) {
  DeviceMemory memory;
  CUdeviceptr address = 0;
  CUresult result = device.driver.MemAlloc(&address, bytes);
  if (result != CUDA_SUCCESS)
    return failed(device, bytes, purpose, result);
  memory.device = &device;
  memory.address = address;
  memory.bytes = bytes;
  return memory;
}
