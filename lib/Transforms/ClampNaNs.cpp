//===- ClampNaNs.cpp - one instruction for a canonical NaN ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Single-precision arithmetic of an NVIDIA GPU makes no NaN but 0x7fffffff,
// whatever its operands (CUDA C++ Programming Guide, "Floating-Point
// Standard"). Of the floats that are left, read as signed integers, none is
// above Wasm's canonical NaN, 0x7fc00000: infinity is 0x7f800000, and all with
// a sign are negative. So the smaller of both integers is the float with its
// NaN made canonical, in one instruction in place of a comparison and a choice.
//
// That holds for instructions that are still arithmetic when ptxas has them, so
// what LLVM's code generator might fold to an operand is left alone; ptxas
// folds none (x * 1, x - 0 stay, as they must: they turn a NaN into that one).
//
//===----------------------------------------------------------------------===//

#include "SeenNaNs.h"

#include "twc/Transforms/Passes.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;
using namespace twc;

static constexpr uint32_t canonicalNaN = 0x7fc00000;

/// How many values may flow together in one.
static constexpr unsigned maxVisited = 32;

/// The code generator may take the arithmetic for one of its operands.
static bool mayFold(const Instruction &i) {
  const Value *first = nullptr;
  for (const Value *operand : i.operand_values()) {
    const APFloat *number;
    if (match(operand, m_APFloat(number)) &&
        (number->isZero() || number->isInfinity() || number->isNaN() ||
         abs(*number).isExactlyValue(1.0)))
      return true;
    if (isa<UndefValue>(operand))
      return true;
    if (isa<IntrinsicInst>(i) && operand == first)
      return true;
    first = operand;
  }
  return false;
}

/// A NaN that `value` can be is quiet and has no sign.
static bool makesPlainNaN(const Value *value,
                          SmallPtrSetImpl<const Value *> &visited) {
  if (!visited.insert(value).second)
    return true;
  if (visited.size() > maxVisited)
    return false;
  if (auto *number = dyn_cast<ConstantFP>(value))
    return !number->isNaN() ||
           number->getValueAPF().bitcastToAPInt() == canonicalNaN;
  auto *i = dyn_cast<Instruction>(value);
  if (!i)
    return false;
  switch (i->getOpcode()) {
  case Instruction::SIToFP:
  case Instruction::UIToFP:
    return true;
  case Instruction::FAdd:
  case Instruction::FSub:
  case Instruction::FMul:
    return !mayFold(*i);
  case Instruction::PHI:
    return all_of(cast<PHINode>(i)->incoming_values(), [&](const Value *v) {
      return makesPlainNaN(v, visited);
    });
  case Instruction::Select:
    return makesPlainNaN(i->getOperand(1), visited) &&
           makesPlainNaN(i->getOperand(2), visited);
  case Instruction::Call: {
    auto *call = dyn_cast<IntrinsicInst>(i);
    return call && call->getIntrinsicID() == Intrinsic::fma && !mayFold(*i);
  }
  default:
    return false;
  }
}

PreservedAnalyses twc::ClampNaNs::run(Function &function,
                                      FunctionAnalysisManager &) {
  bool changed = false;
  for (Instruction &i : make_early_inc_range(instructions(function))) {
    std::optional<CanonicalNaN> canonical = matchCanonicalNaN(&i);
    if (!canonical || !canonical->number->getType()->isFloatTy())
      continue;
    Constant *nan = canonical->nan;
    const APInt *bits;
    const APFloat *number;
    if (match(nan, m_APInt(bits))
            ? *bits != canonicalNaN
            : !match(nan, m_APFloat(number)) ||
                  number->bitcastToAPInt() != canonicalNaN)
      continue;
    SmallPtrSet<const Value *, 8> visited;
    if (!makesPlainNaN(canonical->number, visited))
      continue;
    IRBuilder<> b(&i);
    Value *clamped = b.CreateBinaryIntrinsic(
        Intrinsic::smin, b.CreateBitCast(canonical->number, b.getInt32Ty()),
        b.getInt32(canonicalNaN));
    i.replaceAllUsesWith(b.CreateBitCast(clamped, i.getType()));
    i.eraseFromParent();
    changed = true;
  }
  if (!changed)
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
