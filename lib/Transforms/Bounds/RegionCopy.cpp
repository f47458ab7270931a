//===- RegionCopy.cpp - where a region's test has failed ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RegionCopy.h"

#include "../ByteAccess.h"
#include "../CheckedAccess.h"

#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace twc;

BasicBlock *twc::isolateRegion(GuardRegion &region, DominatorTree &tree,
                               LoopInfo &loops) {
  BasicBlock *head = region.first->getParent();
  BasicBlock *entry =
      SplitBlock(head, region.first->getIterator(), &tree, &loops);
  for (Fork &fork : region.forks)
    if (fork.from == head)
      fork.from = entry;
  SmallSetVector<BasicBlock *, 8> blocks;
  for (BasicBlock *block : region.blocks)
    blocks.insert(block == head ? entry : block);
  region.blocks = std::move(blocks);
  BasicBlock *exit = region.blocks.back();
  return SplitBlock(exit,
                    region.last ? std::next(region.last->getIterator())
                                : exit->getFirstNonPHIIt(),
                    &tree, &loops);
}

/// Where a region's test has failed, a misaligned address is the likeliest
/// cause, or a trap comes: no test of the alignment, and nothing that could be
/// merged with the access of the region itself.
static void accessBytes(BasicBlock &block) {
  for (Instruction &instruction : llvm::make_early_inc_range(block)) {
    auto *load = dyn_cast<LoadInst>(&instruction);
    auto *store = dyn_cast<StoreInst>(&instruction);
    if (!GuestAccess::match(instruction) ||
        (load ? !load->isSimple() : !store->isSimple()))
      continue;
    const DataLayout &layout = block.getDataLayout();
    Type *type = getLoadStoreType(&instruction);
    uint64_t bytes = layout.getTypeStoreSize(type);
    Type *moved =
        bytes <= 16 ? getBytesType(block.getContext(), bytes) : nullptr;
    if (bytes < 2 || !isPowerOf2_64(bytes) || !moved ||
        getLoadStoreAlignment(&instruction).value() >= bytes ||
        !CastInst::isBitCastable(type, moved))
      continue;
    IRBuilder<> b(&instruction);
    Module &module = *block.getModule();
    Value *pointer = getLoadStorePointerOperand(&instruction);
    unsigned space = pointer->getType()->getPointerAddressSpace();
    if (load) {
      Value *value =
          b.CreateCall(getByteLoad(module, bytes, space, true), pointer);
      load->replaceAllUsesWith(b.CreateBitCast(value, type));
    } else {
      b.CreateCall(getByteStore(module, bytes, space, true),
                   {pointer, b.CreateBitCast(store->getValueOperand(), moved)});
    }
    instruction.eraseFromParent();
  }
}

/// Enters copies of the region's blocks into the tree.
static void addToTree(const GuardRegion &region, ValueToValueMapTy &map,
                      BasicBlock *choice, DominatorTree &tree) {
  // In this order a block's dominator comes first.
  tree.addNewBlock(cast<BasicBlock>(map[region.blocks.front()]), choice);
  SmallVector<DomTreeNode *> work{tree.getNode(region.blocks.front())};
  while (!work.empty()) {
    DomTreeNode *node = work.pop_back_val();
    for (DomTreeNode *child : node->children())
      if (region.blocks.contains(child->getBlock())) {
        tree.addNewBlock(cast<BasicBlock>(map[child->getBlock()]),
                         cast<BasicBlock>(map[node->getBlock()]));
        work.push_back(child);
      }
  }
}

/// What others use of the region comes from either of its exits.
static void joinValues(const GuardRegion &region, ValueToValueMapTy &map,
                       BasicBlock *tail) {
  BasicBlock *exit = region.blocks.back();
  for (BasicBlock *block : region.blocks)
    for (Instruction &instruction : *block) {
      SmallVector<Use *> outside;
      for (Use &use : instruction.uses()) {
        auto *user = cast<Instruction>(use.getUser());
        BasicBlock *at = user->getParent();
        if (auto *phi = dyn_cast<PHINode>(user))
          at = phi->getIncomingBlock(use);
        if (!region.blocks.contains(at))
          outside.push_back(&use);
      }
      if (outside.empty())
        continue;
      PHINode *phi =
          PHINode::Create(instruction.getType(), 2, "", tail->begin());
      phi->addIncoming(&instruction, exit);
      phi->addIncoming(map[&instruction], cast<BasicBlock>(map[exit]));
      for (Use *use : outside)
        use->set(phi);
    }
}

/// The copies' checks stay, in as little code as may be.
static void shrink(ArrayRef<BasicBlock *> copies, CopyStyle style) {
  SmallVector<Place> places;
  for (BasicBlock *block : copies)
    for (Instruction &instruction : *block) {
      if (std::optional<Place> place = Place::match(instruction))
        places.push_back(*place);
      else if (std::optional<Guard> guard = Guard::match(instruction))
        guard->setCold();
    }
  for (const Place &place : places)
    place.outline();
  if (style.needsAlignment)
    for (BasicBlock *block : copies) {
      if (style.isOutlining)
        outlineCheckedAccesses(*block);
      accessBytes(*block);
    }
}

BasicBlock *twc::copyRegion(const GuardRegion &region, BasicBlock *head,
                            BasicBlock *choice, BasicBlock *tail,
                            CopyStyle style, DominatorTree &tree,
                            LoopInfo &loops) {
  ValueToValueMapTy map;
  SmallVector<BasicBlock *> copies;
  Loop *loop = loops.getLoopFor(head);
  for (BasicBlock *block : region.blocks) {
    BasicBlock *made =
        CloneBasicBlock(block, map, ".checked", head->getParent());
    made->moveBefore(tail);
    map[block] = made;
    copies.push_back(made);
    if (loop)
      loop->addBasicBlockToLoop(made, loops);
  }
  remapInstructionsInBlocks(copies, map);
  addToTree(region, map, choice, tree);
  tree.changeImmediateDominator(tail, head);
  joinValues(region, map, tail);
  shrink(copies, style);
  return copies.front();
}
