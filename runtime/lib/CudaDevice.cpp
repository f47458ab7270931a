//===- CudaDevice.cpp - one CUDA device -----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Opening, the current context, and what happens to it.
//
//===----------------------------------------------------------------------===//

#include "CudaDevice.h"

#include "CudaInstance.h"
#include "Trace.h"

#include <algorithm>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

CudaDevice::Current::Current(const CudaDevice &device) : device(&device) {
  if (device.forked())
    this->device = nullptr; // the driver is not to be called at all
  else if (device.driver.CtxPushCurrent(device.context) != CUDA_SUCCESS)
    this->device = nullptr; // the calls that follow fail and say so
}

CudaDevice::Current::~Current() {
  CUcontext popped;
  if (device)
    device->driver.CtxPopCurrent(&popped);
}

Expected<void> CudaDevice::enterContext(const DeviceOptions &options) {
  CUresult result = CUDA_SUCCESS;
  switch (choice) {
  case ContextChoice::Primary:
    result = driver.DevicePrimaryCtxRetain(&context, handle);
    break;
  case ContextChoice::Own: {
    // Becomes current, which the caller did not ask for.
    result = driver.CtxCreate(&context, nullptr, 0, 0, handle);
    CUcontext popped;
    if (result == CUDA_SUCCESS)
      result = driver.CtxPopCurrent(&popped);
    break;
  }
  case ContextChoice::Adopted: {
    if (!options.adopted)
      return makeError(ErrorKind::Invalid, "no context to adopt");
    context = static_cast<CUcontext>(options.adopted);
    CUdevice of = -1;
    {
      Current current(*this);
      result = driver.CtxGetDevice(&of);
    }
    if (result == CUDA_SUCCESS && of != handle) {
      context = nullptr;
      return makeError(ErrorKind::Invalid,
                       "the context to adopt is of device cuda:" +
                           std::to_string(of));
    }
    break;
  }
  }
  if (result == CUDA_SUCCESS)
    return {};
  context = nullptr;
  return failure("cannot have a context", result);
}

Expected<std::unique_ptr<CudaDevice>>
CudaDevice::open(int ordinal, const DeviceOptions &options) {
  Expected<const Driver *> loaded = Driver::get();
  if (!loaded)
    return loaded.error();
  const Driver &driver = **loaded;
  std::string name = "cuda:" + std::to_string(ordinal);
  int count = 0;
  CUresult result = driver.DeviceGetCount(&count);
  if (result == CUDA_SUCCESS && ordinal >= count)
    return makeError(ErrorKind::NotFound, "there is no device " + name +
                                              ": the CUDA driver finds " +
                                              std::to_string(count));
  CUdevice handle = 0;
  if (result == CUDA_SUCCESS)
    result = driver.DeviceGet(&handle, ordinal);

  std::unique_ptr<CudaDevice> device(new CudaDevice(driver, handle, options));
  int major = 0, minor = 0, managed = 0, concurrent = 0;
  int processors = 0, threads = 0, shared = 0, virtualMemory = 0;
  auto query = [&](int attribute, int &value) {
    if (result == CUDA_SUCCESS)
      result = driver.DeviceGetAttribute(&value, attribute, handle);
  };
  query(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, major);
  query(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, minor);
  query(CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY, managed);
  query(CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS, concurrent);
  query(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, processors);
  query(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR, threads);
  query(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, shared);
  query(CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED, virtualMemory);
  char product[128] = "";
  if (result == CUDA_SUCCESS)
    result = driver.DeviceGetName(product, sizeof(product) - 1, handle);
  if (result == CUDA_SUCCESS && !managed)
    return makeError(ErrorKind::Incompatible,
                     name + " has no managed memory, which linear memory "
                            "lives in");
  if (result != CUDA_SUCCESS)
    return device->failure("cannot open " + name, result);
  if (Expected<void> ok = device->enterContext(options); !ok)
    return makeError(ok.error().kind,
                     "cannot open " + name + ": " + ok.error().message);

  device->target = {unsigned(major * 10 + minor),
                    ptxISAOfDriver(driver.version)};
  device->threadsAtOnce =
      std::max<uint64_t>(uint64_t(processors) * uint64_t(threads), 1);
  device->maxSharedBytes = uint64_t(std::max(shared, 0));
  device->canPrefetch = concurrent != 0;
  device->hasVirtualMemory = virtualMemory != 0;
  device->description =
      name + " " + product + " (driver " + versionName(driver.version) + ")";
  return device;
}

CudaDevice::~CudaDevice() {
  watcher.reset();
  if (!context || forked())
    return;
  {
    Current current(*this);
    pinned.reset();
  }
  if (choice == ContextChoice::Primary)
    driver.DevicePrimaryCtxRelease(handle);
  else if (choice == ContextChoice::Own)
    driver.CtxDestroy(context);
}

Expected<CompletionThread *> CudaDevice::completion() {
  std::lock_guard lock(threadMutex);
  if (!watcher) {
    // The context is current on the thread for good: each call would pay for
    // making it so.
    auto started =
        CompletionThread::start([this] { driver.CtxPushCurrent(context); },
                                [&driver = driver] {
                                  CUcontext popped;
                                  driver.CtxPopCurrent(&popped);
                                },
                                lingeringForCalls);
    if (!started)
      return started.error();
    watcher = std::move(*started);
  }
  return watcher.get();
}

CompletionStats CudaDevice::completionStats() const {
  std::lock_guard lock(threadMutex);
  return {endedCalls.load(), watcher ? watcher->cpuSeconds() : 0};
}

std::string CudaDevice::tellFreeMemory() const {
  size_t free = 0, all = 0;
  if (driver.MemGetInfo(&free, &all) != CUDA_SUCCESS)
    return "";
  return std::to_string(free) + " of the device's " + std::to_string(all) +
         " bytes are free";
}

Error CudaDevice::failure(const std::string &what, CUresult result) {
  std::string message = what + ": " + driver.describe(result);
  if (isSticky(result)) {
    lost = true;
    message += "; the device's context is lost for this process, start anew";
    return makeError(ErrorKind::DeviceLost, message);
  }
  if (result == CUDA_ERROR_OUT_OF_MEMORY) {
    if (std::string free = tellFreeMemory(); !free.empty())
      message += "; " + free;
    return makeError(ErrorKind::OutOfMemory, message);
  }
  return makeError(ErrorKind::Device, message);
}

Expected<void> CudaDevice::checkAlive() const {
  if (forked())
    return makeError(ErrorKind::Device,
                     "the device was opened before this process was forked "
                     "off, and a CUDA context does not survive that: open it "
                     "after forking, or start the child by exec");
  if (!lost)
    return {};
  return makeError(ErrorKind::DeviceLost,
                   "the device's context was lost by an earlier fault; start "
                   "a new process");
}

Expected<std::shared_ptr<CudaModule>>
CudaDevice::module(const PtxBin &artifact, const Finalized *finalized) {
  // Held while loading: of two threads with one artifact, the second waits
  // for the first one's module instead of assembling it again.
  std::lock_guard lock(mutex);
  std::weak_ptr<CudaModule> &known =
      modules[finalized ? finalized->id() : artifact.contentId()];
  if (std::shared_ptr<CudaModule> module = known.lock())
    return module;
  if (finalized) {
    if (Expected<void> ok = finalized->checkBelongsTo(artifact); !ok)
      return ok.error();
    if (finalized->info().cc != target.cc)
      return makeError(ErrorKind::Incompatible,
                       "the finalized image is for sm_" +
                           std::to_string(finalized->info().cc) +
                           ", but this GPU is sm_" +
                           std::to_string(target.cc));
    auto module = CudaModule::load(*this, artifact, *finalized);
    if (module)
      known = *module;
    return module;
  }
  Expected<size_t> index = selectGPUImage(artifact.sections(), target);
  if (!index)
    return index.error();
  auto module = CudaModule::load(*this, artifact, *index);
  if (module)
    known = *module;
  return module;
}

Expected<std::unique_ptr<HostBuffer>> CudaDevice::hostBuffer(uint64_t bytes) {
  if (Expected<void> ok = checkAlive(); !ok)
    return ok.error();
  Current current(*this);
  return CudaHostBuffer::create(*this, bytes);
}

Expected<std::unique_ptr<Executor>>
CudaDevice::instantiate(const PtxBin &artifact,
                        const InstanceOptions &options) {
  TraceSpan span("instantiate");
  Expected<std::unique_ptr<CudaInstance>> instance =
      CudaInstance::create(*this, artifact, options);
  if (!instance)
    return instance.error();
  return std::unique_ptr<Executor>(std::move(*instance));
}
