//===- CheckedAccess.cpp - unlikely accesses in one call ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckedAccess.h"

#include "Bounds/Guard.h"
#include "ByteAccess.h"
#include "Outlined.h"

#include "twc/Transforms/Passes.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using namespace twc;

/// The arguments: the address, a store's value, then what the check had.
enum Operand { Index, Offset, Base, Size, RT, Function_, At };

static bool isCheckedAccess(const Function &f) {
  return f.getName().starts_with(runtime::checkedLoad) ||
         f.getName().starts_with(runtime::checkedStore);
}

void twc::annotateCheckedAccesses(Module &module) {
  for (Function &f : module)
    if (isCheckedAccess(f))
      annotateOutlined(f, f.getName().starts_with(runtime::checkedStore));
}

bool twc::isWorthOutlining(Function &function) {
  // A helper is as long as the code of about two checks and misaligned accesses,
  // and there may be several.
  constexpr unsigned least = 6;
  unsigned checks = 0;
  for (BasicBlock &block : function)
    for (Instruction &instruction : block) {
      auto *call = dyn_cast<CallInst>(&instruction);
      std::optional<Guard> guard = Guard::match(instruction);
      if ((guard && !guard->base) ||
          (call && call->getCalledFunction() &&
           isCheckedAccess(*call->getCalledFunction())))
        if (++checks >= least)
          return true;
    }
  return false;
}

/// The access that `guard` is for; null if it is not near.
static Instruction *findAccess(const Guard &guard) {
  LLVMContext &context = guard.call->getContext();
  const DataLayout &layout = guard.call->getDataLayout();
  for (Instruction *i = guard.call->getNextNode(); i; i = i->getNextNode()) {
    std::optional<GuestAccess> access = GuestAccess::match(*i);
    if (access && access->address->getOperand(0) == guard.index &&
        access->offset == int64_t(guard.offset)) {
      Type *type = getLoadStoreType(i);
      bool isSimple = isa<LoadInst>(i) ? cast<LoadInst>(i)->isSimple()
                                       : cast<StoreInst>(i)->isSimple();
      return isSimple && layout.getTypeStoreSize(type) == guard.bytes &&
                     CastInst::isBitCastable(
                         type, getBytesType(context, guard.bytes))
                 ? i
                 : nullptr;
    }
    if (i->mayHaveSideEffects())
      return nullptr;
  }
  return nullptr;
}

static void outline(const Guard &guard, Instruction *access) {
  IRBuilder<> b(access);
  Module &module = *access->getModule();
  Type *type = getLoadStoreType(access);
  Type *moved = getBytesType(b.getContext(), guard.bytes);
  auto *store = dyn_cast<StoreInst>(access);
  CallInst *check = guard.call;
  SmallVector<Value *> arguments{
      guard.index,           check->getArgOperand(2),
      GuestAccess::match(*access)->base, check->getArgOperand(1),
      check->getArgOperand(4), check->getArgOperand(5),
      check->getArgOperand(6)};
  if (store)
    arguments.push_back(b.CreateBitCast(store->getValueOperand(), moved));
  SmallVector<Type *> types;
  for (Value *argument : arguments)
    types.push_back(argument->getType());
  std::string name = ((store ? runtime::checkedStore : runtime::checkedLoad) +
                      Twine(guard.bytes))
                         .str();
  FunctionCallee callee = module.getOrInsertFunction(
      name, FunctionType::get(store ? b.getVoidTy() : moved, types, false));
  if (!cast<Function>(callee.getCallee())->hasFnAttribute(Attribute::Cold))
    annotateCheckedAccesses(module);
  Value *result = b.CreateCall(callee, arguments);
  if (!store)
    access->replaceAllUsesWith(b.CreateBitCast(result, type));
  access->eraseFromParent();
  check->eraseFromParent();
}

void twc::outlineCheckedAccesses(BasicBlock &block) {
  SmallVector<Guard> guards;
  for (Instruction &instruction : block)
    if (std::optional<Guard> guard = Guard::match(instruction)) {
      auto *size = dyn_cast_if_present<ConstantInt>(guard->high.value);
      // A place has its own way, an isolated access no check.
      if (!guard->base &&
          !(size && size->getZExtValue() == runtime::isolatedSize))
        guards.push_back(*guard);
    }
  for (const Guard &guard : guards)
    if (Instruction *access = findAccess(guard))
      outline(guard, access);
}

/// Traps unless the access is in memory; returns its address.
static Value *checkAddress(IRBuilder<> &b, Function &f, uint64_t bytes) {
  Value *start = b.CreateAdd(b.CreateZExt(f.getArg(Index), b.getInt64Ty()),
                             f.getArg(Offset), "ea", true, true);
  Value *end = b.CreateAdd(start, b.getInt64(bytes), "ea.end", true, true);
  trapIf(b, b.CreateICmpUGT(end, f.getArg(Size), "oob"),
         twasm::TrapCode::OutOfBoundsMemory, f.getArg(RT), f.getArg(Function_),
         f.getArg(At));
  return b.CreateGEP(b.getInt8Ty(), f.getArg(Base), start);
}

void twc::defineCheckedAccesses(Module &module) {
  SmallVector<Function *> functions;
  for (Function &f : module)
    if (isCheckedAccess(f) && f.isDeclaration())
      functions.push_back(&f);
  for (Function *f : functions) {
    beginOutlined(*f);
    bool isLoad = f->getName().starts_with(runtime::checkedLoad);
    Type *type = isLoad ? f->getReturnType() : f->getArg(At + 1)->getType();
    IRBuilder<> b(BasicBlock::Create(f->getContext(), "entry", f));
    Value *address =
        checkAddress(b, *f, type->getPrimitiveSizeInBits() / 8);
    if (isLoad) {
      b.CreateRet(createSeldomLoad(b, type, address));
    } else {
      createSeldomStore(b, f->getArg(At + 1), address);
      b.CreateRetVoid();
    }
  }
}
