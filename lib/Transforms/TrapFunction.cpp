//===- TrapFunction.cpp - the trap function of each target ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place where a guest thread leaves. It clobbers memory by an opaque
// instruction: LLVM would otherwise infer that it touches the trap record
// only, and drop the guest's stores before a trap as dead.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "Format/KernelABI.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using twrun::abi::HostThread;
using twrun::abi::TrapRecord;

static void clobberMemory(IRBuilder<> &b, StringRef text) {
  auto *type = FunctionType::get(b.getVoidTy(), false);
  b.CreateCall(InlineAsm::get(type, text, "~{memory}", /*SideEffects=*/true));
}

/// First fault wins: an atomic compare-exchange of `code` with 0, then the
/// winner writes the place. The runtime reads the record after the launch.
static void definePTX(Function &f) {
  LLVMContext &context = f.getContext();
  Value *code = f.getArg(0), *function = f.getArg(2), *offset = f.getArg(3);
  auto *entry = BasicBlock::Create(context, "entry", &f);
  auto *winner = BasicBlock::Create(context, "winner", &f);
  auto *leave = BasicBlock::Create(context, "leave", &f);
  IRBuilder<> b(entry);
  Value *record = b.CreateAddrSpaceCast(f.getArg(1), b.getPtrTy(1));
  auto *exchange = b.CreateAtomicCmpXchg(
      record, b.getInt32(0), code, Align(4), AtomicOrdering::Monotonic,
      AtomicOrdering::Monotonic);
  b.CreateCondBr(b.CreateExtractValue(exchange, 1), winner, leave);

  b.SetInsertPoint(winner);
  auto store = [&](Value *value, size_t at) {
    b.CreateAlignedStore(
        value, b.CreateConstGEP1_64(b.getInt8Ty(), record, at), Align(4));
  };
  store(function, offsetof(TrapRecord, function));
  store(offset, offsetof(TrapRecord, offset));
  const Intrinsic::ID block[] = {Intrinsic::nvvm_read_ptx_sreg_ctaid_x,
                                 Intrinsic::nvvm_read_ptx_sreg_ctaid_y,
                                 Intrinsic::nvvm_read_ptx_sreg_ctaid_z};
  const Intrinsic::ID thread[] = {Intrinsic::nvvm_read_ptx_sreg_tid_x,
                                  Intrinsic::nvvm_read_ptx_sreg_tid_y,
                                  Intrinsic::nvvm_read_ptx_sreg_tid_z};
  for (unsigned i = 0; i < 3; ++i) {
    store(b.CreateIntrinsic(b.getInt32Ty(), block[i], {}),
          offsetof(TrapRecord, block) + 4 * i);
    store(b.CreateIntrinsic(b.getInt32Ty(), thread[i], {}),
          offsetof(TrapRecord, thread) + 4 * i);
  }
  b.CreateBr(leave);

  b.SetInsertPoint(leave);
  // `exit`, never `trap`: the record and the context both survive.
  clobberMemory(b, "exit;");
  b.CreateUnreachable();
}

static void defineHost(Function &f) {
  IRBuilder<> b(BasicBlock::Create(f.getContext(), "entry", &f));
  Type *i32 = b.getInt32Ty();
  auto *type = FunctionType::get(b.getVoidTy(), {b.getPtrTy(), i32, i32, i32},
                                 false);
  Value *thread = f.getArg(1);
  clobberMemory(b, "");
  Value *slot = b.CreateConstGEP1_64(b.getInt8Ty(), thread,
                                     offsetof(HostThread, trap));
  Value *target = b.CreateAlignedLoad(b.getPtrTy(), slot, Align(8));
  CallInst *call = b.CreateCall(
      type, target, {thread, f.getArg(0), f.getArg(2), f.getArg(3)});
  call->setDoesNotReturn();
  b.CreateUnreachable();
}

void twc::defineTrapFunction(Module &module, bool forPTX) {
  Function *f = module.getFunction(runtime::trap);
  if (!f || !f->isDeclaration())
    return;
  f->setLinkage(GlobalValue::InternalLinkage);
  forPTX ? definePTX(*f) : defineHost(*f);
}
