//===- Uniform.cpp - what all threads of a block agree about --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels' arguments, constants, and the sizes and number of a block; what is
// computed of these. Nothing that comes from branches.
//
//===----------------------------------------------------------------------===//

#include "Fuel.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;
using namespace twc;

static bool isOfBlock(Intrinsic::ID id) {
  switch (id) {
  case Intrinsic::nvvm_read_ptx_sreg_ctaid_x:
  case Intrinsic::nvvm_read_ptx_sreg_ctaid_y:
  case Intrinsic::nvvm_read_ptx_sreg_ctaid_z:
  case Intrinsic::nvvm_read_ptx_sreg_ntid_x:
  case Intrinsic::nvvm_read_ptx_sreg_ntid_y:
  case Intrinsic::nvvm_read_ptx_sreg_ntid_z:
  case Intrinsic::nvvm_read_ptx_sreg_nctaid_x:
  case Intrinsic::nvvm_read_ptx_sreg_nctaid_y:
  case Intrinsic::nvvm_read_ptx_sreg_nctaid_z:
    return true;
  default:
    return false;
  }
}

static bool isUniform(const Value *value, unsigned depth) {
  if (isa<Constant>(value))
    return true;
  if (auto *argument = dyn_cast<Argument>(value))
    return argument->getParent()->getCallingConv() == CallingConv::PTX_Kernel;
  auto *made = dyn_cast<Instruction>(value);
  if (!made || depth == 0)
    return false;
  if (auto *load = dyn_cast<LoadInst>(made)) {
    // A kernel's parameters are never written.
    auto *from = dyn_cast<Argument>(
        load->getPointerOperand()->stripInBoundsConstantOffsets());
    return from && from->hasByValAttr() && !load->isVolatile() &&
           from->getParent()->getCallingConv() == CallingConv::PTX_Kernel;
  }
  if (auto *call = dyn_cast<IntrinsicInst>(made)) {
    if (isOfBlock(call->getIntrinsicID()))
      return true;
    if (!isa<MinMaxIntrinsic>(call))
      return false;
    return llvm::all_of(call->args(), [&](const Use &use) {
      return isUniform(use.get(), depth - 1);
    });
  }
  if (!isa<BinaryOperator, CastInst, CmpInst, SelectInst>(made))
    return false;
  return llvm::all_of(made->operands(), [&](const Use &use) {
    return isUniform(use.get(), depth - 1);
  });
}

bool twc::isUniform(const Value *value) {
  // Long sums of this kind have no one's counts.
  constexpr unsigned deepest = 12;
  return ::isUniform(value, deepest);
}

bool twc::isUniform(const SCEV *value) {
  return !SCEVExprContains(value, [](const SCEV *part) {
    if (isa<SCEVAddRecExpr>(part))
      return true;
    auto *unknown = dyn_cast<SCEVUnknown>(part);
    return unknown && !isUniform(unknown->getValue());
  });
}

static bool meets(const BasicBlock &block) {
  return llvm::any_of(block, [](const Instruction &i) {
    auto *call = dyn_cast<CallBase>(&i);
    return call && call->isConvergent();
  });
}

bool twc::hasMeeting(iterator_range<Function::iterator> blocks) {
  return llvm::any_of(blocks, meets);
}

bool twc::hasMeeting(const Loop &loop) {
  return llvm::any_of(loop.blocks(),
                      [](const BasicBlock *block) { return meets(*block); });
}
