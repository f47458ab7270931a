//===- WidenAddresses.cpp - 64-bit addresses without a test ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What VersionLoops and GroupGuards do behind their tests, where the tests are
// taken to hold: an index that a loop nest steps through becomes a 64-bit
// recurrence, and indices that differ by a constant become one with offsets.
// There are no guards any more; the accesses themselves say what they touch.
//
//===----------------------------------------------------------------------===//

#include "Groups.h"

#include "twc/Transforms/Passes.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using namespace twc;

namespace {

class Widener {
public:
  Widener(Function &function, FunctionAnalysisManager &manager)
      : function(function), loops(manager.getResult<LoopAnalysis>(function)),
        tree(manager.getResult<DominatorTreeAnalysis>(function)),
        evolution(manager.getResult<ScalarEvolutionAnalysis>(function)),
        expander(evolution, "tw.address") {}

  bool run();

private:
  void visit(Loop &nest);
  void widenBlock(BasicBlock &block);
  void apply(ArrayRef<BasicBlock *> blocks, ArrayRef<AccessGroup> groups);

  Function &function;
  LoopInfo &loops;
  DominatorTree &tree;
  ScalarEvolution &evolution;
  SCEVExpander expander;
  DenseSet<Value *> widened; // indices that are done
  bool changed = false;
};

} // namespace

/// The range of an access, as a check of it would have told.
static std::optional<Guard> rangeOf(Instruction &instruction) {
  std::optional<GuestAccess> access = GuestAccess::match(instruction);
  if (!access || access->offset < 0 || !isUInt<32>(access->offset))
    return std::nullopt;
  Guard range;
  range.index = access->address->getOperand(0);
  range.offset = uint64_t(access->offset);
  range.bytes = instruction.getDataLayout().getTypeStoreSize(
      getLoadStoreType(&instruction));
  return range;
}

void Widener::apply(ArrayRef<BasicBlock *> blocks,
                    ArrayRef<AccessGroup> groups) {
  if (groups.empty())
    return;
  for (const AccessGroup &group : groups)
    for (const AccessGroup::Member &member : group.members)
      widened.insert(member.guard.index);
  applyGroups(blocks, groups, evolution, expander, tree);
  changed = true;
}

void Widener::visit(Loop &nest) {
  if (nest.isLoopSimplifyForm()) {
    RangeAnalysis ranges(evolution, nest);
    RangeTest tests(evolution, expander,
                    nest.getLoopPreheader()->getTerminator());
    SmallVector<AccessGroup, 8> groups;
    for (BasicBlock *block : nest.blocks())
      for (Instruction &instruction : *block) {
        std::optional<Guard> range = rangeOf(instruction);
        if (!range || widened.contains(range->index))
          continue;
        auto index = ranges.getAffine(range->index, block, false);
        if (index && !index->terms.empty())
          addToGroups(groups, evolution, *index, *range);
      }
    llvm::erase_if(groups, [&](const AccessGroup &group) {
      return !tests.canTest(group.index);
    });
    apply(nest.getBlocks(), groups);
    evolution.forgetTopmostLoop(&nest);
  }
  for (Loop *inner : SmallVector<Loop *>(nest.begin(), nest.end()))
    visit(*inner);
}

void Widener::widenBlock(BasicBlock &block) {
  SmallVector<AccessGroup, 8> groups;
  for (Instruction &instruction : block) {
    std::optional<Guard> range = rangeOf(instruction);
    if (!range || widened.contains(range->index))
      continue;
    AffineIndex index;
    index.start = evolution.getSCEV(range->index);
    // Where the access's own address is made, there it can be made anew.
    auto *address = GuestAccess::match(instruction)->address;
    if (isKnownAt(index.start, address, expander, tree))
      addToGroups(groups, evolution, index, *range);
  }
  llvm::erase_if(groups, [](const AccessGroup &group) {
    return llvm::all_of(group.members, [](const AccessGroup::Member &member) {
      return member.delta == 0;
    });
  });
  apply(&block, groups);
}

bool Widener::run() {
  for (Loop *loop : SmallVector<Loop *>(loops.begin(), loops.end()))
    visit(*loop);
  for (BasicBlock &block : function)
    widenBlock(block);
  return changed;
}

PreservedAnalyses WidenAddresses::run(Function &function,
                                      FunctionAnalysisManager &manager) {
  if (!Widener(function, manager).run())
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
