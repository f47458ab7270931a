//===- BlockReductions.cpp - reductions over a block ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block's scratch is static shared memory, beside the guest's dynamic. Its
// accesses are volatile: LLVM takes a barrier for something that cannot reach a
// variable of this module. Where no thread has ended, the warps' results are
// read several at a time, and those of warps that the block does not have count
// as the operator's identity: one chain of operators, not of loads.
//
//===----------------------------------------------------------------------===//

#include "ReductionBuilder.h"

#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using namespace twc;

static constexpr unsigned maxWarps = 32;
/// Warps whose results are read at once: those of a block of 256 threads.
static constexpr unsigned atOnce = 8;

/// One 64-bit word for each warp's result, and the warps that there are.
static GlobalVariable &getScratch(Module &module) {
  constexpr StringLiteral name = "__tw_scratch";
  if (GlobalVariable *scratch = module.getGlobalVariable(name, true))
    return *scratch;
  auto *type =
      ArrayType::get(Type::getInt64Ty(module.getContext()), maxWarps + 1);
  auto *scratch = new GlobalVariable(
      module, type, /*isConstant=*/false, GlobalValue::InternalLinkage,
      PoisonValue::get(type), name, nullptr, GlobalValue::NotThreadLocal,
      /*AddressSpace=*/3);
  scratch->setAlignment(Align(16));
  return *scratch;
}

Value *ReductionBuilder::combineSlots(GlobalVariable &scratch, Value *sofar,
                                      Value *first, Value *warps) {
  unsigned bytes = type->getPrimitiveSizeInBits() / 8, inVector = 16 / bytes;
  auto *vector = FixedVectorType::get(type, inVector);
  SmallVector<Value *> read;
  for (unsigned i = 0; i < atOnce; i += inVector)
    read.push_back(b.CreateAlignedLoad(
        vector, slot(scratch, b.CreateAdd(first, b.getInt32(i))), Align(16),
        /*isVolatile=*/true));
  for (unsigned i = 0; i < atOnce; ++i) {
    Value *value = b.CreateExtractElement(read[i / inVector], i % inVector);
    Value *isThere = b.CreateICmpULT(b.CreateAdd(first, b.getInt32(i)), warps);
    // A block has a first warp.
    sofar = sofar ? combine(sofar, b.CreateSelect(isThere, value, identity()))
                  : value;
  }
  return sofar;
}

Value *ReductionBuilder::foldAll(GlobalVariable &scratch, Value *warps) {
  Value *first = combineSlots(scratch, nullptr, b.getInt32(0), warps);
  BasicBlock *before = b.GetInsertBlock();
  BasicBlock *head = block("more"), *step = block("next"),
             *after = block("all");
  b.CreateBr(head);
  b.SetInsertPoint(head);
  PHINode *result = b.CreatePHI(type, 2), *done = b.CreatePHI(i32, 2);
  result->addIncoming(first, before);
  done->addIncoming(b.getInt32(atOnce), before);
  b.CreateCondBr(b.CreateICmpULT(done, warps), step, after);
  b.SetInsertPoint(step);
  Value *next = combineSlots(scratch, result, done, warps);
  result->addIncoming(next, step);
  done->addIncoming(b.CreateAdd(done, b.getInt32(atOnce)), step);
  b.CreateBr(head);
  b.SetInsertPoint(after);
  return result;
}

/// T (T value)
void ReductionBuilder::buildBlock() {
  GlobalVariable &scratch = getScratch(*f.getParent());
  Value *zero = b.getInt32(0), *one = b.getInt32(1);
  Value *present = b.CreateGEP(b.getInt64Ty(), &scratch, b.getInt32(maxWarps));
  const Intrinsic::ID tid[] = {Intrinsic::nvvm_read_ptx_sreg_tid_x,
                               Intrinsic::nvvm_read_ptx_sreg_tid_y,
                               Intrinsic::nvvm_read_ptx_sreg_tid_z};
  const Intrinsic::ID ntid[] = {Intrinsic::nvvm_read_ptx_sreg_ntid_x,
                                Intrinsic::nvvm_read_ptx_sreg_ntid_y,
                                Intrinsic::nvvm_read_ptx_sreg_ntid_z};
  Value *thread = zero, *threads = one;
  for (int i : {2, 1, 0}) {
    Value *extent = call(ntid[i], {});
    thread = b.CreateAdd(b.CreateMul(thread, extent), call(tid[i], {}));
    threads = b.CreateMul(threads, extent);
  }
  Value *warp = b.CreateLShr(thread, 5), *lane = b.CreateAnd(thread, 31);
  // All live threads come here, so the warp's vote is of those.
  Value *lanes = call(Intrinsic::nvvm_vote_ballot_sync,
                      {b.getInt32(UINT32_MAX), b.getTrue()});
  Value *own = reduceLanes(lanes, f.getArg(0));
  Value *lower = b.CreateSub(b.CreateShl(one, lane), one);
  Value *leads = b.CreateICmpEQ(b.CreateAnd(lanes, lower), zero);

  auto barrier = [&] { call(Intrinsic::nvvm_barrier_cta_sync_all, {zero}); };
  // Nobody reads the last reduction's scratch any more. Where no thread has
  // ended, no warp is missing.
  Value *count =
      call(Intrinsic::nvvm_barrier_cta_red_popc_all, {zero, b.getTrue()});
  Value *complete = b.CreateICmpEQ(count, threads);
  BasicBlock *collect = block("collect"), *mark = block("mark"),
             *marked = block("marked"), *write = block("write"),
             *written = block("written");
  b.CreateCondBr(complete, marked, collect);

  b.SetInsertPoint(collect);
  b.CreateAlignedStore(zero, present, Align(8), /*isVolatile=*/true);
  barrier();
  b.CreateCondBr(leads, mark, marked);
  b.SetInsertPoint(mark);
  b.CreateAtomicRMW(AtomicRMWInst::Or, present, b.CreateShl(one, warp),
                    Align(8), AtomicOrdering::Monotonic)
      ->setVolatile(true);
  b.CreateBr(marked);

  b.SetInsertPoint(marked);
  b.CreateCondBr(leads, write, written);
  b.SetInsertPoint(write);
  b.CreateAlignedStore(own, slot(scratch, warp), slotAlign(), true);
  b.CreateBr(written);
  b.SetInsertPoint(written);
  barrier();
  BasicBlock *every = block("every"), *some = block("some");
  b.CreateCondBr(complete, every, some);

  b.SetInsertPoint(every);
  Value *last = b.CreateLShr(b.CreateSub(threads, one), 5);
  b.CreateRet(foldAll(scratch, b.CreateAdd(last, one)));

  b.SetInsertPoint(some);
  Value *marks = b.CreateAlignedLoad(i32, present, Align(8), true);
  b.CreateRet(fold(marks, [&](Value *index) -> Value * {
    return b.CreateAlignedLoad(type, slot(scratch, index), slotAlign(), true);
  }));
}
