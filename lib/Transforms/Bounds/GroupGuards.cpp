//===- GroupGuards.cpp - one test for a run of accesses -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Outside of loops, in loops that cannot be copied (threads meet in them), and
// where a loop's index has no formula: regions without loops (Regions.h).
// Fields of a structure and the neighbours of a stencil become one range each;
// accesses at unrelated addresses still share the branch. Behind the test there
// is neither check nor question of alignment; a copy of the region has both.
//
// In a loop that cannot be copied one test ahead of it, of all iterations,
// leaves a branch in it. Accesses that do not always come may fail a test
// without need: then one of what does come decides.
//
//===----------------------------------------------------------------------===//

#include "../ByteAccess.h"
#include "../CheckedAccess.h"
#include "Groups.h"
#include "Regions.h"
#include "Remarks.h"

#include "twc/Transforms/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace twc;

/// More blocks that may come or not would make a second test too long.
static constexpr size_t maxDepending = 12;

namespace {

/// Where a region's test has failed, a misaligned address is the likeliest
/// cause, or a trap comes: no test of the alignment, and nothing that could be
/// merged with the access of the region itself.
void accessBytes(BasicBlock &block) {
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
      Value *value = b.CreateCall(getByteLoad(module, bytes, space, true), pointer);
      load->replaceAllUsesWith(b.CreateBitCast(value, type));
    } else {
      b.CreateCall(getByteStore(module, bytes, space, true),
                   {pointer, b.CreateBitCast(store->getValueOperand(), moved)});
    }
    instruction.eraseFromParent();
  }
}

class Grouper {
public:
  Grouper(Function &function, FunctionAnalysisManager &manager,
          bool needsAlignment)
      : needsAlignment(needsAlignment),
        isOutlining(needsAlignment && isWorthOutlining(function)),
        function(function), loops(manager.getResult<LoopAnalysis>(function)),
        tree(manager.getResult<DominatorTreeAnalysis>(function)),
        ends(manager.getResult<PostDominatorTreeAnalysis>(function)),
        evolution(manager.getResult<ScalarEvolutionAnalysis>(function)),
        expander(evolution, "tw.range"), remarks(function) {}

  bool run();

private:
  using Member = GuardRegion::Member;
  using Groups = SmallVector<AccessGroup, 8>;
  /// By the block that the accesses depend on; null: they always come.
  using GroupsByBlock = MapVector<BasicBlock *, Groups>;

  Loop *findNest(const Guard &guard, AffineIndex &index);
  /// What a test asks of accesses that may come or not.
  enum class Asks {
    All,  // as if all came
    Near, // the same, but of shared memory, which is small, of those that come
    Each  // of those that come, each by itself
  };

  void emit(RangeTest &tests, Groups &groups,
            function_ref<bool(const AccessGroup &)> emitOwn = nullptr);
  bool emitExtents(RangeTest &tests, const AccessGroup &group,
                   const GuardRegion &region,
                   MutableArrayRef<PathConditions> paths, Instruction *at);
  Value *testAhead(ArrayRef<const Member *> members, Instruction *at);
  Value *testHere(const GuardRegion &region, ArrayRef<const Member *> members,
                  Asks asks, Instruction *at);
  Groups groupHere(const GuardRegion &region, bool ifAllCome);
  Value *testApart(const Groups &groups, Instruction *at,
                   function_ref<bool(const AccessGroup &)> isNeeded);
  void split(GuardRegion &region);
  BasicBlock *copy(const GuardRegion &region, BasicBlock *head,
                   BasicBlock *choice, BasicBlock *tail);

  bool needsAlignment, isOutlining;
  Function &function;
  LoopInfo &loops;
  DominatorTree &tree;
  PostDominatorTree &ends;
  ScalarEvolution &evolution;
  SCEVExpander expander;
  GuardRemarks remarks;
  /// Guards of the region of which one of its tests does not show alignment.
  SmallPtrSet<CallInst *, 8> misaligned;
};

} // namespace

static BasicBlock *blockOf(const GuardRegion::Member &member) {
  return member.fork < 0 ? nullptr : member.guard.call->getParent();
}

/// The outermost loop ahead of which a test of `guard` can stand, with its
/// index as seen from there; null: none.
Loop *Grouper::findNest(const Guard &guard, AffineIndex &index) {
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
    std::optional<AffineIndex> affine = ranges.getAffine(guard.index, block);
    if (!affine || !RangeTest(evolution, expander, before->getTerminator())
                        .canTest(*affine))
      break;
    found = nest;
    index = *affine;
  }
  return found;
}

static Value *conjoin(IRBuilder<> &b, Value *left, Value *right) {
  return left ? b.CreateAnd(left, right) : right;
}

void Grouper::emit(RangeTest &tests, Groups &groups,
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

/// Whether all members are in place in all iterations of the loops ahead of
/// which they can be tested; known at `at`.
Value *Grouper::testAhead(ArrayRef<const Member *> members, Instruction *at) {
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

/// Tests of a group in shared memory how far those reach that come; false if
/// that is nothing special. Memory itself has room behind most accesses, but a
/// tile ends with its last element: what follows another access on its way, as
/// the second trip of a loop does, may not come for that very reason.
bool Grouper::emitExtents(RangeTest &tests, const AccessGroup &group,
                          const GuardRegion &region,
                          MutableArrayRef<PathConditions> paths,
                          Instruction *at) {
  std::optional<Place> place = Place::match(*group.members.front().guard.call);
  if (!place || !place->isShared)
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
  uint64_t least = 0;
  SmallVector<BasicBlock *> first, later;
  for (auto &[block, end] : ends) {
    bool follows = llvm::any_of(ends, [&](auto &other) {
      return tree.properlyDominates(other.first, block);
    });
    (follows ? later : first).push_back(block);
    if (!follows)
      least = std::max(least, end);
  }
  SmallVector<RangeTest::Extent, 4> extents;
  for (BasicBlock *block : later)
    if (ends[block] > least)
      extents.push_back({comes(block), ends[block]});
  llvm::stable_sort(extents, [](const RangeTest::Extent &a,
                                const RangeTest::Extent &b) {
    return a.end < b.end;
  });
  bool mayBeNone =
      first.size() == 1 && forkOf(first.front()) != region.forks.end();
  if (extents.empty() && !mayBeNone)
    return false;
  RangeTest own(evolution, expander, at);
  own.add(group, least, extents);
  Value *holds = own.get();
  if (mayBeNone)
    holds = IRBuilder<>(at).CreateSelect(comes(first.front()), holds,
                                         ConstantInt::getTrue(at->getContext()));
  tests.require(holds);
  return true;
}

/// Whether the members are in place, tested at `at`.
Value *Grouper::testHere(const GuardRegion &region,
                         ArrayRef<const Member *> members, Asks asks,
                         Instruction *at) {
  bool ifAllCome = asks != Asks::Each;
  GroupsByBlock tested;
  for (const Member *member : members) {
    AffineIndex index;
    index.start = evolution.getSCEV(member->guard.index);
    addToGroups(tested[ifAllCome ? nullptr : blockOf(*member)], evolution,
                index, member->guard);
  }
  std::vector<PathConditions> paths;
  for (const Fork &fork : region.forks)
    paths.emplace_back(tree, fork.from, fork.inner);
  IRBuilder<> b(at);
  Value *ok = nullptr;
  for (auto &[block, groups] : tested) {
    RangeTest tests(evolution, expander, at);
    emit(tests, groups, [&](const AccessGroup &group) {
      return asks == Asks::Near &&
             emitExtents(tests, group, region, paths, at);
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

/// What the tests show of the accesses: of all, or each in its own block.
Grouper::Groups Grouper::groupHere(const GuardRegion &region, bool ifAllCome) {
  Groups groups;
  SmallPtrSet<CallInst *, 8> depending;
  for (const Member &member : region.members) {
    AffineIndex index;
    index.start = evolution.getSCEV(member.guard.index);
    addToGroups(groups, evolution, index, member.guard);
    if (!ifAllCome && blockOf(member))
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

/// Whether the indices of each group are as far apart as they are in exact
/// arithmetic, whatever comes: then one address does for all.
Value *Grouper::testApart(const Groups &groups, Instruction *at,
                          function_ref<bool(const AccessGroup &)> isNeeded) {
  IRBuilder<> b(at);
  Value *ok = b.getTrue();
  for (const AccessGroup &group : groups) {
    int64_t farthest = 0;
    for (const AccessGroup::Member &member : group.members)
      farthest = std::max(farthest, member.delta);
    if (farthest == 0 || !isNeeded(group))
      continue;
    Value *start =
        expander.expandCodeFor(group.index.start, b.getInt32Ty(), at);
    b.SetInsertPoint(at);
    ok = b.CreateAnd(
        ok, b.CreateICmpULE(start, b.getInt32(uint32_t(-1 - farthest))));
  }
  return ok;
}

/// Copies the region behind `head`, to be entered from `choice` and to join
/// again at `tail`. Returns the copy's entry.
BasicBlock *Grouper::copy(const GuardRegion &region, BasicBlock *head,
                          BasicBlock *choice, BasicBlock *tail) {
  ValueToValueMapTy map;
  SmallVector<BasicBlock *> copies;
  Loop *loop = loops.getLoopFor(head);
  for (BasicBlock *block : region.blocks) {
    BasicBlock *made = CloneBasicBlock(block, map, ".checked", &function);
    made->moveBefore(tail);
    map[block] = made;
    copies.push_back(made);
    if (loop)
      loop->addBasicBlockToLoop(made, loops);
  }
  remapInstructionsInBlocks(copies, map);
  // In this order a block's dominator comes first.
  tree.addNewBlock(copies.front(), choice);
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
  tree.changeImmediateDominator(tail, head);

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
  if (needsAlignment)
    for (BasicBlock *block : copies) {
      if (isOutlining)
        outlineCheckedAccesses(*block);
      accessBytes(*block);
    }
  return copies.front();
}

/// The entry gets a block of its own, as does what follows the region, which is
/// returned.
static BasicBlock *isolate(GuardRegion &region, DominatorTree &tree,
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

/// Ends `block` with a branch that most likely goes to `often`.
static void branch(BasicBlock *block, Value *condition, BasicBlock *often,
                   BasicBlock *seldom) {
  Instruction *end = block->getTerminator();
  IRBuilder<> b(end);
  b.CreateCondBr(condition, often, seldom,
                 MDBuilder(b.getContext()).createLikelyBranchWeights());
  end->eraseFromParent();
}

void Grouper::split(GuardRegion &region) {
  BasicBlock *head = region.first->getParent();
  BasicBlock *tail = isolate(region, tree, loops);
  BasicBlock *fast = region.blocks.front();
  misaligned.clear();

  SmallVector<const Member *> ahead, here, all;
  SmallPtrSet<BasicBlock *, 8> depending;
  for (const Member &member : region.members) {
    AffineIndex index;
    (findNest(member.guard, index) ? ahead : here).push_back(&member);
    all.push_back(&member);
    if (BasicBlock *block = blockOf(member))
      depending.insert(block);
  }
  remarks.grouped(region, [&](const Guard &guard) {
    AffineIndex index;
    return findNest(guard, index) != nullptr;
  });
  // First as if all came: that is one range where the indices are neighbours.
  bool once = depending.empty() || depending.size() > maxDepending;
  Instruction *end = head->getTerminator();
  Value *ok = ahead.empty() ? nullptr : testAhead(ahead, end);
  if (!here.empty()) {
    Value *holds =
        testHere(region, here, once ? Asks::All : Asks::Near, end);
    ok = ok ? IRBuilder<>(end).CreateAnd(ok, holds) : holds;
  }
  if (!ahead.empty()) {
    // Tests at different places say nothing of the distance between them.
    auto nestOf = [&](const Guard &guard) {
      AffineIndex index;
      return findNest(guard, index);
    };
    Value *apart = testApart(
        groupHere(region, once), end, [&](const AccessGroup &group) {
          Loop *nest = nestOf(group.members.front().guard);
          return llvm::any_of(group.members,
                              [&](const AccessGroup::Member &member) {
                                return nestOf(member.guard) != nest;
                              });
        });
    ok = IRBuilder<>(end).CreateAnd(ok, apart);
  }
  if (once) {
    BasicBlock *slow = copy(region, head, head, tail);
    branch(head, ok, fast, slow);
  } else {
    // Then of those that come.
    BasicBlock *test = BasicBlock::Create(
        function.getContext(), fast->getName() + ".test", &function, fast);
    BranchInst::Create(fast, test);
    tree.addNewBlock(test, head);
    if (Loop *loop = loops.getLoopFor(head))
      loop->addBasicBlockToLoop(test, loops);
    branch(head, ok, fast, test);
    Value *holds =
        testHere(region, all, Asks::Each, test->getTerminator());
    holds = IRBuilder<>(test->getTerminator())
                .CreateAnd(holds, testApart(groupHere(region, once),
                                            test->getTerminator(),
                                            [](auto &) { return true; }));
    BasicBlock *slow = copy(region, head, test, tail);
    branch(test, holds, fast, slow);
  }
  applyGroups(region.blocks.getArrayRef(), groupHere(region, once), evolution,
              expander, tree);
}

bool Grouper::run() {
  // Worth a copy: it spares a branch at least.
  std::vector<GuardRegion> regions = findGuardRegions(
      function, loops, tree, ends, evolution, expander,
      [&](const GuardRegion &region) {
        return region.members.size() > 1 ||
               (needsAlignment && region.members.front().guard.bytes > 1);
      });
  // From the last to the first: the values of a region that others use get new
  // names, which no later step may have to know.
  for (GuardRegion &region : llvm::reverse(regions)) {
    // It knows what it made by the instruction before which it was, and some of
    // these are gone.
    expander.clear();
    split(region);
  }
  return !regions.empty();
}

PreservedAnalyses twc::GroupGuards::run(Function &function,
                                        FunctionAnalysisManager &manager) {
  if (!Grouper(function, manager, needsAlignment).run())
    return PreservedAnalyses::all();
  return PreservedAnalyses::none();
}
