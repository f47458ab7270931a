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
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

/// Address space of linear memory (lib/Conversion's guestAddressSpace).
static constexpr unsigned guestSpace = 1;
/// Of addresses that may also be of the thread's own stack.
static constexpr unsigned genericSpace = 0;

/// Name of the helper for `bytes` bytes in an address space.
static std::string helperName(StringRef what, unsigned bytes, unsigned space) {
  return ("__tw_" + what + "_bytes_" + Twine(bytes) +
          (space == genericSpace ? "_generic" : ""))
      .str();
}

/// What the helpers return and take: an integer, or for 16 bytes <4 x i32>,
/// which NVPTX moves in registers.
static Type *getBytesType(LLVMContext &context, unsigned bytes) {
  if (bytes == 16)
    return FixedVectorType::get(Type::getInt32Ty(context), 4);
  return IntegerType::get(context, 8 * bytes);
}

/// iN @__tw_load_bytes_N(ptr): little-endian, one byte at a time.
static Function *getByteLoad(Module &module, unsigned bytes,
                             unsigned space) {
  std::string name = helperName("load", bytes, space);
  if (Function *f = module.getFunction(name))
    return f;
  LLVMContext &context = module.getContext();
  Type *result = getBytesType(context, bytes);
  auto *f = Function::Create(
      FunctionType::get(result, {PointerType::get(context, space)}, false),
      GlobalValue::InternalLinkage, name, module);
  f->addFnAttr(Attribute::NoInline);
  f->addFnAttr(Attribute::Cold);
  f->setDoesNotThrow();
  IRBuilder<> b(BasicBlock::Create(context, "entry", f));
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
    return f;
  }
  Value *vector = PoisonValue::get(result);
  for (unsigned i = 0; i < 4; ++i)
    vector = b.CreateInsertElement(vector, loadNumber(b.getInt32Ty(), 4 * i),
                                   uint64_t(i));
  b.CreateRet(vector);
  return f;
}

/// void @__tw_store_bytes_N(ptr, iN)
static Function *getByteStore(Module &module, unsigned bytes,
                              unsigned space) {
  std::string name = helperName("store", bytes, space);
  if (Function *f = module.getFunction(name))
    return f;
  LLVMContext &context = module.getContext();
  Type *type = getBytesType(context, bytes);
  auto *f = Function::Create(
      FunctionType::get(Type::getVoidTy(context),
                        {PointerType::get(context, space), type}, false),
      GlobalValue::InternalLinkage, name, module);
  f->addFnAttr(Attribute::NoInline);
  f->addFnAttr(Attribute::Cold);
  f->setDoesNotThrow();
  IRBuilder<> b(BasicBlock::Create(context, "entry", f));
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
      b.CreateCall(getByteLoad(*load->getModule(), bytes,
                               load->getPointerAddressSpace()), {address});
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
                                getBytesType(b.getContext(), bytes));
  b.CreateCall(getByteStore(*store->getModule(), bytes,
                            store->getPointerAddressSpace()), {address, bits});
  store->moveBefore(fast->getIterator());
  store->setAlignment(Align(bytes));
}

/// Turns a load of an odd number of lanes into one load per lane: LLVM's
/// VectorCombine shrinks a load to the lanes that shuffles use of it. False if
/// lanes are no whole bytes.
static bool splitLanes(LoadInst *load, SmallVectorImpl<LoadInst *> &lanes) {
  auto *type = dyn_cast<FixedVectorType>(load->getType());
  if (!type || !load->isSimple())
    return false;
  Type *element = type->getElementType();
  uint64_t bits = element->getPrimitiveSizeInBits();
  if (bits < 8 || bits > 64 || !isPowerOf2_64(bits))
    return false;
  IRBuilder<> b(load);
  Value *vector = PoisonValue::get(type);
  for (unsigned i = 0; i < type->getNumElements(); ++i) {
    Value *at = b.CreateConstGEP1_64(element, load->getPointerOperand(), i);
    Align align = commonAlignment(load->getAlign(), i * bits / 8);
    lanes.push_back(b.CreateAlignedLoad(element, at, align));
    vector = b.CreateInsertElement(vector, lanes.back(), uint64_t(i));
  }
  load->replaceAllUsesWith(vector);
  return true;
}

/// Says which access there is no way to split, and where it is.
static void refuse(Instruction *access) {
  std::string text;
  raw_string_ostream(text) << "misaligned access that cannot be split: "
                           << *getLoadStoreType(access) << " in "
                           << access->getFunction()->getName();
  access->getContext().emitError(access, text);
}

PreservedAnalyses twc::SplitMisaligned::run(Module &module,
                                            ModuleAnalysisManager &) {
  const DataLayout &layout = module.getDataLayout();
  SmallVector<Instruction *> accesses, replaced;
  SmallVector<LoadInst *> lanes;
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
        if ((space != guestSpace && space != genericSpace) ||
            getLoadStoreAlignment(&i).value() >= bytes)
          continue;
        // The lowering makes accesses of 1, 2, 4, 8 and 16 bytes, those of 16
        // are <4 x i32> by now, and nothing merges those of unknown alignment.
        if ((load ? load->isSimple() : store->isSimple()) &&
            isPowerOf2_64(bytes) && bytes <= 16 &&
            !getLoadStoreType(&i)->isPointerTy())
          accesses.push_back(&i);
        else if (load && splitLanes(load, lanes))
          replaced.push_back(load);
        else if (space == guestSpace) // else LLVM takes it apart, slowly
          refuse(&i);
      }
  for (Instruction *i : replaced)
    i->eraseFromParent();
  for (LoadInst *lane : lanes)
    if (lane->getAlign().value() < layout.getTypeStoreSize(lane->getType()))
      accesses.push_back(lane);
  for (Instruction *i : accesses) {
    unsigned bytes = layout.getTypeStoreSize(getLoadStoreType(i));
    if (auto *load = dyn_cast<LoadInst>(i))
      splitLoad(load, bytes);
    else
      splitStore(cast<StoreInst>(i), bytes);
  }
  return accesses.empty() && replaced.empty() ? PreservedAnalyses::all()
                                              : PreservedAnalyses::none();
}
