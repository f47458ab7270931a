//===- ScalarizeVectors.cpp - no vector arithmetic on PTX -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A GPU thread has no vector unit, and NVPTX selects vectors of 8- and 16-bit
// lanes by rules of its own. So that it sees scalars alone, this pass
//
// 1. loads and stores vectors as what the hardware moves: integers of up to 8
//    bytes, or <4 x i32>;
// 2. takes apart what LLVM's Scalarizer leaves whole: reductions, fences and
//    extractions of a lane that is not constant (a swizzle's);
// 3. runs the Scalarizer;
// 4. makes its changes of lane width (bitcasts between a number and a vector)
//    shifts, truncations and ors.
//
// What is left of vectors are the <4 x i32> that memory and calls move.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/Analysis/VectorUtils.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Scalar/Scalarizer.h"

using namespace llvm;

/// The type in which memory moves a vector, or a 16-byte integer; null for
/// what stays as it is.
static Type *getMemoryType(const DataLayout &layout, Type *type) {
  LLVMContext &context = type->getContext();
  if (!type->isVectorTy() && !type->isIntegerTy(128))
    return nullptr;
  Type *wanted = nullptr;
  uint64_t bits = layout.getTypeSizeInBits(type);
  if (bits <= 64 && isPowerOf2_64(bits) && bits >= 8)
    wanted = IntegerType::get(context, bits);
  else if (bits == 128)
    wanted = FixedVectorType::get(Type::getInt32Ty(context), 4);
  return wanted == type ? nullptr : wanted;
}

static bool normalizeAccess(Instruction &i, const DataLayout &layout) {
  if (auto *load = dyn_cast<LoadInst>(&i)) {
    Type *wanted = getMemoryType(layout, load->getType());
    if (!wanted || !load->isSimple())
      return false;
    IRBuilder<> b(load);
    LoadInst *moved = b.CreateAlignedLoad(wanted, load->getPointerOperand(),
                                          load->getAlign());
    moved->copyMetadata(*load, {LLVMContext::MD_invariant_load,
                                LLVMContext::MD_alias_scope,
                                LLVMContext::MD_noalias});
    load->replaceAllUsesWith(b.CreateBitCast(moved, load->getType()));
    load->eraseFromParent();
    return true;
  }
  auto *store = dyn_cast<StoreInst>(&i);
  if (!store || !store->isSimple())
    return false;
  Type *wanted = getMemoryType(layout, store->getValueOperand()->getType());
  if (!wanted)
    return false;
  IRBuilder<> b(store);
  Value *moved = b.CreateBitCast(store->getValueOperand(), wanted);
  b.CreateAlignedStore(moved, store->getPointerOperand(), store->getAlign());
  store->eraseFromParent();
  return true;
}

/// All lanes of `vector` at the builder's place.
static SmallVector<Value *> getLanes(IRBuilder<> &b, Value *vector) {
  auto *type = cast<FixedVectorType>(vector->getType());
  SmallVector<Value *> lanes;
  for (unsigned i = 0; i < type->getNumElements(); ++i)
    lanes.push_back(b.CreateExtractElement(vector, uint64_t(i)));
  return lanes;
}

static bool expandIntrinsic(IntrinsicInst &call) {
  auto *type = call.arg_size()
                   ? dyn_cast<FixedVectorType>(call.getArgOperand(0)->getType())
                   : nullptr;
  if (!type)
    return false;
  IRBuilder<> b(&call);
  auto reduce = [&](auto combine) {
    SmallVector<Value *> lanes = getLanes(b, call.getArgOperand(0));
    Value *result = lanes.front();
    for (Value *lane : drop_begin(lanes))
      result = combine(result, lane);
    return result;
  };
  Value *result = nullptr;
  switch (call.getIntrinsicID()) {
  case Intrinsic::vector_reduce_and:
    result = reduce([&](Value *x, Value *y) { return b.CreateAnd(x, y); });
    break;
  case Intrinsic::vector_reduce_or:
    result = reduce([&](Value *x, Value *y) { return b.CreateOr(x, y); });
    break;
  case Intrinsic::vector_reduce_xor:
    result = reduce([&](Value *x, Value *y) { return b.CreateXor(x, y); });
    break;
  case Intrinsic::vector_reduce_add:
    result = reduce([&](Value *x, Value *y) { return b.CreateAdd(x, y); });
    break;
  case Intrinsic::arithmetic_fence: {
    result = PoisonValue::get(type);
    for (auto [i, lane] : enumerate(getLanes(b, call.getArgOperand(0)))) {
      Value *fenced = b.CreateIntrinsic(lane->getType(),
                                        Intrinsic::arithmetic_fence, {lane});
      result = b.CreateInsertElement(result, fenced, uint64_t(i));
    }
    break;
  }
  default:
    return false;
  }
  call.replaceAllUsesWith(result);
  call.eraseFromParent();
  return true;
}

/// A lane whose number is not constant, of a vector of 16 bytes: the half that
/// has it, shifted down.
static bool expandExtract(ExtractElementInst &extract) {
  auto *type = cast<VectorType>(extract.getVectorOperandType());
  unsigned bits = type->getScalarSizeInBits();
  auto *fixed = dyn_cast<FixedVectorType>(type);
  if (isa<ConstantInt>(extract.getIndexOperand()) || !fixed ||
      !type->getElementType()->isIntegerTy() || bits > 32 ||
      bits * fixed->getNumElements() != 128)
    return false;
  IRBuilder<> b(&extract);
  unsigned perHalf = 64 / bits;
  Value *halves = b.CreateBitCast(extract.getVectorOperand(),
                                  FixedVectorType::get(b.getInt64Ty(), 2));
  Value *index = b.CreateZExtOrTrunc(extract.getIndexOperand(), b.getInt32Ty());
  Value *isLow = b.CreateICmpULT(index, b.getInt32(perHalf));
  Value *half = b.CreateSelect(isLow,
                               b.CreateExtractElement(halves, uint64_t(0)),
                               b.CreateExtractElement(halves, uint64_t(1)));
  Value *shift = b.CreateMul(b.CreateAnd(index, perHalf - 1),
                             b.getInt32(bits));
  Value *lane = b.CreateLShr(half, b.CreateZExt(shift, b.getInt64Ty()));
  extract.replaceAllUsesWith(b.CreateTrunc(lane, type->getElementType()));
  extract.eraseFromParent();
  return true;
}

/// The bits of a number as an integer, and back.
static Value *toBits(IRBuilder<> &b, Value *value) {
  unsigned bits = value->getType()->getScalarSizeInBits();
  return b.CreateBitCast(value, b.getIntNTy(bits));
}

/// A number's lanes: `bitcast iN %x to <k x T>`.
static bool splitNumber(BitCastInst &cast) {
  auto *type = dyn_cast<FixedVectorType>(cast.getType());
  if (!type || cast.getSrcTy()->isVectorTy())
    return false;
  IRBuilder<> b(&cast);
  unsigned bits = type->getScalarSizeInBits();
  Value *number = toBits(b, cast.getOperand(0));
  SmallVector<Value *> lanes(type->getNumElements());
  auto laneAt = [&](unsigned i) {
    if (!lanes[i]) {
      Value *low = b.CreateLShr(number, uint64_t(i) * bits);
      lanes[i] = b.CreateBitCast(b.CreateTrunc(low, b.getIntNTy(bits)),
                                 type->getElementType());
    }
    return lanes[i];
  };
  for (User *user : make_early_inc_range(cast.users())) {
    auto *extract = dyn_cast<ExtractElementInst>(user);
    auto *index = extract ? dyn_cast<ConstantInt>(extract->getIndexOperand())
                          : nullptr;
    if (!index || index->getValue().uge(lanes.size()))
      continue;
    extract->replaceAllUsesWith(laneAt(index->getZExtValue()));
    extract->eraseFromParent();
  }
  if (!cast.use_empty()) {
    Value *whole = PoisonValue::get(type);
    for (unsigned i = 0; i < lanes.size(); ++i)
      whole = b.CreateInsertElement(whole, laneAt(i), uint64_t(i));
    cast.replaceAllUsesWith(whole);
  }
  cast.eraseFromParent();
  return true;
}

/// A number of lanes: `bitcast <k x T> %v to iN`.
static bool joinLanes(BitCastInst &cast) {
  auto *type = dyn_cast<FixedVectorType>(cast.getSrcTy());
  if (!type || cast.getDestTy()->isVectorTy())
    return false;
  IRBuilder<> b(&cast);
  unsigned bits = type->getScalarSizeInBits();
  Type *whole = b.getIntNTy(bits * type->getNumElements());
  Value *number = nullptr;
  for (unsigned i = 0; i < type->getNumElements(); ++i) {
    Value *lane = findScalarElement(cast.getOperand(0), i);
    if (!lane)
      lane = b.CreateExtractElement(cast.getOperand(0), uint64_t(i));
    Value *part = b.CreateShl(b.CreateZExt(toBits(b, lane), whole),
                              uint64_t(i) * bits);
    number = number ? b.CreateOr(number, part) : part;
  }
  cast.replaceAllUsesWith(b.CreateBitCast(number, cast.getDestTy()));
  cast.eraseFromParent();
  return true;
}

PreservedAnalyses twc::ScalarizeVectors::run(Function &function,
                                             FunctionAnalysisManager &manager) {
  bool hasVectors = any_of(instructions(function), [](Instruction &i) {
    return i.getType()->isVectorTy() ||
           any_of(i.operands(),
                  [](Use &use) { return use->getType()->isVectorTy(); });
  });
  if (!hasVectors)
    return PreservedAnalyses::all();

  const DataLayout &layout = function.getDataLayout();
  for (Instruction &i : make_early_inc_range(instructions(function))) {
    if (normalizeAccess(i, layout))
      continue;
    if (auto *call = dyn_cast<IntrinsicInst>(&i))
      expandIntrinsic(*call);
    else if (auto *extract = dyn_cast<ExtractElementInst>(&i))
      expandExtract(*extract);
  }
  manager.invalidate(function, PreservedAnalyses::none());

  ScalarizerPassOptions options;
  options.ScalarizeLoadStore = false;
  ScalarizerPass(options).run(function, manager);

  SmallVector<WeakVH> casts;
  for (Instruction &i : instructions(function))
    if (isa<BitCastInst>(i))
      casts.push_back(&i);
  for (WeakVH &handle : casts)
    if (auto *cast = dyn_cast_or_null<BitCastInst>(handle))
      if (!splitNumber(*cast))
        joinLanes(*cast);
  // Constants that the Scalarizer has cast are still expressions.
  for (Instruction &i : instructions(function))
    for (Use &use : i.operands())
      if (auto *constant = dyn_cast<Constant>(use))
        if (isa<ConstantExpr, ConstantVector>(constant))
          use.set(ConstantFoldConstant(constant, layout));
  return PreservedAnalyses::none();
}
