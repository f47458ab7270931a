//===- ExpandGuards.cpp - guards become branches --------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The last step at which a guard is one operation. `__tw_check_bounds` and
// `__tw_trap_if` become compare, branch and a cold block that traps; the places
// of accesses, compare and branch (Places.cpp).
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "Bounds/Remarks.h"
#include "Places.h"

#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

void twc::annotateRuntimeCalls(Module &module) {
  for (StringRef name :
       {runtime::checkBounds, runtime::checkBounds64, runtime::trapIf,
        runtime::placeShared, runtime::placeStack, runtime::placeMemory}) {
    Function *f = module.getFunction(name);
    if (!f)
      continue;
    f->setDoesNotThrow();
    f->addFnAttr(Attribute::NoRecurse);
    // No memory of the program is written, all of it is observed.
    f->setMemoryEffects(MemoryEffects::readOnly() |
                        MemoryEffects::inaccessibleMemOnly());
  }
  for (StringRef name : {runtime::trap, runtime::abort})
    if (Function *f = module.getFunction(name)) {
      f->setDoesNotThrow();
      f->setDoesNotReturn();
      f->addFnAttr(Attribute::Cold);
      f->addFnAttr(Attribute::NoInline);
    }
}

/// The trap function; declared on first use.
static FunctionCallee getTrap(Module &module) {
  LLVMContext &context = module.getContext();
  Type *i32 = Type::getInt32Ty(context);
  FunctionCallee trap = module.getOrInsertFunction(
      twc::runtime::trap, Type::getVoidTy(context), i32,
      PointerType::get(context, 0), i32, i32);
  twc::annotateRuntimeCalls(module);
  return trap;
}

/// Ends the block before `at` with a branch to a cold block that traps.
static void trapUnlessFalse(CallInst *at, Value *condition, Value *code,
                            Value *rt, Value *function, Value *offset) {
  if (auto *constant = dyn_cast<ConstantInt>(condition))
    if (constant->isZero())
      return;
  MDNode *unlikely =
      MDBuilder(at->getContext()).createUnlikelyBranchWeights();
  Instruction *end = SplitBlockAndInsertIfThen(condition, at->getIterator(),
                                               /*Unreachable=*/true, unlikely);
  IRBuilder<> b(end);
  CallInst *call =
      b.CreateCall(getTrap(*at->getModule()), {code, rt, function, offset});
  call->setDoesNotReturn();
}

static void expandCheckBounds(CallInst *call) {
  IRBuilder<> b(call);
  Value *index = call->getArgOperand(0), *size = call->getArgOperand(1),
        *offset = call->getArgOperand(2), *bytes = call->getArgOperand(3);
  Value *outside = nullptr;
  if (index->getType()->isIntegerTy(64)) {
    // offset + bytes may be all of 2^64, and the index too: compare with what
    // the size leaves room for.
    auto *need = cast<ConstantInt>(ConstantExpr::getAdd(
        cast<ConstantInt>(offset), cast<ConstantInt>(bytes)));
    bool wraps =
        need->getZExtValue() < cast<ConstantInt>(offset)->getZExtValue();
    outside = wraps ? b.getTrue()
                    : b.CreateOr(b.CreateICmpULT(size, need),
                                 b.CreateICmpUGT(index,
                                                 b.CreateSub(size, need)),
                                 "oob");
  } else {
    // Both terms are below 2^32 and `bytes` is at most 16: no sum wraps. Of the
    // two compares the first is the same for all threads, and false where the
    // memory's least size is known to do; 2^32 bytes less one or more fit the
    // second.
    Value *need = b.CreateAdd(offset, bytes, "", true, true);
    Value *last = b.CreateTrunc(b.CreateSub(size, need), b.getInt32Ty());
    outside = b.CreateOr(b.CreateICmpULT(size, need),
                         b.CreateICmpUGT(index, last), "oob");
  }
  auto code = uint32_t(twc::twasm::TrapCode::OutOfBoundsMemory);
  trapUnlessFalse(call, outside, b.getInt32(code), call->getArgOperand(4),
                  call->getArgOperand(5), call->getArgOperand(6));
}

PreservedAnalyses twc::ExpandGuards::run(Function &function,
                                         FunctionAnalysisManager &) {
  GuardRemarks(function).kept(unoptimized);
  SmallVector<Place> places;
  for (BasicBlock &block : function)
    for (Instruction &instruction : block)
      if (std::optional<Place> place = Place::match(instruction))
        places.push_back(*place);
  for (const Place &place : places)
    place.expand();
  SmallVector<CallInst *> guards;
  for (BasicBlock &block : function)
    for (Instruction &instruction : block)
      if (auto *call = dyn_cast<CallInst>(&instruction))
        if (Function *callee = call->getCalledFunction())
          if (callee->getName() == runtime::checkBounds ||
              callee->getName() == runtime::checkBounds64 ||
              callee->getName() == runtime::trapIf)
            guards.push_back(call);
  for (CallInst *call : guards) {
    if (call->getCalledFunction()->getName() != runtime::trapIf)
      expandCheckBounds(call);
    else
      trapUnlessFalse(call, call->getArgOperand(0), call->getArgOperand(1),
                      call->getArgOperand(2), call->getArgOperand(3),
                      call->getArgOperand(4));
    call->eraseFromParent();
  }
  if (guards.empty() && places.empty())
    return PreservedAnalyses::all();
  // What was inferred from the guards' attributes does not hold for the trap.
  function.removeFnAttr(Attribute::Memory);
  return PreservedAnalyses::none();
}
