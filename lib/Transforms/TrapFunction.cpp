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
using twrun::abi::TrapCode;
using twrun::abi::TrapRecord;

static void clobberMemory(IRBuilder<> &b, StringRef text) {
  auto *type = FunctionType::get(b.getVoidTy(), false);
  b.CreateCall(InlineAsm::get(type, text, "~{memory}", /*SideEffects=*/true));
}

namespace {
/// What the parameters of a trap function mean.
struct Trap {
  Value *code, *rt, *function, *offset;
  Value *message = nullptr, *memory = nullptr; // of an abort
};
} // namespace

/// First fault wins: an atomic compare-exchange of `code` with 0, then the
/// winner writes the place. The runtime reads the record after the launch.
static void definePTX(Function &f, const Trap &trap) {
  LLVMContext &context = f.getContext();
  auto *entry = BasicBlock::Create(context, "entry", &f);
  auto *winner = BasicBlock::Create(context, "winner", &f);
  auto *leave = BasicBlock::Create(context, "leave", &f);
  IRBuilder<> b(entry);
  Value *record = b.CreateAddrSpaceCast(trap.rt, b.getPtrTy(1));
  auto *exchange = b.CreateAtomicCmpXchg(
      record, b.getInt32(0), trap.code, Align(4), AtomicOrdering::Monotonic,
      AtomicOrdering::Monotonic);
  b.CreateCondBr(b.CreateExtractValue(exchange, 1), winner, leave);

  b.SetInsertPoint(winner);
  auto store = [&](Value *value, size_t at) {
    b.CreateAlignedStore(
        value, b.CreateConstGEP1_64(b.getInt8Ty(), record, at),
        commonAlignment(Align(alignof(TrapRecord)), at));
  };
  store(trap.function, offsetof(TrapRecord, function));
  store(trap.offset, offsetof(TrapRecord, offset));
  if (trap.message) {
    store(trap.message, offsetof(TrapRecord, message));
    store(trap.memory, offsetof(TrapRecord, memory));
  }
  const Intrinsic::ID block[] = {Intrinsic::nvvm_read_ptx_sreg_ctaid_x,
                                 Intrinsic::nvvm_read_ptx_sreg_ctaid_y,
                                 Intrinsic::nvvm_read_ptx_sreg_ctaid_z};
  const Intrinsic::ID thread[] = {Intrinsic::nvvm_read_ptx_sreg_tid_x,
                                  Intrinsic::nvvm_read_ptx_sreg_tid_y,
                                  Intrinsic::nvvm_read_ptx_sreg_tid_z};
  // In the order of their addresses: neighbours become one store.
  for (unsigned i = 0; i < 3; ++i)
    store(b.CreateIntrinsic(b.getInt32Ty(), block[i], {}),
          offsetof(TrapRecord, block) + 4 * i);
  for (unsigned i = 0; i < 3; ++i)
    store(b.CreateIntrinsic(b.getInt32Ty(), thread[i], {}),
          offsetof(TrapRecord, thread) + 4 * i);
  b.CreateBr(leave);

  b.SetInsertPoint(leave);
  // `exit`, never `trap`: the record and the context both survive.
  clobberMemory(b, "exit;");
  b.CreateUnreachable();
}

static void defineHost(Function &f, const Trap &trap) {
  IRBuilder<> b(BasicBlock::Create(f.getContext(), "entry", &f));
  Type *i32 = b.getInt32Ty();
  auto *type = FunctionType::get(b.getVoidTy(), {b.getPtrTy(), i32, i32, i32},
                                 false);
  Value *thread = trap.rt;
  clobberMemory(b, "");
  if (trap.message) {
    auto store = [&](Value *value, size_t at) {
      b.CreateAlignedStore(
          value, b.CreateConstGEP1_64(b.getInt8Ty(), thread, at), Align(4));
    };
    store(trap.message, offsetof(HostThread, message));
    store(trap.memory, offsetof(HostThread, memory));
  }
  Value *slot = b.CreateConstGEP1_64(b.getInt8Ty(), thread,
                                     offsetof(HostThread, trap));
  Value *target = b.CreateAlignedLoad(b.getPtrTy(), slot, Align(8));
  CallInst *call = b.CreateCall(
      type, target, {thread, trap.code, trap.function, trap.offset});
  call->setDoesNotReturn();
  b.CreateUnreachable();
}

void twc::defineTrapFunction(Module &module, bool forPTX) {
  auto define = [&](StringRef name, auto getTrap) {
    Function *f = module.getFunction(name);
    if (!f || !f->isDeclaration())
      return;
    f->setLinkage(GlobalValue::InternalLinkage);
    forPTX ? definePTX(*f, getTrap(*f)) : defineHost(*f, getTrap(*f));
  };
  define(runtime::trap, [](Function &f) {
    return Trap{f.getArg(0), f.getArg(1), f.getArg(2), f.getArg(3)};
  });
  define(runtime::abort, [](Function &f) {
    auto *code = ConstantInt::get(Type::getInt32Ty(f.getContext()),
                                  uint32_t(TrapCode::Aborted));
    return Trap{code,        f.getArg(2), f.getArg(3),
                f.getArg(4), f.getArg(0), f.getArg(1)};
  });
}
