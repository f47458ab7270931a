//===- OrderAtomics.cpp - sequentially consistent atomics on PTX ----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NVPTX in LLVM 22.1.8 drops the order and the scope of an atomicrmw: a seq_cst
// add is selected as a bare `atom.add`, which is relaxed. Loads, stores and
// compare-exchange are right, each behind a fence.sc.
//
// So a seq_cst atomicrmw becomes fence.sc, relaxed atom, fence.acq_rel. This is
// the mapping of C++'s seq_cst read-modify-write, `fence.sc; atom.acquire`
// (Lustig, Sahasrabuddhe, Giroux, "A Formal Analysis of the NVIDIA PTX Memory
// Consistency Model", ASPLOS 2019, figure 11), with the acquire written as the
// pattern that PTX defines to be one: a strong read, then fence.acq_rel (PTX
// ISA, "Memory Consistency Model", release and acquire patterns).
//
// The atomics of module `tw` say their order and scope (ScopedAtomics.cpp). The
// scope of Wasm's is the device: what the threads of a launch share they share
// on one GPU, and the host looks at it only after the launch. The host's side
// keeps the system scope, the only one that x86-64's code generator honours.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "ScopedAtomics.h"

#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

static void setScope(Instruction *i, SyncScope::ID scope) {
  if (auto *load = dyn_cast<LoadInst>(i))
    load->setSyncScopeID(scope);
  else if (auto *store = dyn_cast<StoreInst>(i))
    store->setSyncScopeID(scope);
  else if (auto *fence = dyn_cast<FenceInst>(i))
    fence->setSyncScopeID(scope);
  else if (auto *exchange = dyn_cast<AtomicCmpXchgInst>(i))
    exchange->setSyncScopeID(scope);
  else if (auto *rmw = dyn_cast<AtomicRMWInst>(i))
    rmw->setSyncScopeID(scope);
}

/// An atomic of module `tw`.
static void orderScoped(Instruction *i, const twc::Scope &scope, bool forPTX) {
  if (scope.id == SyncScope::SingleThread)
    return twc::makePlain(i);
  auto *exchange = dyn_cast<AtomicCmpXchgInst>(i);
  if (auto *rmw = dyn_cast<AtomicRMWInst>(i)) {
    AtomicRMWInst::BinOp op = rmw->getOperation();
    bool isLoop = op == AtomicRMWInst::FMinimum ||
                  op == AtomicRMWInst::FMaximum ||
                  (op == AtomicRMWInst::FAdd && !forPTX);
    if (!isLoop && forPTX)
      return twc::makeInstruction(rmw, scope.ptx);
    if (isLoop) {
      exchange = twc::makeLoop(rmw);
      // The load in front of the loop.
      auto *old = cast<PHINode>(exchange->getCompareOperand());
      for (Value *first : old->incoming_values())
        if (auto *load = dyn_cast<LoadInst>(first))
          setScope(load, forPTX ? scope.id : SyncScope::ID(SyncScope::System));
      i = exchange;
    }
  }
  if (exchange && forPTX)
    return twc::makeInstruction(exchange, scope.ptx);
  setScope(i, forPTX ? scope.id : SyncScope::ID(SyncScope::System));
}

/// An atomic of Wasm, or of the runtime's: PTX.
static void orderForDevice(Instruction *i, SyncScope::ID device) {
  auto *exchange = dyn_cast<AtomicCmpXchgInst>(i);
  // A relaxed one is the trap record's, which the host may be polling.
  if (exchange && exchange->getSuccessOrdering() == AtomicOrdering::Monotonic)
    return;
  setScope(i, device);
  auto *rmw = dyn_cast<AtomicRMWInst>(i);
  if (!rmw || rmw->getOrdering() == AtomicOrdering::Monotonic)
    return;
  rmw->setOrdering(AtomicOrdering::Monotonic);
  IRBuilder<> b(rmw);
  b.CreateFence(AtomicOrdering::SequentiallyConsistent, device);
  b.SetInsertPoint(rmw->getNextNode());
  b.CreateFence(AtomicOrdering::Acquire, device);
}

PreservedAnalyses twc::OrderAtomics::run(Function &function,
                                         FunctionAnalysisManager &) {
  LLVMContext &context = function.getContext();
  SyncScope::ID device = context.getOrInsertSyncScopeID("device");
  SmallVector<Instruction *> atomics;
  for (Instruction &i : instructions(function))
    if (getAtomicSyncScopeID(&i))
      atomics.push_back(&i);
  for (Instruction *i : atomics) {
    SyncScope::ID id = *getAtomicSyncScopeID(i);
    if (id == SyncScope::System) {
      if (forPTX)
        orderForDevice(i, device);
    } else if (std::optional<Scope> scope = getScope(context, id)) {
      orderScoped(i, *scope, forPTX);
    }
  }
  return atomics.empty() ? PreservedAnalyses::all() : PreservedAnalyses::none();
}
