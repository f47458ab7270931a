//===- DeviceImports.h - the `tw` module for the oracle ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Host functions for the imports of module `tw`, as docs/DeviceInterface.md
// defines them. What a device computes in hardware is computed here by the C++
// library, independently of generated code; what threads do together is the
// block engine's (lib/Block).
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ORACLE_DEVICEIMPORTS_H
#define TWRUN_LIB_ORACLE_DEVICEIMPORTS_H

#include "Format/KernelABI.h"
#include "lib/Block/Block.h"

#include <wabt/interp/interp.h>

#include <cstdint>
#include <functional>
#include <string>

namespace twrun {

/// Where a thread stands.
struct ThreadPosition {
  uint32_t threadId[3] = {0, 0, 0};
  uint32_t blockId[3] = {0, 0, 0};
  uint32_t blockDim[3] = {1, 1, 1};
  uint32_t gridDim[3] = {1, 1, 1};

  uint64_t linearThread() const {
    return (uint64_t(threadId[2]) * blockDim[1] + threadId[1]) * blockDim[0] +
           threadId[0];
  }
  uint64_t linearBlock() const {
    return (uint64_t(blockId[2]) * gridDim[1] + blockId[1]) * gridDim[0] +
           blockId[0];
  }
};

/// What the `tw` functions of an instance read and write when they are called.
struct DeviceContext {
  /// The thread whose turn it is.
  ThreadPosition position;
  /// Shared memory of the running grid: [abi::sharedBase, + sharedBytes) of
  /// `windowMemory`. 0 bytes: no window.
  uint32_t sharedBytes = 0;
  wabt::interp::Ref windowMemory = wabt::interp::Ref::Null;
  /// Below `stackTop` in `stackMemory` are the stacks of the running grid's
  /// threads, if they have any.
  uint64_t stackTop = 0;
  wabt::interp::Ref stackMemory = wabt::interp::Ref::Null;
  /// The memory of an import that is called as an export, without a caller.
  wabt::interp::Ref kernelMemory = wabt::interp::Ref::Null;
  /// Whether the guest can move its memory in the interpreter's.
  bool memoryGrows = false;
  /// Takes part in an operation of the warp or block.
  std::function<CollectiveResult(const abi::Collective &)> collective;
  /// Position of a memory in Manifest::memories.
  std::function<uint32_t(wabt::interp::Ref)> memoryNumber;
  /// Records a call of tw.printf; false: there is no room left.
  std::function<bool(const abi::PrintRecord &)> print;
  /// Of the last tw.abort: an address in memory number `abortMemory`.
  uint32_t abortMessage = 0, abortMemory = 0;
};

/// The host function for import `tw.name`, which uses `device` on every call,
/// or an empty pointer when there is none of that name. Its type is the one
/// that tw.h declares; the caller compares it with the import's.
wabt::interp::HostFunc::Ptr makeDeviceImport(wabt::interp::Store &store,
                                             const std::string &name,
                                             DeviceContext &device);

/// The host function (address: i64, offset: i64, bytes: i64, memory: i32) → ()
/// that traps where [address + offset, + bytes) of the caller's memory of that
/// index lies on both sides of an edge of shared memory.
wabt::interp::HostFunc::Ptr makeWindowCheck(wabt::interp::Store &store,
                                            DeviceContext &device);

/// Sets `trap` to one that Traps.h gives `code` for, for a host function to
/// return.
wabt::Result raise(wabt::interp::Thread &running, abi::TrapCode code,
                   wabt::interp::Trap::Ptr *trap);

} // namespace twrun

#endif // TWRUN_LIB_ORACLE_DEVICEIMPORTS_H
