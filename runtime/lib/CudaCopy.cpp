//===- CudaCopy.cpp - copies to and from a CUDA device --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CUDA Driver API, "API synchronization behavior": an asynchronous copy from
// pageable memory returns when the driver has taken the bytes over, one to
// pageable memory when it has ended. One of pinned memory returns at once.
//
//===----------------------------------------------------------------------===//

#include "CudaCopy.h"

#include "CudaDevice.h"

#include <algorithm>
#include <cstring>

using namespace twrun;
using namespace ptxbin;
using namespace cuda;

//===-- Pinned memory -----------------------------------------------------===//

CudaStaging::~CudaStaging() {
  if (device.forked())
    return;
  for (Buffer *buffer : all) {
    if (buffer->copied)
      device.driver.EventDestroy(buffer->copied);
    if (buffer->bytes)
      device.driver.MemFreeHost(buffer->bytes);
    delete buffer;
  }
}

std::vector<CudaStaging::Buffer *> CudaStaging::take(uint64_t wanted) {
  std::lock_guard lock(mutex);
  std::vector<Buffer *> taken;
  while (taken.size() < wanted) {
    if (idle.empty()) {
      if (all.size() == mostBuffers)
        break;
      // Where pinned memory is short the driver's own way is left.
      void *bytes = nullptr;
      if (device.driver.MemHostAlloc(&bytes, chunkBytes,
                                     CU_MEMHOSTALLOC_PORTABLE) != CUDA_SUCCESS)
        break;
      auto *fresh = new Buffer{static_cast<uint8_t *>(bytes), nullptr};
      all.push_back(fresh);
      if (device.driver.EventCreate(&fresh->copied, CU_EVENT_DISABLE_TIMING) !=
          CUDA_SUCCESS) {
        device.driver.MemFreeHost(fresh->bytes);
        delete fresh;
        all.pop_back();
        break;
      }
      idle.push_back(fresh);
    }
    taken.push_back(idle.back());
    idle.pop_back();
  }
  return taken;
}

void CudaStaging::give(const std::vector<Buffer *> &buffers) {
  std::lock_guard lock(mutex);
  idle.insert(idle.end(), buffers.begin(), buffers.end());
}

void CudaStaging::addPinned(const uint8_t *bytes, uint64_t size) {
  std::lock_guard lock(mutex);
  pinned[bytes] = size;
}

void CudaStaging::removePinned(const uint8_t *bytes) {
  std::lock_guard lock(mutex);
  pinned.erase(bytes);
}

bool CudaStaging::isPinned(const uint8_t *bytes, uint64_t size) {
  std::lock_guard lock(mutex);
  auto behind = pinned.upper_bound(bytes);
  if (behind == pinned.begin())
    return false;
  const auto &[start, length] = *std::prev(behind);
  const uint64_t offset = uint64_t(bytes - start);
  return offset <= length && size <= length - offset;
}

Expected<std::unique_ptr<HostBuffer>> CudaHostBuffer::create(CudaDevice &device,
                                                             uint64_t bytes) {
  std::unique_ptr<CudaHostBuffer> buffer(new CudaHostBuffer(device));
  void *memory = nullptr;
  CUresult result = device.driver.MemHostAlloc(
      &memory, std::max<uint64_t>(bytes, 1), CU_MEMHOSTALLOC_PORTABLE);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot allocate " + std::to_string(bytes) +
                              " bytes of pinned memory for a host buffer",
                          result);
  buffer->bytes = static_cast<uint8_t *>(memory);
  buffer->length = bytes;
  device.staging().addPinned(buffer->bytes, bytes);
  return std::unique_ptr<HostBuffer>(std::move(buffer));
}

CudaHostBuffer::~CudaHostBuffer() {
  if (!bytes || device.forked())
    return;
  device.staging().removePinned(bytes);
  CudaDevice::Current current(device);
  device.driver.MemFreeHost(bytes);
}

//===-- Copies in two steps -----------------------------------------------===//

CudaTransfer::~CudaTransfer() {
  if ((buffers.empty() && !ended) || device.forked())
    return;
  for (Chunk &chunk : chunks)
    chunk.to = nullptr;
  (void)finish();
}

/// Waits until the chunk's buffer is free again.
Expected<void> CudaTransfer::settle(Chunk &chunk) {
  if (!chunk.bytes)
    return {};
  CUresult result = device.driver.EventSynchronize(chunk.buffer->copied);
  const uint64_t bytes = std::exchange(chunk.bytes, 0);
  if (result != CUDA_SUCCESS)
    return device.failure("a copy of linear memory failed", result);
  if (chunk.to)
    memcpy(chunk.to, chunk.buffer->bytes, bytes);
  return {};
}

/// For a copy in which no buffer takes part.
Expected<void> CudaTransfer::recordEnd() {
  CUresult result =
      ended ? CUDA_SUCCESS
            : device.driver.EventCreate(&ended, CU_EVENT_DISABLE_TIMING);
  if (result == CUDA_SUCCESS)
    result = device.driver.EventRecord(ended, stream);
  if (result != CUDA_SUCCESS)
    return device.failure("cannot follow a copy of linear memory", result);
  return {};
}

static uint64_t chunksOf(uint64_t bytes) {
  return bytes / CudaStaging::chunkBytes +
         (bytes % CudaStaging::chunkBytes != 0);
}

Expected<void> CudaTransfer::toDevice(CUdeviceptr to,
                                      std::span<const uint8_t> from) {
  if (from.empty())
    return {};
  auto copy = [&](uint64_t offset, const void *bytes, uint64_t size) {
    CUresult result =
        device.driver.MemcpyHtoDAsync(to + offset, bytes, size, stream);
    return result == CUDA_SUCCESS
               ? Expected<void>()
               : device.failure("cannot copy " + std::to_string(from.size()) +
                                    " bytes to linear memory",
                                result);
  };
  if (from.size() >= CudaStaging::leastBytes &&
      !device.staging().isPinned(from.data(), from.size()))
    buffers = device.staging().take(chunksOf(from.size()));
  if (buffers.empty()) {
    if (Expected<void> ok = copy(0, from.data(), from.size()); !ok)
      return ok;
    return recordEnd();
  }
  chunks.resize(buffers.size());
  for (uint64_t at = 0; at < from.size(); next = (next + 1) % chunks.size()) {
    Chunk &chunk = chunks[next];
    if (Expected<void> ok = settle(chunk); !ok)
      return ok;
    chunk.buffer = buffers[next];
    const uint64_t size =
        std::min<uint64_t>(CudaStaging::chunkBytes, from.size() - at);
    memcpy(chunk.buffer->bytes, from.data() + at, size);
    if (Expected<void> ok = copy(at, chunk.buffer->bytes, size); !ok)
      return ok;
    chunk.bytes = size;
    CUresult result = device.driver.EventRecord(chunk.buffer->copied, stream);
    if (result != CUDA_SUCCESS)
      return device.failure("cannot follow a copy of linear memory", result);
    at += size;
  }
  return {};
}

Expected<void> CudaTransfer::fromDevice(std::span<uint8_t> to,
                                        CUdeviceptr from) {
  if (to.empty())
    return {};
  auto copy = [&](void *bytes, uint64_t offset, uint64_t size) {
    CUresult result =
        device.driver.MemcpyDtoHAsync(bytes, from + offset, size, stream);
    return result == CUDA_SUCCESS
               ? Expected<void>()
               : device.failure("cannot copy " + std::to_string(to.size()) +
                                    " bytes from linear memory",
                                result);
  };
  if (to.size() >= CudaStaging::leastBytes &&
      !device.staging().isPinned(to.data(), to.size()))
    buffers = device.staging().take(chunksOf(to.size()));
  if (buffers.empty()) {
    if (Expected<void> ok = copy(to.data(), 0, to.size()); !ok)
      return ok;
    return recordEnd();
  }
  chunks.resize(buffers.size());
  for (uint64_t at = 0; at < to.size(); next = (next + 1) % chunks.size()) {
    Chunk &chunk = chunks[next];
    if (Expected<void> ok = settle(chunk); !ok)
      return ok;
    chunk.buffer = buffers[next];
    const uint64_t size =
        std::min<uint64_t>(CudaStaging::chunkBytes, to.size() - at);
    if (Expected<void> ok = copy(chunk.buffer->bytes, at, size); !ok)
      return ok;
    chunk.to = to.data() + at;
    chunk.bytes = size;
    CUresult result = device.driver.EventRecord(chunk.buffer->copied, stream);
    if (result != CUDA_SUCCESS)
      return device.failure("cannot follow a copy of linear memory", result);
    at += size;
  }
  return {};
}

Expected<void> CudaTransfer::finish() {
  CudaDevice::Current current(device);
  Expected<void> outcome;
  // All of them, whatever became of the first: the buffers are needed again.
  for (size_t i = 0; i < chunks.size(); ++i)
    if (Expected<void> ok = settle(chunks[(next + i) % chunks.size()]);
        !ok && outcome)
      outcome = ok;
  // A copy may be under way without its event, if that could not be recorded.
  if (!outcome)
    (void)device.driver.StreamSynchronize(stream);
  device.staging().give(std::exchange(buffers, {}));
  chunks.clear();
  if (ended) {
    CUresult result = device.driver.EventSynchronize(ended);
    if (result != CUDA_SUCCESS && outcome)
      outcome = device.failure("a copy of linear memory failed", result);
    device.driver.EventDestroy(std::exchange(ended, nullptr));
  }
  return outcome;
}

//===-- Copies that wait --------------------------------------------------===//

static Expected<void> wait(const CudaCopier &copier, CUresult result,
                           const std::string &what) {
  if (result == CUDA_SUCCESS)
    result = copier.device.driver.StreamSynchronize(copier.stream);
  if (result != CUDA_SUCCESS)
    return copier.device.failure(what, result);
  return {};
}

Expected<void> CudaCopier::toDevice(CUdeviceptr to,
                                    std::span<const uint8_t> from) const {
  CudaTransfer transfer(device, stream);
  if (Expected<void> ok = transfer.toDevice(to, from); !ok)
    return ok;
  return transfer.finish();
}

Expected<void> CudaCopier::fromDevice(std::span<uint8_t> to,
                                      CUdeviceptr from) const {
  CudaTransfer transfer(device, stream);
  if (Expected<void> ok = transfer.fromDevice(to, from); !ok)
    return ok;
  return transfer.finish();
}

Expected<void> CudaCopier::within(CUdeviceptr to, CUdeviceptr from,
                                  uint64_t bytes) const {
  if (!bytes)
    return {};
  return wait(*this, device.driver.MemcpyDtoDAsync(to, from, bytes, stream),
              "cannot copy " + std::to_string(bytes) +
                  " bytes of linear memory on the device");
}

Expected<void> CudaCopier::zero(CUdeviceptr at, uint64_t bytes) const {
  if (!bytes)
    return {};
  return wait(*this, device.driver.MemsetD8Async(at, 0, bytes, stream),
              "cannot clear linear memory");
}
