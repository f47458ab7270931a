//===- AssumeInBounds.cpp - nothing is checked ----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a compiler without a sandbox takes for granted, ahead of all other
// passes: accesses are in bounds, in the place where they most likely are, and
// aligned to their width, and what an address is computed from does not wrap.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "../Places.h"
#include "Remarks.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace twc;

static bool isBoundsCheck(const Instruction &instruction) {
  auto *call = dyn_cast<CallInst>(&instruction);
  const Function *callee = call ? call->getCalledFunction() : nullptr;
  return callee && (callee->getName() == runtime::checkBounds ||
                    callee->getName() == runtime::checkBounds64);
}

/// Says that no unsigned overflow happens on the way to an index. Adding a
/// negative constant is subtraction, which always overflows.
static void assumeNoWrap(Value *index, unsigned depth = 0) {
  constexpr unsigned deepest = 4;
  auto *operation = dyn_cast<BinaryOperator>(index);
  if (!operation || depth == deepest)
    return;
  auto *constant = dyn_cast<ConstantInt>(operation->getOperand(1));
  bool isNegative = constant && constant->isNegative();
  switch (operation->getOpcode()) {
  case Instruction::Add:
  case Instruction::Mul:
    if (isNegative)
      return;
    break;
  case Instruction::Shl:
    break;
  default:
    return;
  }
  operation->setHasNoUnsignedWrap();
  for (Value *operand : operation->operands())
    assumeNoWrap(operand, depth + 1);
}

/// Simple accesses of unknown alignment are the guest's.
static bool assumeAligned(Instruction &access) {
  auto *load = dyn_cast<LoadInst>(&access);
  auto *store = dyn_cast<StoreInst>(&access);
  if (!load && !store)
    return false;
  uint64_t bytes =
      access.getDataLayout().getTypeStoreSize(getLoadStoreType(&access));
  if (!isPowerOf2_64(bytes) || getLoadStoreAlignment(&access).value() >= bytes)
    return false;
  if (load)
    load->setAlignment(Align(bytes));
  else
    store->setAlignment(Align(bytes));
  return true;
}

/// What most likely is in a place, is there.
static void assumeInPlace(const Place &place) {
  IRBuilder<> b(place.call);
  Value *address = b.CreateGEP(b.getInt8Ty(), place.base,
                               b.CreateZExt(place.index, b.getInt64Ty()));
  if (place.offset != place.bias)
    address = b.CreateGEP(b.getInt8Ty(), address,
                          b.getInt64(place.offset - place.bias));
  place.replaceBy(address);
}

PreservedAnalyses AssumeInBounds::run(Function &function,
                                      FunctionAnalysisManager &) {
  bool changed = false;
  GuardRemarks remarks(function);
  for (BasicBlock &block : function)
    for (Instruction &instruction : make_early_inc_range(block)) {
      if (std::optional<Place> place = Place::match(instruction)) {
        remarks.omitted(*place->call, "--bounds=none");
        assumeNoWrap(place->index);
        assumeInPlace(*place);
        changed = true;
      } else if (isBoundsCheck(instruction)) {
        Value *index = cast<CallInst>(instruction).getArgOperand(0);
        // Of 64-bit memories no wider address is made of the index.
        if (index->getType()->isIntegerTy(32))
          assumeNoWrap(index);
        remarks.omitted(cast<CallInst>(instruction), "--bounds=none");
        Value *size = cast<CallInst>(instruction).getArgOperand(1);
        instruction.eraseFromParent();
        // That of a memory which grows is read atomically, which no pass drops.
        if (auto *load = dyn_cast<LoadInst>(size); load && load->use_empty())
          load->eraseFromParent();
        changed = true;
      } else if (needsAlignment) {
        changed |= assumeAligned(instruction);
      }
    }
  if (!changed)
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
