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
// It does not hold for cvt.f32.f64, which keeps the sign and some of the bits,
// nor for neg and abs.
//
//===----------------------------------------------------------------------===//

#include "SeenNaNs.h"

#include "twc/Transforms/Passes.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace llvm::PatternMatch;
using namespace twc;

static constexpr uint32_t canonicalNaN = 0x7fc00000;

/// How many values may flow together in one, and how many operations with
/// constants LLVM may have moved ahead of a choice.
static constexpr unsigned maxVisited = 32, maxSteps = 4;

/// The code generator may take `i` for one of its operands: x * 1, x + 0, and
/// the smaller of x and x or infinity.
static bool mayFold(const Instruction &i) {
  auto *call = dyn_cast<IntrinsicInst>(&i);
  bool isSum =
      i.getOpcode() == Instruction::FAdd || i.getOpcode() == Instruction::FSub;
  bool isFma = call && call->getIntrinsicID() == Intrinsic::fma;
  bool isExtreme = call && (call->getIntrinsicID() == Intrinsic::minimum ||
                            call->getIntrinsicID() == Intrinsic::maximum);
  if (isExtreme && call->getArgOperand(0) == call->getArgOperand(1))
    return true;
  for (const Use &operand : i.operands()) {
    if (!isa<Constant>(operand.get()) || !operand->getType()->isFloatTy())
      continue;
    const APFloat *number;
    if (!match(operand.get(), m_APFloat(number)) || number->isNaN())
      return true;
    bool isAddend = isSum || (isFma && operand.getOperandNo() == 2);
    if (isExtreme ? number->isInfinity()
                  : number->isZero() ||
                        (!isAddend && abs(*number).isExactlyValue(1.0)))
      return true;
  }
  return false;
}

/// A NaN that `value`, a float, can be is quiet and has no sign.
static bool makesPlainNaN(Value *value, SmallPtrSetImpl<Value *> &visited) {
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
  case Instruction::FDiv:
    return !mayFold(*i);
  case Instruction::PHI:
    return all_of(cast<PHINode>(i)->incoming_values(),
                  [&](Value *v) { return makesPlainNaN(v, visited); });
  case Instruction::Select:
    return makesPlainNaN(i->getOperand(1), visited) &&
           makesPlainNaN(i->getOperand(2), visited);
  case Instruction::Call:
    if (auto *call = dyn_cast<IntrinsicInst>(i))
      switch (call->getIntrinsicID()) {
      case Intrinsic::arithmetic_fence:
        return makesPlainNaN(call->getArgOperand(0), visited);
      case Intrinsic::fma:
      case Intrinsic::minimum:
      case Intrinsic::maximum:
      case Intrinsic::sqrt:
        return !mayFold(*i);
      default:
        break;
      }
    return false;
  default:
    return false;
  }
}

namespace {
/// An operation on integers with one constant operand.
struct Step {
  explicit Step(Instruction *of) : instruction(of) {}

  static std::optional<Step> match(Value *value) {
    auto *instruction = dyn_cast<Instruction>(value);
    if (!instruction || !value->getType()->isIntegerTy(32) ||
        !isa<BinaryOperator, MinMaxIntrinsic>(instruction))
      return std::nullopt;
    Step step(instruction);
    if (!isa<ConstantInt>(instruction->getOperand(step.other())))
      return std::nullopt;
    return step;
  }

  /// Which operand is the constant.
  unsigned other() const {
    return isa<ConstantInt>(instruction->getOperand(1)) ? 1 : 0;
  }
  Value *getValue() const { return instruction->getOperand(1 - other()); }

  /// The same of `value`. Without flags, which did not speak of this NaN.
  Value *apply(IRBuilder<> &b, Value *value) const {
    Value *constant = instruction->getOperand(other());
    Value *left = other() == 1 ? value : constant;
    Value *right = other() == 1 ? constant : value;
    if (auto *call = dyn_cast<MinMaxIntrinsic>(instruction))
      return b.CreateBinaryIntrinsic(call->getIntrinsicID(), left, right);
    return b.CreateBinOp(Instruction::BinaryOps(instruction->getOpcode()), left,
                         right);
  }

  /// Null if it has none.
  Constant *fold(Constant *value) const {
    auto *constant = cast<Constant>(instruction->getOperand(other()));
    Constant *left = other() == 1 ? value : constant;
    Constant *right = other() == 1 ? constant : value;
    if (auto *call = dyn_cast<MinMaxIntrinsic>(instruction))
      return ConstantFoldBinaryIntrinsic(call->getIntrinsicID(), left, right,
                                         call->getType(), nullptr);
    return ConstantFoldBinaryOpOperands(instruction->getOpcode(), left, right,
                                        instruction->getDataLayout());
  }

  Instruction *instruction;
};
} // namespace

/// LLVM turns an operation on a canonical NaN into a choice between two results.
/// Makes the operations that gave `value` from the bits of `number` once more,
/// from `clamped`. Null if it is not so, or a canonical NaN gives anything but
/// `expected`.
static Value *repeat(IRBuilder<> &b, Value *value, Value *number,
                     Value *clamped, Constant *expected) {
  SmallVector<Step> steps;
  Value *bits;
  if (value != number && match(value, m_BitCast(m_Value(bits))) &&
      Step::match(bits))
    value = bits;
  while (value != number && !match(value, m_BitCast(m_Specific(number)))) {
    std::optional<Step> step = Step::match(value);
    if (!step || steps.size() == maxSteps)
      return nullptr;
    steps.push_back(*step);
    value = step->getValue();
  }
  Constant *made = b.getInt32(canonicalNaN);
  for (const Step &step : reverse(steps)) {
    made = step.fold(made);
    if (!made)
      return nullptr;
  }
  if (ConstantFoldCastOperand(Instruction::BitCast, expected, b.getInt32Ty(),
                              b.GetInsertBlock()->getDataLayout()) != made)
    return nullptr;
  for (const Step &step : reverse(steps))
    clamped = step.apply(b, clamped);
  return clamped;
}

PreservedAnalyses twc::ClampNaNs::run(Function &function,
                                      FunctionAnalysisManager &) {
  bool changed = false;
  for (Instruction &i : make_early_inc_range(instructions(function))) {
    auto *select = dyn_cast<SelectInst>(&i);
    if (!select || select->getType()->getPrimitiveSizeInBits() != 32)
      continue;
    std::optional<NaNChoice> choice = matchNaNChoice(*select);
    if (!choice || !choice->number->getType()->isFloatTy())
      continue;
    auto *nan = dyn_cast<Constant>(choice->ifNaN);
    if (!nan || isa<UndefValue>(nan) || select->getType()->isVectorTy())
      continue;
    SmallPtrSet<Value *, 8> visited;
    if (!makesPlainNaN(choice->number, visited))
      continue;
    IRBuilder<> b(select);
    Value *clamped = b.CreateBinaryIntrinsic(
        Intrinsic::smin, b.CreateBitCast(choice->number, b.getInt32Ty()),
        b.getInt32(canonicalNaN));
    Value *made = repeat(b, choice->ifNumber, choice->number, clamped, nan);
    if (!made) {
      RecursivelyDeleteTriviallyDeadInstructions(clamped);
      continue;
    }
    select->replaceAllUsesWith(b.CreateBitCast(made, select->getType()));
    select->eraseFromParent();
    changed = true;
  }
  if (!changed)
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
