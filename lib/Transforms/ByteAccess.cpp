//===- ByteAccess.cpp - accesses one byte at a time -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ByteAccess.h"

#include "llvm/IR/IRBuilder.h"

using namespace llvm;

static constexpr StringLiteral loadPrefix = "__tw_load_bytes_";
static constexpr StringLiteral storePrefix = "__tw_store_bytes_";

Type *twc::getBytesType(LLVMContext &context, unsigned bytes) {
  if (bytes == 16)
    return FixedVectorType::get(Type::getInt32Ty(context), 4);
  return IntegerType::get(context, 8 * bytes);
}

static constexpr StringLiteral seldomSuffix = "_seldom";

static Function *declare(Module &module, StringRef prefix, unsigned bytes,
                         unsigned space, bool isLoad, bool seldom) {
  std::string name = (prefix + Twine(bytes) + (space == 0 ? "_generic" : "") +
                      (seldom ? seldomSuffix : ""))
                         .str();
  if (Function *f = module.getFunction(name))
    return f;
  LLVMContext &context = module.getContext();
  Type *value = twc::getBytesType(context, bytes);
  auto *pointer = PointerType::get(context, space);
  auto *type = isLoad ? FunctionType::get(value, {pointer}, false)
                      : FunctionType::get(Type::getVoidTy(context),
                                          {pointer, value}, false);
  auto *f = Function::Create(type, GlobalValue::ExternalLinkage, name, module);
  f->addFnAttr(Attribute::NoInline);
  f->addFnAttr(Attribute::Cold);
  f->addFnAttr(Attribute::WillReturn);
  f->setDoesNotThrow();
  f->setMemoryEffects(MemoryEffects::argMemOnly(isLoad ? ModRefInfo::Ref
                                                       : ModRefInfo::Mod));
  return f;
}

Function *twc::getByteLoad(Module &module, unsigned bytes, unsigned space,
                           bool seldom) {
  return declare(module, loadPrefix, bytes, space, true, seldom);
}

Function *twc::getByteStore(Module &module, unsigned bytes, unsigned space,
                            bool seldom) {
  return declare(module, storePrefix, bytes, space, false, seldom);
}

/// The bytes from start + first on as a number of `bits` bits.
static Value *loadNumber(IRBuilderBase &b, Value *start, unsigned bits,
                         unsigned first) {
  Type *type = b.getIntNTy(bits);
  Value *value = ConstantInt::get(type, 0);
  for (unsigned i = 0; i < bits / 8; ++i) {
    Value *at = b.CreateConstGEP1_64(b.getInt8Ty(), start, first + i);
    Value *byte =
        b.CreateZExt(b.CreateAlignedLoad(b.getInt8Ty(), at, Align(1)), type);
    value = b.CreateOr(value, b.CreateShl(byte, 8 * i));
  }
  return value;
}

static void storeNumber(IRBuilderBase &b, Value *start, Value *number,
                        unsigned first) {
  for (unsigned i = 0; i < number->getType()->getIntegerBitWidth() / 8; ++i) {
    Value *byte = b.CreateTrunc(b.CreateLShr(number, 8 * i), b.getInt8Ty());
    Value *at = b.CreateConstGEP1_64(b.getInt8Ty(), start, first + i);
    b.CreateAlignedStore(byte, at, Align(1));
  }
}

static void defineLoad(Function *f) {
  Type *result = f->getReturnType();
  IRBuilder<> b(BasicBlock::Create(f->getContext(), "entry", f));
  Value *start = f->getArg(0);
  if (!result->isVectorTy()) {
    b.CreateRet(loadNumber(b, start, result->getIntegerBitWidth(), 0));
    return;
  }
  Value *vector = PoisonValue::get(result);
  for (unsigned i = 0; i < 4; ++i)
    vector = b.CreateInsertElement(vector, loadNumber(b, start, 32, 4 * i),
                                   uint64_t(i));
  b.CreateRet(vector);
}

static void defineStore(Function *f) {
  IRBuilder<> b(BasicBlock::Create(f->getContext(), "entry", f));
  Value *start = f->getArg(0), *value = f->getArg(1);
  if (!value->getType()->isVectorTy())
    storeNumber(b, start, value, 0);
  else
    for (unsigned i = 0; i < 4; ++i)
      storeNumber(b, start, b.CreateExtractElement(value, uint64_t(i)), 4 * i);
  b.CreateRetVoid();
}

/// A loop over the bytes in which `number` goes round by one byte each time.
/// `step` accesses the byte at an address; it gets the number's lowest byte and
/// returns what becomes its highest one.
static Value *
loopOverBytes(IRBuilderBase &b, Value *start, Value *number,
              function_ref<Value *(Value *address, Value *byte)> step) {
  unsigned bytes = number->getType()->getIntegerBitWidth() / 8;
  BasicBlock *entry = b.GetInsertBlock();
  Function *f = entry->getParent();
  BasicBlock *body = BasicBlock::Create(f->getContext(), "byte", f);
  BasicBlock *done = BasicBlock::Create(f->getContext(), "done", f);
  b.CreateBr(body);
  b.SetInsertPoint(body);
  PHINode *i = b.CreatePHI(b.getInt32Ty(), 2);
  PHINode *value = b.CreatePHI(number->getType(), 2);
  Value *byte = step(
      b.CreateGEP(b.getInt8Ty(), start, b.CreateZExt(i, b.getInt64Ty())),
      b.CreateTrunc(value, b.getInt8Ty()));
  Value *next =
      b.CreateOr(b.CreateLShr(value, 8),
                 b.CreateShl(b.CreateZExt(byte, number->getType()),
                             8 * (bytes - 1)));
  Value *count = b.CreateAdd(i, b.getInt32(1));
  Instruction *again =
      b.CreateCondBr(b.CreateICmpULT(count, b.getInt32(bytes)), body, done);
  i->addIncoming(b.getInt32(0), entry);
  i->addIncoming(count, body);
  value->addIncoming(number, entry);
  value->addIncoming(next, body);
  // Unrolled, it would have all its bytes in registers at once.
  LLVMContext &context = f->getContext();
  MDNode *loop = MDNode::getDistinct(
      context,
      {nullptr, MDNode::get(context, MDString::get(
                                         context, "llvm.loop.unroll.disable"))});
  loop->replaceOperandWith(0, loop);
  again->setMetadata(LLVMContext::MD_loop, loop);
  b.SetInsertPoint(done);
  return next;
}

/// Up to so many bytes code without a loop is as short.
static constexpr unsigned fewBytes = 4;

static Value *loadBytes(IRBuilderBase &b, Type *type, Value *start) {
  if (type->getPrimitiveSizeInBits() <= 8 * fewBytes)
    return b.CreateBitCast(loadNumber(b, start, type->getPrimitiveSizeInBits(),
                                      0),
                           type);
  auto *zero = ConstantInt::get(b.getIntNTy(type->getPrimitiveSizeInBits()), 0);
  Value *loaded =
      loopOverBytes(b, start, zero, [&](Value *address, Value *) -> Value * {
        return b.CreateAlignedLoad(b.getInt8Ty(), address, Align(1));
      });
  return b.CreateBitCast(loaded, type);
}

static void storeBytes(IRBuilderBase &b, Value *value, Value *start) {
  unsigned bits = value->getType()->getPrimitiveSizeInBits();
  Type *integer = b.getIntNTy(bits);
  if (bits <= 8 * fewBytes) {
    storeNumber(b, start, b.CreateBitCast(value, integer), 0);
    return;
  }
  loopOverBytes(b, start, b.CreateBitCast(value, integer),
                [&](Value *address, Value *byte) -> Value * {
                  b.CreateAlignedStore(byte, address, Align(1));
                  return byte;
                });
}

static void defineSeldomAccess(Function *f, bool isLoad) {
  IRBuilder<> b(BasicBlock::Create(f->getContext(), "entry", f));
  if (isLoad) {
    b.CreateRet(loadBytes(b, f->getReturnType(), f->getArg(0)));
  } else {
    storeBytes(b, f->getArg(1), f->getArg(0));
    b.CreateRetVoid();
  }
}

namespace {
/// Two ways at the end of a block, and where they meet.
struct Ways {
  BasicBlock *aligned, *bytewise, *done;
};
} // namespace

static Ways branchOnAlignment(IRBuilderBase &b, Value *address,
                              unsigned bytes) {
  Function *f = b.GetInsertBlock()->getParent();
  auto block = [&](const char *name) {
    return BasicBlock::Create(f->getContext(), name, f);
  };
  Ways ways{block("aligned"), block("bytewise"), block("done")};
  Value *low = b.CreateAnd(b.CreatePtrToInt(address, b.getInt64Ty()),
                           b.getInt64(bytes - 1));
  b.CreateCondBr(b.CreateICmpEQ(low, b.getInt64(0)), ways.aligned,
                 ways.bytewise);
  return ways;
}

Value *twc::createSeldomLoad(IRBuilderBase &b, Type *type, Value *address) {
  unsigned bytes = type->getPrimitiveSizeInBits() / 8;
  if (bytes == 1)
    return b.CreateAlignedLoad(type, address, Align(1));
  Ways ways = branchOnAlignment(b, address, bytes);
  b.SetInsertPoint(ways.aligned);
  Value *whole = b.CreateAlignedLoad(type, address, Align(bytes));
  b.CreateBr(ways.done);
  b.SetInsertPoint(ways.bytewise);
  Value *assembled = loadBytes(b, type, address);
  BasicBlock *assembledIn = b.GetInsertBlock();
  b.CreateBr(ways.done);
  b.SetInsertPoint(ways.done);
  PHINode *either = b.CreatePHI(type, 2);
  either->addIncoming(whole, ways.aligned);
  either->addIncoming(assembled, assembledIn);
  return either;
}

void twc::createSeldomStore(IRBuilderBase &b, Value *value, Value *address) {
  unsigned bytes = value->getType()->getPrimitiveSizeInBits() / 8;
  if (bytes == 1) {
    b.CreateAlignedStore(value, address, Align(1));
    return;
  }
  Ways ways = branchOnAlignment(b, address, bytes);
  b.SetInsertPoint(ways.aligned);
  b.CreateAlignedStore(value, address, Align(bytes));
  b.CreateBr(ways.done);
  b.SetInsertPoint(ways.bytewise);
  storeBytes(b, value, address);
  b.CreateBr(ways.done);
  b.SetInsertPoint(ways.done);
}

bool twc::defineByteAccesses(Module &module) {
  bool any = false;
  for (Function &f : module) {
    bool isLoad = f.getName().starts_with(loadPrefix);
    if (!f.isDeclaration() ||
        (!isLoad && !f.getName().starts_with(storePrefix)))
      continue;
    f.setLinkage(GlobalValue::InternalLinkage);
    if (f.getName().ends_with(seldomSuffix))
      defineSeldomAccess(&f, isLoad);
    else if (isLoad)
      defineLoad(&f);
    else
      defineStore(&f);
    any = true;
  }
  return any;
}
