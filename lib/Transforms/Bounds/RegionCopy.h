//===- RegionCopy.h - where a region's test has failed ----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The second way through a region: a copy that keeps the checks, and accesses
// byte by byte what is misaligned. It is to be small, for it seldom runs.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_BOUNDS_REGIONCOPY_H
#define TWC_LIB_TRANSFORMS_BOUNDS_REGIONCOPY_H

#include "Regions.h"

namespace twc {

/// Gives the entry a block of its own, as well as what follows the region,
/// which is returned.
llvm::BasicBlock *isolateRegion(GuardRegion &region, llvm::DominatorTree &tree,
                                llvm::LoopInfo &loops);

/// How the copy's accesses are made.
struct CopyStyle {
  bool needsAlignment; // they must be aligned, or made byte by byte
  bool isOutlining;    // with their checks in one call (CheckedAccess.h)
};

/// Copies the region behind `head`, to be entered from `choice` and to join
/// again at `tail`. Returns the copy's entry.
llvm::BasicBlock *copyRegion(const GuardRegion &region, llvm::BasicBlock *head,
                             llvm::BasicBlock *choice, llvm::BasicBlock *tail,
                             CopyStyle style, llvm::DominatorTree &tree,
                             llvm::LoopInfo &loops);

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_BOUNDS_REGIONCOPY_H
