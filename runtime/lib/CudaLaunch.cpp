//===- CudaLaunch.cpp - calls on a CUDA device ----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a launch needs is checked against what the device has before anything
// is changed; every failure of the driver is told with what was tried.
//
//===----------------------------------------------------------------------===//

#include "CudaInstance.h"

#include "Quote.h"
#include "Trace.h"

#include <algorithm>
#include <cstring>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

Expected<abi::PrintBuffer *> CudaInstance::printBuffer() {
  if (!prints.size()) {
    auto memory = ManagedMemory::allocate(device, printBufferBytes(),
                                          "what kernels print");
    if (!memory)
      return memory.error();
    prints = std::move(*memory);
  }
  auto *buffer = reinterpret_cast<abi::PrintBuffer *>(prints.data());
  clearPrints(*buffer);
  return buffer;
}

/// Whether the device can run such a block at all.
Expected<void> CudaInstance::checkBlock(const Call &call,
                                        const CudaModule::Kernel &entry) const {
  const std::string name = quoteName(call.kernel.name);
  if (call.block.count() > entry.maxThreads)
    return makeError(ErrorKind::Incompatible,
                     "export " + name + " can have at most " +
                         std::to_string(entry.maxThreads) +
                         " threads in a block on this device, but " +
                         std::to_string(call.block.count()) +
                         " were asked for");
  if (entry.staticSharedBytes + call.sharedBytes > device.maxSharedBytes)
    return makeError(ErrorKind::Incompatible,
                     "a block of " + name + " can have at most " +
                         std::to_string(device.maxSharedBytes) +
                         " bytes of shared memory on this device, but " +
                         std::to_string(call.sharedBytes) +
                         " are asked for and " +
                         std::to_string(entry.staticSharedBytes) +
                         " are its own");
  return {};
}

/// What the driver sets aside for each thread, recursion aside.
static uint64_t threadBytes(const KernelInfo &kernel,
                            const CudaModule::Kernel &entry) {
  return std::max(entry.localBytes,
                  kernel.stackWindow ? kernel.stackWindow->size : 0);
}

Expected<StackUse> CudaInstance::stackUse(const KernelInfo &kernel, Dim3,
                                          Dim3) {
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  CudaDevice::Current current(device);
  auto entry = module->kernel(kernel.gridSymbol.empty() ? kernel.symbol
                                                        : kernel.gridSymbol,
                              kernel.name);
  if (!entry)
    return entry.error();
  return StackUse{std::max(threadBytes(kernel, *entry), device.stackBytes()),
                  device.threadsAtOnce};
}

std::vector<void *> CudaInstance::Prepared::parameters() {
  std::vector<void *> parameters{&env};
  for (size_t i = 0; i < slots.size(); i += 2)
    parameters.push_back(&slots[i]); // little-endian: 4, 8 or all 16 bytes
  return parameters;
}

/// The context must be current.
Expected<CudaInstance::Prepared> CudaInstance::prepare(const Call &call) {
  const KernelInfo &kernel = call.kernel;
  Expected<CudaModule::Kernel> entry = module->kernel(call.symbol, kernel.name);
  if (!entry)
    return entry.error();
  if (Expected<void> ok = checkBlock(call, *entry); !ok)
    return ok.error();
  const uint64_t perThread = threadBytes(kernel, *entry);
  if (Expected<void> ok = device.checkThreadMemory(
          perThread, "export " + quoteName(kernel.name));
      !ok)
    return ok.error();
  if (16 * kernel.results.size() > resultsBytes())
    return makeError(ErrorKind::Invalid, "export " + quoteName(kernel.name) +
                                             " is not of this artifact");
  // Beyond 48 KiB only on request (CUDA C++ Programming Guide, "Shared
  // Memory" of each compute capability).
  CUresult result = CUDA_SUCCESS;
  if (call.sharedBytes > 48 * 1024)
    result = device.driver.FuncSetAttribute(
        entry->function, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
        int(call.sharedBytes));
  if (result != CUDA_SUCCESS)
    return device.failure("cannot have " + std::to_string(call.sharedBytes) +
                              " bytes of shared memory for " +
                              quoteName(kernel.name),
                          result);

  // Written only when need be: a page that stays with the host costs nothing.
  if (record->code)
    *record = {};
  if (!kernel.results.empty())
    memset(results, 0, 16 * kernel.results.size());
  Marks marks{record, results};
  if (kernel.prints) {
    Expected<abi::PrintBuffer *> buffer = printBuffer();
    if (!buffer)
      return buffer.error();
    marks.prints = *buffer;
  }
  // The entry measures from below its frame, in which the window is.
  uint64_t stack = device.stackBytes();
  uint64_t window = kernel.stackWindow ? kernel.stackWindow->size : 0;
  return Prepared{*entry,
                  call.grid,
                  call.block,
                  call.sharedBytes,
                  perThread,
                  environment(call, marks, stack > window ? stack - window : 0),
                  argumentSlots(call.arguments),
                  marks};
}

Expected<CudaInstance::Prepared>
CudaInstance::prepareLaunch(const KernelInfo &kernel, Dim3 grid, Dim3 block,
                            std::span<const Value> arguments,
                            const LaunchOptions &options) {
  Expected<Call> call = checkLaunch(kernel, grid, block, arguments, options);
  if (!call)
    return call.error();
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  CudaDevice::Current current(device);
  Expected<Prepared> prepared = prepare(*call);
  if (Expected<void> ok = pushWindows(); prepared && !ok)
    return ok.error();
  return prepared;
}

Expected<void> CudaInstance::pushWindows() {
  for (const std::unique_ptr<CudaWindow> &window : windows)
    if (window)
      if (Expected<void> ok = window->push(); !ok)
        return ok.error();
  return {};
}

std::optional<Trap> CudaInstance::trapped() const { return readTrap(*record); }

Expected<Outcome> CudaInstance::run(const Call &call) {
  const KernelInfo &kernel = call.kernel;
  const Dim3 grid = call.grid, block = call.block;
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  CudaDevice::Current current(device);
  const Driver &driver = device.driver;
  Expected<Prepared> prepared = prepare(call);
  if (!prepared)
    return prepared.error();
  const abi::Environment &env = prepared->env;
  std::vector<void *> parameters = prepared->parameters();

  if (Expected<void> ok = pushWindows(); !ok)
    return ok.error();
  // A grid will touch much of memory, a single thread need not.
  bool isGrid = grid.count() * block.count() > 1;
  bool isManaged = !kernel.memory || *kernel.memory >= windows.size() ||
                   !windows[*kernel.memory];
  if (isGrid && isManaged && device.canPrefetch && env.memorySize >= bulkBytes)
    (void)driver.MemPrefetchAsync(env.memoryBase, env.memorySize, device.handle,
                                  stream); // best effort
  TraceSpan submit("submit");
  CUresult result = driver.EventRecord(started, stream);
  if (result == CUDA_SUCCESS)
    result = driver.LaunchKernel(prepared->entry.function, grid.x, grid.y,
                                 grid.z, block.x, block.y, block.z,
                                 unsigned(call.sharedBytes), stream,
                                 parameters.data(), nullptr);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot launch " + quoteName(kernel.name), result);
  result = driver.EventRecord(ended, stream);
  submit.end();
  TraceSpan wait("wait");
  // The stream, not the event: no kernel may run on when this returns.
  CUresult synchronized = driver.StreamSynchronize(stream);
  wait.end();
  if (synchronized != CUDA_SUCCESS)
    result = synchronized;
  float milliseconds = 0;
  if (result == CUDA_SUCCESS)
    result = driver.EventElapsedTime(&milliseconds, started, ended);
  if (result != CUDA_SUCCESS)
    return device.failure(quoteName(kernel.name) + " failed on the device",
                          result);
  device.noteThreadMemory(prepared->threadBytes);
  return outcome(call, prepared->marks, double(milliseconds) / 1000);
}
