//===- NestCopy.cpp - a loop for where a test fails -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The copy keeps its loop-closed form.
//
//===----------------------------------------------------------------------===//

#include "NestCopy.h"

#include "../CheckedAccess.h"
#include "Guard.h"

#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;
using namespace twc;

void twc::setSeldom(ArrayRef<BasicBlock *> blocks, bool isOutlining) {
  for (BasicBlock *block : blocks)
    for (Instruction &instruction : *block)
      if (std::optional<Guard> guard = Guard::match(instruction))
        guard->setCold();
  if (isOutlining)
    for (BasicBlock *block : blocks)
      outlineCheckedAccesses(*block);
}

BasicBlock *twc::copySeldom(Loop &nest, BasicBlock *test, LoopInfo &loops,
                            DominatorTree &tree, bool isOutlining) {
  SmallVector<BasicBlock *> exits;
  nest.getUniqueExitBlocks(exits);
  ValueToValueMapTy map;
  SmallVector<BasicBlock *, 16> blocks;
  BasicBlock *before = nest.getLoopPreheader();
  Loop *copy = cloneLoopWithPreheader(before, test, &nest, map, ".checked",
                                      &loops, &tree, blocks);
  remapInstructionsInBlocks(blocks, map);
  for (Loop *seldom : copy->getLoopsInPreorder())
    addStringMetadataToLoop(seldom, "llvm.loop.unroll.disable", 1);
  setSeldom(blocks, isOutlining);
  for (BasicBlock *exit : exits)
    for (PHINode &phi : exit->phis())
      for (unsigned i = 0, n = phi.getNumIncomingValues(); i < n; ++i) {
        BasicBlock *from = phi.getIncomingBlock(i);
        if (!nest.contains(from))
          continue;
        Value *value = phi.getIncomingValue(i);
        Value *copied = map.lookup(value);
        phi.addIncoming(copied ? copied : value,
                        cast<BasicBlock>(map[from]));
      }
  // What the nest dominated, the choice dominates now.
  SmallVector<BasicBlock *> moved;
  for (BasicBlock *block : nest.blocks())
    for (DomTreeNode *child : tree.getNode(block)->children())
      if (!nest.contains(child->getBlock()))
        moved.push_back(child->getBlock());
  for (BasicBlock *block : moved)
    tree.changeImmediateDominator(block, test);
  return copy->getLoopPreheader();
}
