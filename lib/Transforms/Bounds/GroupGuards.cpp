//===- GroupGuards.cpp - one test for a run of accesses -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Outside of loops, in loops that cannot be copied (threads meet in them), and
// where a loop's index has no formula: the accesses of one block whose indices
// are known before the first of them. Fields of a structure and the neighbours of
// a stencil become one range each; accesses at unrelated addresses still share
// the branch. Behind the test there is neither check nor question of alignment; a
// copy of the run has both. Ahead of a loop that cannot be copied the test is
// made once for all iterations, and the branch remains.
//
//===----------------------------------------------------------------------===//

#include "../ByteAccess.h"
#include "Groups.h"

#include "twc/Transforms/Passes.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace twc;

/// A run longer than this is cut: its copy would cost more than it saves.
static constexpr unsigned maxCopied = 400;

namespace {

/// Where a run's test has failed, a misaligned address is the likeliest cause,
/// or a trap comes: no test of the alignment, and nothing that could be merged
/// with the access of the run itself.
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
    Type *moved = bytes <= 16 ? getBytesType(block.getContext(), bytes)
                              : nullptr;
    if (bytes < 2 || !isPowerOf2_64(bytes) || !moved ||
        getLoadStoreAlignment(&instruction).value() >= bytes ||
        !CastInst::isBitCastable(type, moved))
      continue;
    IRBuilder<> b(&instruction);
    Module &module = *block.getModule();
    Value *pointer = getLoadStorePointerOperand(&instruction);
    unsigned space = pointer->getType()->getPointerAddressSpace();
    if (load) {
      Value *value = b.CreateCall(getByteLoad(module, bytes, space), pointer);
      load->replaceAllUsesWith(b.CreateBitCast(value, type));
    } else {
      b.CreateCall(getByteStore(module, bytes, space),
                   {pointer, b.CreateBitCast(store->getValueOperand(), moved)});
    }
    instruction.eraseFromParent();
  }
}

class Grouper {
public:
  Grouper(Function &function, FunctionAnalysisManager &manager,
          bool needsAlignment)
      : needsAlignment(needsAlignment), function(function),
        loops(manager.getResult<LoopAnalysis>(function)),
        tree(manager.getResult<DominatorTreeAnalysis>(function)),
        evolution(manager.getResult<ScalarEvolutionAnalysis>(function)),
        expander(evolution, "tw.range") {}

  bool run();

private:
  /// From the first check to the last access that one is for.
  struct Run {
    Instruction *first = nullptr, *last = nullptr;
    SmallVector<Guard, 8> guards;
  };

  void findRuns(BasicBlock &block);
  void finish(Run &run);
  Loop *findNest(const Guard &guard, AffineIndex &index);
  Value *addTests(const Run &run, SmallVectorImpl<AccessGroup> &groups);
  void split(Run &run);

  bool needsAlignment;
  Function &function;
  LoopInfo &loops;
  DominatorTree &tree;
  ScalarEvolution &evolution;
  SCEVExpander expander;
  std::vector<Run> runs;
};

} // namespace

/// Worth a copy: it spares a branch at least.
void Grouper::finish(Run &run) {
  if (run.guards.size() > 1 ||
      (needsAlignment && run.guards.size() == 1 &&
       run.guards.front().bytes > 1))
    runs.push_back(std::move(run));
  run = Run();
}

void Grouper::findRuns(BasicBlock &block) {
  Run run;
  SmallDenseSet<Value *> addresses; // of the run's checks
  unsigned length = 0;
  for (Instruction &instruction : block) {
    if (++length > maxCopied) {
      finish(run);
      length = 0;
    }
    if (std::optional<Guard> guard = Guard::match(instruction)) {
      const SCEV *index = evolution.getSCEV(guard->index);
      auto available = [&](Instruction *at) {
        return expander.isSafeToExpandAt(index, at) &&
               llvm::all_of(guard->operands(), [&](Value *operand) {
                 auto *made = dyn_cast_if_present<Instruction>(operand);
                 return !made || made->getParent() != &block ||
                        made->comesBefore(at);
               });
      };
      if (guard->isCold())
        continue;
      if (run.first && !available(run.first))
        finish(run);
      if (!run.first) {
        if (!available(&instruction))
          continue;
        run.first = &instruction;
        length = 0;
        addresses.clear();
      }
      run.guards.push_back(*guard);
      addresses.insert(guard->index);
      run.last = &instruction;
      continue;
    }
    if (!run.first)
      continue;
    // What threads do together must not be copied; an atomic is dearer than the
    // branch that a longer run would save, and becomes much code.
    auto *call = dyn_cast<CallBase>(&instruction);
    if (instruction.isAtomic() ||
        (call && (call->isConvergent() || call->cannotDuplicate()))) {
      finish(run);
      continue;
    }
    auto *pointer =
        dyn_cast_if_present<Instruction>(getLoadStorePointerOperand(&instruction));
    if (pointer && pointer->getParent() == &block &&
        !pointer->comesBefore(run.first) && Place::match(*pointer))
      run.last = &instruction;
    if (auto access = GuestAccess::match(instruction))
      if (addresses.contains(access->address->getOperand(0)))
        run.last = &instruction;
  }
  finish(run);
}

/// The outermost loop ahead of which a test of `guard` can stand, with its index
/// as seen from there; null: none. The accesses must come in every iteration, or
/// the test would ask for what no access touches.
Loop *Grouper::findNest(const Guard &guard, AffineIndex &index) {
  const BasicBlock *block = guard.call->getParent();
  Loop *found = nullptr;
  for (Loop *nest = loops.getLoopFor(block); nest;
       nest = nest->getParentLoop()) {
    BasicBlock *latch = nest->getLoopLatch(), *before = nest->getLoopPreheader();
    if (!latch || !before || !tree.dominates(block, latch) ||
        llvm::any_of(guard.operands(), [&](Value *operand) {
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

/// Emits the tests of a run: ahead of a loop where that is possible, else before
/// its first check. The groups are those of the run's block. Returns an i1.
Value *Grouper::addTests(const Run &run,
                         SmallVectorImpl<AccessGroup> &groups) {
  MapVector<Loop *, SmallVector<AccessGroup, 8>> tested;
  for (const Guard &guard : run.guards) {
    AffineIndex index;
    Loop *nest = findNest(guard, index);
    if (!nest)
      index.start = evolution.getSCEV(guard.index);
    addToGroups(tested[nest], evolution, index, guard);
  }
  Value *ok = nullptr;
  for (auto &[nest, members] : tested) {
    if (needsAlignment)
      chooseAlignment(members);
    RangeTest tests(evolution, expander,
                    nest ? nest->getLoopPreheader()->getTerminator()
                         : run.first);
    for (AccessGroup &group : members) {
      tests.add(group);
      for (const AccessGroup::Member &member : group.members)
        if (member.delta == 0)
          group.index = {evolution.getSCEV(member.guard.index), {}};
      groups.push_back(std::move(group));
    }
    Value *holds = tests.get();
    ok = ok ? IRBuilder<>(run.first).CreateAnd(ok, holds) : holds;
  }
  return ok;
}

void Grouper::split(Run &run) {
  SmallVector<AccessGroup, 8> groups;
  Value *ok = addTests(run, groups);

  BasicBlock *head = run.first->getParent();
  BasicBlock *fast =
      SplitBlock(head, run.first->getIterator(), &tree, &loops);
  BasicBlock *tail =
      SplitBlock(fast, std::next(run.last->getIterator()), &tree, &loops);
  ValueToValueMapTy map;
  BasicBlock *slow = CloneBasicBlock(fast, map, ".checked", &function);
  slow->moveAfter(fast);
  if (Loop *loop = loops.getLoopFor(fast))
    loop->addBasicBlockToLoop(slow, loops);
  SmallVector<Place> places;
  for (Instruction &instruction : *slow) {
    RemapInstruction(&instruction, map,
                     RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
    if (std::optional<Place> place = Place::match(instruction))
      places.push_back(*place);
    else if (std::optional<Guard> guard = Guard::match(instruction))
      guard->setCold();
  }
  Instruction *end = head->getTerminator();
  BranchInst *choice = BranchInst::Create(fast, slow, ok, end->getIterator());
  choice->setMetadata(
      LLVMContext::MD_prof,
      MDBuilder(function.getContext()).createLikelyBranchWeights());
  end->eraseFromParent();
  tree.addNewBlock(slow, head);
  tree.changeImmediateDominator(tail, head);

  for (Instruction &instruction : *fast) {
    SmallVector<Use *> outside;
    for (Use &use : instruction.uses()) {
      auto *user = cast<Instruction>(use.getUser());
      BasicBlock *at = user->getParent();
      if (auto *phi = dyn_cast<PHINode>(user))
        at = phi->getIncomingBlock(use);
      if (at != fast)
        outside.push_back(&use);
    }
    if (outside.empty())
      continue;
    PHINode *phi =
        PHINode::Create(instruction.getType(), 2, "", tail->begin());
    phi->addIncoming(&instruction, fast);
    phi->addIncoming(map[&instruction], slow);
    for (Use *use : outside)
      use->set(phi);
  }
  applyGroups(fast, groups, evolution, expander);
  for (const Place &place : places)
    place.outline();
  if (needsAlignment)
    accessBytes(*slow);
}

bool Grouper::run() {
  // From the last to the first: the values of a run that others use get new
  // names, which no later step may have to know.
  for (BasicBlock *block : ReversePostOrderTraversal<Function *>(&function))
    findRuns(*block);
  for (Run &run : llvm::reverse(runs))
    split(run);
  return !runs.empty();
}

PreservedAnalyses twc::GroupGuards::run(Function &function,
                                        FunctionAnalysisManager &manager) {
  if (!Grouper(function, manager, needsAlignment).run())
    return PreservedAnalyses::all();
  return PreservedAnalyses::none();
}
