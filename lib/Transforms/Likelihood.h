//===- Likelihood.h - which code is likely ----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_LIKELIHOOD_H
#define TWC_LIB_TRANSFORMS_LIKELIHOOD_H

#include "llvm/Analysis/BlockFrequencyInfo.h"

namespace twc {

/// Whether a block runs at least once in a thousand calls of its function.
inline bool isLikely(const llvm::BasicBlock &block,
                     const llvm::BlockFrequencyInfo &frequencies) {
  return frequencies.getBlockFreq(&block).getFrequency() >=
         frequencies.getEntryFreq().getFrequency() / 1000;
}

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_LIKELIHOOD_H
