//===- Transfer.h - a copy that has begun -----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A copy between host and linear memory in two steps: what is begun in the
// order of a stream, and what is left to do once that has ended there.
// Executor::copyIn and copyOut do both at once.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_TRANSFER_H
#define TWRUN_LIB_TRANSFER_H

#include "Format/Error.h"

namespace twrun {

/// One that is destroyed without finish() waits, and drops what is left to do.
class Transfer {
public:
  virtual ~Transfer() = default;
  /// Waits for the copy, unless it has ended, and does what is left to do: the
  /// bytes are where they should be. Called once, by any thread.
  virtual ptxbin::Expected<void> finish() = 0;
};

} // namespace twrun

#endif // TWRUN_LIB_TRANSFER_H
