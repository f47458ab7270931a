//===- SplitMisaligned.cpp - misaligned accesses on PTX -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm's alignment immediate is only a hint; a GPU faults on a misaligned
// access. Each guest access whose alignment is not proven branches on its
// address: aligned, one instruction; misaligned, an outlined byte-wise copy.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

/// Address space of linear memory (lib/Conversion's guestAddressSpace).
static constexpr unsigned guestSpace = 1;

/// iN @__tw_load_bytes_N(ptr): little-endian, one byte at a time.
static Function *getByteLoad(Module &module, unsigned bytes) {
  std::string name = "__tw_load_bytes_" + std::to_string(bytes);
  if (Function *f = module.getFunction(name))
    return f;
  LLVMContext &context = module.getContext();
  Type *result = IntegerType::get(context, 8 * bytes);
  auto *f = Function::Create(
      FunctionType::get(result, {PointerType::get(context, guestSpace)}, false),
      GlobalValue::InternalLinkage, name, module);
  f->addFnAttr(Attribute::NoInline);
  f->addFnAttr(Attribute::Cold);
  f->setDoesNotThrow();
  IRBuilder<> b(BasicBlock::Create(context, "entry", f));
  Value *value = ConstantInt::get(result, 0);
  for (unsigned i = 0; i < bytes; ++i) {
    Value *at = b.CreateConstGEP1_64(b.getInt8Ty(), f->getArg(0), i);
    Value *byte = b.CreateZExt(
        b.CreateAlignedLoad(b.getInt8Ty(), at, Align(1)), result);
    value = b.CreateOr(value, b.CreateShl(byte, 8 * i));
  }
  b.CreateRet(value);
  return f;
}

/// void @__tw_store_bytes_N(ptr, iN)
static Function *getByteStore(Module &module, unsigned bytes) {
  std::string name = "__tw_store_bytes_" + std::to_string(bytes);
  if (Function *f = module.getFunction(name))
    return f;
  LLVMContext &context = module.getContext();
  Type *type = IntegerType::get(context, 8 * bytes);
  auto *f = Function::Create(
      FunctionType::get(Type::getVoidTy(context),
                        {PointerType::get(context, guestSpace), type}, false),
      GlobalValue::InternalLinkage, name, module);
  f->addFnAttr(Attribute::NoInline);
  f->addFnAttr(Attribute::Cold);
  f->setDoesNotThrow();
  IRBuilder<> b(BasicBlock::Create(context, "entry", f));
  for (unsigned i = 0; i < bytes; ++i) {
    Value *byte = b.CreateTrunc(b.CreateLShr(f->getArg(1), 8 * i),
                                b.getInt8Ty());
    Value *at = b.CreateConstGEP1_64(b.getInt8Ty(), f->getArg(0), i);
    b.CreateAlignedStore(byte, at, Align(1));
  }
  b.CreateRetVoid();
  return f;
}

/// `address` is not a multiple of `bytes`.
static Value *isMisaligned(IRBuilder<> &b, Value *address, unsigned bytes) {
  Value *bits = b.CreatePtrToInt(address, b.getInt64Ty());
  Value *low = b.CreateAnd(bits, bytes - 1);
  return b.CreateICmpNE(low, b.getInt64(0), "misaligned");
}

static void splitLoad(LoadInst *load, unsigned bytes) {
  IRBuilder<> b(load);
  Value *address = load->getPointerOperand();
  MDNode *unlikely =
      MDBuilder(load->getContext()).createUnlikelyBranchWeights();
  Instruction *slow = nullptr, *fast = nullptr;
  SplitBlockAndInsertIfThenElse(isMisaligned(b, address, bytes),
                                load->getIterator(), &slow, &fast, unlikely);
  b.SetInsertPoint(slow);
  Value *assembled =
      b.CreateCall(getByteLoad(*load->getModule(), bytes), {address});
  assembled = b.CreateBitCast(assembled, load->getType());
  b.SetInsertPoint(load);
  PHINode *merged = b.CreatePHI(load->getType(), 2);
  load->replaceAllUsesWith(merged);
  load->moveBefore(fast->getIterator());
  load->setAlignment(Align(bytes));
  merged->addIncoming(assembled, slow->getParent());
  merged->addIncoming(load, fast->getParent());
}

static void splitStore(StoreInst *store, unsigned bytes) {
  IRBuilder<> b(store);
  Value *address = store->getPointerOperand();
  MDNode *unlikely =
      MDBuilder(store->getContext()).createUnlikelyBranchWeights();
  Instruction *slow = nullptr, *fast = nullptr;
  SplitBlockAndInsertIfThenElse(isMisaligned(b, address, bytes),
                                store->getIterator(), &slow, &fast, unlikely);
  b.SetInsertPoint(slow);
  Value *bits = b.CreateBitCast(store->getValueOperand(),
                                b.getIntNTy(8 * bytes));
  b.CreateCall(getByteStore(*store->getModule(), bytes), {address, bits});
  store->moveBefore(fast->getIterator());
  store->setAlignment(Align(bytes));
}

PreservedAnalyses twc::SplitMisaligned::run(Module &module,
                                            ModuleAnalysisManager &) {
  const DataLayout &layout = module.getDataLayout();
  SmallVector<Instruction *> accesses;
  for (Function &f : module)
    for (BasicBlock &block : f)
      for (Instruction &i : block) {
        auto *load = dyn_cast<LoadInst>(&i);
        auto *store = dyn_cast<StoreInst>(&i);
        if (!load && !store)
          continue;
        unsigned space = load ? load->getPointerAddressSpace()
                              : store->getPointerAddressSpace();
        uint64_t bytes = layout.getTypeStoreSize(getLoadStoreType(&i));
        if (space != guestSpace || getLoadStoreAlignment(&i).value() >= bytes)
          continue;
        // The lowering makes accesses of 1, 2, 4 and 8 bytes, and nothing
        // merges those of unknown alignment.
        if ((load ? load->isSimple() : store->isSimple()) &&
            isPowerOf2_64(bytes) && bytes <= 16 &&
            !getLoadStoreType(&i)->isPointerTy())
          accesses.push_back(&i);
        else
          module.getContext().emitError(&i, "misaligned access that cannot be "
                                            "split");
      }
  for (Instruction *i : accesses) {
    unsigned bytes = layout.getTypeStoreSize(getLoadStoreType(i));
    if (auto *load = dyn_cast<LoadInst>(i))
      splitLoad(load, bytes);
    else
      splitStore(cast<StoreInst>(i), bytes);
  }
  return accesses.empty() ? PreservedAnalyses::all()
                          : PreservedAnalyses::none();
}
