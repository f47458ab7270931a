//===- Outlined.cpp - helpers that check and may trap ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Outlined.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/Module.h"

using namespace llvm;

void twc::annotateOutlined(Function &f, bool isStore) {
  f.setDoesNotThrow();
  f.addFnAttr(Attribute::NoRecurse);
  f.addFnAttr(Attribute::NoInline);
  f.addFnAttr(Attribute::Cold);
  if (!isStore)
    f.setMemoryEffects(MemoryEffects::readOnly() |
                       MemoryEffects::inaccessibleMemOnly());
}

void twc::beginOutlined(Function &f) {
  f.setLinkage(GlobalValue::InternalLinkage);
  f.addFnAttr("no-builtins");
  f.removeFnAttr(Attribute::Memory);
  for (User *user : f.users())
    if (auto *call = dyn_cast<CallInst>(user))
      call->getFunction()->removeFnAttr(Attribute::Memory);
}

void twc::trapIf(IRBuilder<> &b, Value *condition, twasm::TrapCode code,
                 Value *rt, Value *function, Value *at) {
  Function *f = b.GetInsertBlock()->getParent();
  auto *leave = BasicBlock::Create(f->getContext(), "trap", f);
  auto *go = BasicBlock::Create(f->getContext(), "go", f);
  b.CreateCondBr(condition, leave, go);
  b.SetInsertPoint(leave);
  Type *i32 = b.getInt32Ty();
  FunctionCallee trap = f->getParent()->getOrInsertFunction(
      runtime::trap, b.getVoidTy(), i32, b.getPtrTy(), i32, i32);
  b.CreateCall(trap, {b.getInt32(uint32_t(code)), rt, function, at})
      ->setDoesNotReturn();
  b.CreateUnreachable();
  b.SetInsertPoint(go);
}
