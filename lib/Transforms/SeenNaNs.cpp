//===- SeenNaNs.cpp - whose NaNs' bits matter -----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Found backwards, from what sees. LLVM moves floats about as integers too:
// those lanes of 32 or 64 bits count as floats of the same width while nothing
// but the sign is changed in them.
//
//===----------------------------------------------------------------------===//

#include "SeenNaNs.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;
using namespace twc;

/// Of lanes that can hold a float, else 0.
static unsigned getLaneBits(const Type *type) {
  const Type *lane = type->getScalarType();
  if (lane->isFloatTy() || lane->isIntegerTy(32))
    return 32;
  return lane->isDoubleTy() || lane->isIntegerTy(64) ? 64 : 0;
}

/// All lanes of `constant`, a float's or its bits.
static bool isNaN(const Constant *constant) {
  if (auto *vector = dyn_cast<FixedVectorType>(constant->getType())) {
    for (unsigned i = 0, e = vector->getNumElements(); i < e; ++i) {
      const Constant *lane = constant->getAggregateElement(i);
      if (!lane || !isNaN(lane))
        return false;
    }
    return true;
  }
  if (auto *number = dyn_cast<ConstantFP>(constant))
    return number->getValueAPF().isNaN();
  auto *bits = dyn_cast<ConstantInt>(constant);
  if (!bits)
    return false;
  if (bits->getBitWidth() != 32 && bits->getBitWidth() != 64)
    return false;
  return APFloat(bits->getBitWidth() == 32 ? APFloat::IEEEsingle()
                                           : APFloat::IEEEdouble(),
                 bits->getValue())
      .isNaN();
}

std::optional<NaNChoice> twc::matchNaNChoice(SelectInst &select) {
  auto *compare = dyn_cast<FCmpInst>(select.getCondition());
  if (!compare || (compare->getPredicate() != FCmpInst::FCMP_UNO &&
                   compare->getPredicate() != FCmpInst::FCMP_ORD))
    return std::nullopt;
  // InstCombine compares with 0 instead of the number itself.
  Value *number = compare->getOperand(0), *other = compare->getOperand(1);
  if (other != number && !match(other, m_AnyZeroFP()))
    return std::nullopt;
  NaNChoice choice{number, select.getTrueValue(), select.getFalseValue()};
  if (compare->getPredicate() == FCmpInst::FCMP_ORD)
    std::swap(choice.ifNaN, choice.ifNumber);
  return choice;
}

std::optional<CanonicalNaN> twc::matchCanonicalNaN(Value *value) {
  auto *select = dyn_cast<SelectInst>(value);
  if (!select || !getLaneBits(select->getType()))
    return std::nullopt;
  std::optional<NaNChoice> choice = matchNaNChoice(*select);
  if (!choice)
    return std::nullopt;
  auto *nan = dyn_cast<Constant>(choice->ifNaN);
  if (!nan || !isNaN(nan))
    return std::nullopt;
  // Of one lane a condition for all, of several one each.
  if (choice->number->getType()->isVectorTy() !=
          select->getType()->isVectorTy() ||
      getLaneBits(choice->number->getType()) != getLaneBits(select->getType()))
    return std::nullopt;
  // Either may be the other's bits, or both those of a third.
  auto strip = [](Value *v) {
    Value *from;
    return match(v, m_BitCast(m_Value(from))) ? from : v;
  };
  if (strip(choice->ifNumber) != strip(choice->number))
    return std::nullopt;
  return CanonicalNaN{select, choice->ifNumber, choice->number, nan};
}

namespace {
enum class Effect {
  None, // Does not see which NaN it is.
  Pass, // Its result may be another NaN.
  See
};
} // namespace

static Effect getIntrinsicEffect(const IntrinsicInst &call, unsigned operand) {
  switch (call.getIntrinsicID()) {
  case Intrinsic::fma:
  case Intrinsic::fmuladd:
  case Intrinsic::sqrt:
  case Intrinsic::floor:
  case Intrinsic::ceil:
  case Intrinsic::trunc:
  case Intrinsic::rint:
  case Intrinsic::nearbyint:
  case Intrinsic::roundeven:
  case Intrinsic::minimum:
  case Intrinsic::maximum:
  case Intrinsic::fptosi_sat:
  case Intrinsic::fptoui_sat:
    return Effect::None;
  case Intrinsic::fabs:
  case Intrinsic::arithmetic_fence:
    return Effect::Pass;
  case Intrinsic::copysign:
    // The sign of the second one becomes a number's.
    return operand == 0 ? Effect::Pass : Effect::See;
  // Threads that shuffle together do so in one place (docs/DeviceInterface.md,
  // "Warp operations"): what one gives, another gets as this very result.
  case Intrinsic::nvvm_shfl_sync_idx_i32:
  case Intrinsic::nvvm_shfl_sync_up_i32:
  case Intrinsic::nvvm_shfl_sync_down_i32:
  case Intrinsic::nvvm_shfl_sync_bfly_i32:
  case Intrinsic::nvvm_shfl_sync_idx_f32:
  case Intrinsic::nvvm_shfl_sync_up_f32:
  case Intrinsic::nvvm_shfl_sync_down_f32:
  case Intrinsic::nvvm_shfl_sync_bfly_f32:
    return operand == 1 ? Effect::Pass : Effect::See;
  default:
    return Effect::See;
  }
}

/// What `use` makes of the bits of a NaN, if its value is a float or its bits.
static Effect getEffect(const Use &use) {
  auto *user = cast<Instruction>(use.getUser());
  unsigned operand = use.getOperandNo();
  switch (user->getOpcode()) {
  case Instruction::FAdd:
  case Instruction::FSub:
  case Instruction::FMul:
  case Instruction::FDiv:
  case Instruction::FRem:
    return getLaneBits(user->getType()) ? Effect::None : Effect::See;
  case Instruction::FCmp:
  case Instruction::FPToSI:
  case Instruction::FPToUI:
    return Effect::None;
  // What becomes of halves is not CanonicalizeNaNs's affair.
  case Instruction::FPTrunc:
  case Instruction::FPExt:
    return getLaneBits(user->getType()) &&
                   getLaneBits(use.get()->getType())
               ? Effect::None
               : Effect::See;
  case Instruction::FNeg:
  case Instruction::PHI:
  case Instruction::Freeze:
    return Effect::Pass;
  case Instruction::Select: {
    if (operand == 0)
      return Effect::See;
    std::optional<CanonicalNaN> canonical = matchCanonicalNaN(user);
    return canonical && canonical->value == use.get() ? Effect::None
                                                      : Effect::Pass;
  }
  case Instruction::ExtractElement:
    return operand == 0 ? Effect::Pass : Effect::See;
  case Instruction::InsertElement:
  case Instruction::ShuffleVector:
    return operand <= 1 ? Effect::Pass : Effect::See;
  case Instruction::BitCast:
    return getLaneBits(user->getType()) == getLaneBits(use.get()->getType())
               ? Effect::Pass
               : Effect::See;
  // Of signs, as integers.
  case Instruction::And:
  case Instruction::Or:
  case Instruction::Xor: {
    auto isKept = [&] {
      const APInt *mask;
      if (!match(user->getOperand(1), m_APInt(mask)))
        return false;
      return user->getOpcode() == Instruction::And ? (~*mask).isSignMask()
                                                   : mask->isSignMask();
    };
    return operand == 0 && isKept() ? Effect::Pass : Effect::See;
  }
  case Instruction::Call:
    if (auto *call = dyn_cast<IntrinsicInst>(user))
      return getIntrinsicEffect(*call, operand);
    return Effect::See;
  default:
    return Effect::See;
  }
}

SeenNaNs::SeenNaNs(Function &function) {
  SmallVector<const Instruction *> worklist;
  auto see = [&](const Value *value) {
    auto *instruction = dyn_cast<Instruction>(value);
    if (instruction && seen.insert(instruction).second)
      worklist.push_back(instruction);
  };
  for (Instruction &i : instructions(function))
    if (getLaneBits(i.getType()) && any_of(i.uses(), [](const Use &use) {
          return getEffect(use) == Effect::See;
        }))
      see(&i);
  while (!worklist.empty()) {
    const Instruction *i = worklist.pop_back_val();
    for (const Use &use : i->operands())
      if (getLaneBits(use->getType()) && getEffect(use) == Effect::Pass)
        see(use.get());
  }
}

bool SeenNaNs::isSeen(const Use &use) const {
  Effect effect = getEffect(use);
  return effect == Effect::See ||
         (effect == Effect::Pass &&
          isSeen(*cast<Instruction>(use.getUser())));
}
