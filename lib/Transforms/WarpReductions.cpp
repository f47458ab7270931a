//===- WarpReductions.cpp - reductions over lanes -------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which lanes take part is what `vote.sync.ballot` says: lanes that have
// exited, and those that the last warp of a block lacks, do not vote. Integers
// of 32 bits, whose order cannot be seen, take `redux.sync` where there is one
// (sm_80 on; PTX ISA, "redux.sync").
//
//===----------------------------------------------------------------------===//

#include "ReductionBuilder.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;
using namespace twc;

static constexpr unsigned warpSize = 32;

Value *ReductionBuilder::combine(Value *x, Value *y) {
  if (op == "add")
    return type->isFloatingPointTy() ? b.CreateFAdd(x, y) : b.CreateAdd(x, y);
  if (op == "and")
    return b.CreateAnd(x, y);
  if (op == "or")
    return b.CreateOr(x, y);
  if (op == "xor")
    return b.CreateXor(x, y);
  Intrinsic::ID id = StringSwitch<Intrinsic::ID>(op)
                         .Case("min_s", Intrinsic::smin)
                         .Case("min_u", Intrinsic::umin)
                         .Case("max_s", Intrinsic::smax)
                         .Case("max_u", Intrinsic::umax)
                         .Case("min", Intrinsic::minimum)
                         .Case("max", Intrinsic::maximum);
  return b.CreateBinaryIntrinsic(id, x, y);
}

Constant *ReductionBuilder::identity() const {
  if (type->isFloatingPointTy())
    return op == "add" ? ConstantFP::getNegativeZero(type)
                       : ConstantFP::getInfinity(type, op == "max");
  unsigned width = type->getIntegerBitWidth();
  APInt bits = StringSwitch<APInt>(op)
                   .Cases({"and", "min_u"}, APInt::getAllOnes(width))
                   .Case("min_s", APInt::getSignedMaxValue(width))
                   .Case("max_s", APInt::getSignedMinValue(width))
                   .Default(APInt::getZero(width)); // add, or, xor, max_u
  return ConstantInt::get(type, bits);
}

Intrinsic::ID ReductionBuilder::redux() const {
  if (!hasRedux || !type->isIntegerTy(32))
    return Intrinsic::not_intrinsic;
  return StringSwitch<Intrinsic::ID>(op)
      .Case("add", Intrinsic::nvvm_redux_sync_add)
      .Case("min_s", Intrinsic::nvvm_redux_sync_min)
      .Case("min_u", Intrinsic::nvvm_redux_sync_umin)
      .Case("max_s", Intrinsic::nvvm_redux_sync_max)
      .Case("max_u", Intrinsic::nvvm_redux_sync_umax)
      .Case("and", Intrinsic::nvvm_redux_sync_and)
      .Case("or", Intrinsic::nvvm_redux_sync_or)
      .Case("xor", Intrinsic::nvvm_redux_sync_xor);
}

Value *ReductionBuilder::shuffle(Value *mask, Value *value, Value *lane,
                                 bool isXor) {
  Intrinsic::ID id = isXor ? Intrinsic::nvvm_shfl_sync_bfly_i32
                           : Intrinsic::nvvm_shfl_sync_idx_i32;
  auto move = [&](Value *word) {
    return call(id, {mask, word, lane, b.getInt32(warpSize - 1)});
  };
  unsigned width = type->getPrimitiveSizeInBits();
  Type *bitsType = b.getIntNTy(width);
  Value *bits = b.CreateBitCast(value, bitsType);
  if (width == 32)
    return b.CreateBitCast(move(bits), type);
  Value *low = move(b.CreateTrunc(bits, i32));
  Value *high = move(b.CreateTrunc(b.CreateLShr(bits, 32), i32));
  bits = b.CreateOr(b.CreateZExt(low, bitsType),
                    b.CreateShl(b.CreateZExt(high, bitsType), 32));
  return b.CreateBitCast(bits, type);
}

Value *ReductionBuilder::fold(Value *set,
                              function_ref<Value *(Value *bit)> get) {
  auto lowest = [&](Value *bits) {
    return b.CreateBinaryIntrinsic(Intrinsic::cttz, bits, b.getTrue());
  };
  auto withoutLowest = [&](Value *bits) {
    return b.CreateAnd(bits, b.CreateSub(bits, b.getInt32(1)));
  };
  Value *first = get(lowest(set)), *others = withoutLowest(set);
  BasicBlock *before = b.GetInsertBlock();
  BasicBlock *head = block("head"), *step = block("step"),
             *after = block("after");
  b.CreateBr(head);
  b.SetInsertPoint(head);
  PHINode *result = b.CreatePHI(type, 2), *rest = b.CreatePHI(i32, 2);
  result->addIncoming(first, before);
  rest->addIncoming(others, before);
  b.CreateCondBr(b.CreateICmpEQ(rest, b.getInt32(0)), after, step);
  b.SetInsertPoint(step);
  Value *next = combine(result, get(lowest(rest)));
  Value *left = withoutLowest(rest);
  result->addIncoming(next, b.GetInsertBlock());
  rest->addIncoming(left, b.GetInsertBlock());
  b.CreateBr(head);
  b.SetInsertPoint(after);
  return result;
}

Value *ReductionBuilder::reduceLanes(Value *lanes, Value *value) {
  if (Intrinsic::ID id = redux(); id != Intrinsic::not_intrinsic)
    return call(id, {value, lanes});
  BasicBlock *full = block("full"), *partial = block("partial"),
             *reduced = block("reduced");
  Value *all = b.getInt32(UINT32_MAX);
  b.CreateCondBr(b.CreateICmpEQ(lanes, all), full, partial);

  b.SetInsertPoint(full);
  Value *ofAll = value;
  for (unsigned distance = warpSize / 2; distance; distance /= 2)
    ofAll = combine(ofAll, shuffle(all, ofAll, b.getInt32(distance), true));
  b.CreateBr(reduced);

  b.SetInsertPoint(partial);
  Value *ofSome = fold(
      lanes, [&](Value *lane) { return shuffle(lanes, value, lane, false); });
  BasicBlock *end = b.GetInsertBlock();
  b.CreateBr(reduced);

  b.SetInsertPoint(reduced);
  PHINode *result = b.CreatePHI(type, 2);
  result->addIncoming(ofAll, full);
  result->addIncoming(ofSome, end);
  return result;
}

/// T (i32 mask, T value)
void ReductionBuilder::buildWarp() {
  Value *lanes = f.getArg(0);
  if (redux() == Intrinsic::not_intrinsic)
    lanes = call(Intrinsic::nvvm_vote_ballot_sync, {lanes, b.getTrue()});
  b.CreateRet(reduceLanes(lanes, f.getArg(1)));
}
