//===- CudaMirror.h - the host's copy of a memory ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The host cannot reach memory of the device's own. Executor::memory() gives
// it a copy, which is brought up to date when it is asked for and written back
// ahead of whatever looks at the memory next.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDAMIRROR_H
#define TWRUN_LIB_CUDAMIRROR_H

#include "CudaCopy.h"
#include "HostMemory.h"

namespace twrun {

class CudaMirror {
public:
  /// Of a memory at `address` that has zeros in it.
  CudaMirror(CudaCopier copier, cuda::CUdeviceptr address)
      : copier(copier), address(address) {}

  /// Reserves what a copy of up to `capacity` bytes takes.
  ptxbin::Expected<void> create(uint64_t capacity);
  /// The copy of the first `bytes`, up to date; written back by push() if it
  /// is given away.
  ptxbin::Expected<std::span<uint8_t>> pull(uint64_t bytes, bool gives);
  /// Writes back what pull() gave out. The copy is old then.
  ptxbin::Expected<void> push();
  /// Forgets the copy, and what was written to it.
  void drop();

private:
  const CudaCopier copier;
  const cuda::CUdeviceptr address;
  HostMemory copy;
  uint64_t given = 0; // bytes of the copy that the host may have changed
  uint64_t current = UINT64_MAX; // the first bytes that equal the device's
};

} // namespace twrun

#endif // TWRUN_LIB_CUDAMIRROR_H
