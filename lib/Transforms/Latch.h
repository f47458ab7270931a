//===- Latch.h - the compare at the end of a loop ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's Loop::LoopBounds wants an induction variable with a known step; guests
// have steps that are known at run time only.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_LATCH_H
#define TWC_LIB_TRANSFORMS_LATCH_H

#include "llvm/Analysis/LoopInfo.h"

#include <optional>

namespace twc {

/// A loop that goes on while less < more, i32, as its latch says.
struct Latch {
  llvm::Value *less, *more;
  bool isSigned;

  static std::optional<Latch> match(const llvm::Loop &loop);
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_LATCH_H
