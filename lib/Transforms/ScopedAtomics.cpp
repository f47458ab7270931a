//===- ScopedAtomics.cpp - atomics of module tw on each target ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A read-modify-write with order and scope becomes the PTX instruction that has
// both: NVPTX in LLVM 22.1.8 drops them. Sequential consistency is fence.sc in
// front of the acquire and release form (Lustig, Sahasrabuddhe, Giroux, "A
// Formal Analysis of the NVIDIA PTX Memory Consistency Model", ASPLOS 2019,
// figure 11).
//
// What no target has an instruction for is a loop with compare-exchange: Wasm's
// minimum and maximum of floats, and elsewhere than on a GPU their sum, whose
// NaNs are canonical.
//
//===----------------------------------------------------------------------===//

#include "ScopedAtomics.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

std::optional<twc::Scope> twc::getScope(LLVMContext &context,
                                        SyncScope::ID id) {
  const std::pair<StringRef, Scope> known[] = {
      {runtime::scopeThread, {SyncScope::SingleThread, ""}},
      {runtime::scopeBlock, {context.getOrInsertSyncScopeID("block"), "cta"}},
      {runtime::scopeDevice, {context.getOrInsertSyncScopeID("device"), "gpu"}},
      {runtime::scopeSystem, {SyncScope::System, "sys"}}};
  for (auto [name, scope] : known)
    if (id == context.getOrInsertSyncScopeID(name))
      return scope;
  return std::nullopt;
}

/// A float's value as Wasm's deterministic profile leaves it.
static Value *canonicalize(IRBuilder<> &b, Value *value) {
  Type *type = value->getType();
  return b.CreateSelect(b.CreateFCmpUNO(value, value),
                        ConstantFP::getQNaN(type), value);
}

/// What a read-modify-write leaves where it found `old`.
static Value *combine(IRBuilder<> &b, AtomicRMWInst::BinOp op, Value *old,
                      Value *value) {
  switch (op) {
  case AtomicRMWInst::Xchg:
    return value;
  case AtomicRMWInst::Add:
    return b.CreateAdd(old, value);
  case AtomicRMWInst::And:
    return b.CreateAnd(old, value);
  case AtomicRMWInst::Or:
    return b.CreateOr(old, value);
  case AtomicRMWInst::Xor:
    return b.CreateXor(old, value);
  case AtomicRMWInst::Min:
    return b.CreateBinaryIntrinsic(Intrinsic::smin, old, value);
  case AtomicRMWInst::UMin:
    return b.CreateBinaryIntrinsic(Intrinsic::umin, old, value);
  case AtomicRMWInst::Max:
    return b.CreateBinaryIntrinsic(Intrinsic::smax, old, value);
  case AtomicRMWInst::UMax:
    return b.CreateBinaryIntrinsic(Intrinsic::umax, old, value);
  case AtomicRMWInst::FAdd:
    return canonicalize(b, b.CreateFAdd(old, value));
  case AtomicRMWInst::FMinimum:
    return canonicalize(b, b.CreateMinimum(old, value));
  case AtomicRMWInst::FMaximum:
    return canonicalize(b, b.CreateMaximum(old, value));
  default:
    llvm_unreachable("no atomic of module tw");
  }
}

void twc::makePlain(Instruction *i) {
  IRBuilder<> b(i);
  if (auto *load = dyn_cast<LoadInst>(i)) {
    load->setAtomic(AtomicOrdering::NotAtomic);
  } else if (auto *store = dyn_cast<StoreInst>(i)) {
    store->setAtomic(AtomicOrdering::NotAtomic);
  } else if (auto *rmw = dyn_cast<AtomicRMWInst>(i)) {
    Value *old = b.CreateAlignedLoad(
        rmw->getType(), rmw->getPointerOperand(), rmw->getAlign());
    Value *changed =
        combine(b, rmw->getOperation(), old, rmw->getValOperand());
    b.CreateAlignedStore(changed, rmw->getPointerOperand(), rmw->getAlign());
    rmw->replaceAllUsesWith(old);
    rmw->eraseFromParent();
  } else if (auto *exchange = dyn_cast<AtomicCmpXchgInst>(i)) {
    Type *type = exchange->getNewValOperand()->getType();
    Value *old = b.CreateAlignedLoad(type, exchange->getPointerOperand(),
                                     exchange->getAlign());
    Value *equal = b.CreateICmpEQ(old, exchange->getCompareOperand());
    b.CreateAlignedStore(
        b.CreateSelect(equal, exchange->getNewValOperand(), old),
        exchange->getPointerOperand(), exchange->getAlign());
    Value *pair = PoisonValue::get(exchange->getType());
    pair = b.CreateInsertValue(pair, old, 0);
    pair = b.CreateInsertValue(pair, equal, 1);
    exchange->replaceAllUsesWith(pair);
    exchange->eraseFromParent();
  }
}

AtomicCmpXchgInst *twc::makeLoop(AtomicRMWInst *rmw) {
  IRBuilder<> b(rmw);
  Type *type = rmw->getType();
  Type *bits = b.getIntNTy(type->getPrimitiveSizeInBits());
  Value *pointer = rmw->getPointerOperand();
  LoadInst *first = b.CreateAlignedLoad(bits, pointer, rmw->getAlign());
  first->setAtomic(AtomicOrdering::Monotonic, rmw->getSyncScopeID());

  BasicBlock *before = rmw->getParent();
  BasicBlock *after = SplitBlock(before, rmw->getIterator());
  auto *loop = BasicBlock::Create(b.getContext(), "exchange",
                                  before->getParent(), after);
  before->getTerminator()->setSuccessor(0, loop);
  b.SetInsertPoint(loop);
  PHINode *old = b.CreatePHI(bits, 2);
  Value *changed = combine(b, rmw->getOperation(), b.CreateBitCast(old, type),
                           rmw->getValOperand());
  AtomicCmpXchgInst *exchange = b.CreateAtomicCmpXchg(
      pointer, old, b.CreateBitCast(changed, bits), rmw->getAlign(),
      rmw->getOrdering(),
      AtomicCmpXchgInst::getStrongestFailureOrdering(rmw->getOrdering()),
      rmw->getSyncScopeID());
  Value *seen = b.CreateExtractValue(exchange, 0);
  old->addIncoming(first, before);
  old->addIncoming(seen, loop);
  b.CreateCondBr(b.CreateExtractValue(exchange, 1), after, loop);
  b.SetInsertPoint(rmw);
  rmw->replaceAllUsesWith(b.CreateBitCast(seen, type));
  rmw->eraseFromParent();
  return exchange;
}

/// ".add.u32" and the like.
static std::string nameOf(AtomicRMWInst::BinOp op, Type *type) {
  std::string width = std::to_string(type->getPrimitiveSizeInBits());
  switch (op) {
  case AtomicRMWInst::Xchg:
    return ".exch.b" + width;
  case AtomicRMWInst::Add:
    return ".add.u" + width;
  case AtomicRMWInst::And:
    return ".and.b" + width;
  case AtomicRMWInst::Or:
    return ".or.b" + width;
  case AtomicRMWInst::Xor:
    return ".xor.b" + width;
  case AtomicRMWInst::Min:
    return ".min.s" + width;
  case AtomicRMWInst::UMin:
    return ".min.u" + width;
  case AtomicRMWInst::Max:
    return ".max.s" + width;
  case AtomicRMWInst::UMax:
    return ".max.u" + width;
  case AtomicRMWInst::FAdd:
    return ".add.f" + width;
  default:
    llvm_unreachable("PTX has no such atomic");
  }
}

/// "atom" with what every form of it has.
static std::string opening(AtomicOrdering order, StringRef scope,
                           unsigned space) {
  StringRef sem = order == AtomicOrdering::Monotonic ? "relaxed"
                  : order == AtomicOrdering::Acquire ? "acquire"
                  : order == AtomicOrdering::Release ? "release"
                                                     : "acq_rel";
  std::string text;
  if (order == AtomicOrdering::SequentiallyConsistent)
    text = ("fence.sc." + scope + ";\n\t").str();
  text += ("atom." + sem + "." + scope).str();
  return text + (space == 1 ? ".global" : space == 3 ? ".shared" : "");
}

/// The constraint of a register of `type`.
static StringRef registerOf(Type *type) {
  if (type->isFloatTy())
    return "f";
  if (type->isDoubleTy())
    return "d";
  return type->isIntegerTy(64) ? "l" : "r";
}

static Value *emit(IRBuilder<> &b, Type *type, StringRef text,
                   ArrayRef<Value *> operands) {
  std::string constraints = ("=" + registerOf(type)).str();
  SmallVector<Type *> types;
  for (Value *operand : operands) {
    types.push_back(operand->getType());
    constraints += operand->getType()->isPointerTy()
                       ? ",l"
                       : ("," + registerOf(operand->getType())).str();
  }
  constraints += ",~{memory}";
  return b.CreateCall(InlineAsm::get(FunctionType::get(type, types, false),
                                     text, constraints,
                                     /*hasSideEffects=*/true),
                      operands);
}

void twc::makeInstruction(AtomicRMWInst *rmw, StringRef scope) {
  IRBuilder<> b(rmw);
  Type *type = rmw->getType();
  std::string text =
      opening(rmw->getOrdering(), scope, rmw->getPointerAddressSpace()) +
      nameOf(rmw->getOperation(), type) + " $0, [$1], $2;";
  rmw->replaceAllUsesWith(
      emit(b, type, text, {rmw->getPointerOperand(), rmw->getValOperand()}));
  rmw->eraseFromParent();
}

void twc::makeInstruction(AtomicCmpXchgInst *exchange, StringRef scope) {
  IRBuilder<> b(exchange);
  Value *expected = exchange->getCompareOperand();
  Type *type = expected->getType();
  std::string text =
      opening(exchange->getSuccessOrdering(), scope,
              exchange->getPointerAddressSpace()) +
      ".cas.b" + std::to_string(type->getPrimitiveSizeInBits()) +
      " $0, [$1], $2, $3;";
  Value *old = emit(b, type, text,
                    {exchange->getPointerOperand(), expected,
                     exchange->getNewValOperand()});
  Value *pair = PoisonValue::get(exchange->getType());
  pair = b.CreateInsertValue(pair, old, 0);
  pair = b.CreateInsertValue(pair, b.CreateICmpEQ(old, expected), 1);
  exchange->replaceAllUsesWith(pair);
  exchange->eraseFromParent();
}
