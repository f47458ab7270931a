//===- Parameters.h - what is made of a kernel's parameters -----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_PARAMETERS_H
#define TWC_LIB_TRANSFORMS_PARAMETERS_H

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Function.h"

namespace twc {

/// Reads a kernel's parameters, and makes sums and the like of one and a constant,
/// in each block that uses them: not in loops, which keep what they have.
void recomputeParameters(llvm::Function &kernel, const llvm::LoopInfo &loops);

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_PARAMETERS_H
