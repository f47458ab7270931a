//===- WindowFunctions.cpp - accesses that were not where expected --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An access of a function with shared memory tries one place inline; these
// functions find every other (lib/Conversion's SharedWindow.cpp). They are
// exact: a range that does not lie in one place as a whole traps.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "Format/KernelABI.h"
#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using twc::twasm::TrapCode;

static bool isWindowFunction(const Function &f) {
  return f.getName() == twc::runtime::windowAddress;
}

namespace {

/// Writes one function; `first` is its first argument of WINDOW
/// (RuntimeCalls.h).
class WindowBuilder {
public:
  WindowBuilder(Function &f, unsigned first)
      : f(f), b(BasicBlock::Create(f.getContext(), "entry", &f)),
        base(f.getArg(first)), size(f.getArg(first + 1)),
        shared(f.getArg(first + 2)), sharedBytes(f.getArg(first + 3)),
        stack(f.getArg(first + 4)), low(f.getArg(first + 5)),
        top(f.getArg(first + 6)), rt(f.getArg(first + 7)),
        function(f.getArg(first + 8)), at(f.getArg(first + 9)) {}

  void buildAddress() {
    Value *start = f.getArg(0), *bytes = f.getArg(1);
    BasicBlock *none = block("none"), *some = block("some");
    b.CreateCondBr(b.CreateICmpEQ(bytes, b.getInt64(0)), none, some);
    // No bytes at all are nowhere: any address does.
    b.SetInsertPoint(none);
    b.CreateRet(b.CreateAddrSpaceCast(base, b.getPtrTy()));
    b.SetInsertPoint(some);
    b.CreateRet(find(start, bytes));
  }

private:
  BasicBlock *block(const Twine &name) {
    return BasicBlock::Create(f.getContext(), name, &f);
  }

  void trapIf(Value *condition, TrapCode code) {
    BasicBlock *leave = block("trap"), *go = block("go");
    b.CreateCondBr(condition, leave, go);
    b.SetInsertPoint(leave);
    Type *i32 = b.getInt32Ty();
    FunctionCallee trap = f.getParent()->getOrInsertFunction(
        twc::runtime::trap, b.getVoidTy(), i32, b.getPtrTy(), i32, i32);
    b.CreateCall(trap, {b.getInt32(uint32_t(code)), rt, function, at})
        ->setDoesNotReturn();
    b.CreateUnreachable();
    b.SetInsertPoint(go);
  }

  /// The generic address of a range of at least one byte.
  Value *find(Value *start, Value *bytes) {
    Type *i8 = b.getInt8Ty();
    Value *sharedBase = b.getInt64(twrun::abi::sharedBase);
    BasicBlock *inShared = block("shared"), *outside = block("outside"),
               *onStack = block("stack"), *inMemory = block("memory"),
               *found = block("found");
    Value *distance = b.CreateSub(start, sharedBase);
    b.CreateCondBr(b.CreateICmpULT(distance, sharedBytes), inShared, outside);
    PHINode *address = PHINode::Create(b.getPtrTy(), 3, "", found);
    auto finish = [&](Value *pointer) {
      address->addIncoming(b.CreateAddrSpaceCast(pointer, b.getPtrTy()),
                           b.GetInsertBlock());
      b.CreateBr(found);
    };

    b.SetInsertPoint(inShared);
    trapIf(b.CreateICmpUGT(bytes, b.CreateSub(sharedBytes, distance)),
           TrapCode::OutOfBoundsMemory);
    finish(b.CreateGEP(i8, shared, distance));

    b.SetInsertPoint(outside);
    b.CreateCondBr(b.CreateICmpULT(start, top), onStack, inMemory);

    b.SetInsertPoint(onStack);
    trapIf(b.CreateICmpULT(start, low), TrapCode::CallStackExhausted);
    trapIf(b.CreateICmpUGT(bytes, b.CreateSub(top, start)),
           TrapCode::OutOfBoundsMemory);
    finish(b.CreateGEP(i8, stack, b.CreateSub(start, low)));

    b.SetInsertPoint(inMemory);
    // Begins below shared memory, which is there, and ends in it.
    Value *reaches = b.CreateAnd(
        b.CreateICmpULT(start, sharedBase),
        b.CreateAnd(b.CreateICmpUGT(bytes, b.CreateSub(sharedBase, start)),
                    b.CreateICmpNE(sharedBytes, b.getInt64(0))));
    trapIf(reaches, TrapCode::OutOfBoundsMemory);
    trapIf(b.CreateOr(b.CreateICmpUGT(start, size),
                      b.CreateICmpUGT(bytes, b.CreateSub(size, start))),
           TrapCode::OutOfBoundsMemory);
    finish(b.CreateGEP(i8, base, start));

    b.SetInsertPoint(found);
    return address;
  }

  Function &f;
  IRBuilder<> b;
  Value *base, *size, *shared, *sharedBytes, *stack, *low, *top, *rt, *function,
      *at;
};

} // namespace

void twc::annotateWindowFunctions(Module &module) {
  for (Function &f : module) {
    if (!isWindowFunction(f))
      continue;
    f.setDoesNotThrow();
    f.addFnAttr(Attribute::NoRecurse);
    f.addFnAttr(Attribute::NoInline);
    f.addFnAttr(Attribute::Cold);
    // They may trap, which is seen as a guard's trap is (ExpandGuards.cpp).
    f.setMemoryEffects(MemoryEffects::readOnly() |
                       MemoryEffects::inaccessibleMemOnly());
  }
}

void twc::defineWindowFunctions(Module &module) {
  SmallVector<Function *> functions;
  for (Function &f : module)
    if (isWindowFunction(f) && f.isDeclaration())
      functions.push_back(&f);
  for (Function *f : functions) {
    f->setLinkage(GlobalValue::InternalLinkage);
    f->addFnAttr("no-builtins");
    // What was said of it does not hold for the trap.
    f->removeFnAttr(Attribute::Memory);
    for (User *user : f->users())
      if (auto *call = dyn_cast<CallInst>(user))
        call->getFunction()->removeFnAttr(Attribute::Memory);
    WindowBuilder(*f, 2).buildAddress();
  }
}
