//===- RegionTests.cpp - whether a region's accesses are in place ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a loop that cannot be copied one test ahead of it, of all iterations,
// leaves a branch in it. Accesses that do not always come may fail a test
// without need: then one of what does come decides.
//
//===----------------------------------------------------------------------===//

#include "RegionTests.h"

#include "llvm/ADT/MapVector.h"

using namespace llvm;
using namespace twc;

/// The outermost loop ahead of which a test of `guard` can stand, with its
/// index as seen from there; null: none.
Loop *RegionTests::findNest(const Guard &guard, AffineIndex &index) {
  const BasicBlock *block = guard.call->getParent();
  Loop *found = nullptr;
  for (Loop *nest = loops.getLoopFor(block); nest;
       nest = nest->getParentLoop()) {
    BasicBlock *before = nest->getLoopPreheader();
    if (!before || llvm::any_of(guard.operands(), [&](Value *operand) {
          return operand && !nest->isLoopInvariant(operand);
        }))
      break;
    RangeAnalysis ranges(evolution, *nest);
    std::optional<AffineIndex> affine =
        ranges.getAffine(guard.index, block, guard.isShared);
    if (!affine || !RangeTest(evolution, expander, before->getTerminator())
                        .canTest(*affine))
      break;
    found = nest;
    index = *affine;
  }
  return found;
}

Loop *RegionTests::findNest(const Guard &guard) {
  AffineIndex index;
  return findNest(guard, index);
}

static Value *conjoin(IRBuilder<> &b, Value *left, Value *right) {
  return left ? b.CreateAnd(left, right) : right;
}

void RegionTests::emit(RangeTest &tests, Groups &groups,
                       function_ref<bool(const AccessGroup &)> emitOwn) {
  if (needsAlignment)
    chooseAlignment(groups);
  for (const AccessGroup &group : groups) {
    if (!emitOwn || !emitOwn(group))
      tests.add(group);
    for (const AccessGroup::Member &member : group.members)
      if (!member.aligned)
        misaligned.insert(member.guard.call);
  }
}

Value *RegionTests::testAhead(ArrayRef<const Member *> members,
                              Instruction *at) {
  MapVector<Loop *, Groups> tested;
  for (const Member *member : members) {
    AffineIndex index;
    Loop *nest = findNest(member->guard, index);
    addToGroups(tested[nest], evolution, index, member->guard);
  }
  IRBuilder<> b(at);
  Value *ok = nullptr;
  for (auto &[nest, groups] : tested) {
    RangeTest tests(evolution, expander,
                    nest->getLoopPreheader()->getTerminator());
    emit(tests, groups);
    ok = conjoin(b, ok, tests.get());
  }
  return ok;
}

/// On how many branches it depends that a block comes.
static unsigned conditionsOf(BasicBlock *block, const DominatorTree &tree) {
  unsigned count = 0;
  for (DomTreeNode *node = tree.getNode(block); node->getIDom();
       node = node->getIDom())
    count += node->getBlock()->getSinglePredecessor() &&
             node->getIDom()->getBlock()->getTerminator()->getNumSuccessors() >
                 1;
  return count;
}

/// Tests of a group in shared memory how far those reach that come; false if
/// that is nothing special. Memory itself has room behind most accesses, but a
/// tile ends with its last element: what depends on more conditions than others
/// do, as the second trip of a loop does, may not come for that very reason.
bool RegionTests::emitExtents(RangeTest &tests, const AccessGroup &group,
                              const GuardRegion &region,
                              MutableArrayRef<PathConditions> paths,
                              Instruction *at) {
  if (!group.members.front().guard.isShared)
    return false;
  auto forkOf = [&](const BasicBlock *block) {
    return llvm::find_if(region.forks, [&](const Fork &fork) {
      return fork.inner.contains(const_cast<BasicBlock *>(block));
    });
  };
  auto comes = [&](BasicBlock *block) {
    return paths[forkOf(block) - region.forks.begin()].compute(block, at);
  };
  MapVector<BasicBlock *, uint64_t> ends;
  for (const AccessGroup::Member &member : group.members) {
    uint64_t &end = ends[member.guard.call->getParent()];
    end = std::max<uint64_t>(end, member.delta + member.guard.offset +
                                      member.guard.bytes);
  }
  unsigned fewest = ~0u;
  for (auto &[block, end] : ends)
    fewest = std::min(fewest, conditionsOf(block, tree));
  uint64_t least = 0;
  SmallVector<BasicBlock *> first, later;
  for (auto &[block, end] : ends) {
    bool follows = forkOf(block) != region.forks.end() &&
                   conditionsOf(block, tree) > fewest;
    (follows ? later : first).push_back(block);
    if (!follows)
      least = std::max(least, end);
  }
  SmallVector<RangeTest::Extent, 4> extents;
  for (BasicBlock *block : later)
    if (ends[block] > least)
      extents.push_back({comes(block), ends[block]});
  llvm::stable_sort(extents,
                    [](const RangeTest::Extent &a, const RangeTest::Extent &b) {
                      return a.end < b.end;
                    });
  bool mayBeNone =
      first.size() == 1 && forkOf(first.front()) != region.forks.end();
  if (extents.empty() && !mayBeNone)
    return false;
  RangeTest own(evolution, expander, at);
  own.add(group, least, extents);
  Value *holds = own.get();
  if (mayBeNone) {
    IRBuilder<> b(at);
    Value *any = comes(first.front());
    for (BasicBlock *block : later)
      if (!tree.dominates(first.front(), block))
        any = b.CreateOr(any, comes(block));
    holds = b.CreateSelect(any, holds, b.getTrue());
  }
  tests.require(holds);
  return true;
}

Value *RegionTests::testHere(const GuardRegion &region,
                             ArrayRef<const Member *> members, Asks asks,
                             Instruction *at) {
  bool ifAllCome = asks != Asks::Each;
  // By the block that the accesses depend on; null: they always come.
  MapVector<BasicBlock *, Groups> tested;
  for (const Member *member : members) {
    AffineIndex index;
    index.start = evolution.getSCEV(member->guard.index);
    addToGroups(tested[ifAllCome ? nullptr : member->under()], evolution, index,
                member->guard);
  }
  std::vector<PathConditions> paths;
  for (const Fork &fork : region.forks)
    paths.emplace_back(tree, fork.from, fork.inner);
  IRBuilder<> b(at);
  Value *ok = nullptr;
  for (auto &[block, groups] : tested) {
    RangeTest tests(evolution, expander, at);
    emit(tests, groups, [&](const AccessGroup &group) {
      return asks == Asks::Near && emitExtents(tests, group, region, paths, at);
    });
    Value *holds = tests.get();
    if (block) {
      auto fork = llvm::find_if(region.forks, [&](const Fork &fork) {
        return fork.inner.contains(block);
      });
      Value *comes = paths[fork - region.forks.begin()].compute(block, at);
      b.SetInsertPoint(at);
      holds = b.CreateSelect(comes, holds, b.getTrue());
    }
    b.SetInsertPoint(at);
    ok = conjoin(b, ok, holds);
  }
  return ok;
}

RegionTests::Groups RegionTests::groupHere(const GuardRegion &region,
                                           bool ifAllCome) {
  Groups groups;
  SmallPtrSet<CallInst *, 8> depending;
  for (const Member &member : region.members) {
    AffineIndex index;
    index.start = evolution.getSCEV(member.guard.index);
    addToGroups(groups, evolution, index, member.guard);
    if (!ifAllCome && member.under())
      depending.insert(member.guard.call);
  }
  for (AccessGroup &group : groups)
    for (AccessGroup::Member &member : group.members) {
      CallInst *call = member.guard.call;
      member.under = depending.contains(call) ? call->getParent() : nullptr;
      member.aligned = needsAlignment && !misaligned.contains(call);
    }
  return groups;
}

Value *RegionTests::testApart(const Groups &groups, Instruction *at) {
  IRBuilder<> b(at);
  Value *ok = nullptr;
  for (const AccessGroup &group : groups) {
    int64_t farthest = 0;
    for (const AccessGroup::Member &member : group.members)
      farthest = std::max(farthest, member.delta);
    if (farthest == 0)
      continue;
    Value *start =
        expander.expandCodeFor(group.index.start, b.getInt32Ty(), at);
    b.SetInsertPoint(at);
    ok = conjoin(b, ok,
                 b.CreateICmpULE(start, b.getInt32(uint32_t(-1 - farthest))));
  }
  return ok;
}
