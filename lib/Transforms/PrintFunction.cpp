//===- PrintFunction.cpp - records what a guest prints --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread takes a record by an atomic add and fills it (KernelABI.h,
// PrintBuffer); nobody reads it before the launch has ended. The number of the
// record only grows, so one that is beyond the capacity stays there.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "Format/KernelABI.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using twrun::abi::HostThread;
using twrun::abi::PrintBuffer;
using twrun::abi::PrintRecord;

namespace {
class PrintBuilder {
public:
  PrintBuilder(Function &f, bool forPTX)
      : f(f), forPTX(forPTX), b(f.getContext()) {}
  void build();

private:
  BasicBlock *block(const Twine &name) {
    return BasicBlock::Create(f.getContext(), name, &f);
  }
  Value *at(Value *base, uint64_t offset) {
    return b.CreateConstGEP1_64(b.getInt8Ty(), base, offset);
  }
  void store(Value *value, Value *record, uint64_t offset) {
    b.CreateAlignedStore(value, at(record, offset), Align(4));
  }
  void storePlace(Value *record);
  /// The record's arguments, byte by byte: they may begin at any address.
  void copyArguments(Value *record);

  Function &f;
  bool forPTX;
  IRBuilder<> b;
};
} // namespace

void PrintBuilder::storePlace(Value *record) {
  const Intrinsic::ID blocks[] = {Intrinsic::nvvm_read_ptx_sreg_ctaid_x,
                                  Intrinsic::nvvm_read_ptx_sreg_ctaid_y,
                                  Intrinsic::nvvm_read_ptx_sreg_ctaid_z};
  const Intrinsic::ID threads[] = {Intrinsic::nvvm_read_ptx_sreg_tid_x,
                                   Intrinsic::nvvm_read_ptx_sreg_tid_y,
                                   Intrinsic::nvvm_read_ptx_sreg_tid_z};
  auto read = [&](Intrinsic::ID id, uint64_t field) -> Value * {
    if (forPTX)
      return b.CreateIntrinsic(b.getInt32Ty(), id, {});
    return b.CreateAlignedLoad(b.getInt32Ty(), at(f.getArg(4), field),
                               Align(4));
  };
  for (unsigned i = 0; i < 3; ++i) {
    store(read(blocks[i], offsetof(HostThread, blockId) + 4 * i), record,
          offsetof(PrintRecord, block) + 4 * i);
    store(read(threads[i], offsetof(HostThread, threadId) + 4 * i), record,
          offsetof(PrintRecord, thread) + 4 * i);
  }
}

void PrintBuilder::copyArguments(Value *record) {
  Value *bytes = f.getArg(3), *zero = b.getInt64(0);
  Value *to = at(record, offsetof(PrintRecord, arguments));
  BasicBlock *before = b.GetInsertBlock();
  BasicBlock *head = block("head"), *step = block("step"),
             *after = block("after");
  b.CreateBr(head);
  b.SetInsertPoint(head);
  PHINode *position = b.CreatePHI(b.getInt64Ty(), 2);
  position->addIncoming(zero, before);
  b.CreateCondBr(b.CreateICmpULT(position, bytes), step, after);
  b.SetInsertPoint(step);
  Value *byte = b.CreateAlignedLoad(
      b.getInt8Ty(), b.CreateGEP(b.getInt8Ty(), f.getArg(2), position),
      Align(1));
  b.CreateAlignedStore(byte, b.CreateGEP(b.getInt8Ty(), to, position),
                       Align(1));
  position->addIncoming(b.CreateAdd(position, b.getInt64(1)), step);
  b.CreateBr(head);
  b.SetInsertPoint(after);
}

void PrintBuilder::build() {
  Value *buffer = f.getArg(0);
  BasicBlock *entry = block("entry"), *take = block("take"),
             *fill = block("fill"), *full = block("full");
  b.SetInsertPoint(entry);
  b.CreateCondBr(b.CreateIsNull(buffer), full, take);
  b.SetInsertPoint(full);
  b.CreateRet(b.getInt32(0));

  b.SetInsertPoint(take);
  Value *number = b.CreateAtomicRMW(
      AtomicRMWInst::Add, at(buffer, offsetof(PrintBuffer, next)),
      b.getInt64(1), Align(8), AtomicOrdering::Monotonic);
  Value *capacity = b.CreateAlignedLoad(
      b.getInt64Ty(), at(buffer, offsetof(PrintBuffer, capacity)), Align(8));
  b.CreateCondBr(b.CreateICmpULT(number, capacity), fill, full);

  b.SetInsertPoint(fill);
  Value *offset = b.CreateMul(number, b.getInt64(sizeof(PrintRecord)));
  Value *record = b.CreateGEP(b.getInt8Ty(), at(buffer, sizeof(PrintBuffer)),
                              offset);
  storePlace(record);
  store(f.getArg(5), record, offsetof(PrintRecord, memory));
  store(f.getArg(1), record, offsetof(PrintRecord, format));
  store(b.CreateTrunc(f.getArg(3), b.getInt32Ty()), record,
        offsetof(PrintRecord, argumentSize));
  copyArguments(record);
  b.CreateRet(b.getInt32(1));
}

void twc::definePrintFunction(Module &module, bool forPTX) {
  Function *f = module.getFunction(runtime::print);
  if (!f || !f->isDeclaration())
    return;
  f->setLinkage(GlobalValue::InternalLinkage);
  // Rare, and large beside what calls it.
  f->addFnAttr(Attribute::NoInline);
  f->setDoesNotThrow();
  PrintBuilder(*f, forPTX).build();
}
