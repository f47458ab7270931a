//===- RegionTests.h - whether a region's accesses are in place -*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The conditions under which a region runs without checks: tests of ranges,
// ahead of loops or at its entry, of all accesses or of those that come.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_BOUNDS_REGIONTESTS_H
#define TWC_LIB_TRANSFORMS_BOUNDS_REGIONTESTS_H

#include "Groups.h"
#include "Regions.h"

#include "llvm/ADT/SmallPtrSet.h"

namespace twc {

class RegionTests {
public:
  using Member = GuardRegion::Member;
  using Groups = llvm::SmallVector<AccessGroup, 8>;
  /// What a test asks of accesses that may come or not.
  enum class Asks {
    All,  // as if all came
    Near, // the same, but of shared memory, which is small, of those that come
    Each  // of those that come, each by itself
  };

  RegionTests(llvm::LoopInfo &loops, llvm::DominatorTree &tree,
              llvm::ScalarEvolution &evolution, llvm::SCEVExpander &expander,
              bool needsAlignment)
      : loops(loops), tree(tree), evolution(evolution), expander(expander),
        needsAlignment(needsAlignment) {}

  /// Forgets what tests have shown: for the next region.
  void clear() { misaligned.clear(); }
  /// The outermost loop ahead of which a test of `guard` can stand; null: none.
  llvm::Loop *findNest(const Guard &guard);
  /// Whether all members, which have such a loop, are in place in all
  /// iterations of the loops ahead of which they are tested; known at `at`.
  llvm::Value *testAhead(llvm::ArrayRef<const Member *> members,
                         llvm::Instruction *at);
  /// Whether the members are in place, tested at `at`.
  llvm::Value *testHere(const GuardRegion &region,
                        llvm::ArrayRef<const Member *> members, Asks asks,
                        llvm::Instruction *at);
  /// What the tests show of the accesses: of all, or each in its own block.
  Groups groupHere(const GuardRegion &region, bool ifAllCome);
  /// Whether the indices of each group are as far apart as they are in exact
  /// arithmetic, whatever comes: then one address does for all. Null: they are.
  llvm::Value *testApart(const Groups &groups, llvm::Instruction *at);

private:
  llvm::Loop *findNest(const Guard &guard, AffineIndex &index);
  void emit(RangeTest &tests, Groups &groups,
            llvm::function_ref<bool(const AccessGroup &)> emitOwn = nullptr);
  bool emitExtents(RangeTest &tests, const AccessGroup &group,
                   const GuardRegion &region,
                   llvm::MutableArrayRef<PathConditions> paths,
                   llvm::Instruction *at);

  llvm::LoopInfo &loops;
  llvm::DominatorTree &tree;
  llvm::ScalarEvolution &evolution;
  llvm::SCEVExpander &expander;
  bool needsAlignment;
  /// Guards of the region of which one of its tests does not show alignment.
  llvm::SmallPtrSet<llvm::CallInst *, 8> misaligned;
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_BOUNDS_REGIONTESTS_H
