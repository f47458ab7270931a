//===- CudaWindow.h - isolated memories of a CUDA device --------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reservation of which every address is mapped: to pages of the guest's
// memory, or to the instance's sink (Sink.h). Behind the memory in its last
// pages the bytes hold the sink's pattern too.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDAWINDOW_H
#define TWRUN_LIB_CUDAWINDOW_H

#include "CudaReservation.h"
#include "Format/Bounds.h"

namespace twrun {

static_assert(granuleBytes == ptxbin::sinkBytes);

class CudaWindow : public CudaReservation {
public:
  CudaWindow(CudaCopier copier, const CudaPages &sink, uint64_t reach)
      : CudaReservation(copier, reach, &sink) {}

  /// As in the base, and what is behind the usable bytes is the sink's.
  ptxbin::Expected<void> create(uint64_t bytes);
  ptxbin::Expected<void> resize(uint64_t bytes) override;

  /// Where the sink is mapped, whatever size the memory has: behind all that a
  /// 32-bit memory can be.
  cuda::CUdeviceptr sinkAddress() const { return base + ptxbin::windowBytes; }

  /// Whether anything was stored between the usable bytes and the end of their
  /// pages, or is not zero in the `room` bytes behind the first `size`;
  /// restores both.
  ptxbin::Expected<bool> takeChanges(uint64_t size, uint64_t room);

private:
  ptxbin::Expected<void> fillTail();
};

} // namespace twrun

#endif // TWRUN_LIB_CUDAWINDOW_H
