//===- CudaRecording.h - recorded calls as a CUDA graph ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Environments and arguments are copied into the graph when it is made. All its
// calls share one trap record, which the first that traps wins.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CUDARECORDING_H
#define TWRUN_LIB_CUDARECORDING_H

#include "CudaInstance.h"

namespace twrun {

class CudaRecording : public RecordedCalls {
public:
  explicit CudaRecording(CudaDevice &device) : device(device) {}
  ~CudaRecording() override;

  CudaDevice &device;
  cuda::CUgraphExec graph = nullptr;
  ManagedMemory marks; // the trap record, at its begin
  DurationEstimate duration;

  abi::TrapRecord *record() const {
    return reinterpret_cast<abi::TrapRecord *>(marks.data());
  }
};

} // namespace twrun

#endif // TWRUN_LIB_CUDARECORDING_H
