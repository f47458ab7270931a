//===- Guard.cpp - a bounds check as the passes see it --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Guard.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"

using namespace llvm;
using namespace twc;

std::optional<Guard> Guard::match(Instruction &instruction) {
  if (std::optional<Place> place = Place::match(instruction))
    return Guard{place->call, place->index, place->offset, place->bytes,
                 place->low,  place->high,  place->base,   place->bias,
                 place->isShared};
  auto *call = dyn_cast<CallInst>(&instruction);
  Function *callee = call ? call->getCalledFunction() : nullptr;
  if (!callee || callee->getName() != runtime::checkBounds)
    return std::nullopt;
  auto *offset = dyn_cast<ConstantInt>(call->getArgOperand(2));
  auto *bytes = dyn_cast<ConstantInt>(call->getArgOperand(3));
  // Offsets of 32-bit memories are 32 bits wide (Wasm spec 2.4.6, memarg).
  if (!offset || !bytes || !offset->getValue().isIntN(32) ||
      bytes->getZExtValue() > 16)
    return std::nullopt;
  Guard guard;
  guard.call = call;
  guard.index = call->getArgOperand(0);
  guard.offset = offset->getZExtValue();
  guard.bytes = bytes->getZExtValue();
  guard.high = {call->getArgOperand(1), 0};
  return guard;
}

static constexpr StringLiteral coldKind = "twc.cold";

void Guard::setCold() {
  call->setMetadata(coldKind, MDNode::get(call->getContext(), {}));
}

bool Guard::isCold() const { return call->getMetadata(coldKind); }

std::optional<GuestAccess> GuestAccess::match(Instruction &instruction) {
  Value *pointer = getLoadStorePointerOperand(&instruction);
  if (!pointer)
    return std::nullopt;
  const DataLayout &layout = instruction.getDataLayout();
  GuestAccess found;
  found.access = &instruction;
  while (auto *gep = dyn_cast<GEPOperator>(pointer)) {
    unsigned bits = layout.getIndexTypeSizeInBits(gep->getType());
    SmallMapVector<Value *, APInt, 4> variables;
    APInt constant(bits, 0);
    if (!gep->collectOffset(layout, bits, variables, constant))
      return std::nullopt;
    found.offset += constant.getSExtValue();
    for (auto &[value, scale] : variables) {
      auto *address = dyn_cast<ZExtInst>(value);
      if (found.address || !address || !scale.isOne() ||
          !address->getSrcTy()->isIntegerTy(32))
        return std::nullopt;
      found.address = address;
    }
    pointer = gep->getPointerOperand();
  }
  if (!found.address)
    return std::nullopt;
  found.base = pointer;
  return found;
}
