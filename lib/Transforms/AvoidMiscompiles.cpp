//===- AvoidMiscompiles.cpp - workarounds for LLVM's NVPTX backend --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What NVPTX in LLVM 22.1.8, or ptxas behind it, gets wrong for us.
//
// `sext(shl nsw x, 31)` is selected as mul.wide.s32 by -2147483648, which
// yields +2^31 for x = -1. Without the flag the pattern does not match; the
// flags buy nothing this late.
//
// fneg, fabs and copysign change the sign bit and nothing else (LLVM Language
// Reference; Wasm spec 4.3.3), and LLVM turns integer operations on a float's
// bits into them. They become neg.f32 and abs.f32, whose result for a NaN is
// open (PTX ISA, "neg", "abs"): an H200 gives 0x7fffffff. So they are done on
// integers, in assembly that no fold sees through; but for a sign that nothing
// sees of a NaN, and which ptxas makes part of the arithmetic that reads it.
//
// ptxas (13.0, and the assembler in driver 580.159) negates behind the sign
// extension when a neg.s16, or a sub.s16 from 0, meets a signed comparison:
// -(-32768) becomes 32768 and compares as such. So -x is ~x + 1, which it does
// not take for a negation. abs.s16 is kept from it in the same way.
//
//===----------------------------------------------------------------------===//

#include "SeenNaNs.h"

#include "twc/Transforms/Passes.h"

#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;

/// Applies `text` to the bits of the operands of `i`, a float instruction.
static void replaceByBits(Instruction &i, ArrayRef<Value *> operands,
                          StringRef single, StringRef wide) {
  IRBuilder<> b(&i);
  bool isSingle = i.getType()->isFloatTy();
  Type *bits = isSingle ? b.getInt32Ty() : b.getInt64Ty();
  std::string constraints = isSingle ? "=r" : "=l";
  SmallVector<Value *> values;
  SmallVector<Type *> types;
  for (Value *operand : operands) {
    values.push_back(b.CreateBitCast(operand, bits));
    types.push_back(bits);
    constraints += isSingle ? ",r" : ",l";
  }
  auto *assembly =
      InlineAsm::get(FunctionType::get(bits, types, false),
                     isSingle ? single : wide, constraints, false);
  CallInst *call = b.CreateCall(assembly, values);
  call->setDoesNotAccessMemory();
  call->setDoesNotThrow();
  i.replaceAllUsesWith(b.CreateBitCast(call, i.getType()));
  i.eraseFromParent();
}

/// True if `i` was a sign operation and is replaced.
static bool replaceSignOperation(Instruction &i, const twc::SeenNaNs &nans) {
  if (!i.getType()->isFloatTy() && !i.getType()->isDoubleTy())
    return false;
  if (i.getOpcode() == Instruction::FNeg) {
    if (!nans.isSeen(i))
      return false;
    replaceByBits(i, {i.getOperand(0)}, "xor.b32 $0, $1, 0x80000000;",
                  "xor.b64 $0, $1, 0x8000000000000000;");
    return true;
  }
  auto *call = dyn_cast<IntrinsicInst>(&i);
  if (!call)
    return false;
  if (call->getIntrinsicID() == Intrinsic::fabs) {
    if (!nans.isSeen(i))
      return false;
    replaceByBits(i, {call->getArgOperand(0)}, "and.b32 $0, $1, 0x7fffffff;",
                  "and.b64 $0, $1, 0x7fffffffffffffff;");
    return true;
  }
  if (call->getIntrinsicID() == Intrinsic::copysign) {
    // lop3 table of (mask & magnitude) | (~mask & sign source): 0xe4.
    replaceByBits(i, {call->getArgOperand(0), call->getArgOperand(1)},
                  "lop3.b32 $0, $1, $2, 0x7fffffff, 0xe4;",
                  "{ .reg .b64 m, s; and.b64 m, $1, 0x7fffffffffffffff; "
                  "and.b64 s, $2, 0x8000000000000000; or.b64 $0, m, s; }");
    return true;
  }
  return false;
}

/// -x of 16 bits in a form that ptxas gets right.
static Value *negate16(IRBuilder<> &b, Value *x) {
  Type *i16 = b.getInt16Ty();
  auto *assembly = InlineAsm::get(
      FunctionType::get(i16, {i16}, false),
      "{ .reg .b16 t; not.b16 t, $1; add.s16 $0, t, 1; }", "=h,h", false);
  CallInst *call = b.CreateCall(assembly, {x});
  call->setDoesNotAccessMemory();
  call->setDoesNotThrow();
  return call;
}

/// True if `i` negated 16 bits and is replaced.
static bool replaceNegation16(Instruction &i) {
  if (!i.getType()->isIntegerTy(16))
    return false;
  IRBuilder<> b(&i);
  Value *result = nullptr;
  if (i.getOpcode() == Instruction::Sub &&
      match(i.getOperand(0), PatternMatch::m_Zero())) {
    result = negate16(b, i.getOperand(1));
  } else if (auto *call = dyn_cast<IntrinsicInst>(&i);
             call && call->getIntrinsicID() == Intrinsic::abs) {
    Value *x = call->getArgOperand(0);
    result = b.CreateBinaryIntrinsic(Intrinsic::smax, x, negate16(b, x));
  } else {
    return false;
  }
  i.replaceAllUsesWith(result);
  i.eraseFromParent();
  return true;
}

PreservedAnalyses twc::AvoidMiscompiles::run(Function &function,
                                             FunctionAnalysisManager &) {
  bool changed = false;
  const SeenNaNs nans(function);
  for (Instruction &i : make_early_inc_range(instructions(function))) {
    if (replaceSignOperation(i, nans) || replaceNegation16(i)) {
      changed = true;
    } else if (i.getOpcode() == Instruction::Shl &&
               (i.hasNoSignedWrap() || i.hasNoUnsignedWrap())) {
      i.setHasNoSignedWrap(false);
      i.setHasNoUnsignedWrap(false);
      changed = true;
    }
  }
  if (!changed)
    return PreservedAnalyses::all();
  PreservedAnalyses preserved;
  preserved.preserveSet<CFGAnalyses>();
  return preserved;
}
