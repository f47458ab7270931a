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

#include "ByteAccess.h"
#include "Outlined.h"

#include "twc/Transforms/Passes.h"

#include "Format/KernelABI.h"
#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using twc::twasm::TrapCode;

static bool isWindowFunction(const Function &f) {
  StringRef name = f.getName();
  return name == twc::runtime::windowAddress ||
         name.starts_with(twc::runtime::windowLoad) ||
         name.starts_with(twc::runtime::windowStore);
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

  void buildLoad() {
    Type *type = f.getReturnType();
    unsigned bytes = type->getPrimitiveSizeInBits() / 8;
    Value *address = find(f.getArg(0), b.getInt64(bytes));
    b.CreateRet(isPTX() ? twc::createSeldomLoad(b, type, address)
                        : b.CreateAlignedLoad(type, address, Align(1)));
  }

  void buildStore() {
    Value *value = f.getArg(1);
    unsigned bytes = value->getType()->getPrimitiveSizeInBits() / 8;
    Value *address = find(f.getArg(0), b.getInt64(bytes));
    if (isPTX())
      twc::createSeldomStore(b, value, address);
    else
      b.CreateAlignedStore(value, address, Align(1));
    b.CreateRetVoid();
  }

private:
  bool isPTX() { return f.getParent()->getTargetTriple().isNVPTX(); }
  BasicBlock *block(const Twine &name) {
    return BasicBlock::Create(f.getContext(), name, &f);
  }

  void trapIf(Value *condition, TrapCode code) {
    twc::trapIf(b, condition, code, rt, function, at);
  }

  /// The generic address of a range of at least one byte and at most 2^32, which
  /// begins below 2^33.
  Value *find(Value *start, Value *bytes) {
    Type *i8 = b.getInt8Ty();
    Value *sharedBase = b.getInt64(twrun::abi::sharedBase);
    Value *end = b.CreateAdd(start, bytes, "", true, true);
    Value *distance = b.CreateSub(start, sharedBase);
    Value *inShared = b.CreateICmpULT(distance, sharedBytes);
    Value *onStack = b.CreateAnd(b.CreateNot(inShared),
                                 b.CreateICmpULT(start, top));
    trapIf(b.CreateAnd(onStack, b.CreateICmpULT(start, low)),
           TrapCode::CallStackExhausted);

    Value *limit = b.CreateSelect(
        inShared, b.CreateAdd(sharedBytes, sharedBase),
        b.CreateSelect(onStack, top, size));
    // In linear memory, below shared memory which is there, but not as a whole.
    Value *reaches = b.CreateAnd(
        b.CreateAnd(b.CreateICmpULT(start, sharedBase),
                    b.CreateICmpUGT(end, sharedBase)),
        b.CreateAnd(b.CreateICmpNE(sharedBytes, b.getInt64(0)),
                    b.CreateNot(onStack)));
    trapIf(b.CreateOr(b.CreateICmpUGT(end, limit), reaches),
           TrapCode::OutOfBoundsMemory);

    auto generic = [&](Value *pointer, Value *offset) {
      return b.CreateAddrSpaceCast(b.CreateGEP(i8, pointer, offset),
                                   b.getPtrTy());
    };
    return b.CreateSelect(
        inShared, generic(shared, distance),
        b.CreateSelect(onStack, generic(stack, b.CreateSub(start, low)),
                       generic(base, start)));
  }

  Function &f;
  IRBuilder<> b;
  Value *base, *size, *shared, *sharedBytes, *stack, *low, *top, *rt, *function,
      *at;
};

} // namespace

void twc::annotateWindowFunctions(Module &module) {
  for (Function &f : module)
    if (isWindowFunction(f))
      annotateOutlined(f, f.getName().starts_with(runtime::windowStore));
}

void twc::defineWindowFunctions(Module &module) {
  SmallVector<Function *> functions;
  for (Function &f : module)
    if (isWindowFunction(f) && f.isDeclaration())
      functions.push_back(&f);
  for (Function *f : functions) {
    beginOutlined(*f);
    if (f->getName() == runtime::windowAddress)
      WindowBuilder(*f, 2).buildAddress();
    else if (f->getName().starts_with(runtime::windowLoad))
      WindowBuilder(*f, 1).buildLoad();
    else
      WindowBuilder(*f, 2).buildStore();
  }
}
