//===- Strides.cpp - loops that step towards a limit ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   before:  if v1 + (n - 2) * stride < limit, exactly: bulk, else rest
//   bulk:    n trips, then v, the next to be compared
//            if v + (n - 1) * stride < limit, exactly: bulk
//   after:   if v < limit: rest, else exit
//   rest:    the loop as it was
//
// v1 is the first value that is compared: the loop's first trip always comes.
//
//===----------------------------------------------------------------------===//

#include "Strides.h"

#include "Latch.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;
using namespace twc;

std::optional<StridedLoop> StridedLoop::match(Loop &loop,
                                              ScalarEvolution &evolution) {
  std::optional<Latch> latch = Latch::match(loop);
  if (!latch || loop.getExitingBlock() != loop.getLoopLatch() ||
      !loop.isLoopInvariant(latch->more))
    return std::nullopt;
  StridedLoop result(loop);
  result.compared = latch->less;
  result.limit = latch->more;
  result.isSigned = latch->isSigned;
  auto *recurrence =
      dyn_cast<SCEVAddRecExpr>(evolution.getSCEV(result.compared));
  if (!recurrence || recurrence->getLoop() != &loop || !recurrence->isAffine())
    return std::nullopt;
  result.first = recurrence->getStart();
  result.stride = recurrence->getStepRecurrence(evolution);
  SCEVExpander expander(evolution, "tw.stride");
  Instruction *at = loop.getLoopPreheader()->getTerminator();
  if (!expander.isSafeToExpandAt(result.first, at) ||
      !expander.isSafeToExpandAt(result.stride, at))
    return std::nullopt;
  return result;
}

namespace {

/// The values of the last trip so far, by those of the original.
struct Trips {
  Trips(Loop &loop, BasicBlock *before, BasicBlock *after, Loop &bulk,
        LoopInfo &loops)
      : loop(loop), rest(loop.getLoopPreheader()), before(before), after(after),
        bulk(bulk), loops(loops) {}

  void add();
  Value *get(Value *value) {
    Value *copy = map.lookup(value);
    return copy ? copy : value;
  }

  Loop &loop;
  BasicBlock *rest, *before, *after;
  Loop &bulk;
  LoopInfo &loops;
  BasicBlock *header = nullptr, *latch = nullptr;
  ValueToValueMapTy map;
};

} // namespace

/// Adds a trip behind the last one.
void Trips::add() {
  BasicBlock *origin = loop.getLoopLatch();
  ValueToValueMapTy next;
  SmallVector<BasicBlock *> blocks;
  for (BasicBlock *block : loop.blocks()) {
    BasicBlock *copy =
        CloneBasicBlock(block, next, ".trip", after->getParent());
    copy->moveBefore(after);
    next[block] = copy;
    blocks.push_back(copy);
    bulk.addBasicBlockToLoop(copy, loops);
  }
  auto *entry = cast<BasicBlock>(next[loop.getHeader()]);
  for (PHINode &phi : loop.getHeader()->phis()) {
    if (!header) {
      auto *copy = cast<PHINode>(next[&phi]);
      copy->setIncomingBlock(unsigned(copy->getBasicBlockIndex(rest)), before);
      continue;
    }
    cast<PHINode>(next[&phi])->eraseFromParent();
    next[&phi] = get(phi.getIncomingValueForBlock(origin));
  }
  remapInstructionsInBlocks(blocks, next);
  if (header) {
    latch->getTerminator()->eraseFromParent();
    BranchInst::Create(entry, latch);
  } else {
    header = entry;
  }
  latch = cast<BasicBlock>(next[origin]);
  map.clear();
  for (auto [value, copy] : next)
    map[value] = copy;
}

void StridedLoop::unroll(unsigned count, ScalarEvolution &evolution,
                         LoopInfo &loops, DominatorTree &tree) {
  LLVMContext &context = loop.getHeader()->getContext();
  BasicBlock *before = loop.getLoopPreheader(), *latch = loop.getLoopLatch();
  BasicBlock *exit = loop.getExitBlock();
  // The rest's own exit: the bulk comes to `exit` too.
  SplitBlockPredecessors(exit, {latch}, ".rest", &tree, &loops, nullptr,
                         /*PreserveLCSSA=*/true);
  BasicBlock *rest = SplitBlock(before, before->getTerminator(), &tree, &loops,
                                nullptr, loop.getHeader()->getName() + ".rest");
  Function *function = before->getParent();
  auto *enter = BasicBlock::Create(
      context, loop.getHeader()->getName() + ".bulk", function, rest);
  auto *after = BasicBlock::Create(
      context, loop.getHeader()->getName() + ".after", function, rest);
  Loop *bulk = loops.AllocateLoop();
  if (Loop *parent = loop.getParentLoop()) {
    parent->addChildLoop(bulk);
    parent->addBasicBlockToLoop(enter, loops);
    parent->addBasicBlockToLoop(after, loops);
  } else {
    loops.addTopLevelLoop(bulk);
  }

  // The tests ahead, in 64 bits: nothing there overflows.
  Instruction *end = before->getTerminator();
  SCEVExpander expander(evolution, "tw.stride");
  Type *i32 = Type::getInt32Ty(context), *i64 = Type::getInt64Ty(context);
  Value *start = expander.expandCodeFor(first, i32, end);
  Value *step = expander.expandCodeFor(stride, i32, end);
  IRBuilder<> b(end);
  auto extend = [&](Value *value) {
    return isSigned ? b.CreateSExt(value, i64) : b.CreateZExt(value, i64);
  };
  Value *wideStep = extend(step), *wideLimit = extend(limit);
  Value *ahead =
      b.CreateAdd(extend(start), b.CreateMul(wideStep, b.getInt64(count - 2)));
  Value *enough = b.CreateICmpSLT(ahead, wideLimit);
  if (isSigned)
    enough = b.CreateAnd(b.CreateICmpSGE(wideStep, b.getInt64(0)), enough);
  // Below this, v has room for count - 1 strides; nothing is below the least
  // number, where there is no room.
  Value *room = b.CreateBinaryIntrinsic(
      Intrinsic::smax,
      b.CreateSub(wideLimit, b.CreateMul(wideStep, b.getInt64(count - 1))),
      b.getInt64(isSigned ? INT32_MIN : 0));
  room = b.CreateTrunc(room, i32);
  b.CreateCondBr(enough, enter, rest);
  end->eraseFromParent();

  Trips trips(loop, enter, after, *bulk, loops);
  for (unsigned i = 0; i < count; ++i)
    trips.add();
  BranchInst::Create(trips.header, enter);
  trips.latch->getTerminator()->eraseFromParent();
  b.SetInsertPoint(trips.latch);
  Value *last = trips.get(compared);
  b.CreateCondBr(isSigned ? b.CreateICmpSLT(last, room)
                          : b.CreateICmpULT(last, room),
                 trips.header, after);

  // Loop-closed: what the bulk leaves goes through phis.
  DenseMap<Value *, PHINode *> closed;
  auto close = [&](Value *value) -> Value * {
    Value *copy = trips.get(value);
    auto *made = dyn_cast<Instruction>(copy);
    if (!made || !bulk->contains(made))
      return copy;
    PHINode *&phi = closed[copy];
    if (!phi) {
      phi = PHINode::Create(copy->getType(), 1, "", after->begin());
      phi->addIncoming(copy, trips.latch);
    }
    return phi;
  };
  b.SetInsertPoint(after);
  Value *next = close(compared);
  Value *goesOn =
      isSigned ? b.CreateICmpSLT(next, limit) : b.CreateICmpULT(next, limit);
  b.CreateCondBr(goesOn, rest, exit);
  for (PHINode &phi : trips.header->phis()) {
    unsigned back = phi.getIncomingBlock(0) == enter;
    phi.setIncomingBlock(back, trips.latch);
  }
  for (auto [phi, copy] :
       llvm::zip_equal(loop.getHeader()->phis(), trips.header->phis())) {
    Value *again = phi.getIncomingValueForBlock(latch);
    copy.setIncomingValueForBlock(trips.latch, trips.get(again));
    PHINode *from = PHINode::Create(phi.getType(), 2, "", rest->begin());
    unsigned fromRest = unsigned(phi.getBasicBlockIndex(rest));
    from->addIncoming(phi.getIncomingValue(fromRest), before);
    from->addIncoming(close(again), after);
    phi.setIncomingValue(fromRest, from);
  }
  for (PHINode &phi : exit->phis()) {
    // Through the rest's own exit, to what it is in the loop.
    Value *value = phi.getIncomingValue(0);
    auto *inner = dyn_cast<PHINode>(value);
    if (inner && inner->getNumIncomingValues() == 1 &&
        inner->getIncomingBlock(0) == latch)
      value = inner->getIncomingValue(0);
    phi.addIncoming(close(value), after);
  }
  bulk->moveToHeader(trips.header);
  addStringMetadataToLoop(&loop, "llvm.loop.unroll.disable", 1);
  addStringMetadataToLoop(bulk, "llvm.loop.unroll.disable", 1);
  tree.recalculate(*function);
  evolution.forgetTopmostLoop(&loop);
}
