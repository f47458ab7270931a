//===- FakeCuda.cpp - a driver that fails on request ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A library with the name and the functions of libcuda.so.1, for machines
// without a GPU: its device has memory, streams and modules, and its kernels do
// nothing. How old it is, and what fails, the environment says:
//
//   FAKE_CUDA_VERSION=12040        as cuDriverGetVersion tells it
//   FAKE_CUDA_DEVICES=1            how many there are
//   FAKE_CUDA_INIT=100             the result of cuInit
//   FAKE_CUDA_MISSING=cuMemFree    a function that it does not have
//   FAKE_CUDA_FAIL=cuMemAllocManaged:2,cuEventRecord:700@3
//                                  results of functions, from the third call on
//   FAKE_CUDA_MEMORY=1000000       bytes of the device
//   FAKE_CUDA_CC=90                its compute capability
//   FAKE_CUDA_LOG=text             the assembler's log, when loading fails
//
// fakeCudaLive() counts what was made and not given back. What is not
// implemented here fails with CUDA_ERROR_NOT_SUPPORTED.
//
//===----------------------------------------------------------------------===//

#include "lib/Driver.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

using namespace twrun::cuda;

namespace {

constexpr CUresult invalidValue = 1, notSupported = 801;

std::string setting(const char *name, const char *otherwise = "") {
  const char *value = std::getenv(name);
  return value ? value : otherwise;
}
long number(const char *name, long otherwise) {
  const std::string value = setting(name);
  return value.empty() ? otherwise : std::atol(value.c_str());
}

std::mutex mutex;
std::map<std::string, long> callCounts;
std::map<uint64_t, size_t> allocations;
std::atomic<long> live{0}; // objects of all kinds
size_t used = 0;
thread_local int depth = 0; // of contexts that were pushed

size_t capacity() { return size_t(number("FAKE_CUDA_MEMORY", 1l << 30)); }

/// What FAKE_CUDA_FAIL says of this call of `name`.
CUresult fate(const char *name) {
  std::lock_guard lock(mutex);
  const long call = ++callCounts[name];
  const std::string list = setting("FAKE_CUDA_FAIL");
  for (size_t at = 0; at < list.size();) {
    const size_t end = std::min(list.find(',', at), list.size());
    const std::string item = list.substr(at, end - at);
    const size_t colon = item.find(':'), from = item.find('@');
    if (item.substr(0, colon) == name &&
        (from == item.npos || call >= std::atol(item.c_str() + from + 1)))
      return std::atoi(item.c_str() + colon + 1);
    at = end + 1;
  }
  return CUDA_SUCCESS;
}

template <typename Handle> CUresult make(const char *name, Handle *out) {
  if (CUresult result = fate(name))
    return result;
  // Never looked into: any address of our own will do.
  *out = reinterpret_cast<Handle>(new char);
  ++live;
  return CUDA_SUCCESS;
}
template <typename Handle> CUresult give(const char *name, Handle handle) {
  delete reinterpret_cast<char *>(handle);
  --live;
  return fate(name);
}

CUresult DeviceGet(CUdevice *device, int ordinal) {
  *device = ordinal;
  return fate("cuDeviceGet");
}
CUresult DeviceGetCount(int *count) {
  *count = int(number("FAKE_CUDA_DEVICES", 1));
  return fate("cuDeviceGetCount");
}
CUresult DeviceGetName(char *name, int size, CUdevice) {
  std::snprintf(name, size_t(size), "Fake GPU");
  return fate("cuDeviceGetName");
}
CUresult DeviceGetPCIBusId(char *name, int size, CUdevice device) {
  std::snprintf(name, size_t(size), "0000:%02x:00.0", device);
  return fate("cuDeviceGetPCIBusId");
}
CUresult DeviceGetAttribute(int *value, int attribute, CUdevice) {
  const int cc = int(number("FAKE_CUDA_CC", 90));
  switch (attribute) {
  case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR:
    *value = cc / 10;
    break;
  case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR:
    *value = cc % 10;
    break;
  case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT:
    *value = 4;
    break;
  case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR:
    *value = 2048;
    break;
  case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN:
    *value = 100 * 1024;
    break;
  case CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY:
    *value = int(number("FAKE_CUDA_MANAGED", 1));
    break;
  default:
    *value = 0;
  }
  return fate("cuDeviceGetAttribute");
}
CUresult DevicePrimaryCtxRetain(CUcontext *context, CUdevice) {
  return make("cuDevicePrimaryCtxRetain", context);
}
CUresult DevicePrimaryCtxRelease(CUdevice) {
  --live; // its address stays known to the device
  return fate("cuDevicePrimaryCtxRelease");
}
CUresult CtxGetDevice(CUdevice *device) {
  *device = 0;
  return depth ? fate("cuCtxGetDevice") : CUresult(201);
}
CUresult CtxPushCurrent(CUcontext) {
  CUresult result = fate("cuCtxPushCurrent");
  depth += result == CUDA_SUCCESS;
  return result;
}
CUresult CtxPopCurrent(CUcontext *context) {
  *context = nullptr;
  depth -= depth > 0;
  return fate("cuCtxPopCurrent");
}
CUresult CtxGetLimit(size_t *value, int) {
  *value = 1024;
  return fate("cuCtxGetLimit");
}
CUresult CtxSetLimit(int, size_t) { return fate("cuCtxSetLimit"); }

CUresult ModuleLoadDataEx(CUmodule *module, const void *, unsigned count,
                          int *options, void **values) {
  CUresult result = make("cuModuleLoadDataEx", module);
  const std::string log = setting("FAKE_CUDA_LOG");
  char *to = nullptr;
  size_t size = 0;
  for (unsigned i = 0; i < count; ++i) {
    if (options[i] == CU_JIT_ERROR_LOG_BUFFER)
      to = static_cast<char *>(values[i]);
    if (options[i] == CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES)
      size = reinterpret_cast<size_t>(values[i]);
  }
  if (result != CUDA_SUCCESS && to && size)
    std::snprintf(to, size, "%s", log.c_str());
  return result;
}
CUresult LinkCreate(unsigned, int *, void **, CUlinkState *state) {
  return make("cuLinkCreate", state);
}
CUresult LinkAddData(CUlinkState, int, void *, size_t, const char *, unsigned,
                     int *, void **) {
  return fate("cuLinkAddData");
}
/// Not a cubin: whoever finalizes must notice.
CUresult LinkComplete(CUlinkState, void **cubin, size_t *size) {
  static char nothing[] = "no cubin";
  *cubin = nothing;
  *size = sizeof nothing;
  return fate("cuLinkComplete");
}
CUresult LinkDestroy(CUlinkState state) {
  return give("cuLinkDestroy", state);
}

CUresult ModuleUnload(CUmodule module) {
  return give("cuModuleUnload", module);
}
CUresult ModuleGetFunction(CUfunction *function, CUmodule module,
                           const char *) {
  *function = reinterpret_cast<CUfunction>(module);
  return fate("cuModuleGetFunction");
}
CUresult FuncGetAttribute(int *value, int attribute, CUfunction) {
  *value = attribute == CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK
               ? int(number("FAKE_CUDA_MAX_THREADS", 1024))
               : 0;
  return fate("cuFuncGetAttribute");
}
CUresult FuncSetAttribute(CUfunction, int, int) {
  return fate("cuFuncSetAttribute");
}

CUresult MemGetInfo(size_t *free, size_t *all) {
  std::lock_guard lock(mutex);
  *all = capacity();
  *free = *all - std::min(used, *all);
  return depth ? CUDA_SUCCESS : CUresult(201); // no context
}
CUresult MemAllocManaged(CUdeviceptr *address, size_t bytes, unsigned) {
  if (CUresult result = fate("cuMemAllocManaged"))
    return result;
  std::lock_guard lock(mutex);
  if (bytes > capacity() - std::min(used, capacity()))
    return CUDA_ERROR_OUT_OF_MEMORY;
  void *memory =
      bytes ? std::aligned_alloc(4096, (bytes + 4095) / 4096 * 4096) : nullptr;
  if (!memory)
    return bytes ? CUDA_ERROR_OUT_OF_MEMORY : invalidValue;
  *address = reinterpret_cast<CUdeviceptr>(memory);
  allocations[*address] = bytes;
  used += bytes;
  ++live;
  return CUDA_SUCCESS;
}
CUresult MemFree(CUdeviceptr address) {
  std::lock_guard lock(mutex);
  auto known = allocations.find(address);
  if (known == allocations.end())
    return invalidValue;
  used -= known->second;
  allocations.erase(known);
  std::free(reinterpret_cast<void *>(address));
  --live;
  return CUDA_SUCCESS;
}
CUresult MemcpyHtoDAsync(CUdeviceptr to, const void *from, size_t bytes,
                         CUstream) {
  std::memcpy(reinterpret_cast<void *>(to), from, bytes);
  return fate("cuMemcpyHtoDAsync");
}
CUresult MemcpyDtoHAsync(void *to, CUdeviceptr from, size_t bytes, CUstream) {
  std::memcpy(to, reinterpret_cast<void *>(from), bytes);
  return fate("cuMemcpyDtoHAsync");
}
CUresult MemsetD8Async(CUdeviceptr to, unsigned char value, size_t bytes,
                       CUstream) {
  std::memset(reinterpret_cast<void *>(to), value, bytes);
  return fate("cuMemsetD8Async");
}
CUresult MemPrefetchAsync(CUdeviceptr, size_t, CUdevice, CUstream) {
  return fate("cuMemPrefetchAsync");
}

CUresult StreamCreate(CUstream *stream, unsigned) {
  return make("cuStreamCreate", stream);
}
CUresult StreamDestroy(CUstream stream) {
  return give("cuStreamDestroy", stream);
}
CUresult StreamSynchronize(CUstream) { return fate("cuStreamSynchronize"); }
CUresult EventCreate(CUevent *event, unsigned) {
  return make("cuEventCreate", event);
}
CUresult EventDestroy(CUevent event) { return give("cuEventDestroy", event); }
CUresult EventRecord(CUevent, CUstream) { return fate("cuEventRecord"); }
CUresult EventQuery(CUevent) { return fate("cuEventQuery"); }
CUresult EventElapsedTime(float *milliseconds, CUevent, CUevent) {
  *milliseconds = 0.001f; // less than any call takes
  return fate("cuEventElapsedTime");
}
CUresult LaunchKernel(CUfunction, unsigned, unsigned, unsigned, unsigned,
                      unsigned, unsigned, unsigned, CUstream, void **,
                      void **) {
  return fate("cuLaunchKernel");
}

CUresult unsupported() { return notSupported; }

CUresult GetErrorName(CUresult result, const char **name) {
  static const std::map<CUresult, const char *> names = {
      {2, "CUDA_ERROR_OUT_OF_MEMORY"},
      {218, "CUDA_ERROR_INVALID_PTX"},
      {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"},
      {700, "CUDA_ERROR_ILLEGAL_ADDRESS"},
      {801, "CUDA_ERROR_NOT_SUPPORTED"},
      {999, "CUDA_ERROR_UNKNOWN"}};
  auto known = names.find(result);
  *name = known == names.end() ? "CUDA_ERROR_FAKE" : known->second;
  return CUDA_SUCCESS;
}
CUresult GetErrorString(CUresult, const char **text) {
  *text = "as was asked for";
  return CUDA_SUCCESS;
}

void *implementation(const std::string &name) {
  // The cast checks each signature against Driver.h.
#define FAKE(function)                                                         \
  {                                                                            \
    "cu" #function, reinterpret_cast<void *>(                                  \
                        static_cast<decltype(Driver::function)>(function))     \
  }
  static const std::map<std::string, void *> known = {
      FAKE(DeviceGet),
      FAKE(DeviceGetCount),
      FAKE(DeviceGetName),
      FAKE(DeviceGetPCIBusId),
      FAKE(DeviceGetAttribute),
      FAKE(DevicePrimaryCtxRetain),
      FAKE(DevicePrimaryCtxRelease),
      FAKE(CtxGetDevice),
      FAKE(CtxPushCurrent),
      FAKE(CtxPopCurrent),
      FAKE(CtxGetLimit),
      FAKE(CtxSetLimit),
      FAKE(ModuleLoadDataEx),
      FAKE(ModuleUnload),
      FAKE(LinkCreate),
      FAKE(LinkAddData),
      FAKE(LinkComplete),
      FAKE(LinkDestroy),
      FAKE(ModuleGetFunction),
      FAKE(FuncGetAttribute),
      FAKE(FuncSetAttribute),
      FAKE(MemGetInfo),
      FAKE(MemAllocManaged),
      FAKE(MemFree),
      FAKE(MemcpyHtoDAsync),
      FAKE(MemcpyDtoHAsync),
      FAKE(MemsetD8Async),
      FAKE(MemPrefetchAsync),
      FAKE(StreamCreate),
      FAKE(StreamDestroy),
      FAKE(StreamSynchronize),
      FAKE(EventCreate),
      FAKE(EventDestroy),
      FAKE(EventRecord),
      FAKE(EventQuery),
      FAKE(EventElapsedTime),
      FAKE(LaunchKernel),
      {"cuGetErrorName", reinterpret_cast<void *>(GetErrorName)},
      {"cuGetErrorString", reinterpret_cast<void *>(GetErrorString)},
  };
#undef FAKE
  auto found = known.find(name);
  return found == known.end() ? reinterpret_cast<void *>(unsupported)
                              : found->second;
}

} // namespace

#define EXPORT extern "C" [[gnu::visibility("default"), gnu::used]]

EXPORT CUresult cuInit(unsigned) {
  return CUresult(number("FAKE_CUDA_INIT", CUDA_SUCCESS));
}

EXPORT CUresult cuDriverGetVersion(int *version) {
  *version = int(number("FAKE_CUDA_VERSION", 12040));
  return CUDA_SUCCESS;
}

EXPORT CUresult cuGetProcAddress(const char *name, void **function, int,
                                 uint64_t) {
  *function = nullptr;
  if (name == setting("FAKE_CUDA_MISSING"))
    return CUDA_ERROR_NOT_FOUND;
  *function = implementation(name);
  return CUDA_SUCCESS;
}

EXPORT long fakeCudaLive() { return live; }
EXPORT long fakeCudaCalls(const char *name) {
  std::lock_guard lock(mutex);
  return callCounts[name];
}
EXPORT int fakeCudaDepth() { return depth; }
