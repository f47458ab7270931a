//===- CudaWindow.h - isolated memories of a CUDA device --------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Virtual memory of the device, of which every address is mapped: to pages of
// the guest's memory, or to the instance's sink (Sink.h). The host cannot reach
// it: it works on a copy, which is brought up to date when it is looked at and
// written back ahead of the next call.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDAWINDOW_H
#define TWRUN_LIB_CUDAWINDOW_H

#include "CudaDevice.h"
#include "HostMemory.h"

#include <span>

namespace twrun {

/// Physical memory of a device. Mapped places keep it alive.
class CudaPages {
public:
  CudaPages() = default;
  CudaPages(CudaPages &&other) noexcept;
  CudaPages &operator=(CudaPages &&other) noexcept;
  ~CudaPages();
  /// `bytes` is a multiple of ptxbin::sinkBytes. The context must be current,
  /// here and below.
  static Expected<CudaPages> create(CudaDevice &device, uint64_t bytes,
                                    const char *purpose);

  CudaDevice *device = nullptr;
  cuda::CUmemGenericAllocationHandle handle = 0;
  uint64_t bytes = 0;
};

/// Copies between host and device, in the order of a stream, waiting for their
/// end.
struct CudaCopier {
  CudaDevice &device;
  cuda::CUstream stream;
  Expected<void> toDevice(cuda::CUdeviceptr to,
                          std::span<const uint8_t> from) const;
  Expected<void> fromDevice(std::span<uint8_t> to,
                            cuda::CUdeviceptr from) const;
  /// Clears [at, at + bytes).
  Expected<void> zero(cuda::CUdeviceptr at, uint64_t bytes) const;
};

class CudaWindow {
public:
  CudaWindow(CudaCopier copier, const CudaPages &sink, uint64_t reach)
      : copier(copier), sink(sink), reach(reach) {}
  CudaWindow(const CudaWindow &) = delete;
  ~CudaWindow();

  /// Reserves `reach` bytes and maps them: the first `usable` to pages of
  /// zeros, of up to `capacity` that there can be, all others to the sink.
  Expected<void> create(uint64_t usable, uint64_t capacity);
  /// Makes the first `bytes` usable; those that were not are zeros.
  Expected<void> grow(uint64_t bytes);

  cuda::CUdeviceptr address() const { return base; }
  /// Where the sink is mapped, whatever size the memory has: behind all that a
  /// 32-bit memory can be.
  cuda::CUdeviceptr sinkAddress() const { return base + ptxbin::windowBytes; }

  /// The host's copy of the first `bytes`, up to date; written back by push().
  Expected<std::span<uint8_t>> pull(uint64_t bytes);
  /// Ahead of a call: writes back what pull() gave out. The copy is old then.
  Expected<void> push();

  /// Whether anything was stored between the usable bytes and the end of their
  /// pages, or is not zero in the `room` bytes behind the first `size`;
  /// restores both.
  Expected<bool> takeChanges(uint64_t size, uint64_t room);

private:
  Expected<void> mapSink(uint64_t begin, uint64_t end);
  Expected<void> allowAccess(uint64_t begin, uint64_t end);
  Expected<void> fillTail();
  Expected<void> checkWhole() const;

  const CudaCopier copier;
  const CudaPages &sink;
  const uint64_t reach;
  cuda::CUdeviceptr base = 0;
  uint64_t usable = 0, backed = 0; // backed: of whole pages
  bool broken = false;             // a part of the window is not mapped
  std::vector<CudaPages> pages;
  HostMemory copy;
  uint64_t given = 0;    // bytes of the copy that the host may have changed
  bool isCurrent = true; // what the copy holds is what the device holds
};

} // namespace twrun

#endif // TWRUN_LIB_CUDAWINDOW_H
