//===- CloseExits.cpp - what a loop leaves of the fuel --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A counter of 64 bits is two instructions a trip. A loop that takes the same in
// each trip need not count if another value says how many trips there were; else
// it counts trips in 32 bits, for the test ahead of it has shown that there are
// fewer than 2^32.
//
//===----------------------------------------------------------------------===//

#include "Fuel.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;
using namespace twc;

namespace {

/// Tells at the exits of a loop how often it has gone back.
class TripCounter {
public:
  TripCounter(Loop &loop, ScalarEvolution &evolution)
      : loop(loop), evolution(evolution) {}

  /// As i64, in an exit block whose predecessors are of the loop.
  Value *getAt(BasicBlock *exit);

private:
  PHINode *find();

  Loop &loop;
  ScalarEvolution &evolution;
  PHINode *counter = nullptr; // i32
  Value *first = nullptr;     // of it
  bool goesDown = false;
};

} // namespace

/// A value that moves by one a trip; made if there is none.
PHINode *TripCounter::find() {
  BasicBlock *before = loop.getLoopPreheader();
  for (PHINode &phi : loop.getHeader()->phis()) {
    if (!phi.getType()->isIntegerTy(32))
      continue;
    auto *recurrence = dyn_cast<SCEVAddRecExpr>(evolution.getSCEV(&phi));
    if (!recurrence || recurrence->getLoop() != &loop ||
        !recurrence->isAffine())
      continue;
    const SCEV *step = recurrence->getStepRecurrence(evolution);
    if (!step->isOne() && !step->isAllOnesValue())
      continue;
    goesDown = !step->isOne();
    first = phi.getIncomingValueForBlock(before);
    return &phi;
  }
  BasicBlock *header = loop.getHeader(), *latch = loop.getLoopLatch();
  Type *i32 = Type::getInt32Ty(header->getContext());
  PHINode *phi =
      PHINode::Create(i32, 2, "tw.trips", header->getFirstNonPHIIt());
  IRBuilder<> b(latch->getTerminator());
  first = b.getInt32(0);
  phi->addIncoming(first, before);
  phi->addIncoming(b.CreateAdd(phi, b.getInt32(1)), latch);
  return phi;
}

Value *TripCounter::getAt(BasicBlock *exit) {
  if (!counter)
    counter = find();
  PHINode *closed =
      PHINode::Create(counter->getType(), 2, "", exit->begin());
  for (BasicBlock *from : predecessors(exit))
    closed->addIncoming(counter, from);
  IRBuilder<> b(exit, exit->getFirstInsertionPt());
  Value *trips = goesDown ? b.CreateSub(first, closed)
                          : b.CreateSub(closed, first);
  return b.CreateZExt(trips, b.getInt64Ty());
}

/// What is constant apart from `from`, and by how much.
static std::optional<int64_t> getDistance(Value *value, const SCEV *from,
                                          ScalarEvolution &evolution) {
  auto *distance = dyn_cast<SCEVConstant>(
      evolution.getMinusSCEV(evolution.getSCEV(value), from));
  if (!distance)
    return std::nullopt;
  return distance->getAPInt().getSExtValue();
}

/// Makes anew what `phi`, at an exit of `loop`, gets from the counter.
static bool closeExit(PHINode &phi, PHINode &counter, Loop &loop,
                      ScalarEvolution &evolution, TripCounter &trips) {
  auto *recurrence = dyn_cast<SCEVAddRecExpr>(evolution.getSCEV(&counter));
  if (!recurrence || recurrence->getLoop() != &loop || !recurrence->isAffine())
    return false;
  auto *step =
      dyn_cast<SCEVConstant>(recurrence->getStepRecurrence(evolution));
  if (!step)
    return false;
  SmallVector<std::pair<BasicBlock *, int64_t>, 4> distances;
  for (BasicBlock *from : predecessors(phi.getParent())) {
    if (!loop.contains(from))
      return false;
    std::optional<int64_t> distance = getDistance(
        phi.getIncomingValueForBlock(from), recurrence, evolution);
    if (!distance)
      return false;
    distances.push_back({from, *distance});
  }
  BasicBlock *exit = phi.getParent();
  Value *start = counter.getIncomingValueForBlock(loop.getLoopPreheader());
  Value *times = trips.getAt(exit);
  PHINode *distance = PHINode::Create(phi.getType(), 2, "", exit->begin());
  for (auto [from, by] : distances)
    distance->addIncoming(ConstantInt::getSigned(phi.getType(), by), from);
  IRBuilder<> b(exit, exit->getFirstInsertionPt());
  if (auto *made = dyn_cast<Instruction>(times))
    b.SetInsertPoint(std::next(made->getIterator()));
  Value *moved = b.CreateMul(
      times, ConstantInt::get(phi.getType(), step->getAPInt()));
  phi.replaceAllUsesWith(b.CreateAdd(b.CreateAdd(start, distance), moved));
  evolution.forgetValue(&phi);
  phi.eraseFromParent();
  if (Value *one = distance->hasConstantValue()) {
    distance->replaceAllUsesWith(one);
    distance->eraseFromParent();
  }
  return true;
}

static PHINode *findCounter(Loop &loop, const FuelWeb &web) {
  PHINode *found = nullptr;
  for (PHINode &phi : loop.getHeader()->phis())
    if (web.members.contains(&phi)) {
      if (found)
        return nullptr;
      found = &phi;
    }
  return found;
}

void twc::closeExits(Loop &nest, const FuelWeb &web,
                     ScalarEvolution &evolution) {
  SmallVector<Loop *> loops = nest.getLoopsInPreorder();
  for (Loop *loop : llvm::reverse(loops)) {
    PHINode *counter = findCounter(*loop, web);
    if (!counter || !loop->getLoopPreheader() || !loop->getLoopLatch() ||
        !loop->hasDedicatedExits())
      continue;
    TripCounter trips(*loop, evolution);
    SmallVector<BasicBlock *> exits;
    loop->getUniqueExitBlocks(exits);
    for (BasicBlock *exit : exits)
      for (PHINode &phi : llvm::make_early_inc_range(exit->phis())) {
        if (!phi.getType()->isIntegerTy(64) ||
            llvm::none_of(phi.incoming_values(), [&](const Use &use) {
              auto *made = dyn_cast<Instruction>(use.get());
              return made && web.members.contains(made);
            }))
          continue;
        if (phi.use_empty())
          phi.eraseFromParent();
        else
          closeExit(phi, *counter, *loop, evolution, trips);
      }
    RecursivelyDeleteDeadPHINode(counter);
    evolution.forgetTopmostLoop(loop);
  }
}
