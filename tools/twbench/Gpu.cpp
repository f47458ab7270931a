//===- Gpu.cpp - the device, and driver calls beside the runtime's --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions are those of NVIDIA's "CUDA Driver API" manual. The runtime has
// loaded the library; opening it again gives the same one.
//
//===----------------------------------------------------------------------===//

#include "Gpu.h"

#include <dlfcn.h>

using namespace twrun;
using namespace twrun::bench;
using namespace twrun::cuda;

namespace {
enum : int { // CUfunction_attribute
  CU_FUNC_ATTRIBUTE_NUM_REGS = 4,
  CU_FUNC_ATTRIBUTE_PTX_VERSION = 5,
  CU_FUNC_ATTRIBUTE_BINARY_VERSION = 6,
};

template <typename Function>
void find(void *library, const char *name, Function *&function) {
  function = reinterpret_cast<Function *>(dlsym(library, name));
  if (!function)
    throw Failure(std::string("the CUDA driver has no ") + name);
}
} // namespace

Gpu::Gpu() {
  opened = valueOf(CudaDevice::open(0));
  current = std::make_unique<CudaDevice::Current>(*opened);
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library)
    throw Failure("cannot open libcuda.so.1 again");
  find(library, "cuMemAlloc_v2", memAlloc);
  find(library, "cuMemcpyHtoD_v2", toDevice);
  find(library, "cuMemcpyDtoH_v2", toHost);
  find(library, "cuOccupancyMaxActiveBlocksPerMultiprocessor", blocksThatFit);
  check(driver().StreamCreate(&ownStream, CU_STREAM_NON_BLOCKING),
        "create a stream");
  check(driver().DeviceGetAttribute(
            &threads, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR,
            opened->handle),
        "ask the device's size");
  check(driver().DeviceGetAttribute(&processors,
                                    CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT,
                                    opened->handle),
        "ask the device's size");
}

Gpu::~Gpu() {
  if (ownStream)
    driver().StreamDestroy(ownStream);
}

void Gpu::check(CUresult result, const std::string &what) const {
  if (result != CUDA_SUCCESS)
    throw Failure("cannot " + what + ": " + driver().describe(result));
}

CUdeviceptr Gpu::allocate(uint64_t bytes) const {
  CUdeviceptr address = 0;
  // An empty buffer has an address too.
  check(memAlloc(&address, bytes ? bytes : 1),
        "allocate " + std::to_string(bytes) + " bytes");
  return address;
}

void Gpu::upload(CUdeviceptr to, std::span<const uint8_t> bytes) const {
  if (!bytes.empty())
    check(toDevice(to, bytes.data(), bytes.size()), "copy to the device");
}

void Gpu::download(std::span<uint8_t> bytes, CUdeviceptr from) const {
  if (!bytes.empty())
    check(toHost(bytes.data(), from, bytes.size()), "copy from the device");
}

void Gpu::synchronize() const {
  check(driver().StreamSynchronize(ownStream), "finish what was launched");
}

Attributes Gpu::attributesOf(CUfunction function, uint64_t blockThreads,
                             uint64_t dynamicShared) const {
  Attributes attributes;
  auto query = [&](int attribute, int &value) {
    check(driver().FuncGetAttribute(&value, attribute, function),
          "ask a kernel's attributes");
  };
  query(CU_FUNC_ATTRIBUTE_NUM_REGS, attributes.registers);
  query(CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES, attributes.localBytes);
  query(CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES, attributes.sharedBytes);
  query(CU_FUNC_ATTRIBUTE_PTX_VERSION, attributes.ptxVersion);
  query(CU_FUNC_ATTRIBUTE_BINARY_VERSION, attributes.binaryVersion);
  check(blocksThatFit(&attributes.blocksAtOnce, function, int(blockThreads),
                      dynamicShared),
        "ask a kernel's occupancy");
  return attributes;
}
