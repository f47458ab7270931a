//===- ScopedAtomics.h - atomics of module tw on each target ----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rewrites that OrderAtomics makes of them.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_SCOPEDATOMICS_H
#define TWC_LIB_TRANSFORMS_SCOPEDATOMICS_H

#include "llvm/IR/Instructions.h"

#include <optional>

namespace twc {

/// A scope of module `tw` (RuntimeCalls.h): LLVM's, and PTX's name of it.
/// SingleThread stands for a plain access.
struct Scope {
  llvm::SyncScope::ID id;
  llvm::StringRef ptx;
};
std::optional<Scope> getScope(llvm::LLVMContext &context,
                              llvm::SyncScope::ID id);

/// Turns an atomic into plain loads and stores.
void makePlain(llvm::Instruction *atomic);
/// Turns a read-modify-write into a loop with the compare-exchange that is
/// returned, of the same order and scope.
llvm::AtomicCmpXchgInst *makeLoop(llvm::AtomicRMWInst *rmw);
/// PTX: turns an atomic into one instruction with its order and `scope`.
void makeInstruction(llvm::AtomicRMWInst *rmw, llvm::StringRef scope);
void makeInstruction(llvm::AtomicCmpXchgInst *exchange, llvm::StringRef scope);

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_SCOPEDATOMICS_H
