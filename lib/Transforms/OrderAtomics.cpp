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
// The scope of all is the device: what the threads of a launch share they share
// on one GPU, and the host looks at it only after the launch. The host's side
// keeps the system scope, the only one that x86-64's code generator honours.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

PreservedAnalyses twc::OrderAtomics::run(Function &function,
                                         FunctionAnalysisManager &) {
  SyncScope::ID device =
      function.getContext().getOrInsertSyncScopeID("device");
  bool changed = false;
  for (Instruction &i : make_early_inc_range(instructions(function))) {
    std::optional<SyncScope::ID> scope = getAtomicSyncScopeID(&i);
    if (!scope || *scope != SyncScope::System)
      continue;
    if (auto *load = dyn_cast<LoadInst>(&i)) {
      load->setSyncScopeID(device);
    } else if (auto *store = dyn_cast<StoreInst>(&i)) {
      store->setSyncScopeID(device);
    } else if (auto *fence = dyn_cast<FenceInst>(&i)) {
      fence->setSyncScopeID(device);
    } else if (auto *exchange = dyn_cast<AtomicCmpXchgInst>(&i)) {
      // A relaxed one is the trap record's, which the host may be polling.
      if (exchange->getSuccessOrdering() == AtomicOrdering::Monotonic)
        continue;
      exchange->setSyncScopeID(device);
    } else if (auto *rmw = dyn_cast<AtomicRMWInst>(&i)) {
      rmw->setSyncScopeID(device);
      if (rmw->getOrdering() != AtomicOrdering::Monotonic) {
        rmw->setOrdering(AtomicOrdering::Monotonic);
        IRBuilder<> b(rmw);
        b.CreateFence(AtomicOrdering::SequentiallyConsistent, device);
        b.SetInsertPoint(rmw->getNextNode());
        b.CreateFence(AtomicOrdering::Acquire, device);
      }
    }
    changed = true;
  }
  if (!changed)
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
