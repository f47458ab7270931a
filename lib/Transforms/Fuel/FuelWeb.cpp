//===- FuelWeb.cpp - how a thread's fuel goes down ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The test and what takes the cost are two operations, in this order.
//
//===----------------------------------------------------------------------===//

#include "FuelWeb.h"

#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace llvm::PatternMatch;
using namespace twc;

/// Far above any cost; sums of a few million of them fit in 63 bits.
static constexpr uint64_t maxTaken = uint64_t(1) << 40;
/// Webs that are larger are in functions that are too large.
static constexpr size_t maxMembers = 4096;

std::optional<FuelTest> FuelTest::match(Instruction &instruction) {
  auto *call = dyn_cast<CallInst>(&instruction);
  Function *callee = call ? call->getCalledFunction() : nullptr;
  if (!callee || callee->getName() != runtime::trapIf)
    return std::nullopt;
  auto *code = dyn_cast<ConstantInt>(call->getArgOperand(1));
  auto *compare = dyn_cast<ICmpInst>(call->getArgOperand(0));
  if (!code || !compare ||
      code->getZExtValue() != uint64_t(twasm::TrapCode::FuelExhausted) ||
      !compare->getOperand(0)->getType()->isIntegerTy(64))
    return std::nullopt;
  auto *limit = dyn_cast<ConstantInt>(compare->getOperand(1));
  if (!limit)
    return std::nullopt;
  FuelTest test{call, compare->getOperand(0), limit->getZExtValue()};
  if (limit->getValue().ugt(maxTaken))
    return std::nullopt;
  // Costs that are powers of two, and one: LLVM asks whether the high bits are
  // those of one multiple. What is at least the next multiple has others.
  if (compare->getPredicate() == CmpInst::ICMP_EQ) {
    const APInt *mask;
    Value *masked;
    if (PatternMatch::match(test.left,
                            m_And(m_Value(masked), m_NegatedPower2(mask)))) {
      test.left = masked;
      test.cost += (-*mask).getZExtValue();
    } else {
      ++test.cost;
    }
  } else if (compare->getPredicate() != CmpInst::ICMP_ULT) {
    return std::nullopt;
  }
  return test.cost <= maxTaken ? std::optional(test) : std::nullopt;
}

void FuelTest::erase() const {
  Value *condition = call->getArgOperand(0);
  call->eraseFromParent();
  RecursivelyDeleteTriviallyDeadInstructions(condition);
}

std::optional<uint64_t> twc::getTaken(const Instruction &instruction) {
  bool adds = instruction.getOpcode() == Instruction::Add;
  if ((!adds && instruction.getOpcode() != Instruction::Sub) ||
      !instruction.getType()->isIntegerTy(64))
    return std::nullopt;
  auto *constant = dyn_cast<ConstantInt>(instruction.getOperand(1));
  if (!constant)
    return std::nullopt;
  APInt taken = adds ? -constant->getValue() : constant->getValue();
  if (!taken.isStrictlyPositive() || taken.ugt(maxTaken))
    return std::nullopt;
  return taken.getZExtValue();
}

bool FuelWeb::add(Value *left,
                  function_ref<bool(const Instruction &)> isInside) {
  Value *from = root;
  SmallSetVector<Instruction *, 16> found;
  SmallVector<Value *, 8> open{left};
  while (!open.empty()) {
    Value *value = open.pop_back_val();
    auto *made = dyn_cast<Instruction>(value);
    bool isPhi = made && isa<PHINode>(made);
    if (made && isInside(*made) && (isPhi || getTaken(*made))) {
      if (members.contains(made) || !found.insert(made))
        continue;
      if (members.size() + found.size() > maxMembers)
        return false;
      if (isPhi)
        llvm::append_range(open, made->operands());
      else
        open.push_back(made->getOperand(0));
      continue;
    }
    if (from && from != value)
      return false;
    from = value;
  }
  root = from;
  members.insert_range(found);
  return true;
}
