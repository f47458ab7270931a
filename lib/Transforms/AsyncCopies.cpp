//===- AsyncCopies.cpp - asynchronous copies to shared memory -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// PTX ISA, "cp.async": 16 bytes may pass by the first cache, fewer may not.
// Where the target has no such instruction the copy is an ordinary one, and
// complete at once.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;

static void expandCopy(CallInst *call, unsigned bytes, bool isAsync) {
  IRBuilder<> b(call);
  Value *to = call->getArgOperand(0), *from = call->getArgOperand(1);
  if (isAsync) {
    Intrinsic::ID id = Intrinsic::nvvm_cp_async_cg_shared_global_16;
    if (bytes == 4)
      id = Intrinsic::nvvm_cp_async_ca_shared_global_4;
    else if (bytes == 8)
      id = Intrinsic::nvvm_cp_async_ca_shared_global_8;
    b.CreateIntrinsic(b.getVoidTy(), id, {to, from});
    return;
  }
  // Both are aligned (lib/Conversion's SharedMemory.cpp).
  Type *type = bytes == 16 ? cast<Type>(FixedVectorType::get(b.getInt32Ty(), 4))
                           : b.getIntNTy(8 * bytes);
  b.CreateAlignedStore(b.CreateAlignedLoad(type, from, Align(bytes)), to,
                       Align(bytes));
}

void twc::annotateAsyncCopies(Module &module) {
  for (Function &f : module)
    if (f.getName().starts_with(runtime::copyAsync)) {
      f.setDoesNotThrow();
      f.addFnAttr(Attribute::NoRecurse);
      f.addFnAttr(Attribute::WillReturn);
      // Of all memory, since what is copied is read and written until a wait.
    }
}

void twc::expandAsyncCopies(Module &module, bool isAsync) {
  SmallVector<CallInst *> calls;
  for (Function &f : module)
    if (f.getName().starts_with(runtime::copyAsync))
      for (User *user : f.users())
        calls.push_back(cast<CallInst>(user));
  for (CallInst *call : calls) {
    StringRef name = call->getCalledFunction()->getName();
    IRBuilder<> b(call);
    if (name == runtime::copyAsyncCommit) {
      if (isAsync)
        b.CreateIntrinsic(b.getVoidTy(), Intrinsic::nvvm_cp_async_commit_group,
                          {});
    } else if (name == runtime::copyAsyncWait) {
      if (isAsync)
        b.CreateIntrinsic(b.getVoidTy(), Intrinsic::nvvm_cp_async_wait_group,
                          {call->getArgOperand(0)});
    } else {
      unsigned bytes = 0;
      name.drop_front(runtime::copyAsync.size()).getAsInteger(10, bytes);
      expandCopy(call, bytes, isAsync);
    }
    call->eraseFromParent();
  }
}
