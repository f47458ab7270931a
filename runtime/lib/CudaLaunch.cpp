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
    return makeError(
        ErrorKind::Incompatible,
        "a block of " + name + " can have at most " +
            std::to_string(device.maxSharedBytes) +
            " bytes of shared memory on this device, but " +
            std::to_string(call.sharedBytes) + " are asked for and " +
            std::to_string(entry.staticSharedBytes) + " are its own");
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

boost::container::small_vector<void *, 16>
CudaInstance::parameters(abi::Environment &env, uint64_t *slots,
                         size_t arguments) {
  boost::container::small_vector<void *, 16> parameters{&env};
  for (size_t i = 0; i < arguments; ++i)
    parameters.push_back(slots + 2 * i); // little-endian: 4, 8 or 16 bytes
  return parameters;
}

CUresult CudaInstance::enqueue(Prepared &prepared, uint64_t *slots,
                               size_t arguments, CUstream into) {
  const Dim3 grid = prepared.grid, block = prepared.block;
  return device.driver.LaunchKernel(
      prepared.entry->code.function, grid.x, grid.y, grid.z, block.x, block.y,
      block.z, unsigned(prepared.sharedBytes), into ? into : stream,
      parameters(prepared.env, slots, arguments).data(), nullptr);
}

Expected<CudaInstance::Entry *> CudaInstance::entryOf(const Call &call) {
  const std::vector<KernelInfo> &kernels = artifact.manifest().kernels;
  const bool own = std::greater_equal<>()(&call.kernel, kernels.data()) &&
                   std::less<>()(&call.kernel, kernels.data() + kernels.size());
  if (durations.empty()) {
    entries.resize(2 * kernels.size());
    durations.resize(entries.size() + 1);
  }
  const bool isGrid = &call.symbol != &call.kernel.symbol;
  Entry &entry =
      own ? entries[2 * size_t(&call.kernel - kernels.data()) + isGrid]
          : foreignEntry;
  if (own && entry.code.function)
    return &entry;
  Expected<CudaModule::Kernel> code =
      module->kernel(call.symbol, call.kernel.name);
  if (!code)
    return code.error();
  entry = {*code, threadBytes(call.kernel, *code), 0};
  return &entry;
}

bool CudaInstance::mustRunAlone(const KernelInfo &kernel) const {
  // There is one buffer for what kernels print. Stores outside of isolated
  // memory are looked for after each call. And where the host must not touch
  // managed memory while a kernel runs, it can do nothing for the next.
  return kernel.prints || plan.isolates() || !device.canPrefetch;
}

/// The context must be current.
Expected<CudaInstance::Prepared> CudaInstance::prepare(const Call &call,
                                                       Marks marks) {
  const KernelInfo &kernel = call.kernel;
  Expected<Entry *> entry = entryOf(call);
  if (!entry)
    return entry.error();
  if (Expected<void> ok = checkBlock(call, (*entry)->code); !ok)
    return ok.error();
  if (Expected<void> ok =
          device.checkThreadMemory((*entry)->threadBytes, kernel.name);
      !ok)
    return ok.error();
  if (16 * kernel.results.size() > resultsBytes())
    return makeError(ErrorKind::Invalid, "export " + quoteName(kernel.name) +
                                             " is not of this artifact");
  // Beyond 48 KiB only on request (CUDA C++ Programming Guide, "Shared
  // Memory" of each compute capability).
  CUresult result = CUDA_SUCCESS;
  if (call.sharedBytes > std::max<uint64_t>((*entry)->sharedBytes, 48 * 1024)) {
    result = device.driver.FuncSetAttribute(
        (*entry)->code.function,
        CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, int(call.sharedBytes));
    (*entry)->sharedBytes = call.sharedBytes;
  }
  if (result != CUDA_SUCCESS)
    return device.failure("cannot have " + std::to_string(call.sharedBytes) +
                              " bytes of shared memory for " +
                              quoteName(kernel.name),
                          result);

  // Written only when need be: a page that stays with the host costs nothing.
  if (marks.record->code)
    *const_cast<abi::TrapRecord *>(marks.record) = {};
  if (!kernel.results.empty())
    memset(const_cast<uint64_t *>(marks.results), 0,
           16 * kernel.results.size());
  if (kernel.prints) {
    Expected<abi::PrintBuffer *> buffer = printBuffer();
    if (!buffer)
      return buffer.error();
    marks.prints = *buffer;
  }
  // The application may lower the limit of the context that it shares: code
  // that recurses would leave its stack if it trusted an older one.
  if (module->recurses() || !stackBytes)
    stackBytes = device.stackBytes();
  // The entry measures from below its frame, in which the window is.
  uint64_t window = kernel.stackWindow ? kernel.stackWindow->size : 0;
  return Prepared{*entry,
                  &durations[*entry == &foreignEntry
                                 ? entries.size()
                                 : size_t(*entry - entries.data())],
                  call.grid,
                  call.block,
                  call.sharedBytes,
                  environment(call, marks,
                              stackBytes > window ? stackBytes - window : 0),
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
  Expected<Prepared> prepared = prepare(*call, {record, results});
  if (Expected<void> ok = pushWindows(); prepared && !ok)
    return ok.error();
  return prepared;
}

Expected<void> CudaInstance::pushWindows() {
  for (const std::unique_ptr<CudaReservation> &reservation : reservations)
    if (reservation)
      if (Expected<void> ok = reservation->checkWhole(); !ok)
        return ok;
  for (const std::unique_ptr<CudaMirror> &mirror : mirrors)
    if (mirror)
      if (Expected<void> ok = mirror->push(); !ok)
        return ok;
  return {};
}

Expected<void> CudaInstance::beforeCall(const Call &call,
                                        const abi::Environment &env) {
  if (Expected<void> ok = pushWindows(); !ok)
    return ok;
  // A grid will touch much of memory, a single thread need not. What calls that
  // are under way have brought there stays.
  bool isGrid = call.grid.count() * call.block.count() > 1;
  bool isManaged = call.kernel.memory && hostReaches(*call.kernel.memory);
  if (isGrid && isManaged && device.canPrefetch &&
      env.memorySize >= bulkBytes && queue->isFirst())
    (void)device.driver.MemPrefetchAsync(env.memoryBase, env.memorySize,
                                         device.handle, stream); // best effort
  return {};
}

std::optional<Trap> CudaInstance::trapped() const { return readTrap(*record); }

Expected<Outcome> CudaInstance::run(const Call &call) {
  const KernelInfo &kernel = call.kernel;
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  CudaDevice::Current current(device);
  const Driver &driver = device.driver;
  Expected<Prepared> prepared = prepare(call, {record, results});
  if (!prepared)
    return prepared.error();
  std::vector<uint64_t> slots = argumentSlots(call.arguments);
  if (Expected<void> ok = beforeCall(call, prepared->env); !ok)
    return ok.error();
  TraceSpan submit("submit");
  CUresult result = driver.EventRecord(started, stream);
  if (result == CUDA_SUCCESS)
    result = enqueue(*prepared, slots.data(), call.arguments.size());
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
  device.noteThreadMemory(prepared->entry->threadBytes);
  return outcome(call, prepared->marks, double(milliseconds) / 1000);
}
