//===- CudaReservation.h - device memory that grows in place ----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Addresses reserved for all that a memory can become, and pages of the device
// mapped to their first part, as many as the memory has: it grows without a
// copy and without a new address. The rest is mapped to nothing, or to a sink.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDARESERVATION_H
#define TWRUN_LIB_CUDARESERVATION_H

#include "CudaCopy.h"

namespace twrun {

/// Physical memory of a device. Mapped places keep it alive.
class CudaPages {
public:
  CudaPages() = default;
  CudaPages(CudaPages &&other) noexcept;
  CudaPages &operator=(CudaPages &&other) noexcept;
  ~CudaPages();
  /// `bytes` is a multiple of granuleBytes. The context must be current, here
  /// and below.
  static ptxbin::Expected<CudaPages> create(CudaDevice &device, uint64_t bytes,
                                            const char *purpose);

  CudaDevice *device = nullptr;
  cuda::CUmemGenericAllocationHandle handle = 0;
  uint64_t bytes = 0;
};

/// What pages of a device are made of, on all devices there are.
inline constexpr uint64_t granuleBytes = 2 << 20;

class CudaReservation {
public:
  /// Of `reach` bytes. What has no page of its own is mapped to `sink`, of
  /// granuleBytes, again and again; to nothing if it is null.
  CudaReservation(CudaCopier copier, uint64_t reach, const CudaPages *sink)
      : copier(copier),
        reach((reach + granuleBytes - 1) / granuleBytes * granuleBytes),
        sink(sink) {}
  CudaReservation(const CudaReservation &) = delete;
  virtual ~CudaReservation();

  /// Reserves the addresses and makes the first `bytes` usable.
  ptxbin::Expected<void> create(uint64_t bytes);
  /// Makes the first `bytes` usable, and no others; those that were not are
  /// zeros. Where there are less than before pages go back to the device,
  /// unless others that came with them are needed.
  virtual ptxbin::Expected<void> resize(uint64_t bytes);

  cuda::CUdeviceptr address() const { return base; }
  uint64_t usableBytes() const { return usable; }
  /// Fails once a part of the addresses is not mapped as it should be.
  ptxbin::Expected<void> checkWhole() const;

protected:
  const CudaCopier copier;
  const uint64_t reach;
  cuda::CUdeviceptr base = 0;
  uint64_t usable = 0, backed = 0; // backed: of whole pages

private:
  ptxbin::Expected<void> addPages(uint64_t end);
  ptxbin::Expected<void> dropPages(uint64_t bytes);
  ptxbin::Expected<void> mapSink(uint64_t begin, uint64_t end);
  ptxbin::Expected<void> allowAccess(uint64_t begin, uint64_t end);

  const CudaPages *const sink;
  bool broken = false; // a part is not mapped as it should be
  std::vector<CudaPages> pages;
};

} // namespace twrun

#endif // TWRUN_LIB_CUDARESERVATION_H
