//===- HostFunctions.cpp - calls of the runtime on the host ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An image refers to no symbol outside of itself: what it needs of the runtime
// it finds in its HostThread (runtime/Format/KernelABI.h).
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "Format/KernelABI.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using twrun::abi::Collective;
using twrun::abi::HostThread;

/// Calls the function that `thread` has at `offset`.
static CallInst *callService(IRBuilder<> &b, Value *thread, size_t offset,
                             FunctionType *type, ArrayRef<Value *> arguments) {
  Value *slot = b.CreateConstGEP1_64(b.getInt8Ty(), thread, offset);
  Value *target = b.CreateAlignedLoad(b.getPtrTy(), slot, Align(8));
  return b.CreateCall(type, target, arguments);
}

static void buildCollective(Function &f, IRBuilder<> &b) {
  Type *i64 = b.getInt64Ty(), *ptr = b.getPtrTy();
  Value *call = b.CreateAlloca(ArrayType::get(i64, sizeof(Collective) / 8));
  auto store = [&](unsigned argument, size_t offset) {
    b.CreateAlignedStore(f.getArg(argument),
                         b.CreateConstGEP1_64(b.getInt8Ty(), call, offset),
                         Align(4));
  };
  store(1, offsetof(Collective, op));
  store(2, offsetof(Collective, mask));
  store(3, offsetof(Collective, value));
  store(4, offsetof(Collective, a));
  store(5, offsetof(Collective, b));
  store(6, offsetof(Collective, function));
  store(7, offsetof(Collective, offset));
  b.CreateRet(callService(b, f.getArg(0), offsetof(HostThread, collective),
                          FunctionType::get(i64, {ptr, ptr}, false),
                          {f.getArg(0), call}));
}

void twc::defineHostFunctions(Module &module) {
  auto define = [&](StringRef name, auto build) {
    Function *f = module.getFunction(name);
    if (!f || !f->isDeclaration())
      return;
    f->setLinkage(GlobalValue::InternalLinkage);
    IRBuilder<> b(BasicBlock::Create(f->getContext(), "entry", f));
    build(*f, b);
  };
  define(runtime::collective, buildCollective);
  define(runtime::fastMath, [](Function &f, IRBuilder<> &b) {
    auto *type = FunctionType::get(b.getFloatTy(),
                                   {b.getInt32Ty(), b.getFloatTy()}, false);
    b.CreateRet(callService(b, f.getArg(0), offsetof(HostThread, math), type,
                            {f.getArg(1), f.getArg(2)}));
  });
  define(runtime::timer, [](Function &f, IRBuilder<> &b) {
    auto *type = FunctionType::get(b.getInt64Ty(), false);
    b.CreateRet(
        callService(b, f.getArg(0), offsetof(HostThread, timer), type, {}));
  });
}
