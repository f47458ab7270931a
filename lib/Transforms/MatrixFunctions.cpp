//===- MatrixFunctions.cpp - products of fragments ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `wmma.mma` names the layouts of its operands (PTX ISA, "wmma.mma"), which are
// values here: a branch to one of four, that is none where LLVM knows them.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/Module.h"

using namespace llvm;

/// { 8 floats } (i32 layoutA, i32 layoutB, registers of A, B, C)
static void build(Function &f, StringRef element) {
  std::string geometry = element == "tf32" ? "m16n16k8" : "m16n16k16";
  std::string types = element == "f16" ? "f32.f32" : element.str();
  IRBuilder<> b(BasicBlock::Create(f.getContext(), "entry", &f));
  Value *layout = b.CreateOr(b.CreateShl(f.getArg(0), 1), f.getArg(1));
  SmallVector<Value *> registers;
  for (Argument &argument : drop_begin(f.args(), 2))
    registers.push_back(&argument);
  BasicBlock *other = BasicBlock::Create(f.getContext(), "other", &f);
  SwitchInst *choice = b.CreateSwitch(layout, other, 4);
  b.SetInsertPoint(other);
  b.CreateUnreachable();
  const char *const names[] = {"row.row", "row.col", "col.row", "col.col"};
  for (auto [i, name] : enumerate(names)) {
    Intrinsic::ID id = Intrinsic::lookupIntrinsicID(
        "llvm.nvvm.wmma." + geometry + ".mma." + name + "." + types);
    assert(id != Intrinsic::not_intrinsic && "no such wmma");
    auto *block = BasicBlock::Create(f.getContext(), name, &f);
    choice->addCase(b.getInt32(i), block);
    b.SetInsertPoint(block);
    CallInst *call = b.CreateIntrinsic(id, registers);
    call->setConvergent();
    b.CreateRet(call);
  }
}

void twc::defineMatrixFunctions(Module &module) {
  bool any = false;
  for (Function &f : module) {
    StringRef name = f.getName();
    any |= name.starts_with("llvm.nvvm.wmma.");
    if (!name.consume_front(runtime::matrixMma) || !f.isDeclaration())
      continue;
    any = true;
    build(f, name);
    f.setLinkage(GlobalValue::InternalLinkage);
    f.setConvergent();
    f.setDoesNotThrow();
    f.addFnAttr(Attribute::AlwaysInline);
  }
  if (!any)
    return;
  // All lanes come to it, which LLVM's declarations do not say.
  for (Function &f : module)
    for (Instruction &i : instructions(f))
      if (auto *call = dyn_cast<CallBase>(&i))
        if (Function *callee = call->getCalledFunction())
          if (callee->getName().starts_with("llvm.nvvm.wmma.") ||
              callee->getName().starts_with(runtime::matrixMma)) {
            call->setConvergent();
            f.setConvergent();
            // A fragment in a register, not in local memory.
            if (f.hasLocalLinkage() && !f.hasFnAttribute(Attribute::NoInline))
              f.addFnAttr(Attribute::AlwaysInline);
          }
}

std::string twc::findMissingMatrixUnit(const Module &module, unsigned cc) {
  if (cc >= 80)
    return {};
  for (const Function &f : module)
    if (f.getName().starts_with("llvm.nvvm.wmma.") ||
        f.getName().starts_with(runtime::matrixMma))
      for (StringRef element : {"bf16", "tf32"})
        if (f.getName().contains(element))
          return element.str();
  return {};
}
