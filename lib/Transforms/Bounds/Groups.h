//===- Groups.h - accesses that one test covers -----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks of indices that differ by a constant are one range, and one test. What
// the test promises is then said of the accesses: no check, a 64-bit address
// that adds up without wrapping, an alignment.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_BOUNDS_GROUPS_H
#define TWC_LIB_TRANSFORMS_BOUNDS_GROUPS_H

#include "Ranges.h"

#include "llvm/IR/Dominators.h"

namespace twc {

/// The accesses at one affine index, up to a constant: within [begin, end) of
/// what its start adds up to.
struct AccessGroup {
  AffineIndex index;  // of the member with the lowest start
  uint64_t begin = 0; // least delta + offset of the members
  uint64_t end = 0;   // largest delta + offset + bytes of the members
  uint64_t alignment = 1; // that all members want
  bool aligned = false;   // the test asks for it
  struct Member {
    Guard guard;
    int64_t delta; // from the start of `index`
    bool aligned = false; // to its bytes, as the test shows
    /// The block behind which the test holds; null: in all that it was made
    /// for. That the sum of start and delta does not wrap holds everywhere.
    llvm::BasicBlock *under = nullptr;
  };
  llvm::SmallVector<Member, 4> members; // all in the same place

  /// The test must ask about the range: not where all that an index can reach
  /// is mapped, and there is no sum that could wrap on the way to it.
  bool needsRange() const;
};

/// Puts a check with others of the same way through the loops, from starts that
/// differ by a constant; else into a new group.
void addToGroups(llvm::SmallVectorImpl<AccessGroup> &groups,
                 llvm::ScalarEvolution &evolution, const AffineIndex &index,
                 const Guard &guard);

/// Settles the alignment that the tests will ask for: of each group, that of the
/// members with most bytes, if all agree with it. Then all members are aligned.
void chooseAlignment(llvm::MutableArrayRef<AccessGroup> groups);

/// Erases the members' checks, if they have any, and tells the accesses of
/// `blocks` what the test has shown; `widen`: also that their indices may be
/// computed in 64 bits.
void applyGroups(llvm::ArrayRef<llvm::BasicBlock *> blocks,
                 llvm::ArrayRef<AccessGroup> groups,
                 llvm::ScalarEvolution &evolution,
                 llvm::SCEVExpander &expander,
                 const llvm::DominatorTree &tree, bool widen = true);

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_BOUNDS_GROUPS_H
