//===- Regions.h - runs of guarded accesses ---------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code without loops that is entered at one instruction and left at another,
// whatever branches it takes in between, and whose guards can all be judged at
// the entry: their indices are known there, and so is whether they come at all.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_BOUNDS_REGIONS_H
#define TWC_LIB_TRANSFORMS_BOUNDS_REGIONS_H

#include "Guard.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/PostDominators.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class SCEVExpander;
class ScalarEvolution;
} // namespace llvm

namespace twc {

/// What leads from a block to those behind it, ahead of their common end.
class PathConditions {
public:
  PathConditions(llvm::DominatorTree &tree, llvm::BasicBlock *from,
                 const llvm::SmallSetVector<llvm::BasicBlock *, 8> &inner)
      : tree(tree), from(from), inner(inner) {}

  /// Whether it can be computed before `at` if `block`, one of `inner`, is
  /// reached.
  bool canCompute(llvm::BasicBlock *block, llvm::Instruction *at) const;
  /// i1, never poison where `at` is reached.
  llvm::Value *compute(llvm::BasicBlock *block, llvm::Instruction *at);

private:
  llvm::DominatorTree &tree;
  llvm::BasicBlock *from;
  const llvm::SmallSetVector<llvm::BasicBlock *, 8> &inner;
  llvm::DenseMap<llvm::Value *, llvm::Value *> copies;
  llvm::DenseMap<llvm::BasicBlock *, llvm::Value *> known;

  bool canCompute(llvm::BasicBlock *block, llvm::Instruction *at,
                  llvm::DenseMap<llvm::BasicBlock *, bool> &judged) const;
  bool canCopy(llvm::Value *value, llvm::Instruction *at, unsigned depth) const;
  llvm::Value *copy(llvm::Value *value, llvm::Instruction *at);
};

/// A block that every path takes, and what comes between it and the next one.
struct Fork {
  llvm::BasicBlock *from = nullptr;
  llvm::SmallSetVector<llvm::BasicBlock *, 8> inner;
};

struct GuardRegion {
  struct Member {
    Guard guard;
    int fork = -1; // whose inner block it is in; -1: it always comes
    /// The block that it comes with; null: it always comes.
    llvm::BasicBlock *under() const {
      return fork < 0 ? nullptr : guard.call->getParent();
    }
  };
  llvm::Instruction *first = nullptr;
  /// In the last of `blocks`; null: its block's phis.
  llvm::Instruction *last = nullptr;
  llvm::SmallSetVector<llvm::BasicBlock *, 8> blocks; // entry first, exit last
  llvm::SmallVector<Fork, 2> forks;
  llvm::SmallVector<Member, 8> members;
};

/// The regions of a function, in an order in which none comes before one that
/// leads to it. `isWorth` says of one whether it is to be kept.
std::vector<GuardRegion>
findGuardRegions(llvm::Function &function, llvm::LoopInfo &loops,
                 llvm::DominatorTree &tree, llvm::PostDominatorTree &ends,
                 llvm::ScalarEvolution &evolution, llvm::SCEVExpander &expander,
                 llvm::function_ref<bool(const GuardRegion &)> isWorth);

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_BOUNDS_REGIONS_H
