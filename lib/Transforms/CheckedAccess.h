//===- CheckedAccess.h - unlikely accesses in one call ----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// PTX: where a range test has failed, an access is a call of a helper that
// checks, and accesses byte by byte what is misaligned. Code that seldom runs is
// to be small.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_CHECKEDACCESS_H
#define TWC_LIB_TRANSFORMS_CHECKEDACCESS_H

#include "llvm/IR/BasicBlock.h"
#include "llvm/IR/Function.h"

namespace twc {

/// Whether `function` has enough checks for the helpers to make it smaller.
bool isWorthOutlining(llvm::Function &function);

/// Puts each check of `block` into one call with its access, where that follows
/// and nothing that can be seen happens in between.
void outlineCheckedAccesses(llvm::BasicBlock &block);

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_CHECKEDACCESS_H
