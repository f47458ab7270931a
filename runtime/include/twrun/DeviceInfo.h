//===- DeviceInfo.h - what a device can do ----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_DEVICEINFO_H
#define TWRUN_DEVICEINFO_H

#include <cstdint>
#include <string>

namespace twrun {

/// What an operator wants to know of a device. Numbers that cannot be had, or
/// have no meaning for this kind of device, are 0.
struct DeviceInfo {
  std::string name; // of the product: "NVIDIA H200", a CPU's model
  uint64_t memoryBytes = 0, freeBytes = 0;
  uint64_t cores = 0; // multiprocessors of a GPU; threads that run guests
  uint64_t threadsAtOnce = 0;
  uint64_t sharedBytesPerBlock = 0; // the most

  // A GPU's
  std::string busId;              // "0000:3b:00.0"
  unsigned computeCapability = 0; // 90 is 9.0
  int cudaVersion = 0;            // of the driver: 12040 is 12.4
  unsigned ptxISA = 0;            // newest that the driver takes: 84 is 8.4
  bool managedMemory = false;
  bool concurrentManagedAccess = false; // by the host while kernels run
  bool virtualMemory = false;           // so that isolated memory works

  // The host's
  unsigned cpuLevel = 0; // of x86-64: 3 is x86-64-v3; 1 is the baseline
};

} // namespace twrun

#endif // TWRUN_DEVICEINFO_H
