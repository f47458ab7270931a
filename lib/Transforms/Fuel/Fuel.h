//===- Fuel.h - the parts of VersionFuel ------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_FUEL_FUEL_H
#define TWC_LIB_TRANSFORMS_FUEL_FUEL_H

#include "FuelWeb.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"

namespace twc {

/// Whether all threads of a block have the same value: they may then decide by
/// it about code in which they meet.
bool isUniform(const llvm::Value *value);
bool isUniform(const llvm::SCEV *value);

/// Whether threads meet in one of the blocks.
bool hasMeeting(llvm::iterator_range<llvm::Function::iterator> blocks);
bool hasMeeting(const llvm::Loop &loop);

/// Gives all that follows a function's first test of fuel a copy, behind one test
/// of what it starts with. Returns whether it has; then nothing that was known
/// about the function holds.
bool versionBody(llvm::Function &function, llvm::LoopInfo &loops,
                 llvm::DominatorTree &tree, llvm::ScalarEvolution &evolution);

/// Lets the loops of a nest, innermost first, compute what is left of the fuel
/// where they end, instead of counting: `web` is not read in them otherwise.
void closeExits(llvm::Loop &nest, const FuelWeb &web,
                llvm::ScalarEvolution &evolution);

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_FUEL_FUEL_H
