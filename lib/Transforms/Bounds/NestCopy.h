//===- NestCopy.h - a loop for where a test fails ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test ahead of a loop nest chooses between the nest, which needs less then,
// and a copy of it as it was.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_BOUNDS_NESTCOPY_H
#define TWC_LIB_TRANSFORMS_BOUNDS_NESTCOPY_H

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"

namespace twc {

/// Marks `blocks` as what runs where a test has failed: nobody tests their
/// checks in groups. `isOutlining`: each check goes into one call with its
/// access.
void setSeldom(llvm::ArrayRef<llvm::BasicBlock *> blocks, bool isOutlining);

/// Copies the nest, as seldom code; both run to the exits that it had. Returns
/// the copy's preheader. `test` is the block that will choose, and leads to the
/// nest.
llvm::BasicBlock *copySeldom(llvm::Loop &nest, llvm::BasicBlock *test,
                             llvm::LoopInfo &loops, llvm::DominatorTree &tree,
                             bool isOutlining);

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_BOUNDS_NESTCOPY_H
