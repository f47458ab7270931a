//===- LimitRegisters.cpp - cold code must not cost occupancy -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A GPU gives every thread of a kernel as many registers as the kernel's
// hungriest place wants, and runs the fewer threads at a time. In our kernels
// that is often a place that never runs: what follows a failed range test calls
// helpers with everything alive. Where the likely code needs clearly less, the
// kernel says how many registers it may have (PTX ISA, ".maxnreg"), and ptxas
// spills where it has none left: in the unlikely code.
//
// What either needs is counted as values alive at once in what LLVM leaves,
// without those that ptxas computes anew. It is an estimate: ptxas orders
// instructions anew, and takes more where that brings loads forward.
//
// A low limit is also for what is at hand anyway: parameters, and what one
// instruction makes of them, are made where they are used.
//
// Where an SM would be less than half full, ptxas is also asked for what costs an
// instruction at each use: that shifts, masks and products by constants, which
// kernels make of a thread's index, are computed anew. It is worth that only if
// clearly more threads fit.
//
//===----------------------------------------------------------------------===//

#include "Likelihood.h"
#include "Parameters.h"

#include "twc/Transforms/Passes.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

/// Beyond what is counted: for addresses and loads in flight in likely code,
/// and for what a helper works with.
static constexpr unsigned slack = 8, helper = 20;
/// With 32 registers an SM of sm_80 or later is full of threads; from there on
/// each step of 8 leaves room for fewer (CUDA C++ Programming Guide, "Compute
/// Capabilities"). Far above, the count says too little: ptxas orders long code
/// anew.
static constexpr unsigned least = 32, largest = 80, step = 8;
/// With as many an SM is half full.
static constexpr unsigned half = 64;

/// In longer functions the count would take long, and say little.
static constexpr unsigned longest = 20000;

static constexpr unsigned sharedSpace = 3;

/// How many registers of 32 bits a value takes. Predicates have their own.
static unsigned sizeOf(const Value *value, const DataLayout &layout) {
  Type *type = value->getType();
  if (!type->isSized() || type->isIntegerTy(1))
    return 0;
  if (type->isPointerTy() && type->getPointerAddressSpace() == sharedSpace)
    return 1;
  return divideCeil(layout.getTypeSizeInBits(type), 32);
}

/// What ptxas computes anew where it is used, instead of keeping it: nothing that
/// costs, or what is one instruction and a constant away, too.
enum class Anew { Free, OneInstruction };

static bool isOneInstruction(const Instruction &i) {
  return i.isShift() || i.getOpcode() == Instruction::And ||
         i.getOpcode() == Instruction::Xor || i.getOpcode() == Instruction::Mul;
}

/// Looks through what ptxas computes anew where it is used: sums with constants,
/// which addresses have room for, and conversions.
static const Value *skipCheap(const Value *value, Anew anew) {
  while (auto *i = dyn_cast<Instruction>(value)) {
    auto *gep = dyn_cast<GetElementPtrInst>(i);
    bool addsConstant = (i->getOpcode() == Instruction::Add ||
                         i->getOpcode() == Instruction::Sub ||
                         i->getOpcode() == Instruction::Or ||
                         (anew == Anew::OneInstruction &&
                          isOneInstruction(*i))) &&
                        isa<Constant>(i->getOperand(1));
    if (!addsConstant && !isa<CastInst>(i) &&
        !(gep && gep->hasAllConstantIndices()))
      break;
    value = i->getOperand(0);
  }
  return value;
}

/// It takes no register: a constant, a parameter, which is in constant memory,
/// or a special register.
static bool isElsewhere(const Value *value) {
  auto *i = dyn_cast<Instruction>(value);
  if (!i)
    return true;
  if (auto *load = dyn_cast<LoadInst>(i)) {
    auto *from = dyn_cast<Argument>(
        load->getPointerOperand()->stripInBoundsConstantOffsets());
    return from && from->hasByValAttr();
  }
  auto *call = dyn_cast<IntrinsicInst>(i);
  return call && call->arg_empty() && call->doesNotAccessMemory();
}

namespace {

using Values = DenseSet<const Value *>;

/// Which values are alive where, in a function.
class Liveness {
public:
  Liveness(const Function &f, Anew anew);
  /// The most registers that the values alive in a block take at once.
  unsigned most(const BasicBlock &block) const;

private:
  /// Returns how many registers that takes which were free.
  unsigned use(Values &alive, const Value *value) const;
  Values atEnd(const BasicBlock &block) const;

  const DataLayout &layout;
  const Anew anew;
  DenseMap<const BasicBlock *, Values> atStart; // without phis
};

} // namespace

unsigned Liveness::use(Values &alive, const Value *value) const {
  value = skipCheap(value, anew);
  unsigned size = sizeOf(value, layout);
  return size && !isElsewhere(value) && alive.insert(value).second ? size : 0;
}

Values Liveness::atEnd(const BasicBlock &block) const {
  Values alive;
  for (const BasicBlock *next : successors(&block)) {
    auto known = atStart.find(next);
    if (known != atStart.end())
      alive.insert(known->second.begin(), known->second.end());
    for (const PHINode &phi : next->phis())
      use(alive, phi.getIncomingValueForBlock(&block));
  }
  return alive;
}

Liveness::Liveness(const Function &f, Anew anew)
    : layout(f.getDataLayout()), anew(anew) {
  SmallVector<const BasicBlock *> order(post_order(&f));
  for (bool changed = true; changed;) {
    changed = false;
    for (const BasicBlock *block : order) {
      Values alive = atEnd(*block);
      for (const Instruction &i : llvm::reverse(*block)) {
        alive.erase(&i);
        if (!isa<PHINode>(i))
          for (const Value *operand : i.operands())
            use(alive, operand);
      }
      Values &known = atStart[block];
      changed |= alive.size() != known.size();
      known = std::move(alive);
    }
  }
}

unsigned Liveness::most(const BasicBlock &block) const {
  Values alive = atEnd(block);
  unsigned now = 0;
  for (const Value *value : alive)
    now += sizeOf(value, layout);
  unsigned most = now;
  for (const Instruction &i : llvm::reverse(block)) {
    if (alive.erase(&i))
      now -= sizeOf(&i, layout);
    if (isa<PHINode>(i))
      continue;
    for (const Value *operand : i.operands())
      now += use(alive, operand);
    most = std::max(most, now);
  }
  return most;
}

static bool usesSharedMemory(const Function &f) {
  for (const GlobalVariable &global : f.getParent()->globals())
    if (global.getAddressSpace() == sharedSpace)
      for (const User *user : global.users())
        if (auto *i = dyn_cast<Instruction>(user); i && i->getFunction() == &f)
          return true;
  return false;
}

/// The registers of the arguments, if it is a call of a function of the module;
/// null for other instructions.
static std::optional<unsigned> getArguments(const Instruction &i) {
  auto *call = dyn_cast<CallInst>(&i);
  const Function *callee = call ? call->getCalledFunction() : nullptr;
  if (!callee || callee->isDeclaration())
    return std::nullopt;
  unsigned size = 0;
  for (const Value *argument : call->args())
    size += sizeOf(argument, i.getDataLayout());
  return size;
}

namespace {

/// What a kernel needs.
struct Needs {
  unsigned likely = 0, unlikely = 0;
};

} // namespace

/// Nothing if what a likely callee needs is not known here.
static std::optional<Needs> getNeeds(const Function &f, Anew anew,
                                     const BlockFrequencyInfo &frequencies) {
  Liveness liveness(f, anew);
  Needs needs;
  for (const BasicBlock &block : f) {
    unsigned most = liveness.most(block);
    bool often = twc::isLikely(block, frequencies);
    if (often)
      needs.likely = std::max(needs.likely, most);
    for (const Instruction &i : block)
      if (std::optional<unsigned> arguments = getArguments(i)) {
        if (often)
          return std::nullopt;
        needs.unlikely = std::max(needs.unlikely, most + *arguments + helper);
      }
  }
  return needs;
}

static unsigned getLimit(unsigned likelyNeed) {
  return std::max<unsigned>(least, alignTo(likelyNeed + slack, step));
}

PreservedAnalyses twc::LimitRegisters::run(Function &f,
                                           FunctionAnalysisManager &manager) {
  if (f.getCallingConv() != CallingConv::PTX_Kernel ||
      f.getInstructionCount() > longest)
    return PreservedAnalyses::all();
  auto &frequencies = manager.getResult<BlockFrequencyAnalysis>(f);
  std::optional<Needs> needs = getNeeds(f, Anew::Free, frequencies);
  if (!needs)
    return PreservedAnalyses::all();
  unsigned limit = getLimit(needs->likely);
  if (limit > half && limit <= largest) {
    unsigned lower = getLimit(
        getNeeds(f, Anew::OneInstruction, frequencies)->likely);
    // Room for a quarter more threads.
    if (limit * 4 >= lower * 5)
      limit = lower;
  }
  // Other threads are all that hides the latency of a kernel whose threads do
  // not work on shared memory together.
  if (needs->likely <= least && !usesSharedMemory(f))
    limit = least;
  if (limit > largest || limit >= needs->unlikely)
    return PreservedAnalyses::all();
  f.addFnAttr("nvvm.maxnreg", std::to_string(limit));
  if (limit >= half)
    return PreservedAnalyses::all();
  recomputeParameters(f, manager.getResult<LoopAnalysis>(f));
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
