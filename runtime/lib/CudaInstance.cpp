//===- CudaInstance.cpp - an instance on a CUDA device --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The device writes trap record and results rarely and the host reads them
// after every call, while kernels may write the state block all the time: they
// stand 64 KiB apart, so that one does not drag the other's page across.
//
//===----------------------------------------------------------------------===//

#include "CudaInstance.h"

#include "Quote.h"

#include <cstring>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

static constexpr uint64_t migrationUnit = 64 * 1024;
/// From this size on, memory is moved to the device ahead of a launch and
/// zeroed there, instead of being faulted in.
static constexpr uint64_t bulkBytes = 1 << 20;

ManagedMemory::ManagedMemory(ManagedMemory &&other) noexcept {
  *this = std::move(other);
}

ManagedMemory &ManagedMemory::operator=(ManagedMemory &&other) noexcept {
  std::swap(device, other.device);
  std::swap(address, other.address);
  std::swap(bytes, other.bytes);
  return *this;
}

ManagedMemory::~ManagedMemory() {
  if (!address)
    return;
  CudaDevice::Current current(*device);
  device->driver.MemFree(address);
}

Expected<ManagedMemory> ManagedMemory::allocate(CudaDevice &device,
                                                uint64_t bytes,
                                                const char *purpose) {
  ManagedMemory memory;
  CUresult result = device.driver.MemAllocManaged(&memory.address, bytes,
                                                  CU_MEM_ATTACH_GLOBAL);
  if (result != CUDA_SUCCESS) {
    memory.address = 0;
    return device.failure("cannot allocate " + std::to_string(bytes) +
                              " bytes for " + purpose,
                          result);
  }
  memory.device = &device;
  memory.bytes = bytes;
  return memory;
}

Expected<void> CudaInstance::zero(const ManagedMemory &memory) {
  if (memory.size() < bulkBytes) {
    memset(memory.data(), 0, memory.size());
    return {};
  }
  auto address = reinterpret_cast<CUdeviceptr>(memory.data());
  // Measured on an H200, 1 GiB: 4 ms with the prefetch, 60 ms without.
  if (device.canPrefetch)
    (void)device.driver.MemPrefetchAsync(address, memory.size(), device.handle,
                                         stream);
  CUresult result =
      device.driver.MemsetD8Async(address, 0, memory.size(), stream);
  if (result == CUDA_SUCCESS)
    result = device.driver.StreamSynchronize(stream);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot clear linear memory", result);
  return {};
}

Expected<void> CudaInstance::allocate() {
  const Driver &driver = device.driver;
  CUresult result = driver.StreamCreate(&stream, CU_STREAM_NON_BLOCKING);
  if (result == CUDA_SUCCESS)
    result = driver.EventCreate(&started, 0);
  if (result == CUDA_SUCCESS)
    result = driver.EventCreate(&ended, 0);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot create a stream", result);

  if (plan.capacity) {
    auto memory =
        ManagedMemory::allocate(device, plan.capacity, "linear memory");
    if (!memory)
      return memory.error();
    linear = std::move(*memory);
    memoryBase = linear.data();
    if (Expected<void> ok = zero(linear); !ok)
      return ok;
  }
  // Trap record and results first, then, on pages of its own, the state.
  uint64_t front = sizeof(abi::TrapRecord) + resultsBytes();
  front = (front + migrationUnit - 1) / migrationUnit * migrationUnit;
  auto memory =
      ManagedMemory::allocate(device, front + stateBytes(), "instance state");
  if (!memory)
    return memory.error();
  control = std::move(*memory);
  record = reinterpret_cast<abi::TrapRecord *>(control.data());
  results = reinterpret_cast<uint64_t *>(record + 1);
  state = reinterpret_cast<abi::InstanceState *>(control.data() + front);
  return zero(control);
}

Expected<std::unique_ptr<CudaInstance>>
CudaInstance::create(CudaDevice &device, const PtxBin &artifact,
                     uint64_t extraPages) {
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  if (Expected<void> ok = checkABI(artifact.manifest()); !ok)
    return ok.error();
  Expected<MemoryPlan> plan = planMemory(artifact.manifest(), extraPages);
  if (!plan)
    return plan.error();
  Expected<std::shared_ptr<CudaModule>> module = device.module(artifact);
  if (!module)
    return module.error();
  std::unique_ptr<CudaInstance> instance(
      new CudaInstance(device, artifact, *plan));
  instance->module = std::move(*module);
  CudaDevice::Current current(device);
  if (instance->module->recurses())
    device.reserveStack();
  if (Expected<void> ok = instance->allocate(); !ok)
    return ok.error();
  if (Expected<void> ok = instance->initialise(); !ok)
    return ok.error();
  return instance;
}

CudaInstance::~CudaInstance() {
  CudaDevice::Current current(device);
  if (started)
    device.driver.EventDestroy(started);
  if (ended)
    device.driver.EventDestroy(ended);
  if (stream)
    device.driver.StreamDestroy(stream);
}

Expected<Outcome> CudaInstance::run(const KernelInfo &kernel, Dim3 grid,
                                    Dim3 block,
                                    std::span<const Value> arguments) {
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  CudaDevice::Current current(device);
  const Driver &driver = device.driver;
  Expected<CudaModule::Kernel> entry =
      module->kernel(kernel.symbol, kernel.name);
  if (!entry)
    return entry.error();
  if (block.count() > entry->maxThreads)
    return makeError(ErrorKind::Incompatible,
                     "export " + quoteName(kernel.name) + " can have at most " +
                         std::to_string(entry->maxThreads) +
                         " threads in a block on this device, but " +
                         std::to_string(block.count()) + " were asked for");
  if (16 * kernel.results.size() > resultsBytes())
    return makeError(ErrorKind::Invalid, "export " + quoteName(kernel.name) +
                                             " is not of this artifact");

  // Written only when need be: a page that stays with the host costs nothing.
  if (record->code)
    *record = {};
  if (!kernel.results.empty())
    memset(results, 0, 16 * kernel.results.size());
  abi::Environment env = environment(record, results, device.stackBytes());
  std::vector<uint64_t> slots = argumentSlots(arguments);
  std::vector<void *> parameters{&env};
  for (size_t i = 0; i < arguments.size(); ++i)
    parameters.push_back(&slots[2 * i]); // little-endian: 4 bytes or all 8

  // A grid will touch much of memory, a single thread need not.
  bool isGrid = grid.count() * block.count() > 1;
  if (isGrid && device.canPrefetch && env.memorySize >= bulkBytes)
    (void)driver.MemPrefetchAsync(env.memoryBase, env.memorySize, device.handle,
                                  stream); // best effort
  CUresult result = driver.EventRecord(started, stream);
  if (result == CUDA_SUCCESS)
    result = driver.LaunchKernel(entry->function, grid.x, grid.y, grid.z,
                                 block.x, block.y, block.z, 0, stream,
                                 parameters.data(), nullptr);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot launch " + quoteName(kernel.name), result);
  result = driver.EventRecord(ended, stream);
  // The stream, not the event: no kernel may run on when this returns.
  CUresult synchronized = driver.StreamSynchronize(stream);
  if (synchronized != CUDA_SUCCESS)
    result = synchronized;
  float milliseconds = 0;
  if (result == CUDA_SUCCESS)
    result = driver.EventElapsedTime(&milliseconds, started, ended);
  if (result != CUDA_SUCCESS)
    return device.failure(quoteName(kernel.name) + " failed on the device",
                          result);

  Outcome outcome;
  outcome.seconds = double(milliseconds) / 1000;
  outcome.trap = readTrap(*record);
  if (!outcome.trap)
    outcome.results = readResults(kernel, results);
  return outcome;
}
