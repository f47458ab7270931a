//===- DeviceImports.h - the `tw` module for the oracle ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Host functions for the imports of module `tw`: thread identity and the
// arithmetic that Wasm lacks. What a device computes in hardware is computed
// here by the C++ library, independently of generated code.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ORACLE_DEVICEIMPORTS_H
#define TWRUN_LIB_ORACLE_DEVICEIMPORTS_H

#include <wabt/interp/interp.h>

#include <cstdint>
#include <string>

namespace twrun {

/// Where the running thread stands; the `tw` functions read it when called.
struct ThreadPosition {
  uint32_t threadId[3] = {0, 0, 0};
  uint32_t blockId[3] = {0, 0, 0};
  uint32_t blockDim[3] = {1, 1, 1};
  uint32_t gridDim[3] = {1, 1, 1};
};

/// The host function for import `tw.name`, which reads `position` on every
/// call, or an empty pointer when there is none of that name. Its type is the
/// one that tw.h declares; the caller compares it with the import's.
wabt::interp::HostFunc::Ptr makeDeviceImport(wabt::interp::Store &store,
                                             const std::string &name,
                                             const ThreadPosition &position);

} // namespace twrun

#endif // TWRUN_LIB_ORACLE_DEVICEIMPORTS_H
