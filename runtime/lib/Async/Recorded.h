//===- Recorded.h - calls that are submitted as one -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a Recording holds. A GPU's instance adds its graph.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ASYNC_RECORDED_H
#define TWRUN_LIB_ASYNC_RECORDED_H

#include "LaunchState.h"

namespace twrun {

class RecordedCalls {
public:
  virtual ~RecordedCalls() = default;

  /// Checked, in order; none is ever submitted itself.
  std::vector<std::shared_ptr<LaunchState>> calls;
  const void *instance = nullptr;
  /// Of each memory when it was recorded: what kernels were given.
  std::vector<uint64_t> sizes;
};

} // namespace twrun

#endif // TWRUN_LIB_ASYNC_RECORDED_H
