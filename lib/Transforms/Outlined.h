//===- Outlined.h - helpers that check and may trap -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all outlined accesses (WindowFunctions.cpp, CheckedAccess.cpp) have in
// common: until they are defined they are seen as a guard is (ExpandGuards.cpp).
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_OUTLINED_H
#define TWC_LIB_TRANSFORMS_OUTLINED_H

#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "llvm/IR/IRBuilder.h"

namespace twc {

/// The attributes of a declaration; `isStore`: it writes memory.
void annotateOutlined(llvm::Function &f, bool isStore);

/// To be called before `f` gets a body: makes it internal, and takes back what
/// does not hold for its trap, of its callers too.
void beginOutlined(llvm::Function &f);

/// Ends the builder's block with a branch to a trap, and goes on where
/// `condition` is false.
void trapIf(llvm::IRBuilder<> &b, llvm::Value *condition,
            twasm::TrapCode code, llvm::Value *rt, llvm::Value *function,
            llvm::Value *at);

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_OUTLINED_H
