//===- DeviceInfo.cpp - what devices can do -------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaDevice.h"
#include "HostDevice.h"

#include <fstream>
#include <unistd.h>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

static uint64_t pages(int name) {
  const long count = sysconf(name), size = sysconf(_SC_PAGESIZE);
  return count > 0 && size > 0 ? uint64_t(count) * uint64_t(size) : 0;
}

static std::string cpuModel() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) {
      const size_t colon = line.find(": ");
      return colon == line.npos ? std::string() : line.substr(colon + 2);
    }
  return {};
}

DeviceInfo HostDevice::info() const {
  DeviceInfo info;
  info.name = cpuModel();
  info.memoryBytes = pages(_SC_PHYS_PAGES);
  info.freeBytes = pages(_SC_AVPHYS_PAGES);
  info.cores = info.threadsAtOnce = workers->size();
#if defined(__x86_64__)
  const uint64_t features = hostCpuFeatures();
  info.cpuLevel = features & cpuX86_64_v4   ? 4
                  : features & cpuX86_64_v3 ? 3
                  : features & cpuX86_64_v2 ? 2
                                            : 1;
#endif
  return info;
}

DeviceInfo CudaDevice::info() const {
  DeviceInfo info;
  char text[128] = "";
  if (driver.DeviceGetName(text, sizeof text - 1, handle) == CUDA_SUCCESS)
    info.name = text;
  text[0] = 0;
  if (driver.DeviceGetPCIBusId(text, sizeof text - 1, handle) == CUDA_SUCCESS)
    info.busId = text;
  auto attribute = [&](int which) {
    int value = 0;
    CUresult result = driver.DeviceGetAttribute(&value, which, handle);
    return result == CUDA_SUCCESS && value > 0 ? unsigned(value) : 0;
  };
  info.cores = attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
  info.managedMemory = attribute(CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY);
  info.concurrentManagedAccess = canPrefetch;
  info.virtualMemory = hasVirtualMemory;
  info.threadsAtOnce = threadsAtOnce;
  info.sharedBytesPerBlock = maxSharedBytes;
  info.computeCapability = target.cc;
  info.cudaVersion = driver.version;
  info.ptxISA = target.ptxISA;
  Current current(*this);
  size_t free = 0, total = 0;
  if (driver.MemGetInfo(&free, &total) == CUDA_SUCCESS) {
    info.freeBytes = free;
    info.memoryBytes = total;
  }
  return info;
}
