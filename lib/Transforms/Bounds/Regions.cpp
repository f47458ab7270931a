//===- Regions.cpp - runs of guarded accesses -----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A walk goes from a block to the one where all paths from it meet, as long as
// nothing in between must not be copied: what threads do together, atomics
// (dearer than the branch that a longer region would save, and much code) and
// loops.
//
//===----------------------------------------------------------------------===//

#include "Regions.h"

#include "Ranges.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/CFG.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;
using namespace twc;

/// A region longer than this is cut: its copy would cost more than it saves.
static constexpr unsigned maxCopied = 400;
/// What lies between two accesses, and is copied with them; more of it costs
/// more than a test of its own.
static constexpr unsigned maxGap = 48;

namespace {

class Walk {
public:
  Walk(LoopInfo &loops, DominatorTree &tree, PostDominatorTree &ends,
       ScalarEvolution &evolution, SCEVExpander &expander,
       llvm::function_ref<bool(const GuardRegion &)> isWorth)
      : loops(loops), tree(tree), ends(ends), evolution(evolution),
        expander(expander), isWorth(isWorth) {}

  void from(BasicBlock &start);
  std::vector<GuardRegion> take() { return std::move(found); }

private:
  void finish();
  void visit(BasicBlock &block);
  BasicBlock *findNext(BasicBlock &block, Fork &fork, unsigned &length);
  bool visitFork(Fork &fork, unsigned length);
  bool isAvailable(const Guard &guard, Instruction *at);
  bool isAvailable(const Guard &guard, const Fork &fork, Instruction *at);
  void begin(Instruction *at);
  void endAt(BasicBlock &block, Instruction *last);

  LoopInfo &loops;
  DominatorTree &tree;
  PostDominatorTree &ends;
  ScalarEvolution &evolution;
  SCEVExpander &expander;
  llvm::function_ref<bool(const GuardRegion &)> isWorth;
  std::vector<GuardRegion> found;
  SmallPtrSet<BasicBlock *, 16> seen;

  GuardRegion region; // up to the last access
  unsigned length = 0;
  unsigned gap = 0; // since the last access
  SmallSetVector<BasicBlock *, 8> blocks; // gone through since the entry
  SmallDenseSet<Value *> addresses;       // of the region's checks
};

} // namespace

static bool mayCopy(const Instruction &instruction) {
  auto *call = dyn_cast<CallBase>(&instruction);
  return !instruction.isAtomic() &&
         !(call && (call->isConvergent() || call->cannotDuplicate()));
}

void Walk::finish() {
  if (region.first && !region.members.empty() && isWorth(region))
    found.push_back(std::move(region));
  region = GuardRegion();
  blocks.clear();
  addresses.clear();
  length = gap = 0;
}

void Walk::begin(Instruction *at) {
  finish();
  region.first = at;
  blocks.insert(at->getParent());
}

void Walk::endAt(BasicBlock &block, Instruction *last) {
  gap = 0;
  region.last = last;
  region.blocks = blocks;
  region.blocks.insert(&block);
}

bool Walk::isAvailable(const Guard &guard, Instruction *at) {
  return isKnownAt(evolution.getSCEV(guard.index), at, expander, tree) &&
         llvm::all_of(guard.operands(), [&](Value *operand) {
           auto *made = dyn_cast_if_present<Instruction>(operand);
           return !made || tree.dominates(made, at);
         });
}

bool Walk::isAvailable(const Guard &guard, const Fork &fork, Instruction *at) {
  return isAvailable(guard, at) &&
         PathConditions(tree, fork.from, fork.inner)
             .canCompute(guard.call->getParent(), at);
}

/// The part of a block that every path takes.
void Walk::visit(BasicBlock &block) {
  for (Instruction &instruction : block) {
    if (++length > maxCopied)
      finish();
    ++gap;
    if (std::optional<Guard> guard = Guard::match(instruction)) {
      if (guard->isCold())
        continue;
      if (region.first &&
          (gap > maxGap || !isAvailable(*guard, region.first)))
        finish();
      if (!region.first) {
        if (!isAvailable(*guard, &instruction))
          continue;
        begin(&instruction);
      }
      region.members.push_back({*guard, -1});
      addresses.insert(guard->index);
      endAt(block, &instruction);
      continue;
    }
    if (!region.first)
      continue;
    if (!mayCopy(instruction)) {
      finish();
      continue;
    }
    auto *pointer = dyn_cast_if_present<Instruction>(
        getLoadStorePointerOperand(&instruction));
    if (!pointer)
      continue;
    std::optional<GuestAccess> access = GuestAccess::match(instruction);
    bool isCovered =
        access ? addresses.contains(access->address->getOperand(0))
               : blocks.contains(pointer->getParent()) &&
                     (pointer == region.first ||
                      tree.dominates(region.first, pointer)) &&
                     Place::match(*pointer).has_value();
    if (isCovered)
      endAt(block, &instruction);
  }
}

/// Where all paths from `block` meet, if what lies between, `fork`, may be
/// copied; null otherwise.
BasicBlock *Walk::findNext(BasicBlock &block, Fork &fork, unsigned &length) {
  Loop *loop = loops.getLoopFor(&block);
  if (block.getTerminator()->getNumSuccessors() == 0 ||
      !isa<BranchInst>(block.getTerminator()))
    return nullptr;
  DomTreeNode *node = ends.getNode(&block);
  BasicBlock *next = node && node->getIDom() ? node->getIDom()->getBlock()
                                             : nullptr;
  if (!next || loops.getLoopFor(next) != loop ||
      (loop && loop->getHeader() == next) || !tree.dominates(&block, next))
    return nullptr;
  fork.from = &block;
  SmallVector<BasicBlock *> work(successors(&block));
  while (!work.empty()) {
    BasicBlock *inner = work.pop_back_val();
    if (inner == next || !fork.inner.insert(inner))
      continue;
    if (seen.contains(inner) || loops.getLoopFor(inner) != loop ||
        (loop && loop->getHeader() == inner) ||
        !tree.dominates(&block, inner) ||
        !isa<BranchInst>(inner->getTerminator()))
      return nullptr;
    for (Instruction &instruction : *inner) {
      ++length;
      if (!mayCopy(instruction))
        return nullptr;
    }
    if (length > maxCopied)
      return nullptr;
    work.append(succ_begin(inner), succ_end(inner));
  }
  return next;
}

/// Takes the guards between two blocks along; false if there is nothing in it.
bool Walk::visitFork(Fork &fork, unsigned more) {
  SmallVector<Guard> guards;
  for (BasicBlock *block : fork.inner)
    for (Instruction &instruction : *block)
      if (std::optional<Guard> guard = Guard::match(instruction))
        if (!guard->isCold())
          guards.push_back(*guard);
  if (guards.empty())
    return true;
  auto allAt = [&](Instruction *at) {
    return llvm::all_of(guards, [&](const Guard &guard) {
      return isAvailable(guard, fork, at);
    });
  };
  Instruction *here = fork.from->getTerminator();
  if (!region.first || length + more > maxCopied || !allAt(region.first)) {
    if (!allAt(here))
      return false;
    begin(here);
  }
  for (const Guard &guard : guards) {
    region.members.push_back({guard, int(region.forks.size())});
    addresses.insert(guard.index);
  }
  region.forks.push_back(fork);
  return true;
}

void Walk::from(BasicBlock &start) {
  for (BasicBlock *block = &start; block && seen.insert(block).second;) {
    if (region.first)
      blocks.insert(block);
    visit(*block);
    Fork fork;
    unsigned more = 0;
    BasicBlock *next = findNext(*block, fork, more);
    if (!next || !visitFork(fork, more))
      break;
    if (region.first) {
      for (BasicBlock *inner : fork.inner)
        blocks.insert(inner);
      length += more;
      // Behind the guards in between, all is well up to the meeting.
      if (!region.forks.empty() && region.forks.back().from == block) {
        blocks.insert(next);
        endAt(*next, nullptr);
      }
      seen.insert(fork.inner.begin(), fork.inner.end());
    } else if (!fork.inner.empty()) {
      break;
    }
    block = next;
  }
  finish();
}

std::vector<GuardRegion> twc::findGuardRegions(
    Function &function, LoopInfo &loops, DominatorTree &tree,
    PostDominatorTree &ends, ScalarEvolution &evolution,
    SCEVExpander &expander,
    llvm::function_ref<bool(const GuardRegion &)> isWorth) {
  Walk walk(loops, tree, ends, evolution, expander, isWorth);
  for (BasicBlock *block : ReversePostOrderTraversal<Function *>(&function))
    walk.from(*block);
  return walk.take();
}
