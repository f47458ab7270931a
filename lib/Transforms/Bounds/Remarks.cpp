//===- Remarks.cpp - what the passes say of bounds checks -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reasons are notes on the guards (metadata), which a copy of the guard keeps and
// its expansion drops. Guards in copies for a failed test are not spoken of.
//
//===----------------------------------------------------------------------===//

#include "Remarks.h"

#include "Regions.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using namespace twc;

static constexpr StringLiteral whyKind = "twc.why";

//===-- Places of guards --------------------------------------------------===//

/// A call that ends with a Wasm function and an offset in it, for an access.
static bool isGuard(const CallInst &call) {
  const Function *callee = call.getCalledFunction();
  if (!callee)
    return false;
  StringRef name = callee->getName();
  return name == runtime::checkBounds || name == runtime::checkBounds64 ||
         name == runtime::windowAddress || name.starts_with("__tw_place_");
}

static unsigned bytesOf(const CallInst &call) {
  StringRef name = call.getCalledFunction()->getName();
  unsigned operand = name == runtime::windowAddress       ? 1
                     : name.starts_with("__tw_place_") ? 2
                                                          : 3;
  auto *bytes = dyn_cast<ConstantInt>(call.getArgOperand(operand));
  return bytes ? unsigned(bytes->getZExtValue()) : 0;
}

/// The instructions that a guard is for: more than one where LLVM has merged
/// guards, and chooses between their places.
static SmallVector<std::pair<uint32_t, uint32_t>, 1>
placesOf(const CallInst &call) {
  SmallVector<std::pair<uint32_t, uint32_t>, 1> places;
  SmallVector<std::pair<Value *, Value *>, 4> work{
      {call.getArgOperand(call.arg_size() - 2),
       call.getArgOperand(call.arg_size() - 1)}};
  // A loop's phi leads back to itself.
  SmallDenseSet<std::pair<Value *, Value *>, 4> seen;
  while (!work.empty()) {
    auto [function, at] = work.pop_back_val();
    if (!seen.insert({function, at}).second)
      continue;
    auto *f = dyn_cast<ConstantInt>(function);
    auto *a = dyn_cast<ConstantInt>(at);
    if (f && a) {
      places.push_back({uint32_t(f->getZExtValue()),
                        uint32_t(a->getZExtValue())});
    } else if (auto *select = dyn_cast<SelectInst>(a ? function : at)) {
      for (Value *way : {select->getTrueValue(), select->getFalseValue()})
        work.push_back(a ? std::pair(way, at) : std::pair(function, way));
    } else if (auto *phi = dyn_cast<PHINode>(a ? function : at)) {
      auto *other = dyn_cast<PHINode>(function);
      for (unsigned i = 0; i < phi->getNumIncomingValues(); ++i) {
        Value *way = phi->getIncomingValue(i);
        if (a)
          work.push_back({way, at});
        else if (other && other->getParent() == phi->getParent())
          work.push_back(
              {other->getIncomingValueForBlock(phi->getIncomingBlock(i)), way});
        else
          work.push_back({function, way});
      }
    }
  }
  return places;
}

static uint32_t firstOffset(const CallInst &call) {
  uint32_t first = ~0u;
  for (auto [function, at] : placesOf(call))
    first = std::min(first, at);
  return first;
}

std::vector<std::pair<uint32_t, uint32_t>>
twc::findGuardedAccesses(const Module &module) {
  std::vector<std::pair<uint32_t, uint32_t>> found;
  for (const Function &f : module)
    for (const Instruction &instruction : instructions(f))
      if (auto *call = dyn_cast<CallInst>(&instruction))
        if (isGuard(*call))
          llvm::append_range(found, placesOf(*call));
  llvm::sort(found);
  found.erase(llvm::unique(found), found.end());
  return found;
}

//===-- Remarks -----------------------------------------------------------===//

GuardRemarks::GuardRemarks(Function &function) : function(function) {
  const DiagnosticHandler *handler = function.getContext().getDiagHandlerPtr();
  wanted = handler && handler->isAnyRemarkEnabled(boundsRemarks);
}

void GuardRemarks::emit(const CallInst &guard, BoundsRemark remark) {
  remark.bytes = bytesOf(guard);
  if (auto *why = guard.getMetadata(whyKind);
      why && (remark.verdict == BoundsVerdict::BranchInLoop ||
              remark.verdict == BoundsVerdict::Grouped ||
              remark.verdict == BoundsVerdict::Kept))
    remark.reason = cast<MDString>(why->getOperand(0))->getString();
  auto send = [&](auto info) {
    using Arg = DiagnosticInfoOptimizationBase::Argument;
    info << "function " << Arg("Function", remark.function) << ", offset "
         << Arg("Offset", remark.offset) << ": " << describe(remark);
    // What describe() says, for programs.
    info << DiagnosticInfoOptimizationBase::setExtraArgs()
         << Arg("Bytes", remark.bytes)
         << Arg("Accesses", remark.accesses) << Arg("Loops", remark.loops)
         << Arg("Other", remark.other) << Arg("Reason", remark.reason);
    function.getContext().diagnose(info);
  };
  for (auto [wasm, at] : placesOf(guard)) {
    remark.function = wasm;
    remark.offset = at;
    if (remark.verdict == BoundsVerdict::Kept)
      send(OptimizationRemarkMissed(boundsRemarks.data(),
                                    toString(remark.verdict), &guard));
    else
      send(OptimizationRemark(boundsRemarks.data(), toString(remark.verdict),
                              &guard));
  }
}

void GuardRemarks::note(CallInst &guard, StringRef reason) {
  LLVMContext &context = guard.getContext();
  guard.setMetadata(
      whyKind, MDNode::get(context, MDString::get(context, reason)));
}

/// The host's entries loop over the threads of a block (EntryPoints.cpp), which
/// is no loop that who wrote the module knows of.
static bool isOverThreads(const Loop &nest) {
  const Function &entry = *nest.getHeader()->getParent();
  return nest.isOutermost() && entry.getName().starts_with("tw") &&
         !entry.getParent()->getTargetTriple().isNVPTX();
}

void GuardRemarks::noteNest(Loop &nest, StringRef reason) {
  if (!wanted || isOverThreads(nest))
    return;
  for (BasicBlock *block : nest.blocks())
    for (Instruction &instruction : *block)
      if (auto *call = dyn_cast<CallInst>(&instruction))
        if (Guard::match(*call) && indices.lookup(call) != &nest)
          note(*call, reason);
}

void GuardRemarks::aheadOfLoop(ArrayRef<AccessGroup> groups, const Loop &nest,
                               const LoopInfo &loops) {
  if (!wanted)
    return;
  BoundsRemark remark;
  remark.verdict = BoundsVerdict::AheadOfLoop;
  remark.other = ~0u;
  for (const AccessGroup &group : groups) {
    remark.accesses += group.members.size();
    for (const AccessGroup::Member &member : group.members)
      remark.other = std::min(remark.other, firstOffset(*member.guard.call));
  }
  for (const AccessGroup &group : groups)
    for (const AccessGroup::Member &member : group.members) {
      remark.loops = loops.getLoopDepth(member.guard.call->getParent()) -
                     nest.getLoopDepth() + 1;
      if (remark.loops > 1 && isOverThreads(nest))
        --remark.loops;
      emit(*member.guard.call, remark);
    }
}

/// Why `guard`, of which no loop is in the way, has a test of its own.
static StringRef whyAlone(const CallInst &guard) {
  // The access comes next.
  for (const Instruction *i = guard.getNextNode(); i; i = i->getNextNode()) {
    if (i->isAtomic() && !isa<FenceInst>(i))
      return "an atomic access shares no test";
    if (isa<LoadInst, StoreInst, FenceInst>(i) ||
        (isa<CallInst>(i) && isGuard(*cast<CallInst>(i))))
      break;
  }
  return "no loop to test ahead of, and no other access to share a test with";
}

void GuardRemarks::grouped(const GuardRegion &region,
                           function_ref<bool(const Guard &)> isAhead) {
  if (!wanted)
    return;
  BoundsRemark remark;
  remark.accesses = region.members.size();
  remark.other = ~0u;
  for (const GuardRegion::Member &member : region.members)
    remark.other = std::min(remark.other, firstOffset(*member.guard.call));
  for (const GuardRegion::Member &member : region.members) {
    bool isAlone = region.members.size() == 1;
    remark.reason = "";
    if (isAhead(member.guard)) {
      remark.verdict = BoundsVerdict::BranchInLoop;
    } else if (!isAlone) {
      remark.verdict = BoundsVerdict::Grouped;
    } else {
      // A test of its own, though with its alignment.
      remark.verdict = BoundsVerdict::Kept;
      remark.reason = whyAlone(*member.guard.call);
    }
    emit(*member.guard.call, remark);
  }
}

void GuardRemarks::proven(const CallInst &guard) {
  if (!wanted)
    return;
  BoundsRemark remark;
  remark.verdict = BoundsVerdict::Proven;
  emit(guard, remark);
}

void GuardRemarks::omitted(const CallInst &guard, StringRef reason) {
  if (!wanted)
    return;
  BoundsRemark remark;
  remark.verdict = BoundsVerdict::Omitted;
  remark.reason = reason;
  emit(guard, remark);
}

void GuardRemarks::implied(const CallInst &guard, const CallInst &by) {
  if (!wanted)
    return;
  BoundsRemark remark;
  remark.verdict = BoundsVerdict::Implied;
  remark.other = firstOffset(by);
  emit(guard, remark);
}

void GuardRemarks::kept(StringRef reason) {
  if (!wanted)
    return;
  for (Instruction &instruction : instructions(function)) {
    auto *call = dyn_cast<CallInst>(&instruction);
    if (!call || !isGuard(*call))
      continue;
    std::optional<Guard> guard = Guard::match(*call);
    if (guard && guard->isCold())
      continue;
    BoundsRemark remark;
    remark.reason = reason;
    if (!reason.empty())
      call->setMetadata(whyKind, nullptr);
    else if (call->getCalledFunction()->getName() == runtime::checkBounds64)
      remark.reason = "the memory is a 64-bit one";
    else if (!guard)
      remark.reason = "its place in memory is known only at run time";
    else
      remark.reason = whyAlone(*call);
    emit(*call, remark);
  }
}

//===-- Why an index has no formula ---------------------------------------===//

/// Whether `load` is one of Wasm's, and not of what the runtime gives.
static bool readsMemory(const LoadInst &load) {
  auto *address =
      dyn_cast<Instruction>(load.getPointerOperand()->stripPointerCasts());
  return load.getPointerAddressSpace() != 0 ||
         (address && Place::match(*const_cast<Instruction *>(address)));
}

/// What `value`, computed in `nest`, comes from.
static StringRef findOrigin(Value *value, const Loop &nest) {
  SmallVector<Value *, 16> work{value};
  SmallPtrSet<Value *, 16> seen;
  bool fromCall = false, fromState = false;
  // A long way back is no use to who reads this.
  while (!work.empty() && seen.size() < 32) {
    auto *instruction = dyn_cast<Instruction>(work.pop_back_val());
    if (!instruction || !nest.contains(instruction) ||
        !seen.insert(instruction).second)
      continue;
    auto *load = dyn_cast<LoadInst>(instruction);
    if (load ? readsMemory(*load) : instruction->isAtomic())
      return "the index is loaded from memory";
    fromState |= load != nullptr;
    fromCall |= isa<CallInst>(instruction) && !isa<IntrinsicInst>(instruction);
    if (!isa<PHINode>(instruction))
      work.append(instruction->op_begin(), instruction->op_end());
  }
  return fromCall    ? "the index comes from a call"
         : fromState ? "the index comes from a global or the thread's number"
                     : "the index is no sum of multiples of the loops' counts";
}

static StringRef explain(const Guard &guard, const Loop &nest,
                         ScalarEvolution &evolution) {
  for (Value *operand : guard.operands())
    if (operand && !nest.isLoopInvariant(operand))
      return "the memory may grow in the loop";
  const BasicBlock *block = guard.call->getParent();
  const SCEV *rest = evolution.getSCEV(guard.index);
  while (auto *recurrence = dyn_cast<SCEVAddRecExpr>(rest)) {
    const Loop *loop = recurrence->getLoop();
    if (!nest.contains(loop))
      break;
    if (!loop->contains(block))
      return "the index is what an earlier loop has left";
    if (!recurrence->isAffine() ||
        !evolution.isLoopInvariant(recurrence->getStepRecurrence(evolution),
                                   &nest))
      return "the index does not move by the same step each time";
    for (const SCEV *count :
         {evolution.getBackedgeTakenCount(loop),
          evolution.getSymbolicMaxBackedgeTakenCount(loop)})
      if (isa<SCEVCouldNotCompute>(count) ||
          !evolution.isLoopInvariant(count, &nest))
        return "the loop's trip count is not known ahead of it";
    rest = recurrence->getStart();
  }
  if (!evolution.isLoopInvariant(rest, &nest))
    return findOrigin(guard.index, nest);
  return "the index moves by too large a step or in too many loops";
}

void GuardRemarks::noteIndex(const Guard &guard, Loop &nest,
                             ScalarEvolution &evolution) {
  if (!wanted || isOverThreads(nest))
    return;
  note(*guard.call, explain(guard, nest, evolution));
  indices[guard.call] = &nest;
}
