//===- Places.cpp - accesses that have several places ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One compare is exact for one place: it holds only if all bytes are there. If
// it does not hold, an outlined function (WindowFunctions.cpp) finds the place,
// or traps. A load or store is made on both ways, for the address space is known
// on the likely one.
//
//===----------------------------------------------------------------------===//

#include "Places.h"

#include "ByteAccess.h"
#include "Format/KernelABI.h"

#include "twc/Transforms/Passes.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;
using namespace twc;
using twrun::abi::sharedBase;

/// The arguments (RuntimeCalls.h): the first three, then WINDOW.
enum Operand {
  Index,
  Offset,
  Bytes,
  Base,
  Size,
  Shared,
  SharedBytes,
  Stack,
  Low,
  Top
};
static constexpr unsigned firstOfWindow = Base;

std::optional<Place> Place::match(Instruction &instruction) {
  auto *call = dyn_cast<CallInst>(&instruction);
  Function *callee = call ? call->getCalledFunction() : nullptr;
  if (!callee || !callee->getName().starts_with("__tw_place_"))
    return std::nullopt;
  auto number = [&](Operand operand) {
    return cast<ConstantInt>(call->getArgOperand(operand))->getZExtValue();
  };
  Place place;
  place.call = call;
  place.index = call->getArgOperand(Index);
  place.offset = number(Offset);
  place.bytes = number(Bytes);
  Value *sharedBytes = call->getArgOperand(SharedBytes);
  StringRef name = callee->getName();
  if (name == runtime::placeShared) {
    place.low = {nullptr, sharedBase};
    place.high = {sharedBytes, sharedBase};
    place.base = call->getArgOperand(Shared);
    place.bias = sharedBase;
    place.isShared = true;
  } else if (name == runtime::placeStack) {
    place.low = {nullptr, number(Low)};
    place.high = {nullptr, number(Top)};
    place.base = call->getArgOperand(Stack);
    place.bias = number(Low);
  } else {
    // All windows end at or below this.
    place.low = number(Top) ? Limit{nullptr, number(Top)}
                            : Limit{sharedBytes, sharedBase};
    place.high = {call->getArgOperand(Size), 0};
    place.base = call->getArgOperand(Base);
  }
  return place;
}

static bool isAccess(const Use &use) {
  auto *user = cast<Instruction>(use.getUser());
  return getLoadStorePointerOperand(user) == use.get() &&
         !(isa<StoreInst>(user) &&
           cast<StoreInst>(user)->getValueOperand() == use.get());
}

void Place::replaceBy(Value *address) const {
  for (Use &use : llvm::make_early_inc_range(call->uses()))
    if (isAccess(use))
      use.set(address);
  if (!call->use_empty()) {
    IRBuilder<> b(call);
    call->replaceAllUsesWith(
        b.CreateAddrSpaceCast(address, call->getType()));
  }
  call->eraseFromParent();
}

static Value *get(IRBuilder<> &b, const Limit &limit) {
  Value *plus = b.getInt64(limit.plus);
  if (!limit.value)
    return plus;
  return limit.plus ? b.CreateAdd(limit.value, plus, "", true, true)
                    : limit.value;
}

static Value *effectiveAddress(IRBuilder<> &b, const Place &place) {
  return b.CreateAdd(b.CreateZExt(place.index, b.getInt64Ty()),
                     b.getInt64(place.offset), "ea", true, true);
}

namespace {
struct Likely {
  Value *inside;  // i1: all bytes are in the place
  Value *address; // good if `inside`
};
} // namespace

static Likely findLikely(IRBuilder<> &b, const Place &place) {
  auto starts = [&](Value *size) {
    return b.CreateBinaryIntrinsic(Intrinsic::usub_sat, size,
                                   b.getInt64(place.bytes - 1));
  };
  Value *inside, *distance;
  if (place.isShared && place.offset <= sharedBase) {
    // In 32 bits, for what is below the window becomes large: at least
    // 2^32 - sharedBase, more than a window has.
    Value *narrow = b.CreateAdd(
        place.index, b.getInt32(uint32_t(place.offset) - sharedBase));
    Value *limit =
        b.CreateTrunc(starts(place.high.value), b.getInt32Ty());
    inside = b.CreateICmpULT(narrow, limit);
    distance = b.CreateZExt(narrow, b.getInt64Ty());
  } else {
    Value *low = get(b, place.low);
    Value *at = effectiveAddress(b, place);
    Value *size = b.CreateBinaryIntrinsic(Intrinsic::usub_sat,
                                          get(b, place.high), low);
    inside = b.CreateICmpULT(b.CreateSub(at, low), starts(size));
    distance =
        place.bias ? b.CreateSub(at, b.getInt64(place.bias)) : at;
  }
  return {inside, b.CreateGEP(b.getInt8Ty(), place.base, distance)};
}

/// Calls an outlined function with `first` and what the call says of the
/// windows.
static Value *callOutlined(IRBuilder<> &b, const Place &place,
                           const Twine &name, Type *result,
                           ArrayRef<Value *> first) {
  SmallVector<Value *> arguments(first);
  for (unsigned i = firstOfWindow; i < place.call->arg_size(); ++i)
    arguments.push_back(place.call->getArgOperand(i));
  SmallVector<Type *> types;
  for (Value *argument : arguments)
    types.push_back(argument->getType());
  Module &module = *place.call->getModule();
  FunctionCallee callee = module.getOrInsertFunction(
      name.str(), FunctionType::get(result, types, false));
  if (!cast<Function>(callee.getCallee())->hasFnAttribute(Attribute::Cold))
    annotateWindowFunctions(module);
  return b.CreateCall(callee, arguments);
}

static Value *findAddress(IRBuilder<> &b, const Place &place) {
  return callOutlined(b, place, runtime::windowAddress, b.getPtrTy(),
                      {effectiveAddress(b, place), b.getInt64(place.bytes)});
}

/// Makes the access by an outlined function; a load's result is returned.
static Value *accessOutlined(IRBuilder<> &b, const Place &place,
                             Instruction *access) {
  Type *type = getLoadStoreType(access);
  Type *moved = getBytesType(b.getContext(), place.bytes);
  Value *at = effectiveAddress(b, place);
  if (isa<LoadInst>(access))
    return b.CreateBitCast(callOutlined(b, place,
                                        runtime::windowLoad +
                                            Twine(place.bytes),
                                        moved, {at}),
                           type);
  Value *value = cast<StoreInst>(access)->getValueOperand();
  callOutlined(b, place, runtime::windowStore + Twine(place.bytes),
               b.getVoidTy(), {at, b.CreateBitCast(value, moved)});
  return nullptr;
}

/// The only access of the address, if the check may as well be made there:
/// nothing that can be seen from outside happens in between.
static Instruction *getOnlyAccess(const Place &place) {
  if (!place.call->hasOneUse() || !isAccess(*place.call->use_begin()))
    return nullptr;
  auto *access = cast<Instruction>(place.call->user_back());
  Type *type = getLoadStoreType(access);
  Type *moved = getBytesType(access->getContext(), place.bytes);
  bool isSimple = isa<LoadInst>(access) ? cast<LoadInst>(access)->isSimple()
                                        : cast<StoreInst>(access)->isSimple();
  if (access->getParent() != place.call->getParent() || !isSimple ||
      !CastInst::isBitCastable(type, moved))
    return nullptr;
  for (Instruction *i = place.call->getNextNode(); i != access;
       i = i->getNextNode())
    if (i->mayHaveSideEffects())
      return nullptr;
  return access;
}

void Place::outline() const {
  Instruction *access = getOnlyAccess(*this);
  IRBuilder<> b(access ? access : call);
  if (!access) {
    call->replaceAllUsesWith(findAddress(b, *this));
  } else {
    if (Value *result = accessOutlined(b, *this, access))
      access->replaceAllUsesWith(result);
    access->eraseFromParent();
  }
  call->eraseFromParent();
}

void Place::expand() const {
  Instruction *access = getOnlyAccess(*this);
  Instruction *at = access ? access : call;
  IRBuilder<> b(at);
  Likely likely = findLikely(b, *this);
  Instruction *hot, *cold;
  SplitBlockAndInsertIfThenElse(
      likely.inside, at->getIterator(), &hot, &cold,
      MDBuilder(call->getContext()).createLikelyBranchWeights());
  Value *often = likely.address, *seldom;
  if (access) {
    Instruction *copy = access->clone();
    copy->insertBefore(hot->getIterator());
    copy->setOperand(isa<LoadInst>(copy) ? 0 : 1, likely.address);
    often = copy;
    b.SetInsertPoint(cold);
    seldom = accessOutlined(b, *this, access);
  } else {
    b.SetInsertPoint(hot);
    often = b.CreateAddrSpaceCast(often, call->getType());
    b.SetInsertPoint(cold);
    seldom = findAddress(b, *this);
  }
  if (!at->getType()->isVoidTy()) {
    b.SetInsertPoint(at);
    PHINode *either = b.CreatePHI(at->getType(), 2);
    either->addIncoming(often, hot->getParent());
    either->addIncoming(seldom, cold->getParent());
    at->replaceAllUsesWith(either);
  }
  at->eraseFromParent();
  if (access)
    call->eraseFromParent();
}
