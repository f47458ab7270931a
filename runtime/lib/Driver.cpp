//===- Driver.cpp - the CUDA driver API, as far as it is used -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads libcuda.so.1. A process that never opens a CUDA device never loads it.
//
//===----------------------------------------------------------------------===//

#include "Driver.h"

#include <dlfcn.h>

using namespace twrun::cuda;
using namespace ptxbin;

std::string twrun::cuda::versionName(int version) {
  return std::to_string(version / 1000) + "." +
         std::to_string(version % 1000 / 10);
}

bool twrun::cuda::isSticky(CUresult result) {
  switch (result) {
  case CUDA_ERROR_DEINITIALIZED:
  case CUDA_ERROR_ECC_UNCORRECTABLE:
  case CUDA_ERROR_NVLINK_UNCORRECTABLE:
  case CUDA_ERROR_ILLEGAL_ADDRESS:
  case CUDA_ERROR_LAUNCH_TIMEOUT:
  case CUDA_ERROR_CONTEXT_IS_DESTROYED:
  case CUDA_ERROR_ASSERT:
    return true;
  default: // 714 to 718 are faults of an instruction, 719 any other
    return result >= CUDA_ERROR_HARDWARE_STACK_ERROR &&
           result <= CUDA_ERROR_LAUNCH_FAILED;
  }
}

std::string Driver::describe(CUresult result) const {
  const char *name = nullptr, *text = nullptr;
  if (!GetErrorName || GetErrorName(result, &name) != CUDA_SUCCESS || !name)
    return "CUDA error " + std::to_string(result);
  std::string description =
      std::string(name) + " (" + std::to_string(result) + ")";
  if (GetErrorString && GetErrorString(result, &text) == CUDA_SUCCESS && text)
    description += std::string(": ") + text;
  return description;
}

Expected<void> Driver::load() {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return makeError(ErrorKind::NotFound,
                     "no CUDA driver: cannot load libcuda.so.1");
  auto init =
      reinterpret_cast<CUresult (*)(unsigned)>(dlsym(library, "cuInit"));
  auto getVersion = reinterpret_cast<CUresult (*)(int *)>(
      dlsym(library, "cuDriverGetVersion"));
  if (!init || !getVersion || getVersion(&version) != CUDA_SUCCESS)
    return makeError(ErrorKind::Device,
                     "libcuda.so.1 is not a CUDA driver library");
  // The version before cuInit, which on a machine with a driver too old for
  // its device would hide it behind a vaguer failure.
  if (version < minimumVersion)
    return makeError(ErrorKind::Incompatible,
                     "expected a driver of CUDA " +
                         versionName(minimumVersion) +
                         " or newer, but this one is of CUDA " +
                         versionName(version) + "; update the driver");

  // The symbol without a suffix has the signature of CUDA 11.3 for good.
  using GetProcAddress = CUresult (*)(const char *, void **, int, uint64_t);
  auto getProcAddress =
      reinterpret_cast<GetProcAddress>(dlsym(library, "cuGetProcAddress"));
  if (!getProcAddress)
    return makeError(ErrorKind::Incompatible,
                     "the CUDA driver has no cuGetProcAddress");
  auto find = [&](const char *name, auto &function) {
    void *address = nullptr;
    CUresult result = getProcAddress(name, &address, minimumVersion, 0);
    if (result != CUDA_SUCCESS)
      return false;
    function =
        reinterpret_cast<std::remove_reference_t<decltype(function)>>(address);
    return address != nullptr;
  };
  const char *missing = nullptr;
#define TWRUN_FIND(name, parameters)                                           \
  if (!find("cu" #name, name))                                                 \
    missing = "cu" #name;
  TWRUN_CUDA_FUNCTIONS(TWRUN_FIND)
#undef TWRUN_FIND
  if (!find("cuGetErrorName", GetErrorName) ||
      !find("cuGetErrorString", GetErrorString))
    missing = "cuGetErrorName";
  if (missing)
    return makeError(ErrorKind::Incompatible,
                     std::string("the CUDA driver has no ") + missing);

  switch (CUresult result = init(0)) {
  case CUDA_SUCCESS:
    return {};
  case CUDA_ERROR_NO_DEVICE:
    return makeError(ErrorKind::NotFound,
                     "the CUDA driver finds no device on this machine");
  case CUDA_ERROR_STUB_LIBRARY:
    return makeError(ErrorKind::NotFound,
                     "no CUDA driver: libcuda.so.1 is the toolkit's stub");
  default:
    return makeError(ErrorKind::Device,
                     "cannot initialise the CUDA driver: " + describe(result));
  }
}

Expected<const Driver *> Driver::get() {
  // Never destroyed: what was loaded may be in use by other threads at exit.
  struct Loaded {
    Driver driver;
    Expected<void> result;
  };
  static const Loaded *loaded = [] {
    auto *fresh = new Loaded;
    fresh->result = fresh->driver.load();
    return fresh;
  }();
  if (!loaded->result)
    return loaded->result.error();
  return &loaded->driver;
}
