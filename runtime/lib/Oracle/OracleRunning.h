//===- OracleRunning.h - a launch under way ---------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to OracleLaunch.cpp and OracleBlock.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ORACLE_ORACLERUNNING_H
#define TWRUN_LIB_ORACLE_ORACLERUNNING_H

#include "GridWindows.h"
#include "OracleExecutor.h"

#include <chrono>

namespace twrun {

using Clock = std::chrono::steady_clock;

/// What the launch under way needs beside the device context.
struct OracleExecutor::Running {
  const ptxbin::KernelInfo &kernel;
  wabt::interp::Func &function;
  Dim3 grid, block;
  uint64_t allThreads;
  Clock::time_point reported; // when progress was told last
  std::unique_ptr<StackWindows> stacks = nullptr;
  std::unique_ptr<SharedWindow> shared = nullptr;
  uint64_t firstThread = 0;                // of the block, in the whole grid
  std::optional<Trap> trap = std::nullopt; // of the lowest thread
  ThreadEnd trapped = {};                  // how that one ended
  std::optional<Error> error = std::nullopt;
};

/// The coordinates of linear index `at`, x fastest.
inline void locate(uint32_t (&out)[3], uint64_t at, Dim3 size) {
  out[0] = uint32_t(at % size.x);
  out[1] = uint32_t(at / size.x % size.y);
  out[2] = uint32_t(at / size.x / size.y);
}

} // namespace twrun

#endif // TWRUN_LIB_ORACLE_ORACLERUNNING_H
