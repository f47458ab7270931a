//===- Ranges.h - where the accesses of a loop go ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An index that a loop nest steps through is start + sum of step * iteration,
// modulo 2^32. The same sum in exact arithmetic (start zero-extended, steps
// sign-extended) is congruent to it; where its smallest and its largest value
// lie inside [0, 2^32) the two are equal, so one test ahead of the nest shows
// that all accesses are in bounds and that no address wraps.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_BOUNDS_RANGES_H
#define TWC_LIB_TRANSFORMS_BOUNDS_RANGES_H

#include "Guard.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

namespace twc {

/// How often a loop's back edge is taken at most, as values that are known
/// ahead of the nest.
struct TripBound {
  /// The count itself; null if only the next three are known.
  const llvm::SCEV *count = nullptr;
  /// A loop that goes on while {first,+,stride} < limit, unsigned or signed: if
  /// stride > 0 and limit + stride does not overflow, then
  /// stride * count <= max(limit - first + stride - 1, 0).
  const llvm::SCEV *first = nullptr, *limit = nullptr, *stride = nullptr;
  bool isSigned = false;
};

/// An index in terms of the loops of a nest.
struct AffineIndex {
  /// Steps are kept below this in size, trip counts below 2^32 and terms to
  /// `maxTerms`: no sum of exact products leaves 63 bits.
  static constexpr int64_t maxStep = int64_t(1) << 27;
  static constexpr size_t maxTerms = 4;

  struct Term {
    const llvm::Loop *loop;
    const llvm::SCEV *step; // i32
    TripBound bound;
  };
  const llvm::SCEV *start = nullptr; // i32, invariant in the nest
  llvm::SmallVector<Term, 3> terms;  // innermost loop first

  bool hasSameTerms(const AffineIndex &other) const;
  /// The exact sum, as an i64 recurrence plus `delta`.
  const llvm::SCEV *exact(llvm::ScalarEvolution &evolution,
                          int64_t delta) const;
};

/// Takes indices of accesses apart.
class RangeAnalysis {
public:
  RangeAnalysis(llvm::ScalarEvolution &evolution, llvm::Loop &nest)
      : evolution(evolution), nest(nest) {}

  /// `index` (i32), used in `block` of the nest, as seen from ahead of the
  /// nest, if it is affine there. `inTile`: of accesses to shared memory. Loops
  /// over a tile make all its trips but at the edge of the data, and the tile is
  /// there as a whole: of them the largest number of trips is taken that there
  /// can be, which is the same in each trip of the loops around them.
  std::optional<AffineIndex> getAffine(llvm::Value *index,
                                       const llvm::BasicBlock *block,
                                       bool inTile);

  /// How often a loop of the nest goes back at most, each time that it runs.
  std::optional<TripBound> getTrips(const llvm::Loop &loop);
  /// The same as its latch says.
  std::optional<TripBound> getStridedBound(const llvm::Loop &loop);
  std::optional<TripBound> getMostTrips(const llvm::Loop &loop);

private:
  std::optional<TripBound> getBound(const llvm::Loop &loop);

  llvm::ScalarEvolution &evolution;
  llvm::Loop &nest;
  llvm::DenseMap<const llvm::Loop *, std::optional<TripBound>> bounds;
};

struct AccessGroup;

/// Whether `value` can be computed before `at`. LLVM's own answer is by blocks:
/// no to all that is made in the block of `at`.
bool isKnownAt(const llvm::SCEV *value, const llvm::Instruction *at,
               const llvm::SCEVExpander &expander,
               const llvm::DominatorTree &tree);

/// Emits tests ahead of a nest, or of a run of instructions.
class RangeTest {
public:
  RangeTest(llvm::ScalarEvolution &evolution, llvm::SCEVExpander &expander,
            llvm::Instruction *at)
      : evolution(evolution), expander(expander), at(at), b(at) {}

  /// Whether all that a test of `index` needs can be computed at the place.
  bool canTest(const AffineIndex &index) const;
  /// Conjoins: all accesses of `group` are in bounds, do not wrap and are
  /// aligned.
  void add(const AccessGroup &group);
  /// An access of a group that may come or not.
  struct Extent {
    llvm::Value *comes; // i1
    uint64_t end;       // as AccessGroup::end
  };
  /// The same of a group that no loop moves, if those accesses which come end
  /// at `end`, or where `extents` say: in ascending order, all beyond `end`.
  void add(const AccessGroup &group, uint64_t end,
           llvm::ArrayRef<Extent> extents);
  bool canTest(const TripBound &bound) const;
  /// i64: no fewer than a bound says, nor twice as many; below 2^33.
  llvm::Value *getTrips(const TripBound &bound);
  /// Conjoins a condition, known at the place.
  void require(llvm::Value *condition);
  /// i1: everything that was added holds.
  llvm::Value *get() { return ok ? ok : b.getTrue(); }

private:
  void addFixed(const AccessGroup &group, uint64_t end,
                llvm::ArrayRef<Extent> extents);
  void requireAligned(const AccessGroup &group, llvm::Value *start);
  llvm::Value *expand(const llvm::SCEV *value);
  llvm::Value *get(const Limit &limit);
  llvm::Value *getCount(const llvm::SCEV *count);
  std::pair<llvm::Value *, llvm::Value *>
  getDistance(const TripBound &bound);
  llvm::Value *travel(const AffineIndex::Term &term, llvm::Value *step);

  llvm::ScalarEvolution &evolution;
  llvm::SCEVExpander &expander;
  llvm::Instruction *at;
  llvm::IRBuilder<> b;
  llvm::Value *ok = nullptr;
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_BOUNDS_RANGES_H
