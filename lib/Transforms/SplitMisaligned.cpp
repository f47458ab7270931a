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

#include "ByteAccess.h"

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
static constexpr unsigned sharedSpace = 3;

/// `address` is not a multiple of `bytes`.
static Value *isMisaligned(IRBuilder<> &b, Value *address, unsigned bytes) {
  Value *bits = b.CreatePtrToInt(address, b.getInt64Ty());
  Value *low = b.CreateAnd(bits, bytes - 1);
  return b.CreateICmpNE(low, b.getInt64(0), "misaligned");
}

/// The helpers know linear memory and generic addresses.
static unsigned spaceOf(Value *address) {
  unsigned space = address->getType()->getPointerAddressSpace();
  return space == sharedSpace ? genericSpace : space;
}
static Value *forHelper(IRBuilder<> &b, Value *address) {
  return b.CreateAddrSpaceCast(address, b.getPtrTy(spaceOf(address)));
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
  Value *assembled = b.CreateCall(
      twc::getByteLoad(*load->getModule(), bytes, spaceOf(address)),
      {forHelper(b, address)});
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
                                twc::getBytesType(b.getContext(), bytes));
  b.CreateCall(
      twc::getByteStore(*store->getModule(), bytes, spaceOf(address)),
      {forHelper(b, address), bits});
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
        if ((space != guestSpace && space != genericSpace &&
             space != sharedSpace) ||
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
  bool defined = defineByteAccesses(module);
  return accesses.empty() && replaced.empty() && !defined
             ? PreservedAnalyses::all()
             : PreservedAnalyses::none();
}
