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

static Function *declare(Module &module, StringRef prefix, unsigned bytes,
                         unsigned space, bool isLoad) {
  std::string name =
      (prefix + Twine(bytes) + (space == 0 ? "_generic" : "")).str();
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

Function *twc::getByteLoad(Module &module, unsigned bytes, unsigned space) {
  return declare(module, loadPrefix, bytes, space, true);
}

Function *twc::getByteStore(Module &module, unsigned bytes, unsigned space) {
  return declare(module, storePrefix, bytes, space, false);
}

static void defineLoad(Function *f) {
  Type *result = f->getReturnType();
  IRBuilder<> b(BasicBlock::Create(f->getContext(), "entry", f));
  auto loadNumber = [&](Type *type, unsigned first) {
    Value *value = ConstantInt::get(type, 0);
    for (unsigned i = 0; i < type->getIntegerBitWidth() / 8; ++i) {
      Value *at = b.CreateConstGEP1_64(b.getInt8Ty(), f->getArg(0), first + i);
      Value *byte = b.CreateZExt(
          b.CreateAlignedLoad(b.getInt8Ty(), at, Align(1)), type);
      value = b.CreateOr(value, b.CreateShl(byte, 8 * i));
    }
    return value;
  };
  if (!result->isVectorTy()) {
    b.CreateRet(loadNumber(result, 0));
    return;
  }
  Value *vector = PoisonValue::get(result);
  for (unsigned i = 0; i < 4; ++i)
    vector = b.CreateInsertElement(vector, loadNumber(b.getInt32Ty(), 4 * i),
                                   uint64_t(i));
  b.CreateRet(vector);
}

static void defineStore(Function *f) {
  IRBuilder<> b(BasicBlock::Create(f->getContext(), "entry", f));
  Type *type = f->getArg(1)->getType();
  unsigned bytes = type->getPrimitiveSizeInBits() / 8;
  for (unsigned i = 0; i < bytes; ++i) {
    Value *number = f->getArg(1);
    unsigned shift = 8 * i;
    if (type->isVectorTy()) {
      number = b.CreateExtractElement(number, uint64_t(i / 4));
      shift = 8 * (i % 4);
    }
    Value *byte = b.CreateTrunc(b.CreateLShr(number, shift), b.getInt8Ty());
    Value *at = b.CreateConstGEP1_64(b.getInt8Ty(), f->getArg(0), i);
    b.CreateAlignedStore(byte, at, Align(1));
  }
  b.CreateRetVoid();
}

bool twc::defineByteAccesses(Module &module) {
  bool any = false;
  for (Function &f : module) {
    bool isLoad = f.getName().starts_with(loadPrefix);
    if (!f.isDeclaration() ||
        (!isLoad && !f.getName().starts_with(storePrefix)))
      continue;
    f.setLinkage(GlobalValue::InternalLinkage);
    if (isLoad)
      defineLoad(&f);
    else
      defineStore(&f);
    any = true;
  }
  return any;
}
