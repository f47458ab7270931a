//===- Driver.h - the CUDA driver API, as far as it is used -----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Our own declarations of the part of the CUDA driver API that the runtime
// uses, after NVIDIA's "CUDA Driver API" reference manual (names, values and
// signatures; types keep the manual's names so that they can be looked up).
// No CUDA toolkit is needed: the library comes with the driver, is opened by
// dlopen, and its functions are found through cuGetProcAddress, which hands
// out each in the version that minimumVersion had.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_DRIVER_H
#define TWRUN_LIB_DRIVER_H

#include "Format/Error.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace twrun::cuda {

using CUresult = int;
using CUdevice = int;
using CUdeviceptr = unsigned long long;
using CUcontext = struct CUctx_st *;
using CUmodule = struct CUmod_st *;
using CUfunction = struct CUfunc_st *;
using CUstream = struct CUstream_st *;
using CUlinkState = struct CUlinkState_st *;
using CUevent = struct CUevent_st *;
using CUgraph = struct CUgraph_st *;
using CUgraphExec = struct CUgraphExec_st *;
using CUmemGenericAllocationHandle = unsigned long long;

struct CUmemLocation {
  int type; // CUmemLocationType
  int id;
};
struct CUmemAllocationProp {
  int type;                 // CUmemAllocationType
  int requestedHandleTypes; // CUmemAllocationHandleType
  CUmemLocation location;
  void *win32HandleMetaData;
  struct {
    unsigned char compressionType;
    unsigned char gpuDirectRDMACapable;
    unsigned short usage;
    unsigned char reserved[4];
  } allocFlags;
};
static_assert(sizeof(CUmemAllocationProp) == 32);
struct CUmemAccessDesc {
  CUmemLocation location;
  int flags; // CUmemAccess_flags
};
static_assert(sizeof(CUmemAccessDesc) == 12);

enum : CUresult {
  CUDA_SUCCESS = 0,
  CUDA_ERROR_OUT_OF_MEMORY = 2,
  CUDA_ERROR_NOT_INITIALIZED = 3,
  CUDA_ERROR_DEINITIALIZED = 4,
  CUDA_ERROR_STUB_LIBRARY = 34,
  CUDA_ERROR_NO_DEVICE = 100,
  CUDA_ERROR_NO_BINARY_FOR_GPU = 209,
  CUDA_ERROR_ECC_UNCORRECTABLE = 214,
  CUDA_ERROR_NVLINK_UNCORRECTABLE = 220,
  CUDA_ERROR_UNSUPPORTED_PTX_VERSION = 222,
  CUDA_ERROR_NOT_FOUND = 500,
  CUDA_ERROR_NOT_READY = 600,
  CUDA_ERROR_ILLEGAL_ADDRESS = 700,
  CUDA_ERROR_LAUNCH_TIMEOUT = 702,
  CUDA_ERROR_CONTEXT_IS_DESTROYED = 709,
  CUDA_ERROR_ASSERT = 710,
  CUDA_ERROR_HARDWARE_STACK_ERROR = 714,
  CUDA_ERROR_LAUNCH_FAILED = 719,
};

enum : int { // CUdevice_attribute
  CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16,
  CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR = 39,
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75,
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76,
  CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY = 83,
  CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS = 89,
  CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97,
  CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED = 102,
};

enum : int { // CUjit_option
  CU_JIT_ERROR_LOG_BUFFER = 5,
  CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6,
};

inline constexpr int CU_JIT_INPUT_PTX = 1;
enum : int { // CUmem_advise
  CU_MEM_ADVISE_SET_READ_MOSTLY = 1,
  CU_MEM_ADVISE_UNSET_READ_MOSTLY = 2,
  CU_MEM_ADVISE_SET_PREFERRED_LOCATION = 3,
  CU_MEM_ADVISE_UNSET_PREFERRED_LOCATION = 4,
  CU_MEM_ADVISE_SET_ACCESSED_BY = 5,
  CU_MEM_ADVISE_UNSET_ACCESSED_BY = 6,
};

/// The host, where a device is asked for.
inline constexpr CUdevice CU_DEVICE_CPU = -1;
inline constexpr unsigned CU_MEMHOSTALLOC_PORTABLE = 1;
inline constexpr unsigned CU_EVENT_DISABLE_TIMING = 2;
inline constexpr int CU_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1;
inline constexpr unsigned CU_MEM_ATTACH_GLOBAL = 1;
inline constexpr int CU_MEM_ALLOCATION_TYPE_PINNED = 1;
inline constexpr int CU_MEM_LOCATION_TYPE_DEVICE = 1;
inline constexpr int CU_MEM_ACCESS_FLAGS_PROT_READWRITE = 3;
inline constexpr int CU_MEM_ALLOC_GRANULARITY_MINIMUM = 0;
inline constexpr unsigned CU_STREAM_NON_BLOCKING = 1;
inline constexpr int CU_LIMIT_STACK_SIZE = 0;
inline constexpr int CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 0;
inline constexpr int CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES = 1;
inline constexpr int CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES = 3;
inline constexpr int CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8;

/// CUDA 11.7: the first whose PTX ISA, 7.7, has .grid_constant parameters.
inline constexpr int minimumVersion = 11070;

/// Every function used: the name after "cu", and its parameters.
#define TWRUN_CUDA_FUNCTIONS(X)                                                \
  X(DeviceGet, (CUdevice *, int))                                              \
  X(DeviceGetCount, (int *))                                                   \
  X(DeviceGetName, (char *, int, CUdevice))                                    \
  X(DeviceGetAttribute, (int *, int, CUdevice))                                \
  X(DeviceGetPCIBusId, (char *, int, CUdevice))                                \
  X(DevicePrimaryCtxRetain, (CUcontext *, CUdevice))                           \
  X(DevicePrimaryCtxRelease, (CUdevice))                                       \
  /* Since CUDA 11.4 with execution affinities, of which there are none. */    \
  X(CtxCreate, (CUcontext *, void *, int, unsigned, CUdevice))                 \
  X(CtxDestroy, (CUcontext))                                                   \
  X(CtxGetDevice, (CUdevice *))                                                \
  X(CtxPushCurrent, (CUcontext))                                               \
  X(CtxPopCurrent, (CUcontext *))                                              \
  X(CtxGetLimit, (size_t *, int))                                              \
  X(CtxSetLimit, (int, size_t))                                                \
  X(ModuleLoadDataEx, (CUmodule *, const void *, unsigned, int *, void **))    \
  X(ModuleUnload, (CUmodule))                                                  \
  X(LinkCreate, (unsigned, int *, void **, CUlinkState *))                     \
  X(LinkAddData, (CUlinkState, int, void *, size_t, const char *, unsigned,    \
                  int *, void **))                                             \
  X(LinkComplete, (CUlinkState, void **, size_t *))                            \
  X(LinkDestroy, (CUlinkState))                                                \
  X(ModuleGetFunction, (CUfunction *, CUmodule, const char *))                 \
  X(FuncGetAttribute, (int *, int, CUfunction))                                \
  X(FuncSetAttribute, (CUfunction, int, int))                                  \
  X(MemGetInfo, (size_t *, size_t *))                                          \
  X(MemAllocManaged, (CUdeviceptr *, size_t, unsigned))                        \
  X(MemAlloc, (CUdeviceptr *, size_t))                                         \
  X(MemFree, (CUdeviceptr))                                                    \
  X(MemHostAlloc, (void **, size_t, unsigned))                                 \
  X(MemFreeHost, (void *))                                                     \
  X(MemAddressReserve,                                                         \
    (CUdeviceptr *, size_t, size_t, CUdeviceptr, unsigned long long))          \
  X(MemAddressFree, (CUdeviceptr, size_t))                                     \
  X(MemCreate, (CUmemGenericAllocationHandle *, size_t,                        \
                const CUmemAllocationProp *, unsigned long long))              \
  X(MemRelease, (CUmemGenericAllocationHandle))                                \
  X(MemMap, (CUdeviceptr, size_t, size_t, CUmemGenericAllocationHandle,        \
             unsigned long long))                                              \
  X(MemUnmap, (CUdeviceptr, size_t))                                           \
  X(MemSetAccess, (CUdeviceptr, size_t, const CUmemAccessDesc *, size_t))      \
  X(MemGetAllocationGranularity, (size_t *, const CUmemAllocationProp *, int)) \
  X(MemcpyHtoDAsync, (CUdeviceptr, const void *, size_t, CUstream))            \
  X(MemcpyDtoHAsync, (void *, CUdeviceptr, size_t, CUstream))                  \
  X(MemcpyDtoDAsync, (CUdeviceptr, CUdeviceptr, size_t, CUstream))             \
  X(MemsetD8Async, (CUdeviceptr, unsigned char, size_t, CUstream))             \
  X(MemPrefetchAsync, (CUdeviceptr, size_t, CUdevice, CUstream))               \
  X(MemAdvise, (CUdeviceptr, size_t, int, CUdevice))                           \
  X(StreamCreate, (CUstream *, unsigned))                                      \
  X(StreamDestroy, (CUstream))                                                 \
  X(StreamSynchronize, (CUstream))                                             \
  X(StreamBeginCapture, (CUstream, int))                                       \
  X(StreamEndCapture, (CUstream, CUgraph *))                                   \
  X(GraphInstantiateWithFlags, (CUgraphExec *, CUgraph, unsigned long long))   \
  X(GraphLaunch, (CUgraphExec, CUstream))                                      \
  X(GraphExecDestroy, (CUgraphExec))                                           \
  X(GraphDestroy, (CUgraph))                                                   \
  X(EventCreate, (CUevent *, unsigned))                                        \
  X(EventDestroy, (CUevent))                                                   \
  X(EventRecord, (CUevent, CUstream))                                          \
  X(EventSynchronize, (CUevent))                                               \
  X(EventQuery, (CUevent))                                                     \
  X(EventElapsedTime, (float *, CUevent, CUevent))                             \
  X(LaunchKernel, (CUfunction, unsigned, unsigned, unsigned, unsigned,         \
                   unsigned, unsigned, unsigned, CUstream, void **, void **))

/// The loaded library. One per process, never unloaded; thread-safe.
class Driver {
public:
  /// Loads and initialises it, once. NotFound when there is no driver or no
  /// device, Incompatible when the driver is older than minimumVersion.
  static ptxbin::Expected<const Driver *> get();

  /// As cuDriverGetVersion tells it: 12.4 is 12040.
  int version = 0;

  /// "CUDA_ERROR_ILLEGAL_ADDRESS (700): an illegal memory access ...".
  std::string describe(CUresult result) const;

#define TWRUN_DECLARE(name, parameters) CUresult(*name) parameters = nullptr;
  TWRUN_CUDA_FUNCTIONS(TWRUN_DECLARE)
#undef TWRUN_DECLARE

private:
  ptxbin::Expected<void> load();
  CUresult (*GetErrorName)(CUresult, const char **) = nullptr;
  CUresult (*GetErrorString)(CUresult, const char **) = nullptr;
};

/// "12.4" from 12040.
std::string versionName(int version);

/// Whether `result` means that the context is lost for the process.
bool isSticky(CUresult result);

} // namespace twrun::cuda

#endif // TWRUN_LIB_DRIVER_H
