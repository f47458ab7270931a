//===- CudaCopy.h - copies to and from a CUDA device ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Copies of pageable memory go through pinned buffers, of which a device has a
// few: the CPU fills or empties one while the device copies another. Memory
// that the device has handed out as a HostBuffer is pinned itself and is
// copied directly.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDACOPY_H
#define TWRUN_LIB_CUDACOPY_H

#include "Driver.h"
#include "Transfer.h"
#include "twrun/Memory.h"

#include <map>
#include <mutex>
#include <span>
#include <vector>

namespace twrun {

class CudaDevice;

/// The pinned memory of a device. Thread-safe. Its context must be current for
/// the destructor, here and below.
class CudaStaging {
public:
  static constexpr uint64_t chunkBytes = 4 << 20;
  static constexpr size_t mostBuffers = 8; // 32 MiB in all
  /// A copy of fewer bytes is left to the driver, which stages it as well.
  static constexpr uint64_t leastBytes = 256 << 10;

  struct Buffer {
    uint8_t *bytes = nullptr;
    cuda::CUevent copied = nullptr; // recorded behind each copy
  };

  explicit CudaStaging(CudaDevice &device) : device(device) {}
  CudaStaging(const CudaStaging &) = delete;
  ~CudaStaging();

  /// Up to `wanted` buffers that are not in use, at most mostBuffers. Never
  /// waits: who holds buffers may be the one who asks.
  std::vector<Buffer *> take(uint64_t wanted);
  void give(const std::vector<Buffer *> &buffers);

  /// Notes that [bytes, bytes + size) is pinned, or is not any more.
  void addPinned(const uint8_t *bytes, uint64_t size);
  void removePinned(const uint8_t *bytes);
  /// Whether all of it is.
  bool isPinned(const uint8_t *bytes, uint64_t size);

private:
  CudaDevice &device;
  std::mutex mutex;
  std::vector<Buffer *> all, idle;
  std::map<const uint8_t *, uint64_t> pinned;
};

/// Pinned memory that was handed out.
class CudaHostBuffer : public HostBuffer {
public:
  static ptxbin::Expected<std::unique_ptr<HostBuffer>>
  create(CudaDevice &device, uint64_t bytes);
  ~CudaHostBuffer() override;

private:
  explicit CudaHostBuffer(CudaDevice &device) : device(device) {}
  CudaDevice &device;
};

class CudaTransfer : public Transfer {
public:
  CudaTransfer(CudaDevice &device, cuda::CUstream stream)
      : device(device), stream(stream) {}
  CudaTransfer(const CudaTransfer &) = delete;
  ~CudaTransfer() override;

  /// Begins a copy behind what the stream has to do. `from` may be changed
  /// when this returns, unless it is pinned.
  ptxbin::Expected<void> toDevice(cuda::CUdeviceptr to,
                                  std::span<const uint8_t> from);
  /// Begins a copy; `to` must be left alone until finish() has returned. Waits
  /// for the stream where the copy is larger than the buffers that are free.
  ptxbin::Expected<void> fromDevice(std::span<uint8_t> to,
                                    cuda::CUdeviceptr from);
  ptxbin::Expected<void> finish() override;

private:
  /// A chunk that is in a buffer, on its way.
  struct Chunk {
    CudaStaging::Buffer *buffer = nullptr;
    uint8_t *to = nullptr; // null: nothing is left to do
    uint64_t bytes = 0;
  };
  ptxbin::Expected<void> settle(Chunk &chunk);
  ptxbin::Expected<void> recordEnd();

  CudaDevice &device;
  cuda::CUstream stream;
  std::vector<CudaStaging::Buffer *> buffers;
  std::vector<Chunk> chunks; // one per buffer, the oldest at `next`
  size_t next = 0;
  cuda::CUevent ended = nullptr; // of a copy without buffers
};

/// Copies in the order of a stream, waiting for their end.
struct CudaCopier {
  CudaDevice &device;
  cuda::CUstream stream;
  ptxbin::Expected<void> toDevice(cuda::CUdeviceptr to,
                                  std::span<const uint8_t> from) const;
  ptxbin::Expected<void> fromDevice(std::span<uint8_t> to,
                                    cuda::CUdeviceptr from) const;
  /// From place to place on the device.
  ptxbin::Expected<void> within(cuda::CUdeviceptr to, cuda::CUdeviceptr from,
                                uint64_t bytes) const;
  /// Clears [at, at + bytes).
  ptxbin::Expected<void> zero(cuda::CUdeviceptr at, uint64_t bytes) const;
};

} // namespace twrun

#endif // TWRUN_LIB_CUDACOPY_H
