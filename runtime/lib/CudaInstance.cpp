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

#include <algorithm>
#include <cstring>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

static constexpr uint64_t migrationUnit = 64 * 1024;

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

Expected<void> CudaInstance::allocateAll() {
  const Driver &driver = device.driver;
  CUresult result = driver.StreamCreate(&stream, CU_STREAM_NON_BLOCKING);
  if (result == CUDA_SUCCESS)
    result = driver.EventCreate(&started, 0);
  if (result == CUDA_SUCCESS)
    result = driver.EventCreate(&ended, 0);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot create a stream", result);

  Storage storage;
  if (Expected<void> ok = allocateMemories(storage); !ok)
    return ok;

  // Trap record and results first, then, on pages of its own, the state, with
  // tables and segments behind it.
  auto roundUp = [](uint64_t size) {
    return (size + migrationUnit - 1) / migrationUnit * migrationUnit;
  };
  const Manifest &manifest = artifact.manifest();
  uint64_t segmentBytes = 0;
  for (const ElemInfo &elem : manifest.elems)
    segmentBytes += 8 * elem.references.size();
  for (const DataInfo &data : manifest.data)
    segmentBytes += data.size;
  const uint64_t front = roundUp(sizeof(abi::TrapRecord) + resultsBytes());
  const uint64_t tables = front + plan.layout.size();
  const uint64_t segments = tables + plan.tableBytes();
  auto memory = ManagedMemory::allocate(device, segments + segmentBytes,
                                        "instance state, tables and segments");
  if (!memory)
    return memory.error();
  control = std::move(*memory);
  if (Expected<void> ok = zero(control); !ok)
    return ok;
  record = reinterpret_cast<abi::TrapRecord *>(control.data());
  results = reinterpret_cast<uint64_t *>(record + 1);
  storage.state = control.data() + front;
  if (Expected<void> ok =
          place(storage, control.data() + tables, control.data() + segments);
      !ok)
    return ok;
  return initialise(std::move(storage));
}

Expected<void> CudaInstance::place(Storage &storage, uint8_t *tables,
                                   uint8_t *segments) {
  const Manifest &manifest = artifact.manifest();
  auto *elements = reinterpret_cast<uint64_t *>(tables);
  for (const TablePlan &table : plan.tables) {
    storage.tables.push_back(elements);
    elements += table.capacity;
  }
  // References first: they need the alignment.
  for (const ElemInfo &elem : manifest.elems) {
    storage.elems.push_back(reinterpret_cast<uint64_t *>(segments));
    size_t bytes = 8 * elem.references.size();
    if (bytes)
      memcpy(segments, elem.references.data(), bytes);
    segments += bytes;
  }
  if (manifest.data.empty())
    return {};
  Bytes wasm;
  if (std::optional<size_t> section = findWasm(artifact)) {
    Expected<Bytes> bytes = artifact.raw(*section);
    if (!bytes)
      return bytes.error();
    wasm = std::move(*bytes);
  }
  for (size_t i = 0; i < manifest.data.size(); ++i) {
    const DataInfo &data = manifest.data[i];
    if (data.moduleOffset > wasm.size() ||
        data.size > wasm.size() - data.moduleOffset)
      return makeError(ErrorKind::Malformed,
                       "data segment " + std::to_string(i) +
                           " lies outside the WASM section");
    storage.data.push_back(segments);
    if (data.size)
      memcpy(segments, wasm.data() + data.moduleOffset, data.size);
    segments += data.size;
  }
  return {};
}

Expected<std::unique_ptr<CudaInstance>>
CudaInstance::create(CudaDevice &device, const PtxBin &artifact,
                     const InstanceOptions &options) {
  if (Expected<void> ok = device.checkAlive(); !ok)
    return ok.error();
  if (Expected<void> ok = checkABI(artifact.manifest()); !ok)
    return ok.error();
  if (Expected<void> ok = checkOptions(artifact.manifest(), options); !ok)
    return ok.error();
  Expected<InstancePlan> plan =
      planInstance(artifact.manifest(), options.extraPages);
  if (!plan)
    return plan.error();
  if (options.memoryKind == MemoryKind::Reserved && !device.hasVirtualMemory)
    return makeError(ErrorKind::Incompatible,
                     "reserved memory needs virtual memory management, which "
                     "this device does not have");
  Expected<std::shared_ptr<CudaModule>> module =
      device.module(artifact, options.finalized);
  if (!module)
    return module.error();
  std::unique_ptr<CudaInstance> instance(
      new CudaInstance(device, artifact, std::move(*plan), options));
  instance->module = std::move(*module);
  instance->queue = std::make_shared<CudaQueue>(options.maxInFlight, *instance);
  CudaDevice::Current current(device);
  if (instance->module->recurses()) {
    uint64_t window = 0;
    for (const KernelInfo &kernel : artifact.manifest().kernels)
      if (kernel.stackWindow)
        window = std::max<uint64_t>(window, kernel.stackWindow->size);
    if (Expected<void> ok = device.reserveStack(window); !ok)
      return ok.error();
  }
  if (Expected<void> ok = instance->allocateAll(); !ok)
    return ok.error();
  return instance;
}

CudaInstance::~CudaInstance() {
  if (device.forked())
    return; // all of it is the parent's
  if (queue)
    queue->close();
  CudaDevice::Current current(device);
  if (queue)
    static_cast<CudaQueue &>(*queue).release();
  reservations.clear(); // before the stream
  if (started)
    device.driver.EventDestroy(started);
  if (ended)
    device.driver.EventDestroy(ended);
  if (stream)
    device.driver.StreamDestroy(stream);
}
