//===- GroupGuards.cpp - one test for a run of accesses -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Outside of loops, and where a loop's index has no formula: the accesses of one
// block whose indices are known before the first of them. Fields of a structure
// and the neighbours of a stencil become one range each; accesses at unrelated
// addresses still share the branch. Behind the test there is neither check nor
// question of alignment; a copy of the run has both.
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
        auto *size = dyn_cast<Instruction>(guard->size);
        return expander.isSafeToExpandAt(index, at) &&
               (!size || size->getParent() != &block ||
                size->comesBefore(at));
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
    if (auto access = GuestAccess::match(instruction))
      if (addresses.contains(access->address->getOperand(0)))
        run.last = &instruction;
  }
  finish(run);
}

void Grouper::split(Run &run) {
  SmallVector<AccessGroup, 8> groups;
  for (const Guard &guard : run.guards) {
    AffineIndex index;
    index.start = evolution.getSCEV(guard.index);
    addToGroups(groups, evolution, index, guard);
  }
  if (needsAlignment)
    chooseAlignment(groups);

  RangeTest tests(evolution, expander, run.first);
  for (const AccessGroup &group : groups)
    tests.add(group);
  Value *ok = tests.get();

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
  for (Instruction &instruction : *slow) {
    RemapInstruction(&instruction, map,
                     RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
    if (std::optional<Guard> guard = Guard::match(instruction))
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
